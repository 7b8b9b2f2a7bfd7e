"""Mutations of switchover and switchback, and of their reports (guide 4-1 and 5-2)."""

from __future__ import annotations

from dataclasses import replace

from lab.model.replication import Direction, ReplicationScenario, ScenarioState, SynchronizationMethod
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.rha.switchover import Switchover


@mutation("4-1.S1")
class SwitchoverIgnored(ControlService):
    """A commanded switchover does not start."""

    def switch_over(self, name: str, *, run_reverse: bool) -> None:  # noqa: ARG002  # nothing runs
        with self._world.lock:
            self._running(self._record(name))


@mutation("4-1.S3")
class MasterGuestKeepsRunning(Switchover):
    """A switchover does not shut down the guest on the master."""

    def _shut_down_guests(self) -> None:
        if self._record.direction is Direction.FORWARD:
            self._drain()
        else:
            super()._shut_down_guests()


@mutation("5-2.S7")
class ReplicaGuestKeepsRunning(Switchover):
    """A switchback does not shut down the guest on the replica."""

    def _shut_down_guests(self) -> None:
        if self._record.direction is Direction.BACKWARD:
            self._drain()
        else:
            super()._shut_down_guests()


@mutation("4-1.S4")
class CompletionWithoutStart(Switchover):
    """A switchover reports its completion without starting the guest it registered."""

    def _start_guests(self) -> None:
        self._world.later(self._world.settings.heartbeat_delay, self._end)


@mutation("4-1.N3")
class SwitchoverReportedEarly(ControlService):
    """A switchover is reported as complete when it starts."""

    def _set_out(self, record: ScenarioRecord) -> None:
        super()._set_out(record)
        if record.direction is Direction.FORWARD:
            self._report("switchover_completed", record.name)

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        listed = super()._listed(record)
        return _as_complete(listed) if record.direction is Direction.FORWARD else listed


@mutation("5-2.N7")
class SwitchbackReportedEarly(ControlService):
    """A switchback is reported as complete when it starts."""

    def _set_out(self, record: ScenarioRecord) -> None:
        super()._set_out(record)
        if record.direction is Direction.BACKWARD:
            self._report("switchover_completed", record.name)

    def _listed(self, record: ScenarioRecord) -> ReplicationScenario:
        listed = super()._listed(record)
        return _as_complete(listed) if record.direction is Direction.BACKWARD else listed


def _as_complete(listed: ReplicationScenario) -> ReplicationScenario:
    switching = listed.state is ScenarioState.SWITCHING_OVER
    return replace(listed, state=ScenarioState.STOPPED) if switching else listed


@mutation("4-1.N2")
class OptionSynchronizes(ControlService):
    """Reverse replication by the option of a switchover performs a synchronisation."""

    method_after_switchover = SynchronizationMethod.BLOCK


@mutation("4-1.N2")
class OptionStartsLate(Switchover):
    """Reverse replication by the option of a switchover starts only after the guest has booted."""

    def _turned(self) -> None:
        pass

    def _end(self, reason: str = "") -> None:
        super()._turned()
        super()._end(reason)


@mutation("5-2.S5-S6")
class OptionIgnoredOnTheWayBack(ControlService):
    """The option to replicate after the switchover is ignored by a switchback."""

    def _move(self, record: ScenarioRecord, replication: Replication, *, run_reverse: bool) -> None:
        forward = record.direction is Direction.FORWARD
        super()._move(record, replication, run_reverse=run_reverse and forward)


@mutation("5-2.S8")
class SwitchbackUnreported(ControlService):
    """No event reports the completion of a switchback."""

    def _report_completion(self, record: ScenarioRecord) -> None:
        """A scenario that has been switched back is turned forward again."""
        if record.direction is Direction.BACKWARD:
            super()._report_completion(record)


@mutation("5-2.B10")
class SwitchbackKeepsDirection(Switchover):
    """A switchback does not reverse the direction of the scenario."""

    def _turn(self) -> None:
        if self._record.direction is Direction.FORWARD:
            super()._turn()
