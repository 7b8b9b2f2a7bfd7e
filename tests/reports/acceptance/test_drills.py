from reports.acceptance import Verdict
from reports.acceptance.result import Remark, Topic
from tests.reports.compared import changed, held, steps, verdicts


def test_a_new_and_a_missing_step_are_said_and_the_others_still_compared(baseline, tmp_path):
    def reword(lines):
        drill = lines[0]["drills"][0]
        drill["sha256"] = "0" * 64
        drill["chapters"][0]["steps"][1]["text"] = "the guest runs somewhere"

    found = held(changed(tmp_path, reword), baseline)
    alone = [step for step in steps(found) if None in (step.numbers.baseline, step.numbers.record)]
    assert [(step.step, step.findings[0].topic) for step in alone] == [
        ("And Garoon is available at its original URL", Topic.MISSING),
        ("And the guest runs somewhere", Topic.NEW),
    ]
    assert len(steps(found)) == 13
    assert found.drills[0].changed
    assert found.verdict is Verdict.DIFFERENT


def test_another_text_of_the_drill_is_said_even_where_all_steps_agree(baseline, tmp_path):
    found = held(changed(tmp_path, lambda lines: lines[0]["drills"][0].update(sha256="0" * 64)), baseline)
    assert (verdicts(found), found.drills[0].changed, found.verdict) == ({}, True, Verdict.DIFFERENT)


def test_a_chapter_left_out_makes_the_whole_unknown(baseline, tmp_path):
    def leave_out(lines):
        lines[0]["drills"][0]["chapters"][1]["left_out"] = True
        end = next(n for n, line in enumerate(lines) if line["what"] == "chapter.began" and line["chapter"] == 1)
        after = next(n for n, line in enumerate(lines) if line["what"] == "chapter.ended" and line["chapter"] == 1)
        skipped = [lines[end] | {"what": "step.ended", "step": step, "outcome": "skipped"} for step in range(2)]
        return [*lines[:end], *skipped, *lines[after + 1 :]]

    found = held(changed(tmp_path, leave_out), baseline)
    assert (found.verdict, Remark.PARTIAL in found.remarks) == (Verdict.UNKNOWN, True)
