from reports.acceptance import Verdict
from reports.acceptance.result import Topic
from tests.reports.compared import changed, held

STARTED, COMPLETED = 4, 5
"""The numbers of the switchover's events."""


def test_an_event_that_another_step_happens_to_note_is_no_difference(baseline, tmp_path):
    def later(lines):
        event = next(n for n, line in enumerate(lines) if line.get("sequence") == STARTED)
        step = next(n for n, line in enumerate(lines) if n > event and line["what"] == "step.began")
        lines.insert(step + 1, lines.pop(event) | {"at": lines[step]["at"], "wall": lines[step]["wall"]})

    assert held(changed(tmp_path, later), baseline).verdict is Verdict.SAME


def test_how_often_an_event_came_is_said_and_weighs_nothing(baseline, tmp_path):
    def twice(lines):
        event = next(n for n, line in enumerate(lines) if line.get("sequence") == STARTED)
        lines.insert(event, lines[event] | {"sequence": 0})

    found = held(changed(tmp_path, twice), baseline)
    (often,) = found.drills[0].findings
    assert (often.topic, often.record[0][-2:], found.verdict) == (Topic.OFTEN, "×3", Verdict.SAME)


def test_a_profile_s_name_for_an_event_stands_for_its_words(tmp_path):
    def named(words):
        def name(lines):
            for line in lines:
                if line.get("sequence") == COMPLETED:
                    line["message"] = words

        return name

    one = changed(tmp_path, named("Switchover completed."))
    two = changed(tmp_path / "two", named("スイッチオーバーが完了しました。"))
    assert held(two, one).verdict is Verdict.SAME
    three = changed(tmp_path / "three", named("スイッチオーバーが完了しましたが、警告があります。"))
    assert held(three, one).verdict is Verdict.SAME, "in two languages"
    assert held(three, two).verdict is Verdict.DIFFERENT, "another text of the same event is told"
