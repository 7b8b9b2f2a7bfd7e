"""Abilities of steps that do not speak of nouns yet."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation
from drills.wording import POWER_STATE_TEXTS, SCENARIO_STATE_TEXTS, Text, loose, machine_text, scenario_text
from lab.model.limits import LongWait, Within, at_least
from lab.model.machines import PowerState
from lab.model.replication import ReplicationScenario, ScenarioState
from lab.model.subject import Subject
from lab.ports import HyperV, Replication

AT_REST = {ScenarioState.EDITING, ScenarioState.STOPPED}


def event_appears(
    message: str, minutes: int, course: Course, event_view: EventView, subject: Subject, observation: Observation
) -> None:
    """The guide's own placeholder in a message stands for the replica host's name."""
    message = message.replace("レプリカホスト名", subject.replica)
    wanted = loose(message)
    observation.until(
        lambda: [event for event in event_view.refresh() if event.sequence > course.commanded_after],
        lambda events: any(wanted in loose(event.message) for event in events),
        expected=Text(f"the event «{message}»", f"イベント「{message}」"),
        seen=lambda events: Text(
            "; ".join(event.message for event in events) or "no new event",
            "、".join(event.message for event in events) or "新しいイベントなし",
        ),
        within=at_least(minutes, LongWait.SWITCHOVER),
    )


def await_state(
    state: ScenarioState,
    replication: Replication,
    subject: Subject,
    observation: Observation,
    within: Within,
) -> ReplicationScenario:
    words = SCENARIO_STATE_TEXTS[state]
    scenario = observation.until(
        lambda: replication.scenario(subject.scenario),
        lambda scenario: scenario is not None and scenario.state is state,
        expected=Text(f"the scenario {words.en}", f"シナリオの状態が「{words.ja}」"),
        seen=scenario_text,
        within=within,
        every=timedelta(seconds=15),
    )
    assert scenario is not None
    return scenario


def expect_machine(hyperv: HyperV, name: str, state: PowerState, observation: Observation) -> None:
    """A running machine must also have a heartbeat: a guest that hangs is not running for anybody."""
    machine = hyperv.machine(name)
    words = POWER_STATE_TEXTS[state]
    observation.expect(
        machine is not None and machine.state is state and (state is not PowerState.RUNNING or machine.healthy),
        expected=Text(f"{name} {words.en} on {hyperv.host}", f"{hyperv.host} で {name} が「{words.ja}」"),
        seen=machine_text(machine, hyperv.host),
    )
