"""Entries of drills are known by exactly the titles that drills write, and canaries lie on days that Garoon has."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.entry_titles import (
    EntryKind,
    canary_day,
    canary_prefix,
    canary_title,
    drill_title,
    integrity_test_title,
    kind_of,
)
from lab.probes.canaries import GaroonCanaries

END_OF_32_BITS = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)
JAPAN = timezone(timedelta(hours=9))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.builds(
    lambda day, seconds, zone: datetime.combine(day, time(), zone) + timedelta(seconds=seconds),
    st.dates(date(2026, 1, 1), date(2037, 12, 31)),
    st.integers(0, 24 * 3600 - 1),
    ZONES,
)


@given(MOMENTS)
def test_canaries_lie_after_today_and_before_a_garoon_of_32_bits_ends(began):
    starts = GaroonCanaries(None, began)._starts
    assert starts.date() > began.date()
    assert began < starts
    assert (starts + timedelta(minutes=5)).astimezone(UTC) < END_OF_32_BITS


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 30), date(2036, 11, 29)),
        (date(2027, 12, 30), date(2037, 12, 29)),
        (date(2028, 1, 18), date(2038, 1, 17)),
        (date(2028, 2, 29), date(2038, 1, 17)),
        (date(2028, 3, 1), date(2038, 1, 17)),
        (date(2032, 2, 29), date(2038, 1, 17)),
        (date(2037, 12, 31), date(2038, 1, 17)),
        (date(2038, 1, 16), date(2038, 1, 17)),
        (date(2038, 1, 17), date(2048, 1, 17)),
        (date(2040, 2, 29), date(2050, 2, 28)),
    ],
)
def test_canaries_lie_ten_years_ahead_as_long_as_that_is_before_the_end(today, day):
    assert canary_day(today) == day


@given(MOMENTS, st.integers(1, 10**6))
def test_what_drills_write_is_known_by_its_title(moment, number):
    assert kind_of(drill_title(moment, number)) is EntryKind.DRILL
    assert kind_of(integrity_test_title(moment)) is EntryKind.INTEGRITY_TEST
    assert kind_of(canary_title(canary_prefix(moment), number, moment)) is EntryKind.CANARY
    assert kind_of(GaroonCanaries(None, moment).title(number, moment)) is EntryKind.CANARY


@pytest.mark.parametrize(
    "title",
    [
        "訓練",
        "訓練 2026-11-30",
        "避難訓練 2026-11-30 08:14:13 #1",
        "訓練 2026-11-30 08:14:13 #1 の反省会",
        "打合せ:訓練 2026-11-30 08:14:13 #1",
        "訓練 2026-11-30 08:14:13 #",
        "訓練 ２０２６-11-30 08:14:13 #1",
        "訓練 2026-11-30 08:14:13 #1\n",
        "Kunren canary 20261130-081401 #1",
        "kunren canary 20261130-081401 #1 08:14:05",
        "Kunren canary",
        "整合性テスト 2026-11-30",
        "",
    ],
)
def test_what_people_write_is_not_taken_for_it(title):
    assert kind_of(title) is None


def test_a_canary_is_entered_at_three_in_the_morning_of_its_day():
    began = datetime(2028, 2, 29, 23, 59, tzinfo=JAPAN)
    assert GaroonCanaries(None, began)._starts == datetime.combine(date(2038, 1, 17), time(3), JAPAN)
