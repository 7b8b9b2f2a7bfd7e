"""Windows' names of time zones lead to zones that there are."""

from zoneinfo import ZoneInfo

import pytest

from lab.site.windows_zones import iana_name, zones


def test_each_is_in_the_time_zone_database():
    for same in {*zones().values()}:
        assert ZoneInfo(same).key == same


@pytest.mark.parametrize(
    ("name", "same"),
    [("Tokyo Standard Time", "Asia/Tokyo"), ("tokyo standard time ", "Asia/Tokyo"), ("Asia/Tokyo", ""), ("", "")],
)
def test_a_name_is_found_whatever_its_letters(name, same):
    assert iana_name(name) == same
