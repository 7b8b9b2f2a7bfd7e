"""Steps of guide section 6-1: the replica integrity test of Assured Recovery, and Garoon inside the test guest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from drills.course import Course
from drills.nouns.attempts import Attempts
from drills.nouns.earlier import CATCHING_UP, EarlierChapters
from drills.nouns.garoon import GaroonPage, GaroonService
from drills.nouns.guest import Guest
from drills.nouns.host import Hosts
from drills.nouns.integrity_test import IntegrityTest
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard
from drills.observation import Observation, handed_on
from drills.vocabulary import given_, then_, when_
from drills.wording import NONE
from lab.errors import OperationUnavailable
from lab.model.entry_titles import integrity_test_title
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState, SwitchType
from lab.model.replication import ScenarioState
from lab.model.undertakings import Change, Need
from lab.ports import Clock
from words import Quoted, sentence

NO_ENTRY = sentence("errors.drill.no_entry_made")
MANUAL = {"manual": True, "手動": True, "automatic": False, "自動": False}
in_test = partial(then_, changes=(Change.USE_TEST_GUEST,), needs=(Need.GUEST_LOGIN,))


# -- starting and stopping --------------------------------------------------------------------------------------------


@given_(en='its product column shows "{product}"', ja="シナリオの製品列に「{product}」と表示されている")
@then_(
    en='the product column of the scenario shows only "{product}"',
    ja="シナリオの製品列の表示は「{product}」だけである",
)
def product_column(product: str, scenario: Scenario, observation: Observation) -> None:
    found = scenario.now()
    observation.expect(
        found is not None and found.product == product,
        expected=sentence("steps.scenario.product", product=product),
        seen=Quoted(found.product) if found else scenario.told(None),
    )


@given_(
    en="one minute has passed for replication to catch up",
    ja="レプリケーションの反映を待つため 1 分が経過している",
)
def caught_up(clock: Clock) -> None:
    """A spool that is empty shows nothing here: the test that follows looks for the entry itself."""
    clock.sleep(CATCHING_UP)


@when_(
    en='the "{kind}" replica integrity test is started and confirmed',
    ja="レプリカ整合性テストを「{kind}」テストとして開始し、［OK］を選ぶ",
    words={"kind": MANUAL},
    changes=(Change.START_TEST,),
    needs=(Need.ASSURED_RECOVERY,),
)
def start_test(integrity_test: IntegrityTest, *, kind: bool) -> None:
    integrity_test.start(manual=kind)


@given_(en="the replica integrity test is in progress", ja="レプリカ整合性テストの実行中である")
def under_way(earlier: EarlierChapters, integrity_test: IntegrityTest, replica_guest: Guest) -> None:
    """Starts a manual one where the drill was begun midway."""
    earlier.start_test(integrity_test)
    replica_guest.expect(
        lambda machine: integrity_test.under_way and machine is not None,
        sentence("steps.test.begun"),
    )


@when_(
    en="the replica integrity test is stopped and confirmed",
    ja="レプリカ整合性テストを停止し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.STOP_TEST,),
)
def stop_test(integrity_test: IntegrityTest) -> None:
    integrity_test.stop()


@then_(
    en="the test virtual machine is removed from the replica host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にテスト用の仮想マシンがレプリカ ホストから削除される",
)
def gone(minutes: int, integrity_test: IntegrityTest, replica_guest: Guest) -> None:
    replica_guest.await_unregistered(at_least(minutes, LongWait.SWITCHOVER))
    integrity_test.note_end()


@given_(en="the replica integrity test has ended", ja="レプリカ整合性テストが終了している")
def ended(earlier: EarlierChapters, integrity_test: IntegrityTest, replica_guest: Guest) -> None:
    earlier.replicate()
    replica_guest.expect(
        lambda machine: not integrity_test.under_way and machine is None,
        sentence("steps.test.none"),
    )


# -- the two guests ---------------------------------------------------------------------------------------------------


@then_(
    en="the virtual machine starts automatically on the replica host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に仮想マシンがレプリカ ホストで自動的に起動する",
)
def starts_by_itself(minutes: int, replica_guest: Guest) -> None:
    replica_guest.await_state(PowerState.RUNNING, at_least(minutes, LongWait.SWITCHOVER))


@then_(
    en="the test virtual machine is connected only to an internal virtual network",
    ja="その仮想マシンは内部仮想ネットワークだけに接続されている",
)
def isolated(hosts: Hosts, replica_guest: Guest, observation: Observation) -> None:
    switches = hosts[HostRole.REPLICA].switches()
    internal = {switch.name for switch in switches if switch.type is not SwitchType.EXTERNAL}
    machine = replica_guest.now()
    used = machine.networks if machine else ()
    observation.expect(
        bool(used) and set(used) <= internal,
        expected=sentence("steps.guest.isolated"),
        seen=sentence("steps.guest.networks", networks=tuple(used) or NONE),
    )


@then_(
    en="the virtual machine on the master host is still running and has not been restarted since the test began",
    ja="マスタ ホストの仮想マシンは、テスト開始後も再起動されることなく稼働し続けている",
)
def not_restarted(integrity_test: IntegrityTest, master_guest: Guest) -> None:
    master_guest.expect_state(PowerState.RUNNING)
    integrity_test.expect_master_not_restarted()


@when_(
    en="the operator logs on to the test virtual machine through the replica host",
    ja="運用担当者がレプリカ ホスト経由でテスト用の仮想マシンにログオンする",
    needs=(Need.GUEST_LOGIN,),
)
def log_on(integrity_test: IntegrityTest, replica_guest: Guest) -> None:
    integrity_test.own_name = replica_guest.log_on()


@then_(
    en="it has the same computer name as the virtual machine on the master host",
    ja="そのコンピュータ名はマスタ ホストの仮想マシンと同じである",
)
def same_name(integrity_test: IntegrityTest, master_guest: Guest, observation: Observation) -> None:
    """Windows cuts COMPUTERNAME to 15 characters."""
    name, own = master_guest.computer_name().partition(".")[0][:15], integrity_test.own_name
    observation.expect(
        bool(name) and own.casefold() == name.casefold(),
        expected=sentence("steps.guest.computer_name", name=name or sentence("steps.unknown")),
        seen=Quoted(own) if own else NONE,
    )


# -- Garoon in the test guest -----------------------------------------------------------------------------------------


@when_(
    en="Garoon is opened inside the test virtual machine with localhost as the host name in its URL",
    ja="テスト用の仮想マシンの中で、URL のホスト名を localhost に置き換えてガルーンを開く",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def open_in_test(test_garoon: GaroonPage) -> None:
    test_garoon.log_in()
    test_garoon.picture()


@then_(
    en="Garoon in the test virtual machine responds at {url:Address}",
    ja="テスト用の仮想マシンのガルーンに {url:Address} でアクセスできる",
)
def answers_at(url: str, test_garoon: GaroonPage) -> None:
    test_garoon.expect_address(url)


@in_test(
    en="the entry made on the master host is present in the test virtual machine",
    ja="テスト用の仮想マシンに、マスタ ホストで運用中に登録した予定が反映されている",
)
def entry_in_test(garoon: GaroonService, test_garoon: GaroonPage) -> None:
    test_garoon.expect_entry(handed_on(garoon.marker, NO_ENTRY))


@in_test(
    en="a new entry can be made in the test virtual machine",
    ja="テスト用の仮想マシンで新しい予定を登録できる",
)
def new_entry_in_test(integrity_test: IntegrityTest, test_garoon: GaroonPage, clock: Clock) -> None:
    """It is no entry of the drill's to take away: nothing but the end of the test may remove it."""
    integrity_test.entry = test_garoon.write(integrity_test_title(clock.now()))
    test_garoon.expect_entry(integrity_test.entry)


@when_(
    en="a production entry is made in Garoon on the master host during the test",
    ja="テスト中に、マスタ ホストの本番のガルーンに予定を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def entry_meanwhile(integrity_test: IntegrityTest, garoon: GaroonService) -> None:
    integrity_test.meanwhile = garoon.make_entry()
    garoon.picture(integrity_test.meanwhile.title)


@in_test(
    en="the production entry made during the test is pending and absent from the test virtual machine",
    ja="テスト中に本番で登録した予定は未反映で、テスト用の仮想マシンにはまだ存在しない",
)
def meanwhile_waits(integrity_test: IntegrityTest, test_garoon: GaroonPage) -> None:
    test_garoon.expect_no_entry(handed_on(integrity_test.meanwhile, NO_ENTRY))


@in_test(
    en="the production entry made during the test is present in the test virtual machine",
    ja="テスト中に本番で登録した予定がテスト用の仮想マシンに反映されている",
)
def meanwhile_arrived(integrity_test: IntegrityTest, test_garoon: GaroonPage) -> None:
    test_garoon.expect_entry(handed_on(integrity_test.meanwhile, NO_ENTRY))


@in_test(
    en="the entry made in the first test is absent from the test virtual machine",
    ja="最初のテストで登録した予定はテスト用の仮想マシンに存在しない",
)
def gone_from_copy(integrity_test: IntegrityTest, test_garoon: GaroonPage) -> None:
    test_garoon.expect_no_entry(handed_on(integrity_test.entry, NO_ENTRY))


@then_(
    en="the entry made in the test is absent from Garoon at its original URL",
    ja="テストで登録した予定は、通常の URL のガルーンには存在しない",
)
def not_in_production(integrity_test: IntegrityTest, garoon: GaroonService) -> None:
    garoon.expect_no_entry(handed_on(integrity_test.entry, NO_ENTRY))


@then_(
    en="no resynchronisation has taken place: no blocks were compared",
    ja="再同期は行われておらず、ブロックの比較も行われていない",
    asks=("statistics",),
)
def not_resynchronised(scenario: Scenario) -> None:
    scenario.expect_not_synchronized()


# -- a scenario without Assured Recovery ------------------------------------------------------------------------------


@given_(
    en="the scenario of this drill has been recreated without Assured Recovery and is running",
    ja="この訓練で作成したシナリオが、アシュアード リカバリなしで再作成され、実行中である",
    needs=(Need.SIMULATOR,),
)
def recreated_without(course: Course, scenario: Scenario, wizard: Wizard, master_guest: Guest) -> None:
    found = scenario.now()
    if found is not None and course.plan is None:
        said = sentence("errors.drill.not_recreated", scenario=scenario.name)
        raise OperationUnavailable(said, operation="create_scenario")
    if found is not None and not found.at_rest:
        scenario.stop()
        scenario.await_state(ScenarioState.STOPPED, timedelta(minutes=5))
    if found is not None:
        wizard.remove()
    master_guest.await_state(PowerState.RUNNING, LongWait.SWITCHOVER)
    wizard.plan = replace(wizard.complete(), assured_recovery=False)
    wizard.create()
    scenario.run()
    scenario.await_state(ScenarioState.RUNNING)


@when_(
    en="the operator attempts to start the replica integrity test",
    ja="レプリカ整合性テストを開始しようとする",
    changes=(Change.START_TEST,),
)
def try_to_start(integrity_test: IntegrityTest, attempts: Attempts) -> None:
    attempts.attempt(integrity_test.send_start)


@then_(en="no virtual machine has started on the replica host", ja="レプリカ ホストで仮想マシンは起動していない")
def nothing_started(replica_guest: Guest) -> None:
    replica_guest.expect_unregistered()
