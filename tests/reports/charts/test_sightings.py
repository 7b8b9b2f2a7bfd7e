"""The report draws what the journal says that drivers understood, and reads no host's answer again."""

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import reports
from journal.seen import Call
from reports import write_reports
from reports.charts.sightings import Sighting, looks, of_guest, stretches
from reports.load import load_record
from tests.reports.journals import rewritten
from tests.reports.measured import LAB_START
from tests.reports.samples import write_sample
from words import words_of


def drill_of(folder):
    return load_record(folder).drills[0]


@pytest.fixture
def passed(tmp_path):
    write_sample("passed-en", tmp_path)
    return tmp_path


def test_what_is_drawn_does_not_depend_on_what_answers_say(passed):
    before = [list(of_guest("Garoon", host, drill_of(passed).everything)) for host in ("MASTER", "REPLICA")]
    rewritten(passed, lambda entry: entry | {"answer": ["… (45 more)"]} if entry["what"] == "call" else entry)
    record = load_record(passed)
    assert all(each.answer == ["… (45 more)"] for each in record.everything if isinstance(each, Call))
    assert [list(of_guest("Garoon", host, record.drills[0].everything)) for host in ("MASTER", "REPLICA")] == before


def test_a_state_that_says_neither_is_no_look(passed):
    every = len(list(looks("Garoon", drill_of(passed).everything, LAB_START)))
    running = sum(entry.running for entry in looks("Garoon", drill_of(passed).everything, LAB_START))
    rewritten(passed, lambda entry: entry | {"state": "Other"} if entry.get("state") == "Running" else entry)
    left = list(looks("Garoon", drill_of(passed).everything, LAB_START))
    assert running > 2
    assert len(left) < every
    assert len(left) - sum(look.running for look in left) == every - running


def test_a_journal_of_before_is_read_and_says_that_it_does_not_tell(passed):
    rewritten(passed, lambda entry: None if entry["what"] in {"guest", "scenario"} else entry)
    written = write_reports(passed)
    assert words_of("en")("understood.lacking") in written.html.read_text(encoding="utf-8")
    assert list(looks("Garoon", drill_of(passed).everything, LAB_START)) == []


def test_no_module_of_reports_reads_what_a_script_answered():
    """But for record.json and the folded details of a call, which show it as it was kept."""
    sources = Path(reports.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if re.search(r"\.answer\b", path.read_text(encoding="utf-8"))] == [
        "quotes.py"
    ]


START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))


def seen(*states):
    return [Sighting(START + timedelta(seconds=10 * n), state) for n, state in enumerate(states)]


def test_sightings_that_agree_are_one_stretch():
    (stretch,) = stretches(seen("Off", "Off", "Off"))
    assert (stretch.begin, stretch.end) == (START, START + timedelta(seconds=20))
    assert stretch.steady


def test_a_change_lies_between_the_sightings_and_nowhere_else():
    before, change, after = stretches(seen("Running", "Running", "Off", "Off"))
    assert before.steady
    assert after.steady
    assert not change.steady
    assert (change.before, change.after) == ("Running", "Off")
    assert (change.begin, change.end) == (before.end, after.begin)


def test_one_sighting_says_nothing_of_any_stretch_of_time():
    assert stretches(seen("Running")) == ()
