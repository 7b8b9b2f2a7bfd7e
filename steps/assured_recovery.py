"""Steps of guide section 6-1: the replica integrity test of Assured Recovery, and Garoon inside the test guest."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.nouns.attempts import Attempts
from drills.nouns.earlier import EarlierChapters
from drills.nouns.event_view import EventView
from drills.nouns.garoon import GaroonService
from drills.observation import Observation, handed_on
from drills.scenario_plan import unprotected_plan
from drills.vocabulary import given_, then_, when_
from drills.wording import Text, entry_text, machine_text, scenario_text
from lab.errors import NotStarted, OperationUnavailable, Refused
from lab.model.entry_titles import integrity_test_title
from lab.model.garoon import Marker
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState, SwitchType
from lab.model.replication import ScenarioState, Synchronization, SynchronizationMethod
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import (
    AssuredRecovery,
    Clock,
    Garoon,
    GuestConsole,
    Guests,
    HyperV,
    Pictures,
    Replication,
    ScenarioWizard,
    Statistics,
)
from steps.former import AT_REST, await_state, event_appears, expect_machine

READY = "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています"
NO_ENTRY = "the entry was not made in this drill"
MANUAL = {"manual": True, "手動": True, "automatic": False, "自動": False}
CATCHING_UP = timedelta(minutes=1)
SETTLING_S = 5
"""Seconds by which two readings of an uptime may be apart."""


# -- starting and stopping --------------------------------------------------------------------------------------------


@given_(en='its product column shows "{product}"', ja="シナリオの製品列に「{product}」と表示されている")
@then_(
    en='the product column of the scenario shows only "{product}"',
    ja="シナリオの製品列の表示は「{product}」だけである",
)
def product_column(product: str, replication: Replication, subject: Subject, observation: Observation) -> None:
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.product == product,
        expected=Text(f"the product {product}", f"製品「{product}」"),
        seen=Text(scenario.product, scenario.product) if scenario else scenario_text(None),
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
def start_test(
    course: Course,
    assured_recovery: AssuredRecovery,
    master: HyperV,
    statistics: Statistics,
    clock: Clock,
    event_view: EventView,
    subject: Subject,
    *,
    kind: bool,
) -> None:
    event_view.refresh()
    course.commanded_after = event_view.last
    test = course.integrity_test
    machine = master.machine(subject.guest)
    test.booted_s = clock.monotonic() - machine.uptime_seconds if machine else 0.0
    test.synchronization = statistics.synchronization(subject.scenario)
    test.under_way = True
    try:
        assured_recovery.start(subject.scenario, manual=kind)
    except (NotStarted, Refused):
        test.under_way = False  # whatever else goes wrong, it may have begun
        raise


@given_(en="the replica integrity test is in progress", ja="レプリカ整合性テストの実行中である")
def under_way(
    course: Course,
    earlier: EarlierChapters,
    assured_recovery: AssuredRecovery,
    master: HyperV,
    replica: HyperV,
    statistics: Statistics,
    clock: Clock,
    event_view: EventView,
    subject: Subject,
    observation: Observation,
) -> None:
    """Starts a manual one where the drill was begun midway."""
    if earlier.acts and not course.integrity_test.under_way:
        earlier.replicate()
        earlier.enter()
        earlier.catch_up()
        start_test(course, assured_recovery, master, statistics, clock, event_view, subject, kind=True)
        event_appears(READY, 15, course, event_view, subject, observation)
    machine = replica.machine(subject.guest)
    observation.expect(
        course.integrity_test.under_way and machine is not None,
        expected=Text("a test begun earlier in this drill", "この訓練で開始したテストが実行中であること"),
        seen=machine_text(machine, subject.replica),
    )


@when_(
    en="the replica integrity test is stopped and confirmed",
    ja="レプリカ整合性テストを停止し、確認のダイアログで［はい］を選ぶ",
    changes=(Change.STOP_TEST,),
)
def stop_test(course: Course, assured_recovery: AssuredRecovery, event_view: EventView, subject: Subject) -> None:
    event_view.refresh()
    course.commanded_after = event_view.last
    assured_recovery.stop(subject.scenario)


@then_(
    en="the test virtual machine is removed from the replica host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内にテスト用の仮想マシンがレプリカ ホストから削除される",
)
def gone(minutes: int, course: Course, replica: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: replica.machine(subject.guest),
        lambda machine: machine is None,
        expected=Text(
            f"{subject.guest} not registered on {subject.replica}", f"{subject.replica} に {subject.guest} がないこと"
        ),
        seen=lambda machine: machine_text(machine, subject.replica),
        within=at_least(minutes, LongWait.SWITCHOVER),
    )
    course.integrity_test.under_way = False


@given_(en="the replica integrity test has ended", ja="レプリカ整合性テストが終了している")
def ended(
    course: Course, earlier: EarlierChapters, replica: HyperV, subject: Subject, observation: Observation
) -> None:
    earlier.replicate()
    machine = replica.machine(subject.guest)
    observation.expect(
        not course.integrity_test.under_way and machine is None,
        expected=Text("no test under way", "テストが実行されていないこと"),
        seen=machine_text(machine, subject.replica),
    )


# -- the two guests ---------------------------------------------------------------------------------------------------


@then_(
    en="the virtual machine starts automatically on the replica host within {minutes:Minutes} minutes",
    ja="{minutes:Minutes} 分以内に仮想マシンがレプリカ ホストで自動的に起動する",
)
def starts_by_itself(minutes: int, replica: HyperV, subject: Subject, observation: Observation) -> None:
    observation.until(
        lambda: replica.machine(subject.guest),
        lambda machine: machine is not None and machine.healthy,
        expected=Text(
            f"{subject.guest} running on {subject.replica}", f"{subject.replica} で {subject.guest} が実行中"
        ),
        seen=lambda machine: machine_text(machine, subject.replica),
        within=at_least(minutes, LongWait.SWITCHOVER),
    )


@then_(
    en="the test virtual machine is connected only to an internal virtual network",
    ja="その仮想マシンは内部仮想ネットワークだけに接続されている",
)
def isolated(replica: HyperV, subject: Subject, observation: Observation) -> None:
    internal = {switch.name for switch in replica.switches() if switch.type is not SwitchType.EXTERNAL}
    machine = replica.machine(subject.guest)
    used = sorted({adapter.switch for adapter in machine.adapters if adapter.switch}) if machine else []
    observation.expect(
        machine is not None and bool(used) and set(used) <= internal,
        expected=Text("an internal virtual network and no other", "内部仮想ネットワークだけに接続されていること"),
        seen=Text(f"connected to {', '.join(used) or 'nothing'}", f"接続先: {'、'.join(used) or 'なし'}"),
    )


@then_(
    en="the virtual machine on the master host is still running and has not been restarted since the test began",
    ja="マスタ ホストの仮想マシンは、テスト開始後も再起動されることなく稼働し続けている",
)
def not_restarted(course: Course, master: HyperV, clock: Clock, subject: Subject, observation: Observation) -> None:
    expect_machine(master, subject.guest, PowerState.RUNNING, observation)
    machine = master.machine(subject.guest)
    booted = clock.monotonic() - machine.uptime_seconds if machine else 0.0
    late = booted - course.integrity_test.booted_s
    observation.expect(
        late <= SETTLING_S,
        expected=Text("up since before the test", "テスト開始前から稼働し続けていること"),
        seen=Text(f"restarted {late:.0f} s later than before", f"{late:.0f} 秒後に再起動されている"),
    )


@when_(
    en="the operator logs on to the test virtual machine through the replica host",
    ja="運用担当者がレプリカ ホスト経由でテスト用の仮想マシンにログオンする",
    needs=(Need.GUEST_LOGIN,),
)
def log_on(course: Course, test_console: GuestConsole) -> None:
    course.integrity_test.own_name = test_console.computer_name()


@then_(
    en="it has the same computer name as the virtual machine on the master host",
    ja="そのコンピュータ名はマスタ ホストの仮想マシンと同じである",
)
def same_name(course: Course, master_guests: Guests, subject: Subject, observation: Observation) -> None:
    """Windows cuts COMPUTERNAME to 15 characters."""
    told = master_guests.computer_name(subject.guest) or ""
    name = told.partition(".")[0][:15]
    own = course.integrity_test.own_name
    observation.expect(
        bool(name) and own.casefold() == name.casefold(),
        expected=Text(f"the computer name {name or '(unknown)'}", f"コンピュータ名 {name or '（不明）'}"),
        seen=Text(own or "none", own or "なし"),
    )


# -- Garoon in the test guest -----------------------------------------------------------------------------------------


@when_(
    en="Garoon is opened inside the test virtual machine with localhost as the host name in its URL",
    ja="テスト用の仮想マシンの中で、URL のホスト名を localhost に置き換えてガルーンを開く",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def open_in_test(test_garoon: Garoon, pictures: Pictures) -> None:
    test_garoon.log_in()
    capture = test_garoon.capture()
    pictures.keep(capture, capture.url)


@then_(
    en="Garoon in the test virtual machine responds at {url:Address}",
    ja="テスト用の仮想マシンのガルーンに {url:Address} でアクセスできる",
)
def answers_at(url: str, test_garoon: Garoon, observation: Observation) -> None:
    address = test_garoon.capture().url
    observation.expect(
        address.startswith(url),
        expected=Text(f"Garoon at {url}", f"{url} でガルーンが応答すること"),
        seen=Text(address, address),
    )


@then_(
    en="the entry made on the master host is present in the test virtual machine",
    ja="テスト用の仮想マシンに、マスタ ホストで運用中に登録した予定が反映されている",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def entry_in_test(course: Course, test_garoon: Garoon, pictures: Pictures, observation: Observation) -> None:
    _expect_entry(course.marker, test_garoon, pictures, observation)


@then_(
    en="a new entry can be made in the test virtual machine",
    ja="テスト用の仮想マシンで新しい予定を登録できる",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def new_entry_in_test(
    course: Course, test_garoon: Garoon, pictures: Pictures, clock: Clock, observation: Observation
) -> None:
    """It is no entry of the drill's to take away: nothing but the end of the test may remove it."""
    marker = test_garoon.write_marker(integrity_test_title(clock.now()))
    course.integrity_test.marker = marker
    _expect_entry(marker, test_garoon, pictures, observation)


@when_(
    en="a production entry is made in Garoon on the master host during the test",
    ja="テスト中に、マスタ ホストの本番のガルーンに予定を登録する",
    changes=(Change.ENTER_IN_GAROON,),
)
def entry_meanwhile(course: Course, garoon: GaroonService) -> None:
    course.integrity_test.meanwhile = garoon.make_entry()
    garoon.picture(course.integrity_test.meanwhile.title)


@then_(
    en="the production entry made during the test is pending and absent from the test virtual machine",
    ja="テスト中に本番で登録した予定は未反映で、テスト用の仮想マシンにはまだ存在しない",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def meanwhile_waits(course: Course, test_garoon: Garoon, observation: Observation) -> None:
    _expect_no_entry(course.integrity_test.meanwhile, test_garoon, observation)


@then_(
    en="the production entry made during the test is present in the test virtual machine",
    ja="テスト中に本番で登録した予定がテスト用の仮想マシンに反映されている",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def meanwhile_arrived(course: Course, test_garoon: Garoon, pictures: Pictures, observation: Observation) -> None:
    _expect_entry(course.integrity_test.meanwhile, test_garoon, pictures, observation)


@then_(
    en="the entry made in the first test is absent from the test virtual machine",
    ja="最初のテストで登録した予定はテスト用の仮想マシンに存在しない",
    changes=(Change.USE_TEST_GUEST,),
    needs=(Need.GUEST_LOGIN,),
)
def gone_from_copy(course: Course, test_garoon: Garoon, observation: Observation) -> None:
    _expect_no_entry(course.integrity_test.marker, test_garoon, observation)


@then_(
    en="the entry made in the test is absent from Garoon at its original URL",
    ja="テストで登録した予定は、通常の URL のガルーンには存在しない",
)
def not_in_production(course: Course, garoon: Garoon, observation: Observation) -> None:
    _expect_no_entry(course.integrity_test.marker, garoon, observation)


@then_(
    en="no resynchronisation has taken place: no blocks were compared",
    ja="再同期は行われておらず、ブロックの比較も行われていない",
)
def not_resynchronised(course: Course, statistics: Statistics, subject: Subject, observation: Observation) -> None:
    before = handed_on(course.integrity_test.synchronization, "no figures were noted before a test of this drill")
    now = statistics.synchronization(subject.scenario)
    observation.expect(
        now == before,
        expected=Text(f"the figures from before: {_figures(before).en}", f"テスト前と同じ統計: {_figures(before).ja}"),
        seen=_figures(now),
    )


# -- a scenario without Assured Recovery ------------------------------------------------------------------------------


@given_(
    en="the scenario of this drill has been recreated without Assured Recovery and is running",
    ja="この訓練で作成したシナリオが、アシュアード リカバリなしで再作成され、実行中である",
    needs=(Need.SIMULATOR,),
)
def recreated_without(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    scenario = replication.scenario(subject.scenario)
    if scenario is not None and course.plan is None:
        text = f"The scenario {subject.scenario} was there before the drill, so it is not removed to be created anew."
        raise OperationUnavailable(text, operation="create_scenario")
    if scenario is not None and scenario.state not in AT_REST:
        replication.stop(subject.scenario)
        await_state(ScenarioState.STOPPED, replication, subject, observation, timedelta(minutes=5))
    if scenario is not None:
        wizard.remove(subject.scenario)
    observation.until(
        lambda: master.machine(subject.guest),
        lambda machine: machine is not None and machine.healthy,
        expected=Text(f"{subject.guest} running on {subject.master}", f"{subject.master} で {subject.guest} が実行中"),
        seen=lambda machine: machine_text(machine, subject.master),
        within=LongWait.SWITCHOVER,
    )
    course.plan = unprotected_plan(master.machine(subject.guest), subject)
    wizard.create(course.plan)
    replication.run(subject.scenario, SynchronizationMethod.BLOCK)
    await_state(ScenarioState.RUNNING, replication, subject, observation, LongWait.SYNCHRONIZATION)


@when_(
    en="the operator attempts to start the replica integrity test",
    ja="レプリカ整合性テストを開始しようとする",
    changes=(Change.START_TEST,),
)
def try_to_start(assured_recovery: AssuredRecovery, subject: Subject, attempts: Attempts) -> None:
    attempts.attempt(lambda: assured_recovery.start(subject.scenario, manual=True))


@then_(en="no virtual machine has started on the replica host", ja="レプリカ ホストで仮想マシンは起動していない")
def nothing_started(replica: HyperV, subject: Subject, observation: Observation) -> None:
    machine = replica.machine(subject.guest)
    observation.expect(
        machine is None,
        expected=Text(
            f"{subject.guest} not registered on {subject.replica}", f"{subject.replica} に {subject.guest} がないこと"
        ),
        seen=machine_text(machine, subject.replica),
    )


def _expect_entry(marker: Marker | None, garoon: Garoon, pictures: Pictures, observation: Observation) -> None:
    """The picture is kept whatever it shows: where the entry is missing, it is the evidence."""
    marker = handed_on(marker, NO_ENTRY)
    title = garoon.find_marker(marker)
    pictures.keep(garoon.capture(), marker.title)
    observation.expect(
        title == marker.title,
        expected=Text(f"the entry «{marker.title}»", f"予定「{marker.title}」"),
        seen=entry_text(title, marker),
    )


def _expect_no_entry(marker: Marker | None, garoon: Garoon, observation: Observation) -> None:
    """Numbers of entries are given on either side independently: another entry under the number is not this one."""
    marker = handed_on(marker, NO_ENTRY)
    title = garoon.find_marker(marker)
    observation.expect(
        title != marker.title,
        expected=Text(f"no entry «{marker.title}»", f"予定「{marker.title}」がないこと"),
        seen=entry_text(title, marker),
    )


def _figures(figures: Synchronization | None) -> Text:
    if figures is None:
        return Text("no synchronisation", "同期は行われていない")
    began = f"{figures.started:%H:%M:%S}" if figures.started else "?"
    return Text(
        f"{figures.blocks_compared} blocks compared, {figures.blocks_copied} copied, begun at {began}",
        f"比較 {figures.blocks_compared} ブロック、コピー {figures.blocks_copied} ブロック、開始 {began}",
    )
