"""Two records, one held against the other: what differs is found where it differs, and nothing else is."""

import dataclasses
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.record import Environment, Outcome
from reports.acceptance import NotComparable, Tolerance, Verdict, compare
from reports.acceptance.behaviour import numberless, steady
from reports.acceptance.result import Pair, Remark, Topic
from reports.load import load_record
from tests.reports.compared import Faster, Otherwise, Slower, held, written
from tests.reports.journals import lines_of, rewrite
from tests.reports.samples import write_sample

START = 6
"""The step in which the guest starts on the replica host."""


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("baseline")
    write_sample("passed-en", folder)
    return load_record(folder)


def steps(found):
    return [step for drill in found.drills for chapter in drill.chapters for step in chapter.steps]


def verdicts(found):
    """Of the steps that are not the same, by their number in the record."""
    return {step.numbers.record: step.verdict for step in steps(found) if step.verdict is not Verdict.SAME}


def weighing(found):
    everywhere = [
        *(finding for step in steps(found) for finding in step.findings),
        *(finding for drill in found.drills for finding in drill.findings),
    ]
    return {finding.topic for finding in everywhere if finding.verdict}


def changed(tmp_path, change):
    """The passed sample of another day, with its journal's lines changed."""
    written(tmp_path / "plain")
    lines = lines_of(tmp_path / "plain")
    lines = change(lines) or lines
    shutil.copytree(tmp_path / "plain" / "evidence", tmp_path / "changed" / "evidence")
    rewrite(tmp_path / "changed", lines)
    return load_record(tmp_path / "changed")


def test_the_same_run_of_another_day_is_the_same(baseline, tmp_path):
    found = held(written(tmp_path), baseline)
    assert found.verdict is Verdict.SAME
    assert found.remarks == {}
    assert not [step.findings for step in steps(found) if step.findings]


def test_only_the_step_that_took_longer_is_slower(baseline, tmp_path):
    found = held(written(tmp_path, kind=Slower), baseline)
    assert (found.verdict, verdicts(found)) == (Verdict.SLOWER, {START: Verdict.SLOWER})
    took = next(step.took for step in steps(found) if step.numbers.record == START)
    assert took.baseline.lower == pytest.approx(88.6)
    assert took.record.lower == pytest.approx(244.6)


def test_only_the_step_that_took_less_is_faster(baseline, tmp_path):
    found = held(written(tmp_path, kind=Faster), baseline)
    assert (found.verdict, verdicts(found)) == (Verdict.FASTER, {START: Verdict.FASTER})


@pytest.mark.parametrize("tolerance", [Tolerance(3.0, 5.0), Tolerance(0.1, 300.0)])
def test_a_difference_counts_only_beyond_both_tolerances(baseline, tmp_path, tolerance):
    assert held(written(tmp_path, kind=Slower), baseline, tolerance).verdict is Verdict.SAME


def test_other_actions_and_other_events_are_another_behaviour(baseline, tmp_path):
    found = held(written(tmp_path, kind=Otherwise), baseline)
    assert found.verdict is Verdict.DIFFERENT
    assert verdicts(found) == {4: Verdict.DIFFERENT, 7: Verdict.DIFFERENT}
    acted, completed = (step for step in steps(found) if step.verdict is Verdict.DIFFERENT)
    actions, questions = acted.findings
    assert (actions.topic, actions.verdict) == (Topic.ACTIONS, Verdict.DIFFERENT)
    assert "RunReverse=true" in actions.record[0]
    assert (questions.topic, questions.record, questions.verdict) == (Topic.QUESTIONS, ("REPLICA: Get-Switch",), None)
    events, seen = completed.findings
    assert events.baseline == ("スイッチオーバーが完了しました。 (significant)",)
    assert events.record == ("スイッチオーバーが完了しましたが、警告があります。 (significant)",)
    assert (seen.topic, seen.verdict) == (Topic.SEEN, None)


def test_another_outcome_is_another_behaviour_and_what_was_not_reached_is_unknown(baseline, tmp_path):
    found = held(written(tmp_path, "failed-en"), baseline)
    assert found.verdict is Verdict.DIFFERENT
    assert verdicts(found) == {9: Verdict.DIFFERENT, 10: Verdict.UNKNOWN}
    assert found.drills[0].restoration.verdict is Verdict.DIFFERENT


def test_a_failure_of_both_runs_is_the_same_only_if_they_fail_alike(tmp_path):
    first = written(tmp_path / "first", "failed-en")

    def otherwise(lines):
        for line in lines:
            if line.get("outcome") == "failed" and line["what"] == "step.ended":
                line |= {"seen": "an empty page", "error": {"kind": "Unmet", "text": "an empty page"}}

    def again(lines):
        for line in lines:
            line["wall"] = line["wall"].replace("2026-02-14", "2026-02-15")

    for name, change in (("alike", again), ("otherwise", otherwise)):
        lines = lines_of(tmp_path / "first")
        change(lines)
        (tmp_path / name).mkdir()
        rewrite(tmp_path / name, lines)
    alike = held(load_record(tmp_path / "alike"), first)
    assert (alike.verdict, verdicts(alike)) == (Verdict.UNKNOWN, {10: Verdict.UNKNOWN})
    assert Remark.BASELINE_NOT_PASSED in alike.remarks
    other = held(load_record(tmp_path / "otherwise"), first)
    assert weighing(other) == {Topic.FAILURE, Topic.NOT_RUN}


def test_a_new_and_a_missing_step_are_said_and_the_others_still_compared(baseline, tmp_path):
    def reword(lines):
        drill = lines[0]["drills"][0]
        drill["sha256"] = "0" * 64
        drill["chapters"][0]["steps"][1]["text"] = "the guest runs somewhere"

    found = held(changed(tmp_path, reword), baseline)
    alone = [step for step in steps(found) if None in (step.numbers.baseline, step.numbers.record)]
    assert [(step.text, step.findings[0].topic) for step in alone] == [
        ("And the guest runs on the master and not on the replica", Topic.MISSING),
        ("And the guest runs somewhere", Topic.NEW),
    ]
    assert len(steps(found)) == 13
    assert found.drills[0].changed
    assert found.verdict is Verdict.DIFFERENT


def test_another_text_of_the_drill_is_said_even_where_all_steps_agree(baseline, tmp_path):
    found = held(changed(tmp_path, lambda lines: lines[0]["drills"][0].update(sha256="0" * 64)), baseline)
    assert (verdicts(found), found.drills[0].changed, found.verdict) == ({}, True, Verdict.DIFFERENT)


@settings(max_examples=40, deadline=None)
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


def renewed(lines):
    """The same run, an instant later on the wall's clock."""
    return [line | {"wall": line["wall"].replace("2026-02-14T03", "2026-02-14T04")} for line in lines]


def test_a_chapter_left_out_makes_the_whole_unknown(baseline, tmp_path):
    def leave_out(lines):
        lines[0]["drills"][0]["chapters"][1]["left_out"] = True
        end = next(n for n, line in enumerate(lines) if line["what"] == "chapter.began" and line["chapter"] == 1)
        after = next(n for n, line in enumerate(lines) if line["what"] == "chapter.ended" and line["chapter"] == 1)
        skipped = [lines[end] | {"what": "step.ended", "step": step, "outcome": "skipped"} for step in range(2)]
        return [*lines[:end], *skipped, *lines[after + 1 :]]

    found = held(changed(tmp_path, leave_out), baseline)
    assert (found.verdict, Remark.PARTIAL in found.remarks) == (Verdict.UNKNOWN, True)


def test_an_event_that_another_step_happens_to_note_is_no_difference(baseline, tmp_path):
    def later(lines):
        event = next(n for n, line in enumerate(lines) if line.get("sequence") == 1879)
        step = next(n for n, line in enumerate(lines) if n > event and line["what"] == "step.began")
        lines.insert(step + 1, lines.pop(event) | {"at": lines[step]["at"], "wall": lines[step]["wall"]})

    assert held(changed(tmp_path, later), baseline).verdict is Verdict.SAME


def test_how_often_an_event_came_is_said_and_weighs_nothing(baseline, tmp_path):
    def twice(lines):
        event = next(n for n, line in enumerate(lines) if line.get("sequence") == 1879)
        lines.insert(event, lines[event] | {"sequence": 1878})

    found = held(changed(tmp_path, twice), baseline)
    (often,) = found.drills[0].findings
    assert (often.topic, often.record[0][-2:], found.verdict) == (Topic.OFTEN, "×2", Verdict.SAME)


def test_a_profile_s_name_for_an_event_stands_for_its_words(tmp_path):
    def named(words):
        def name(lines):
            for line in lines:
                if line.get("sequence") == 1880:
                    line |= {"kind": "completed", "message": words}

        return name

    one = changed(tmp_path, named("Switchover completed."))
    two = changed(tmp_path / "two", named("スイッチオーバーが完了しました。"))
    assert held(two, one).verdict is Verdict.SAME


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
    found = held(load_record(tmp_path / "there"), baseline)
    assert (found.verdict, list(found.remarks)) == (Verdict.SAME, [Remark.SITES])


def test_twins_are_compared_by_place_and_their_texts_are_not(baseline, tmp_path):
    found = held(written(tmp_path, "passed-ja"), baseline)
    assert (found.verdict, list(found.remarks)) == (Verdict.SAME, [Remark.LANGUAGES])
    slower = held(written(tmp_path / "slower", "passed-ja", Slower), baseline)
    assert verdicts(slower) == {START: Verdict.SLOWER}


def test_drills_of_two_languages_that_are_no_twins_are_refused(baseline, tmp_path):
    with pytest.raises(NotComparable, match="not the twins that this Kunren has"):
        compare(written(tmp_path, "passed-ja"), baseline, Tolerance(), frozenset())


def test_a_run_is_not_held_against_itself(baseline):
    with pytest.raises(NotComparable, match="one and the same run"):
        held(baseline, baseline)


def test_simulated_times_are_not_held_against_real_ones(baseline, tmp_path):
    real = dataclasses.replace(written(tmp_path), environment=Environment.REAL)
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
        Remark.SEEDS: Pair("20120925", "7"),
        Remark.SCRIPTS: Pair("", "Get-Machine"),
    }
    assert Remark.BASELINE_LATER in held(baseline, record).remarks


def test_the_unknown_outcome_of_a_step_weighs_nothing_but_unknown(baseline, tmp_path):
    def unknown(lines):
        ended = [line for line in lines if line["what"] == "step.ended"]
        ended[3]["outcome"] = "unknown"

    found = held(changed(tmp_path, unknown), baseline)
    assert verdicts(found) == {4: Verdict.UNKNOWN}
    assert steps(found)[3].outcomes == Pair(Outcome.PASSED, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("started at 2012-09-25T13:23:07.5600000+00:00", "started at …"),
        ("訓練 2012/09/25 22:05:20 #1", "訓練 … #1"),
        ("127.0.0.1:45933", "127.0.0.1:…"),
        ("/schedule/view?event=1043&bdate=2012-09-25", "/schedule/view?event=…&bdate=…"),
        ("VLAN 12 on 192.0.2.10", "VLAN 12 on 192.0.2.10"),
    ],
)
def test_what_differs_from_run_to_run_is_taken_out_and_no_more(text, expected):
    assert steady(text) == expected


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_countdown_says_the_same_all_the_way_down(one, other):
    message = "スイッチオーバーまでのカウントダウン: 残り {} 秒"
    assert numberless(message.format(one)) == numberless(message.format(other))
