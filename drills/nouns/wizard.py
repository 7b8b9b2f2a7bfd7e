"""The wizard of guide section 3, in which a replication scenario is created."""

from __future__ import annotations

from collections.abc import Sequence

from drills.nouns.guest import Guest
from drills.nouns.observed import Context
from drills.wording import findings_text
from lab.model.machines import VirtualMachine
from lab.model.replication import DiscoveredGuest, EngineVersion, Finding, Initiation, NetworkMapping, ScenarioPlan
from lab.model.subject import Subject
from lab.ports import ScenarioWizard
from words import sentence


class Wizard:
    """The wizard: its `plan` grows page by page, and is sent when the scenario is created."""

    def __init__(self, wizard: ScenarioWizard, master_guest: Guest, context: Context) -> None:
        self.context = context
        self._engines: Sequence[EngineVersion] = ()
        self._discovered: Sequence[DiscoveredGuest] = ()
        self._findings: Sequence[Finding] = ()
        self._wizard = wizard
        self._master_guest = master_guest

    @property
    def plan(self) -> ScenarioPlan:
        """What the wizard has been told so far; begun with the hosts when a drill starts in the middle."""
        return self.begun()

    @plan.setter
    def plan(self, plan: ScenarioPlan) -> None:
        self.context.course.plan = plan

    def begun(self) -> ScenarioPlan:
        course, subject = self.context.course, self.context.subject
        if course.plan is None:
            course.plan = ScenarioPlan(name=subject.scenario, master=subject.master, replica=subject.replica, guests=())
        return course.plan

    def complete(self, switchover: Initiation = Initiation.AUTOMATIC) -> ScenarioPlan:
        """The guide's own choices from the first page to the last; manual switchover is its other one."""
        return complete_plan(self._master_guest.now(), self.context.subject, switchover)

    @property
    def engines(self) -> Sequence[EngineVersion]:
        self.context.observation.take_up("engines")
        return self._engines

    @property
    def discovered(self) -> Sequence[DiscoveredGuest]:
        self.context.observation.take_up("discovered")
        return self._discovered

    @property
    def findings(self) -> Sequence[Finding]:
        """Those of the verification before a run."""
        self.context.observation.take_up("findings")
        return self._findings

    @findings.setter
    def findings(self, findings: Sequence[Finding]) -> None:
        self._findings = findings
        self.context.observation.leave("findings")

    def discover(self) -> None:
        self._discovered = self._wizard.discover(self.context.subject.master)
        self.context.observation.leave("discovered")

    def verify_engines(self, *hosts: str) -> Sequence[EngineVersion]:
        self._engines = self._wizard.engines(hosts)
        self.context.observation.leave("engines")
        return self._engines

    def create(self, plan: ScenarioPlan | None = None) -> None:
        """Creates the scenario as planned, or as another plan has it."""
        self._wizard.create(plan or self.plan)

    def remove(self) -> None:
        self._wizard.remove(self.context.subject.scenario)

    def verify(self) -> Sequence[Finding]:
        return self._wizard.verify(self.context.subject.scenario)

    def expect_clean(self, findings: Sequence[Finding]) -> None:
        self.context.observation.expect(
            not any(finding.blocks for finding in findings),
            expected=sentence("steps.wizard.no_findings"),
            seen=findings_text(findings),
        )


def complete_plan(
    machine: VirtualMachine | None, subject: Subject, switchover: Initiation = Initiation.AUTOMATIC
) -> ScenarioPlan:
    """The guide's own choices from the first page of the wizard to the last; manual switchover is its other one."""
    return ScenarioPlan(
        name=subject.scenario,
        master=subject.master,
        replica=subject.replica,
        guests=(subject.guest,),
        switchover=switchover,
        network_mapping=same_name_mapping(machine, subject),
    )


def same_name_mapping(machine: VirtualMachine | None, subject: Subject) -> tuple[NetworkMapping, ...]:
    """The site file's mapping, or each network to its namesake."""
    if subject.network_mapping:
        return subject.network_mapping
    return tuple(NetworkMapping(name, name) for name in (machine.networks if machine else ()))
