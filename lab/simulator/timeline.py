"""Virtual time and who moves it: a heap of appointments, kept in order of instant, then of arrival."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class TimeGoesBack(Exception):
    """An attempt to move the timeline to an instant before the present one."""


@dataclass(slots=True)
class Appointment:
    """An action due at an instant; `cancel` leaves its place in the heap and takes away its effect."""

    at: datetime
    action: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class Timeline:
    """Moves only when `advance_to` is called; actions run in the calling thread, without the timeline's lock.

    `whole` keeps a signal from cutting an appointment in two, which would leave the world in the middle of a change.
    """

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.whole: Callable[[], AbstractContextManager[None]] = nullcontext
        self._now = start
        self._appointments: list[tuple[datetime, int, Appointment]] = []
        self._arrivals = 0
        self._lock = threading.RLock()
        self._mover: int | None = None

    def now(self) -> datetime:
        return self._now

    def at(self, instant: datetime, action: Callable[[], None]) -> Appointment:
        with self._lock:
            if instant < self._now:
                raise TimeGoesBack(f"an appointment for {instant} was made at {self._now}")
            self._arrivals += 1
            appointment = Appointment(instant, action)
            heapq.heappush(self._appointments, (instant, self._arrivals, appointment))
            return appointment

    def after(self, delay: timedelta, action: Callable[[], None]) -> Appointment:
        return self.at(self._now + delay, action)

    def advance_to(self, instant: datetime) -> None:
        with self._lock:
            if self._mover is not None:
                raise TimeGoesBack("the timeline is already being moved; an action must not wait")
            if instant < self._now:
                raise TimeGoesBack(f"the timeline stands at {self._now} and cannot go to {instant}")
            self._mover = threading.get_ident()
        try:
            while self._keep_next(instant):
                pass
            self._now = max(self._now, instant)
        finally:
            self._mover = None

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Lets another move the timeline, while an action waits for work that may need time to pass."""
        mover, self._mover = self._mover, None
        try:
            yield
        finally:
            self._mover = mover

    def _keep_next(self, instant: datetime) -> bool:
        with self.whole():
            due = self._next_due(instant)
            if due is not None:
                due.action()
            return due is not None

    def _next_due(self, instant: datetime) -> Appointment | None:
        with self._lock:
            while self._appointments and self._appointments[0][0] <= instant:
                at, _, appointment = heapq.heappop(self._appointments)
                if not appointment.cancelled:
                    self._now = at
                    return appointment
            return None


class Pace(Protocol):
    """The pace of a timeline: `spend` returns when `duration` of lab time is over."""

    def spend(self, duration: timedelta) -> None: ...


class Jumping:
    """Time passes only when it is spent, and then at once: a drill's pace. Threads that spend it take turns."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._turn = threading.RLock()

    def spend(self, duration: timedelta) -> None:
        with self._turn:
            self._timeline.advance_to(self._timeline.now() + max(duration, timedelta()))

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Gives up the turn, while the action under way waits for work that may have to spend time first."""
        with self._timeline.let_go():
            self._turn.release()
            try:
                yield
            finally:
                self._turn.acquire()


class Scaled:
    """Time passes with the wall clock, `speed` times as fast: the pace of a lab that stands alone."""

    def __init__(self, timeline: Timeline, speed: float) -> None:
        self._timeline = timeline
        self._speed = speed
        self._began = time.monotonic()
        self._stopping = threading.Event()
        self._moved = threading.Condition()
        self._thread = threading.Thread(target=self._follow, name="timeline", daemon=True)

    def start(self) -> None:
        self._began = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        with self._moved:
            self._moved.notify_all()
        self._thread.join()

    def spend(self, duration: timedelta) -> None:
        until = self._timeline.now() + duration
        with self._moved:
            self._moved.wait_for(lambda: self._timeline.now() >= until or self._stopping.is_set())

    def _follow(self) -> None:
        while not self._stopping.wait(0.02):
            passed = timedelta(seconds=(time.monotonic() - self._began) * self._speed)
            self._timeline.advance_to(self._timeline.start + passed)
            with self._moved:
                self._moved.notify_all()


class SimulatedClock:
    """The `Clock` port over a timeline and its pace."""

    def __init__(self, timeline: Timeline, pace: Pace) -> None:
        self._timeline = timeline
        self._pace = pace

    def now(self) -> datetime:
        return self._timeline.now()

    def monotonic(self) -> float:
        return (self._timeline.now() - self._timeline.start).total_seconds()

    def sleep(self, duration: timedelta) -> None:
        self.spend(duration)

    def spend(self, duration: timedelta) -> None:
        """Spends the time of a simulated command, whose caller waits for its answer."""
        self._pace.spend(duration)
