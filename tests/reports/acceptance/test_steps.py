import pytest

from journal.course import Outcome
from reports.acceptance import Tolerance, Verdict
from reports.acceptance.result import Pair, Remark, Topic
from reports.load import load_record
from tests.reports.compared import START, changed, held, later, otherwise, steps, verdicts, weighing, written
from tests.reports.journals import lines_of, rewrite

NOT_REACHED = dict.fromkeys((10, 11, 12), Verdict.UNKNOWN)
"""Steps after the one that fails."""


def test_only_the_step_that_took_longer_is_slower(baseline, tmp_path):
    found = held(written(tmp_path, "slower-en"), baseline)
    assert (found.verdict, verdicts(found)) == (Verdict.SLOWER, {START: Verdict.SLOWER})
    took = next(step.seconds for step in steps(found) if step.numbers.record == START)
    assert took.baseline.lower == pytest.approx(5.15)
    assert took.record.lower == pytest.approx(25.75)


def test_only_the_step_that_took_less_is_faster(baseline, tmp_path):
    found = held(baseline, written(tmp_path, "slower-en"))
    assert (found.verdict, verdicts(found)) == (Verdict.FASTER, {START: Verdict.FASTER})


@pytest.mark.parametrize("tolerance", [Tolerance(3.0, 5.0), Tolerance(0.1, 300.0)])
def test_a_difference_counts_only_beyond_both_tolerances(baseline, tmp_path, tolerance):
    assert held(written(tmp_path, "slower-en"), baseline, tolerance).verdict is Verdict.SAME


def test_other_actions_and_other_events_are_another_behaviour(baseline, tmp_path):
    found = held(written(tmp_path, change=lambda lines: otherwise(later(lines))), baseline)
    assert found.verdict is Verdict.DIFFERENT
    assert verdicts(found) == {4: Verdict.DIFFERENT, START: Verdict.DIFFERENT}
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
    assert verdicts(found) == {9: Verdict.DIFFERENT} | NOT_REACHED
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
    assert (alike.verdict, verdicts(alike)) == (Verdict.UNKNOWN, NOT_REACHED)
    assert Remark.BASELINE_NOT_PASSED in alike.remarks
    other = held(load_record(tmp_path / "otherwise"), first)
    assert weighing(other) == {Topic.FAILURE, Topic.NOT_RUN}


def test_the_unknown_outcome_of_a_step_weighs_nothing_but_unknown(baseline, tmp_path):
    def unknown(lines):
        ended = [line for line in lines if line["what"] == "step.ended"]
        ended[3]["outcome"] = "unknown"

    found = held(changed(tmp_path, unknown), baseline)
    assert verdicts(found) == {4: Verdict.UNKNOWN}
    assert steps(found)[3].outcomes == Pair(Outcome.PASSED, Outcome.UNKNOWN)
