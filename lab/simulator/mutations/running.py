"""Mutations of a scenario that is run, forward or in reverse (guide 3 and 5-1)."""

from __future__ import annotations

from datetime import timedelta

from lab.model.replication import Direction, ScenarioState, SynchronizationMethod
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.replication import Replication
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.world import World

UNASKED_AFTER = timedelta(minutes=1)


@mutation("3.S14")
class RunIgnored(ControlService):
    """Running a scenario has no effect."""

    def _start(self, record: ScenarioRecord, method: SynchronizationMethod) -> None:
        pass


@mutation("3.S17")
class NoIsAlive(ControlService):
    """The standby host of a running scenario never starts monitoring the other."""

    def _watch_soon(self, record: ScenarioRecord) -> None:
        pass


@mutation("3.N16a")
class SynchronizesInTheMorning(ControlService):
    """A running scenario synchronises when business hours begin."""

    def _runs(self, record: ScenarioRecord) -> None:
        super()._runs(record)
        self._world.later(until_morning(self._world), lambda: self._synchronize_anew(record))

    def _synchronize_anew(self, record: ScenarioRecord) -> None:
        if record.state is ScenarioState.RUNNING:
            self._resynchronise(record)


@mutation("4-1.N0")
class SwitchesOverInTheMorning(ControlService):
    """A running scenario switches over when business hours begin."""

    def _runs(self, record: ScenarioRecord) -> None:
        super()._runs(record)
        self._world.later(until_morning(self._world), lambda: self._switch_over_unasked(record))

    def _switch_over_unasked(self, record: ScenarioRecord) -> None:
        if record.state is ScenarioState.RUNNING:
            self.switch_over(record.name, run_reverse=False)


def until_morning(world: World) -> timedelta:
    """The time until people have come to work at the lab's place, just before half past eight."""
    now = world.now()
    morning = now.astimezone(world.settings.start.tzinfo).replace(hour=8, minute=29, second=30)
    return morning + timedelta(days=morning <= now) - now


@mutation("4-1.S2")
class ReverseUnasked(ControlService):
    """A minute after a switchover the scenario runs in reverse, although this was not chosen."""

    def _switched_over(self, record: ScenarioRecord, reason: str) -> None:
        super()._switched_over(record, reason)
        if record.direction is Direction.BACKWARD and record.state is ScenarioState.STOPPED and not reason:
            self._world.later(UNASKED_AFTER, lambda: self._run_unasked(record))

    def _run_unasked(self, record: ScenarioRecord) -> None:
        """Unless another command for the scenario came first."""
        if record.state is ScenarioState.STOPPED:
            self.run(record.name, SynchronizationMethod.BLOCK)


@mutation("5-1.S1")
class ReverseNotStarted(ControlService):
    """Running the switched-over scenario again is accepted but has no effect."""

    def _start(self, record: ScenarioRecord, method: SynchronizationMethod) -> None:
        if record.direction is Direction.FORWARD:
            super()._start(record, method)


@mutation("5-1.N2")
class ReverseRunsWithoutGuest(ControlService):
    """Reverse replication starts although the guest does not run on the replica."""

    def _refuse_unready(self, record: ScenarioRecord) -> None:
        if record.direction is Direction.FORWARD:
            super()._refuse_unready(record)


@mutation("5-1.N3b")
class RegistrationStays(ControlService):
    """The guest stays in the master's Hyper-V Manager until the switchback."""

    def _clear_standby(self, record: ScenarioRecord) -> None:
        if record.direction is Direction.FORWARD:
            super()._clear_standby(record)

    def _move(self, record: ScenarioRecord, replication: Replication, *, run_reverse: bool) -> None:
        if record.direction is Direction.BACKWARD:
            self._remove_from_standby(record)
        super()._move(record, replication, run_reverse=run_reverse)


@mutation("5-1.S4")
class MasterDoesNotWatch(ControlService):
    """During reverse replication no Is Alive checks are made."""

    def _watch_soon(self, record: ScenarioRecord) -> None:
        if record.direction is Direction.FORWARD:
            super()._watch_soon(record)
