"""Steps about the replication scenario: running, watching, switching over, and what the event view says."""

from __future__ import annotations

import re
from datetime import timedelta

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation
from drills.scenario_plan import complete_plan
from drills.vocabulary import given_, then_, when_
from drills.wording import (
    METHOD_TEXTS,
    SCENARIO_STATE_TEXTS,
    SCENARIO_STATES,
    SYNCHRONIZATION_METHODS,
    Text,
    scenario_text,
)
from lab.model.limits import LongWait, Within, at_least
from lab.model.machines import PowerState
from lab.model.probing import Mark
from lab.model.replication import (
    Direction,
    ReplicationScenario,
    ScenarioState,
    Synchronization,
    SynchronizationMethod,
)
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock, HyperV, Replication, ScenarioWizard, Statistics
from steps.machines import expect_machine

AT_REST = {ScenarioState.EDITING, ScenarioState.STOPPED}


@when_(
    en='the scenario is run with "{method}" synchronisation',
    ja="同期方法「{method}」でシナリオを実行する",
    words={"method": SYNCHRONIZATION_METHODS},
    changes=(Change.RUN_SCENARIO,),
)
def run(method: SynchronizationMethod, replication: Replication, subject: Subject) -> None:
    replication.run(subject.scenario, method)


@then_(en="synchronisation begins within {minutes:Minutes} minutes", ja="{minutes:Minutes} 分以内に同期が始まる")
def synchronisation_begins(
    minutes: int, replication: Replication, statistics: Statistics, subject: Subject, observation: Observation
) -> None:
    """Both the scenario's state and the statistics have to show it."""
    observation.until(
        lambda: (replication.scenario(subject.scenario), statistics.synchronization(subject.scenario)),
        lambda seen: seen[0] is not None and seen[0].state not in AT_REST and seen[1] is not None,
        expected=Text("synchronisation begun", "同期が始まっていること"),
        seen=lambda seen: scenario_text(seen[0]),
        within=timedelta(minutes=minutes),
    )


@given_(en="the scenario has been run", ja="シナリオが実行されている", needs=(Need.FORWARD_REPLICATION,))
def has_been_run(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    """Runs it where it is at rest and the drill was begun midway."""
    if course.begun_midway and course.disposable:
        run_where_at_rest(course, replication, wizard, master, subject)
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.state not in AT_REST,
        expected=Text("a scenario that has been run", "シナリオが実行されていること"),
        seen=scenario_text(scenario),
    )


@then_(
    en='the disk of the virtual machine is copied to the replica host by "{method}" synchronisation',
    ja="同期方法「{method}」で仮想マシンのディスクがレプリカ ホストにコピーされる",
    words={"method": SYNCHRONIZATION_METHODS},
)
def synchronised(
    method: SynchronizationMethod, statistics: Statistics, subject: Subject, observation: Observation
) -> None:
    await_copied(statistics, subject, observation, by=method)


def await_copied(
    statistics: Statistics, subject: Subject, observation: Observation, *, by: SynchronizationMethod | None = None
) -> None:
    """Until synchronisation has ended; then blocks must have been copied, `by` that method where one is wanted."""
    figures = observation.until(
        lambda: statistics.synchronization(subject.scenario),
        lambda figures: figures is not None and figures.ended is not None,
        expected=Text("synchronisation ended", "同期が完了していること"),
        seen=_figures_text,
        within=LongWait.SYNCHRONIZATION,
        every=timedelta(seconds=15),
    )
    observation.expect(
        figures is not None and figures.blocks_copied > 0 and by in {None, figures.method},
        expected=Text(f"blocks copied{f' by {by.value}' if by else ''}", "ブロックがコピーされていること"),
        seen=_figures_text(figures),
    )


def _figures_text(figures: Synchronization | None) -> Text:
    if figures is None:
        return Text("no synchronisation", "同期は行われていない")
    return Text(
        f"{figures.blocks_copied} of {figures.blocks_compared} blocks copied by {figures.method.value}, "
        f"{'ended' if figures.ended else 'not ended'}",
        f"{METHOD_TEXTS[figures.method].ja}同期、比較 {figures.blocks_compared}、コピー {figures.blocks_copied}、"
        f"{'完了' if figures.ended else '未完了'}",
    )


@then_(
    en='the state of the scenario is "{state}" within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にシナリオの状態が「{state}」になる",
    words={"state": SCENARIO_STATES},
)
def reaches_state(
    state: ScenarioState, minutes: int, replication: Replication, subject: Subject, observation: Observation
) -> None:
    await_state(state, replication, subject, observation, at_least(minutes, LongWait.SYNCHRONIZATION))


@then_(
    en="the replica host monitors the master host by Is Alive within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にレプリカ ホストからマスタ ホストへの監視（Is Alive）が始まる",
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
        within=at_least(minutes, LongWait.IS_ALIVE),
    )


@given_(
    en="the replication scenario runs from the master host to the replica host",
    ja="シナリオがマスタ ホストからレプリカ ホストの方向に実行中である",
    needs=(Need.FORWARD_REPLICATION, Need.GUEST_ON_MASTER),
)
def runs_forward(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    """In a lab that is gone with the run it is created and run where it is missing or at rest."""
    if course.disposable:
        run_where_at_rest(course, replication, wizard, master, subject)
    running = await_state(ScenarioState.RUNNING, replication, subject, observation, LongWait.SYNCHRONIZATION)
    observation.expect(
        running.direction is Direction.FORWARD,
        expected=Text("replication from master to replica", "マスタからレプリカへのレプリケーション"),
        seen=scenario_text(running),
    )


@when_(
    en="the switchover is performed and confirmed",
    ja="スイッチオーバーを実行し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
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
    command_switchover(course, replication, event_view, subject, observation, run_reverse=False)


def command_switchover(
    course: Course,
    replication: Replication,
    event_view: EventView,
    subject: Subject,
    observation: Observation,
    *,
    run_reverse: bool,
) -> None:
    event_view.refresh()
    course.commanded_after = event_view.last
    observation.mark(
        Mark.COMMAND, Text("the operator performs the switchover", "運用担当者によるスイッチオーバーの実行")
    )
    replication.switch_over(subject.scenario, run_reverse=run_reverse)
    course.switched_over = True


@then_(
    en="the switchover begins within {minutes:Minutes} minutes", ja="{minutes:Minutes} 分以内にスイッチオーバーが始まる"
)
def switchover_begins(minutes: int, replication: Replication, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: replication.scenario(subject.scenario),
        lambda scenario: scenario is not None and scenario.state is not ScenarioState.RUNNING,
        expected=Text("a scenario that no longer just runs", "シナリオが「実行中」のままではないこと"),
        seen=scenario_text,
        within=timedelta(minutes=minutes),
    )


@then_(
    en='the event "{message}" appears within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にイベント「{message}」が表示される",
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
        within=at_least(minutes, LongWait.SWITCHOVER),
    )


@then_(en="the replication scenario has stopped automatically", ja="シナリオは自動的に停止している")
def stopped_by_itself(replication: Replication, subject: Subject, observation: Observation) -> None:
    await_state(ScenarioState.STOPPED, replication, subject, observation, timedelta(minutes=2))


@then_(
    en="{minutes:Minutes} minutes later reverse replication has not started",
    ja="{minutes:Minutes} 分後もリバース レプリケーションは実行されていない",
)
def still_stopped(
    minutes: int, clock: Clock, replication: Replication, subject: Subject, observation: Observation
) -> None:
    clock.sleep(timedelta(minutes=minutes))
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.state is ScenarioState.STOPPED,
        expected=Text("the scenario still stopped", "シナリオが「停止」のままであること"),
        seen=scenario_text(scenario),
    )


def run_where_at_rest(
    course: Course, replication: Replication, wizard: ScenarioWizard, master: HyperV, subject: Subject
) -> None:
    """Creates the scenario with the guide's choices where it is missing, and runs it unless it is under way."""
    scenario = replication.scenario(subject.scenario)
    if scenario is None:
        course.plan = complete_plan(master.machine(subject.guest), subject)
        wizard.create(course.plan)
    if scenario is None or scenario.state in AT_REST:
        replication.run(subject.scenario, SynchronizationMethod.BLOCK)


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


def loose(message: str) -> str:
    """Spacing, angle brackets and the final full stop vary between the vendor's own texts."""
    return re.sub(r"[\s<>]", "", message).rstrip("。")
