"""What has to hold before a drill begins, judged from what was seen of the lab; each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lab.model.garoon import Examination
from lab.model.replication import Direction, ReplicationScenario, ScenarioState
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need

OF_A_SCENARIO = {
    Need.IDLE_SCENARIO,
    Need.FORWARD_REPLICATION,
    Need.BACKWARD_REPLICATION,
    Need.ASSURED_RECOVERY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preconditions:
    """Of one drill: what its steps declare, and whether premises may be brought about, as in a `disposable` lab."""

    subject: Subject
    needs: frozenset[Need]
    changes: frozenset[Change]
    disposable: bool

    @property
    def only_asks(self) -> bool:
        """Entries in Garoon are the drill's own and change neither host."""
        return self.changes <= {Change.ENTER_IN_GAROON}

    def unmet(self, state: LabState) -> Iterator[str]:
        """Nothing is said of the guest where the hosts could not be asked for it."""
        if state.machines:
            yield from self._guest(state)
        if not self.disposable:
            yield from self._scenario(state)

    def _guest(self, state: LabState) -> Iterator[str]:
        name, running = self.subject.guest, state.running_on(self.subject.guest)
        if len(running) != 1:
            where = " and ".join(running) or "neither host"
            yield f"The guest {name} runs on {where}; a drill begins with it running on one host."
            return
        wanted = self._wanted_host()
        if wanted is not None and running[0] != wanted and not self._brought_about():
            yield (
                f"The guest {name} runs on {running[0]}, and this drill begins with it on {wanted}: move it first, or, "
                "if the two hosts are exchanged in the site file, correct hosts.master and hosts.replica."
            )

    def _wanted_host(self) -> str | None:
        if self.needs & {Need.GUEST_ON_REPLICA, Need.BACKWARD_REPLICATION}:
            return self.subject.replica
        return self.subject.master if Need.GUEST_ON_MASTER in self.needs else None

    def _brought_about(self) -> bool:
        return self.disposable and Need.GUEST_ON_MASTER not in self.needs

    def _scenario(self, state: LabState) -> Iterator[str]:
        name, scenario = self.subject.scenario, state.scenario(self.subject.scenario)
        if Need.NO_SCENARIO in self.needs:
            if scenario is not None:
                yield f"The scenario {name} is there already ({_told(scenario)}), and this drill creates it."
            return
        if scenario is None and not state.scenarios and self.only_asks and not self.needs & OF_A_SCENARIO:
            return
        if scenario is None:
            there = "; there is " + ", ".join(f"{each.name} ({_told(each)})" for each in state.scenarios)
            yield (
                f"There is no replication scenario named {name}{there if state.scenarios else ', and no other one'}: "
                "correct replication.scenario in the site file."
            )
            return
        if self.subject.guest not in scenario.guests:
            yield f"The scenario {name} protects {', '.join(scenario.guests) or 'no guest'}, not {self.subject.guest}."
        yield from self._state_of(scenario)

    def _state_of(self, scenario: ReplicationScenario) -> Iterator[str]:
        told = f"The scenario {scenario.name} is {_told(scenario)}"
        if scenario.state is ScenarioState.SWITCHING_OVER or (not scenario.settled and not self.only_asks):
            yield f"{told}: wait until it is running or stopped, and begin again."
        elif Need.IDLE_SCENARIO in self.needs and not scenario.at_rest:
            yield f"{told}, and this drill begins with a scenario that has been created and does not run."
        elif Need.FORWARD_REPLICATION in self.needs and not scenario.runs(Direction.FORWARD):
            yield f"{told}, and this drill begins with it running forward: run it first."
        elif Need.BACKWARD_REPLICATION in self.needs and not scenario.runs(Direction.BACKWARD):
            yield f"{told}, and this drill begins with it running backward: run it first."
        if Need.ASSURED_RECOVERY in self.needs and not scenario.assured_recovery:
            yield f"The scenario {scenario.name} was created without Assured Recovery, which this drill tests."


def garoon_unmet(layers: Sequence[Examination], url: str) -> str | None:
    """Why Garoon cannot be drilled, by the outermost layer that does not work; None where all do."""
    broken = next((each for each in layers if not each.sound), None)
    if broken is None:
        return None
    return f"Garoon at {url} does not work before the drill: {broken.layer.value}: {broken.seen.rstrip('.')}."


def _told(scenario: ReplicationScenario) -> str:
    return f"{scenario.state.value}, {scenario.direction.value}, switchover {scenario.switchover.value}"
