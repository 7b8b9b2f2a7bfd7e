"""A drill's entries in Garoon: each is taken out, and what has not been seen to be gone is left."""

import pytest

from drills.course import Course
from drills.nouns.garoon import GaroonService
from drills.nouns.observed import Context
from lab.errors import AnswerUnreadable, HostUnreachable, OperationRefused
from lab.model.garoon import Marker
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import simulated_site
from lab.site.simulation import SimulationSettings
from words import Quoted

SUBJECT = simulated_site().subject
ONE, TWO, THREE = (Marker(number, f"訓練 #{number}") for number in (1, 2, 3))


class Entries:
    """Garoon's entries by number; `trouble` is raised for those it names."""

    def __init__(self, *markers, trouble=None):
        self.titles = {marker.event_id: marker.title for marker in markers}
        self._trouble = trouble or {}

    def find_marker(self, marker):
        self._raise(marker)
        return self.titles.get(marker.event_id)

    def remove_marker(self, marker):
        self._raise(marker)
        self.titles.pop(marker.event_id, None)

    def _raise(self, marker):
        if marker.title in self._trouble:
            raise self._trouble[marker.title]


def test_an_entry_that_stays_does_not_keep_the_others():
    garoon = Entries(ONE, TWO, THREE, trouble={TWO.title: OperationRefused(Quoted("It belongs to another user."))})
    with pytest.raises(OperationRefused, match="another user"):
        Course(markers=[ONE, TWO, THREE]).remove_entries(garoon)
    assert garoon.titles == {2: TWO.title}


def test_a_garoon_that_does_not_answer_ends_the_removal_at_once():
    garoon = Entries(ONE, TWO, trouble={ONE.title: HostUnreachable(Quoted("Garoon did not answer."))})
    with pytest.raises(HostUnreachable):
        Course(markers=[ONE, TWO]).remove_entries(garoon)
    assert TWO.title in garoon.titles.values()


def test_where_nothing_was_entered_there_is_nothing_to_do():
    assert not Course().remove_entries(Entries())
    assert Course(markers=[ONE]).remove_entries(Entries(ONE))


def test_left_is_what_is_there_and_what_cannot_be_asked_for():
    """Another entry under the number of one that is lost is not the drill's."""
    garoon = Entries(ONE, Marker(2, "会議"), trouble={THREE.title: HostUnreachable(Quoted("Garoon did not answer."))})
    assert Course(markers=[ONE, TWO, THREE]).entries_left(garoon) == (ONE.title, THREE.title)


def test_an_entry_whose_writing_was_not_answered_is_left(clock):
    class Breaking(Entries):
        def write_marker(self, title):
            raise AnswerUnreadable(Quoted(f"{title} perhaps"))

    course = Course()
    garoon = GaroonService(Breaking(), None, None, Context(SUBJECT, course, None, clock))
    with pytest.raises(AnswerUnreadable, match="訓練 2012-09-25 22:00:00 #1 perhaps"):
        garoon.make_entry()
    assert course.entries_left(Entries()) == ("訓練 2012-09-25 22:00:00 #1",)


@pytest.fixture
def clock():
    timeline = Timeline(SimulationSettings().start)
    return SimulatedClock(timeline, Jumping(timeline))
