import pytest

from journal.course import Outcome
from kunren.coverage import last_outcomes
from reports.coverage import Showing, matrix


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
