import pytest

from lab.model.hosts import Service
from lab.model.replication import (
    Direction,
    EngineVersion,
    NetworkMapping,
    ScenarioState,
    Severity,
    SynchronizationMethod,
)
from lab.simulator.rha.installation import RhaRefusal
from tests.lab.simulator.premises import COMPLETED, PRODUCTION, SCENARIO, premises

BLOCK, SKIPPED = SynchronizationMethod.BLOCK, SynchronizationMethod.SKIPPED


@pytest.fixture
def lab(tmp_path):
    return premises(tmp_path)


@pytest.fixture
def replicating(lab):
    lab.replicate()
    return lab


def worst(lab) -> list[tuple[Severity, str]]:
    return [(finding.severity, finding.subject) for finding in lab.rha.verify(SCENARIO)]


# Guide 3: creating the scenario ---------------------------------------------------------------------------------------


def test_the_wizard_finds_all_guests_of_the_master_selected_and_names_those_that_run(lab):
    found = [(each.name, each.computer_name, each.state, each.selected) for each in lab.rha.discover("MASTER")]
    assert found == [("Garoon", "cybozu.ca.com", "Running", True), ("DC1", "", "Off", True)]


def test_a_created_scenario_is_being_edited_and_does_not_run(lab):
    lab.create()
    lab.wait(600)
    scenario = lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.direction, scenario.is_alive) == (
        ScenarioState.EDITING,
        Direction.FORWARD,
        False,
    )
    assert lab.rha.statistics(SCENARIO) is None


def test_without_guests_named_all_of_the_master_are_in_the_scenario(lab):
    lab.create(guests=())
    assert lab.rha.scenario(SCENARIO).guests == ("Garoon", "DC1")


@pytest.mark.parametrize("guest", ["cybozu.ca.com", "192.0.2.10", "Garoon"])
def test_a_guest_given_as_master_is_caught_and_called_a_guest(lab, guest):
    with pytest.raises(RhaRefusal, match="仮想マシンです"):
        lab.create(master=guest)
    assert lab.rha.scenarios() == ()


def test_hosts_may_be_given_by_address(lab):
    lab.create(master="192.0.2.1", replica="192.0.2.2")
    lab.replicate()
    assert lab.rha.scenario(SCENARIO).master == "192.0.2.1"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"replica": "MASTER"}, "同じホスト"),
        ({"replica": "NOWHERE"}, "エンジンが見つかりません"),
        ({"guests": ("Exchange",)}, "仮想マシン「Exchange」が見つかりません"),
        ({"name": " "}, "シナリオ名"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(lab, changes, reason):
    with pytest.raises(RhaRefusal, match=reason):
        lab.create(**changes)


def test_a_name_is_given_once(lab):
    lab.create()
    with pytest.raises(RhaRefusal, match="既に存在します"):
        lab.create(name=SCENARIO.upper())


def test_a_missing_and_an_old_engine_are_found_and_named(tmp_path):
    lab = premises(tmp_path, master_engine="", replica_engine="15.0.0")
    assert lab.rha.engine("MASTER") == EngineVersion("MASTER", "", up_to_date=False)
    assert lab.rha.engine("REPLICA") == EngineVersion("REPLICA", "15.0.0", up_to_date=False)
    with pytest.raises(RhaRefusal, match="MASTER に CA ARCserve RHA エンジンが見つかりません"):
        lab.create()


def test_an_old_engine_is_an_error_of_the_verification(tmp_path):
    lab = premises(tmp_path, replica_engine="15.0.0")
    lab.create()
    assert worst(lab) == [(Severity.ERROR, "REPLICA")]


def test_a_sound_scenario_is_verified_with_a_word_of_information(lab):
    lab.create()
    assert worst(lab) == [(Severity.INFORMATION, SCENARIO)]


def test_several_networks_on_the_replica_need_a_mapping(lab):
    lab.create(network_mapping=())
    assert worst(lab) == [(Severity.ERROR, "Garoon")]
    with pytest.raises(RhaRefusal, match="マッピング"):
        lab.rha.run(SCENARIO, BLOCK)


def test_a_mapping_to_a_network_that_is_not_there_is_an_error(lab):
    lab.create(network_mapping=(NetworkMapping(PRODUCTION, "どこにもない"),))
    assert worst(lab) == [(Severity.ERROR, "Garoon")]


def test_one_network_on_both_hosts_maps_by_itself(tmp_path):
    lab = premises(tmp_path, one_network=True)
    lab.create(network_mapping=())
    assert worst(lab) == [(Severity.INFORMATION, SCENARIO)]
    lab.replicate()
    lab.switch_over()
    assert lab.world.machine("Garoon", "REPLICA").adapters[0].switch == PRODUCTION


def test_a_guest_that_is_off_is_a_warning_before_the_first_run_and_an_error_at_the_run(lab):
    lab.hyperv.turn_off("Garoon", "MASTER")
    lab.create()
    assert worst(lab) == [(Severity.WARNING, "Garoon")]
    with pytest.raises(RhaRefusal, match="ゲスト OS が実行されていません"):
        lab.rha.run(SCENARIO, BLOCK)
    assert lab.scenario_state() is ScenarioState.EDITING


def test_different_service_accounts_are_an_error(lab):
    lab.create()
    services = lab.world.hosts["MASTER"].services
    services["CAARCserveRHAEngine"] = Service("CAARCserveRHAEngine", "", running=True, account="LocalSystem")
    assert worst(lab) == [(Severity.ERROR, SCENARIO)]


def test_an_engine_whose_service_is_stopped_is_an_error(lab):
    lab.create()
    lab.world.hosts["MASTER"].services["CAARCserveRHAEngine"] = Service(
        "CAARCserveRHAEngine", "", running=False, account=r"KUNREN\svc-rha"
    )
    assert worst(lab) == [(Severity.ERROR, "MASTER")]


def test_a_stopped_control_service_does_not_answer(lab):
    lab.world.power_off("REPLICA")
    with pytest.raises(RhaRefusal, match="コントロール サービスに接続できません"):
        lab.rha.scenarios()


# Guide 3: running it --------------------------------------------------------------------------------------------------


def test_after_the_synchronisation_the_scenario_runs_and_later_is_alive_checks_begin(lab):
    lab.create()
    lab.rha.run(SCENARIO, BLOCK)
    assert lab.scenario_state() is ScenarioState.SYNCHRONIZING
    lab.wait(lab.settings.synchronization_time.total_seconds() + 2)
    scenario = lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.is_alive) == (ScenarioState.RUNNING, False)
    lab.wait(30)
    assert lab.rha.scenario(SCENARIO).is_alive
    assert [event.sequence for event in lab.rha.events()] == [1, 2, 3]
    assert lab.rha.events()[-1].source == "REPLICA"


def test_events_are_told_from_a_sequence_number_on_with_the_time_of_the_lab(replicating):
    (last,) = replicating.rha.events(after=2)
    assert last.sequence == 3
    assert last.time == "2012/09/25 22:05:39"
    assert last.code == ""


@pytest.mark.parametrize("seconds", [0, 600])
def test_a_scenario_that_is_synchronising_or_running_is_neither_run_again_nor_removed(lab, seconds):
    lab.create()
    lab.rha.run(SCENARIO, BLOCK)
    lab.wait(seconds)
    with pytest.raises(RhaRefusal, match=r"同期中|実行中"):
        lab.rha.run(SCENARIO, BLOCK)
    with pytest.raises(RhaRefusal, match=r"同期中|実行中"):
        lab.rha.remove(SCENARIO)


def test_a_stopped_scenario_can_be_removed_and_an_unknown_one_is_not_found(replicating):
    replicating.rha.stop(SCENARIO)
    assert replicating.scenario_state() is ScenarioState.STOPPED
    assert not replicating.rha.scenario(SCENARIO).is_alive
    with pytest.raises(RhaRefusal, match="実行されていません"):
        replicating.rha.stop(SCENARIO)
    replicating.rha.remove(SCENARIO)
    with pytest.raises(RhaRefusal, match="見つかりません"):
        replicating.rha.stop(SCENARIO)


def test_replication_is_not_suspended_during_the_synchronisation_nor_on_another_host(lab):
    lab.create()
    lab.rha.run(SCENARIO, BLOCK)
    with pytest.raises(RhaRefusal, match="実行中ではありません"):
        lab.rha.suspend(SCENARIO, "REPLICA")
    lab.wait(600)
    with pytest.raises(RhaRefusal, match="レプリカ ホストではありません"):
        lab.rha.suspend(SCENARIO, "MASTER")
    with pytest.raises(RhaRefusal, match="中断されていません"):
        lab.rha.resume(SCENARIO, "REPLICA")


# Guide 4-1: clean switchover ------------------------------------------------------------------------------------------


def test_a_switchover_moves_the_guest_its_data_and_its_address_to_the_replica(replicating):
    lab = replicating
    lab.application("MASTER").write("written on the master at the last moment")
    lab.switch_over()
    assert lab.messages()[-3:] == ["スイッチオーバーを開始しました。", COMPLETED, "シナリオを停止しました。"]
    assert (lab.state("MASTER"), lab.state("REPLICA")) == ("Off", "Running")
    assert lab.at_the_url() is lab.application("REPLICA")
    assert lab.at_the_url().lines() == ["written on the master at the last moment"]
    scenario = lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.direction, scenario.is_alive) == (
        ScenarioState.STOPPED,
        Direction.BACKWARD,
        False,
    )


def test_the_completion_is_reported_when_the_guest_has_its_heartbeat_and_not_before(replicating):
    lab = replicating
    lab.rha.switch_over(SCENARIO, run_reverse=False)
    for _ in range(200):
        lab.wait(1)
        machine = lab.world.machine("Garoon", "REPLICA")
        assert (COMPLETED in lab.messages()) is (machine is not None and machine.healthy)
    assert COMPLETED in lab.messages()


def test_while_it_switches_over_a_scenario_is_neither_run_nor_stopped_nor_switched_over(replicating):
    lab = replicating
    lab.rha.switch_over(SCENARIO, run_reverse=False)
    for _ in range(5):
        assert lab.scenario_state() is ScenarioState.SWITCHING_OVER
        with pytest.raises(RhaRefusal, match="スイッチオーバー処理が終了するまで"):
            lab.rha.run(SCENARIO, BLOCK)
        with pytest.raises(RhaRefusal, match="スイッチオーバー処理が終了するまで"):
            lab.rha.stop(SCENARIO)
        with pytest.raises(RhaRefusal, match="実行中ではありません"):
            lab.rha.switch_over(SCENARIO, run_reverse=False)
        lab.wait(10)


@pytest.mark.parametrize("state", ["editing", "synchronizing", "stopped"])
def test_a_scenario_that_is_not_running_is_not_switched_over(lab, state):
    lab.create()
    if state != "editing":
        lab.rha.run(SCENARIO, BLOCK)
    if state == "stopped":
        lab.rha.stop(SCENARIO)
    with pytest.raises(RhaRefusal, match="実行中ではありません"):
        lab.rha.switch_over(SCENARIO, run_reverse=False)
    assert lab.state("MASTER") == "Running"


def test_the_guest_hangs_on_the_network_the_mapping_names(lab):
    lab.create(network_mapping=(NetworkMapping(PRODUCTION, "検証ネットワーク"),))
    lab.replicate()
    lab.switch_over()
    assert lab.world.machine("Garoon", "REPLICA").adapters[0].switch == "検証ネットワーク"
    assert lab.at_the_url() is None, "the mapped network is another LAN"


def test_a_guest_that_cannot_be_shut_down_leaves_the_scenario_running(replicating):
    lab = replicating
    lab.hyperv.turn_off("Garoon", "MASTER")
    lab.hyperv.start("Garoon", "MASTER")
    lab.wait(5)
    lab.rha.switch_over(SCENARIO, run_reverse=False)
    assert lab.messages()[-1].startswith("スイッチオーバーに失敗しました。")
    assert (lab.scenario_state(), lab.state("MASTER")) == (ScenarioState.RUNNING, "Running")


def test_a_guest_that_is_turned_off_while_it_starts_ends_the_switchover_as_failed(replicating):
    lab = replicating
    lab.rha.switch_over(SCENARIO, run_reverse=False)
    lab.wait(30)
    lab.hyperv.turn_off("Garoon", "REPLICA")
    assert lab.messages()[-2].startswith("スイッチオーバーに失敗しました。")
    assert COMPLETED not in lab.messages()


def test_a_replica_that_loses_its_power_ends_the_switchover_as_failed(replicating):
    lab = replicating
    lab.rha.switch_over(SCENARIO, run_reverse=False)
    lab.world.power_off("REPLICA")
    lab.wait(60)
    lab.world.power_on("REPLICA")
    lab.wait(120)
    assert lab.scenario_state() is ScenarioState.STOPPED
    assert any(message.startswith("スイッチオーバーに失敗しました。") for message in lab.messages())


# Guide 5: reverse replication and switchback --------------------------------------------------------------------------


def test_the_reverse_run_takes_the_guest_off_the_master_at_once_and_synchronises_back(replicating):
    lab = replicating
    lab.switch_over()
    lab.application("REPLICA").write("written on the replica")
    lab.rha.run(SCENARIO, BLOCK)
    assert lab.state("MASTER") is None
    assert lab.scenario_state() is ScenarioState.SYNCHRONIZING
    lab.application("REPLICA").write("during the synchronisation")
    lab.wait(600)
    scenario = lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.direction, scenario.is_alive) == (
        ScenarioState.RUNNING,
        Direction.BACKWARD,
        True,
    )
    assert lab.rha.events()[-1].source == "MASTER"
    copied = lab.world.hosts["MASTER"].disk_folder("Garoon") / "notes.txt"
    assert copied.read_text(encoding="utf-8").splitlines() == ["written on the replica", "during the synchronisation"]


def test_the_reverse_run_is_refused_unless_the_guest_runs_on_the_replica(replicating):
    lab = replicating
    lab.switch_over()
    lab.hyperv.turn_off("Garoon", "REPLICA")
    assert worst(lab) == [(Severity.ERROR, "Garoon")]
    with pytest.raises(RhaRefusal, match="REPLICA でゲスト OS が実行されていません"):
        lab.rha.run(SCENARIO, BLOCK)
    assert lab.state("MASTER") == "Off", "a refused run removes nothing"


def test_a_run_is_refused_while_the_guest_still_runs_on_the_standby(replicating):
    lab = replicating
    lab.switch_over()
    lab.hyperv.start("Garoon", "MASTER")
    with pytest.raises(RhaRefusal, match="スタンバイ側の MASTER"):
        lab.rha.run(SCENARIO, BLOCK)


def test_run_reverse_replicates_back_from_before_the_guest_boots_without_comparing_a_block(replicating):
    lab = replicating
    lab.application("MASTER").write("one")
    lab.switch_over(run_reverse=True)
    scenario = lab.rha.scenario(SCENARIO)
    assert (scenario.state, scenario.direction, scenario.is_alive) == (
        ScenarioState.RUNNING,
        Direction.BACKWARD,
        True,
    )
    figures = lab.rha.statistics(SCENARIO).synchronization
    assert (figures.method, figures.blocks_compared, figures.blocks_copied) == (SKIPPED, 0, 0)
    assert lab.state("MASTER") is None
    lab.application("REPLICA").write("two")
    lab.wait(2)
    copied = lab.world.hosts["MASTER"].disk_folder("Garoon") / "notes.txt"
    assert copied.read_text(encoding="utf-8").splitlines() == ["one", "two"]


def test_switching_back_brings_guest_and_data_home_and_a_further_run_replicates_forward(replicating):
    lab = replicating
    lab.application("MASTER").write("master")
    lab.switch_over()
    lab.replicate()
    lab.application("REPLICA").write("replica")
    lab.switch_over()
    assert (lab.state("MASTER"), lab.state("REPLICA")) == ("Running", "Off")
    assert lab.messages().count(COMPLETED) == 2
    assert lab.at_the_url() is lab.application("MASTER")
    assert lab.at_the_url().lines() == ["master", "replica"]
    assert lab.world.machine("Garoon", "MASTER").adapters[0].switch == PRODUCTION
    lab.replicate()
    assert lab.rha.scenario(SCENARIO).direction is Direction.FORWARD
    assert lab.state("REPLICA") is None


def test_the_whole_life_cycle_gives_the_same_events_every_time(tmp_path):
    def life(name):
        lab = premises(tmp_path / name)
        lab.replicate()
        lab.switch_over(run_reverse=True)
        lab.switch_over()
        lab.replicate()
        return lab.rha.events()

    assert life("one") == life("another")
