"""The replica integrity test of Assured Recovery on a lab without servers."""

import pytest

from lab.simulator.rha.installation import RhaRefusal
from lab.simulator.transitions import HyperVRefusal
from tests.lab.simulator.premises import COMPLETED, SCENARIO, premises

READY = "レプリカ <REPLICA> は、手動 HyperV 整合性テストの準備が整っています"
RESUMED = "レプリカ <REPLICA> へのレプリケーションが再開されました"
INTERNAL = "テスト内部ネットワーク"


@pytest.fixture
def lab(tmp_path):
    lab = premises(tmp_path)
    lab.replicate()
    return lab


def on_the_replica(lab):
    """The lines of the replica's own copy."""
    notes = lab.world.hosts["REPLICA"].disk_folder("Garoon") / "notes.txt"
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def start(lab, *, manual=True):
    lab.rha.start_integrity_test(SCENARIO, manual=manual)
    lab.wait(120)


def stop(lab):
    lab.rha.stop_integrity_test(SCENARIO)
    lab.wait(10)


def test_the_guest_starts_on_the_replica_on_the_internal_network_while_the_masters_runs_on(lab):
    start(lab)
    assert (lab.state("MASTER"), lab.state("REPLICA")) == ("Running", "Running")
    assert [adapter.switch for adapter in lab.world.machine("Garoon", "REPLICA").adapters] == [INTERNAL]
    assert lab.at_the_url() is lab.application("MASTER")
    assert READY in lab.messages()


def test_what_is_written_in_the_test_is_discarded_and_what_waited_is_applied_without_a_comparison(lab):
    lab.application("MASTER").write("before")
    lab.wait(5)
    figures = lab.rha.statistics(SCENARIO).synchronization
    start(lab)
    test = lab.application("REPLICA")
    assert test.lines() == ["before"]
    test.write("in the test")
    lab.application("MASTER").write("meanwhile")
    lab.wait(60)
    assert test.lines() == ["before", "in the test"]
    assert on_the_replica(lab) == ["before"]
    assert lab.rha.statistics(SCENARIO).in_spool == 1
    stop(lab)
    assert on_the_replica(lab) == ["before", "meanwhile"]
    assert lab.application("MASTER").lines() == ["before", "meanwhile"]
    assert lab.rha.statistics(SCENARIO).synchronization == figures
    assert lab.rha.statistics(SCENARIO).in_spool == 0


def test_the_event_of_resumption_comes_when_the_waiting_changes_are_there(lab):
    start(lab)
    lab.application("MASTER").write("meanwhile")
    lab.rha.stop_integrity_test(SCENARIO)
    assert RESUMED not in lab.messages()
    lab.wait(lab.settings.lag.total_seconds())
    assert RESUMED in lab.messages()
    assert on_the_replica(lab) == ["meanwhile"]


def test_nothing_of_the_test_is_left(lab):
    before = sorted(path.name for path in lab.world.hosts["REPLICA"].storage.iterdir())
    start(lab)
    stop(lab)
    assert lab.state("REPLICA") is None
    assert sorted(path.name for path in lab.world.hosts["REPLICA"].storage.iterdir()) == before
    lab.switch_over()
    assert lab.state("REPLICA") == "Running"


def test_an_automatic_test_ends_by_itself(lab):
    start(lab, manual=False)
    assert READY not in lab.messages()
    assert RESUMED in lab.messages()
    assert (lab.state("MASTER"), lab.state("REPLICA")) == ("Running", None)


def test_a_manual_test_lasts_until_it_is_stopped(lab):
    start(lab)
    lab.wait(24 * 3600)
    assert lab.state("REPLICA") == "Running"


def test_a_scenario_without_assured_recovery_is_not_tested(tmp_path):
    lab = premises(tmp_path)
    lab.create(assured_recovery=False)
    lab.replicate()
    with pytest.raises(RhaRefusal, match="アシュアード リカバリ"):
        lab.rha.start_integrity_test(SCENARIO, manual=True)
    assert lab.state("REPLICA") is None


def test_a_scenario_that_does_not_run_is_not_tested(tmp_path):
    lab = premises(tmp_path)
    lab.create()
    with pytest.raises(RhaRefusal, match="実行中ではありません"):
        lab.rha.start_integrity_test(SCENARIO, manual=True)


@pytest.mark.parametrize(
    "act",
    [
        lambda rha: rha.switch_over(SCENARIO, run_reverse=False),
        lambda rha: rha.suspend(SCENARIO, "REPLICA"),
        lambda rha: rha.stop(SCENARIO),
        lambda rha: rha.start_integrity_test(SCENARIO, manual=True),
        lambda rha: rha.prepare_reboot("REPLICA"),
    ],
)
def test_while_it_is_tested_nothing_else_is_done_with_the_scenario(lab, act):
    start(lab)
    with pytest.raises(RhaRefusal, match="整合性テスト"):
        act(lab.rha)


def test_a_test_that_does_not_run_cannot_be_stopped(lab):
    with pytest.raises(RhaRefusal, match="実行されていません"):
        lab.rha.stop_integrity_test(SCENARIO)


def test_without_an_internal_network_there_is_no_test_and_replication_goes_on(tmp_path):
    lab = premises(tmp_path, one_network=True)
    lab.replicate()
    with pytest.raises(HyperVRefusal, match="内部仮想ネットワーク"):
        lab.rha.start_integrity_test(SCENARIO, manual=True)
    lab.application("MASTER").write("on")
    lab.wait(5)
    assert on_the_replica(lab) == ["on"]


def test_a_test_guest_that_goes_down_ends_the_test_as_failed(lab):
    start(lab)
    lab.hyperv.turn_off("Garoon", "REPLICA")
    lab.wait(10)
    assert any("レプリカ整合性テストに失敗しました。" in message for message in lab.messages())
    assert RESUMED in lab.messages()
    assert lab.state("REPLICA") is None


def test_a_replica_that_loses_its_power_ends_the_test_when_it_is_back(lab):
    start(lab)
    lab.world.power_off("REPLICA")
    lab.wait(60)
    lab.world.power_on("REPLICA")
    lab.wait(300)
    assert lab.state("REPLICA") is None
    assert lab.state("MASTER") == "Running"


def test_a_master_that_fails_during_a_test_is_switched_over_once_the_test_is_forgotten(lab):
    lab.application("MASTER").write("before")
    lab.wait(60)
    start(lab)
    lab.application("REPLICA").write("in the test")
    lab.world.power_off("MASTER")
    lab.wait(900)
    assert lab.state("REPLICA") == "Running"
    assert COMPLETED in lab.messages()
    assert lab.at_the_url().lines() == ["before"]


def behaviour(folder, *mutations) -> dict[str, object]:
    """What can be told of a lab after a manual test with a write on either side, and of a scenario without one."""
    lab = premises(folder, mutations=mutations)
    lab.create(assured_recovery=False)
    with pytest.raises(RhaRefusal, match=r"\(AR\)を選択せずに"):
        lab.rha.start_integrity_test(SCENARIO, manual=True)
    [listed] = lab.rha.scenarios()
    lab.rha.remove(SCENARIO)
    lab.replicate()
    figures = lab.rha.statistics(SCENARIO).synchronization
    start(lab)
    told: dict[str, object] = {
        "listed without AR": not listed.assured_recovery,
        "ready": READY in lab.messages(),
        "master": lab.state("MASTER"),
        "replica": lab.state("REPLICA"),
        "networks": sorted(each.switch for each in getattr(lab.world.machine("Garoon", "REPLICA"), "adapters", ())),
    }
    for host in ("REPLICA", "MASTER"):
        application = lab.application(host)
        told[f"written on {host}"] = application is not None and not application.disk.read_only
        if told[f"written on {host}"]:
            application.write(f"on {host} during the test")
    lab.wait(60)
    if lab.state("REPLICA") is not None:
        stop(lab)
    return told | {
        "left on the replica": lab.state("REPLICA"),
        "resumed": RESUMED in lab.messages(),
        "copy": on_the_replica(lab),
        "compared anew": lab.rha.statistics(SCENARIO).synchronization != figures,
    }


HEALTHY = {
    "listed without AR": True,
    "ready": True,
    "master": "Running",
    "replica": "Running",
    "networks": [INTERNAL],
    "written on REPLICA": True,
    "written on MASTER": True,
    "left on the replica": None,
    "resumed": True,
    "copy": ["on MASTER during the test"],
    "compared anew": False,
}
DEVIATIONS = {
    "assured-recovery-claimed": {"listed without AR": False},
    "integrity-test-shuts-down-master": {"master": "Off", "written on MASTER": False, "copy": []},
    "manual-choice-ignored": {"ready": False, "replica": None, "networks": [], "written on REPLICA": False},
    "ready-not-announced": {"ready": False},
    "test-on-production-network": {"networks": ["本番ネットワーク"]},
    "test-copy-write-protected": {"written on REPLICA": False},
    "test-stop-ignored": {"left on the replica": "Running", "resumed": False, "copy": []},
    "resumption-not-announced": {"resumed": False},
    "test-changes-kept": {"copy": ["on REPLICA during the test"]},
    "waiting-changes-lost": {"copy": []},
    "test-resynchronises": {"compared anew": True},
}


@pytest.mark.parametrize("name", [None, *DEVIATIONS])
def test_a_mutation_changes_exactly_what_it_names(tmp_path, name):
    mutations = () if name is None else (name,)
    assert behaviour(tmp_path, *mutations) == {**HEALTHY, **DEVIATIONS.get(name, {})}
