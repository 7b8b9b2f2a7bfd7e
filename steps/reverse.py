"""Steps of guide chapter 5: reverse replication and switchback."""

from __future__ import annotations

from datetime import datetime, timedelta

from drills.course import Course
from drills.nouns.guest import Guest
from drills.nouns.host import Host, Hosts
from drills.nouns.lab_state import RecordedState
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from drills.wording import SYNCHRONIZATION_METHODS, by_method, findings_text
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState, VirtualMachine
from lab.model.replication import Direction, SynchronizationMethod
from lab.model.subject import Subject
from lab.model.undertakings import Change
from words import sentence

# Reverse replication (5-1) -------------------------------------------------------------------------------------------


@then_(
    en="the verification before the run reports an error about the virtual machine",
    ja="仮想マシンに関するエラーが表示される",
)
def error_about_guest(wizard: Wizard, subject: Subject, observation: Observation) -> None:
    observation.expect(
        any(finding.blocks and finding.subject == subject.guest for finding in wizard.findings),
        expected=sentence("steps.wizard.error_about", guest=subject.guest),
        seen=findings_text(wizard.findings),
    )


@when_(
    en='the switched-over scenario is run again with "{method}" synchronisation',
    ja="スイッチオーバー済みのシナリオを、同期方法「{method}」で再度実行する",
    words={"method": SYNCHRONIZATION_METHODS},
    changes=(Change.RUN_SCENARIO,),
)
def run_in_reverse(method: SynchronizationMethod, scenario: Scenario) -> None:
    scenario.run(method)
    expected = sentence("steps.scenario.runs_backward")
    scenario.expect_under_way(Direction.BACKWARD, expected)


@then_(
    en="the differing blocks are copied to the master host and the synchronisation completes",
    ja="差分のブロックがマスタ ホストにコピーされ、同期が完了する",
    asks=("statistics",),
)
def synchronised_to_master(scenario: Scenario) -> None:
    scenario.await_copied()


@then_(
    en="the master host monitors the replica host by Is Alive within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストからレプリカ ホストへの監視（Is Alive）が始まる",
)
def master_watches(minutes: int, scenario: Scenario) -> None:
    scenario.await_is_alive(Direction.BACKWARD, at_least(minutes, LongWait.IS_ALIVE))


# Switchback (5-2) ----------------------------------------------------------------------------------------------------


@when_(
    en="the switchover back to the master host is performed and confirmed",
    ja="マスタ ホストへのスイッチオーバー（スイッチバック）を実行し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.SWITCH_OVER,),
)
def switch_back(course: Course, replica_guest: Guest, scenario: Scenario) -> None:
    replica_guest.expect_state(PowerState.RUNNING)
    scenario.switch_over()
    course.switched_back = True


@when_(
    en="the switchover is performed with the option to run the reverse replication scenario afterwards",
    ja="［スイッチオーバー後のリバースレプリケーション シナリオの実行］を「オン」にしてスイッチオーバーを実行する",
    changes=(Change.SWITCH_OVER,),
)
def switch_over_with_option(scenario: Scenario) -> None:
    scenario.switch_over(run_reverse=True)


@then_(
    en="the virtual machine is registered on the master host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にマスタ ホストの Hyper-V マネージャに仮想マシンが登録される",
)
def registered_on_master(minutes: int, master_guest: Guest) -> None:
    name, host = master_guest.name, master_guest.host
    master_guest.until(
        lambda machine: machine is not None,
        sentence("steps.guest.registered", name=name, host=host),
        at_least(minutes, LongWait.SWITCHOVER),
    )


@then_(
    en="reverse replication from the replica host began before the virtual machine booted there",
    ja="レプリカ ホストで仮想マシンが起動する前に、レプリカ ホストからのリバース レプリケーションが始まっている",
    asks=("statistics",),
)
def began_before_boot_on_replica(
    scenario: Scenario, replica_guest: Guest, hosts: Hosts, observation: Observation
) -> None:
    expect_began_before_boot(scenario, replica_guest, hosts[HostRole.REPLICA], observation)


@then_(
    en="replication from the master host began before the virtual machine booted there",
    ja="マスタ ホストで仮想マシンが起動する前に、マスタ ホストからのレプリケーションが始まっている",
    asks=("statistics",),
)
def began_before_boot_on_master(
    scenario: Scenario, master_guest: Guest, hosts: Hosts, observation: Observation
) -> None:
    expect_began_before_boot(scenario, master_guest, hosts[HostRole.MASTER], observation)


@then_(
    en="its synchronisation has been skipped: no blocks were compared or copied",
    ja="同期処理は省略され、ブロックの比較もコピーも行われていない",
    asks=("statistics",),
)
def synchronization_skipped(scenario: Scenario, observation: Observation) -> None:
    figures = scenario.synchronization()
    observation.expect(
        figures is not None
        and figures.method is SynchronizationMethod.SKIPPED
        and figures.blocks_compared == figures.blocks_copied == 0,
        expected=sentence("steps.synchronization.skipped"),
        seen=sentence("steps.spool.unknown")
        if figures is None
        else sentence(
            "steps.synchronization.by_method",
            method=by_method(figures.method),
            compared=figures.blocks_compared,
            copied=figures.blocks_copied,
        ),
    )


@given_(
    en="the state of the virtual machine and of the scenario has been recorded",
    ja="仮想マシンとシナリオの状態を記録してある",
)
def state_noted(recorded_state: RecordedState) -> None:
    recorded_state.record()


@then_(
    en="the virtual machine and the scenario are in the recorded state",
    ja="仮想マシンとシナリオが、記録した状態に戻っている",
)
def full_circle(recorded_state: RecordedState) -> None:
    recorded_state.expect_again()


def expect_began_before_boot(scenario: Scenario, guest: Guest, host: Host, observation: Observation) -> None:
    """RHA's figures tell when replication began, Hyper-V's uptime when the guest was powered on."""
    figures, machine = scenario.synchronization(), guest.now()
    now = datetime.fromisoformat(host.facts().clock)
    began = _on_clock_of(now, figures.started) if figures is not None else None
    powered_on = _powered_on(machine, now)
    observation.expect(
        began is not None and powered_on is not None and began < powered_on,
        expected=sentence("steps.scenario.before_boot"),
        seen=sentence("steps.scenario.begun_and_booted", began=_instant(began), booted=_instant(powered_on)),
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
