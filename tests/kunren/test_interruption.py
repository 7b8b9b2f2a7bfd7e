"""A run that is stopped puts the lab back first; one that is killed leaves a journal that still makes a report."""

import json
import os
import signal
import time

import pytest

from tests.kunren import commands
from tests.kunren.at_terminal import AtTerminal
from tests.kunren.commands import Command
from tests.kunren.visitor import without_browser
from tests.representatives import standing_for_all
from tests.under_way import entries_so_far

LONG_STEP = """Feature: A long wait between two short steps

  Scenario: Wait
    Given Garoon is available at its original URL
    And the availability of Garoon is measured at every layer from now on
    When 40000 seconds pass
    Then the virtual machine is "running" on the master host
"""
"""Its probes make it last for seconds of the wall."""
LONG_RESTORATION = """Feature: Much to put back

  Scenario: Switch over
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    Then the virtual machine is "off" on the master host
"""


def feature(folder, text):
    path = folder / "my.feature"
    path.write_text(text)
    return path


def journal(folder):
    return entries_so_far(folder / "journal.jsonl")


def in_the_long_step(folder):
    entries = journal(folder)
    begun = [at for at, entry in enumerate(entries) if entry["what"] == "step.began" and entry["step"] == 2]
    return bool(begun) and any(entry["what"] == "probe" for entry in entries[begun[0] :])


@pytest.mark.browser
@pytest.mark.parametrize(
    "number",
    standing_for_all([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], signal.SIGINT),
    ids=["INT", "TERM", "HUP"],
)
def test_a_run_stopped_in_the_middle_of_a_step_restores_the_lab_and_ends_130(tmp_path, number):
    """As a terminal and a service manager do it: its browser and their driver are told too."""
    with Command("drill", feature(tmp_path, LONG_STEP), "--out", tmp_path / "record", before=[os.setsid]) as run:
        run.await_line("Garoon is available at its original URL")
        while not in_the_long_step(tmp_path / "record"):
            assert run.poll() is None
            time.sleep(0.02)
        os.killpg(run.pid, number)
        _, complaints = run.communicate(timeout=60)
    assert run.returncode == 130
    [said] = complaints.splitlines()
    assert said.startswith("kunren: stopping; ")
    entries = journal(tmp_path / "record")
    steps = [(entry["step"], entry["outcome"]) for entry in entries if entry["what"] == "step.ended"]
    assert steps == [(0, "passed"), (1, "passed"), (2, "unknown")]
    assert [entry["restored"] for entry in entries if entry["what"] == "restore.ended"] == [True]
    assert entries[-1]["reason"] == "interrupted"
    assert (tmp_path / "record" / "report.html").is_file()


@pytest.mark.browser
def test_a_terminal_that_is_gone_stops_the_run_and_nothing_that_puts_the_lab_back(tmp_path):
    with AtTerminal("drill", feature(tmp_path, LONG_STEP), "--out", tmp_path / "record") as run:
        while not in_the_long_step(tmp_path / "record"):
            assert run.poll() is None
            time.sleep(0.02)
        run.hang_up()
        assert run.wait(timeout=300) == 130
    entries = journal(tmp_path / "record")
    assert [entry["restored"] for entry in entries if entry["what"] == "restore.ended"] == [True]
    assert entries[-1]["reason"] == "interrupted"
    assert (tmp_path / "record" / "report.html").is_file()


@pytest.mark.browser
def test_one_who_stops_while_the_lab_is_put_back_waits_for_it_and_is_heard(tmp_path):
    with Command(
        "drill", feature(tmp_path, LONG_RESTORATION), "--out", tmp_path / "record", before=[without_browser]
    ) as run:
        run.await_line("restoring the lab")
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said.startswith("kunren: the lab is being restored")
    assert [entry["restored"] for entry in journal(tmp_path / "record") if entry["what"] == "restore.ended"] == [True]


@pytest.mark.browser
def test_a_killed_run_still_makes_an_honest_report(tmp_path):
    with Command("drill", "4-1-clean-switchover", "--out", tmp_path / "record", before=[without_browser]) as run:
        run.await_line("When the switchover is performed and confirmed")
        run.kill()
        run.communicate(timeout=60)
    assert not (tmp_path / "record" / "report.html").exists()
    rewritten = commands.run("report", tmp_path / "record")
    assert rewritten.returncode == 0, rewritten.stderr
    record = json.loads((tmp_path / "record" / "record.json").read_text())
    report = (tmp_path / "record" / "report.html").read_text()
    assert "And a new entry can be made".removeprefix("And ") in report
    assert record["verdict"]["outcome"] != "passed"
    assert record["verdict"]["interrupted"] is True
