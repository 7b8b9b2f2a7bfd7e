import json

import pytest

from reports import write_reports
from reports.answers import answers
from reports.load import load_record
from reports.words import words_of
from tests.reports.measured import varied, write_measured
from tests.reports.samples import write_sample


def told(folder, language="en"):
    """What is answered on the first page, by question, with its small print."""
    (drill,) = load_record(folder).drills
    return {
        answer.question: ([told.text for told in answer.answered], answer.more, " ".join(answer.method))
        for answer in answers(drill, words_of(language))
    }


def answered(folder, question):
    return told(folder)[question][0]


OUTAGE, LOST = "Were users without Garoon?", "What did they lose?"
OBJECTIVES, RESTORED = "Were the objectives met?", "Is the lab as it was before?"


def test_the_first_page_answers_all_four_questions_with_their_method(tmp_path):
    write_measured("measured-en", tmp_path)
    found = told(tmp_path)
    assert list(found) == [OUTAGE, LOST, OBJECTIVES, RESTORED]
    assert found[OUTAGE][0] == ["Yes, during the drill: for at least 7 min 27 s and at most 7 min 41 s."]
    assert found[OUTAGE][1] == ("While the lab was put back: for at least 1 min 14 s and at most 1 min 26 s.",)
    assert found[OUTAGE][2].startswith("An entry was written every 5 s, with a time-out of 3 s: 185 probes, 78 good,")
    assert found[LOST][0] == [
        (
            "2 of 78 acknowledged test entries: what was entered in at least the last 4.9 s, at most the last 18 s, "
            "before the outage."
        )
    ]
    assert found[LOST][1] == ("There without having been acknowledged: 1.",)
    assert "78 acknowledged, 25 refused, 82 without a known answer." in found[LOST][2]
    assert found[OBJECTIVES][0] == [
        "RTO 10 min: met. Users were without Garoon for at most 7 min 41 s.",
        "RPO 30 s: met. At most the last 18 s was lost.",
    ]
    assert found[RESTORED][0] == ["Yes: what was compared is as it was before."]


def test_where_nothing_was_measured_that_is_said(tmp_path):
    write_sample("passed-en", tmp_path)
    found = told(tmp_path)
    assert list(found) == [OUTAGE, RESTORED]
    assert found[OUTAGE][0] == ["Nothing was measured in this drill."]


def test_no_outage_and_no_loss_are_said_with_what_would_not_have_shown(tmp_path):
    write_measured("unhurt-en", tmp_path)
    assert answered(tmp_path, OUTAGE) == [
        "No. No outage was seen during the drill, and none that was missed was longer than 5.1 s."
    ]
    assert answered(tmp_path, LOST) == [
        (
            "Nothing was seen to be lost: all 185 acknowledged test entries were there afterwards."
            " A loss of up to 5.1 s would not have shown."
        )
    ]


def test_an_rpo_of_nothing_is_never_proven(tmp_path):
    varied("unhurt-en", tmp_path, rpo=0.0)
    assert answered(tmp_path, OBJECTIVES)[1] == (
        "RPO 0 s: not proven. Nothing was seen to be lost, but a loss of up to 5.1 s would not have shown."
    )


def test_what_was_not_seen_is_not_answered(tmp_path):
    write_measured("unproven-en", tmp_path)
    found = told(tmp_path)
    assert found[OUTAGE][0] == ["Yes, during the drill: for at least 3 min 12 s. How much longer was not seen."]
    assert "Probing ended early, at 22:05:00: The prober ended: MemoryError." in found[OUTAGE][2]
    assert found[LOST][0] == ["Not known: the test entries could not be read back. Garoon did not answer."]
    assert "57 of them are still in Garoon." in found[LOST][2]
    assert found[OBJECTIVES][0][1] == "RPO 30 s: not proven. What was lost is not known."


def test_without_probes_of_writing_nothing_is_known_of_users(tmp_path):
    write_measured("measured-en", tmp_path)
    path = tmp_path / "journal.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["what"] == "probing.began":
            line["tracks"] = [track for track in line["tracks"] if track["layer"] != "write"]
    kept = [line for line in lines if line.get("layer") != "write"]
    path.write_text("".join(json.dumps(line | {"n": n}) + "\n" for n, line in enumerate(kept, 1)), encoding="utf-8")
    write_reports(tmp_path)
    found = told(tmp_path)
    assert found[OUTAGE][0] == ["Not known: no probe tells whether users could work."]
    assert found[LOST][0] == ["Not known: no test entry was written."]
    assert found[OBJECTIVES][0][0] == "RTO 10 min: not proven. How long users were without Garoon is not known."


def test_without_an_outage_a_prober_that_fell_over_leaves_the_answer_open(tmp_path):
    varied("unhurt-en", tmp_path, stops=300.0)
    assert answered(tmp_path, OUTAGE)[0].startswith("Not known for the whole drill")


@pytest.mark.parametrize(
    ("changes", "first", "more"),
    [
        ({"permitted": ("x: a → b",)}, "Yes, but for what the site file permits:", ("x: a → b",)),
        ({"differences": ("y: c → d",), "permitted": ("x: a → b",)}, "No:", ("y: c → d", "x: a → b")),
    ],
)
def test_differences_are_named_and_those_permitted_are_no_failure(changes, first, more, tmp_path):
    varied("measured-en", tmp_path, **changes)
    found = told(tmp_path)[RESTORED]
    assert (found[0], found[1]) == ([first], more)


@pytest.mark.parametrize("name", ["measured-ja", "missed-ja", "unproven-en", "unhurt-en", "spiteful-ja"])
def test_every_sample_is_answered_in_both_languages(name, tmp_path):
    write_measured(name, tmp_path)
    for language in ("en", "ja"):
        assert len(told(tmp_path, language)) == 4
