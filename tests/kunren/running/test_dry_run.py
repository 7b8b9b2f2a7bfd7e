"""A dry run tells what would be sent, to whom, and connects to nothing."""

import os
from unittest import mock

from tests.kunren.commands import run
from tests.kunren.real_lab import SITE
from tests.kunren.test_real_site import confirm_every_guess

SECRETS = {name: f"{name.lower()}-4711" for name in ("HOST_PASSWORD", "REPLICA_PASSWORD", "GAROON_PASSWORD")}
NOWHERE = {"winrm": "http://127.0.0.1:9/wsman", "user": "drills"}
NOWHERE_ELSE = NOWHERE | {"winrm": "http://127.0.0.1:8/wsman"}
GAROON = {"url": "http://garoon.invalid/cgi-bin/cbgrn/grn.cgi", "connect": "127.0.0.1:9", "user": "kunren"}


def dry(folder, *arguments, by="powershell"):
    confirm_every_guess(folder)
    site = folder / "tokyo.toml"
    text = SITE.format(names=("M1", "R1"), scenario="S1", master=NOWHERE, replica=NOWHERE_ELSE, garoon=GAROON)
    site.write_text(f'{text}[rha]\nby = "{by}"\n', encoding="utf-8")
    with mock.patch.dict(os.environ, SECRETS):
        done = run("drill", *arguments, "--site", site, "--dry-run", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert not (folder / "records").exists()
    assert not any(secret in done.stdout for secret in SECRETS.values())
    return done.stdout


def test_each_script_is_told_with_its_arguments_and_its_host(tmp_path):
    told = dry(tmp_path, "4-1-clean-switchover")
    _, step, after = told.partition("    When the switchover is performed and confirmed\n")
    assert step
    sent = after.splitlines()[0]
    assert sent.strip().startswith("drills @ R1: Invoke-RhaCommand.ps1 (SHA-256 ")
    assert sent.endswith("Command=Switchover-Scenario, Name=S1, RunReverse=(as seen then)")
    assert "drills @ R1: Set-Lease.ps1" in told
    assert "drills @ M1 or drills @ R1: Start-Machine.ps1" in told.partition("in the restoration")[2]


def test_what_people_would_do_is_told_as_their_task(tmp_path):
    told = dry(tmp_path, "4-1-clean-switchover", by="operator")
    after = told.partition("    When the switchover is performed and confirmed\n")[2]
    assert after.splitlines()[0].strip().startswith("a person does for R1: ")
    assert "Command=" not in told


def test_a_drill_that_only_looks_sends_no_change(tmp_path):
    told = dry(tmp_path, "2-readiness")
    assert ".ps1" not in told
    assert "in the restoration" not in told
