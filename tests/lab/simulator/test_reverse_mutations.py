"""Mutations of replication and of guide chapter 5: for each, one look at the lab that is different under it."""

import pytest

from lab.model.replication import Direction, ScenarioState, Severity, SynchronizationMethod
from lab.simulator.rha.installation import RhaRefusal
from tests.lab.simulator.premises import COMPLETED, SCENARIO, premises

BLOCK, SKIPPED = SynchronizationMethod.BLOCK, SynchronizationMethod.SKIPPED


def written_during_synchronization(lab):
    lab.create()
    lab.rha.run(SCENARIO, BLOCK)
    lab.wait(10)
    lab.application("MASTER").write("meanwhile")
    lab.wait(600)
    return copy_on(lab, "REPLICA")


def spool_after_a_minute(lab):
    lab.replicate()
    lab.application("MASTER").write("now")
    lab.wait(60)
    return lab.rha.statistics(SCENARIO).in_spool


def method_of_the_option(lab):
    lab.replicate()
    lab.switch_over(run_reverse=True)
    return lab.rha.statistics(SCENARIO).synchronization.method


def option_begins_before_the_guest(lab):
    lab.replicate()
    lab.switch_over(run_reverse=True)
    began = lab.rha.statistics(SCENARIO).synchronization.started
    return began < lab.world.hosts["REPLICA"].registrations["Garoon"].running_since


def state_after_switchback_with_option(lab):
    lab.replicate()
    lab.switch_over(run_reverse=True)
    lab.switch_over(run_reverse=True)
    return lab.scenario_state()


def state_after_running_in_reverse(lab):
    switched_over(lab)
    lab.rha.run(SCENARIO, BLOCK)
    return lab.scenario_state()


def verification_after_switchover(lab):
    switched_over(lab)
    return {finding.severity for finding in lab.rha.verify(SCENARIO)}


def run_without_guest(lab):
    switched_over(lab)
    lab.hyperv.shut_down("Garoon", "REPLICA")
    lab.wait(60)
    try:
        lab.rha.run(SCENARIO, BLOCK)
    except RhaRefusal:
        return "refused"
    return "started"


def blocks_copied_in_reverse(lab):
    reversed_(lab)
    return lab.rha.statistics(SCENARIO).synchronization.blocks_copied > 0


def written_during_reverse_synchronization(lab):
    switched_over(lab)
    lab.rha.run(SCENARIO, BLOCK)
    lab.wait(10)
    lab.application("REPLICA").write("meanwhile")
    lab.wait(600)
    return copy_on(lab, "MASTER")


def on_the_master_during_reverse_replication(lab):
    reversed_(lab)
    return lab.state("MASTER")


def watched_in_reverse(lab):
    reversed_(lab)
    return lab.rha.scenario(SCENARIO).is_alive


def on_the_replica_after_switchback(lab):
    circle(lab)
    return lab.state("REPLICA")


def completions(lab):
    circle(lab)
    return lab.messages().count(COMPLETED)


def on_the_master_after_switchback(lab):
    circle(lab)
    return copy_on(lab, "MASTER")


def direction_after_switchback(lab):
    circle(lab)
    return lab.rha.scenario(SCENARIO).direction


def switched_over(lab):
    lab.replicate()
    lab.switch_over()


def reversed_(lab):
    switched_over(lab)
    lab.application("REPLICA").write("there")
    lab.replicate()


def circle(lab):
    reversed_(lab)
    lab.switch_over()


def copy_on(lab, host):
    notes = lab.world.hosts[host].disk_folder("Garoon") / "notes.txt"
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


LOOKS = {
    "spool-lost": (written_during_synchronization, ["meanwhile"], []),
    "replication-stalls": (spool_after_a_minute, 0, 1),
    "option-synchronizes": (method_of_the_option, SKIPPED, BLOCK),
    "option-starts-late": (option_begins_before_the_guest, True, False),
    "option-ignored-on-the-way-back": (
        state_after_switchback_with_option,
        ScenarioState.RUNNING,
        ScenarioState.STOPPED,
    ),
    "reverse-not-started": (
        state_after_running_in_reverse,
        ScenarioState.SYNCHRONIZING,
        ScenarioState.STOPPED,
    ),
    "reverse-verification-complains": (
        verification_after_switchover,
        {Severity.INFORMATION},
        {Severity.INFORMATION, Severity.ERROR},
    ),
    "reverse-runs-without-guest": (run_without_guest, "refused", "started"),
    "reverse-copies-nothing": (blocks_copied_in_reverse, True, False),
    "reverse-spool-lost": (written_during_reverse_synchronization, ["meanwhile"], []),
    "registration-stays": (on_the_master_during_reverse_replication, None, "Off"),
    "master-does-not-watch": (watched_in_reverse, True, False),
    "replica-guest-keeps-running": (on_the_replica_after_switchback, "Off", "Running"),
    "switchback-unreported": (completions, 2, 1),
    "reverse-not-applied": (on_the_master_after_switchback, ["there"], []),
    "switchback-keeps-direction": (direction_after_switchback, Direction.FORWARD, Direction.BACKWARD),
}


@pytest.mark.parametrize("name", LOOKS)
def test_a_mutation_is_seen_where_it_is_looked_for_and_nowhere_else(tmp_path, name):
    look, healthy, otherwise = LOOKS[name]
    assert look(premises(tmp_path / "healthy")) == healthy
    assert look(premises(tmp_path / "mutated", mutations=(name,))) == otherwise


def test_properties_are_changed_while_the_scenario_is_at_rest_only(tmp_path):
    lab = premises(tmp_path)
    lab.create()
    before = lab.rha.scenario(SCENARIO)
    manual = before.reverse_replication
    lab.rha.set_initiation(SCENARIO, switchover=manual, reverse_replication=manual)
    assert lab.rha.scenario(SCENARIO).switchover is manual
    lab.replicate()
    with pytest.raises(RhaRefusal, match="既に実行中"):
        lab.rha.set_initiation(SCENARIO, switchover=before.switchover, reverse_replication=manual)
