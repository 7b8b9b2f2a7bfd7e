"""Every behaviour a drill checks can turn it red: one mutation of the lab, one step that does not pass, and why."""

import json
from pathlib import Path

import pytest
from markupsafe import escape

from guide import guide
from kunren.controls import drills_for, judged, read_run
from kunren.running.drills import choose
from lab.simulator.mutations.catalogue import CATALOGUE
from tests.kunren.conftest import drill_without_browser, site_with
from tests.reports.pages import unmarked

CLEAN = "4-1-clean-switchover"
HOST = "4-2-host-failure"
HYPERV = "4-2-hyperv-service-failure"
GUEST = "4-2-guest-failure"
HANG = "4-2-guest-hang"
MANUAL = "4-2-manual-switchover"
MAINTENANCE = "6-2-host-maintenance"
LINE_CUT = "4-2-line-cut-manual"
COUNTDOWN = "the countdown to the switchover begins within 3 minutes"
AT_ZERO = "the switchover starts automatically 300 seconds (± 60) after the countdown began"
SWITCHOVER_NEEDED = "マスタ ホストは応答していません。スイッチオーバーが必要です"
ERROR = f'the error EM00166 "{SWITCHOVER_NEEDED}" appears within 10 minutes'

PROBED = {"last-second-lost", "integrity-test-takes-master-offline"}
"""Noticed by probes and their entries."""
NOT_RESTORED = {
    "master-guest-keeps-running",
    "completion-without-start",
    "reverse-not-started",
    "replica-guest-keeps-running",
    "switchback-keeps-direction",
    "engine-stops-after-verification",
    "turned-scenario-listed-forward",
    "switchover-reported-early",
    "switchback-reported-early",
    "last-second-lost",
    "integrity-test-shuts-down-master",
    "switchover-during-maintenance",
    "switches-over-in-the-morning",
}
"""A lab that misbehaves in switching over, or in telling of it, cannot be switched back either. A guest that the
product has moved or shut down unasked, and a service that fell over, are not Kunren's to put back. A lab that loses
entries loses more of them on the way back. The record says so."""

RECOVERY = "6-1-assured-recovery"
READY = (
    'the event "レプリカ<レプリカホスト名>は、手動 HyperV 整合性テストの準備が整っています" appears within 15 minutes'
)
READINESS = "2-readiness"
INTERLOCKS = "interlocks"
BY_DAY = "interlocks-business-hours"
RUNNING_BY_DAY = 'the state of the scenario is "running" within 2 minutes'


def declined(point):
    return f'Kunren refuses the action under guide point "{point}", and no action has been sent to a host'


CAUGHT_BY = {
    "garoon-outdated": (READINESS, 'the Garoon version is "3.5.2" or later', ": 2.5.2"),
    "control-service-on-master": (READINESS, "the Control Service runs on the replica host", "MASTER: running"),
    "master-engine-stopped": (
        READINESS,
        "the engine runs as a service on both hosts",
        "MASTER: stopped; REPLICA: running",
    ),
    "service-accounts-differ": (READINESS, "all RHA services run under the same account", ": LocalSystem"),
    "master-windows-outdated": (
        READINESS,
        'the Windows version of both hosts is "6.1.7601" or later',
        "MASTER: 6.0.6002; REPLICA: 10.0.14393",
    ),
    "scenario-left-over": (
        "3-create-scenario",
        "no replication scenario of this name exists yet",
        "the scenario is being edited (master to replica)",
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
        "the same version of the engine is installed on both hosts",
        "MASTER: 16.0.2; REPLICA: 16.0.1 (out of date)",
    ),
    "missing-engine-unnoticed": (
        "3-create-scenario",
        "the verification reports the host whose engine is missing",
        "Garoon: 16.0.2",
    ),
    "running-guests-not-discovered": (
        "3-create-scenario",
        "the virtual machine of Garoon is among those discovered",
        "DC1",
    ),
    "property-not-default": (
        "3-create-scenario",
        "every property of the scenario, the master and the replica has its default value",
        "1024 MB",
    ),
    "computer-name-wrong": (
        "3-create-scenario",
        "the switchover properties show the correct computer name of the virtual machine",
        "Garoon",
    ),
    "replica-network-missing": (
        "3-create-scenario",
        "every virtual network of the virtual machine is mapped",
        "not mapped: 本番ネットワーク",
    ),
    "reverse-automatic": (
        "3-create-scenario",
        'the scenario is listed with switchover starting "automatically" and reverse replication starting "manually"',
        "switchover automatic, reverse replication automatic",
    ),
    "verification-warns": (
        "3-create-scenario",
        "the verification of the scenario reports no errors and no warnings",
        "warning: REPLICA: Hyper-V 環境に警告があります。",
    ),
    "runs-when-created": (
        "3-create-scenario",
        "the scenario is not running yet",
        "the scenario is synchronising (master to replica)",
    ),
    "run-ignored": (
        "3-create-scenario",
        "synchronisation begins within 2 minutes",
        "the scenario is being edited (master to replica)",
    ),
    "engine-stops-after-verification": (
        "3-create-scenario",
        "the verification before the run reports no errors and no warnings",
        "error: REPLICA: エンジンのサービス CAARCserveRHAEngine が実行されていません。",
    ),
    "synchronization-copies-nothing": (
        "3-create-scenario",
        'the disk of the virtual machine is copied to the replica host by "block" synchronisation',
        "0 of 24 blocks copied by block synchronisation, complete",
    ),
    "no-is-alive": (
        "3-create-scenario",
        "the replica host monitors the master host by Is Alive within 5 minutes",
        "no Is Alive checks",
    ),
    "switchover-ignored": (
        "4-1-clean-switchover",
        "the switchover begins within 2 minutes",
        "the scenario is running (master to replica)",
    ),
    "reverse-unasked": (
        "4-1-clean-switchover",
        "3 minutes later reverse replication has not started",
        "the scenario is synchronising (replica to master)",
    ),
    "master-guest-keeps-running": (
        CLEAN,
        "the virtual machine on the master host is shut down automatically within 10 minutes",
        "running on MASTER, heartbeat OK",
    ),
    "completion-without-start": (
        CLEAN,
        'the virtual machine is registered and "running" on the replica host',
        "off on REPLICA, heartbeat none",
    ),
    "last-second-lost": (
        "4-1-clean-switchover",
        "the entry made on the master host is present",
        "no such entry; its number now belongs to «Kunren canary",
    ),
    "database-read-only": (
        "4-1-clean-switchover",
        "a new entry can be made",
        "attempt to write a readonly database",
    ),
    "url-still-points-to-master": (
        CLEAN,
        "a user opens Garoon at its original URL, retrying for up to 10 minutes",
        "cannot be reached",
    ),
    "spool-lost": (
        "5-switchback-with-option",
        'the entry "made during the synchronisation" is present',
        "no such entry",
    ),
    "replication-stalls": (
        "5-switchback-with-option",
        'the entry "made during the replication" reaches the replica host within 10 seconds',
        "in the spool",
    ),
    "option-synchronizes": (
        "5-switchback-with-option",
        "its synchronisation has been skipped: no blocks were compared or copied",
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
        "stopped (master to replica)",
    ),
    "reverse-not-started": (
        "5-switchback",
        'the switched-over scenario is run again with "block" synchronisation',
        "stopped (replica to master)",
    ),
    "reverse-verification-complains": (
        "5-switchback",
        "the verification before the run reports no errors and no warnings",
        "検証できません",
    ),
    "reverse-runs-without-guest": (
        "5-switchback",
        "the product refuses the run, and the scenario has not started",
        "it was not refused",
    ),
    "reverse-copies-nothing": (
        "5-switchback",
        "the differing blocks are copied to the master host and the synchronisation completes",
        "0 of ",
    ),
    "reverse-spool-lost": (
        "5-switchback",
        'the entry "made during the reverse synchronisation" is present',
        "no such entry",
    ),
    "registration-stays": (
        "5-switchback",
        "the virtual machine is no longer listed in Hyper-V Manager on the master host",
        "off on MASTER",
    ),
    "master-does-not-watch": (
        "5-switchback",
        "the master host monitors the replica host by Is Alive within 5 minutes",
        "no Is Alive checks",
    ),
    "replica-guest-keeps-running": (
        "5-switchback",
        "the virtual machine on the replica host is shut down automatically within 10 minutes",
        "running on REPLICA",
    ),
    "switchback-unreported": (
        "5-switchback",
        'the event "スイッチオーバーが完了しました。" appears within 15 minutes',
        "シナリオを停止しました。",
    ),
    "reverse-not-applied": ("5-switchback", 'the entry "made on the replica host" is present', "no such entry"),
    "switchback-keeps-direction": (
        "5-switchback",
        'the scenario is run with "block" synchronisation',
        "Run-Scenario was refused",
    ),
    "host-not-watched": (HOST, COUNTDOWN, "no new event"),
    "countdown-cut-short": (HOST, AT_ZERO, "after 30 s"),
    "hyperv-service-not-watched": (HYPERV, COUNTDOWN, "no new event"),
    "guest-os-not-watched": (HANG, COUNTDOWN, "no new event"),
    "guest-not-started-again": (
        GUEST,
        "RHA tries to start the virtual machine on the master host within 3 minutes",
        "カウントダウン",
    ),
    "switchover-not-called-off": (GUEST, "the switchover is aborted within 3 minutes", "カウントダウン"),
    "dead-guest-stays": (GUEST, AT_ZERO, "カウントダウン"),
    "no-attempt-when-manual": (
        MANUAL,
        "RHA tries to start the virtual machine on the master host within 3 minutes",
        "カウントダウン",
    ),
    "manual-says-nothing": (MANUAL, ERROR, "カウントダウン"),
    "manual-switches-over": (MANUAL, ERROR, "シナリオを停止しました。"),
    "cut-line-switches-over": (LINE_CUT, ERROR, "シナリオを停止しました。"),
    "no-mail": (MANUAL, f'a mail with the text "{SWITCHOVER_NEEDED}" arrives within 5 minutes', "no mail"),
    "no-event-log-entry": (
        MANUAL,
        f'the event log of the management OS on the replica host contains "{SWITCHOVER_NEEDED}"',
        "no entry",
    ),
    "synchronisation-called-running": (
        MAINTENANCE,
        declined("6-2.S1-S4"),
        "1 actions sent",
    ),
    "preparation-not-begun": (
        MAINTENANCE,
        'the event "再起動の準備をしています" appears for every prepared scenario within 2 minutes',
        "",
    ),
    "preparation-unconfirmed": (
        MAINTENANCE,
        "the RHA PowerShell command has confirmed the preparation",
        "nothing printed",
    ),
    "maintenance-leaves-guest-running": (
        MAINTENANCE,
        "the virtual machine on the master host is shut down automatically within 10 minutes",
        "running on MASTER",
    ),
    "changes-left-unsent": (MAINTENANCE, "the spool is empty", "in the spool"),
    "never-ready-for-reboot": (
        MAINTENANCE,
        'the event "再起動の準備ができました。" appears for every prepared scenario within 15 minutes',
        "再起動の準備をしています",
    ),
    "reboots-by-itself": (MAINTENANCE, "the master host has not been rebooted", "started at 2012-09-25T13:"),
    "switchover-during-maintenance": (MAINTENANCE, "no switchover has been performed", "running on REPLICA"),
    "maintenance-resynchronises": (
        MAINTENANCE,
        "no blocks have been compared since the preparation",
        "blocks compared from 2012-09-25 13:2",
    ),
    "resumption-only-said": (
        MAINTENANCE,
        "the spool is empty within 5 minutes",
        "in the spool",
    ),
    "replica-maintenance-stops-guest": (
        MAINTENANCE,
        "the virtual machine on the master host has kept running since the preparation",
        "off on MASTER",
    ),
    "reboot-without-resynchronisation": (
        MAINTENANCE,
        "every scenario of the replica host is resynchronised within 60 minutes",
        "blocks compared from 2012-09-25 13:00:",
    ),
    "assured-recovery-claimed": (
        INTERLOCKS,
        declined("6-1.N0"),
        "1 actions sent",
    ),
    "integrity-test-shuts-down-master": (
        RECOVERY,
        "the virtual machine on the master host is still running and has not been restarted since the test began",
        "off on MASTER",
    ),
    "integrity-test-takes-master-offline": (
        RECOVERY,
        "no probe has found Garoon unavailable to users",
        "probes failed to make an entry",
    ),
    "manual-choice-ignored": (
        RECOVERY,
        READY,
        "へのレプリケーションが再開されました",
    ),
    "ready-not-announced": (
        RECOVERY,
        READY,
        "レプリカ整合性テストを開始しました。",
    ),
    "test-on-production-network": (
        RECOVERY,
        "the test virtual machine is connected only to an internal virtual network",
        "connected to: 本番ネットワーク",
    ),
    "guest-channel-closed": (
        RECOVERY,
        "the operator logs on to the test virtual machine through the replica host",
        "A failure occurred while attempting to connect to the target virtual machine.",
    ),
    "test-copy-write-protected": (
        RECOVERY,
        "a new entry can be made in the test virtual machine",
        "attempt to write a readonly database",
    ),
    "test-stop-ignored": (
        RECOVERY,
        "the test virtual machine is removed from the replica host within 5 minutes",
        "running on REPLICA",
    ),
    "resumption-not-announced": (
        RECOVERY,
        'the event "レプリカ <レプリカホスト名>へのレプリケーションが再開されました" appears within 5 minutes',
        "no new event",
    ),
    "test-changes-kept": (
        RECOVERY,
        "the entry made in the first test is absent from the test virtual machine",
        "«整合性テスト",
    ),
    "waiting-changes-lost": (
        RECOVERY,
        "the production entry made during the test is present in the test virtual machine",
        "no such entry",
    ),
    "test-resynchronises": (
        RECOVERY,
        "no resynchronisation has taken place: no blocks were compared",
        "blocks compared",
    ),
    "guest-name-untold": (INTERLOCKS, declined("3.N5"), "was refused: REPLICA: "),
    "off-guest-not-warned": (
        INTERLOCKS,
        "the verification of the scenario reports only the warning that the virtual machine is off",
        "no errors and no warnings",
    ),
    "synchronizes-in-the-morning": (BY_DAY, RUNNING_BY_DAY, "synchronising"),
    "switches-over-in-the-morning": (BY_DAY, RUNNING_BY_DAY, "the scenario is stopped (replica to master)"),
    "turned-scenario-listed-forward": (INTERLOCKS, declined("4-1.N1"), "1 actions sent"),
    "switchover-reported-early": (INTERLOCKS, declined("4-1.N3"), "(guide 3.N12), 0 actions sent"),
    "switchback-reported-early": (INTERLOCKS, declined("5-2.N7"), "was refused: REPLICA: "),
}
"""Mutation: the drill, the step that turns red, and part of what is seen there."""


def test_every_mutation_of_the_catalogue_has_a_step_that_catches_it():
    assert CAUGHT_BY.keys() == CATALOGUE.keys()


def test_every_point_of_the_guide_has_a_mutation_that_is_about_it():
    assert {mutation.point for mutation in CATALOGUE.values()} == guide().points.keys()


def test_every_mutation_is_about_a_point_that_its_drill_shows():
    drills = choose((), "en", None)
    for name, (shown_by, _, _) in CAUGHT_BY.items():
        assert shown_by in {each.name for each in drills_for(CATALOGUE[name], drills)}, name


ALWAYS = {"last-second-lost", "url-still-points-to-master"}
"""The others are marked, and `make controls` tries them all."""


def sample():
    for mutation in CAUGHT_BY:
        yield pytest.param(mutation, marks=() if mutation in ALWAYS else pytest.mark.controls)


@pytest.mark.browser
@pytest.mark.parametrize("mutation", list(sample()))
def test_a_mutation_turns_the_step_red_that_is_about_it(mutation, tmp_path):
    shown_by, step, seen = CAUGHT_BY[mutation]
    site = site_with(tmp_path, f'mutations = ["{mutation}"]\n')
    done = drill_without_browser(tmp_path / "record", shown_by, "--site", site, probed=mutation in PROBED)
    run = read_run(shown_by, done.code, done.folder, done.stderr)
    control = judged(CATALOGUE[mutation], [run])
    assert control.caught, control.why
    assert run.red.step.partition(" ")[2] == step
    assert seen in run.red.seen
    record = Path(run.record)
    assert str(escape(step)) in unmarked((record / "report.html").read_text(encoding="utf-8"))
    restored = json.loads((record / "record.json").read_text(encoding="utf-8"))["verdict"]["restoration"]
    assert mutation in NOT_RESTORED or restored == "passed"
    assert run.code == (1 if restored == "passed" else 5)


@pytest.mark.browser
@pytest.mark.controls
@pytest.mark.parametrize("mutation", ["test-stop-ignored", "test-on-production-network"])
def test_a_test_that_was_under_way_is_ended_by_the_restoration(mutation, tmp_path):
    run = drill_without_browser(
        tmp_path / "record", RECOVERY, "--site", site_with(tmp_path, f'mutations = ["{mutation}"]\n')
    )
    assert run.entries("restore.ended")[0]["restored"] is True
