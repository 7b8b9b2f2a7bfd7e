from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from journal.course import Outcome
from journal.entry import Instant
from reports.plain import plain

MOMENT = datetime(2026, 1, 15, 3, 4, 5, 678_900, tzinfo=UTC)


@dataclass(frozen=True)
class Thing:
    took: timedelta
    outcome: Outcome
    inner: tuple[object, ...]


def test_values_are_told_as_json_has_them_at_any_depth():
    assert plain({"thing": Thing(timedelta(seconds=1.5), Outcome.PASSED, (MOMENT, 0.1 + 0.2, None, "text"))}) == {
        "thing": {"took": 1.5, "outcome": "passed", "inner": ["2026-01-15T03:04:05.678+00:00", 0.3, None, "text"]}
    }


def test_an_instant_is_both_of_its_clocks():
    both = {"lab": "2026-01-15T03:04:05.678+00:00", "wall": "2026-01-15T03:04:05.678+00:00"}
    assert plain([Instant(MOMENT, MOMENT)]) == [both]


def test_objects_of_a_type_may_be_told_otherwise_wherever_they_stand():
    thing = Thing(timedelta(), Outcome.FAILED, ())
    assert plain({"a": [thing]}, {Thing: lambda each: each.outcome.name}) == {"a": ["FAILED"]}
