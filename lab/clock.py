"""The wall clock, and threads that wait for it; nothing else in the product reads it."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lab.model.zones import TimeZone


class SystemClock:
    """Time of a real site, in its zone, and of the wall beside a simulated one, in UTC."""

    def __init__(self, zone: TimeZone | None = None) -> None:
        self._zone = zone

    def now(self) -> datetime:
        now = datetime.now(UTC)
        return now if self._zone is None else self._zone.local(now)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, duration: timedelta) -> None:
        time.sleep(max(0.0, duration.total_seconds()))


@dataclass(order=True, slots=True)
class _Due:
    """Due again after `interval` seconds, if that is not 0."""

    at: float
    arrival: int
    work: Callable[[float], None] = field(compare=False)
    interval: float = field(compare=False)
    cancelled: bool = field(compare=False, default=False)

    def cancel(self) -> None:
        self.cancelled = True


class SystemTimetable:
    """The `Timetable` of a real site: one thread waits for what is due, and hands it to one of `workers`."""

    def __init__(self, workers: int) -> None:
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="due")
        self._due: list[_Due] = []
        self._arrivals = 0
        self._closing = False
        self._changed = threading.Condition()
        self._waiter = threading.Thread(target=self._wait, name="timetable", daemon=True)
        self._waiter.start()

    def at(self, due: float, work: Callable[[], None]) -> _Due:
        return self._appoint(due, lambda _: work(), 0.0)

    def every(self, interval: float, first: float, work: Callable[[float], None]) -> _Due:
        return self._appoint(first, work, interval)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._waiter.join()
        self._workers.shutdown()

    def _appoint(self, due: float, work: Callable[[float], None], interval: float) -> _Due:
        with self._changed:
            self._arrivals += 1
            appointment = _Due(due, self._arrivals, work, interval)
            heapq.heappush(self._due, appointment)
            if self._due[0] is appointment:
                self._changed.notify()
            return appointment

    def _wait(self) -> None:
        while (appointment := self._next()) is not None:
            if appointment.cancelled:
                continue
            due = appointment.at
            if appointment.interval:
                with self._changed:
                    appointment.at += appointment.interval
                    heapq.heappush(self._due, appointment)
            self._workers.submit(appointment.work, due)

    def _next(self) -> _Due | None:
        """Blocks until one is due; None when the timetable is closed."""
        with self._changed:
            while not self._closing:
                if not self._due:
                    self._changed.wait()
                elif (left := self._due[0].at - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    return heapq.heappop(self._due)
            return None
