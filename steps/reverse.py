"""Steps of guide chapter 5: reverse replication and switchback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation, kept
from drills.readiness import capture_state
from drills.vocabulary import given_, then_, when_
from drills.wording import (
    METHOD_TEXTS,
    POWER_STATE_TEXTS,
    SYNCHRONIZATION_METHODS,
    Text,
    findings_text,
    machine_text,
    scenario_text,
)
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, Within, at_least
from lab.model.machines import PowerState, StopMode, VirtualMachine
from lab.model.replication import Direction, Finding, SynchronizationMethod
from lab.model.state import differences
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.ports import HyperV, Replication, Statistics, Windows
from steps.machines import expect_machine
from steps.replication import await_copied, await_is_alive, command_switchover

POWER_LIMIT = at_least(10, LongWait.SWITCHOVER)


# Reverse replication (5-1) -------------------------------------------------------------------------------------------


@when_(
    en="the virtual machine on the replica host is shut down",
    ja="レプリカ ホストの仮想マシンをシャットダウンする",
    changes=(Change.STOP_GUEST,),
)
def shut_down_on_replica(replica: HyperV, subject: Subject, observation: Observation) -> None:
    replica.stop(subject.guest, StopMode.SHUT_DOWN)
    await_power(replica, subject.guest, PowerState.OFF, observation)


@when_(
    en="the virtual machine on the replica host is started",
    ja="レプリカ ホストの仮想マシンを起動する",
    changes=(Change.START_GUEST,),
)
def start_on_replica(replica: HyperV, subject: Subject, observation: Observation) -> None:
    replica.start(subject.guest)
    await_power(replica, subject.guest, PowerState.RUNNING, observation)


@then_(
    en="the verification before the run reports an error about the virtual machine",
    ja="仮想マシンに関するエラーが表示される",
)
def error_about_guest(course: Course, subject: Subject, observation: Observation) -> None:
    observation.expect(
        any(_blames(finding, subject.guest) for finding in course.findings),
        expected=Text(f"an error about {subject.guest}", f"{subject.guest} についてのエラー"),
        seen=findings_text(course.findings),
    )


@when_(
    en='the switched-over scenario is run again with "{method}" synchronisation',
    ja="スイッチオーバー済みのシナリオを、同期方法「{method}」で再度実行する",
    words={"method": SYNCHRONIZATION_METHODS},
    changes=(Change.RUN_SCENARIO,),
)
def run_in_reverse(
    method: SynchronizationMethod, replication: Replication, subject: Subject, observation: Observation
) -> None:
    replication.run(subject.scenario, method)
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.under_way(Direction.BACKWARD),
        expected=Text("the scenario started from replica to master", "レプリカからマスタへの方向で開始されたシナリオ"),
        seen=scenario_text(scenario),
    )


@then_(
    en="the virtual machine is no longer listed in Hyper-V Manager on the master host",
    ja="マスタ ホストの Hyper-V マネージャから仮想マシンが表示されなくなっている",
)
def gone_from_master(master: HyperV, subject: Subject, observation: Observation) -> None:
    expect_unregistered(master, subject.guest, observation)


@then_(
    en="the virtual machine is no longer listed in Hyper-V Manager on the replica host",
    ja="レプリカ ホストの Hyper-V マネージャから仮想マシンが表示されなくなっている",
)
def gone_from_replica(replica: HyperV, subject: Subject, observation: Observation) -> None:
    expect_unregistered(replica, subject.guest, observation)


@then_(
    en="the differing blocks are copied to the master host and the synchronisation completes",
    ja="差分のブロックがマスタ ホストにコピーされ、同期が完了する",
)
def synchronised_to_master(statistics: Statistics, subject: Subject, observation: Observation) -> None:
    await_copied(statistics, subject, observation)


@then_(
    en="the master host monitors the replica host by Is Alive within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストからレプリカ ホストへの監視（Is Alive）が始まる",
)
def master_watches(minutes: int, replication: Replication, subject: Subject, observation: Observation) -> None:
    checks = Text("Is Alive checks from master to replica", "マスタからレプリカへの Is Alive 監視")
    await_is_alive(Direction.BACKWARD, checks, minutes, replication, subject, observation)


# Switchback (5-2) ----------------------------------------------------------------------------------------------------


@when_(
    en="the switchover back to the master host is performed and confirmed",
    ja="マスタ ホストへのスイッチオーバー（スイッチバック）を実行し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
)
def switch_back(
    course: Course,
    replication: Replication,
    replica: HyperV,
    event_view: EventView,
    subject: Subject,
    observation: Observation,
) -> None:
    expect_machine(replica, subject.guest, PowerState.RUNNING, observation)
    command_switchover(course, replication, event_view, subject, observation, run_reverse=False)
    course.switched_back = True


@when_(
    en="the switchover is performed with the option to run the reverse replication scenario afterwards",
    ja="［スイッチオーバー後のリバースレプリケーション シナリオの実行］を「オン」にしてスイッチオーバーを実行する",
    changes=(Change.SWITCH_OVER,),
)
def switch_over_with_option(
    course: Course, replication: Replication, event_view: EventView, subject: Subject, observation: Observation
) -> None:
    command_switchover(course, replication, event_view, subject, observation, run_reverse=True)


@then_(
    en="the virtual machine on the replica host is shut down automatically within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にレプリカ ホストの仮想マシンが自動的にシャットダウンされる",
)
def replica_shut_down(minutes: int, replica: HyperV, subject: Subject, observation: Observation) -> None:
    """With the option of the switchover it may already have disappeared from there."""
    await_power(replica, subject.guest, PowerState.OFF, observation, at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en="the virtual machine is registered on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストの Hyper-V マネージャに仮想マシンが登録される",
)
def registered_on_master(minutes: int, master: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: master.machine(subject.guest),
        lambda machine: machine is not None,
        expected=Text(f"{subject.guest} registered on {subject.master}", f"{subject.master} に {subject.guest} が登録"),
        seen=lambda machine: machine_text(machine, subject.master),
        within=at_least(minutes, LongWait.SWITCHOVER),
    )


@then_(
    en="reverse replication from the replica host began before the virtual machine booted there",
    ja="レプリカ ホストで仮想マシンが起動する前に、レプリカ ホストからのリバース レプリケーションが始まっている",
)
def began_before_boot_on_replica(
    statistics: Statistics,
    replica: HyperV,
    windows: Mapping[HostRole, Windows],
    subject: Subject,
    observation: Observation,
) -> None:
    expect_began_before_boot(statistics, replica, windows[HostRole.REPLICA], subject, observation)


@then_(
    en="replication from the master host began before the virtual machine booted there",
    ja="マスタ ホストで仮想マシンが起動する前に、マスタ ホストからのレプリケーションが始まっている",
)
def began_before_boot_on_master(
    statistics: Statistics,
    master: HyperV,
    windows: Mapping[HostRole, Windows],
    subject: Subject,
    observation: Observation,
) -> None:
    expect_began_before_boot(statistics, master, windows[HostRole.MASTER], subject, observation)


@then_(
    en="its synchronisation has been skipped: no blocks were compared or copied",
    ja="同期処理は省略され、ブロックの比較もコピーも行われていない",
)
def synchronization_skipped(statistics: Statistics, subject: Subject, observation: Observation) -> None:
    figures = statistics.synchronization(subject.scenario)
    observation.expect(
        figures is not None
        and figures.method is SynchronizationMethod.SKIPPED
        and figures.blocks_compared == figures.blocks_copied == 0,
        expected=Text("a skipped synchronisation, 0 blocks", "省略された同期（0 ブロック）"),
        seen=Text("no figures", "統計情報なし")
        if figures is None
        else Text(
            f"method {figures.method.value}, {figures.blocks_compared} blocks compared, {figures.blocks_copied} copied",
            f"{METHOD_TEXTS[figures.method].ja}、比較 {figures.blocks_compared}、コピー {figures.blocks_copied}",
        ),
    )


@given_(
    en="the state of the virtual machine and of the scenario has been recorded",
    ja="仮想マシンとシナリオの状態を記録してある",
)
def state_noted(course: Course, master: HyperV, replica: HyperV, replication: Replication) -> None:
    course.circle_began = capture_state([master, replica], replication)


@then_(
    en="the virtual machine and the scenario are in the recorded state",
    ja="仮想マシンとシナリオが、記録した状態に戻っている",
)
def full_circle(
    course: Course,
    master: HyperV,
    replica: HyperV,
    replication: Replication,
    observation: Observation,
) -> None:
    lacking = "the state was not noted in this drill"
    before = kept(course.circle_began, lacking, begun_midway=course.begun_midway)
    now = capture_state([master, replica], replication)
    left = "; ".join(str(difference) for difference in differences(before, now))
    observation.expect(
        not left,
        expected=Text("no difference", "相違なし"),
        seen=Text(left or "no difference", left or "相違なし"),
    )


def await_power(
    hyperv: HyperV, name: str, state: PowerState, observation: Observation, within: Within = POWER_LIMIT
) -> None:
    """A running machine must also have a heartbeat."""
    words = Text(
        f"{name} {state.value} on {hyperv.host}", f"{hyperv.host} で {name} が「{POWER_STATE_TEXTS[state].ja}」"
    )
    observation.until(
        lambda: hyperv.machine(name),
        lambda machine: (
            machine is not None and machine.state is state and (state is not PowerState.RUNNING or machine.healthy)
        ),
        expected=words,
        seen=lambda machine: machine_text(machine, hyperv.host),
        within=within,
    )


def expect_unregistered(hyperv: HyperV, name: str, observation: Observation) -> None:
    """As soon as the scenario starts (guide 5-1, step 3), so it is not waited for."""
    machine = hyperv.machine(name)
    observation.expect(
        machine is None,
        expected=Text(f"{name} not registered on {hyperv.host}", f"{hyperv.host} に {name} が登録されていないこと"),
        seen=machine_text(machine, hyperv.host),
    )


def expect_began_before_boot(
    statistics: Statistics, hyperv: HyperV, windows: Windows, subject: Subject, observation: Observation
) -> None:
    """RHA's figures tell when replication began, Hyper-V's uptime when the guest was powered on."""
    figures = statistics.synchronization(subject.scenario)
    machine = hyperv.machine(subject.guest)
    now = datetime.fromisoformat(windows.facts().clock)
    began = _on_clock_of(now, figures.started) if figures is not None else None
    powered_on = _powered_on(machine, now)
    observation.expect(
        began is not None and powered_on is not None and began < powered_on,
        expected=Text(
            "replication begun before the virtual machine booted", "仮想マシンの起動前に始まったレプリケーション"
        ),
        seen=Text(
            f"replication began {_instant(began)}, the virtual machine was powered on {_instant(powered_on)}",
            f"レプリケーション開始 {_instant(began)}、仮想マシンの起動 {_instant(powered_on)}",
        ),
    )


def _on_clock_of(now: datetime, moment: datetime | None) -> datetime | None:
    """The manager may write times without an offset: those are local ones, as `now` is."""
    return moment.replace(tzinfo=now.tzinfo) if moment is not None and moment.tzinfo is None else moment


def _powered_on(machine: VirtualMachine | None, now: datetime) -> datetime | None:
    if machine is None or not machine.running:
        return None
    return now - timedelta(seconds=machine.uptime_seconds)


def _instant(moment: datetime | None) -> str:
    return "—" if moment is None else moment.isoformat(timespec="seconds")


def _blames(finding: Finding, guest: str) -> bool:
    return finding.blocks and finding.subject == guest
