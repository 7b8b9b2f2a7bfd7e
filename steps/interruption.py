"""What asks a run to stop, and how: like Ctrl-C, or held until the lab is put back."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, a service manager, and a terminal or line that is gone: whatever comes, the lab is put back."""


class Held:
    """What came while interruptions were held."""

    asked = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


@contextmanager
def stopped_by(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Whatever is ignored stays so: `nohup` ignores the end of the terminal."""
    heard = [number for number in STOPS if signal.getsignal(number) is not signal.SIG_IGN]
    former = {number: signal.signal(number, handler) for number in heard}
    try:
        yield
    finally:
        for number, before in former.items():
            signal.signal(number, before)


@contextmanager
def interruptions_held() -> Iterator[Held]:
    """Every request to stop waits until the lab is put back."""
    held = Held()
    with stopped_by(held):
        yield held
