from datetime import timedelta

import pytest

from lab.model.replication import ScenarioState, SynchronizationMethod
from lab.simulator.hosts.disk import BLOCK
from tests.lab.simulator.premises import SCENARIO, Notebook, premises

SYSTEM_BLOCKS = 16


@pytest.fixture
def lab(tmp_path):
    lab = premises(tmp_path)
    lab.create()
    return lab


def copy(lab) -> list[str]:
    notes = lab.world.hosts["REPLICA"].disk_folder("Garoon") / "notes.txt"
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def test_synchronising_takes_minutes_compares_every_block_and_copies_those_that_differ(lab):
    lab.application("MASTER").write("before")
    lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.wait(lab.settings.synchronization_time.total_seconds() - 1)
    assert lab.scenario_state() is ScenarioState.SYNCHRONIZING
    assert copy(lab) == []
    lab.wait(3)
    figures = lab.rha.statistics(SCENARIO).synchronization
    assert (figures.blocks_compared, figures.blocks_copied) == (SYSTEM_BLOCKS + 1, SYSTEM_BLOCKS + 1)
    assert figures.ended - figures.started == lab.settings.synchronization_time + lab.settings.lag
    assert lab.scenario_state() is ScenarioState.RUNNING
    assert copy(lab) == ["before"]


def test_a_second_synchronisation_copies_only_what_has_changed_since(lab):
    lab.replicate()
    lab.rha.stop(SCENARIO)
    lab.application("MASTER").write("meanwhile")
    lab.replicate()
    figures = lab.rha.statistics(SCENARIO).synchronization
    assert (figures.blocks_compared, figures.blocks_copied) == (SYSTEM_BLOCKS + 1, 1)


def test_synchronising_by_file_copies_the_whole_of_a_file_that_differs(lab):
    lab.replicate()
    lab.rha.stop(SCENARIO)
    disk = lab.world.hosts["MASTER"].disk_folder("Garoon") / "system.vhd"
    disk.write_bytes(b"x" * BLOCK + disk.read_bytes()[BLOCK:])
    lab.replicate(SynchronizationMethod.FILE)
    assert lab.rha.statistics(SCENARIO).synchronization.blocks_copied == SYSTEM_BLOCKS


def test_a_skipped_synchronisation_compares_nothing_and_replicates_at_once(lab):
    lab.replicate()
    lab.rha.stop(SCENARIO)
    lab.rha.run(SCENARIO, SynchronizationMethod.SKIPPED)
    figures = lab.rha.statistics(SCENARIO).synchronization
    assert (figures.blocks_compared, figures.blocks_copied) == (0, 0)
    assert figures.started == figures.ended == lab.clock.now()
    assert lab.scenario_state() is ScenarioState.RUNNING
    lab.application("MASTER").write("after")
    lab.wait(2)
    assert copy(lab) == ["after"]


def test_what_is_written_during_the_synchronisation_waits_in_the_spool_and_is_applied_after_it(lab):
    lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.wait(100)
    lab.application("MASTER").write("meanwhile")
    assert lab.rha.statistics(SCENARIO).in_spool == 1
    lab.wait(lab.settings.synchronization_time.total_seconds() - 100)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == ([], 1)
    lab.wait(2)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == (["meanwhile"], 0)


def test_a_change_reaches_the_replica_after_the_lag_and_not_before(lab):
    lab.replicate()
    lab.application("MASTER").write("one")
    lab.wait(1.9)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == ([], 1)
    lab.wait(0.1)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == (["one"], 0)


def test_the_lag_is_a_setting(tmp_path):
    lab = premises(tmp_path, lag=timedelta(seconds=30))
    lab.replicate()
    lab.application("MASTER").write("one")
    lab.wait(29)
    assert copy(lab) == []
    lab.wait(1)
    assert copy(lab) == ["one"]


def test_each_change_keeps_its_own_lag(lab):
    lab.replicate()
    lab.application("MASTER").write("one")
    lab.wait(1)
    lab.application("MASTER").write("two")
    lab.wait(1)
    assert copy(lab) == ["one"]
    lab.wait(1)
    assert copy(lab) == ["one", "two"]


def test_a_stopped_scenario_copies_no_further_change_not_even_what_was_in_the_spool(lab):
    lab.replicate()
    lab.application("MASTER").write("spooled")
    lab.rha.stop(SCENARIO)
    lab.application("MASTER").write("after")
    lab.wait(60)
    assert copy(lab) == []
    assert lab.rha.statistics(SCENARIO).in_spool == 0


def test_a_stopped_synchronisation_copies_nothing(lab):
    lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.wait(60)
    lab.rha.stop(SCENARIO)
    lab.wait(600)
    assert not any(lab.world.hosts["REPLICA"].disk_folder("Garoon").iterdir())


def test_a_suspended_replica_gets_its_changes_when_it_is_resumed(lab):
    lab.replicate()
    lab.rha.suspend(SCENARIO, "replica")
    lab.application("MASTER").write("one")
    lab.wait(60)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == ([], 1)
    assert lab.scenario_state() is ScenarioState.RUNNING
    lab.rha.resume(SCENARIO, "192.0.2.2")
    lab.wait(2)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == (["one"], 0)


def test_writes_of_a_guest_outside_the_scenario_are_not_captured(lab):
    lab.replicate()
    lab.world.applications["DC1"] = Notebook
    lab.hyperv.start("DC1", "MASTER")
    lab.wait(60)
    lab.world.running("DC1", "MASTER").application.write("own")
    assert lab.rha.statistics(SCENARIO).in_spool == 0
    assert not lab.world.hosts["REPLICA"].disk_folder("DC1").exists()


def test_a_replica_without_power_gets_nothing_and_what_it_misses_waits_in_the_spool(lab):
    lab.replicate()
    lab.world.power_off("REPLICA")
    lab.application("MASTER").write("one")
    lab.wait(60)
    assert copy(lab) == []
    lab.world.power_on("REPLICA")
    lab.wait(120)
    assert lab.rha.statistics(SCENARIO).in_spool == 1
    lab.application("MASTER").write("two")
    lab.wait(2)
    assert (copy(lab), lab.rha.statistics(SCENARIO).in_spool) == (["one", "two"], 0)


def test_a_synchronisation_that_lost_its_replica_begins_anew(lab):
    lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)
    lab.world.power_off("REPLICA")
    lab.application("MASTER").write("meanwhile")
    lab.wait(310)
    assert copy(lab) == []
    lab.world.power_on("REPLICA")
    lab.wait(310)
    assert copy(lab) == ["meanwhile"]
    assert lab.scenario_state() is ScenarioState.RUNNING
