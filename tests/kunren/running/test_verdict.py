from dataclasses import replace

import pytest

from journal.course import Outcome
from kunren.exits import Exit
from kunren.running.drill import one_by_one, why_not_begun
from kunren.running.performing import DrillOutcome, RunOptions
from kunren.running.verdict import exit_of, verdict_lines, verdict_told
from lab.site.built_in import SIMULATED
from lab.site.file import load_site
from reports import judge
from reports.load import load_record
from tests.reports.measured import varied
from words import Quoted, sentence


@pytest.mark.parametrize(
    ("changes", "line", "code"),
    [
        ({}, "passed, lab restored (SIMULATED)", Exit.PASSED),
        ({"rto": 300.0}, "failed, RTO missed, lab restored (SIMULATED)", Exit.FAILED),
        ({"rpo": 0.0, "lost": 0}, "unknown, RPO not proven, lab restored (SIMULATED)", Exit.UNKNOWN),
        (
            {"rto": 300.0, "unread": "Garoon did not answer."},
            "failed, RTO missed, RPO not proven, canary entries not read back, lab restored (SIMULATED)",
            Exit.FAILED,
        ),
        ({"differences": ("a: b → c",)}, "passed, lab not restored (SIMULATED)", Exit.NOT_RESTORED),
        (
            {"rpo": 0.0, "lost": 0, "differences": ("a: b → c",)},
            "unknown, RPO not proven, lab not restored (SIMULATED)",
            Exit.NOT_RESTORED,
        ),
        (
            {"rto": 300.0, "differences": ("a: b → c",)},
            "failed, RTO missed, lab not restored (SIMULATED)",
            Exit.NOT_RESTORED,
        ),
    ],
)
def test_the_terminal_and_the_exit_code_say_what_fell_short(changes, line, code, tmp_path):
    varied("measured-en", tmp_path, **changes)
    verdict = judge.verdict(load_record(tmp_path))
    assert list(verdict_lines(verdict_told(verdict), "en")) == [f"verdict: {line}"]
    assert exit_of(verdict) is code


def test_in_japanese_it_is_said_in_japanese_too_and_last_as_logs_are_searched_for_it(tmp_path):
    varied("measured-en", tmp_path, rpo=0.0, lost=0, differences=("a: b → c",))
    verdict = judge.verdict(load_record(tmp_path))
    assert list(verdict_lines(verdict_told(verdict), "ja")) == [
        "判定: 判定不能、RPO は証明できず、復元 未完了（模擬環境 SIMULATED）",
        "verdict: unknown, RPO not proven, lab not restored (SIMULATED)",
    ]
    assert list(verdict_lines(verdict_told(verdict), "en")) == [
        "verdict: unknown, RPO not proven, lab not restored (SIMULATED)"
    ]


@pytest.mark.parametrize(
    ("ran", "restored", "code"),
    [
        (Outcome.NOT_RUN, Outcome.NOT_RUN, Exit.NOT_READY),
        (Outcome.UNKNOWN, Outcome.PASSED, Exit.UNKNOWN),
        (Outcome.FAILED, Outcome.PASSED, Exit.FAILED),
        (Outcome.FAILED, Outcome.FAILED, Exit.NOT_RESTORED),
    ],
)
def test_not_ready_says_that_nothing_was_touched_so_no_drill_may_have_been(ran, restored, code, tmp_path):
    """One of several drills was not ready; `ran` is what the others came to with it."""
    varied("measured-en", tmp_path)
    verdict = replace(judge.verdict(load_record(tmp_path)), outcome=ran, restoration=restored, not_ready=True)
    assert exit_of(verdict) is code


@pytest.mark.parametrize(
    ("ended", "because"),
    [
        ((DrillOutcome(), DrillOutcome(not_restored=True, login_refused=True, internal_error="x")), "not_restored"),
        ((DrillOutcome(login_refused=True),), "login_refused"),
        ((DrillOutcome(record_lost=Quoted("x")),), "record_lost"),
        ((DrillOutcome(internal_error="x"),), "broken"),
        ((), "stopped"),
    ],
)
def test_why_the_drills_after_one_that_ended_the_run_were_not_begun(ended, because):
    assert why_not_begun(ended) == sentence(f"not_begun.{because}")


@pytest.mark.parametrize(
    ("how", "begun"),
    [
        ({"not_restored": True}, ["a", "b"]),
        ({"login_refused": True, "not_ready": ("x",)}, ["a", "b"]),
        ({"record_lost": "x"}, ["a", "b"]),
        ({"internal_error": "x"}, ["a", "b"]),
        ({"stopped": True}, ["a", "b"]),
        ({"not_ready": ("x",)}, ["a", "b", "c"]),
        ({}, ["a", "b", "c"]),
    ],
    ids=lambda value: " ".join(value) or "in order",
)
def test_no_drill_begins_after_one_that_ends_the_run(how, begun, monkeypatch, tmp_path):
    outcomes = {"a": DrillOutcome(), "b": DrillOutcome(**how), "c": DrillOutcome()}
    performed = []

    def perform(drill, *_):
        performed.append(drill)
        return outcomes[drill]

    monkeypatch.setattr("kunren.running.drill.perform_drill", perform)
    ended = one_by_one(list(outcomes), RunOptions(site=load_site(SIMULATED), language="en"), None, tmp_path)
    assert performed == begun
    assert ended == [outcomes[drill] for drill in begun]


@pytest.mark.parametrize(("n", "told"), [(1, "1 step attested by people"), (2, "2 steps attested by people")])
def test_one_attested_step_is_told_in_the_singular(n, told, tmp_path):
    varied("measured-en", tmp_path)
    verdict = replace(judge.verdict(load_record(tmp_path)), attested=n)
    assert list(verdict_lines(verdict_told(verdict), "en")) == [f"verdict: passed, {told}, lab restored (SIMULATED)"]
