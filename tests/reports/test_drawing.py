from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.drawing import LEFT, RIGHT, Axis, text_width

START = datetime(2012, 9, 25, 22, tzinfo=UTC)


@given(st.floats(1, 200_000), st.floats(0, 1))
def test_whatever_lies_in_the_run_lies_on_the_axis_in_its_order(seconds, share):
    axis = Axis(START, START + timedelta(seconds=seconds))
    x = axis.x(START + timedelta(seconds=seconds * share))
    assert LEFT <= x <= RIGHT
    assert axis.x(START) <= x <= axis.x(START + timedelta(seconds=seconds))


@given(st.floats(1, 200_000))
def test_ticks_are_few_and_apart(seconds):
    ticks = list(Axis(START, START + timedelta(seconds=seconds)).ticks())
    assert len(ticks) <= 12
    assert all(later.x - earlier.x > text_width("00:00") for earlier, later in pairwise(ticks))


def test_japanese_is_wider_than_latin():
    assert text_width("復旧") > text_width("up")
