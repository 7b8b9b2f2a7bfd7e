from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from reports import flags
from reports.drawing import WIDTH, Axis, text_width

START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
AXIS = Axis(START, START + timedelta(minutes=20))


@given(st.lists(st.tuples(st.integers(0, 1200), st.text("mW復旧", max_size=12)), max_size=25), st.booleans())
def test_labels_never_cover_each_other(moments, upwards):
    events = [flags.Event(START + timedelta(seconds=second), "event", label, "") for second, label in moments]
    placed = (flags.above if upwards else flags.below)(events, AXIS, 20.0)
    spans = []
    for flag in placed.flags:
        assert 20.0 <= flag.y <= placed.bottom
        width = text_width(flag.label)
        begin = flag.x - 7 if flag.anchor == "start" else flag.text_x - width
        spans.append((flag.y, begin, begin + width + flags.SYMBOL if flag.anchor == "start" else flag.x + 7))
        assert spans[-1][2] <= WIDTH + flags.SYMBOL
    for one in spans:
        for other in spans:
            if one is not other and one[0] == other[0]:
                assert one[2] <= other[1] + 0.5 or other[2] <= one[1] + 0.5
