"""None"""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reports.charts.drawing import LEFT, RIGHT, SYMBOL, WIDTH, Axis, Moment, flags_above, flags_below, text_width

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


START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
AXIS = Axis(START, START + timedelta(minutes=20))


@given(st.lists(st.tuples(st.integers(0, 1200), st.text("mW復旧", max_size=12)), max_size=25), st.booleans())
def test_labels_never_cover_each_other(moments, upwards):
    events = [Moment(START + timedelta(seconds=second), "event", label, "") for second, label in moments]
    placed = (flags_above if upwards else flags_below)(events, AXIS, 20.0)
    spans = []
    for flag in placed.flags:
        assert 20.0 <= flag.y <= placed.bottom
        width = text_width(flag.label)
        begin = flag.x - 7 if flag.anchor == "start" else flag.text_x - width
        spans.append((flag.y, begin, begin + width + SYMBOL if flag.anchor == "start" else flag.x + 7))
        assert spans[-1][2] <= WIDTH + SYMBOL
    for one in spans:
        for other in spans:
            if one is not other and one[0] == other[0]:
                assert one[2] <= other[1] + 0.5 or other[2] <= one[1] + 0.5
