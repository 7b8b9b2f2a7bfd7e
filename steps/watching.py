"""Steps about the watch by Is Alive: the countdown after a fault, attempts to start the guest, who waits for whom."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.nouns.earlier import EarlierChapters
from drills.nouns.event_view import EventView
from drills.nouns.guest import Guest
from drills.nouns.host import Hosts
from drills.nouns.scenario import Scenario
from drills.observation import Observation, handed_on
from drills.vocabulary import given_, then_, when_
from drills.wording import INITIATIONS, initiation, loose
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState, StopMode
from lab.model.replication import Direction, Initiation, ScenarioState, Severity
from lab.model.undertakings import Change, Need
from words import Listed, sentence


@given_(
    en='a replication scenario that starts switchover "{switchover}" has been created and is not running yet',
    ja="スイッチオーバーの開始が「{switchover}」のシナリオが作成済みで、まだ実行されていない",
    words={"switchover": INITIATIONS},
    needs=(Need.IDLE_SCENARIO,),
)
def created_with_initiation(switchover: Initiation, earlier: EarlierChapters, scenario: Scenario) -> None:
    earlier.create(switchover)
    scenario.expect(
        lambda scenario: scenario is not None and scenario.switchover is switchover and scenario.at_rest,
        sentence("steps.scenario.idle_with", switchover=initiation(switchover)),
    )


@given_(
    en='the replication scenario runs, starts switchover "{switchover}", and the replica host monitors the master host',
    ja="スイッチオーバーの開始が「{switchover}」のシナリオが実行中で、レプリカ ホストがマスタ ホストを監視している",
    words={"switchover": INITIATIONS},
    needs=(Need.FORWARD_REPLICATION, Need.GUEST_ON_MASTER),
)
def runs_watched(switchover: Initiation, course: Course, earlier: EarlierChapters, scenario: Scenario) -> None:
    found = scenario.now()
    if course.disposable and (found is None or found.state is not ScenarioState.RUNNING):
        created_with_initiation(switchover, earlier, scenario)
        scenario.run()
    scenario.await_state(ScenarioState.RUNNING)
    scenario.until(
        lambda scenario: (
            scenario is not None
            and scenario.is_alive
            and scenario.direction is Direction.FORWARD
            and scenario.switchover is switchover
        ),
        sentence("steps.scenario.watched", switchover=initiation(switchover)),
        LongWait.IS_ALIVE,
    )


@then_(en="the master host no longer responds", ja="マスタ ホストが応答しなくなる")
def master_is_silent(hosts: Hosts) -> None:
    hosts[HostRole.MASTER].expect_silent()


@then_(
    en="the master host responds again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストが再び応答する",
)
def master_answers(minutes: int, hosts: Hosts) -> None:
    hosts[HostRole.MASTER].await_answer(at_least(minutes, LongWait.REBOOT))


@then_(
    en="the countdown to the switchover begins within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスイッチオーバーまでのカウントダウンが始まる",
)
def countdown_begins(minutes: int, course: Course, event_view: EventView) -> None:
    countdown = sentence("steps.countdown.event")
    course.countdown_began = event_view.await_kind("switchover_countdown", countdown, minutes)
    event_view.context.observation.leave("countdown")


@given_(en="the countdown to the switchover has begun", ja="スイッチオーバーまでのカウントダウンが始まっている")
def countdown_has_begun(course: Course, observation: Observation) -> None:
    observation.take_up("countdown")
    observation.expect(
        course.countdown_began is not None,
        expected=sentence("steps.countdown.begun"),
        seen=sentence("steps.countdown.not_begun"),
    )


@then_(
    en="the switchover starts automatically {seconds:Seconds} seconds (± {tolerance:Allowance}) "
    "after the countdown began",
    ja="カウントダウンの開始から {seconds:Seconds} 秒後（誤差 {tolerance:Allowance} 秒以内）に"
    "スイッチオーバーが自動的に始まる",
)
def starts_at_zero(
    seconds: int, tolerance: int, course: Course, event_view: EventView, observation: Observation
) -> None:
    observation.take_up("countdown")
    began = handed_on(course.countdown_began, sentence("errors.drill.no_countdown"))
    by_itself = sentence("steps.countdown.switchover")
    started = event_view.await_kind("switchover_started", by_itself, (seconds + tolerance) // 60 + 5)
    course.switched_over = True
    observation.leave("switchover")
    took = started.since(began).total_seconds()
    observation.expect(
        abs(took - seconds) <= tolerance,
        expected=sentence("steps.countdown.after", seconds=seconds, tolerance=tolerance),
        seen=sentence("steps.countdown.took", took=f"{took:.0f}"),
    )


@then_(
    en="RHA tries to start the virtual machine on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストでゲスト OS の起動が試行される",
)
def start_attempted(minutes: int, event_view: EventView) -> None:
    attempt = sentence("steps.countdown.start_attempt")
    event_view.await_kind("guest_start_attempted", attempt, minutes)


@then_(
    en="the virtual machine runs on the master host again within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に仮想マシンがマスタ ホストで再び実行中になる",
)
def runs_again(minutes: int, master_guest: Guest) -> None:
    master_guest.await_state(PowerState.RUNNING, at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en="the switchover is aborted within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスイッチオーバー処理が中断される",
)
def called_off(minutes: int, event_view: EventView, scenario: Scenario, replica_guest: Guest) -> None:
    event_view.await_kind("switchover_called_off", sentence("steps.countdown.called_off"), minutes)
    expect_unmoved(event_view, scenario, replica_guest)


@then_(en="the virtual machine does not run on the replica host", ja="レプリカ ホストでは仮想マシンが実行されていない")
def not_on_replica(replica_guest: Guest) -> None:
    replica_guest.expect_not_running()


@then_(
    en="the heartbeat of the virtual machine is lost while it runs on the master host",
    ja="マスタ ホストで仮想マシンは実行中のまま、ハートビートが途絶えている",
)
def heartbeat_lost(master_guest: Guest) -> None:
    master_guest.expect(
        lambda machine: machine is not None and machine.running and not machine.healthy,
        sentence("steps.guest.no_heartbeat"),
    )


@then_(
    en='the error {code:Code} "{message}" appears within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内にエラー {code:Code}「{message}」が表示される",
)
def error_appears(code: str, message: str, minutes: int, event_view: EventView) -> None:
    event_view.until(
        lambda events: any(
            event.code == code and event.severity is Severity.ERROR and loose(event.message) == loose(message)
            for event in events
        ),
        sentence("steps.events.error", code=code, message=message),
        timedelta(minutes=minutes),
    )


@then_(
    en="no switchover takes place for {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分間待ってもスイッチオーバーは実行されない",
)
def nothing_moves(
    minutes: int, event_view: EventView, scenario: Scenario, replica_guest: Guest, observation: Observation
) -> None:
    observation.throughout(lambda: expect_unmoved(event_view, scenario, replica_guest), minutes=minutes)


@when_(
    en="the operator checks the state of the master host, then performs and confirms the switchover",
    ja="運用担当者がマスタ ホストの状態を確認してからスイッチオーバーを実行し、［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
)
def perform_needed_switchover(hosts: Hosts, master_guest: Guest, scenario: Scenario, observation: Observation) -> None:
    """The judgement: the master does not answer, or its guest is not well."""
    host = hosts[HostRole.MASTER]
    machine = None if host.silence() else master_guest.now()
    observation.expect(
        machine is None or not machine.healthy,
        expected=sentence("steps.host.fault", name=host.name),
        seen=master_guest.told(machine),
    )
    scenario.switch_over()


@then_(
    en="the virtual machine runs on both hosts (split brain)",
    ja="仮想マシンが両方のホストで実行されている（スプリット ブレイン）",
)
def split_brain(master_guest: Guest, replica_guest: Guest, observation: Observation) -> None:
    guests = (master_guest, replica_guest)
    both = Listed(tuple(guest.told(guest.now()) for guest in guests))
    name = master_guest.name
    observation.expect(
        all(guest.healthy for guest in guests),
        expected=sentence("steps.guest.on_both", name=name),
        seen=both,
    )
    observation.note(sentence("steps.guest.split_brain", both=both))


@when_(
    en="the virtual machine on the replica host is turned off",
    ja="レプリカ ホストの仮想マシンの電源を切る",
    changes=(Change.STOP_GUEST,),
)
def turn_off_on_replica(replica_guest: Guest) -> None:
    replica_guest.stop(StopMode.TURN_OFF)


def expect_unmoved(event_view: EventView, scenario: Scenario, replica_guest: Guest) -> None:
    """No event of a switchover, the scenario running forward, and no guest on the replica host."""
    replica_guest.expect_not_running()
    scenario.expect(
        lambda scenario: (
            scenario is not None
            and scenario.runs(Direction.FORWARD)
            and not any(event.kind == "switchover_started" for event in event_view.now())
        ),
        sentence("steps.scenario.runs_forward"),
    )
