import pytest

from journal.course import Outcome
from reports.load import load_record
from reports.page.answers import brief
from tests.reports.measured import write_measured
from tests.reports.samples import write_sample
from words import words_of

OUTCOMES = {"met": Outcome.PASSED, "missed": Outcome.FAILED, "not proven": Outcome.UNKNOWN}


def told(folder):
    (drill,) = load_record(folder).drills
    found = brief(drill, words_of("en"))
    return found.outage, found.lost, [(each.text, each.outcome) for each in found.objectives]


@pytest.mark.parametrize(
    ("name", "outage", "lost", "objectives"),
    [
        ("measured-en", "7 min 27 s – 7 min 41 s", "2 of 58", ("met", "met")),
        ("unhurt-en", "none detected over 5.1 s", "0 of 149", ("met", "met")),
        ("unproven-en", "3 min 12 s or more", "unknown", ("not proven", "not proven")),
        ("open-en", "11 min or more, ended by the restoration", "unknown", ("missed", "not proven")),
    ],
)
def test_a_drill_is_answered_in_a_line(name, outage, lost, objectives, tmp_path):
    write_measured(name, tmp_path)
    expected = [(f"{what} {word}", OUTCOMES[word]) for what, word in zip(("RTO", "RPO"), objectives, strict=True)]
    assert told(tmp_path) == (outage, lost, expected)


def test_of_a_drill_that_was_not_probed_nothing_is_told(tmp_path):
    write_sample("passed-en", tmp_path)
    assert told(tmp_path) == ("not measured", "–", [])
