from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from lab.model.hours import BusinessHours

TOKYO = timezone(timedelta(hours=9))
HOURS = BusinessHours(days=(0, 1, 2, 3, 4), begin=time(8, 30), end=time(18), zone=TOKYO)


def at(day, hour, minute=0):
    """A moment of the week that begins on Monday, 24 September 2012."""
    return datetime(2012, 9, 23, hour, minute, tzinfo=TOKYO) + timedelta(days=day)


@pytest.mark.parametrize(
    ("moment", "included"),
    [(at(1, 8, 29), False), (at(1, 8, 30), True), (at(1, 17, 59), True), (at(1, 18), False), (at(6, 12), False)],
)
def test_the_end_belongs_to_the_evening(moment, included):
    assert HOURS.include(moment) is included
    assert HOURS.include(moment.astimezone(UTC)) is included


@pytest.mark.parametrize(
    ("moment", "begins", "ends"),
    [
        (at(2, 22), at(3, 8, 30), at(3, 18)),
        (at(2, 8, 30), at(3, 8, 30), at(2, 18)),
        (at(5, 18), at(8, 8, 30), at(8, 18)),
        (at(6, 3).astimezone(UTC), at(8, 8, 30), at(8, 18)),
    ],
)
def test_what_comes_next_lies_after_the_moment(moment, begins, ends):
    assert HOURS.next_begin(moment) == begins
    assert HOURS.next_end(moment) == ends


def test_one_day_a_week_is_found_again_a_week_later():
    mondays = BusinessHours(days=(0,), begin=time(8, 30), end=time(18), zone=TOKYO)
    assert mondays.next_begin(at(1, 8, 30)) == at(1, 8, 30) + timedelta(days=7)
