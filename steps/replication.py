"""Steps about the replication scenario: running, watching, switching over, and what the event view says."""

from __future__ import annotations

import re
from datetime import timedelta

from lab.model.machines import PowerState
from lab.model.replication import Direction, ReplicationScenario, ScenarioState, SynchronizationMethod
from lab.model.subject import Subject
from lab.ports import HyperV, Replication, ScenarioWizard, Statistics
from steps.course import Course, EventView
from steps.machines import expect_machine
from steps.observation import Observation
from steps.vocabulary import given_, then_, when_
from steps.wizard import complete_plan
from steps.wording import SCENARIO_STATE_TEXTS, SCENARIO_STATES, SYNCHRONIZATION_METHODS, Text, scenario_text, word

SYNCHRONIZATION_LIMIT = timedelta(minutes=60)


@when_(en='the scenario is run with the "{method}" synchronisation', ja="同期方法「{method}」でシナリオを実行する")
def run(method: str, replication: Replication, subject: Subject) -> None:
    replication.run(subject.scenario, word(SYNCHRONIZATION_METHODS, method))


@then_(
    en="synchronisation begins and the disk of the virtual machine is copied to the replica host",
    ja="同期が始まり、仮想マシンのディスクがレプリカ ホストにコピーされる",
)
def synchronised(statistics: Statistics, subject: Subject, observation: Observation) -> None:
    await_copied(statistics, subject, observation)


def await_copied(statistics: Statistics, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: statistics.synchronization(subject.scenario),
        lambda figures: figures is not None and figures.ended is not None and figures.blocks_copied > 0,
        expected=Text("synchronisation ended, with blocks copied", "ブロックがコピーされ、同期が完了していること"),
        seen=lambda figures: (
            Text(
                f"{figures.blocks_copied} of {figures.blocks_compared} blocks copied, "
                f"{'ended' if figures.ended else 'not ended'}",
                f"{figures.blocks_compared} ブロック中 {figures.blocks_copied} ブロックをコピー、"
                f"{'完了' if figures.ended else '未完了'}",
            )
            if figures
            else Text("no synchronisation", "同期は行われていない")
        ),
        within=SYNCHRONIZATION_LIMIT,
        every=timedelta(seconds=15),
    )


@then_(
    en='the state of the scenario is "{state}" within {minutes:d} minutes',
    ja="{minutes:d} 分以内にシナリオの状態が「{state}」になる",
)
def reaches_state(
    state: str, minutes: int, replication: Replication, subject: Subject, observation: Observation
) -> None:
    await_state(word(SCENARIO_STATES, state), replication, subject, observation, timedelta(minutes=minutes))


@then_(
    en="the replica host watches the master host by Is Alive within {minutes:d} minutes",
    ja="{minutes:d} 分以内にレプリカ ホストからマスタ ホストへの監視（Is Alive）が始まる",
)
def is_alive(minutes: int, replication: Replication, subject: Subject, observation: Observation) -> None:
    checks = Text("Is Alive checks from replica to master", "レプリカからマスタへの Is Alive 監視")
    await_is_alive(Direction.FORWARD, checks, minutes, replication, subject, observation)


def await_is_alive(
    direction: Direction,
    checks: Text,
    minutes: int,
    replication: Replication,
    subject: Subject,
    observation: Observation,
) -> None:
    observation.until(
        lambda: replication.scenario(subject.scenario),
        lambda scenario: scenario is not None and scenario.is_alive and scenario.direction is direction,
        expected=checks,
        seen=lambda scenario: Text(
            "Is Alive checks run" if scenario and scenario.is_alive else "no Is Alive checks",
            "Is Alive 監視あり" if scenario and scenario.is_alive else "Is Alive 監視なし",
        ),
        within=timedelta(minutes=minutes),
    )


@given_(
    en="the replication scenario runs from the master host to the replica host",
    ja="シナリオがマスタ ホストからレプリカ ホストの方向に実行中である",
)
def runs_forward(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    scenario = replication.scenario(subject.scenario)
    if scenario is None:
        course.plan = complete_plan(master, subject)
        wizard.create(course.plan)
    if scenario is None or scenario.state in {ScenarioState.EDITING, ScenarioState.STOPPED}:
        replication.run(subject.scenario, SynchronizationMethod.BLOCK)
    running = await_state(ScenarioState.RUNNING, replication, subject, observation, SYNCHRONIZATION_LIMIT)
    observation.expect(
        running.direction is Direction.FORWARD,
        expected=Text("replication from master to replica", "マスタからレプリカへのレプリケーション"),
        seen=scenario_text(running),
    )


@when_(
    en="the switchover is performed and confirmed",
    ja="スイッチオーバーを実行し、確認のダイアログで［はい］を選ぶ",
)
def switch_over(
    course: Course,
    replication: Replication,
    master: HyperV,
    event_view: EventView,
    subject: Subject,
    observation: Observation,
) -> None:
    expect_machine(master, subject.guest, PowerState.RUNNING, observation)
    command_switchover(course, replication, event_view, subject, run_reverse=False)


def command_switchover(
    course: Course, replication: Replication, event_view: EventView, subject: Subject, *, run_reverse: bool
) -> None:
    event_view.refresh()
    course.commanded_after = event_view.last
    replication.switch_over(subject.scenario, run_reverse=run_reverse)
    course.switched_over = True


@given_(en="the switchover has been performed", ja="スイッチオーバーが実行されている")
def switchover_performed(course: Course, observation: Observation) -> None:
    observation.expect(
        course.switched_over,
        expected=Text("a switchover performed earlier in this drill", "この訓練でスイッチオーバーが実行済みであること"),
        seen=Text("none was performed", "実行されていない"),
    )


@then_(
    en='the event "{message}" appears within {minutes:d} minutes',
    ja="{minutes:d} 分以内にイベント「{message}」が表示される",
)
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
        within=timedelta(minutes=minutes),
    )


@then_(en="the replication scenario has stopped by itself", ja="シナリオは自動的に停止している")
def stopped_by_itself(replication: Replication, subject: Subject, observation: Observation) -> None:
    await_state(ScenarioState.STOPPED, replication, subject, observation, timedelta(minutes=2))


@given_(en="the virtual machine runs on the replica host", ja="仮想マシンがレプリカ ホストで実行中である")
def runs_on_replica(replica: HyperV, subject: Subject, observation: Observation) -> None:
    expect_machine(replica, subject.guest, PowerState.RUNNING, observation)


def await_state(
    state: ScenarioState,
    replication: Replication,
    subject: Subject,
    observation: Observation,
    within: timedelta,
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


def loose(message: str) -> str:
    """Spacing, angle brackets and the final full stop vary between the vendor's own texts."""
    return re.sub(r"[\s<>]", "", message).rstrip("。")
