"""Steps of guide chapter 3: the scenario creation wizard, told and verified page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from drills.course import Course
from drills.observation import Observation
from drills.scenario_plan import adapters, complete_plan, same_name_mapping
from drills.vocabulary import given_, then_, when_
from drills.wording import INITIATION_TEXTS, INITIATIONS, Text, findings_text, machine_text, scenario_text
from lab.model.replication import (
    Finding,
    Initiation,
    Product,
    ReplicationScenario,
    ScenarioPlan,
    ScenarioState,
)
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from lab.ports import Guests, HyperV, Replication, ScenarioProperties, ScenarioWizard


@given_(
    en="no replication scenario of this name exists yet",
    ja="同じ名前のシナリオはまだ存在しない",
    needs=(Need.NO_SCENARIO,),
)
@then_(en="no replication scenario of this name exists yet", ja="同じ名前のシナリオはまだ存在しない")
def no_scenario_yet(replication: Replication, subject: Subject, observation: Observation) -> None:
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is None,
        expected=Text(f"no scenario named {subject.scenario}", f"シナリオ {subject.scenario} が存在しないこと"),
        seen=scenario_text(scenario),
    )


@when_(
    en='creation of a scenario is started for the server type "{server_type}" and the product "{product}"',
    ja="サーバ タイプ「{server_type}」、製品タイプ「{product}」でシナリオの新規作成を始める",
    words={"product": {product.value: product for product in Product}},
)
def begin_scenario(
    server_type: str, product: Product, course: Course, subject: Subject, observation: Observation
) -> None:
    observation.expect(
        server_type == "Microsoft Hyper-V",
        expected=Text("the server type Microsoft Hyper-V", "サーバ タイプ「Microsoft Hyper-V」"),
        seen=Text(server_type, server_type),
    )
    course.plan = ScenarioPlan(
        name=subject.scenario, master="", replica="", guests=(), product=product, assured_recovery=False
    )


@when_(
    en="integrity testing with Assured Recovery is selected as a task on the replica",
    ja="レプリカ上のタスクとしてアシュアード リカバリを使用した整合性テストを選択する",
)
def choose_assured_recovery(course: Course, subject: Subject) -> None:
    course.plan = replace(begun_plan(course, subject), assured_recovery=True)


@when_(en="the master host and the replica host are specified", ja="マスタ ホストとレプリカ ホストを指定する")
def give_hosts(course: Course, subject: Subject) -> None:
    course.plan = replace(begun_plan(course, subject), master=subject.master, replica=subject.replica)


@given_(en="creation of a scenario has been started", ja="シナリオの新規作成が始まっている")
@given_(
    en="creation of a scenario between the two hosts has been started",
    ja="両ホスト間のシナリオの新規作成が始まっている",
)
def scenario_begun(course: Course, subject: Subject) -> None:
    begun_plan(course, subject)


@when_(en="the virtual machines on the master host are discovered", ja="マスタ ホスト上の仮想マシンを検出する")
def discover(course: Course, wizard: ScenarioWizard, subject: Subject) -> None:
    course.discovered = wizard.discover(subject.master)


@given_(
    en="the virtual machines on the master host have been discovered",
    ja="マスタ ホスト上の仮想マシンが検出されている",
)
def discovered(course: Course, wizard: ScenarioWizard, subject: Subject) -> None:
    if not course.discovered:
        discover(course, wizard, subject)


@then_(en="all discovered virtual machines are selected", ja="検出されたすべての仮想マシンが選択されている")
def all_selected(course: Course, observation: Observation) -> None:
    left_out = [guest.name for guest in course.discovered if not guest.selected]
    observation.expect(
        bool(course.discovered) and not left_out,
        expected=Text("every discovered virtual machine selected", "検出されたすべての仮想マシンが選択されていること"),
        seen=Text(
            f"{len(course.discovered)} discovered, not selected: {', '.join(left_out) or 'none'}",
            f"検出 {len(course.discovered)} 台、未選択: {'、'.join(left_out) or 'なし'}",
        ),
    )


@then_(
    en="the virtual machine of Garoon is among those discovered",
    ja="検出された仮想マシンにガルーンの仮想マシンが含まれている",
)
def garoon_discovered(course: Course, subject: Subject, observation: Observation) -> None:
    names = [guest.name for guest in course.discovered]
    observation.expect(
        subject.guest in names,
        expected=Text(
            f"{subject.guest} among the discovered", f"検出された仮想マシンに {subject.guest} が含まれること"
        ),
        seen=Text(", ".join(names) or "none", "、".join(names) or "なし"),
    )


@when_(
    en="the selection is reduced to the virtual machine of Garoon", ja="ガルーンの仮想マシンだけを選択した状態にする"
)
def select_garoon(course: Course, subject: Subject) -> None:
    course.plan = replace(begun_plan(course, subject), guests=(subject.guest,))


@given_(en="the virtual machine of Garoon has been selected", ja="ガルーンの仮想マシンが選択されている")
def garoon_chosen(course: Course, subject: Subject) -> None:
    if not begun_plan(course, subject).guests:
        select_garoon(course, subject)


@when_(
    en="the scenario properties and the master and replica properties are left at their defaults",
    ja="シナリオのプロパティとマスタ・レプリカのプロパティは既定値のままにする",
)
def leave_defaults(course: Course, subject: Subject) -> None:
    """The plan has no place for these properties, so nothing of them is ever sent."""
    begun_plan(course, subject)


@then_(
    en="the switchover properties show the correct computer name of the virtual machine",
    ja="スイッチオーバー プロパティに仮想マシンのコンピュータ名が正しく表示される",
)
def computer_name_right(course: Course, master_guests: Guests, subject: Subject, observation: Observation) -> None:
    shown = next((guest.computer_name for guest in course.discovered if guest.name == subject.guest), "")
    own = master_guests.computer_name(subject.guest)
    observation.expect(
        bool(own) and shown == own,
        expected=Text(
            f"the name the guest itself reports: {own or 'none'}", f"ゲスト OS 自身が示す名前: {own or 'なし'}"
        ),
        seen=Text(shown or "no name", shown or "表示なし"),
    )


@when_(
    en="each virtual network of the virtual machine is mapped to the network of the same name on the replica host",
    ja="仮想マシンが使う仮想ネットワークを、レプリカ ホストの同じ名前の仮想ネットワークにマッピングする",
)
def map_networks(course: Course, master: HyperV, subject: Subject) -> None:
    plan = begun_plan(course, subject)
    course.plan = replace(plan, network_mapping=same_name_mapping(master.machine(subject.guest), subject))


@then_(en="every virtual network of the virtual machine is mapped", ja="マッピングされていない仮想ネットワークはない")
def all_mapped(course: Course, master: HyperV, replica: HyperV, subject: Subject, observation: Observation) -> None:
    mapping = begun_plan(course, subject).network_mapping
    there = {switch.name for switch in replica.switches()}
    used = {adapter.switch for adapter in adapters(master.machine(subject.guest)) if adapter.switch}
    missing = sorted(used - {pair.master_network for pair in mapping if pair.replica_network in there})
    observation.expect(
        bool(used) and not missing,
        expected=Text(
            "every network mapped to one of the replica",
            "すべての仮想ネットワークがレプリカのものに割り当てられていること",
        ),
        seen=Text(
            f"without: {', '.join(missing) or 'no network at all'}", f"未割り当て: {'、'.join(missing) or 'なし'}"
        ),
    )


@given_(en="the virtual machine and its networks have been selected", ja="仮想マシンと仮想ネットワークが選択されている")
def guest_and_network_chosen(course: Course, master: HyperV, subject: Subject) -> None:
    plan = begun_plan(course, subject)
    if not plan.guests or not plan.network_mapping:
        course.plan = complete_plan(master.machine(subject.guest), subject)


@when_(
    en='switchover is set to start "{switchover}" and reverse replication "{reverse}"',
    ja="スイッチオーバーの開始を「{switchover}」、リバース レプリケーションの開始を「{reverse}」に設定する",
    words={"switchover": INITIATIONS, "reverse": INITIATIONS},
)
def set_initiation(switchover: Initiation, reverse: Initiation, course: Course, subject: Subject) -> None:
    course.plan = replace(
        begun_plan(course, subject),
        switchover=switchover,
        reverse_replication=reverse,
    )


@when_(
    en="the scenario is created without running it",
    ja="シナリオを作成し、実行はしない",
    changes=(Change.CREATE_SCENARIO,),
)
def create(course: Course, wizard: ScenarioWizard, subject: Subject) -> None:
    wizard.create(begun_plan(course, subject))


@then_(
    en="the verification of the scenario reports no errors and no warnings",
    ja="シナリオの検証でエラーも警告も表示されない",
)
def verified(wizard: ScenarioWizard, subject: Subject, observation: Observation) -> None:
    expect_clean(wizard.verify(subject.scenario), observation)


@when_(en="the verification before the run is requested", ja="シナリオ実行前の検証結果を表示する")
def verify_before_run(course: Course, wizard: ScenarioWizard, subject: Subject) -> None:
    course.findings = wizard.verify(subject.scenario)


@then_(en="the verification before the run reports no errors and no warnings", ja="エラーも警告も表示されない")
def no_findings(course: Course, observation: Observation) -> None:
    expect_clean(course.findings, observation)


@given_(en="the scenario has been created", ja="シナリオが作成済みである")
def created(
    course: Course,
    wizard: ScenarioWizard,
    replication: Replication,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    """In a lab that is gone with the run it is created with the guide's choices where it is missing."""
    if course.disposable and replication.scenario(subject.scenario) is None:
        course.plan = complete_plan(master.machine(subject.guest), subject)
        wizard.create(course.plan)
    listed(replication, subject, observation)


@then_(
    en='the scenario is listed for the server type "{server_type}" with the product "{product}"',
    ja="シナリオがサーバ タイプ「{server_type}」、製品「{product}」で一覧に表示される",
)
def listed_product(
    server_type: str, product: str, replication: Replication, subject: Subject, observation: Observation
) -> None:
    scenario = listed(replication, subject, observation)
    observation.expect(
        scenario.product == product and bool(scenario.server_type) and server_type.endswith(scenario.server_type),
        expected=Text(f"{server_type}, {product}", f"{server_type}、{product}"),
        seen=Text(f"{scenario.server_type}, {scenario.product}", f"{scenario.server_type}、{scenario.product}"),
    )


@then_(
    en="the scenario is listed between the master host and the replica host",
    ja="シナリオがマスタ ホストとレプリカ ホストの間のものとして一覧に表示される",
)
def listed_hosts(replication: Replication, subject: Subject, observation: Observation) -> None:
    scenario = listed(replication, subject, observation)
    observation.expect(
        (scenario.master, scenario.replica) == (subject.master, subject.replica),
        expected=Text(f"{subject.master} to {subject.replica}", f"{subject.master} から {subject.replica}"),
        seen=Text(f"{scenario.master} to {scenario.replica}", f"{scenario.master} から {scenario.replica}"),
    )


@then_(
    en="every property of the scenario, the master and the replica has its default value",
    ja="シナリオ・マスタ・レプリカのプロパティはすべて既定値である",
)
def properties_default(properties: ScenarioProperties, subject: Subject, observation: Observation) -> None:
    found = properties.listed(subject.scenario)
    changed = [each for each in found if each.value != each.default]
    lines = "; ".join(f"{each.group}: {each.name} = {each.value} ({each.default})" for each in changed)
    observation.expect(
        bool(found) and not changed,
        expected=Text("every property at its default", "すべてのプロパティが既定値であること"),
        seen=Text(lines or "no properties", lines or "プロパティなし"),
    )


@then_(
    en='the scenario is listed with switchover starting "{switchover}" and reverse replication starting "{reverse}"',
    ja="一覧でスイッチオーバーの開始は「{switchover}」、リバース レプリケーションの開始は「{reverse}」である",
    words={"switchover": INITIATIONS, "reverse": INITIATIONS},
)
def listed_initiation(
    switchover: Initiation, reverse: Initiation, replication: Replication, subject: Subject, observation: Observation
) -> None:
    scenario = listed(replication, subject, observation)
    wanted = switchover, reverse
    seen = scenario.switchover, scenario.reverse_replication
    observation.expect(seen == wanted, expected=_initiation_text(*wanted), seen=_initiation_text(*seen))


def _initiation_text(switchover: Initiation, reverse: Initiation) -> Text:
    return Text(
        f"switchover {switchover.value}, reverse replication {reverse.value}",
        f"スイッチオーバー {INITIATION_TEXTS[switchover].ja}、リバース レプリケーション {INITIATION_TEXTS[reverse].ja}",
    )


@then_(en="the scenario is not running yet", ja="シナリオはまだ実行されていない")
def does_not_run(replication: Replication, subject: Subject, observation: Observation) -> None:
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None and scenario.state in {ScenarioState.EDITING, ScenarioState.STOPPED},
        expected=Text("a scenario that has not been started", "実行されていないシナリオ"),
        seen=scenario_text(scenario),
    )


@given_(
    en="the scenario has been created and is not running",
    ja="シナリオが作成済みで、実行されていない",
    needs=(Need.IDLE_SCENARIO,),
)
def created_at_rest(
    course: Course,
    wizard: ScenarioWizard,
    replication: Replication,
    master: HyperV,
    subject: Subject,
    observation: Observation,
) -> None:
    created(course, wizard, replication, master, subject, observation)
    does_not_run(replication, subject, observation)


@given_(
    en="the virtual machine runs on the master host",
    ja="仮想マシンがマスタ ホストで実行中である",
    needs=(Need.GUEST_ON_MASTER,),
)
def runs_on_master(master: HyperV, subject: Subject, observation: Observation) -> None:
    machine = master.machine(subject.guest)
    observation.expect(
        machine is not None and machine.healthy,
        expected=Text(f"{subject.guest} running on {subject.master}", f"{subject.guest} が {subject.master} で実行中"),
        seen=machine_text(machine, subject.master),
    )


def listed(replication: Replication, subject: Subject, observation: Observation) -> ReplicationScenario:
    """The scenario of the drill, which has to be there."""
    scenario = replication.scenario(subject.scenario)
    observation.expect(
        scenario is not None,
        expected=Text(f"the scenario {subject.scenario}", f"シナリオ {subject.scenario}"),
        seen=scenario_text(scenario),
    )
    assert scenario is not None
    return scenario


def begun_plan(course: Course, subject: Subject) -> ScenarioPlan:
    """What the wizard has been told so far; begun with the guide's choices when a drill starts in the middle."""
    if course.plan is None:
        course.plan = ScenarioPlan(name=subject.scenario, master=subject.master, replica=subject.replica, guests=())
    return course.plan


def expect_clean(findings: Sequence[Finding], observation: Observation) -> None:
    observation.expect(
        not any(finding.blocks for finding in findings),
        expected=Text("no errors and no warnings", "エラーも警告もないこと"),
        seen=findings_text(findings),
    )
