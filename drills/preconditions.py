"""Preconditions of a drill, judged from the observed state of the lab; each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drills.wording import initiation, scenario_state, way
from lab.model.garoon import Examination
from lab.model.replication import Direction, ReplicationScenario, ScenarioState
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from words import Listed, Told, sentence

MOST_NAMES = 12
"""Of virtual machines that a finding lists."""
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

    def unmet(self, state: LabState) -> Iterator[Told]:
        """Nothing is said of the guest where the hosts could not be asked for it."""
        if state.machines:
            yield from self._guest(state)
        if not self.disposable:
            yield from self._scenario(state)

    def _guest(self, state: LabState) -> Iterator[Told]:
        name, running = self.subject.guest, state.running_on(self.subject.guest)
        if len(running) != 1:
            where = (
                sentence("preconditions.both", one=running[0], other=running[1]) if running else _nowhere(name, state)
            )
            yield sentence("preconditions.guest_elsewhere", name=name, where=where)
            return
        wanted = self._wanted_host()
        if wanted is not None and running[0] != wanted and not self._brought_about():
            yield sentence("preconditions.guest_moved", name=name, running=running[0], wanted=wanted)

    def _wanted_host(self) -> str | None:
        if self.needs & {Need.GUEST_ON_REPLICA, Need.BACKWARD_REPLICATION}:
            return self.subject.replica
        return self.subject.master if Need.GUEST_ON_MASTER in self.needs else None

    def _brought_about(self) -> bool:
        return self.disposable and Need.GUEST_ON_MASTER not in self.needs

    def _scenario(self, state: LabState) -> Iterator[Told]:
        name, scenario = self.subject.scenario, state.scenario(self.subject.scenario)
        if Need.NO_SCENARIO in self.needs:
            if scenario is not None:
                yield sentence("preconditions.scenario_there", name=name, state=_told(scenario))
            return
        if scenario is None and not state.scenarios and self.only_asks and not self.needs & OF_A_SCENARIO:
            return
        if scenario is None and state.scenarios:
            others = tuple(
                sentence("preconditions.named", name=each.name, state=_told(each)) for each in state.scenarios
            )
            yield sentence("preconditions.other_scenarios", name=name, others=others)
            return
        if scenario is None:
            yield sentence("preconditions.no_scenario", name=name)
            return
        if self.subject.guest not in scenario.guests:
            guests = ", ".join(scenario.guests) or sentence("preconditions.no_guest")
            yield sentence("preconditions.unprotected", name=name, guests=guests, guest=self.subject.guest)
        yield from self._state_of(scenario)

    def _state_of(self, scenario: ReplicationScenario) -> Iterator[Told]:
        about = {"name": scenario.name, "state": _told(scenario)}
        if scenario.state is ScenarioState.SWITCHING_OVER or (not scenario.settled and not self.only_asks):
            yield sentence("preconditions.settle", **about)
        elif Need.IDLE_SCENARIO in self.needs and not scenario.at_rest:
            yield sentence("preconditions.idle", **about)
        elif Need.FORWARD_REPLICATION in self.needs and not scenario.runs(Direction.FORWARD):
            there = scenario.direction is Direction.FORWARD
            yield sentence(f"preconditions.{'run_forward' if there else 'switch_back'}", **about)
        elif Need.BACKWARD_REPLICATION in self.needs and not scenario.runs(Direction.BACKWARD):
            there = scenario.direction is Direction.BACKWARD
            yield sentence(f"preconditions.{'run_backward' if there else 'switch_over'}", **about)
        if Need.ASSURED_RECOVERY in self.needs and not scenario.assured_recovery:
            yield sentence("preconditions.no_test", name=scenario.name)


def garoon_unmet(layers: Sequence[Examination], url: str) -> Told | None:
    """Why Garoon cannot be drilled, by the outermost layer that does not work; None where all do."""
    broken = next((each for each in layers if not each.sound), None)
    if broken is None:
        return None
    layer = sentence(f"garoon_layer.{broken.layer.value}")
    return sentence("preconditions.garoon", url=url, layer=layer, seen=broken.seen)


def _nowhere(name: str, state: LabState) -> Told:
    """A guest that no host has, as where its name is mistyped, is told with those that are there."""
    if any(state.machine(host, name) for host in state.machines):
        return sentence("preconditions.neither")
    there = tuple(
        sentence("preconditions.machines", host=host, names=_few(tuple(each.name for each in machines)))
        for host, machines in state.machines.items()
    )
    return sentence("preconditions.nowhere", there=Listed(there))


def _few(names: tuple[str, ...]) -> object:
    if not names:
        return sentence("preconditions.no_guest")
    return names if len(names) <= MOST_NAMES else (*names[:MOST_NAMES], "…")


def _told(scenario: ReplicationScenario) -> Told:
    return sentence(
        "preconditions.state",
        state=scenario_state(scenario.state),
        direction=way(scenario.direction),
        switchover=initiation(scenario.switchover),
    )
