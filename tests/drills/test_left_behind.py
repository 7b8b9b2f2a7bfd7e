"""The entries of a dead run are told from those of others by the times in their titles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from drills.dead_journal import left_behind
from drills.left_behind import CourseOfDeadRun, LeftBehind, Window
from drills.readiness import Reading
from drills.restoration import OF_SCENARIO, Restoration
from journal.course import DrillBegan
from journal.people import Answered, PersonAnswered
from journal.seen import Undertaken
from journal.writer import JournalFile
from lab.clock import SystemClock
from lab.errors import NotStarted
from lab.model.entry_titles import canary_prefix, canary_title, drill_title, integrity_test_title
from lab.model.garoon import OwnAppointment
from lab.model.state import LabState
from lab.model.undertakings import Change, ChangeStage
from tests.board.room import beginning
from tests.journal.sample_entries import call, noted
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


def undertaking(change, phase=ChangeStage.BEGUN):
    return Undertaken(change=change, subject="S", host="REPLICA", phase=phase)


RUN, STOP = undertaking(Change.RUN_SCENARIO), undertaking(Change.STOP_SCENARIO)
ACTED, LOOKED = call(changes=True), call(changes=False)
DONE = PersonAnswered(number=1, outcome=Answered.DONE, took=timedelta(), by="Sato")


@pytest.mark.parametrize(
    ("entries", "last"),
    [
        ((RUN, ACTED, STOP, LOOKED), Change.RUN_SCENARIO),
        ((RUN, ACTED, STOP, ACTED, LOOKED), Change.STOP_SCENARIO),
        ((RUN, ACTED, STOP, DONE), Change.STOP_SCENARIO),
        ((STOP, undertaking(Change.STOP_SCENARIO, ChangeStage.NOT_BEGUN)), None),
        ((STOP,), None),
    ],
)
def test_what_was_in_flight_when_the_run_died_is_no_sign_that_others_acted_after_it(entries, last, tmp_path):
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        for entry in (beginning("real"), DrillBegan(drill="4-1"), *entries):
            journal.write(entry)
    left = left_behind(tmp_path)
    course = left.course(InGaroon(), None)
    guard = SimpleNamespace(begun=tuple(left.begun))
    restoration = SimpleNamespace(lab=SimpleNamespace(safety=SimpleNamespace(guard=guard)), course=course)
    assert Restoration._last(restoration, *OF_SCENARIO) is last
