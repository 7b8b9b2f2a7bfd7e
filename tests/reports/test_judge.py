import pytest

from journal.course import Ending, Outcome
from lab.model.objectives import Objectives
from reports import RecordUnreadable, judge
from reports.load import load_record
from tests.reports.journals import lines_of, rewrite
from tests.reports.measured import varied
from tests.reports.samples import write_sample

P, F, U, S, N = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.SKIPPED, Outcome.NOT_RUN


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([P, P], P),
        ([P, F, U], F),
        ([S, F], F),
        ([P, U], U),
        ([P, S], U),
        ([P, N], U),
        ([S, N], U),
        ([N, N], N),
        ([S, S], S),
        ([], U),
    ],
)
def test_parts_make_a_whole(outcomes, whole):
    assert judge.together(outcomes) is whole


@pytest.mark.parametrize(
    ("name", "outcome", "restoration", "trouble"),
    [
        ("passed-ja", P, P, None),
        ("failed-en", F, F, 9),
        ("interrupted-ja", U, P, 6),
        ("hostile-ja", F, F, 9),
    ],
)
def test_sample_runs_are_judged_as_they_went(name, outcome, restoration, trouble, tmp_path):
    write_sample(name, tmp_path)
    verdict = judge.verdict(load_record(tmp_path))
    assert (verdict.outcome, verdict.restoration) == (outcome, restoration)
    assert (verdict.trouble.step.number if verdict.trouble else None) == trouble


def changed(folder, what, change):
    """The record of a passed run in which the first entry of a kind is another."""
    write_sample("passed-en", folder)
    lines = lines_of(folder)
    next(line for line in lines if line["what"] == what).update(change)
    rewrite(folder, lines)
    return load_record(folder)


@pytest.mark.parametrize("outcome", ["unknown", "skipped", "not run"])
def test_one_step_without_proof_leaves_the_run_unknown(outcome, tmp_path):
    assert judge.verdict(changed(tmp_path, "step.ended", {"outcome": outcome})).outcome is U


@pytest.mark.parametrize("what", ["drill.ended", "run.ended"])
def test_an_interrupted_run_has_not_passed_even_if_every_step_has(what, tmp_path):
    record = changed(tmp_path, what, {"reason": "interrupted"})
    assert {judge.step(step) for step in record.drills[0].steps} == {P}
    assert judge.verdict(record).outcome is U


@pytest.mark.parametrize(("restored", "outcome"), [(True, P), (False, F), (None, U)])
def test_restoration_is_a_result_of_its_own(restored, outcome, tmp_path):
    verdict = judge.verdict(changed(tmp_path, "restore.ended", {"restored": restored}))
    assert (verdict.outcome, verdict.restoration) == (P, outcome)


def test_a_drill_that_was_begun_and_never_put_back_is_not_taken_for_restored(tmp_path):
    write_sample("passed-en", tmp_path)
    lines = lines_of(tmp_path)
    began = next(n for n, line in enumerate(lines) if line["what"] == "step.began")
    rewrite(tmp_path, lines[: began + 1])
    assert judge.verdict(load_record(tmp_path)).restoration is U


def test_a_lab_that_was_not_ready_is_said_and_nothing_is_judged(tmp_path):
    write_sample("passed-en", tmp_path)
    lines = lines_of(tmp_path)[:2]
    drill = {"drill": "4-1-clean-switchover", "reason": "not ready", "text": "MASTER does not answer."}
    lines.append({**lines[1], **drill, "what": "drill.ended"})
    lines.append({**lines[1], "what": "run.ended", "reason": "finished"})
    rewrite(tmp_path, lines)
    verdict = judge.verdict(load_record(tmp_path))
    assert verdict.not_ready
    assert (verdict.outcome, verdict.restoration) == (N, N)


def test_a_drill_that_was_not_begun_says_why_and_keeps_the_run_from_having_passed(tmp_path):
    write_sample("passed-en", tmp_path)
    first, began, *_ = lines_of(tmp_path)
    ended = {**began, "what": "drill.ended", "reason": "not begun", "text": "the run was stopped"}
    rewrite(tmp_path, [first, ended, {**began, "what": "run.ended", "reason": "interrupted"}])
    record = load_record(tmp_path)
    assert record.drills[0].ending is Ending.NOT_BEGUN
    assert record.drills[0].ending_text.in_("en") == "the run was stopped"
    verdict = judge.verdict(record)
    assert (verdict.outcome, verdict.restoration, verdict.not_ready) == (N, N, False)
    rewrite(tmp_path, [first, began, ended])
    with pytest.raises(RecordUnreadable, match="the drill had begun"):
        load_record(tmp_path)


@pytest.mark.parametrize(
    ("changes", "outcome", "short"),
    [
        ({}, P, []),
        ({"rto": 448.0}, U, ["rto"]),
        ({"rto": 446.0}, F, ["rto"]),
        ({"rto": None, "rpo": None}, P, []),
        ({"rpo": 0.0}, F, ["rpo"]),
        ({"rpo": 0.0, "lost": 0}, U, ["rpo"]),
        ({"rto": None, "rpo": None, "unread": "Garoon did not answer."}, U, ["canaries"]),
        ({"rto": 300.0, "unread": "Garoon did not answer."}, F, ["rto", "rpo", "canaries"]),
        ({"stops": 300.0, "lost": 0}, U, ["rto", "rpo", "outage", "canaries"]),
        ({"open": True, "rto": 900.0}, U, ["rto", "rpo", "outage", "canaries"]),
        ({"open": True, "rto": 300.0}, F, ["rto", "rpo", "outage", "canaries"]),
        ({"open": True, "rto": None, "rpo": None}, U, ["outage", "canaries"]),
    ],
)
def test_a_drill_is_held_to_the_objectives_by_what_was_measured(changes, outcome, short, tmp_path):
    varied("measured-en", tmp_path, **changes)
    verdict = judge.verdict(load_record(tmp_path))
    assert (verdict.outcome, verdict.restoration, verdict.trouble) == (outcome, P, None)
    assert [each.subject.value for each in verdict.shortfalls] == short


def test_a_missed_objective_fails_a_drill_that_was_interrupted_as_well(tmp_path):
    varied("measured-en", tmp_path, rto=300.0)
    rewrite(tmp_path, lines_of(tmp_path)[:-1])
    verdict = judge.verdict(load_record(tmp_path))
    assert verdict.interrupted
    assert verdict.outcome is F


def test_a_drill_that_was_not_probed_is_held_to_no_objective(tmp_path):
    objectives = Objectives(rto_s=1.0, rpo_s=1.0)
    record = changed(tmp_path, "run.began", {"objectives": {"rto_s": 1, "rpo_s": 1.0}})
    assert record.drills[0].objectives == objectives
    assert judge.verdict(record).outcome is P
