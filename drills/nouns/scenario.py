"""The replication scenario of the drill: what the manager lists of it, its statistics, and its commands."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from drills.nouns.event_view import EventView
from drills.nouns.observed import Context, Observed
from drills.observation import handed_on
from drills.wording import by_method, scenario_state, scenario_text, way
from lab.model.limits import LongWait, Within
from lab.model.probing import Mark
from lab.model.replication import (
    Direction,
    Initiation,
    ReplicationScenario,
    ScenarioProperty,
    ScenarioState,
    Synchronization,
    SynchronizationMethod,
    Traffic,
)
from words import Told, sentence

if TYPE_CHECKING:
    from lab.opening import Rha

BETWEEN_LOOKS = timedelta(seconds=15)


class Scenario(Observed[ReplicationScenario | None]):
    """The scenario, which need not exist yet."""

    asked = True

    def __init__(self, rha: Rha, event_view: EventView, context: Context) -> None:
        super().__init__(context)
        self.name = context.subject.scenario
        self._rha = rha
        self.event_view = event_view
        self._noted: Synchronization | None = None

    def now(self) -> ReplicationScenario | None:
        return self._rha.replication.scenario(self.name)

    def told(self, seen: ReplicationScenario | None) -> Told:
        return scenario_text(seen)

    def ask_for_all(self) -> None:
        """Has the Control Service list all its scenarios."""
        self._rha.replication.scenarios()

    def listed(self) -> ReplicationScenario:
        """The scenario, which has to be there."""
        seen = self.expect(lambda scenario: scenario is not None, sentence("steps.scenario.named", name=self.name))
        assert seen is not None
        return seen

    def expect_idle(self) -> None:
        self.expect(
            lambda scenario: scenario is not None and scenario.at_rest,
            sentence("steps.scenario.idle"),
        )

    def expect_running(self, direction: Direction) -> None:
        self.expect(
            lambda scenario: scenario is not None and scenario.runs(direction),
            sentence("steps.scenario.replication", direction=way(direction)),
        )

    def expect_under_way(self, direction: Direction, expected: Told) -> None:
        """Synchronising or running that way."""
        self.expect(lambda scenario: scenario is not None and scenario.under_way(direction), expected)

    def await_state(self, state: ScenarioState, within: Within = LongWait.SYNCHRONIZATION) -> ReplicationScenario:
        seen = self.until(
            lambda scenario: scenario is not None and scenario.state is state,
            sentence("steps.scenario.in_state", state=scenario_state(state)),
            within,
            BETWEEN_LOOKS,
        )
        assert seen is not None
        return seen

    def run(self, method: SynchronizationMethod = SynchronizationMethod.BLOCK) -> None:
        self._rha.replication.run(self.name, method)

    def stop(self) -> None:
        self._rha.replication.stop(self.name)

    def switch_over(self, *, run_reverse: bool = False) -> None:
        """The operator's command, from which the event view's new lines and the report's times are counted."""
        observation = self.context.observation
        self.event_view.count_anew()
        observation.mark(Mark.COMMAND, sentence("steps.scenario.switchover_performed"))
        self.send_switchover(run_reverse=run_reverse)
        self.context.course.switched_over = True
        observation.leave("switchover")

    def send_switchover(self, *, run_reverse: bool = False) -> None:
        """The bare command."""
        self._rha.replication.switch_over(self.name, run_reverse=run_reverse)

    def properties(self) -> tuple[ScenarioProperty, ...]:
        return self._rha.properties.listed(self.name)

    def set_initiation(self, switchover: Initiation, reverse_replication: Initiation) -> None:
        self._rha.properties.set_initiation(self.name, switchover=switchover, reverse_replication=reverse_replication)

    def synchronization(self) -> Synchronization | None:
        return self._rha.statistics.synchronization(self.name)

    def note_synchronization(self) -> None:
        """The last one, from which on none is to take place."""
        self._noted = self.synchronization()
        self.context.observation.leave("synchronization")

    def expect_not_synchronized(self) -> None:
        """Since the last one was noted."""
        self.context.observation.take_up("synchronization")
        before = handed_on(self._noted, sentence("errors.drill.no_figures"))
        now = self.synchronization()
        self.context.observation.expect(
            now == before,
            expected=sentence("steps.synchronization.unchanged", figures=_figures_text(before)),
            seen=_figures_text(now),
        )

    def traffic(self) -> Traffic | None:
        return self._rha.statistics.traffic(self.name)

    def await_copied(self, by: SynchronizationMethod | None = None) -> None:
        """Until synchronisation has ended; then blocks must have been copied, `by` that method where one is wanted."""
        observation = self.context.observation
        figures = observation.until(
            self.synchronization,
            lambda figures: figures is not None and figures.ended is not None,
            expected=sentence("steps.synchronization.ended"),
            seen=_copied_text,
            within=LongWait.SYNCHRONIZATION,
            every=BETWEEN_LOOKS,
            asked=True,
        )
        observation.expect(
            figures is not None and figures.blocks_copied > 0 and by in {None, figures.method},
            expected=sentence("steps.synchronization.copied_by", method=by_method(by))
            if by
            else sentence("steps.synchronization.copied"),
            seen=_copied_text(figures),
        )

    def await_is_alive(self, direction: Direction, within: Within) -> None:
        """The host replicated to monitors the other one."""
        back = Direction.BACKWARD if direction is Direction.FORWARD else Direction.FORWARD
        self.context.observation.until(
            self.now,
            lambda scenario: scenario is not None and scenario.is_alive and scenario.direction is direction,
            expected=sentence("steps.scenario.is_alive_from", direction=way(back)),
            seen=_is_alive_text,
            within=within,
            asked=True,
        )


def _copied_text(figures: Synchronization | None) -> Told:
    if figures is None:
        return sentence("steps.synchronization.none")
    return sentence(
        "steps.synchronization.copied_figures" if figures.ended else "steps.synchronization.copied_so_far",
        copied=figures.blocks_copied,
        compared=figures.blocks_compared,
        method=by_method(figures.method),
    )


def _figures_text(figures: Synchronization | None) -> Told:
    if figures is None:
        return sentence("steps.synchronization.none")
    began = f"{figures.started:%H:%M:%S}" if figures.started else "?"
    return sentence(
        "steps.synchronization.figures",
        blocks_compared=figures.blocks_compared,
        blocks_copied=figures.blocks_copied,
        began=began,
    )


def _is_alive_text(scenario: ReplicationScenario | None) -> Told:
    if scenario and scenario.is_alive:
        return sentence("steps.scenario.is_alive")
    return sentence("steps.scenario.no_is_alive")


class Spool(Observed[Traffic | None]):
    """What the statistics say of blocks that wait, and of those that have been replicated."""

    asked = True

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario.context)
        self._scenario = scenario
        self._replicated_before = 0

    def now(self) -> Traffic | None:
        return self._scenario.traffic()

    def told(self, seen: Traffic | None) -> Told:
        if seen is None:
            return sentence("steps.spool.unknown")
        return sentence("steps.spool.blocks", replicated=seen.replicated, in_spool=seen.in_spool)

    def await_empty(self, within: Within) -> None:
        """From here on, what is replicated counts."""
        empty = sentence("steps.spool.empty")
        traffic = self.until(lambda traffic: traffic is not None and traffic.in_spool == 0, empty, within)
        self._replicated_before = traffic.replicated if traffic is not None else 0
        self.context.observation.leave("spool")

    def await_changes(self, within: Within) -> None:
        expected = sentence("steps.spool.changes")
        self.until(lambda traffic: traffic is not None and traffic.in_spool > 0, expected, within)

    def await_replicated(self, within: Within) -> None:
        """Blocks have been replicated since the spool was empty, and none waits."""
        self.context.observation.take_up("spool")
        before = self._replicated_before
        self.until(
            lambda traffic: traffic is not None and traffic.replicated > before and traffic.in_spool == 0,
            sentence("steps.spool.replicated", before=before),
            within,
            timedelta(seconds=1),
        )
