"""The `Measurement` port: the looks at hosts and Garoon, taken by a prober, and the canaries among them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint
from lab.model.probing import Probe, ProbeSchedule, Track
from lab.ports import Clock, HostSession, Timetable
from lab.probes.canaries import GaroonCanaries
from lab.probes.garoon import GaroonLooks
from lab.probes.hosts import HeartbeatLook, WinRmLook
from lab.probes.prober import Look, Prober


class LabMeasurement:
    """`sessions` are lines to the hosts that nobody else uses; they end with the measurement, as does `timetable`."""

    def __init__(
        self,
        schedule: ProbeSchedule,
        *,
        clock: Clock,
        timetable: Callable[[int], Timetable],
        hosts: Sequence[Endpoint],
        sessions: Sequence[HostSession],
        guest: str,
        garoon: GaroonEndpoint,
        canaries: GaroonCanaries,
        logins: RefusedLogins | None = None,
    ) -> None:
        self._schedule = schedule
        self._clock = clock
        self._timetable = timetable
        self._canaries = canaries
        self._heartbeat = HeartbeatLook(sessions, guest)
        self._looks: tuple[Look, ...] = (
            *(WinRmLook(endpoint) for endpoint in hosts),
            self._heartbeat,
            *GaroonLooks(garoon, canaries, clock, logins).all(),
        )
        self._prober: Prober | None = None

    @property
    def schedule(self) -> ProbeSchedule:
        return self._schedule

    @property
    def tracks(self) -> Mapping[Track, float]:
        return {look.track: self._schedule.interval * look.rounds for look in self._looks}

    def prepare(self) -> None:
        self._canaries.prepare()

    def begin(self, note: Callable[[Probe], None]) -> None:
        self._prober = Prober(
            self._looks,
            self._schedule,
            clock=self._clock,
            timetable=self._timetable(most_at_once(len(self._looks), self._schedule)),
            note=note,
        )
        self._prober.begin()

    def end(self) -> None:
        prober, self._prober = self._prober, None
        if prober is not None:
            try:
                prober.stop()
            finally:
                self._heartbeat.close()

    def canaries(self) -> Mapping[str, int]:
        return self._canaries.read()

    def remove_canaries(self) -> tuple[int, int]:
        return self._canaries.remove()


def most_at_once(looks: int, schedule: ProbeSchedule) -> int:
    """Looks under way when every one of them lasts until its deadline, and as many deadlines that cut them."""
    return 2 * looks * (math.ceil(schedule.timeout / schedule.interval) + 1)
