"""Objectives are fixed beforehand and judged by the upper bound."""

import pytest

from lab.model.bounds import Bounds, Length
from lab.model.canaries import UNKNOWN_LOSS, Loss
from lab.model.objectives import Attainment, Objectives, rpo, rto
from lab.model.outages import Availability, Outage

OBJECTIVES = Objectives(rto_s=300.0, rpo_s=10.0)


def outage(lower, upper, began=100.0):
    return Outage(
        began=Bounds(began, began + 1),
        ended=Bounds(began + lower, None if upper is None else began + upper),
        length=Length(lower, upper),
        failed=1,
        good=0,
        unknown=0,
    )


def writing(*outages, unseen=2.1):
    return Availability(ok=10, failed=len(outages), unknown=0, outages=outages, unseen=unseen)


@pytest.mark.parametrize(
    ("lower", "upper", "attainment"),
    [
        (290.0, 300.0, Attainment.MET),
        (290.0, 300.1, Attainment.UNPROVEN),
        (300.0, 301.0, Attainment.UNPROVEN),
        (300.1, 301.0, Attainment.MISSED),
        (10.0, None, Attainment.UNPROVEN),
        (301.0, None, Attainment.MISSED),
    ],
)
def test_the_longest_outage_is_judged_by_its_upper_bound(lower, upper, attainment):
    judged = rto(OBJECTIVES, writing(outage(5.0, 7.0), outage(lower, upper)), None, watched=True)
    assert (judged.objective, judged.measured, judged.attainment) == (300.0, Length(lower, upper), attainment)


def test_an_outage_that_only_the_restoration_began_is_not_judged():
    found = writing(outage(5.0, 7.0), outage(400.0, 402.0, began=1000.0))
    assert rto(OBJECTIVES, found, 1000.0, watched=True).attainment is Attainment.MET
    assert rto(OBJECTIVES, found, 1000.5, watched=True).attainment is Attainment.MISSED


def test_no_outage_is_judged_by_what_could_not_be_seen():
    assert rto(OBJECTIVES, writing(), None, watched=True).measured == Length(0.0, 2.1)
    assert rto(OBJECTIVES, writing(unseen=2.1), None, watched=True).attainment is Attainment.MET
    assert rto(OBJECTIVES, writing(unseen=900.0), None, watched=True).attainment is Attainment.UNPROVEN
    assert rto(OBJECTIVES, writing(unseen=None), None, watched=True).attainment is Attainment.UNPROVEN


@pytest.mark.parametrize("found", [writing(), writing(outage(5.0, 7.0))], ids=["none seen", "one seen"])
def test_what_was_not_watched_until_the_restoration_is_not_met(found):
    judged = rto(OBJECTIVES, found, 1000.0, watched=False)
    assert judged.open
    assert judged.attainment is Attainment.UNPROVEN


def test_a_loss_is_judged_by_its_upper_bound():
    def judged(lower, upper):
        return rpo(OBJECTIVES, Loss(lost=1, oldest=Length(lower, upper), seconds=Length(lower, upper))).attainment

    assert judged(8.0, 10.0) is Attainment.MET
    assert judged(8.0, 10.5) is Attainment.UNPROVEN
    assert judged(10.5, 11.0) is Attainment.MISSED
    assert rpo(OBJECTIVES, UNKNOWN_LOSS).attainment is Attainment.UNPROVEN


def test_without_an_objective_there_is_nothing_to_meet():
    none = Objectives(rto_s=None, rpo_s=None)
    assert rto(none, writing(), None, watched=True).attainment is Attainment.NONE
    assert rpo(none, UNKNOWN_LOSS).attainment is Attainment.NONE


def test_the_digest_is_of_objectives_and_plan():
    fixed = OBJECTIVES.sha256(["a" * 64, "b" * 64])
    assert fixed == Objectives(rto_s=300, rpo_s=10).sha256(["a" * 64, "b" * 64])
    others = [
        OBJECTIVES.sha256(["b" * 64, "a" * 64]),
        Objectives(rto_s=None, rpo_s=10.0).sha256(["a" * 64, "b" * 64]),
        Objectives(rto_s=10.0, rpo_s=300.0).sha256(["a" * 64, "b" * 64]),
    ]
    assert len({fixed, *others}) == 4


def test_the_digest_can_be_had_with_standard_tools():
    """printf '%s' '{"plan":["ab"],"rpo_s":null,"rto_s":300.0}' | sha256sum."""
    assert Objectives(rto_s=300, rpo_s=None).sha256(["ab"]) == (
        "59a6a38ea9ee2821e33838b8205efcc9f904cb86c3d52d453d921c559e5f453d"
    )
