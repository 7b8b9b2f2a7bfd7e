"""Simulated drills that go on at once: one order in the journal, one restoration a lab, one end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kunren.conftest import REPOSITORY, drill
from tests.kunren.test_drill import normalised

pytestmark = pytest.mark.browser

FEATURE = """Feature: {name}

  Scenario: Use Garoon
    Given Garoon is in use at its original URL
    Then the virtual machine is "{state}" on the master host
"""
LONG = """Feature: A long one

  Scenario: Create and run
    Given the replication scenario runs from the master host to the replica host
"""


@pytest.fixture
def features(tmp_path):
    def written(*names, text=FEATURE, state="running"):
        paths = [tmp_path / f"{name}.feature" for name in names]
        for path in paths:
            path.write_text(text.format(name=path.stem, state=state))
        return paths

    return written


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_drills_side_by_side_leave_the_journal_they_leave_one_by_one(tmp_path, features):
    """Whatever their names, and although one of them fails."""
    drills = [*features("second"), *features("first", state="off")]
    together = drill(tmp_path / "together", *drills, "--at-once", "2")
    in_turn = drill(tmp_path / "in-turn", *drills, "--at-once", "1")
    assert (together.code, in_turn.code) == (1, 1), together.stdout + together.stderr
    assert normalised(together) == normalised(in_turn)
    assert [entry["drill"] for entry in together.entries("drill.began")] == ["second", "first"]
    assert [entry["drill"] for entry in together.entries("step.ended") if entry["outcome"] != "passed"] == ["first"]
    assert [entry["restored"] for entry in together.entries("restore.ended")] == [True, True]
    pictures = [entry["file"] for entry in together.entries("evidence")]
    assert pictures == sorted(pictures)
    assert sorted(pictures) == sorted(f"evidence/{each.name}" for each in (together.folder / "evidence").iterdir())
    left = {each.name for each in together.folder.iterdir()}
    assert left == {"journal.jsonl", "record.json", "report.html", "evidence"}


def started(folder, *drills):
    program = [sys.executable, "-m", "kunren", "drill", *map(str, drills), "--at-once", "2", "--out", str(folder)]
    return subprocess.Popen(program, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(run, line):
    assert any(line in printed for printed in run.stdout), f"the run ended before «{line}»"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["INT", "TERM"])
def test_a_stopped_run_puts_back_the_labs_under_way_and_begins_no_other(tmp_path, features, number):
    drills = features("one", "two", "three", text=LONG)
    with started(tmp_path / "record", *drills) as run:
        wait_for(run, "Create and run")  # in the middle of its step, which takes minutes of lab time
        run.send_signal(number)
        run.communicate(timeout=60)
    assert run.returncode == 130
    entries = [json.loads(line) for line in (tmp_path / "record" / "journal.jsonl").read_text().splitlines()]
    began = [entry["drill"] for entry in entries if entry["what"] == "drill.began"]
    assert began in (["one"], ["one", "two"])
    touched = {entry["drill"] for entry in entries if entry["what"] == "step.began"}
    restored = [entry["restored"] for entry in entries if entry["what"] == "restore.ended"]
    assert len(touched) <= len(restored) <= len(began)
    assert all(restored)
    assert entries[-1]["reason"] == "interrupted"
    record = json.loads((tmp_path / "record" / "record.json").read_text())
    assert record["verdict"]["interrupted"] is True


def test_a_process_that_dies_is_kunrens_own_failure_and_what_it_did_is_kept(tmp_path, features):
    drills = features("one", "two", text=LONG)
    with started(tmp_path / "record", *drills) as run:
        wait_for(run, "Create and run")
        os.kill(children(run.pid)[0], signal.SIGKILL)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 70
    assert len(said.splitlines()) == 1
    assert "The process of one has died" in (tmp_path / "record" / "internal-error.txt").read_text()
    kept = (tmp_path / "record" / "journal.jsonl").read_text()
    assert '"what": "drill.began", "drill": "one"' in kept
    assert '"what": "run.ended"' in kept
