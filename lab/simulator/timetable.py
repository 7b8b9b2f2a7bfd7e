"""The `Timetable` port in virtual time: at its instant work begins in a thread, and time waits until it has ended.

Work whose question a silent guest leaves unanswered is waiting: time goes on without it. Ending the silence,
or the wait, sees the work to its end before time moves again; so two runs do everything in the same order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from lab.simulator.timeline import Appointment, Jumping, SimulatedClock, Timeline

MOST_AT_ONCE = 1000
"""Threads that can wait for silent guests at one time; each that ends is used again."""


class Work:
    """One piece of work from its beginning to its end."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting = False
        self._ended = False

    def wait(self) -> None:
        """Said on its behalf by the guest that does not answer it."""
        with self._changed:
            self._waiting = True
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def rest(self) -> None:
        """Returns when it has ended or waits."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._waiting)

    def join(self) -> None:
        """Returns when it has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended)


class Series:
    """Work that is due again and again, until it is cancelled."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Patience:
    """Waits for a silent guest: work that was due waits on its own, the drill on the lab's clock."""

    def __init__(self, clock: SimulatedClock, timetable: SimulatedTimetable) -> None:
        self._clock = clock
        self._timetable = timetable

    @property
    def visitor(self) -> Work | None:
        return self._timetable.visitor

    def spend(self, duration: timedelta) -> None:
        self._clock.spend(duration)


class SimulatedTimetable:
    """Begins each piece of work in a thread of its own, at its instant of the timeline."""

    def __init__(self, timeline: Timeline, pace: Jumping) -> None:
        self._timeline = timeline
        self._pace = pace
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="due")
        self._under_way: list[Work] = []
        self._closed = False

    @property
    def visitor(self) -> Work | None:
        """The work that a guest is asked by at this moment; None when it is the drill itself."""
        return self._under_way[-1] if self._under_way else None

    def at(self, due: float, work: Callable[[], None]) -> Appointment:
        instant = max(self._timeline.start + timedelta(seconds=due), self._timeline.now())
        return self._timeline.at(instant, partial(self._perform, work))

    def every(self, interval: float, first: float, work: Callable[[float], None]) -> Series:
        series = Series()
        self._appoint(series, interval, first, work)
        return series

    def _appoint(self, series: Series, interval: float, due: float, work: Callable[[float], None]) -> None:
        def begin() -> None:
            if not series.cancelled:
                self._appoint(series, interval, due + interval, work)
                self._perform(partial(work, due))

        instant = max(self._timeline.start + timedelta(seconds=due), self._timeline.now())
        self._timeline.at(instant, begin)

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown()

    def _perform(self, do: Callable[[], None]) -> None:
        if self._closed:
            return
        work = Work()
        self._under_way.append(work)
        with self._pace.let_go():
            self._threads.submit(_see_through, do, work)
            work.rest()
        self._under_way.remove(work)


def _see_through(do: Callable[[], None], work: Work) -> None:
    try:
        do()
    finally:
        work.end()
