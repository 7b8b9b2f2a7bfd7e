"""Open-loop probing: each layer is looked at on a fixed schedule of its own, which waits for no answer."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from lab.drivers.http_connection import HttpLine, LineCut
from lab.model.probing import Canary, Probe, ProbeSchedule, Result, Track
from lab.ports import Appointment, Clock, Timetable

LONGEST_SIGHT = 200
OWN_TROUBLE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
"""What keeps a request from leaving this machine."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look came to."""

    result: Result
    seen: str
    canary: Canary | None = None


class NotSent(Exception):
    """The look could not be taken at all; the text says why."""


def why_not(error: Exception) -> str:
    """Why nothing came back over a line; NotSent where that tells nothing of the other side."""
    if isinstance(error, socket.gaierror):
        raise NotSent("the name could not be resolved here") from error
    if isinstance(error, OSError) and error.errno in OWN_TROUBLE:
        raise NotSent(error.strerror or "this machine is out of resources") from error
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__


class Deadline(Protocol):
    """When a look has to be over."""

    @property
    def seconds(self) -> float:
        """From the beginning of the look."""

    def guard(self, line: HttpLine) -> None:
        """The line is cut when the time is over."""


class Look(Protocol):
    """One way of looking at one layer; `take` may raise NotSent and LineCut."""

    @property
    def track(self) -> Track: ...

    @property
    def rounds(self) -> int:
        """It is taken in every so manieth round."""

    def take(self, number: int, deadline: Deadline) -> Sight: ...


class Prober:
    """Takes `looks`, a round each interval, from `begin` to `stop`, and tells `note` of every one that was due.

    The looks of a round are spread over the interval, so that they do not meet.
    """

    def __init__(
        self,
        looks: Sequence[Look],
        schedule: ProbeSchedule,
        *,
        clock: Clock,
        timetable: Timetable,
        note: Callable[[Probe], None],
    ) -> None:
        self._looks = looks
        self._schedule = schedule
        self._clock = clock
        self._timetable = timetable
        self._note = note
        self._origin = 0.0
        self._series: list[Appointment] = []
        self._broken: Exception | None = None

    def begin(self) -> None:
        """The seconds of probes count from here."""
        self._origin = self._clock.monotonic()
        for place, look in enumerate(self._looks):
            first = self._origin + self._schedule.interval * place / len(self._looks)
            interval = self._schedule.interval * look.rounds
            self._series.append(self._timetable.every(interval, first, partial(self._probe, look, first)))

    def stop(self) -> None:
        """Nothing more is sent; returns when all that was sent has ended. Raises what a look of ours failed with."""
        for series in self._series:
            series.cancel()
        self._clock.sleep(timedelta(seconds=self._schedule.timeout))
        self._timetable.close()
        if self._broken is not None:
            raise self._broken

    def _probe(self, look: Look, first: float, due: float) -> None:
        number = 1 + round((due - first) / (self._schedule.interval * look.rounds))
        deadline = _Deadline(self._schedule.timeout)
        try:
            self._note(self._taken(look, number, due, deadline))
        except Exception as error:  # noqa: BLE001  # kept for `stop`: here nobody could be told
            self._broken = error
        finally:
            deadline.met()

    def _taken(self, look: Look, number: int, due: float, deadline: _Deadline) -> Probe:
        sent = self._clock.monotonic()
        if sent - due >= max(self._schedule.interval, self._schedule.timeout):
            return self._unsent(look, number, due, f"its turn came {sent - due:.1f} s late")
        expiry = self._timetable.at(sent + deadline.seconds, deadline.expire)
        try:
            sight = look.take(number, deadline)
        except NotSent as reason:
            return self._unsent(look, number, due, str(reason))
        except LineCut:
            sight = Sight(Result.FAILED, f"no answer within {deadline.seconds:g} s")
        finally:
            ended = self._clock.monotonic()
            expiry.cancel()
        return Probe(
            track=look.track,
            number=number,
            due=self._since(due),
            sent=self._since(sent),
            ended=self._since(ended),
            result=sight.result,
            seen=_cut(sight.seen),
            canary=sight.canary,
        )

    def _unsent(self, look: Look, number: int, due: float, why: str) -> Probe:
        return Probe(
            track=look.track,
            number=number,
            due=self._since(due),
            sent=None,
            ended=None,
            result=Result.UNKNOWN,
            seen=_cut(f"not sent: {why}"),
        )

    def _since(self, moment: float) -> float:
        return round(moment - self._origin, 6)


class _Deadline:
    """Cuts what it guards, and returns only when the look has ended: time goes on with nobody left behind."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._line: HttpLine | None = None
        self._over = threading.Event()
        self._expired = False

    def guard(self, line: HttpLine) -> None:
        self._line = line
        if self._expired:
            line.cut()

    def expire(self) -> None:
        self._expired = True
        if self._line is not None:
            self._line.cut()
            self._over.wait()

    def met(self) -> None:
        self._over.set()


def _cut(text: str) -> str:
    """The sign at the end tells a journal that a secret may have been cut in two."""
    return text if len(text) <= LONGEST_SIGHT else f"{text[: LONGEST_SIGHT - 1]}…"
