"""Open-loop probing: each layer is probed on a fixed schedule, independent of responses."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from lab.drivers.http_connection import ConnectionCut, HttpConnection
from lab.model.probing import Canary, Probe, ProbeSchedule, Result, Track
from lab.ports import Appointment, Clock, Timetable
from words import LANGUAGES, Explained, Quoted, Text, Told, reason, sentence, told

LONGEST_SIGHT = 200
LOCAL_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
"""Errors that mean the request was never sent."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Result of one probe, before it is timed."""

    result: Result
    seen: Told
    canary: Canary | None = None


class NotSent(Explained):
    """The probe could not be sent; the text says why."""


def why_not(error: Exception) -> Told:
    """The reason why a connection failed. Raises NotSent for errors of this machine."""
    if isinstance(error, socket.gaierror):
        raise NotSent(sentence("probe.own_name")) from error
    if isinstance(error, OSError) and error.errno in LOCAL_ERRNOS:
        raise NotSent(sentence("probe.own_resources")) from error
    if isinstance(error, OSError) and error.errno:
        return reason(error)
    return told(error) if str(error) else Quoted(type(error).__name__)


class Deadline(Protocol):
    """Timeout of one probe."""

    @property
    def seconds(self) -> float:
        """Seconds from the start of the probe."""

    def guard(self, connection: HttpConnection) -> None:
        """Cuts the connection when the timeout expires."""


class LayerProbe(Protocol):
    """A probe of one layer; `take` may raise NotSent and ConnectionCut."""

    @property
    def track(self) -> Track: ...

    @property
    def rounds(self) -> int:
        """Run in every Nth round."""

    def take(self, number: int, deadline: Deadline) -> ProbeResult: ...


class Prober:
    """Runs `probes` once per interval, from `begin` to `stop`; calls `note` for every one that was due.

    Probes are staggered over the interval to avoid bunching.
    """

    def __init__(
        self,
        probes: Sequence[LayerProbe],
        schedule: ProbeSchedule,
        *,
        clock: Clock,
        timetable: Timetable,
        note: Callable[[Probe], None],
    ) -> None:
        self._probes = probes
        self._schedule = schedule
        self._clock = clock
        self._timetable = timetable
        self._note = note
        self._origin = 0.0
        self._series: list[Appointment] = []
        self._broken: Exception | None = None

    def begin(self) -> None:
        """Starts probing; times of probes are seconds from here."""
        self._origin = self._clock.monotonic()
        for place, probe in enumerate(self._probes):
            first = self._origin + self._schedule.interval * place / len(self._probes)
            interval = self._schedule.interval * probe.rounds
            self._series.append(self._timetable.every(interval, first, partial(self._probe, probe, first)))

    def stop(self) -> None:
        """Stops sending and returns when pending probes have ended. Raises the error of a defective probe."""
        for series in self._series:
            series.cancel()
        self._clock.sleep(timedelta(seconds=self._schedule.timeout))
        self._timetable.close()
        if self._broken is not None:
            raise self._broken

    def _probe(self, probe: LayerProbe, first: float, due: float) -> None:
        number = 1 + round((due - first) / (self._schedule.interval * probe.rounds))
        deadline = _Deadline(self._schedule.timeout)
        try:
            self._note(self._taken(probe, number, due, deadline))
        except Exception as error:  # noqa: BLE001  # raised by `stop`: this thread has no caller
            self._broken = error
        finally:
            deadline.met()

    def _taken(self, probe: LayerProbe, number: int, due: float, deadline: _Deadline) -> Probe:
        sent = self._clock.monotonic()
        if sent - due >= max(self._schedule.interval, self._schedule.timeout):
            return self._unsent(probe, number, due, sentence("probe.late", seconds=f"{sent - due:.1f}"))
        expiry = self._timetable.at(sent + deadline.seconds, deadline.expire)
        try:
            outcome = probe.take(number, deadline)
        except NotSent as reason:
            return self._unsent(probe, number, due, reason.why)
        except ConnectionCut:
            outcome = ProbeResult(Result.FAILED, sentence("probe.no_answer_within", seconds=f"{deadline.seconds:g}"))
        finally:
            ended = self._clock.monotonic()
            expiry.cancel()
        return Probe(
            track=probe.track,
            number=number,
            due=self._since(due),
            sent=self._since(sent),
            ended=self._since(ended),
            result=outcome.result,
            seen=_cut(outcome.seen),
            canary=outcome.canary,
        )

    def _unsent(self, probe: LayerProbe, number: int, due: float, why: Told) -> Probe:
        return Probe(
            track=probe.track,
            number=number,
            due=self._since(due),
            sent=None,
            ended=None,
            result=Result.UNKNOWN,
            seen=_cut(sentence("probe.not_sent", why=why)),
        )

    def _since(self, moment: float) -> float:
        return round(moment - self._origin, 6)


class _Deadline:
    """Cuts the guarded connection and waits for its probe, so that virtual time does not leave it behind."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._connection: HttpConnection | None = None
        self._over = threading.Event()
        self._expired = False

    def guard(self, connection: HttpConnection) -> None:
        self._connection = connection
        if self._expired:
            connection.cut()

    def expire(self) -> None:
        self._expired = True
        if self._connection is not None:
            self._connection.cut()
            self._over.wait()

    def met(self) -> None:
        self._over.set()


def _cut(seen: Told) -> Told:
    """The sign at the end tells a journal that a secret may have been cut in two."""
    en, ja = (
        text if len(text) <= LONGEST_SIGHT else f"{text[: LONGEST_SIGHT - 1]}…" for text in map(seen.in_, LANGUAGES)
    )
    return Quoted(en) if en == ja else Text(en, ja)
