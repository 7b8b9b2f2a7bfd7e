"""The one polling loop looks at once, on its interval, and for the last time when the time is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.waiting import wait_until

SECONDS = st.integers(1, 500)


def clock():
    timeline = Timeline(datetime(2026, 1, 1, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


def waited(clock, holds, within, every):
    return wait_until(
        clock.monotonic, holds, clock=clock, within=timedelta(seconds=within), every=timedelta(seconds=every)
    )


def test_what_holds_at_once_costs_no_time():
    met = waited(clock(), lambda _: True, 10, 1)
    assert (met.met, met.took, met.not_yet) == (True, timedelta(), timedelta())


@given(due=SECONDS, within=SECONDS, every=SECONDS)
def test_it_is_met_on_the_first_look_at_or_after_the_instant_and_never_later_than_allowed(due, within, every):
    result = waited(clock(), lambda now: now >= due, within, every)
    looks = sorted({*range(0, within, every), within})
    expected = next((look for look in looks if look >= due), None)
    assert result.met == (expected is not None)
    assert result.took == timedelta(seconds=expected if expected is not None else within)


@given(due=st.integers(0, 500), within=SECONDS, every=SECONDS, look=st.integers(0, 60))
def test_what_came_true_came_true_between_the_last_look_without_it_and_the_end(due, within, every, look):
    lab = clock()

    def glance():
        sampled = lab.monotonic()
        lab.spend(timedelta(seconds=look))
        return sampled

    result = wait_until(
        glance,
        lambda sampled: sampled >= due,
        clock=lab,
        within=timedelta(seconds=within),
        every=timedelta(seconds=every),
    )
    if result.met:
        assert result.not_yet <= timedelta(seconds=due) <= result.took
    else:
        assert result.not_yet < timedelta(seconds=due)
