"""The `Timetable` port in virtual time: at its instant work begins in a thread, and time waits until it has ended.

Work whose question a silent guest leaves unanswered is waiting: time goes on without it. Ending the silence,
or the wait, sees the work to its end before time moves again; so two runs do everything in the same order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from queue import SimpleQueue

from lab.simulator.timeline import Appointment, Jumping, SimulatedClock, Timeline


class Work:
    """One piece of work from its beginning to its end."""

    def __init__(self) -> None:
        self._first, self._rests, self._ended = threading.Lock(), threading.Lock(), threading.Lock()
        self._rests.acquire()
        self._ended.acquire()

    def wait(self) -> None:
        """Said on its behalf by the guest that does not answer it."""
        if self._first.acquire(blocking=False):
            self._rests.release()

    def end(self) -> None:
        self.wait()
        self._ended.release()

    def rest(self) -> None:
        """Returns when it has ended or waits."""
        with self._rests:
            return

    def join(self) -> None:
        """Returns when it has ended."""
        with self._ended:
            return


class _Hand:
    """A thread that does one piece of work after another, and puts itself among the `idle` ones before each ends."""

    def __init__(self, idle: list[_Hand]) -> None:
        self._idle = idle
        self._work: SimpleQueue[tuple[Callable[[], None], Work] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._see_through, name="due", daemon=True)
        self._thread.start()

    def take(self, do: Callable[[], None], work: Work) -> None:
        self._work.put((do, work))

    def dismiss(self) -> None:
        """Returns when what it was given has ended."""
        self._work.put(None)
        self._thread.join()

    def _see_through(self) -> None:
        while (given := self._work.get()) is not None:
            do, work = given
            try:
                do()
                self._idle.append(self)
            finally:
                work.end()


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
        self._hands: list[_Hand] = []
        self._idle: list[_Hand] = []
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
        for hand in self._hands:
            hand.dismiss()

    def _perform(self, do: Callable[[], None]) -> None:
        if self._closed:
            return
        work = Work()
        self._under_way.append(work)
        with self._pace.let_go():
            self._hand().take(do, work)
            work.rest()
        self._under_way.remove(work)

    def _hand(self) -> _Hand:
        with suppress(IndexError):  # none is idle
            return self._idle.pop()
        self._hands.append(_Hand(self._idle))
        return self._hands[-1]
