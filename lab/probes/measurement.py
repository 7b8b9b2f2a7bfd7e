"""The `Measurement` port: probes of hosts and Garoon, run by a prober, and their canaries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint
from lab.model.probing import Probe, ProbeSchedule, Track
from lab.ports import Clock, HostSession, Timetable
from lab.probes.canaries import GaroonCanaries
from lab.probes.garoon import GaroonProbes
from lab.probes.hosts import HeartbeatProbe, WinRmProbe
from lab.probes.prober import LayerProbe, Prober


class LabMeasurement:
    """`sessions` are exclusive connections to the hosts; they end with the measurement, as does `timetable`."""

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
        self._heartbeat = HeartbeatProbe(sessions, guest)
        self._probes: tuple[LayerProbe, ...] = (
            *(WinRmProbe(endpoint) for endpoint in hosts),
            self._heartbeat,
            *GaroonProbes(garoon, canaries, clock, logins).all(),
        )
        self._prober: Prober | None = None

    @property
    def schedule(self) -> ProbeSchedule:
        return self._schedule

    @property
    def tracks(self) -> Mapping[Track, float]:
        return {probe.track: self._schedule.interval * probe.rounds for probe in self._probes}

    def prepare(self) -> None:
        self._canaries.prepare()

    def begin(self, note: Callable[[Probe], None]) -> None:
        self._prober = Prober(
            self._probes,
            self._schedule,
            clock=self._clock,
            timetable=self._timetable(most_at_once(len(self._probes), self._schedule)),
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


def most_at_once(probes: int, schedule: ProbeSchedule) -> int:
    """Looks under way when every one of them lasts until its deadline, and as many deadlines that cut them."""
    return 2 * probes * (math.ceil(schedule.timeout / schedule.interval) + 1)
