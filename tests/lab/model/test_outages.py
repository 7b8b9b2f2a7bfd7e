"""Bounds of outages contain the truth, whatever the outage and the schedule; a closed loop's do not."""

import random
import statistics

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

from lab.model.bounds import Bounds, Length
from lab.model.objectives import Attainment, Objectives, rto
from lab.model.outages import availability, outages, watched
from lab.model.probing import Result
from tests.lab.model.probed_world import (
    Down,
    Manner,
    Restored,
    Sending,
    contains,
    probe,
    probed,
    probed_in_a_closed_loop,
    spans,
    track,
)

FOUND = settings(database=None, max_examples=2000, deadline=None, phases=[Phase.generate])
"""One is enough; the smallest is not looked for."""
MANY = settings(suppress_health_check=[HealthCheck.too_slow])


# By hand --------------------------------------------------------------------------------------------------------------


def test_an_outage_lies_between_the_good_probes_around_it():
    probes = track((0, 0.1, "ok"), (1, 1.1, "failed"), (2, 2.1, "failed"), (3, 3.1, "ok"), (4, 4.1, "ok"))
    [outage] = outages(probes, 2)
    assert outage.began == Bounds(0, 1.1)
    assert outage.ended == Bounds(2, 3.1)
    assert outage.length == Length(pytest.approx(0.9), 3.1)
    assert (outage.failed, outage.good, outage.unknown) == (2, 0, 0)


def test_probes_that_hang_do_not_put_off_the_recovery():
    hanging = [(at, at + 5, "failed") for at in range(1, 9)]
    probes = track((0, 0.1, "ok"), *hanging, (9, 9.1, "ok"), (10, 10.1, "ok"))
    [outage] = outages(probes, 2)
    assert outage.began == Bounds(0, 6)
    assert outage.ended == Bounds(8, 9.1)
    assert outage.length == Length(2, 9.1)


def test_an_outage_shorter_than_the_time_out_is_not_longer_than_the_room_between_good_probes():
    probes = track((0, 0.1, "ok"), (1, 6, "failed"), *((at, at + 0.1, "ok") for at in range(2, 9)))
    [outage] = outages(probes, 3)
    assert outage.began == Bounds(0, 6)
    assert outage.ended == Bounds(1, 6.1)
    assert outage.length == Length(0, 2.1)


def test_what_had_begun_before_the_first_probe_and_what_is_not_over_are_open():
    [outage] = outages(track((0, 0.1, "failed"), (1, 1.1, "failed"), (2, 2.1, "ok")), 2)
    assert outage.began == Bounds(None, 0.1)
    assert outage.ended == Bounds(1, None)
    assert outage.length == Length(pytest.approx(0.9), None)


def test_flapping_is_one_outage_that_ends_with_the_first_of_the_confirmations():
    probes = track(
        (0, 0.1, "ok"),
        (1, 1.1, "failed"),
        (2, 2.1, "ok"),
        (3, 3.1, "failed"),
        (4, 4.1, "ok"),
        (5, 5.1, "ok"),
        (6, 6.1, "ok"),
    )
    [outage] = outages(probes, 3)
    assert (outage.began, outage.ended) == (Bounds(0, 1.1), Bounds(3, 4.1))
    assert (outage.failed, outage.good) == (2, 1)


def test_as_many_good_probes_as_confirm_a_recovery_part_two_outages():
    probes = track((0, 0.1, "failed"), (1, 1.1, "ok"), (2, 2.1, "ok"), (3, 3.1, "failed"))
    assert [len(outages(probes, confirmations)) for confirmations in (1, 2, 3)] == [2, 2, 1]


def test_good_probes_that_were_answered_after_the_next_failed_one_was_sent_confirm_nothing():
    stalled = [(1, 6, "failed"), (2, 6.5, "ok"), (3, 6.5, "ok"), (4, 9, "failed")]
    assert len(outages(track((0, 0.1, "ok"), *stalled), 2)) == 1


def test_an_unknown_probe_breaks_the_row_and_is_never_up():
    probes = track((0, 0.1, "ok"), (1, 1.1, "failed"), (2, 2.1, "ok"), "unknown", (4, 4.1, "ok"), (5, 5.1, "ok"))
    [outage] = outages(probes, 2)
    assert outage.ended == Bounds(1, 4.1)
    assert outage.unknown == 1


def test_a_failure_that_was_never_sent_proves_nothing():
    assert outages([probe(1, 0.0, None, None, Result.FAILED)], 1) == ()


def test_no_outage_is_said_with_the_longest_that_could_have_been_missed():
    seen = availability(track((0, 0.1, "ok"), (1, 1.1, "ok"), "unknown", (3, 3.2, "ok"), (4, 4.1, "ok")), 2)
    assert (seen.ok, seen.failed, seen.unknown, seen.outages) == (4, 0, 1, ())
    assert seen.unseen == pytest.approx(2.2)


def test_what_was_not_looked_at_in_the_end_may_hide_an_outage():
    assert availability(track((0, 0.1, "ok"), "unknown", "unknown", "unknown"), 1).unseen == 3
    assert availability(track("unknown", "unknown", (2, 2.5, "ok")), 1).unseen == 2.5


def test_a_track_that_was_never_probed_has_no_bound():
    assert availability([], 1).unseen is None


# A restoration, by hand -----------------------------------------------------------------------------------------------

DOWN_TILL_TEN = [(0, 0.1, "ok"), *((at, at + 0.1, "failed") for at in range(1, 10))]
BACK_AT_TEN = [(at, at + 0.1, "ok") for at in range(10, 14)]


def test_an_outage_that_goes_on_is_open_where_the_restoration_begins():
    [outage] = outages(track(*DOWN_TILL_TEN, *BACK_AT_TEN), 2, restoration=6.5)
    assert outage.open
    assert outage.began == Bounds(0, 1.1)
    assert outage.ended == Bounds(6.5, None)
    assert outage.length == Length(pytest.approx(5.4), None)
    assert outage.returned == Bounds(9, 10.1)


def test_an_outage_whose_end_was_confirmed_before_is_not_touched_by_the_restoration():
    probes = track(*DOWN_TILL_TEN, *BACK_AT_TEN)
    assert outages(probes, 2, restoration=11.1) == outages(probes, 2)


@pytest.mark.parametrize("restoration", [9.5, 10.05, 10.5, 11.05])
def test_an_end_that_was_not_confirmed_in_time_leaves_at_least_what_was_seen(restoration):
    [outage] = outages(track(*DOWN_TILL_TEN, *BACK_AT_TEN), 2, restoration)
    assert (outage.ended, outage.length) == (Bounds(9, None), Length(pytest.approx(7.9), None))
    assert outage.returned == Bounds(9, 10.1)


def test_an_outage_that_the_restoration_makes_keeps_its_end():
    up = [(at, at + 0.1, "ok") for at in range(5)]
    [outage] = outages(track(*up, (5, 5.1, "failed"), (6, 6.1, "ok"), (7, 7.1, "ok")), 2, restoration=3.5)
    assert (outage.open, outage.ended) == (False, Bounds(5, 6.1))


def test_an_outage_that_may_have_begun_before_is_the_drills_and_nothing_long():
    up = [(at, at + 0.1, "ok") for at in range(4)]
    [outage] = outages(track(*up, (4, 4.1, "failed"), (5, 5.1, "ok"), (6, 6.1, "ok")), 2, restoration=3.5)
    assert outage.began == Bounds(3, 4.1)
    assert outage.length == Length(0, None)


def test_a_service_that_had_come_back_once_may_have_been_back_when_the_restoration_took_it_away():
    came = [*DOWN_TILL_TEN, (10, 10.1, "ok"), (11, 11.1, "failed"), (12, 12.1, "ok"), (13, 13.1, "ok")]
    [outage] = outages(track(*came), 2, restoration=10.5)
    assert (outage.ended, outage.length) == (Bounds(9, None), Length(pytest.approx(7.9), None))


def test_nothing_is_promised_of_what_came_after_the_restoration_began():
    probes = track((0, 0.1, "ok"), (1, 1.1, "ok"), *["unknown"] * 5, (7, 7.1, "ok"))
    assert availability(probes, 2, restoration=1.5).unseen == pytest.approx(1.1)
    assert availability(probes, 2).unseen == pytest.approx(6.1)


def test_writing_was_watched_when_a_probe_was_answered_shortly_before_the_restoration():
    probes = track((0, 0.1, "ok"), (1, 1.1, "ok"), "unknown", (3, 3.1, "ok"))
    assert [watched(probes, second, within=1.5) for second in (1.1, 2.5, 2.6, 3.05, 3.1)] == [
        True,
        True,
        False,
        False,
        True,
    ]


# Any truth, any schedule ----------------------------------------------------------------------------------------------


@st.composite
def sendings(draw, *, interval=None, last=120, slowest=0.9, unsent=True):
    """A schedule with its jitter; answers of a working service come before the next probe is sent."""
    interval = interval or draw(st.sampled_from([0.5, 1.0, 2.0, 5.0]))
    phase = draw(st.floats(0, 1)) * interval
    number = int((last - phase) / interval)
    chance = random.Random(draw(st.integers(0, 2**32)))
    missing = draw(st.sampled_from([0.0, 0.0, 0.1, 0.4])) if unsent else 0.0
    return interval, [
        Sending(
            due=phase + place * interval,
            late=chance.random() * 0.05 * interval,
            response=chance.uniform(0.001, slowest) * interval,
            sent=chance.random() >= missing,
        )
        for place in range(number)
    ]


ONE = st.just(1)


@st.composite
def downs(draw, number=ONE, apart=(0.1, 10.0), longest=40.0):
    found, at = [], draw(st.floats(0, 30))
    for _ in range(draw(number)):
        length = draw(st.floats(0.01, longest))
        found.append(Down(at, at + length, draw(st.sampled_from(Manner))))
        at += length + draw(st.floats(*apart))
    return found


TIMEOUTS = st.sampled_from([0.95, 1.0, 2.0, 5.0])
CONFIRMATIONS = st.integers(1, 4)


def holds(outage, began, ended):
    return contains(outage.began, began) and contains(outage.ended, ended) and spans(outage.length, ended - began)


@MANY
@given(sendings(), downs(), TIMEOUTS, CONFIRMATIONS)
def test_an_outage_is_contained(schedule, truth, times, confirmations):
    interval, sent = schedule
    [down] = truth
    probes, causes = probed(truth, sent, times * interval)
    found = outages(probes, confirmations)
    assert all(holds(outage, down.began, down.ended) for outage in found)
    assert bool(found) == any(causes)


@MANY
@given(
    sendings(slowest=0.95),
    downs(),
    st.integers(0, 2**32),
    st.floats(0.2, 8),
    CONFIRMATIONS,
)
def test_an_outage_is_contained_when_answers_take_as_long_as_they_please(schedule, truth, seed, slower, confirmations):
    _, sent = schedule
    chance = random.Random(seed)
    slow = [Sending(each.due, each.late, each.response * chance.random() * slower, each.sent) for each in sent]
    timeout = max(each.response for each in slow) + 0.01
    [down] = truth
    probes, _ = probed(truth, slow, timeout)
    assert all(holds(outage, down.began, down.ended) for outage in outages(probes, confirmations))


@st.composite
def looks(draw, began, ended):
    """The most there can be: a probe that saw both up and down may come out either way."""
    sent = draw(st.integers(0, 100))
    done = sent + draw(st.integers(0, 30))
    if sent >= began and done < ended:
        result = "failed"
    elif done < began or sent >= ended:
        result = "ok"
    else:
        result = draw(st.sampled_from(["ok", "failed"]))
    return (float(sent), float(done), draw(st.sampled_from([result, result, result, "unknown"])))


@MANY
@given(st.data(), st.integers(20, 80), st.integers(1, 40), CONFIRMATIONS)
def test_an_outage_is_contained_by_whatever_probes_can_prove(data, began, length, confirmations):
    seen = data.draw(st.lists(looks(began, began + length), max_size=30))
    found = availability(track(*seen), confirmations)
    assert all(holds(outage, began, began + length) for outage in found.outages)
    if not found.failed and seen:
        first, last = min(sent for sent, _, _ in seen), max(done for _, done, _ in seen)
        assert min(began + length, last) - max(began, first) <= found.unseen


@MANY
@given(st.data(), TIMEOUTS, CONFIRMATIONS)
def test_outages_far_enough_apart_are_each_contained(data, times, confirmations):
    interval, sent = data.draw(sendings(interval=1.0, unsent=False, last=300))
    timeout = times * interval
    room = timeout + (confirmations + 2) * 2 * interval
    truth = data.draw(downs(number=st.integers(2, 3), apart=(room, room + 20)))
    assume(truth[-1].ended + room < sent[-1].due)
    probes, causes = probed(truth, sent, timeout)
    found = outages(probes, confirmations)
    seen = [down for down in truth if down in causes]
    assert len(found) == len(seen)
    assert all(holds(outage, down.began, down.ended) for outage, down in zip(found, seen, strict=True))


@MANY
@given(st.data(), TIMEOUTS, CONFIRMATIONS)
def test_outages_close_together_are_contained_from_the_first_to_the_last(data, times, confirmations):
    interval, sent = data.draw(sendings(last=100))
    truth = data.draw(downs(number=st.integers(2, 6), apart=(0.05 * interval, 6 * interval), longest=8 * interval))
    probes, causes = probed(truth, sent, times * interval)
    failures = iter([cause for cause in causes if cause])
    for outage in outages(probes, confirmations):
        mine = [next(failures) for _ in range(outage.failed)]
        assert holds(outage, min(down.began for down in mine), max(down.ended for down in mine))


@MANY
@given(sendings(), downs(number=st.integers(1, 4), apart=(0.1, 20.0)), TIMEOUTS, CONFIRMATIONS)
def test_what_was_not_seen_is_not_longer_than_said(schedule, truth, times, confirmations):
    interval, sent = schedule
    probes, causes = probed(truth, sent, times * interval)
    found = availability(probes, confirmations)
    first, last = probes[0].due, max(each.ended or each.due for each in probes)
    for down in truth:
        if down not in causes and not any(overlaps(down, outage) for outage in found.outages):
            assert min(down.ended, last) - max(down.began, first) <= found.unseen + 1e-6


def overlaps(down, outage):
    early = outage.ended.latest is None or down.began <= outage.ended.latest
    return early and (outage.began.earliest is None or down.ended >= outage.began.earliest)


# Any restoration ------------------------------------------------------------------------------------------------------

RESTORATIONS = st.floats(0, 130)
LENIENT = Objectives(rto_s=1e9, rpo_s=None)


def contains_the_drill(outage, mine, world):
    """Whether what is said of an outage is so, of what of it was the drill's."""
    drills = world.of_the_drill(mine)
    if not drills:
        own = holds(outage, min(down.began for down in mine), max(down.ended for down in mine))
        return own or (outage.open and outage.length.lower == 0)
    began, ended = min(down.began for down in drills), max(down.ended for down in drills)
    if world.open(drills):
        return outage.open and contains(outage.began, began) and outage.length.lower <= world.instant - began + 1e-6
    if outage.open:
        return contains(outage.began, began) and outage.length.lower <= ended - began + 1e-6
    return holds(outage, began, ended)


def causes_of(found, causes):
    failures = iter([cause for cause in causes if cause])
    return [(outage, [next(failures) for _ in range(outage.failed)]) for outage in found]


def attained(probes, interval, timeout, confirmations, restoration):
    writing = availability(probes, confirmations, restoration)
    seen = watched(probes, restoration, interval + timeout)
    return rto(LENIENT, writing, restoration, watched=seen).attainment


@MANY
@given(sendings(), downs(), TIMEOUTS, CONFIRMATIONS, RESTORATIONS)
def test_an_outage_is_contained_wherever_the_restoration_begins(schedule, truth, times, confirmations, restoration):
    interval, sent = schedule
    world = Restored(truth, restoration)
    probes, causes = probed(world.downs, sent, times * interval)
    for outage, mine in causes_of(outages(probes, confirmations, restoration), causes):
        assert contains_the_drill(outage, mine, world)


@MANY
@given(st.data(), TIMEOUTS, CONFIRMATIONS, RESTORATIONS)
def test_several_outages_are_contained_wherever_the_restoration_begins(data, times, confirmations, restoration):
    interval, sent = data.draw(sendings(unsent=False))
    gaps = (2.2 * interval, 8 * interval)
    world = Restored(data.draw(downs(number=st.integers(2, 4), apart=gaps, longest=30.0)), restoration)
    probes, causes = probed(world.downs, sent, times * interval)
    for outage, mine in causes_of(outages(probes, confirmations, restoration), causes):
        assert contains_the_drill(outage, mine, world)


@MANY
@given(sendings(), downs(number=st.integers(1, 4), apart=(0.1, 20.0)), TIMEOUTS, CONFIRMATIONS, RESTORATIONS)
def test_no_objective_is_met_by_an_outage_that_was_seen_and_open(schedule, truth, times, confirmations, restoration):
    interval, sent = schedule
    world = Restored(truth, restoration)
    probes, causes = probed(world.downs, sent, times * interval)
    if world.open([down for down in world.downs if down in causes]):
        met = attained(probes, interval, times * interval, confirmations, restoration)
        assert met is not Attainment.MET


@MANY
@given(sendings(), downs(number=st.integers(1, 4), apart=(0.1, 20.0)), TIMEOUTS, CONFIRMATIONS, RESTORATIONS)
def test_no_objective_is_met_by_what_was_open_for_an_interval_and_a_time_out(
    schedule, truth, times, confirmations, restoration
):
    """Seen or not: so long the drill waits before it restores."""
    interval, sent = schedule
    timeout = times * interval
    world = Restored(truth, restoration)
    probes, _ = probed(world.downs, sent, timeout)
    if any(down.began < restoration - interval - timeout for down in world.open(world.downs)):
        assert attained(probes, interval, timeout, confirmations, restoration) is not Attainment.MET


def counted_to_their_end(case):
    """The control: an outage of the drill is counted to its end, whatever ended it."""
    (interval, sent), truth, times, restoration = case
    probes, causes = probed(truth, sent, times * interval)
    judged = rto(LENIENT, availability(probes, 2), restoration, watched=True)
    opened = Restored(truth, restoration).open([down for down in truth if down in causes])
    return bool(opened) and judged.attainment is Attainment.MET


def test_to_count_an_outage_to_an_end_that_the_restoration_made_is_found_out():
    cases = st.tuples(sendings(unsent=False), downs(), TIMEOUTS, RESTORATIONS)
    found = find(cases, counted_to_their_end, settings=FOUND)
    assert counted_to_their_end(found)


# The width ------------------------------------------------------------------------------------------------------------


SLOWEST = 0.4


def widths(seed, number, *manners):
    """Random failovers probed each second: how far the bounds of the length are apart, beyond the time-out."""
    chance = random.Random(seed)
    for _ in range(number):
        timeout = chance.choice([1.0, 2.0, 5.0])
        phase, quick = chance.random(), chance.uniform(0.01, SLOWEST)
        sent = [Sending(phase + place, 0.005 * chance.random(), chance.uniform(0.005, quick)) for place in range(100)]
        start = chance.uniform(10, 20)
        down = Down(start, start + chance.uniform(6, 60), chance.choice(manners))
        [outage] = outages(probed([down], sent, timeout)[0], 3)
        assert holds(outage, down.began, down.ended)
        yield outage.length.upper - outage.length.lower - timeout


def test_the_median_width_is_no_more_than_two_intervals_a_time_out_and_an_answer():
    """A time-out at the beginning of the outage and an answer at its end cannot be looked into; a refusal can."""
    assert statistics.median(widths(1, 500, Manner.REFUSES, Manner.HANGS)) <= 2.0 + SLOWEST / 4
    assert statistics.median(widths(2, 500, Manner.REFUSES, Manner.REFUSES, Manner.HANGS)) <= 2.0


@pytest.mark.parametrize("manner", [Manner.REFUSES, Manner.HANGS])
def test_no_width_is_more_than_two_intervals_a_time_out_and_two_answers(manner):
    assert max(widths(7, 300, manner)) <= 2.0 + 2 * SLOWEST + 0.02


def test_late_answers_cost_one_more_time_out():
    assert max(widths(7, 300, Manner.STALLS)) <= 2.0 + 5.0 + 2 * SLOWEST + 0.02


# The control: a prober that waits for answers -------------------------------------------------------------------------


def test_a_closed_loop_does_not_notice_five_seconds_without_service():
    down = Down(0.05, 5.05, Manner.STALLS)
    sent = [Sending(float(due), 0.0, 0.1) for due in range(20)]
    seen = availability(probed_in_a_closed_loop([down], sent, timeout=10.0), 2)
    assert misses(seen, down)
    open_loop = availability(probed([down], sent, timeout=10.0)[0], 2)
    assert not misses(open_loop, down)


def test_a_closed_loop_counts_a_failure_where_there_were_many():
    down = Down(3.5, 30.0, Manner.HANGS)
    sent = [Sending(float(due), 0.0, 0.1) for due in range(60)]
    seen = availability(probed_in_a_closed_loop([down], sent, timeout=10.0), 2)
    assert seen.failed * 1.0 < down.length / 5
    assert misses(seen, down)


def test_a_closed_loop_is_found_out():
    found = find(
        st.tuples(sendings(unsent=False, last=60), downs(), TIMEOUTS),
        lambda case: misses(closed_loop(case), case[1][0]),
        settings=FOUND,
    )
    assert misses(closed_loop(found), found[1][0])


def closed_loop(case):
    (interval, sent), truth, times = case
    return availability(probed_in_a_closed_loop(truth, sent, times * interval), 2)


def misses(seen, down):
    """Whether what is said is untrue: bounds without the outage, or none seen and none so long thought possible."""
    if seen.outages:
        return not all(holds(outage, down.began, down.ended) for outage in seen.outages)
    return down.length > seen.unseen + 1e-6
