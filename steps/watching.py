"""Steps about the watch by Is Alive: the countdown after a fault, attempts to start the guest, who waits for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation, handed_on
from drills.scenario_plan import complete_plan
from drills.vocabulary import given_, then_, when_
from drills.wording import INITIATION_TEXTS, INITIATIONS, Text, machine_text, scenario_text
from lab.errors import ConnectionLost, HostUnreachable
from lab.model.limits import LongWait, at_least
from lab.model.machines import StopMode, VirtualMachine
from lab.model.replication import Direction, Initiation, RhaEvent, ScenarioState, Severity, SynchronizationMethod
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Clock, HyperV, Replication, ScenarioWizard
from steps.replication import await_state, command_switchover, loose


@given_(
    en='a replication scenario that starts switchover "{switchover}" has been created and is not running yet',
    ja="スイッチオーバーの開始が「{switchover}」のシナリオが作成済みで、まだ実行されていない",
    words={"switchover": INITIATIONS},
    needs=(Need.IDLE_SCENARIO,),
)
def created_with_initiation(
    switchover: Initiation,
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    if course.disposable and replication.scenario(subject.scenario) is None:
        course.plan = complete_plan(master.machine(subject.guest), subject, switchover=switchover)
        wizard.create(course.plan)
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None
        and scenario.switchover is switchover
        and scenario.state in {ScenarioState.EDITING, ScenarioState.STOPPED},
        expected=Text(
            f"a scenario that does not run and starts switchover {INITIATION_TEXTS[switchover].en}",
            f"スイッチオーバーの開始が「{INITIATION_TEXTS[switchover].ja}」で、実行されていないシナリオ",
        ),
        seen=scenario_text(scenario),
    )


@given_(
    en='the replication scenario runs, starts switchover "{switchover}", and the replica host monitors the master host',
    ja="スイッチオーバーの開始が「{switchover}」のシナリオが実行中で、レプリカ ホストがマスタ ホストを監視している",
    words={"switchover": INITIATIONS},
    needs=(Need.FORWARD_REPLICATION, Need.GUEST_ON_MASTER),
)
def runs_watched(
    switchover: Initiation,
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    scenario = replication.scenario(subject.scenario)
    if course.disposable and (scenario is None or scenario.state is not ScenarioState.RUNNING):
        created_with_initiation(switchover, course, replication, wizard, master, subject, observation)
        replication.run(subject.scenario, SynchronizationMethod.BLOCK)
    await_state(ScenarioState.RUNNING, replication, subject, observation, LongWait.SYNCHRONIZATION)
    observation.until(
        lambda: replication.scenario(subject.scenario),
        lambda scenario: (
            scenario is not None
            and scenario.is_alive
            and scenario.direction is Direction.FORWARD
            and scenario.switchover is switchover
        ),
        expected=Text(
            f"Is Alive checks from replica to master, switchover started {INITIATION_TEXTS[switchover].en}",
            f"レプリカからマスタへの Is Alive 監視、スイッチオーバーの開始は「{INITIATION_TEXTS[switchover].ja}」",
        ),
        seen=scenario_text,
        within=LongWait.IS_ALIVE,
    )


@then_(en="the master host no longer responds", ja="マスタ ホストが応答しなくなる")
def master_is_silent(master: HyperV, subject: Subject, observation: Observation) -> None:
    answer = _unanswered(master)
    observation.expect(
        answer is not None,
        expected=Text(f"no answer from {subject.master}", f"{subject.master} から応答がないこと"),
        seen=Text(answer or "it answers", answer or "応答あり"),
    )


@then_(
    en="the master host responds again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストが再び応答する",
)
def master_answers(minutes: int, master: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        master.machines,
        lambda _: True,
        expected=Text(f"an answer from {subject.master}", f"{subject.master} からの応答"),
        seen=lambda machines: Text(f"{len(machines)} virtual machines", f"仮想マシン {len(machines)} 台"),
        within=at_least(minutes, LongWait.REBOOT),
    )


@then_(
    en="the countdown to the switchover begins within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスイッチオーバーまでのカウントダウンが始まる",
)
def countdown_begins(
    minutes: int, course: Course, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    await_event(
        "switchover_countdown",
        Text("the countdown in the event view", "イベント ビューのカウントダウン"),
        minutes,
        course,
        event_view,
        observation,
    )
    course.countdown_began = clock.now()


@given_(en="the countdown to the switchover has begun", ja="スイッチオーバーまでのカウントダウンが始まっている")
def countdown_has_begun(course: Course, observation: Observation) -> None:
    observation.expect(
        course.countdown_began is not None,
        expected=Text("a countdown earlier in this drill", "この訓練でカウントダウンが始まっていること"),
        seen=Text("there was none", "始まっていない"),
    )


@then_(
    en="the switchover starts automatically {seconds:Seconds} seconds (± {tolerance:Allowance}) "
    "after the countdown began",
    ja="カウントダウンの開始から {seconds:Seconds} 秒後（誤差 {tolerance:Allowance} 秒以内）に"
    "スイッチオーバーが自動的に始まる",
)
def starts_at_zero(
    seconds: int, tolerance: int, course: Course, event_view: EventView, clock: Clock, observation: Observation
) -> None:
    began = handed_on(course.countdown_began, "no countdown was seen to begin in this drill")
    await_event(
        "switchover_started",
        Text("a switchover that starts by itself", "スイッチオーバーが自動的に始まること"),
        (seconds + tolerance) // 60 + 5,
        course,
        event_view,
        observation,
    )
    course.switched_over = True
    took = (clock.now() - began).total_seconds()
    observation.expect(
        abs(took - seconds) <= tolerance,
        expected=Text(f"after {seconds} s, give or take {tolerance} s", f"{seconds} 秒後（誤差 {tolerance} 秒以内）"),
        seen=Text(f"after {took:.0f} s", f"{took:.0f} 秒後"),
    )


@then_(
    en="RHA tries to start the virtual machine on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストでゲスト OS の起動が試行される",
)
def start_attempted(minutes: int, course: Course, event_view: EventView, observation: Observation) -> None:
    await_event(
        "guest_start_attempted",
        Text("an attempt to start the guest on the master host", "マスタ ホストでのゲスト OS の起動の試行"),
        minutes,
        course,
        event_view,
        observation,
    )


@then_(
    en="the virtual machine runs on the master host again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に仮想マシンがマスタ ホストで再び実行中になる",
)
def runs_again(minutes: int, master: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: master.machine(subject.guest),
        lambda machine: machine is not None and machine.healthy,
        expected=Text(f"{subject.guest} running on {subject.master}", f"{subject.guest} が {subject.master} で実行中"),
        seen=lambda machine: machine_text(machine, subject.master),
        within=at_least(minutes, LongWait.SWITCHOVER),
    )


@then_(
    en="the switchover is aborted within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスイッチオーバー処理が中断される",
)
def called_off(
    minutes: int,
    course: Course,
    event_view: EventView,
    replication: Replication,
    replica: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    await_event(
        "switchover_called_off",
        Text("the switchover called off", "スイッチオーバー処理の中断"),
        minutes,
        course,
        event_view,
        observation,
    )
    expect_unmoved(course, event_view, replication, replica, subject, observation)


@then_(en="the virtual machine does not run on the replica host", ja="レプリカ ホストでは仮想マシンが実行されていない")
def not_on_replica(replica: HyperV, subject: Subject, observation: Observation) -> None:
    machine = replica.machine(subject.guest)
    observation.expect(
        machine is None or not machine.running,
        expected=Text(
            f"no {subject.guest} on {subject.replica}", f"{subject.replica} に実行中の {subject.guest} がない"
        ),
        seen=machine_text(machine, subject.replica),
    )


@then_(
    en="the heartbeat of the virtual machine is lost while it runs on the master host",
    ja="マスタ ホストで仮想マシンは実行中のまま、ハートビートが途絶えている",
)
def heartbeat_lost(master: HyperV, subject: Subject, observation: Observation) -> None:
    machine = master.machine(subject.guest)
    observation.expect(
        machine is not None and machine.running and not machine.healthy,
        expected=Text("running, without a heartbeat", "実行中、ハートビートなし"),
        seen=machine_text(machine, subject.master),
    )


@then_(
    en='the error {code:Code} "{message}" appears within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にエラー {code:Code}「{message}」が表示される",
)
def error_appears(
    code: str, message: str, minutes: int, course: Course, event_view: EventView, observation: Observation
) -> None:
    observation.until(
        lambda: new_events(course, event_view),
        lambda events: any(
            event.code == code and event.severity is Severity.ERROR and loose(event.message) == loose(message)
            for event in events
        ),
        expected=Text(f"the error {code} «{message}»", f"エラー {code}「{message}」"),
        seen=_last,
        within=timedelta(minutes=minutes),
    )


@then_(
    en="no switchover takes place for {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分間待ってもスイッチオーバーは実行されない",
)
def nothing_moves(
    minutes: int,
    course: Course,
    event_view: EventView,
    replication: Replication,
    replica: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    observation.throughout(
        lambda: expect_unmoved(course, event_view, replication, replica, subject, observation), minutes=minutes
    )


@when_(
    en="the operator checks the state of the master host, then performs and confirms the switchover",
    ja="運用担当者がマスタ ホストの状態を確認してからスイッチオーバーを実行し、［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
)
def perform_needed_switchover(
    course: Course,
    replication: Replication,
    master: HyperV,
    event_view: EventView,
    subject: Subject,
    observation: Observation,
) -> None:
    """The judgement: the master does not answer, or its guest is not well."""
    unanswered = _unanswered(master)
    machine = None if unanswered else master.machine(subject.guest)
    observation.expect(
        not _healthy(machine),
        expected=Text(f"a fault of {subject.master} or its guest", f"{subject.master} またはそのゲスト OS の障害"),
        seen=machine_text(machine, subject.master),
    )
    command_switchover(course, replication, event_view, subject, observation, run_reverse=False)


@then_(
    en="the virtual machine runs on both hosts (split brain)",
    ja="仮想マシンが両方のホストで実行されている（スプリット ブレイン）",
)
def split_brain(master: HyperV, replica: HyperV, subject: Subject, observation: Observation) -> None:
    seen = [machine_text(hyperv.machine(subject.guest), hyperv.host) for hyperv in (master, replica)]
    both = Text("; ".join(text.en for text in seen), "、".join(text.ja for text in seen))
    observation.expect(
        all(_healthy(hyperv.machine(subject.guest)) for hyperv in (master, replica)),
        expected=Text(f"{subject.guest} running on both hosts", f"{subject.guest} が両方のホストで実行中"),
        seen=both,
    )
    observation.note(Text(f"SPLIT BRAIN: {both.en}", f"スプリット ブレイン: {both.ja}"))


@when_(
    en="the virtual machine on the replica host is turned off",
    ja="レプリカ ホストの仮想マシンの電源を切る",
    changes=(Change.STOP_GUEST,),
)
def turn_off_on_replica(replica: HyperV, subject: Subject) -> None:
    replica.stop(subject.guest, StopMode.TURN_OFF)


def await_event(
    kind: str, what: Text, minutes: int, course: Course, event_view: EventView, observation: Observation
) -> None:
    """An event of that kind, as the profile knows it, that is newer than the fault."""
    observation.until(
        lambda: new_events(course, event_view),
        lambda events: any(event.kind == kind for event in events),
        expected=what,
        seen=_last,
        within=timedelta(minutes=minutes),
    )


def new_events(course: Course, event_view: EventView) -> list[RhaEvent]:
    return [event for event in event_view.refresh() if event.sequence > course.commanded_after]


def expect_unmoved(
    course: Course,
    event_view: EventView,
    replication: Replication,
    replica: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    """No event of a switchover, the scenario running forward, and no guest on the replica host."""
    not_on_replica(replica, subject, observation)
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None
        and scenario.state is ScenarioState.RUNNING
        and scenario.direction is Direction.FORWARD
        and not any(event.kind == "switchover_started" for event in new_events(course, event_view)),
        expected=Text("the scenario running from master to replica", "マスタからレプリカへのシナリオが実行中"),
        seen=scenario_text(scenario),
    )


def _last(events: list[RhaEvent]) -> Text:
    text = events[-1].message if events else ""
    return Text(
        f"last event: {text}" if text else "no new event", f"最後のイベント: {text}" if text else "新しいイベントなし"
    )


def _healthy(machine: VirtualMachine | None) -> bool:
    return machine is not None and machine.healthy


def _unanswered(host: HyperV) -> str | None:
    """Why the host does not answer; nothing when it does."""
    look: Callable[[], object] = host.machines
    try:
        look()
    except (HostUnreachable, ConnectionLost) as unanswered:
        return str(unanswered)
    return None
