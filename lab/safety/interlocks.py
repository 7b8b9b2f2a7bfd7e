"""Kunren's interlocks: refuse what the guide prohibits, before anything is sent to a host.

A rule looks at the lab and answers with an objection or with nothing. To add one, write it as a function and name it in
the table of the action it is about; to guard another port, wrap it as `InterlockedReplication` wraps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lab.errors import ConnectionLost, HostUnreachable, InterlockRefused, ScriptTimedOut
from lab.model.hosts import HostRole
from lab.model.hours import BusinessHours
from lab.model.replication import (
    Direction,
    Initiation,
    RebootPreparation,
    ReplicationScenario,
    ScenarioPlan,
    ScenarioState,
    SynchronizationMethod,
)
from lab.model.subject import Subject
from lab.ports import (
    AssuredRecovery,
    Clock,
    Guests,
    HostMaintenance,
    HyperV,
    Replication,
    ScenarioProperties,
    ScenarioWizard,
)
from lab.site.profile import RhaProfile
from words import Told, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleContext:
    """Input of the rules. `business_hours` is None if the site has none or the operator overrides them."""

    subject: Subject
    profile: RhaProfile
    replication: Replication
    hyperv: Mapping[HostRole, HyperV]
    guests: Mapping[HostRole, Guests]
    clock: Clock
    business_hours: BusinessHours | None

    def in_business_hours(self) -> bool:
        return self.business_hours is not None and self.business_hours.include(self.clock.now())

    def active(self, scenario: ReplicationScenario) -> HyperV:
        """Hyper-V on the host the scenario's guests belong on now."""
        return self.hyperv[HostRole.MASTER if scenario.direction is Direction.FORWARD else HostRole.REPLICA]

    def guests_off(self, scenario: ReplicationScenario) -> tuple[str, ...]:
        machines = {machine.name: machine for machine in self.active(scenario).machines()}
        return tuple(guest for guest in scenario.guests if guest not in machines or not machines[guest].running)


@dataclass(frozen=True, slots=True)
class Commanded:
    """A switchover started by Kunren: its direction, and the last event before it."""

    direction: Direction
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A scenario is about to be run. `commanded` is the last switchover of it, if Kunren itself started one."""

    scenario: ReplicationScenario
    method: SynchronizationMethod
    commanded: Commanded | None


@dataclass(frozen=True, slots=True)
class Preparing:
    """A host is about to be prepared for its reboot; `scenarios` are all that it has a part in."""

    host: str
    scenarios: Sequence[ReplicationScenario]


@dataclass(frozen=True, slots=True)
class Objection:
    """The reason for a refusal, and the point of the guide behind it."""

    point: str
    reason: Told


RunRule: TypeAlias = Callable[[RuleContext, Running], Objection | None]
ScenarioRule: TypeAlias = Callable[[RuleContext, ReplicationScenario], Objection | None]
CreationRule: TypeAlias = Callable[[RuleContext, ScenarioPlan], Objection | None]
MaintenanceRule: TypeAlias = Callable[[RuleContext, Preparing], Objection | None]


# Before a scenario is run --------------------------------------------------------------------------------------------


def switchover_is_over(context: RuleContext, running: Running) -> Objection | None:
    """Both signals are needed, state and event: the product's word for the state is a guess of the profile."""
    return switchover_is_not_under_way(context, running) or switchover_has_been_reported(context, running)


def switchover_is_not_under_way(_: RuleContext, running: Running) -> Objection | None:
    if running.scenario.state is not ScenarioState.SWITCHING_OVER:
        return None
    return Objection(
        _while_switching_over(running),
        sentence("interlocks.switching_over", scenario=running.scenario.name),
    )


def switchover_has_been_reported(context: RuleContext, running: Running) -> Objection | None:
    if running.commanded is None:
        return None
    ends = [context.profile.events[name] for name in ("switchover_completed", "switchover_failed")]
    since = context.replication.events(running.commanded.after)
    if any(end.matches(event.message) for end in ends for event in since):
        return None
    return Objection(
        _while_switching_over(running),
        sentence("interlocks.unreported", scenario=running.scenario.name),
    )


def _while_switching_over(running: Running) -> str:
    direction = running.commanded.direction if running.commanded is not None else running.scenario.direction
    return "4-1.N3" if direction is Direction.FORWARD else "5-2.N7"


def guest_runs_on_master(context: RuleContext, running: Running) -> Objection | None:
    """Forward only, where the guide asks it of the operator; in reverse the product refuses (guide 5-1, step 2)."""
    if running.scenario.direction is not Direction.FORWARD:
        return None
    off = context.guests_off(running.scenario)
    if not off:
        return None
    about = {"guests": ", ".join(off), "master": context.subject.master}
    return Objection("3.N12", sentence("interlocks.not_running", **about))


def synchronization_is_outside_business_hours(context: RuleContext, running: Running) -> Objection | None:
    if running.method is SynchronizationMethod.SKIPPED or not context.in_business_hours():
        return None
    point = "3.N16a" if running.scenario.direction is Direction.FORWARD else "5-1.N3a"
    return Objection(point, sentence("interlocks.no_synchronisation", scenario=running.scenario.name))


# Before a switchover, a change of properties, a creation -------------------------------------------------------------


def planned_switchover_is_outside_business_hours(
    context: RuleContext, scenario: ReplicationScenario
) -> Objection | None:
    """A switchover is planned while the guests still run; when they are lost, it is needed at any hour (guide 4-2)."""
    if not context.in_business_hours():
        return None
    try:
        planned = not context.guests_off(scenario)
    except (HostUnreachable, ConnectionLost, ScriptTimedOut):
        planned = False
    if not planned:
        return None
    return Objection("4-1.N0", sentence("interlocks.no_switchover", scenario=scenario.name))


def nothing_is_changed_before_switchback(_: RuleContext, scenario: ReplicationScenario) -> Objection | None:
    if scenario.direction is Direction.FORWARD and scenario.state is not ScenarioState.SWITCHING_OVER:
        return None
    return Objection("4-1.N1", sentence("interlocks.no_change", scenario=scenario.name))


def hosts_are_physical(context: RuleContext, plan: ScenarioPlan) -> Objection | None:
    known = {context.subject.master.casefold(), context.subject.replica.casefold()}
    strangers = [host for host in (plan.master, plan.replica) if host.casefold() not in known]
    if not strangers:
        return None
    guests = {name.casefold(): guest for guest, name in _names_of_guests(context)}
    for host in strangers:
        if host.casefold() in guests:
            guest = guests[host.casefold()]
            return Objection("3.N5", sentence("interlocks.virtual", host=host, guest=guest))
    return None


def _names_of_guests(context: RuleContext) -> Iterator[tuple[str, str]]:
    """Each guest with every name and address it is known by, on both hosts."""
    for role, hyperv in context.hyperv.items():
        for machine in hyperv.machines():
            yield machine.name, machine.name
            full_name = context.guests[role].computer_name(machine.name) if machine.running else None
            if full_name:
                yield machine.name, full_name
                yield machine.name, full_name.partition(".")[0]
            for adapter in machine.adapters:
                yield from ((machine.name, address) for address in adapter.ip_addresses)


# Before a replica integrity test, and before host maintenance -------------------------------------------------------


def scenario_has_the_test(_: RuleContext, scenario: ReplicationScenario) -> Objection | None:
    if scenario.assured_recovery:
        return None
    return Objection("6-1.N0", sentence("interlocks.no_test", scenario=scenario.name))


def nothing_synchronises(_: RuleContext, preparing: Preparing) -> Objection | None:
    busy = [each.name for each in preparing.scenarios if each.state is ScenarioState.SYNCHRONIZING]
    return Objection("6-2.S1-S4", sentence("interlocks.synchronising", scenario=busy[0])) if busy else None


def something_replicates(_: RuleContext, preparing: Preparing) -> Objection | None:
    if any(each.state is ScenarioState.RUNNING for each in preparing.scenarios):
        return None
    return Objection("6-2.S1-S4", sentence("interlocks.not_replicating", host=preparing.host))


RUN: Sequence[RunRule] = (switchover_is_over, guest_runs_on_master, synchronization_is_outside_business_hours)
RUN_TO_RESTORE: Sequence[RunRule] = (switchover_is_not_under_way, guest_runs_on_master)
"""The restoration may run at any hour, and a missing event is no reason to leave users unprotected."""
SWITCH_OVER: Sequence[ScenarioRule] = (planned_switchover_is_outside_business_hours,)
SWITCH_OVER_TO_RESTORE: Sequence[ScenarioRule] = ()
SET_INITIATION: Sequence[ScenarioRule] = (nothing_is_changed_before_switchback,)
CREATE: Sequence[CreationRule] = (hosts_are_physical,)
START_TEST: Sequence[ScenarioRule] = (scenario_has_the_test,)
PREPARE_REBOOT: Sequence[MaintenanceRule] = (nothing_synchronises, something_replicates)


class InterlockedReplication:
    """A `Replication` that asks the rules before it runs or switches over; `to_restore`: for the restoration."""

    def __init__(self, replication: Replication, context: RuleContext, *, to_restore: bool = False) -> None:
        self._replication = replication
        self._context = context
        self._run_rules = RUN_TO_RESTORE if to_restore else RUN
        self._switchover_rules = SWITCH_OVER_TO_RESTORE if to_restore else SWITCH_OVER
        self._commanded: dict[str, Commanded] = {}
        self.scenarios, self.scenario, self.events = replication.scenarios, replication.scenario, replication.events
        self.stop = replication.stop

    def run(self, name: str, method: SynchronizationMethod) -> None:
        scenario = self._replication.scenario(name)
        if scenario is not None:
            running = Running(scenario=scenario, method=method, commanded=self._commanded.get(name))
            _refuse("run_scenario", (rule(self._context, running) for rule in self._run_rules))
        self._replication.run(name, method)

    def switch_over(self, name: str, *, run_reverse: bool) -> None:
        scenario = self._replication.scenario(name)
        if scenario is not None:
            _refuse("switch_over", (rule(self._context, scenario) for rule in self._switchover_rules))
            last = max((event.sequence for event in self._replication.events(0)), default=0)
            self._commanded[name] = Commanded(scenario.direction, last)
        self._replication.switch_over(name, run_reverse=run_reverse)


class InterlockedWizard:
    """A `ScenarioWizard` that does not create what the guide warns of."""

    def __init__(self, wizard: ScenarioWizard, context: RuleContext) -> None:
        self._wizard = wizard
        self._context = context
        self.engines, self.discover = wizard.engines, wizard.discover
        self.verify, self.remove = wizard.verify, wizard.remove

    def create(self, plan: ScenarioPlan) -> None:
        _refuse("create_scenario", (rule(self._context, plan) for rule in CREATE))
        self._wizard.create(plan)


class InterlockedProperties:
    """`ScenarioProperties` that stay as they are between switchover and switchback."""

    def __init__(self, properties: ScenarioProperties, context: RuleContext) -> None:
        self._properties = properties
        self._context = context
        self.listed = properties.listed

    def set_initiation(self, name: str, *, switchover: Initiation, reverse_replication: Initiation) -> None:
        scenario = self._context.replication.scenario(name)
        if scenario is not None:
            _refuse("set_initiation", (rule(self._context, scenario) for rule in SET_INITIATION))
        self._properties.set_initiation(name, switchover=switchover, reverse_replication=reverse_replication)


class InterlockedAssuredRecovery:
    """An `AssuredRecovery` for scenarios that were created with it."""

    def __init__(self, assured_recovery: AssuredRecovery, context: RuleContext) -> None:
        self._assured_recovery = assured_recovery
        self._context = context
        self.stop = assured_recovery.stop

    def start(self, name: str, *, manual: bool) -> None:
        scenario = self._context.replication.scenario(name)
        if scenario is not None:
            _refuse("start_integrity_test", (rule(self._context, scenario) for rule in START_TEST))
        self._assured_recovery.start(name, manual=manual)


class InterlockedMaintenance:
    """A `HostMaintenance` that is begun during replication, as the guide wants it."""

    def __init__(self, maintenance: HostMaintenance, context: RuleContext) -> None:
        self._maintenance = maintenance
        self._context = context
        self.covered = maintenance.covered

    def prepare_reboot(self, host: str) -> RebootPreparation:
        scenarios = [each for each in self._context.replication.scenarios() if each.involves(host)]
        preparing = Preparing(host, scenarios)
        _refuse("prepare_reboot", (rule(self._context, preparing) for rule in PREPARE_REBOOT))
        return self._maintenance.prepare_reboot(host)


def _refuse(operation: str, objections: Iterator[Objection | None]) -> None:
    """The first objection is enough: the rules after it are not asked."""
    objection = next((each for each in objections if each is not None), None)
    if objection is not None:
        raise InterlockRefused(objection.reason, point=objection.point, operation=operation)
