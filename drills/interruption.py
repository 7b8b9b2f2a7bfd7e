"""What asks a run to stop, and when it is heeded: while a step runs, at once; at any other time, in its turn."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType
from typing import Any

from words import Told

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""Ctrl-C, a service manager, and a terminal or line that is gone: whichever comes, the lab is restored."""
HASTE = tuple(number for number in STOPS if number != getattr(signal, "SIGHUP", None))
"""What may be a second request: a terminal that goes asks for no haste, least of all after Ctrl-C."""
ONE_REQUEST_S = 2.0
"""Signals this close to each other are one request: a terminal and a service manager may both send theirs, and the
sentence that a second request cuts waits short has to be read first."""


@dataclass(slots=True)
class UnderWay:
    """What a restoration is doing, for a reader in a hurry; a signal handler reads it."""

    act: str
    then: tuple[str, ...]
    """The acts that come after it."""
    waits_for: Told | None = None
    left_s: float = 0.0
    """How long the wait takes at most, as it was seen last."""
    seen: float = field(default_factory=time.monotonic)
    """When that was, on the wall."""
    told: float = field(default_factory=time.monotonic)
    """When a line about it was told last, on the wall."""

    @property
    def left(self) -> timedelta:
        """How long the wait takes at most from now on, on the wall."""
        return timedelta(seconds=max(0.0, self.left_s - (time.monotonic() - self.seen)))


class Held:
    """Requests to stop that are held until the lab is restored."""

    def __init__(self, *, already: bool = False) -> None:
        self.under_way: UnderWay | None = None
        self.asked = already
        self.asked_again = False
        """The second request: waits are cut short, and nothing more is begun."""
        self.questioned = False
        """The operator is asked whether to restore the lab: a request to stop is a no."""
        self.because: Told | None = None
        """Why Kunren itself has asked, if it has."""


class Stops(Held):
    """All requests to stop that a process hears, as the one handler of its signals.

    A request raises KeyboardInterrupt once, and only where the work can be stopped; elsewhere it is held, so that
    neither a restoration nor the writing of a record is cut in two. `listeners` are called in the signal handler.
    """

    def __init__(self, *, can_stop: bool = True) -> None:
        super().__init__()
        self.listeners: list[Callable[[], None]] = []
        self.restoring = False
        self._can_stop = can_stop
        self._last = float("-inf")

    def __call__(self, number: int = signal.SIGINT, _frame: FrameType | None = None) -> None:
        now = time.monotonic()
        if self.asked and (number not in HASTE or now - self._last < ONE_REQUEST_S):
            return
        self._last = now
        self.asked_again = self.asked
        self.asked = True
        stops, self._can_stop = self._can_stop, False
        for listener in self.listeners:
            listener()
        if stops:
            raise KeyboardInterrupt

    def hold(self) -> None:
        """From now on requests are held."""
        self._can_stop = False

    def heed(self) -> None:
        """Raises KeyboardInterrupt when a stop was asked for while requests were held."""
        if self.asked:
            raise KeyboardInterrupt

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Work that a request ends at once, also one that was held before."""
        self._can_stop = True
        try:
            if self.asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._can_stop = False

    @contextmanager
    def whole(self) -> Iterator[None]:
        """An act within stoppable work that a request may follow, but not cut in two; other threads hear of none."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        stoppable, self._can_stop = self._can_stop, False
        try:
            yield
        except Exception:
            if not stoppable or not self.asked:
                raise  # else what broke was most likely told to stop as well: a terminal tells browsers and helpers too
        finally:
            self._can_stop = stoppable
        if stoppable and self.asked:
            self._can_stop = False
            raise KeyboardInterrupt

    @contextmanager
    def held_until_restored(self) -> Iterator[Held]:
        """While the lab is restored."""
        self._can_stop, self.restoring = False, True
        try:
            yield self
        finally:
            self.restoring, self.under_way = False, None


@contextmanager
def stopped_by(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """What is ignored stays so: `nohup` ignores the end of the terminal."""
    former = {number: before for number in STOPS if (before := signal.getsignal(number)) not in (signal.SIG_IGN, None)}
    try:
        for number in former:
            signal.signal(number, handler)
        yield
    finally:
        for number, before in former.items():
            signal.signal(number, before)
