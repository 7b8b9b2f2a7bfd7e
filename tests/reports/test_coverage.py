import pytest

from journal.course import Outcome
from kunren.records.coverage import last_outcomes
from reports import judge
from reports.coverage import Showing, chapters_of, matrix
from reports.load import load_record
from tests.reports.recorded import recorded, write_lines


def showing(number=1, outcome=None, points=("4-1.S4",)):
    return Showing(drill="d", number=number, chapter="c", guide=points, outcome=outcome)


def standing(point, *chapters):
    return next(line.standing for line in matrix(chapters) if line.point.id == point)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), "untested"),
        ((None,), "not run"),
        ((Outcome.PASSED,), "passed"),
        ((Outcome.PASSED, None), "unknown"),
        ((Outcome.PASSED, Outcome.SKIPPED), "unknown"),
        ((Outcome.PASSED, Outcome.FAILED), "failed"),
    ],
)
def test_a_point_stands_as_its_chapters_do_taken_together(outcomes, expected):
    assert standing("4-1.S4", *(showing(outcome=outcome) for outcome in outcomes)) == expected


def test_a_point_for_a_person_is_no_gap_and_a_chapter_may_show_it_all_the_same():
    assert standing("4-1.N0") == "manual"
    assert standing("4-1.N0", showing(outcome=Outcome.PASSED, points=("4-1.N0",))) == "passed"


def outcomes(*records):
    return {place: [each.outcome for each in ended] for place, ended in last_outcomes(records, {"now"}).items()}


def test_a_chapter_of_which_people_alone_have_told_shows_nothing(tmp_path):
    lines = recorded("operated-ja")
    for line in lines:
        if line["what"] == "step.ended" and line["outcome"] == "passed":
            line["checks"] = line["checks"][:0] if "checks" in line else []
    write_lines(tmp_path, lines)
    record = load_record(tmp_path)
    parts = [part for drill in record.drills for part in drill.chapters]
    told = [any(map(judge.attested, part.steps)) for part in parts]
    assert True in told
    for each, part, by_people in zip(chapters_of(record), parts, told, strict=True):
        assert judge.chapter(part) is Outcome.PASSED
        assert each.outcome is (Outcome.UNKNOWN if by_people else Outcome.PASSED)
