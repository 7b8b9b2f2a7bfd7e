"""Steps that wait, on a clock: what is true is known here, and what is measured follows from when one looked."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from journal.entry import Instant
from journal.seen import Call, Wait
from lab.model.calls import CallOutcome
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.waiting import wait_until
from reports.acceptance.result import Tolerance, Verdict, pace
from reports.acceptance.steps import lengths, whole

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
        effect=CallOutcome.ANSWERED,
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


@given(DELAYS, PHASES, PHASES, ACTS)
def test_two_runs_that_took_the_same_time_are_the_same_however_looks_fell(delays, one, other, acts):
    baseline, record = (performed(delays, phase[:3], phase[3], acts=acts) for phase in (one, other))
    before, after = lengths(baseline), lengths(record)
    slack = Tolerance(0.0, one[3] + other[3])  # the first look at what holds already lasts as long as it lasts
    assert {pace(before[number], after[number], slack) for number in before} == {Verdict.SAME}
    assert pace(whole(baseline), whole(record), Tolerance(0.0, 3 * slack.seconds)) is Verdict.SAME


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
