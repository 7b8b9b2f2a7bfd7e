from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.garoon.calendar import laid_out, midnight, parse_day, written_span
from lab.simulator.garoon.database import Event
from tests.garoon_stand import START

DAY = date(2012, 9, 25)


def event(starts, ends, **changes):
    values = {"id": 1, "detail": "x", "starts": starts, "ends": ends, "members": (2,), "creator": 2, "version": 0}
    return Event(**(values | changes))


spans = st.tuples(st.integers(-600, 1439), st.integers(0, 2000)).map(
    lambda span: event(midnight(DAY) + timedelta(minutes=span[0]), midnight(DAY) + timedelta(minutes=span[0] + span[1]))
)


@given(st.lists(spans.filter(lambda each: each.ends > midnight(DAY)), max_size=12))
def test_no_two_appointments_cover_each_other_and_all_are_within_the_hours_shown(events):
    day = laid_out(events, DAY)
    assert len(day.bars) == len(events)
    for bar in day.bars:
        assert bar.top >= 0
        assert bar.top + bar.height <= 60 * len(day.hours)
        assert 0 <= bar.column < bar.columns
    for one in day.bars:
        for other in day.bars:
            if one is not other and one.column == other.column:
                assert one.top + one.height <= other.top or other.top + other.height <= one.top


def test_a_day_is_read_with_and_without_leading_zeros():
    assert parse_day("2012-9-5", DAY) == parse_day("2012-09-05", DAY) == date(2012, 9, 5)
    assert parse_day("2012-13-01", DAY) == DAY


def test_a_time_is_written_as_japanese_readers_expect_it():
    assert written_span(event(START, START + timedelta(hours=1))) == "2012年9月25日(火) 22:00 ～ 23:00"
    assert (
        written_span(event(START, START + timedelta(hours=3))) == "2012年9月25日(火) 22:00 ～ 2012年9月26日(水) 01:00"
    )
    days = event(midnight(DAY), midnight(DAY) + timedelta(days=2), allday=True)
    assert written_span(days) == "2012年9月25日(火) ～ 2012年9月26日(水)"
