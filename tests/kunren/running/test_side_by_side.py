"""Simulated drills that go on at once: one order in the journal, one restoration a lab, one end."""

import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from journal.course import Ending, Outcome
from journal.seal import KEY, SEAL, SIGNATURE
from kunren.records.sealing import VERIFIER
from kunren.running.performing import DrillOutcome
from kunren.running.side_by_side import ToldDrill
from reports import judge
from reports.load import load_record
from tests.kunren.commands import Command
from tests.kunren.conftest import drill_without_browser
from tests.kunren.running.test_drill import normalised
from tests.kunren.visitor import Visitor, without_browser
from tests.reports.journals import rewrite
from tests.representatives import standing_for_all
from words import Quoted

pytestmark = pytest.mark.browser

FEATURE = """Feature: {name}

  Scenario: Use Garoon
    Given Garoon is available at its original URL
    Then the virtual machine is "{state}" on the master host
"""
LONG = """Feature: A long one

  Scenario: Create and run
    Given the replication scenario runs from the master host to the replica host
"""

LASTING = LONG + 20 * "    And Garoon is available at its original URL\n"
"""Seconds of the wall."""
NEVER_ENDING = LONG + 200 * "    And Garoon is available at its original URL\n"
"""However late a test is to stop it."""


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
    together = drill_without_browser(tmp_path / "together", *drills, "--at-once", "2")
    in_turn = drill_without_browser(tmp_path / "in-turn", *drills, "--at-once", "1")
    assert (together.code, in_turn.code) == (1, 1), together.stdout + together.stderr
    assert normalised(together) == normalised(in_turn)
    assert [entry["drill"] for entry in together.entries("drill.began")] == ["second", "first"]
    assert [entry["drill"] for entry in together.entries("step.ended") if entry["outcome"] != "passed"] == ["first"]
    assert [entry["restored"] for entry in together.entries("restore.ended")] == [True, True]
    pictures = [entry["file"] for entry in together.entries("evidence")]
    assert pictures == sorted(pictures)
    assert sorted(pictures) == sorted(f"evidence/{each.name}" for each in (together.folder / "evidence").iterdir())
    left = {each.name for each in together.folder.iterdir()}
    assert left == {
        "journal.jsonl",
        "evidence",
        "sources",
        "record.json",
        "report.html",
        *VERIFIER,
        SEAL,
        SIGNATURE,
        KEY,
    }


def unhurried():
    """A login takes a moment of the wall, as it does in a browser."""
    log_in = Visitor.log_in

    def later(visitor):
        time.sleep(0.15)
        log_in(visitor)

    Visitor.log_in = later


def started(folder, *drills):
    return Command("drill", *drills, "--at-once", "2", "--out", folder, before=[without_browser, unhurried])


@pytest.mark.parametrize(
    "number", standing_for_all([signal.SIGINT, signal.SIGTERM], signal.SIGTERM), ids=["INT", "TERM"]
)
def test_a_stopped_run_puts_back_the_labs_under_way_and_begins_no_other(tmp_path, features, number):
    drills = features("one", "two", "three", text=NEVER_ENDING)
    with started(tmp_path / "record", *drills) as run:
        run.await_line("Create and run")
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


def killed(record, drills, victims):
    """A run of two drills at a time of which these workers are killed in the middle of their drills."""
    with started(record, *drills) as run:
        run.await_line("Create and run")
        for victim in victims:
            step = f'"step.began", "drill": "{drills[victim].stem}"'
            until = time.monotonic() + 60
            while not any(step in file.read_text() for file in record.rglob("*.jsonl")):
                assert time.monotonic() < until, step
                time.sleep(0.02)
        running = children(run.pid)
        for victim in victims:
            os.kill(running[victim], signal.SIGKILL)
        _, said = run.communicate(timeout=100)
    return run.returncode, said, [json.loads(line) for line in (record / "journal.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("victims", standing_for_all([[0], [1], [0, 1]], [1]), ids=["first", "second", "both"])
def test_a_killed_process_leaves_its_drill_interrupted_and_the_others_whole(tmp_path, features, victims):
    """Also those that were not begun yet, for which another process takes its place."""
    names = ("one", "two", "three")
    drills = [
        path for number, name in enumerate(names) for path in features(name, text=LASTING if number < 2 else LONG)
    ]
    code, said, entries = killed(tmp_path / "record", drills, victims)
    dead = {names[victim] for victim in victims}
    assert sorted(said.splitlines()) == sorted(
        f"kunren: The process that performed {name} has died, and its simulated lab with it; the outcome is unknown."
        for name in dead
    )
    reasons = {entry["drill"]: entry["reason"] for entry in entries if entry["what"] == "drill.ended"}
    assert reasons == {name: "interrupted" if name in dead else "finished" for name in names}
    assert [entry["drill"] for entry in entries if entry["what"] == "drill.began"] == list(names)
    assert entries[-1]["what"] == "run.ended"
    assert code == 5  # whether each lab was put back is not known
    record = load_record(tmp_path / "record")
    expected = {name: Outcome.UNKNOWN if name in dead else Outcome.PASSED for name in names}
    assert {each.id: judge.drill(each) for each in record.drills} == expected
    assert {each.id: judge.restoration(each) for each in record.drills} == expected
    assert list((tmp_path / "record").glob("pictures-*")) == []


def test_a_drill_cut_off_anywhere_is_closed_so_that_its_record_can_be_read(clean_switchover, tmp_path):
    head, *entries, end = clean_switchover.journal
    for cut in sorted({*range(0, len(entries), 59), 1, 2, len(entries) - 1, len(entries)}):
        told, folder = ToldDrill("4-1-clean-switchover"), tmp_path / str(cut)
        for entry in entries[:cut]:
            told.note(entry)
        kept = [head, *entries[:cut], *told.closing(DrillOutcome(died=Quoted("gone"))), end]
        shutil.copytree(clean_switchover.folder / "evidence", folder / "evidence")
        rewrite(folder, kept)
        [drill] = load_record(folder).drills
        if cut == len(entries):
            assert (drill.ending, judge.drill(drill)) == (Ending.FINISHED, Outcome.PASSED)
        elif cut:
            assert drill.ending is Ending.INTERRUPTED
            assert judge.drill(drill) in {Outcome.UNKNOWN, Outcome.NOT_RUN, Outcome.PASSED}
            restored = any(entry["what"] == "restore.ended" for entry in entries[:cut])
            began = any(entry["what"] == "step.began" for entry in entries[:cut])
            unrestored = Outcome.UNKNOWN if began else Outcome.NOT_RUN
            assert judge.restoration(drill) is (Outcome.PASSED if restored else unrestored)
