"""Steps of guide chapter 3: the scenario creation wizard, told and verified page by page."""

from __future__ import annotations

from dataclasses import replace

from drills.nouns.earlier import EarlierChapters
from drills.nouns.guest import Guest
from drills.nouns.host import Hosts
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard, same_name_mapping
from drills.observation import Observation
from drills.vocabulary import given_, then_, when_
from drills.wording import INITIATIONS, NONE, initiation, several
from lab.model.hosts import HostRole
from lab.model.machines import PowerState
from lab.model.replication import Initiation, Product, ScenarioPlan
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from words import Quoted, Told, sentence


@given_(
    en="no replication scenario of this name exists yet",
    ja="同じ名前のシナリオはまだ存在しない",
    needs=(Need.NO_SCENARIO,),
)
@then_(en="no replication scenario of this name exists yet", ja="同じ名前のシナリオはまだ存在しない")
def no_scenario_yet(scenario: Scenario) -> None:
    name = scenario.name
    scenario.expect(lambda scenario: scenario is None, sentence("steps.scenario.none_named", name=name))


@when_(
    en='creation of a scenario is started for the server type "{server_type}" and the product "{product}"',
    ja="サーバ タイプ「{server_type}」、製品タイプ「{product}」でシナリオの新規作成を始める",
    words={"product": {product.value: product for product in Product}},
)
def begin_scenario(
    server_type: str, product: Product, wizard: Wizard, subject: Subject, observation: Observation
) -> None:
    observation.expect(
        server_type == "Microsoft Hyper-V",
        expected=sentence("steps.wizard.server_type"),
        seen=Quoted(server_type),
    )
    wizard.plan = ScenarioPlan(
        name=subject.scenario, master="", replica="", guests=(), product=product, assured_recovery=False
    )


@when_(
    en="integrity testing with Assured Recovery is selected as a task on the replica",
    ja="レプリカ上のタスクとしてアシュアード リカバリを使用した整合性テストを選択する",
)
def choose_assured_recovery(wizard: Wizard) -> None:
    wizard.plan = replace(wizard.plan, assured_recovery=True)


@when_(en="the master host and the replica host are specified", ja="マスタ ホストとレプリカ ホストを指定する")
def give_hosts(wizard: Wizard, subject: Subject) -> None:
    wizard.plan = replace(wizard.plan, master=subject.master, replica=subject.replica)


@given_(en="creation of a scenario has been started", ja="シナリオの新規作成が始まっている")
@given_(
    en="creation of a scenario between the two hosts has been started",
    ja="両ホスト間のシナリオの新規作成が始まっている",
)
def scenario_begun(wizard: Wizard) -> None:
    wizard.begun()


@when_(
    en="the virtual machines on the master host are discovered",
    ja="マスタ ホスト上の仮想マシンを検出する",
    asks=("discover_guests",),
)
def discover(wizard: Wizard) -> None:
    wizard.discover()


@given_(
    en="the virtual machines on the master host have been discovered",
    ja="マスタ ホスト上の仮想マシンが検出されている",
    asks=("discover_guests",),
)
def discovered(wizard: Wizard) -> None:
    if not wizard.discovered:
        wizard.discover()


@then_(en="all discovered virtual machines are selected", ja="検出されたすべての仮想マシンが選択されている")
def all_selected(wizard: Wizard, observation: Observation) -> None:
    left_out = [guest.name for guest in wizard.discovered if not guest.selected]
    observation.expect(
        bool(wizard.discovered) and not left_out,
        expected=sentence("steps.wizard.all_selected"),
        seen=sentence("steps.wizard.selected", n=len(wizard.discovered), left_out=tuple(left_out) or NONE),
    )


@then_(
    en="the virtual machine of Garoon is among those discovered",
    ja="検出された仮想マシンにガルーンの仮想マシンが含まれている",
)
def garoon_discovered(wizard: Wizard, subject: Subject, observation: Observation) -> None:
    names = [guest.name for guest in wizard.discovered]
    observation.expect(
        subject.guest in names,
        expected=sentence("steps.wizard.discovered", guest=subject.guest),
        seen=several(names),
    )


@when_(
    en="the selection is reduced to the virtual machine of Garoon", ja="ガルーンの仮想マシンだけを選択した状態にする"
)
def select_garoon(wizard: Wizard, subject: Subject) -> None:
    wizard.plan = replace(wizard.plan, guests=(subject.guest,))


@given_(en="the virtual machine of Garoon has been selected", ja="ガルーンの仮想マシンが選択されている")
def garoon_chosen(wizard: Wizard, subject: Subject) -> None:
    if not wizard.plan.guests:
        select_garoon(wizard, subject)


@when_(
    en="the scenario properties and the master and replica properties are left at their defaults",
    ja="シナリオのプロパティとマスタ・レプリカのプロパティは既定値のままにする",
)
def leave_defaults(wizard: Wizard) -> None:
    """The plan has no place for these properties, so nothing of them is ever sent."""
    wizard.begun()


@then_(
    en="the switchover properties show the correct computer name of the virtual machine",
    ja="スイッチオーバー プロパティに仮想マシンのコンピュータ名が正しく表示される",
)
def computer_name_right(wizard: Wizard, master_guest: Guest, observation: Observation) -> None:
    shown = next((guest.computer_name for guest in wizard.discovered if guest.name == master_guest.name), "")
    own = master_guest.computer_name()
    observation.expect(
        bool(own) and shown == own,
        expected=sentence("steps.wizard.own_name", name=own or NONE),
        seen=Quoted(shown) if shown else sentence("steps.wizard.no_name"),
    )


@when_(
    en="each virtual network of the virtual machine is mapped to the network of the same name on the replica host",
    ja="仮想マシンが使う仮想ネットワークを、レプリカ ホストの同じ名前の仮想ネットワークにマッピングする",
)
def map_networks(wizard: Wizard, master_guest: Guest, subject: Subject) -> None:
    wizard.plan = replace(wizard.plan, network_mapping=same_name_mapping(master_guest.now(), subject))


@then_(en="every virtual network of the virtual machine is mapped", ja="マッピングされていない仮想ネットワークはない")
def all_mapped(wizard: Wizard, master_guest: Guest, hosts: Hosts, observation: Observation) -> None:
    there = {switch.name for switch in hosts[HostRole.REPLICA].switches()}
    machine = master_guest.now()
    used = set(machine.networks if machine else ())
    mapped = {pair.master_network for pair in wizard.plan.network_mapping if pair.replica_network in there}
    missing = sorted(used - mapped)
    observation.expect(
        bool(used) and not missing,
        expected=sentence("steps.wizard.all_mapped"),
        seen=sentence("steps.wizard.unmapped", networks=tuple(missing) or NONE),
    )


@given_(en="the virtual machine and its networks have been selected", ja="仮想マシンと仮想ネットワークが選択されている")
def guest_and_network_chosen(wizard: Wizard) -> None:
    if not wizard.plan.guests or not wizard.plan.network_mapping:
        wizard.plan = wizard.complete()


@when_(
    en='switchover is set to start "{switchover}" and reverse replication "{reverse}"',
    ja="スイッチオーバーの開始を「{switchover}」、リバース レプリケーションの開始を「{reverse}」に設定する",
    words={"switchover": INITIATIONS, "reverse": INITIATIONS},
)
def set_initiation(switchover: Initiation, reverse: Initiation, wizard: Wizard) -> None:
    wizard.plan = replace(wizard.plan, switchover=switchover, reverse_replication=reverse)


@when_(
    en="the scenario is created without running it",
    ja="シナリオを作成し、実行はしない",
    changes=(Change.CREATE_SCENARIO,),
)
def create(wizard: Wizard) -> None:
    wizard.create()


@then_(
    en="the verification of the scenario reports no errors and no warnings",
    ja="シナリオの検証でエラーも警告も表示されない",
    asks=("verify_scenario",),
)
def verified(wizard: Wizard) -> None:
    wizard.expect_clean(wizard.verify())


@when_(
    en="the verification before the run is requested",
    ja="シナリオ実行前の検証結果を表示する",
    asks=("verify_scenario",),
)
def verify_before_run(wizard: Wizard) -> None:
    wizard.findings = wizard.verify()


@then_(en="the verification before the run reports no errors and no warnings", ja="エラーも警告も表示されない")
def no_findings(wizard: Wizard) -> None:
    wizard.expect_clean(wizard.findings)


@given_(en="the scenario has been created", ja="シナリオが作成済みである")
def created(earlier: EarlierChapters, scenario: Scenario) -> None:
    """In a lab that is gone with the run it is created with the guide's choices where it is missing."""
    earlier.create()
    scenario.listed()


@then_(
    en='the scenario is listed for the server type "{server_type}" with the product "{product}"',
    ja="シナリオがサーバ タイプ「{server_type}」、製品「{product}」で一覧に表示される",
)
def listed_product(server_type: str, product: str, scenario: Scenario, observation: Observation) -> None:
    seen = scenario.listed()
    observation.expect(
        seen.product == product and bool(seen.server_type) and server_type.endswith(seen.server_type),
        expected=sentence("steps.scenario.type_and_product", server_type=server_type, product=product),
        seen=sentence("steps.scenario.type_and_product", server_type=seen.server_type, product=seen.product),
    )


@then_(
    en="the scenario is listed between the master host and the replica host",
    ja="シナリオがマスタ ホストとレプリカ ホストの間のものとして一覧に表示される",
)
def listed_hosts(scenario: Scenario, subject: Subject, observation: Observation) -> None:
    seen = scenario.listed()
    observation.expect(
        (seen.master, seen.replica) == (subject.master, subject.replica),
        expected=sentence("steps.scenario.hosts", master=subject.master, replica=subject.replica),
        seen=sentence("steps.scenario.hosts", master=seen.master, replica=seen.replica),
    )


@then_(
    en="every property of the scenario, the master and the replica has its default value",
    ja="シナリオ・マスタ・レプリカのプロパティはすべて既定値である",
    asks=("scenario_properties",),
)
def properties_default(scenario: Scenario, observation: Observation) -> None:
    found = scenario.properties()
    changed = [each for each in found if each.value != each.default]
    lines = [f"{each.group}: {each.name} = {each.value} ({each.default})" for each in changed or found]
    observation.expect(
        bool(found) and not changed,
        expected=sentence("steps.scenario.default_properties"),
        seen=several(lines, sentence("steps.scenario.no_properties")),
    )


@then_(
    en='the scenario is listed with switchover starting "{switchover}" and reverse replication starting "{reverse}"',
    ja="一覧でスイッチオーバーの開始は「{switchover}」、リバース レプリケーションの開始は「{reverse}」である",
    words={"switchover": INITIATIONS, "reverse": INITIATIONS},
)
def listed_initiation(
    switchover: Initiation, reverse: Initiation, scenario: Scenario, observation: Observation
) -> None:
    listed = scenario.listed()
    wanted, seen = (switchover, reverse), (listed.switchover, listed.reverse_replication)
    observation.expect(seen == wanted, expected=_initiation_text(*wanted), seen=_initiation_text(*seen))


def _initiation_text(switchover: Initiation, reverse: Initiation) -> Told:
    return sentence("steps.scenario.initiation", switchover=initiation(switchover), reverse=initiation(reverse))


@then_(en="the scenario is not running yet", ja="シナリオはまだ実行されていない")
def does_not_run(scenario: Scenario) -> None:
    scenario.expect_idle()


@given_(
    en="the scenario has been created and is not running",
    ja="シナリオが作成済みで、実行されていない",
    needs=(Need.IDLE_SCENARIO,),
)
def created_at_rest(earlier: EarlierChapters, scenario: Scenario) -> None:
    created(earlier, scenario)
    scenario.expect_idle()


@given_(
    en="the virtual machine runs on the master host",
    ja="仮想マシンがマスタ ホストで実行中である",
    needs=(Need.GUEST_ON_MASTER,),
)
def runs_on_master(master_guest: Guest) -> None:
    master_guest.expect_state(PowerState.RUNNING)
