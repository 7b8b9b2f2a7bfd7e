"""Watches what a drill sees in any case for what its site does not want to bear longer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from journal.entry import Entry
from journal.measured import Probed
from journal.seen import GuestAsked
from lab.errors import LabError
from lab.model.hosts import Service
from lab.model.machines import Heartbeat
from lab.model.probing import Layer, Result
from lab.model.replication import Traffic
from lab.model.stopping import StopCriteria
from lab.model.subject import Subject
from words import Told, sentence

if TYPE_CHECKING:  # its drivers take time to load
    from lab.opening import Lab

BETWEEN_LOOKS = timedelta(minutes=1)
STATISTICS = "statistics"
"""The profile's name for the operation that tells of the spool."""


@dataclass(slots=True)
class Spell:
    """For how long something has been seen, look after look, without one that shows otherwise."""

    since: datetime | None = None

    def seen(self, at: datetime, *, holds: bool | None) -> timedelta:
        """`holds` is None where that is not known."""
        if holds is False:
            self.since = None
        elif holds and self.since is None:
            self.since = at
        return timedelta() if self.since is None or not holds else at - self.since


@dataclass(slots=True)
class StopWatch:
    """Calls `stop` with the reason, at most once; it has to be told of each entry of the journal, with its time."""

    criteria: StopCriteria
    subject: Subject
    stop: Callable[[Told], None]
    stopped: bool = False
    _unavailable: Spell = field(default_factory=Spell)
    _silent: Spell = field(default_factory=Spell)
    _engines: dict[str, Spell] = field(default_factory=dict)
    _looked: datetime | None = None

    def __call__(self, entry: Entry, at: datetime) -> None:
        match entry:
            case Probed(layer=Layer.WRITE):
                self._judge("garoon_unavailable", self._unavailable, holds=_failed(entry), at=at)
            case Probed(layer=Layer.HEARTBEAT):
                self._guest(silent=_failed(entry), at=at)
            case GuestAsked(guest=self.subject.guest) if entry.heartbeat == Heartbeat.OK.value:
                self._guest(silent=False, at=at)

    def look(self, lab: Lab) -> None:
        """At the engines and the spool, between steps: what does not answer is not known, and stops nothing."""
        now = lab.clock.now()
        if self._looked is not None and now - self._looked < BETWEEN_LOOKS:
            return
        self._looked = now
        if self.criteria.engine_stopped is not None:
            for role, host in lab.hosts.items():
                try:
                    self._engine(self.subject.host(role), host.windows.services((lab.rha.services.engine,)), now)
                except LabError:
                    continue
        if self.criteria.spool_blocks is not None and STATISTICS in lab.rha.by_commands:
            try:
                self._spool(lab.rha.statistics.traffic(self.subject.scenario))
            except LabError:
                return

    def _guest(self, *, silent: bool | None, at: datetime) -> None:
        self._judge("guest_silent", self._silent, holds=silent, at=at, guest=self.subject.guest)

    def _engine(self, host: str, services: Iterable[Service], at: datetime) -> None:
        for engine in services:
            spell = self._engines.setdefault(host, Spell())
            stopped = not engine.running
            self._judge("engine_stopped", spell, holds=stopped, at=at, host=host, service=engine.name)

    def _spool(self, traffic: Traffic | None) -> None:
        most = self.criteria.spool_blocks
        if traffic is not None and most is not None and traffic.in_spool > most:
            self._stop(sentence("stop.spool_blocks", seen=traffic.in_spool, most=most))

    def _judge(self, name: str, spell: Spell, *, holds: bool | None, at: datetime, **about: str) -> None:
        limit: timedelta | None = getattr(self.criteria, name)
        if limit is not None and spell.seen(at, holds=holds) > limit:
            minutes = f"{limit / timedelta(minutes=1):g}"
            self._stop(sentence(f"stop.{name}", minutes=minutes, **about))

    def _stop(self, why: Told) -> None:
        if not self.stopped:
            self.stopped = True
            self.stop(why)


def _failed(probe: Probed) -> bool | None:
    return None if probe.result is Result.UNKNOWN else probe.result is Result.FAILED
