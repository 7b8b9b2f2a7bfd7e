"""What became of canaries, and what that says of a loss."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.bounds import Bounds, Length
from lab.model.canaries import UNKNOWN_LOSS, Fate, fates, loss
from lab.model.outages import Outage, outages
from lab.model.probing import Acknowledgement, Canary, Probe, Result
from tests.lab.model.probed_world import WRITE, Down, Manner, Sending, probed, spans
from words import Quoted

ACKNOWLEDGED, REFUSED, UNKNOWN = Acknowledgement.ACKNOWLEDGED, Acknowledgement.REFUSED, Acknowledgement.UNKNOWN


def wrote(title, sent, acknowledgement=ACKNOWLEDGED, took=0.5):
    good = acknowledgement is ACKNOWLEDGED
    return Probe(
        track=WRITE,
        number=int(sent),
        due=sent,
        sent=sent,
        ended=sent + took,
        result=Result.OK if good else Result.FAILED,
        seen=Quoted(""),
        canary=Canary(title, acknowledgement),
    )


def outage(began, ended):
    return Outage(
        began=Bounds(*began),
        ended=Bounds(*ended),
        length=Bounds(*ended).since(Bounds(*began)),
        failed=1,
        good=0,
        unknown=0,
    )


# Fates ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("acknowledgement", "found", "fate"),
    [
        (ACKNOWLEDGED, 1, Fate.SURVIVED),
        (ACKNOWLEDGED, 0, Fate.LOST),
        (ACKNOWLEDGED, 2, Fate.DUPLICATED),
        (REFUSED, 0, Fate.ABSENT),
        (REFUSED, 1, Fate.GHOST),
        (UNKNOWN, 0, Fate.ABSENT),
        (UNKNOWN, 1, Fate.GHOST),
        (UNKNOWN, 2, Fate.DUPLICATED),
    ],
)
def test_a_fate_is_what_was_promised_against_what_is_there(acknowledgement, found, fate):
    [canary] = fates([wrote("c", 1.0, acknowledgement)], {"c": found, "of somebody else": 1})
    assert (canary.title, canary.fate) == ("c", fate)


def test_a_title_that_was_not_found_is_not_there():
    assert [canary.fate for canary in fates([wrote("c", 1.0)], {})] == [Fate.LOST]


def test_what_could_not_be_read_back_is_an_unknown_loss():
    canaries = fates([wrote("c", 1.0), wrote("d", 2.0, REFUSED)], None)
    assert {canary.fate for canary in canaries} == {Fate.UNREAD}
    assert loss(canaries, [outage((4, 5), (9, 10))]) == UNKNOWN_LOSS


def test_a_probe_that_was_never_sent_wrote_nothing():
    unsent = Probe(
        track=WRITE, number=1, due=1.0, sent=None, ended=None, result=Result.UNKNOWN, seen=Quoted(""), canary=None
    )
    assert fates([unsent], {}) == ()


# Losses by hand -------------------------------------------------------------------------------------------------------

WRITTEN = [wrote("1", 1.0), wrote("2", 2.0), wrote("3", 3.0), wrote("4", 9.0)]


def test_nothing_lost_is_said_with_what_could_be_lost_unseen():
    judged = loss(fates(WRITTEN, dict.fromkeys("1234", 1)), [outage((3.0, 4.5), (8.0, 9.5))])
    assert judged.lost == 0
    assert judged.oldest is None
    assert judged.seconds == Length(0.0, 1.5)


def test_without_an_outage_the_widest_gap_is_what_could_be_lost_unseen():
    assert loss(fates(WRITTEN, dict.fromkeys("1234", 1)), []).seconds == Length(0.0, 6.5)


def test_the_age_of_the_oldest_lost_canary_counts_from_the_beginning_of_the_outage():
    judged = loss(fates(WRITTEN, {"1": 1, "4": 1}), [outage((3.0, 4.5), (8.0, 9.5))])
    assert judged.lost == 2
    assert judged.oldest == Length(0.5, 2.5)
    assert judged.seconds == Length(0.5, 3.5)


def test_a_loss_that_reaches_back_to_the_first_canary_has_no_upper_bound():
    judged = loss(fates(WRITTEN, {"4": 1}), [outage((3.0, 4.5), (8.0, 9.5))])
    assert judged.oldest == Length(1.5, 3.5)
    assert judged.seconds == Length(1.5, None)


def test_a_loss_without_an_outage_after_it_has_no_upper_bound():
    judged = loss(fates(WRITTEN, dict.fromkeys("123", 1)), [outage((3.0, 4.5), (8.0, 9.5))])
    assert judged.lost == 1
    assert judged.seconds == Length(0.0, None)


def test_without_canaries_nothing_is_known_of_a_loss():
    assert loss((), [outage((3.0, 4.5), (8.0, 9.5))]).seconds == Length(0.0, None)


def test_of_two_outages_either_may_have_taken_what_both_came_after():
    two = [outage((3.0, 4.5), (8.0, 9.5)), outage((20.0, 21.5), (30.0, 31.5))]
    judged = loss(fates(WRITTEN, {"1": 1, "2": 1}), two)
    assert judged.lost == 2
    assert judged.oldest == Length(10.5, 18.5)


def test_what_is_kept_between_two_outages_shows_that_the_first_took_what_is_lost():
    two = [outage((3.0, 4.5), (8.0, 9.5)), outage((20.0, 21.5), (30.0, 31.5))]
    judged = loss(fates(WRITTEN, {"1": 1, "2": 1, "4": 1}), two)
    assert judged.oldest == Length(0.0, 1.5)


# Any failover ---------------------------------------------------------------------------------------------------------


def failover(seed, down, lag, timeout):
    """Canaries each second, an outage, and a replica that lacks what was written in the last `lag` seconds."""
    chance = random.Random(seed)
    began = down.began
    phase = chance.random()
    sendings = [
        Sending(phase + place, 0.05 * chance.random(), chance.uniform(0.01, 0.9), chance.random() > 0.05)
        for place in range(90)
    ]
    written, present, truth = [], {}, {}
    for each in probed([down], sendings, timeout)[0]:
        title, promised = f"canary {each.number}", each.result is Result.OK
        acknowledgement = ACKNOWLEDGED if promised else chance.choice([REFUSED, UNKNOWN])
        written.append(
            Probe(
                track=each.track,
                number=each.number,
                due=each.due,
                sent=each.sent,
                ended=each.ended,
                result=each.result,
                seen=Quoted(""),
                canary=Canary(title, acknowledgement) if each.sent is not None else None,
            )
        )
        if each.sent is None:
            continue
        instant = chance.uniform(each.sent, min(each.ended, began) if each.sent < began else each.ended)
        if promised and each.ended >= down.ended:
            instant = chance.uniform(max(each.sent, down.ended), each.ended)
        if (promised or chance.random() < 0.5) and not began - lag < instant < down.ended:
            present[title] = 1
        if promised:
            truth[title] = instant
    return written, present, truth


@given(
    st.integers(0, 2**32),
    st.builds(
        lambda began, length, manner: Down(began, began + length, manner),
        st.floats(5, 40),
        st.floats(6, 30),
        st.sampled_from(Manner),
    ),
    st.floats(0, 20),
    st.sampled_from([1.0, 3.0, 5.0]),
)
def test_lost_canaries_are_exactly_those_and_the_loss_is_contained(seed, down, lag, timeout):
    written, present, truth = failover(seed, down, lag, timeout)
    began = down.began
    canaries = fates(written, present)
    lost = {canary.title for canary in canaries if canary.fate is Fate.LOST}
    assert lost == {title for title, instant in truth.items() if began - lag < instant < down.ended}
    judged = loss(canaries, outages(written, 2))
    assert judged.lost == len(lost)
    assert spans(judged.seconds, lag)
    if lost:
        oldest = min(truth[title] for title in lost)
        assert spans(judged.oldest, began - oldest)
