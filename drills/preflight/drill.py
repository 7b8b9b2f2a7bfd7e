"""The preflight check of one drill, beyond what keeps every drill from beginning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from drills.observation import Writes
from drills.preflight import hosts
from drills.preflight.findings import Finding, Severity, stated
from drills.preflight.settings import sorted_out
from drills.preflight.state import StateCheck
from lab.errors import LabError
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.zones import TimeZone
from words import sentence

if TYPE_CHECKING:
    from lab.opening import Lab


@dataclass(slots=True, kw_only=True)
class DrillCheck:
    """Hosts of a lab that was made for the run are fit, and are not asked once more, unless their Windows was named."""

    lab: Lab
    subject: Subject
    journal: Writes
    _unasked: list[Finding] = field(default_factory=list, init=False)

    def findings(self, state: LabState) -> Iterator[Finding]:
        services = self.lab.rha.services
        yield from StateCheck(subject=self.subject, services=services, control_host=self.lab.rha.home.name).findings(
            state
        )
        made = self.lab.simulated
        if made is not None and not made.tells_of_windows:
            return
        now = self.lab.clock.now()
        every = {self.subject.master, self.subject.replica, self.lab.rha.home.name}
        found = hosts.look_at(self.lab, every, self.subject, self.journal, self._untold)
        check = hosts.HostCheck(
            subject=self.subject, services=services, zone=TimeZone.of(now), now=now, searched=self.lab.rha.searched
        )
        yield from sorted_out(check.judge(found))[0]
        yield from self._unasked

    def _untold(self, host: str, error: LabError) -> None:
        why = sentence("check.failed.conditions", host=host, error=error)
        finding = stated(sentence("check.left_out", what=why), Severity.NOTE)
        if finding not in self._unasked:  # two questions to a host fail of one cause
            self._unasked.append(finding)
