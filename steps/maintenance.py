"""Steps of guide 6-2: a host is prepared for its reboot, nothing happens by itself, and replication goes on."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.attempts import Attempts
from drills.nouns.earlier import EarlierChapters
from drills.nouns.event_view import EventView, messages_text
from drills.nouns.guest import Guest
from drills.nouns.host import Hosts
from drills.nouns.maintenance import Maintenance
from drills.nouns.scenario import Scenario, Spool
from drills.observation import Observation
from drills.vendor import REBOOT_CONFIRMED, REBOOT_PREPARING, REBOOT_READY
from drills.vocabulary import given_, then_, when_
from drills.wording import HOST_ROLES, says, several
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.replication import Direction
from lab.model.undertakings import Change
from lab.ports import Clock
from words import Listed, Quoted, sentence

# Preparing ------------------------------------------------------------------------------------------------------------


@when_(
    en="the operator attempts to start host maintenance for the {role} host",
    ja="{role} ホストのホスト メンテナンスを開始しようとする",
    words={"role": HOST_ROLES},
    changes=(Change.PREPARE_REBOOT,),
)
def try_to_begin(role: HostRole, maintenance: Maintenance, attempts: Attempts) -> None:
    attempts.attempt(lambda: maintenance.begin(role))


@then_(en="no scenario is being prepared for a reboot", ja="再起動の準備に入ったシナリオはない")
def nothing_prepared(event_view: EventView, master_guest: Guest, observation: Observation) -> None:
    begun, machine = event_view.now(), master_guest.now()
    prepared = any(says(event.message, REBOOT_PREPARING) for event in begun)
    observation.expect(
        not prepared and machine is not None and machine.running,
        expected=sentence("steps.maintenance.no_preparation"),
        seen=Listed((messages_text(begun), master_guest.told(machine))),
    )


@then_(
    en="Garoon's scenario is listed for preparation on the {role} host",
    ja="{role} ホストのメンテナンス対象のシナリオにガルーンのシナリオが含まれている",
    words={"role": HOST_ROLES},
)
def listed(role: HostRole, maintenance: Maintenance, scenario: Scenario, observation: Observation) -> None:
    names = maintenance.covered(role)
    observation.expect(
        scenario.name in names,
        expected=sentence("steps.maintenance.listed", name=scenario.name),
        seen=several(names),
    )


@when_(
    en="host maintenance is started for the {role} host and confirmed",
    ja="{role} ホストのホスト メンテナンスを開始し、確認のダイアログで［はい］を選ぶ",
    words={"role": HOST_ROLES},
    changes=(Change.PREPARE_REBOOT,),
)
def prepare(role: HostRole, maintenance: Maintenance) -> None:
    maintenance.begin(role)


@then_(
    en="the RHA PowerShell command has confirmed the preparation",
    ja="RHA PowerShell のコマンドが準備の開始を表示している",
)
def confirmed(maintenance: Maintenance, observation: Observation) -> None:
    confirmation = maintenance.begun.confirmation
    assert confirmation is not None, "the command has been answered"
    printed = " / ".join(confirmation.printed)
    words = (confirmation.host.casefold(), REBOOT_CONFIRMED.casefold())
    wanted = Quoted(f"{confirmation.command}: Host {confirmation.host} {REBOOT_CONFIRMED}")
    observation.expect(
        all(each in printed.casefold() for each in words) if confirmation.command else bool(printed),
        expected=wanted if confirmation.command else sentence("steps.maintenance.shown_to_people"),
        seen=Quoted(printed) if printed else sentence("steps.maintenance.not_printed"),
    )


@given_(
    en="host maintenance of the {role} host has been started",
    ja="{role} ホストのホスト メンテナンスが開始されている",
    words={"role": HOST_ROLES},
)
def maintenance_begun(
    role: HostRole, earlier: EarlierChapters, maintenance: Maintenance, observation: Observation
) -> None:
    """Starts it where the drill was begun midway."""
    earlier.prepare_reboot(maintenance, role)
    observation.expect(
        maintenance.has_begun(role),
        expected=sentence("steps.maintenance.begun"),
        seen=sentence("steps.maintenance.not_begun"),
    )


@then_(
    en='the event "{message}" appears for every prepared scenario within {minutes:Minutes} minutes',
    ja="{minutes:Minutes} 分以内に、準備対象のすべてのシナリオにイベント「{message}」が表示される",
)
def event_for_each(message: str, minutes: int, maintenance: Maintenance) -> None:
    maintenance.await_message(message, at_least(minutes, LongWait.REBOOT))


@given_(
    en="the {role} host is ready to reboot",
    ja="{role} ホストの再起動の準備ができている",
    words={"role": HOST_ROLES},
)
def ready(role: HostRole, earlier: EarlierChapters, maintenance: Maintenance, observation: Observation) -> None:
    maintenance_begun(role, earlier, maintenance, observation)
    if earlier.acts and not maintenance.begun.ready:
        event_for_each(REBOOT_READY, 15, maintenance)
    observation.expect(
        maintenance.begun.ready,
        expected=sentence("steps.events.event", message=REBOOT_READY),
        seen=sentence("steps.events.not_seen"),
    )


# Without operator action --------------------------------------------------------------------------------------------


@when_(en="{minutes:Minutes} minutes pass without operator action", ja="何も操作せずに {minutes:Minutes} 分間待つ")
def nobody_acts(minutes: int, clock: Clock) -> None:
    clock.sleep(timedelta(minutes=minutes))


@then_(en="the {role} host has not been rebooted", ja="{role} ホストは再起動されていない", words={"role": HOST_ROLES})
def not_rebooted(role: HostRole, hosts: Hosts, maintenance: Maintenance) -> None:
    expected = sentence("steps.maintenance.no_reboot")
    hosts[role].expect_no_reboot(maintenance.begun.before, expected)


@then_(en="no switchover has been performed", ja="スイッチオーバーは実行されていない")
def no_switchover(scenario: Scenario, replica_guest: Guest, observation: Observation) -> None:
    found, machine = scenario.now(), replica_guest.now()
    guest, host = replica_guest.name, replica_guest.host
    observation.expect(
        found is not None and found.runs(Direction.FORWARD) and (machine is None or machine.state is PowerState.OFF),
        expected=sentence("steps.guest.not_running", name=guest, host=host),
        seen=Listed((scenario.told(found), replica_guest.told(machine))),
    )


@then_(
    en="the virtual machine on the master host has kept running since the preparation",
    ja="準備の開始以降、マスタ ホストの仮想マシンは実行され続けている",
)
def kept_running(maintenance: Maintenance, master_guest: Guest, clock: Clock, observation: Observation) -> None:
    machine, guest = master_guest.now(), master_guest.name
    since = clock.monotonic() - maintenance.begun.began_s
    up, told = machine.uptime_seconds if machine else 0, master_guest.told(machine)
    observation.expect(
        machine is not None and machine.healthy and up >= since,
        expected=sentence("steps.guest.up_at_least", name=guest, seconds=f"{since:.0f}"),
        seen=sentence("steps.guest.up", state=told, seconds=f"{up:.0f}"),
    )


# What replication does ------------------------------------------------------------------------------------------------


@then_(
    en="changes accumulate in the spool within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に変更がスプールに蓄積される",
)
def spooled(minutes: int, spool: Spool) -> None:
    spool.await_changes(timedelta(minutes=minutes))


@then_(en="the spool is empty", ja="スプールに未送信の変更は残っていない")
def nothing_spooled(spool: Spool) -> None:
    spool.await_empty(timedelta())


@then_(
    en="the spool is empty within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にスプールの変更がすべて送信される",
)
def spool_empties(minutes: int, spool: Spool) -> None:
    spool.await_empty(timedelta(minutes=minutes))


@then_(
    en="no blocks have been compared since the preparation",
    ja="準備の開始以降、ブロックの比較（再同期）は行われていない",
    asks=("statistics",),
)
def not_resynchronised(maintenance: Maintenance) -> None:
    maintenance.expect_not_resynchronised()
