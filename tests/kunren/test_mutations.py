"""Every behaviour a drill checks can turn it red: one mutation of the lab, one step that does not pass, and why."""

from pathlib import Path

import pytest

from kunren.controls import drills_for, judged, perform_control
from kunren.drills import choose
from lab.simulator.faults import CATALOGUE

CAUGHT_BY = {
    "scenario-left-over": (
        "3-create-scenario",
        "there is no replication scenario of this name yet",
        "the scenario is being edited (forward)",
    ),
    "assured-recovery-dropped": (
        "3-create-scenario",
        'the scenario is listed for the server type "Microsoft Hyper-V" with the product "HA AR"',
        "Hyper-V, HA",
    ),
    "hosts-exchanged": (
        "3-create-scenario",
        "the scenario is listed between the master host and the replica host",
        "REPLICA to MASTER",
    ),
    "replica-engine-outdated": (
        "3-create-scenario",
        "the engine is installed on both hosts and both are of the same version",
        "MASTER: 16.0.2; REPLICA: 16.0.1 (out of date)",
    ),
    "running-guests-not-discovered": (
        "3-create-scenario",
        "the virtual machine of Garoon is among them",
        "DC1",
    ),
    "property-not-default": (
        "3-create-scenario",
        "every property of the scenario, the master and the replica has its default value",
        "1024 MB",
    ),
    "computer-name-wrong": (
        "3-create-scenario",
        "the switchover properties show the right computer name of the virtual machine",
        "Garoon",
    ),
    "replica-network-missing": (
        "3-create-scenario",
        "no virtual network is left without a mapping",
        "without: 本番ネットワーク",
    ),
    "reverse-automatic": (
        "3-create-scenario",
        'switchover is listed to start "automatically" and reverse replication "manually"',
        "switchover automatic, reverse replication automatic",
    ),
    "verification-warns": (
        "3-create-scenario",
        "the verification of the scenario shows no errors and no warnings",
        "warning: REPLICA: Hyper-V 環境に警告があります。",
    ),
    "runs-when-created": (
        "3-create-scenario",
        "the scenario does not run yet",
        "the scenario is synchronising (forward)",
    ),
    "run-ignored": (
        "3-create-scenario",
        "synchronisation begins within 2 minutes",
        "the scenario is being edited (forward)",
    ),
    "engine-stops-after-verification": (
        "3-create-scenario",
        "it shows no errors and no warnings",
        "error: REPLICA: エンジンのサービス CAARCserveRHAEngine が実行されていません。",
    ),
    "synchronization-copies-nothing": (
        "3-create-scenario",
        'the disk of the virtual machine is copied to the replica host by the "block" synchronisation',
        "0 of 24 blocks copied by block, ended",
    ),
    "no-is-alive": (
        "3-create-scenario",
        "the replica host watches the master host by Is Alive within 5 minutes",
        "no Is Alive checks",
    ),
    "switchover-ignored": (
        "4-1-clean-switchover",
        "the switchover begins within 2 minutes",
        "the scenario is running (forward)",
    ),
    "reverse-unasked": (
        "4-1-clean-switchover",
        "3 minutes later it has not been run in reverse",
        "the scenario is synchronising (backward)",
    ),
    "master-guest-keeps-running": (
        "4-1-clean-switchover",
        "the virtual machine on the master host is shut down by itself within 10 minutes",
        "running on MASTER, heartbeat Ok",
    ),
    "completion-without-start": (
        "4-1-clean-switchover",
        'the virtual machine is registered and "running" on the replica host',
        "off on REPLICA, heartbeat None",
    ),
    "last-second-lost": (
        "4-1-clean-switchover",
        "the entry made on the master host is there",
        "no such entry",
    ),
    "database-read-only": (
        "4-1-clean-switchover",
        "a new entry can be made",
        "attempt to write a readonly database",
    ),
    "url-still-points-to-master": (
        "4-1-clean-switchover",
        "a user opens Garoon at its original URL, trying for up to 10 minutes",
        "refused",
    ),
    "spool-lost": (
        "5-switchback-with-option",
        'the entry "made during the synchronisation" is there',
        "no such entry",
    ),
    "replication-stalls": (
        "5-switchback-with-option",
        'the entry "made during the replication" reaches the replica host within 10 seconds',
        "in the spool",
    ),
    "option-synchronizes": (
        "5-switchback-with-option",
        "its synchronisation has been skipped: no block was compared and none copied",
        "method block",
    ),
    "option-starts-late": (
        "5-switchback-with-option",
        "reverse replication from the replica host began before the virtual machine booted there",
        "the virtual machine was powered on",
    ),
    "option-ignored-on-the-way-back": (
        "5-switchback-with-option",
        'the state of the scenario is "running" within 5 minutes',
        "stopped (forward)",
    ),
    "reverse-not-started": (
        "5-switchback",
        'the switched-over scenario is run again with the "block" synchronisation',
        "stopped (backward)",
    ),
    "reverse-verification-complains": ("5-switchback", "it shows no errors and no warnings", "検証できません"),
    "reverse-runs-without-guest": (
        "5-switchback",
        "the product refuses it, and the scenario has not been started",
        "it was not refused",
    ),
    "reverse-copies-nothing": (
        "5-switchback",
        "the blocks that differ are copied to the master host and the synchronisation ends",
        "0 of ",
    ),
    "reverse-spool-lost": (
        "5-switchback",
        'the entry "made during the reverse synchronisation" is there',
        "no such entry",
    ),
    "registration-stays": (
        "5-switchback",
        "the virtual machine has disappeared from Hyper-V Manager on the master host",
        "off on MASTER",
    ),
    "master-does-not-watch": (
        "5-switchback",
        "the master host watches the replica host by Is Alive within 5 minutes",
        "no Is Alive checks",
    ),
    "replica-guest-keeps-running": (
        "5-switchback",
        "the virtual machine on the replica host is shut down by itself within 10 minutes",
        "running on REPLICA",
    ),
    "switchback-unreported": (
        "5-switchback",
        'the event "スイッチオーバーが完了しました。" appears within 15 minutes',
        "シナリオを停止しました。",
    ),
    "reverse-not-applied": ("5-switchback", 'the entry "made on the replica host" is there', "no such entry"),
    "switchback-keeps-direction": (
        "5-switchback",
        'the scenario is run with the "block" synchronisation',
        "Run-Scenario was refused",
    ),
}
"""Mutation: the drill, the step that turns red, and part of what is seen there."""


def test_every_mutation_of_the_catalogue_has_a_step_that_catches_it():
    assert CAUGHT_BY.keys() == CATALOGUE.keys()


def test_every_mutation_is_about_a_point_that_its_drill_shows():
    for name, (drill, _, _) in CAUGHT_BY.items():
        assert drill in {each.name for each in drills_for(CATALOGUE[name], choose((), "en", None))}, name


@pytest.mark.browser
@pytest.mark.parametrize("mutation", CAUGHT_BY)
def test_a_mutation_turns_the_step_red_that_is_about_it(mutation, tmp_path):
    drill, step, seen = CAUGHT_BY[mutation]
    run = perform_control(drill, CATALOGUE[mutation], tmp_path / "run", "en")
    control = judged(CATALOGUE[mutation], [run])
    assert control.caught, control.why
    assert (run.code, run.red.step.partition(" ")[2]) == (1, step)
    assert seen in run.red.seen
    assert step.replace('"', "&#34;") in (Path(run.record) / "report.html").read_text(encoding="utf-8")
