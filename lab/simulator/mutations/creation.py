"""Mutations of engines and guests as RHA finds them, and of scenarios it creates and lists (guide 3)."""

from __future__ import annotations

from dataclasses import replace

from lab.model.machines import PowerState
from lab.model.replication import (
    Direction,
    DiscoveredGuest,
    EngineVersion,
    Finding,
    Initiation,
    ReplicationScenario,
    ScenarioPlan,
    Severity,
    SynchronizationMethod,
)
from lab.simulator.hosts.host import HyperVHost
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.site.simulation import CURRENT_ENGINE

CHANGED = ("マスタ", "スプールの最大サイズ"), "1024 MB"
"""Group and name of a property, and a value it does not have by default."""


@mutation("3.S4")
class AssuredRecoveryDropped(ControlService):
    """A scenario is created without the integrity test that was chosen."""

    def _add(self, plan: ScenarioPlan, master: HyperVHost, replica: HyperVHost) -> ScenarioRecord:
        return super()._add(replace(plan, assured_recovery=False), master, replica)


@mutation("3.S5")
class HostsExchanged(ControlService):
    """A created scenario is listed with its hosts exchanged."""

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        listed = super()._listed(record)
        return replace(listed, master=listed.replica, replica=listed.master)


@mutation("3.N6")
class MissingEngineUnnoticed(ControlService):
    """The verification of engines reports an engine on every host."""

    def engine(self, host: str) -> EngineVersion:
        found = super().engine(host)
        return found if found.version else EngineVersion(host, CURRENT_ENGINE, up_to_date=True)


@mutation("3.S7")
class RunningGuestsNotDiscovered(ControlService):
    """The wizard discovers only guests that are off."""

    def discover(self, master: str) -> tuple[DiscoveredGuest, ...]:
        return tuple(each for each in super().discover(master) if each.state == PowerState.OFF.value)


@mutation("3.S8-S9")
class PropertyNotDefault(ControlService):
    """A created scenario has a property that differs from the product's default."""

    def _add(self, plan: ScenarioPlan, master: HyperVHost, replica: HyperVHost) -> ScenarioRecord:
        record = super()._add(plan, master, replica)
        changed, value = CHANGED
        record.properties = tuple(
            replace(each, value=value) if (each.group, each.name) == changed else each for each in record.properties
        )
        return record


@mutation("3.S10")
class ComputerNameWrong(ControlService):
    """The wizard shows the Hyper-V name of a guest instead of its computer name."""

    def discover(self, master: str) -> tuple[DiscoveredGuest, ...]:
        return tuple(replace(each, computer_name=each.name) for each in super().discover(master))


@mutation("3.S11")
class ReverseAutomatic(ControlService):
    """A scenario is created with automatic reverse replication regardless of the choice."""

    def _add(self, plan: ScenarioPlan, master: HyperVHost, replica: HyperVHost) -> ScenarioRecord:
        return super()._add(replace(plan, reverse_replication=Initiation.AUTOMATIC), master, replica)


@mutation("3.S12")
class VerificationWarns(ControlService):
    """The verification of a scenario warns of the Hyper-V environment."""

    def verify(self, name: str) -> tuple[Finding, ...]:
        super().verify(name)
        return (Finding(Severity.WARNING, self._home.name, "Hyper-V 環境に警告があります。"),)


@mutation("3.S13")
class RunsWhenCreated(ControlService):
    """A scenario runs as soon as it is created."""

    def create(self, plan: ScenarioPlan, server_type: str) -> None:
        with self._world.acting():
            super().create(plan, server_type)
            self.run(plan.name, SynchronizationMethod.BLOCK)


@mutation("3.S15")
class EngineStopsAfterVerification(ControlService):
    """The engine on the replica host stops once a scenario has been verified."""

    def verify(self, name: str) -> tuple[Finding, ...]:
        with self._world.acting():
            found = super().verify(name)
            engine = self._home.services[self.profile.engine_service.name]
            self._home.services[engine.name] = replace(engine, running=False)
            return found


@mutation("6-1.N0")
class AssuredRecoveryClaimed(ControlService):
    """A scenario created without Assured Recovery is listed with Assured Recovery."""

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        return replace(super()._listed(record), assured_recovery=True)


@mutation("4-1.N1")
class TurnedScenarioListedForward(ControlService):
    """A switched-over scenario is listed with its original direction."""

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        return replace(super()._listed(record), direction=Direction.FORWARD)


@mutation("3.N12")
class OffGuestNotWarned(ControlService):
    """The verification does not warn of a guest that is off."""

    def verify(self, name: str) -> tuple[Finding, ...]:
        return tuple(each for each in super().verify(name) if each.severity is not Severity.WARNING)


@mutation("5-1.S2")
class ReverseVerificationComplains(ControlService):
    """The verification of a switched-over scenario reports an error without a cause."""

    def verify(self, name: str) -> tuple[Finding, ...]:
        with self._world.lock:
            record, found = self._record(name), super().verify(name)
            if record.direction is Direction.FORWARD:
                return found
            return (*found, Finding(Severity.ERROR, record.name, "シナリオを検証できません。"))
