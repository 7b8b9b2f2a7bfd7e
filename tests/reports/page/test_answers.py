import pytest

from reports import write_reports
from reports.load import load_record
from reports.page.answers import answers
from tests.reports.journals import lines_of, rewrite
from tests.reports.measured import varied, write_measured
from tests.reports.samples import write_sample
from words import words_of


def told(folder, language="en"):
    """What is answered on the first page, by question, with its small print."""
    (drill,) = load_record(folder).drills
    return {
        answer.question: ([told.text for told in answer.answered], answer.more, " ".join(answer.method))
        for answer in answers(drill, words_of(language))
    }


def answered(folder, question):
    return told(folder)[question][0]


OUTAGE, LOST = "Was there an outage for users?", "Was data lost?"
OBJECTIVES, RESTORED = "Were the objectives met?", "Was the lab restored?"


def test_the_first_page_answers_all_four_questions_with_their_method(tmp_path):
    write_measured("measured-en", tmp_path)
    found = told(tmp_path)
    assert list(found) == [OUTAGE, LOST, OBJECTIVES, RESTORED]
    assert found[OUTAGE][0] == ["Yes, during the drill: at least 7 min 27 s and at most 7 min 41 s."]
    assert found[OUTAGE][1] == ("During restoration: at least 1 min 14 s and at most 1 min 26 s.",)
    assert found[OUTAGE][2].startswith("An entry was written every 5 s with a timeout of 3 s: 185 probes, 78 good,")
    assert found[LOST][0] == [
        (
            "Yes: 2 of 58 acknowledged canary entries, made in at least the last 4.9 s and at most the last 18 s "
            "before the outage."
        )
    ]
    assert found[LOST][1] == ("Present without having been acknowledged: 1.",)
    assert "58 acknowledged, 9 refused, 82 without a known response." in found[LOST][2]
    assert found[OBJECTIVES][0] == [
        "RTO 10 min: met. The outage lasted at most 7 min 41 s.",
        "RPO 30 s: met. Data loss covers at most the last 18 s.",
    ]
    assert found[RESTORED][0] == ["Yes: everything compared is as it was before."]


def test_where_nothing_was_measured_that_is_said(tmp_path):
    write_sample("passed-en", tmp_path)
    found = told(tmp_path)
    assert list(found) == [OUTAGE, RESTORED]
    assert found[OUTAGE][0] == ["Availability was not measured in this drill."]


def test_no_outage_and_no_loss_are_said_with_what_would_not_have_shown(tmp_path):
    write_measured("unhurt-en", tmp_path)
    assert answered(tmp_path, OUTAGE) == [
        "No. No outage was detected during the drill; an undetected one lasted at most 5.1 s."
    ]
    assert answered(tmp_path, LOST) == [
        (
            "No data loss detected: all 149 acknowledged canary entries were present afterwards."
            " A loss of up to 5.1 s would not be detected."
        )
    ]


def test_an_rpo_of_nothing_is_never_proven(tmp_path):
    varied("unhurt-en", tmp_path, rpo=0.0)
    assert answered(tmp_path, OBJECTIVES)[1] == (
        "RPO 0 s: not proven. No data loss was detected, but a loss of up to 5.1 s would not be detected."
    )


def test_what_was_not_seen_is_not_answered(tmp_path):
    write_measured("unproven-en", tmp_path)
    found = told(tmp_path)
    assert found[OUTAGE][0] == ["Yes, during the drill: at least 3 min 12 s; the maximum is unknown."]
    assert "Probing ended early, at 22:05:00: The prober ended: MemoryError." in found[OUTAGE][2]
    assert found[LOST][0] == ["Unknown: the canary entries could not be read back. Garoon did not answer."]
    assert "57 of them are still in Garoon." in found[LOST][2]
    assert found[OBJECTIVES][0][1] == "RPO 30 s: not proven. The data loss is unknown."


def test_an_outage_that_went_on_until_the_restoration_is_told_as_ended_by_it(tmp_path):
    write_measured("open-en", tmp_path)
    found = told(tmp_path)
    assert found[OUTAGE][0] == ["Yes: the outage was still open when the restoration started, after at least 11 min."]
    (ended,) = found[OUTAGE][1]
    assert ended == (
        "The outage was not seen to end before the restoration started, at 22:12:40. Garoon was available again"
        " between 22:14:59 and 22:15:04; this counts as ended by the restoration, not by the drill."
    )
    (lost,) = found[LOST][0]
    assert lost == (
        "Unknown: the canary entries were read back only after the restoration had started. 15 of 17 acknowledged ones"
        " were present then, which does not show what the switchover had kept."
    )
    assert found[OBJECTIVES][0] == [
        "RTO 10 min: missed. The outage lasted at least 11 min.",
        "RPO 30 s: not proven. The data loss is unknown.",
    ]


def test_an_objective_that_the_restoration_may_have_saved_is_not_proven(tmp_path):
    varied("open-en", tmp_path, rto=900.0)
    assert answered(tmp_path, OBJECTIVES)[0] == (
        "RTO 15 min: not proven. The outage lasted at least 11 min until the restoration started;"
        " when it would have ended without the restoration is unknown."
    )


def test_an_outage_that_was_open_is_said_in_japanese_too(tmp_path):
    write_measured("open-ja", tmp_path)
    outage, more, _ = told(tmp_path, "ja")["ガルーンを使えない時間はあったか"]
    assert outage == ["ありました。復元を始めた時点でもガルーンを利用できず、停止は11分以上続いていました。"]
    assert "復元により復旧したものとみなし、訓練での復旧には数えません" in more[0]


def test_what_the_restoration_lost_is_told_apart_from_what_the_drill_did(tmp_path):
    varied("measured-en", tmp_path, lost=0, ghosts=0)
    lines = lines_of(tmp_path)
    last = [line for line in lines if line["what"] == "canaries.read"][-1]
    for title in sorted(last["present"])[:3]:
        del last["present"][title]
    rewrite(tmp_path, lines)
    found = told(tmp_path)
    assert found[LOST][0][0].startswith("No data loss detected: all 58 acknowledged canary entries")
    (missing,) = found[LOST][1]
    assert missing == (
        "After the restoration 3 canary entries were missing that had been present before it or were acknowledged"
        " during it."
    )


def test_without_probes_of_writing_nothing_is_known_of_users(tmp_path):
    write_measured("measured-en", tmp_path)
    lines = lines_of(tmp_path)
    for line in lines:
        if line["what"] == "probing.began":
            line["tracks"] = [track for track in line["tracks"] if track["layer"] != "write"]
    rewrite(tmp_path, [line for line in lines if line.get("layer") != "write"])
    write_reports(tmp_path)
    found = told(tmp_path)
    assert found[OUTAGE][0] == ["Unknown: no probe shows whether users could work."]
    assert found[LOST][0] == ["Unknown: no canary entry was written."]
    assert found[OBJECTIVES][0][0] == "RTO 10 min: not proven. The length of the outage is unknown."


def test_without_an_outage_a_prober_that_fell_over_leaves_the_answer_open(tmp_path):
    varied("unhurt-en", tmp_path, stops=300.0)
    assert answered(tmp_path, OUTAGE)[0].startswith("Unknown for the drill as a whole")


@pytest.mark.parametrize(
    ("changes", "first", "more"),
    [
        ({"permitted": ("x: a → b",)}, "Yes, except for differences that the site file permits:", ("x: a → b",)),
        ({"differences": ("y: c → d",), "permitted": ("x: a → b",)}, "No:", ("y: c → d", "x: a → b")),
    ],
)
def test_differences_are_named_and_those_permitted_are_no_failure(changes, first, more, tmp_path):
    varied("measured-en", tmp_path, **changes)
    found = told(tmp_path)[RESTORED]
    assert (found[0], found[1]) == ([first], more)


@pytest.mark.parametrize(
    "name", ["measured-ja", "missed-ja", "unproven-en", "unhurt-en", "open-en", "open-ja", "spiteful-ja"]
)
def test_every_sample_is_answered_in_both_languages(name, tmp_path):
    write_measured(name, tmp_path)
    for language in ("en", "ja"):
        assert len(told(tmp_path, language)) == 4
