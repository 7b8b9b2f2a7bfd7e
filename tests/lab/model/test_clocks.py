"""Two clocks: their distance lies within what one question tells of it, and a host's stamp is an interval."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.bounds import Bounds
from lab.model.clocks import RESOLUTION, ClockOffset, offset_of, on_lab_clock
from tests.lab.model.probed_world import contains

ASKED = datetime(2012, 9, 25, 13, 0, tzinfo=UTC)
MICROSECONDS = st.integers(min_value=0, max_value=60_000_000).map(lambda number: timedelta(microseconds=number))
SKEWS = st.integers(min_value=-(10**10), max_value=10**10).map(lambda number: timedelta(microseconds=number))
SECOND = timedelta(seconds=1)


@given(there=MICROSECONDS, back=MICROSECONDS, skew=SKEWS, stands=st.floats(min_value=0, max_value=1))
def test_the_interval_contains_the_truth(there, back, skew, stands):
    """The clock is read after the way there, and may have stood still for part of a tick."""
    said = ASKED + there + skew - RESOLUTION * stands
    found = offset_of(said, asked=ASKED, took=there + back)
    assert abs(skew - found.offset) <= found.within
    assert found.within <= (there + back) / 2 + RESOLUTION + timedelta(microseconds=1)


def test_the_same_instant_in_another_zone_has_no_offset():
    there = ASKED.astimezone(timezone(timedelta(hours=9)))
    assert offset_of(there, asked=ASKED, took=timedelta()) == ClockOffset(offset=timedelta(), within=RESOLUTION)


def test_only_what_is_beyond_the_limit_for_certain_is_worth_a_note():
    assert ClockOffset(offset=-3 * SECOND, within=SECOND).noteworthy
    assert not ClockOffset(offset=1.5 * SECOND, within=SECOND).noteworthy
    assert not ClockOffset(offset=0.9 * SECOND, within=0 * SECOND).noteworthy


def test_a_stamp_is_as_exact_as_the_clocks_were_compared():
    offsets = [ClockOffset(offset=2 * SECOND, within=SECOND / 4), ClockOffset(offset=3 * SECOND, within=SECOND / 2)]
    assert on_lab_clock(100.0, resolution=1.0, read=500.0, offsets=offsets) == Bounds(96.5, 99.25)


def test_what_was_read_had_happened():
    assert (
        on_lab_clock(
            100.0, resolution=1.0, read=98.0, offsets=[ClockOffset(offset=2 * SECOND, within=SECOND / 2)]
        ).latest
        == 98.0
    )


def test_clocks_that_were_not_compared_say_nothing():
    assert on_lab_clock(100.0, resolution=1.0, read=98.0, offsets=[]) == Bounds(None, 98.0)


@settings(deadline=None)
@given(
    st.floats(0, 1000),
    st.floats(-100, 100),
    st.floats(-5, 5),
    st.floats(0, 1),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 2), st.floats(0, 2)),
)
def test_the_instant_is_contained_while_the_clock_drifts(true, offset, drift, part, errors):
    first, second, one_within, other_within = errors
    stamp = float(int(true + offset + part * drift + 1000)) - 1000
    offsets = [
        ClockOffset(offset=(offset + first * one_within) * SECOND, within=one_within * SECOND),
        ClockOffset(offset=(offset + drift + second * other_within) * SECOND, within=other_within * SECOND),
    ]
    assert contains(on_lab_clock(stamp, resolution=1.0, read=true + 30, offsets=offsets), true)
