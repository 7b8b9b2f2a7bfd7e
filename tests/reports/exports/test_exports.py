"""Exports tell what the verdict is, no more than the record has, and nothing that a host could make of them."""

import csv
import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.course import Outcome
from journal.seen import EventSeen
from reports import judge
from reports.exports import junit, steps, tables
from reports.exports.cases import suites
from reports.history import rows
from reports.load import load_record
from tests.reports.samples import SAMPLES, write_sample
from words import words_of

OF_SUITE = {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}
"""Attributes of a suite, as JUnit XML has them."""
RESULTS = {Outcome.PASSED: None, Outcome.FAILED: "failure", Outcome.UNKNOWN: "error"}


def loaded(name, folder):
    write_sample(name, folder)
    return load_record(folder)


def told(name, folder):
    record = loaded(name, folder)
    return record, ET.fromstring(junit.junit(record, folder, words_of("en")))


def result(case):
    return next((each.tag for each in case if each.tag != "system-out"), None)


@pytest.mark.parametrize("name", SAMPLES)
def test_junit_has_its_shape_and_the_outcomes_of_the_verdict(name, tmp_path):
    record, root = told(name, tmp_path)
    cases = list(root.iter("testcase"))
    assert len({each.get("name") for each in cases}) == len(cases)
    for suite, drill in zip(root, record.drills, strict=True):
        assert set(suite.keys()) == OF_SUITE
        assert suite.get("name").startswith("SIMULATED ")
        assert [each.tag for each in suite] == ["properties"] + ["testcase"] * int(suite.get("tests"))
        counted = [result(each) for each in suite.iter("testcase")]
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == counted.count(tag)
        for case, chapter in zip(suite.iter("testcase"), drill.chapters, strict=False):
            assert result(case) == RESULTS.get(judge.shown(chapter), "skipped")
        assert counted[len(drill.chapters)] == RESULTS.get(judge.restoration(drill), "skipped")
        assert (counted[-1] is None) == (judge.verdict(record).outcome is Outcome.PASSED)


def test_a_failure_has_what_was_expected_and_seen(tmp_path):
    _, root = told("failed-en", tmp_path)
    failed = next(root.iter("failure")).text
    assert "\n  expected: " in failed
    assert "\n  seen: " in failed


def test_attachments_are_evidence_of_the_record(tmp_path):
    _, root = told("passed-en", tmp_path)
    lines = [line for each in root.iter("system-out") for line in each.text.splitlines()]
    assert lines
    for line in lines:
        assert (tmp_path / line.removeprefix("[[ATTACHMENT|").removesuffix("]]")).is_file()


def test_a_journal_that_is_not_whole_shows_no_passed_drill(tmp_path):
    write_sample("passed-en", tmp_path)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    suite = next(suites(load_record(tmp_path), words_of("en")))
    assert suite.cases[-1].outcome is Outcome.UNKNOWN
    assert suite.cases[-1].why


def test_too_long_a_text_is_cut_and_says_where_the_rest_is(tmp_path, monkeypatch):
    monkeypatch.setattr(junit, "MOST_BYTES", 1)
    record, root = told("failed-en", tmp_path)
    assert f"more characters are in the record {record.id}." in next(root.iter("failure")).text


@pytest.mark.parametrize("name", ["failed-ja", "hostile-ja"])
def test_the_steps_are_a_table_in_which_nothing_is_a_formula(name, tmp_path):
    record = loaded(name, tmp_path)
    text = "".join(steps.stream(record, words_of("ja")))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows) == 1 + sum(len(each.steps) for each in record.drills)
    assert {len(row) for row in rows} == {len(steps.COLUMNS)}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_probes_and_events_are_tables_of_their_own(tmp_path):
    record = loaded("host-failure-ja", tmp_path)
    (drill,) = record.drills
    probed = sum(map(len, drill.measurement.probing.probes.values()))
    seen = sum(isinstance(each, EventSeen) for each in record.everything)
    for columns, lines, n in (
        (tables.PROBES, tables.probes(record, words_of("ja")), probed),
        (tables.EVENTS, tables.events(record, words_of("ja")), seen),
    ):
        head, *read = csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff")))
        assert len(read) == n > 5
        assert {len(row) for row in (head, *read)} == {len(columns)}
        assert {row[0] for row in read} == {"模擬環境 SIMULATED"}


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_text_is_a_formula_or_more_than_a_cell(text):
    ((read,),) = csv.reader(io.StringIO(rows.line([rows.cell(text)])))
    assert not read.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert "\n" not in read
