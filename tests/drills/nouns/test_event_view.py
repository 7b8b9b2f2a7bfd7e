"""What the event view shows since the drill's last command."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.nouns.observed import Context
from drills.observation import Observation, Unmet
from lab.model.replication import RhaEvent, Severity
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import simulated_site
from lab.site.simulation import SimulationSettings
from words import Text

SUBJECT = simulated_site().subject
COUNTDOWN = Text("the countdown", "カウントダウン")
LIMIT = timedelta(minutes=1)


def event(sequence, message, kind=""):
    return RhaEvent(
        sequence=sequence, code="", severity=Severity.ERROR, source="S", time="", message=message, kind=kind
    )


@pytest.fixture
def lines():
    return [event(1, "old", "switchover_countdown")]


@pytest.fixture
def noted():
    return []


@pytest.fixture
def event_view(lines, noted, journal):
    timeline = Timeline(SimulationSettings().start)
    clock = SimulatedClock(timeline, Jumping(timeline))
    replication = SimpleNamespace(events=lambda after: tuple(each for each in lines if each.sequence > after))
    return EventView(replication, noted.append, Context(SUBJECT, Course(), Observation(clock, journal, "en"), clock))


def test_lines_from_before_the_command_do_not_count_and_each_new_one_is_noted_once(event_view, lines, noted):
    lines.append(event(2, "begun", "switchover_countdown"))
    event_view.count_anew()
    assert event_view.now() == []
    lines.append(event(3, "ended"))
    assert [each.message for each in event_view.now()] == [each.message for each in event_view.now()] == ["ended"]
    assert [each.sequence for each in noted] == [2, 3]


def test_a_kind_of_event_is_awaited_and_the_last_line_told_where_it_does_not_come(event_view, lines):
    event_view.count_anew()
    with pytest.raises(Unmet, match="seen: no new event"):
        event_view.await_kind("switchover_countdown", COUNTDOWN, 1)
    lines.append(event(2, "another"))
    with pytest.raises(Unmet, match="seen: last event: another"):
        event_view.await_kind("switchover_countdown", COUNTDOWN, 1)
    lines.append(event(3, "begun", "switchover_countdown"))
    event_view.await_kind("switchover_countdown", COUNTDOWN, 1)


def test_a_message_is_recognised_however_it_is_spaced_and_names_the_replica_host(event_view, lines):
    event_view.count_anew()
    lines.append(event(2, f"レプリカ < {SUBJECT.replica} >  は準備完了です。"))
    event_view.await_message("レプリカ<レプリカホスト名>は準備完了です", LIMIT)
    with pytest.raises(Unmet, match=f"the event «{SUBJECT.replica} は停止»"):
        event_view.await_message("レプリカホスト名 は停止", LIMIT)
