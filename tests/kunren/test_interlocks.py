"""Without one of Kunren's interlocks the chapter about it is red: it is not the product that is tried there."""

from functools import partial

import pytest

import lab.safety.interlocks
from tests.kunren.conftest import drill_without_browser

NOT_REFUSED = "it was not refused, 1 actions sent"
REFUSED_BY_PRODUCT = "was refused: REPLICA: "
SEEN = {
    "3.N5": ("interlocks", REFUSED_BY_PRODUCT),
    "3.N12": ("interlocks", REFUSED_BY_PRODUCT),
    # The guest is going down: the interlock about guests that are off is the next in line.
    "4-1.N3": ("interlocks", "(guide 3.N12), 0 actions sent"),
    "4-1.N1": ("interlocks", NOT_REFUSED),
    "5-2.N7": ("interlocks", REFUSED_BY_PRODUCT),
    "4-1.N0": ("interlocks-business-hours", NOT_REFUSED),
    "3.N16a": ("interlocks-business-hours", NOT_REFUSED),
    "5-1.N3a": ("interlocks-business-hours", NOT_REFUSED),
}


def allow(point):
    refuse = lab.safety.interlocks._refuse

    def without(operation, objections):
        refuse(operation, (None if each is not None and each.point == point else each for each in objections))

    lab.safety.interlocks._refuse = without


@pytest.mark.browser
@pytest.mark.controls
@pytest.mark.parametrize("point", SEEN)
def test_without_the_interlock_its_chapter_is_red(point, tmp_path):
    name, seen = SEEN[point]
    run = drill_without_browser(tmp_path / "record", name, before=[partial(allow, point)])
    assert run.code == 1, run.stdout + run.stderr
    [(step, outcome, what)] = run.not_passed()
    assert (step, outcome) == (
        f'Kunren refuses the action under guide point "{point}", and no action has been sent to a host',
        "failed",
    )
    assert seen in what
    assert run.entries("restore.ended")[0]["restored"] is True


@pytest.mark.browser
def test_the_operators_reason_to_work_in_business_hours_is_recorded_and_counts(tmp_path):
    reason = "approved by the head of operations"
    run = drill_without_browser(tmp_path / "record", "interlocks-business-hours", "--in-business-hours", reason)
    [operator] = run.entries("operator")
    assert operator["answered"] == reason
    [(step, outcome, what)] = run.not_passed()
    assert ("4-1.N0" in step, outcome) == (True, "failed")
    assert NOT_REFUSED in what
