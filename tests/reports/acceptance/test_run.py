"""Two records, one held against the other: what differs is found where it differs, and nothing else is."""

import dataclasses
import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.course import Environment
from journal.record import Contradiction
from reports.acceptance import NotComparable, Tolerance, Verdict, compare
from reports.acceptance.result import Pair, Remark
from reports.load import load_record
from tests.reports.compared import START, changed, held, later, steps, verdicts, written
from tests.reports.journals import chained_anew


def test_the_same_run_of_another_day_is_the_same(baseline, tmp_path):
    found = held(written(tmp_path), baseline)
    assert found.verdict is Verdict.SAME
    assert found.remarks == {}
    assert not [step.findings for step in steps(found) if step.findings]


@given(st.data())
def test_a_run_that_was_cut_short_is_never_the_same_and_neither_is_one_held_against_it(
    baseline, tmp_path_factory, data
):
    folder = tmp_path_factory.mktemp("cut")
    written(folder)
    whole = (folder / "journal.jsonl").read_bytes()
    end = data.draw(st.integers(whole.index(b"\n") + 1, len(whole) - 1))
    (folder / "journal.jsonl").write_bytes(whole[:end])
    cut = load_record(folder)
    for one, other in ((cut, baseline), (baseline, cut)):
        found = held(one, other)
        assert found.verdict not in (Verdict.SAME, Verdict.FASTER)
        assert {Remark.BASELINE_CUT, Remark.RECORD_CUT} & found.remarks.keys()


def test_two_runs_that_failed_alike_are_the_same_unless_one_does_not_go_on_to_its_end(tmp_path):
    def fail(lines):
        last = [line for line in lines if line["what"] == "step.ended"][-1]
        last |= {"outcome": "failed", "error": {"kind": "Unmet", "text": "no"}}

    first = changed(tmp_path / "first", fail)
    assert held(changed(tmp_path / "again", lambda lines: fail(lines) or renewed(lines)), first).verdict is Verdict.SAME
    cut = changed(tmp_path / "cut", lambda lines: fail(lines) or lines[:-1])
    assert held(cut, first).verdict is Verdict.UNKNOWN
    facts = dataclasses.replace(first.journal, contradictions=(Contradiction.SEAL,))
    altered = dataclasses.replace(first, journal=facts)
    again = changed(tmp_path / "once-more", lambda lines: fail(lines) or renewed(lines))
    assert (held(altered, again).verdict, held(again, altered).verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    failed = dataclasses.replace(written(tmp_path / "failed", "failed-en"), journal=facts)
    assert held(failed, again).verdict is Verdict.UNKNOWN, "what it says to have failed is not known either"


def renewed(lines):
    """The same run, an instant later on the wall's clock."""
    return [line | {"wall": line["wall"].replace("2026-02-14T03", "2026-02-14T04")} for line in lines]


def test_drills_of_one_run_alone_leave_the_whole_unknown(baseline, tmp_path):
    def another(lines):
        lines[0]["drills"].append(lines[0]["drills"][0] | {"drill": "5-switchback", "chapters": []})

    record = changed(tmp_path, another)
    found = held(record, baseline)
    assert (found.added, found.missing, found.verdict) == (("5-switchback",), (), Verdict.UNKNOWN)
    turned = held(baseline, record)
    assert (turned.added, turned.missing, turned.verdict) == ((), ("5-switchback",), Verdict.UNKNOWN)


def test_other_names_of_the_site_are_taken_for_roles(baseline, tmp_path):
    written(tmp_path / "here")
    text = (tmp_path / "here" / "journal.jsonl").read_text(encoding="utf-8")
    shutil.copytree(tmp_path / "here" / "evidence", tmp_path / "there" / "evidence")
    (tmp_path / "there" / "journal.jsonl").write_text(text.replace("REPLICA", "HV02"), encoding="utf-8")
    chained_anew(tmp_path / "there")
    found = held(load_record(tmp_path / "there"), baseline)
    assert (found.verdict, list(found.remarks)) == (Verdict.SAME, [Remark.SITES])


def test_twins_are_compared_by_place_and_their_texts_are_not(baseline, tmp_path):
    found = held(written(tmp_path, "passed-ja"), baseline)
    assert (found.verdict, list(found.remarks)) == (Verdict.SAME, [Remark.LANGUAGES])
    slower = held(written(tmp_path / "slower", "slower-ja"), baseline)
    assert verdicts(slower) == {START: Verdict.SLOWER}


def test_drills_of_two_languages_that_are_no_twins_are_refused(baseline, tmp_path):
    with pytest.raises(NotComparable, match="not the twins of this Kunren"):
        compare(written(tmp_path, "passed-ja"), baseline, Tolerance(), frozenset())


def test_a_run_is_not_held_against_itself(baseline):
    with pytest.raises(NotComparable, match="the same run"):
        held(baseline, baseline)


def unmarked(lines):
    """Of hosts that do not say that they are simulated."""
    return json.loads(json.dumps(later(lines)).replace(" (SIMULATED)", ""))


def test_simulated_times_are_not_held_against_real_ones(baseline, tmp_path):
    real = dataclasses.replace(written(tmp_path, change=unmarked), environment=Environment.REAL)
    with pytest.raises(NotComparable, match="show nothing about real hosts"):
        held(real, baseline)


def test_runs_without_a_common_drill_are_refused(baseline, tmp_path):
    def renamed(lines):
        lines[0]["drills"][0]["drill"] = "5-switchback"
        for line in lines:
            if "drill" in line:
                line["drill"] = "5-switchback"

    with pytest.raises(NotComparable, match="no drill in common: 5-switchback against 4-1-clean-switchover"):
        held(changed(tmp_path, renamed), baseline)


def test_what_the_reader_has_to_know_of_the_two_runs_is_remarked(baseline, tmp_path):
    def other(lines):
        lines[0] |= {"seed": 7, "kunren": "0.2.0"}
        for line in lines:
            if line.get("script") == "Get-Machine":
                line["script_sha256"] = "0" * 64

    record = changed(tmp_path, other)
    assert held(record, baseline).remarks == {
        Remark.VERSIONS: Pair("0.1.0", "0.2.0"),
        Remark.SEEDS: Pair("1", "7"),
        Remark.SCRIPTS: Pair("", "Get-Machine"),
    }
    assert Remark.BASELINE_LATER in held(baseline, record).remarks
