"""A host's stamp is an interval on the lab's clock."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.bounds import Bounds
from lab.model.clocks import ClockOffset, on_lab_clock
from tests.model.probed_world import contains


def test_a_stamp_is_as_exact_as_the_clocks_were_compared():
    offsets = [ClockOffset(offset=2.0, within=0.25), ClockOffset(offset=3.0, within=0.5)]
    assert on_lab_clock(100.0, resolution=1.0, read=500.0, offsets=offsets) == Bounds(96.5, 99.25)


def test_what_was_read_had_happened():
    assert on_lab_clock(100.0, resolution=1.0, read=98.0, offsets=[ClockOffset(offset=2.0, within=0.5)]).latest == 98.0


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
        ClockOffset(offset=offset + first * one_within, within=one_within),
        ClockOffset(offset=offset + drift + second * other_within, within=other_within),
    ]
    assert contains(on_lab_clock(stamp, resolution=1.0, read=true + 30, offsets=offsets), true)
