"""Mutations of the maintenance of a host (guide 6-2)."""

from __future__ import annotations

from datetime import timedelta

from lab.model.replication import Initiation, ScenarioState
from lab.simulator.hosts.restart import Restart
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.maintenance import HostMaintenance, Preparation, replication_of
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import Process, ScenarioRecord

IS_ALIVE_TIMEOUT = timedelta(seconds=300)


@mutation("6-2.S1-S4")
class SynchronisationCalledRunning(ScenarioRecord):
    """A synchronising scenario is listed as running, and its host can be prepared for a reboot."""

    @property
    def listed_state(self) -> ScenarioState:
        listed = super().listed_state
        return ScenarioState.RUNNING if listed is ScenarioState.SYNCHRONIZING else listed


@mutation("6-2.S1-S4")
class PreparationNotBegun(Preparation):
    """Prepare-Reboot prints its confirmation without preparing a scenario."""

    def begin(self) -> None:
        pass


@mutation("6-2.B1")
class MaintenanceLeavesGuestRunning(Preparation):
    """Maintenance of the host that runs the guests does not shut them down."""

    def _shuts_guests_down(self) -> bool:
        return self.host is not self._record.active and super()._shuts_guests_down()


@mutation("6-2.B1")
class ChangesLeftUnsent(Preparation):
    """A host is reported as ready for its reboot with changes still in the spool."""

    def begin(self) -> None:
        replication_of(self._record).suspend()
        super().begin()

    def _send(self) -> None:
        self._get_ready()


@mutation("6-2.N1")
class ReplicaMaintenanceStopsGuest(Preparation):
    """Maintenance of the standby host shuts down the guests on the other one."""

    def _shuts_guests_down(self) -> bool:
        return self.host is not self._record.active or super()._shuts_guests_down()


@mutation("6-2.N2")
class SwitchoverDuringMaintenance(ControlService):
    """A host that is ready for its reboot is treated as failed, and its scenarios are switched over."""

    def _ready_for_reboot(self, record: ScenarioRecord) -> None:
        super()._ready_for_reboot(record)
        preparation = record.process
        self._world.later(IS_ALIVE_TIMEOUT, lambda: self._switch_over_after_all(record, preparation))

    def _switch_over_after_all(self, record: ScenarioRecord, preparation: Process | None) -> None:
        if record.process is preparation is not None and record.plan.switchover is Initiation.AUTOMATIC:
            record.process = None
            self.switch_over(record.name, run_reverse=False)
            self._world.changed()  # the guests are off already: the switchover looks on


@mutation("6-2.S5")
class NeverReadyForReboot(Preparation):
    """The preparation of a host never reports that it is ready."""

    def _get_ready(self) -> None:
        pass


@mutation("6-2.N5")
class RebootsByItself(Preparation):
    """A host that is ready for its reboot is rebooted by RHA."""

    def _get_ready(self) -> None:
        super()._get_ready()
        if self.ready:
            Restart(self._world, self.host.name).begin()


@mutation("6-2.S6")
class MaintenanceResynchronises(HostMaintenance):
    """After the reboot of a prepared host the scenarios synchronise, contrary to the event."""

    def _resumes(self, *, prepared: bool) -> bool:
        return not prepared and super()._resumes(prepared=prepared)


@mutation("6-2.S6")
class ResumptionOnlySaid(HostMaintenance):
    """After the reboot of a prepared host the changes stay in the spool, contrary to the event."""

    def _resume(self, replication: Replication) -> None:
        pass


@mutation("6-2.B0")
class RebootWithoutResynchronisation(HostMaintenance):
    """After a reboot without preparation the scenarios continue without a resynchronisation."""

    def _resumes(self, *, prepared: bool) -> bool:
        return not prepared or super()._resumes(prepared=prepared)


@mutation("6-2.N6")
class PreparationUnconfirmed(ControlService):
    """Prepare-Reboot prepares the host without a confirmation."""

    def prepare_reboot(self, host: str) -> tuple[str, ...]:
        super().prepare_reboot(host)
        return ()
