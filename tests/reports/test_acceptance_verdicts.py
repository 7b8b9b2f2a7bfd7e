"""When a difference in time is one: never for how looks happened to fall, always beyond what they leave open."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.activities import Call, Effect, Instant, Wait
from lab.model.bounds import Length
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.waiting import wait_until
from reports.acceptance.timing import lengths, whole
from reports.acceptance.verdicts import Tolerance, Verdict, pace, together

SECONDS = st.floats(0, 10_000, allow_nan=False)
TOLERANCES = st.builds(Tolerance, st.floats(0, 1), st.floats(0, 60))
VERDICTS = st.lists(st.sampled_from(Verdict))
FASTEST_FIRST = (Verdict.FASTER, Verdict.SAME, Verdict.SLOWER)


@st.composite
def known(draw):
    lower, more = draw(SECONDS), draw(SECONDS)
    return Length(lower, lower + more)


LENGTHS = st.one_of(known(), SECONDS.map(lambda lower: Length(lower, None)))


@given(LENGTHS, LENGTHS, TOLERANCES)
def test_slower_exceeds_both_tolerances_whatever_the_truth_between_the_bounds(baseline, record, tolerance):
    verdict = pace(baseline, record, tolerance)
    if verdict is Verdict.SLOWER:
        assert record.lower - baseline.upper > tolerance.seconds - 1e-6
        assert record.lower - baseline.upper > tolerance.share * baseline.upper - 1e-6
    if verdict is Verdict.FASTER:
        assert baseline.lower - record.upper > tolerance.seconds - 1e-6
        assert baseline.lower - record.upper > tolerance.share * baseline.lower - 1e-6


@given(known(), known(), TOLERANCES)
def test_with_no_end_open_there_is_always_a_verdict(baseline, record, tolerance):
    assert pace(baseline, record, tolerance) in FASTEST_FIRST


@given(LENGTHS, TOLERANCES)
def test_what_is_held_against_itself_is_the_same_or_of_no_known_end(length, tolerance):
    assert pace(length, length, tolerance) is (Verdict.UNKNOWN if length.upper is None else Verdict.SAME)


@given(LENGTHS, SECONDS, TOLERANCES)
def test_where_an_end_is_open_nothing_is_the_same(baseline, lower, tolerance):
    assert pace(baseline, Length(lower, None), tolerance) in (Verdict.SLOWER, Verdict.UNKNOWN)


@given(known(), known(), SECONDS, TOLERANCES)
def test_more_time_never_makes_it_faster(baseline, record, more, tolerance):
    longer = Length(record.lower + more, record.upper + more)
    verdicts = [FASTEST_FIRST.index(pace(baseline, each, tolerance)) for each in (record, longer)]
    assert verdicts == sorted(verdicts)


@given(known(), known(), TOLERANCES, st.floats(0, 1), st.floats(0, 60))
def test_a_wider_tolerance_never_finds_a_difference_that_a_narrower_one_does_not(base, record, tolerance, share, more):
    wider = Tolerance(tolerance.share + share, tolerance.seconds + more)
    if pace(base, record, tolerance) is Verdict.SAME:
        assert pace(base, record, wider) is Verdict.SAME


@given(VERDICTS)
def test_a_whole_has_the_gravest_verdict_of_its_parts_and_is_never_the_same_with_one_unknown(verdicts):
    whole = together(verdicts)
    assert whole in verdicts or (not verdicts and whole is Verdict.UNKNOWN)
    assert all(list(Verdict).index(whole) <= list(Verdict).index(each) for each in verdicts)
    if whole in (Verdict.SAME, Verdict.FASTER):
        assert Verdict.UNKNOWN not in verdicts


# Steps that wait, on a clock: what is true is known here, and what is measured follows from when one happened to look.

START = datetime(2026, 1, 1, tzinfo=UTC)
PHASES = st.tuples(*3 * [st.integers(1, 30)], st.floats(0.01, 2))
"""How often each step looks, in seconds, and how long a look takes."""


def performed(delays, every, look, *, acts=()):
    """A drill of one waiting step a delay; each condition comes true that long after the one before, or an action."""
    timeline = Timeline(START)
    clock = SimulatedClock(timeline, Jumping(timeline))
    steps, due = [], 0.0
    for number, (delay, interval) in enumerate(zip(delays, every, strict=True), 1):
        began = clock.now()
        activities = []
        if number in acts:
            due = clock.monotonic()
            activities.append(_action(clock))
        due += delay
        activities.append(_waited(clock, due, interval, look))
        steps.append(_step(number, began, clock.now(), activities))
    return SimpleNamespace(steps=tuple(steps))


def _waited(clock, due, every, look):
    def sampled():
        at = clock.monotonic()
        clock.spend(timedelta(seconds=look))
        return at

    done = wait_until(
        sampled,
        lambda at: at >= due,
        clock=clock,
        within=timedelta(hours=10),
        every=timedelta(seconds=every),
    )
    return Wait(
        n=2,
        at=Instant(clock.now(), START),
        condition="",
        limit=timedelta(hours=10),
        took=done.took,
        not_yet=done.not_yet,
        met=done.met,
        seen="",
    )


def _action(clock):
    return Call(
        n=2,
        at=Instant(clock.now(), START),
        host="",
        script="",
        script_sha256="",
        arguments={},
        changes=True,
        effect=Effect.ANSWERED,
        error=None,
        lab_took=timedelta(),
        wall_took=timedelta(),
        round_trips=1,
        answer=None,
        stray=(),
    )


def _step(number, began, ended, activities):
    return SimpleNamespace(
        number=number, began=Instant(began, START), ended=Instant(ended, START), activities=tuple(activities)
    )


DELAYS = st.tuples(*3 * [st.floats(0, 600)])
ACTS = st.sets(st.integers(1, 3))


@settings(max_examples=300, deadline=None)
@given(DELAYS, PHASES, PHASES, ACTS)
def test_two_runs_that_took_the_same_time_are_the_same_however_looks_fell(delays, one, other, acts):
    baseline, record = (performed(delays, phase[:3], phase[3], acts=acts) for phase in (one, other))
    before, after = lengths(baseline), lengths(record)
    slack = Tolerance(0.0, one[3] + other[3])  # the first look at what holds already lasts as long as it lasts
    assert {pace(before[number], after[number], slack) for number in before} == {Verdict.SAME}
    assert pace(whole(baseline), whole(record), Tolerance(0.0, 3 * slack.seconds)) is Verdict.SAME


@settings(max_examples=300, deadline=None)
@given(DELAYS, st.tuples(PHASES, PHASES), ACTS, st.integers(0, 2), st.floats(0, 300))
def test_what_is_longer_beyond_tolerance_and_looks_is_slower(delays, phases, acts, place, more):
    (one, other), tolerance = phases, Tolerance(0.1, 5.0)
    longer = tuple(
        delay + (tolerance.of(delay + 100) + 100 + more if at == place else 0) for at, delay in enumerate(delays)
    )
    baseline = lengths(performed(delays, one[:3], one[3], acts=acts))
    record = lengths(performed(longer, other[:3], other[3], acts=acts))
    assert pace(baseline[place + 1], record[place + 1], tolerance) is Verdict.SLOWER


def test_a_step_that_acts_itself_is_not_late_for_what_came_before():
    every = (30, 1, 1)
    idle, acting = (lengths(performed((40.0, 20.0, 5.0), every, 0.1, acts=acts))[2] for acts in ((), (2,)))
    assert idle.upper - idle.lower > 20
    assert acting.upper - acting.lower < 2
    assert acting.lower <= 20.0 <= acting.upper
