"""The entries of a dead run are told from those of others by the times in their titles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from drills.left_behind import CourseOfDeadRun, LeftBehind, Window
from drills.readiness import Reading
from lab.errors import NotStarted
from lab.model.entry_titles import canary_prefix, canary_title, drill_title, integrity_test_title
from lab.model.garoon import OwnAppointment
from lab.model.state import LabState
from tests.journal.sample_entries import noted
from words import Quoted, words_of

OPENED = datetime(2026, 3, 1, 22, 0, 0, 700_000, UTC)
BEGAN, ENDED = OPENED + timedelta(seconds=8), OPENED + timedelta(minutes=30)
WINDOW = Window(OPENED, BEGAN, ENDED)


def canary(opened):
    return canary_title(canary_prefix(opened), 7, ENDED)


@pytest.mark.parametrize(
    ("title", "wrote"),
    [
        (canary(OPENED), True),
        (canary(OPENED - timedelta(seconds=2)), False),
        (drill_title(BEGAN, 1), True),
        (drill_title(BEGAN - timedelta(seconds=2), 1), False),
        (drill_title(ENDED + timedelta(minutes=9), 2), True),
        (drill_title(ENDED + timedelta(minutes=11), 2), False),
        (integrity_test_title(ENDED), True),
        ("訓練 2026-03-01 22:10:00", False),
        ("訓練 2026-13-01 22:10:00 #1", False),
        ("週次会議", False),
    ],
)
def test_an_entry_is_the_runs_by_its_title_and_its_time(title, wrote):
    assert WINDOW.wrote(title) is wrote


class InGaroon:
    def __init__(self, *titles, broken=False):
        self.there = [OwnAppointment(number, title, True, (1,), "") for number, title in enumerate(titles, 1)]
        self.broken = broken

    def find(self):
        if self.broken:
            raise NotStarted(Quoted("it does not answer"))
        return SimpleNamespace(entries=tuple(self.there))

    def remove(self, entries, told):
        self.there = [each for each in self.there if each not in entries]
        return ()


def test_only_the_runs_own_entries_are_removed():
    own, others = drill_title(BEGAN, 1), drill_title(BEGAN - timedelta(days=1), 1)
    garoon = InGaroon(own, others)
    course = CourseOfDeadRun(remains=garoon, window=WINDOW)
    assert course.entries_left(None) == (own,)
    assert course.remove_entries(None) is True
    assert [each.title for each in garoon.there] == [others]
    assert (course.entries_left(None), course.remove_entries(None)) == ((), False)


def test_where_garoon_cannot_be_asked_entries_may_be_left():
    course = CourseOfDeadRun(remains=InGaroon(broken=True), window=WINDOW)
    assert course.entries_left(None) == ("?",)


@pytest.mark.parametrize(
    ("garoon", "said"),
    [
        (InGaroon(*(canary_title(canary_prefix(OPENED), n, ENDED) for n in range(1, 61))), "still in Garoon: 60"),
        (InGaroon(broken=True), "it does not tell"),
        (InGaroon(), "Nothing differs from"),
    ],
)
def test_however_many_entries_there_are_they_are_told_in_one_sentence(garoon, said):
    state = LabState(machines={"TOKYO": ()}, scenarios=())
    left = LeftBehind(record=Path("r"), run=None, plan=SimpleNamespace(drill="4-1"))
    course = CourseOfDeadRun(remains=garoon, window=WINDOW)
    told = [str(each) for each in left.found(Reading(before=state, now=state, unread=()), course, "Garoon")]
    assert len(told) == 4
    assert said in told[-1]


def test_a_run_without_a_step_has_entered_nothing():
    course = CourseOfDeadRun(remains=InGaroon(broken=True), window=None)
    assert (course.entered, course.entries_left(None)) == (False, ())


def test_an_open_task_is_told_with_when_and_of_whom_it_was_asked():
    asked = noted(
        what="person.asked",
        number=1,
        kind="task",
        operation="switch_over",
        subject="S",
        host="REPLICA",
        values={},
        limit_s=600.0,
        of=["Sato"],
    )
    left = LeftBehind(record=Path("r"), run=None, plan=SimpleNamespace(drill="4-1"), open_task=asked)
    told = " ".join(map(str, left.told()))
    assert f"perform the switchover (S), asked at {words_of('en').moment(asked.at.lab)} of Sato): make sure" in told
