"""The true distance of two clocks lies within what one question tells of it, whenever in the call it was answered."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from lab.model.clock_offset import RESOLUTION, Offset, offset_of

ASKED = datetime(2012, 9, 25, 13, 0, tzinfo=UTC)
MICROSECONDS = st.integers(min_value=0, max_value=60_000_000).map(lambda number: timedelta(microseconds=number))
SKEWS = st.integers(min_value=-(10**10), max_value=10**10).map(lambda number: timedelta(microseconds=number))


@given(there=MICROSECONDS, back=MICROSECONDS, skew=SKEWS, stands=st.floats(min_value=0, max_value=1))
def test_the_interval_contains_the_truth(there, back, skew, stands):
    """The clock is read after the way there, and may have stood still for part of a tick."""
    said = ASKED + there + skew - RESOLUTION * stands
    found = offset_of(said, asked=ASKED, took=there + back)
    assert abs(skew - found.offset) <= found.within
    assert found.within <= (there + back) / 2 + RESOLUTION + timedelta(microseconds=1)


def test_the_same_instant_in_another_zone_is_no_offset():
    there = ASKED.astimezone(timezone(timedelta(hours=9)))
    assert offset_of(there, asked=ASKED, took=timedelta()) == Offset(timedelta(), RESOLUTION)


def test_only_what_is_beyond_the_limit_for_certain_is_worth_a_note():
    second = timedelta(seconds=1)
    assert Offset(-3 * second, within=second).noteworthy
    assert not Offset(1.5 * second, within=second).noteworthy
    assert not Offset(0.9 * second, within=0 * second).noteworthy
