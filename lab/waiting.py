"""The only polling loop: look, and look again, until something holds or the time for it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from lab.ports import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waited(Generic[T]):
    """How a wait ended: whether it was met, what was seen last, how long it took on the lab's clock.

    At `not_yet` the last look began that did not find it to hold: when it came true, it was between the two.
    """

    met: bool
    seen: T
    took: timedelta
    not_yet: timedelta


def wait_until(
    look: Callable[[], T],
    holds: Callable[[T], bool],
    *,
    clock: Clock,
    within: timedelta,
    every: timedelta,
) -> Waited[T]:
    """Looks at once, then every `every`, for the last time when `within` is over."""
    began = clock.monotonic()
    not_yet = timedelta()
    while True:
        looked = timedelta(seconds=clock.monotonic() - began)
        seen = look()
        took = timedelta(seconds=clock.monotonic() - began)
        if holds(seen):
            return Waited(True, seen, took, not_yet)
        not_yet = looked
        if took >= within:
            return Waited(False, seen, took, not_yet)
        clock.sleep(min(every, within - took))
