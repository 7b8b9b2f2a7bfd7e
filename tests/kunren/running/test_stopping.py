"""What is told at once when a run is asked to stop, and what is told last however a run breaks."""

import json
from dataclasses import replace
from functools import partial
from unittest import mock

import pytest

from drills.interruption import ONE_REQUEST_S, Stops, UnderWay
from kunren.console import Terminal
from kunren.running.progress import Progress
from kunren.running.stopping import Notice
from kunren.terminal import Output
from lab.model.state import Difference
from tests.journal.sample_entries import noted
from tests.kunren.commands import run
from tests.representatives import standing_for_all
from words import Quoted, Text

FEATURE = """Feature: One look

  Scenario: Look
    Then the virtual machine is "running" on the master host
"""


@pytest.fixture
def told(monkeypatch):
    said = []
    now = [0.0]
    monkeypatch.setattr("kunren.running.stopping.say_at_once", said.append)
    monkeypatch.setattr("drills.interruption.time.monotonic", lambda: now.append(now[-1] + ONE_REQUEST_S) or now[-1])
    return said


def asked(language="en", drill=""):
    stops = Stops(can_stop=False)
    stops.listeners.append(Notice(stops, language, drill=drill))
    return stops


def test_the_first_request_says_what_is_undone_and_what_a_second_does(told):
    asked()()
    assert told == ["stopping; the lab is restored first. A second request cuts the waits short."]


def test_during_a_restoration_the_act_and_the_longest_wait_are_told_and_then_what_is_left(told):
    stops = asked()
    with stops.held_until_restored():
        stops.under_way = UnderWay(
            "switch the guest back to the host it was on",
            ("remove the entries from Garoon",),
            Text("the guest", "仮想マシン"),
            1470,
        )
        stops()
        stops()
    first, second = told
    assert first.startswith("the lab is being restored, and the run stops after that. A second request cuts the waits")
    assert first.endswith(
        "under way: switch the virtual machine back to its host, waiting for the guest, at most 24 min 30 s more."
    )
    assert second.startswith("waits are cut short; ")
    assert second.endswith(
        "cut short: switch the virtual machine back to its host; left: remove the entries from Garoon."
    )


def test_the_same_in_japanese(told):
    stops = asked("ja")
    with stops.held_until_restored():
        stops.under_way = UnderWay("switch the guest back to the host it was on", (), Text("an answer", "応答"), 90)
        stops()
        stops()
    assert told[0].endswith(
        "実行中の操作: 仮想マシンを元のホストへスイッチバックする（「応答」を待機中、最長あと 1分30秒）"
    )
    assert told[1].endswith("打ち切った操作: 仮想マシンを元のホストへスイッチバックする、行わない操作: なし")


def test_one_of_many_drills_adds_only_what_its_restoration_does(told):
    stops = asked(drill="4-1")
    stops()
    assert told == []
    with stops.held_until_restored():
        stops.under_way = UnderWay("end the faults", ())
        stops()
    assert told == ["4-1: cut short: end the injected faults; left: nothing."]


def test_a_defect_in_telling_the_progress_is_kept_and_ends_nothing(tmp_path):
    with (tmp_path / "out").open("w") as stream:
        progress = Progress([], "en", Terminal(file=Output(stream)))
        progress(noted(what="drill.began", drill="unknown"))
        progress(noted(what="restore.began", mode="auto", acts=["remove the entries from Garoon"]))
    assert "KeyError: 'unknown'" in progress.defect
    assert (tmp_path / "out").read_text() == ""


@pytest.mark.parametrize(("n", "lines"), [(3, 3), (40, 1)])
def test_many_entries_that_are_left_are_one_line(n, lines, tmp_path):
    left = [Difference(f"Garoon/Kunren canary #{each}", Quoted("—"), Quoted("left")) for each in range(n)]
    with (tmp_path / "out").open("w") as stream:
        progress = Progress([], "en", Terminal(file=Output(stream)))
        progress(replace(noted(what="restore.ended", restored=False), differences=(Quoted("MASTER/Garoon"), *left)))
    assert not progress.defect
    told = (tmp_path / "out").read_text().splitlines()[1:]
    assert told[0].strip() == "MASTER/Garoon"
    assert len(told) == 1 + lines


def spoil(name):
    mock.patch(name, side_effect=RuntimeError("no\x1b[2J way")).start()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("module", "name"),
    standing_for_all(
        [("drill.reports", "write"), ("progress.Progress", "_restored"), ("drill", "one_by_one")],
        ("progress.Progress", "_restored"),
        ("drill", "one_by_one"),
    ),
)
def test_however_a_run_breaks_the_last_that_is_told_is_the_state_of_the_lab(module, name, tmp_path):
    feature = tmp_path / "my.feature"
    feature.write_text(FEATURE)
    done = run(
        "drill", feature, "--out", tmp_path / "record", before=[partial(spoil, f"kunren.running.{module}.{name}")]
    )
    assert done.returncode == 70, done.stderr
    [said] = done.stderr.splitlines()
    trace = tmp_path / "record" / "internal-error.txt"
    assert said.startswith(f"kunren: Kunren itself failed; please report {trace}")
    last = "No action was started on the lab." if name == "one_by_one" else "The lab is as it was before."
    assert said.endswith(last)
    assert "RuntimeError: no" in trace.read_text()
    entries = [json.loads(line) for line in (tmp_path / "record" / "journal.jsonl").read_text().splitlines()]
    assert [entry["restored"] for entry in entries if entry["what"] == "restore.ended"] == (
        [] if name == "one_by_one" else [True]
    )
