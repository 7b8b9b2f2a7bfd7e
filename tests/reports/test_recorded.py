"""Reports of journals that simulated runs have left: what is written today is read and told whole."""

import json
import re

import pytest

from journal.course import Outcome
from journal.entries import KINDS, entry_of
from reports import judge, write_reports
from reports.load import load_record
from tests.journal.validation import validate
from tests.reports.golden import VALIDATOR
from tests.reports.journals import lines_of
from tests.reports.pages import Page
from tests.reports.recorded import recorded, write_lines

PYTHON = re.compile(r"\b[A-Z][a-zA-Z]+\.[A-Z_]{2,}\b|<[a-z.]+ object at|datetime\.|timedelta")


DRILLS = ("switchover-en", "host-failure-ja", "operated-ja")
"""Two of the guide, with probes, and one that people have operated."""


@pytest.fixture(scope="module", params=DRILLS)
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "record"
    write_lines(folder, recorded(request.param))
    return folder


def test_every_entry_is_read_back_whole_and_is_as_the_schema_has_it(run):
    for line in lines_of(run):
        validate(line)
        added = {"record": ""} if line["what"] == "run.began" else {}  # a sample has no identity
        assert {**line, **entry_of(line).to_json()} == added | line


def test_a_run_that_passed_is_told_so_and_nothing_of_it_is_unread(run):
    record = load_record(run, first=True)
    verdict = judge.verdict(record)
    assert (verdict.outcome, verdict.altered, verdict.contradictions) == (Outcome.PASSED, (), ())
    assert (record.journal.complete, record.journal.unread) == (True, ())


def test_the_recorded_runs_have_every_kind_that_a_passed_drill_without_board_and_lease_has(tmp_path):
    found = set()
    for name in DRILLS:
        write_lines(tmp_path / name, recorded(name))
        found |= {line["what"] for line in lines_of(tmp_path / name)}
    at_board = {f"person.{each}" for each in ("joined", "late", "noted", "stopped", "attested")} | {
        "pause.began",
        "pause.ended",
    }
    of_real_sites = {"lease", "host.checked"}
    assert KINDS.keys() - found == {"operator", *of_real_sites, *at_board}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_report_says_nothing_in_python(run, language):
    made = write_reports(run, language, first=True)
    page = Page(made.html.read_text(encoding="utf-8"))
    assert [found[0] for found in PYTHON.finditer(" ".join(page.text))] == []


def test_the_record_is_as_the_schema_has_it_whatever_the_language_of_its_report(run):
    first, second = (write_reports(run, language, first=True).record.read_bytes() for language in ("en", "ja"))
    assert first == second
    VALIDATOR.validate(json.loads(first))


def test_a_journal_that_was_cut_has_not_passed(run, tmp_path):
    lines = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
    for end in range(1, len(lines), 97):
        (tmp_path / "journal.jsonl").write_bytes(b"".join(lines[:end]))
        assert judge.verdict(load_record(tmp_path, first=True)).outcome is not Outcome.PASSED
