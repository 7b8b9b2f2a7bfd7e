"""Former records of a site: the newest that can be read, and when its integrity test was seen."""

from dataclasses import replace

import pytest

from drills.preflight.records import READY, SiteRecords, former
from journal.reader import RecordUnreadable
from journal.writer import JournalFile
from lab.clock import SystemClock
from tests.board.room import beginning
from tests.drills.preflight.test_changes import HOST, checked, facts, seen
from tests.journal.sample_entries import noted


def record(folder, *entries, site="tokyo", points=()):
    folder.mkdir()
    with JournalFile(folder, clock=SystemClock(), wall=SystemClock()) as journal:
        began = beginning("real")
        [plan] = began.drills
        journal.write(replace(began, site=replace(began.site, name=site), drills=(replace(plan, guide=points),)))
        for entry in entries:
            journal.write(entry)
    return folder


def test_a_record_tells_what_the_site_was_last(tmp_path):
    entries = (HOST, checked(build="1.1"), seen(), checked(build="1.2"))
    found = former(record(tmp_path / "a", *entries))
    assert [str(each) for each in found.changes(facts(checked(build="1.3")))] == ["MASTER Windows build: 1.2 → 1.3"]


def test_a_record_whose_run_did_not_ask_the_site_tells_nothing(tmp_path):
    assert former(record(tmp_path / "a")) is None


def test_a_state_in_the_terms_of_another_kunren_is_unreadable(tmp_path):
    folder = record(tmp_path / "a", HOST, seen())
    journal = folder / "journal.jsonl"
    journal.write_text(journal.read_text(encoding="utf-8").replace('"External"', '"Cloud"'), encoding="utf-8")
    with pytest.raises(RecordUnreadable, match="Cloud"):
        former(folder)


def test_the_newest_record_of_the_site_that_can_be_read_is_taken(tmp_path):
    record(tmp_path / "a", HOST)
    record(tmp_path / "b", replace(HOST, os="B"))
    record(tmp_path / "c")
    record(tmp_path / "d", HOST, site="osaka")
    record(tmp_path / "e", HOST)
    for name, text in (("f", "{"), ("g", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "journal.jsonl").write_text(text)
    assert SiteRecords(tmp_path, "tokyo", False, own=tmp_path / "e").newest().record == tmp_path / "b"
    assert SiteRecords(tmp_path, "tokyo", True).newest() is None
    assert SiteRecords(tmp_path / "none", "tokyo", False).newest() is None


def test_a_run_that_was_told_too_little_is_passed_over(tmp_path):
    records = SiteRecords(tmp_path, "tokyo", False)
    record(tmp_path / "a", HOST, seen())
    record(tmp_path / "b", HOST)
    assert records.newest().record == tmp_path / "a"


def event(kind):
    return noted(what="rha.event", id="", sequence=1, severity="", source="", time="", message="", kind=kind)


def test_records_tell_when_an_integrity_test_was_seen(tmp_path):
    def tested():
        return SiteRecords(tmp_path, "tokyo", False).tested()

    record(tmp_path / "other", event(READY))
    assert tested() is None
    before = SystemClock().now().replace(microsecond=0)  # a journal has milliseconds
    record(tmp_path / "a", event(READY), points=("6-1.S3",))
    record(tmp_path / "b", event("scenario_started"), points=("6-1.S3",))
    assert before <= tested() <= SystemClock().now()
