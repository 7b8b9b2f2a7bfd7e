"""What killed runs have left is found wherever it lies, and nothing else is touched."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lab.drivers.garoon import soap
from lab.drivers.garoon.http import SCHEDULE_API, GaroonHttp
from lab.drivers.garoon.remains import GaroonRemains
from lab.model.entry_titles import drill_title, integrity_test_title
from lab.plain_xml import parse
from lab.probes.canaries import GaroonCanaries
from lab.simulator.garoon.database import Database
from tests.garoon_stand import START

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
OLD_CANARY = "Kunren canary 20261130-081401 #1 08:14:05"


@pytest.fixture
def visitor(stand):
    stand.clock.instant = NOW
    with closing(GaroonHttp(stand.endpoint(), stand.clock, within=timedelta(seconds=10))) as visitor:
        yield visitor


def add(visitor, parameters):
    answer = visitor._call(SCHEDULE_API, "ScheduleAddEvents", parameters, changes=True)
    return int(answer.first("schedule_event").get("id"))


def enter(visitor, title, starts=NOW, *, private=False, members=None, plan=""):
    user = visitor.user_id()
    event = soap.new_event(title, "", user, starts, starts + timedelta(minutes=5), private=private)
    content = event.elements.replace('plan=""', f'plan="{plan}"')
    users = "".join(f'<member><user id="{member}"/></member>' for member in members or (user,))
    return add(visitor, soap.Parameters(content.replace(f'<member><user id="{user}"/></member>', users)))


def canary(visitor, began, number=1):
    canaries = GaroonCanaries(visitor, began)
    canaries.prepare()
    return add(visitor, canaries.event(canaries.title(number, began)))


def test_canaries_and_entries_of_drills_are_found_in_any_year_and_removed(stand, visitor):
    left = {
        canary(visitor, NOW),
        canary(visitor, datetime(2029, 2, 28, tzinfo=UTC)),
        enter(visitor, OLD_CANARY, datetime(2036, 11, 29, 3, tzinfo=UTC), private=True),
        enter(visitor, drill_title(NOW, 1)),
        enter(visitor, drill_title(START, 2), START),
        enter(visitor, integrity_test_title(NOW)),
    }
    remains = GaroonRemains(visitor, stand.clock)
    found = remains.find()
    assert found.ids == left
    assert remains.remove(found.entries, pytest.fail) == ()
    assert remains.find().ids == frozenset()


def test_what_others_have_entered_is_left_alone(stand, visitor):
    me = visitor.user_id()
    other = next(user.id for user in Database(stand.disk, stand.clock).users() if user.id != me)
    for title in ("定例会議", "避難訓練 2026-11-30 08:14:13 #1", f"{drill_title(NOW, 1)} の反省会"):
        enter(visitor, title)
    enter(visitor, drill_title(NOW, 1), plan="打合せ")
    enter(visitor, drill_title(NOW, 1), members=(other,))
    enter(visitor, drill_title(NOW, 1), members=(me, other))
    enter(visitor, OLD_CANARY, private=False)
    assert GaroonRemains(visitor, stand.clock).find().ids == frozenset()


def test_an_entry_that_a_facility_belongs_to_is_not_a_drills():
    event = parse(
        b'<schedule_event id="7" detail="x"><members><member><user id="3"/></member>'
        b'<member><facility id="4"/></member></members></schedule_event>'
    )
    assert soap.own_appointment(event).members == ()


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 19, "\u0661"])
def test_an_entry_without_a_number_is_passed_over(number):
    event = parse(f'<schedule_event id="{number}" detail="x"/>'.encode())
    assert soap.own_appointment(event) is None


def test_what_garoon_does_not_remove_is_told_and_is_left(stand, visitor):
    enter(visitor, drill_title(NOW, 1))
    remains, told = GaroonRemains(visitor, stand.clock), []
    [entry] = remains.find().entries
    gone = replace(entry, event_id=10**6)
    assert remains.remove((gone, entry), told.append) == (entry,)
    assert len(told) == 1
    assert "予定が見つかりません" in str(told[0])


def test_a_drill_that_is_under_way_is_seen_by_its_canaries(stand, visitor):
    canary(visitor, NOW, 1)
    remains = GaroonRemains(visitor, stand.clock)
    found = remains.find()
    assert not remains.written_meanwhile(found, 15)
    assert stand.clock.instant == NOW + timedelta(seconds=15)
    canary(visitor, NOW, 2)
    assert remains.written_meanwhile(found, 15)


def test_a_garoon_that_counts_further_than_32_bits_is_asked_further(stand, visitor):
    stand.clock.instant = datetime(2038, 6, 1, tzinfo=UTC)
    number = canary(visitor, stand.clock.instant)
    assert GaroonRemains(visitor, stand.clock).find().ids == {number}
