"""The last integrity test and the licence, as far as the event view tells them."""

from datetime import UTC, datetime

import pytest

from drills.preflight.event_view import events
from drills.preflight.findings import Finding
from lab.model.replication import RhaEvent, Severity

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def event(message="", time="2026/11/01 10:00:00", kind=""):
    return RhaEvent(
        sequence=1, code="", severity=Severity.INFORMATION, source="S", time=time, message=message, kind=kind
    )


def judged(*found, tested=None, testable=True):
    return {each.id: each for each in events(found, NOW, tested, testable=testable)}


def made(time):
    return event(time=time, kind="assured_recovery_ready")


@pytest.mark.parametrize(
    ("found", "left", "finding"),
    [
        ((made("2026/11/01 10:00:00"),), {"licence"}, None),
        ((made("2026/01/01 10:00:00"),), {"licence"}, "test_old"),
        ((made("2026/01/01 10:00:00"), made("2026/11/01 10:00:00")), {"licence"}, None),
        ((made("yesterday"),), {"licence", "last_test"}, None),
        ((event("Scenario started"),), {"licence", "last_test"}, None),
        ((), {"licence", "last_test"}, None),
    ],
)
def test_the_last_integrity_test_is_not_long_ago(found, left, finding):
    there = judged(*found)
    assert {name for name, each in there.items() if not isinstance(each, Finding)} == left
    assert there.keys() - left == ({finding} if finding else set())


def test_a_record_tells_of_a_test_as_well():
    assert judged(tested=NOW).keys() == {"licence"}
    assert judged(tested=NOW.replace(month=1)).keys() == {"licence", "test_old"}
    assert judged(made("2026/11/01 10:00:00"), tested=NOW.replace(month=1)).keys() == {"licence"}


def test_a_scenario_without_integrity_test_needs_none():
    assert judged(testable=False).keys() == {"licence"}


@pytest.mark.parametrize("message", ["The license will expire in 10 days", "ライセンスがありません。"])
def test_what_the_event_view_says_of_the_licence_is_told(message):
    finding = judged(event(message))["licence"]
    assert isinstance(finding, Finding)
    assert message in str(finding.seen)


def test_nothing_is_known_where_no_command_lists_events():
    assert {each.id for each in events(None, NOW, None, testable=True)} == {"licence", "last_test"}
