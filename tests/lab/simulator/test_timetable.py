"""Work in virtual time: time waits for it, unless it waits itself, or spends time on its own behalf."""

import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from drills.interruption import Stops, stopped_by
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.timetable import Patience, SimulatedTimetable

SECOND = timedelta(seconds=1)


class Lab:
    def __init__(self):
        self.timeline = Timeline(datetime(2012, 9, 25, tzinfo=UTC))
        pace = Jumping(self.timeline)
        self.clock = SimulatedClock(self.timeline, pace)
        self.timetable = SimulatedTimetable(self.timeline, pace)
        self.patience = Patience(self.clock, self.timetable)
        self.told = []

    def note(self, what):
        self.told.append((what, self.clock.monotonic()))


@pytest.fixture
def lab():
    lab = Lab()
    yield lab
    lab.timetable.close()


def test_time_stands_still_until_work_has_ended(lab):
    begun, go_on = threading.Event(), threading.Event()

    def work():
        begun.set()
        assert go_on.wait(5)
        lab.note("work")

    lab.timetable.at(1, work)
    sleeper = threading.Thread(target=lab.clock.sleep, args=(10 * SECOND,))
    sleeper.start()
    assert begun.wait(5)
    assert lab.clock.monotonic() == 1
    go_on.set()
    sleeper.join(5)
    assert (lab.told, lab.clock.monotonic()) == ([("work", 1.0)], 10)


def test_a_signal_cuts_neither_an_appointment_nor_the_work_that_is_due_in_two(lab):
    """The signal comes while the thread that moves time waits for the work, or is in the middle of an action."""
    stops = Stops(can_stop=False)
    lab.timeline.whole = stops.whole

    def stopped(what):
        os.kill(os.getpid(), signal.SIGHUP)
        lab.note(what)

    lab.timetable.at(1, partial(stopped, "work"))
    with stopped_by(stops), pytest.raises(KeyboardInterrupt), stops.stoppable():
        lab.clock.sleep(5 * SECOND)
    assert (lab.told, lab.timetable.visitor, lab.clock.monotonic()) == ([("work", 1.0)], None, 1)
    again = Stops(can_stop=False)
    lab.timeline.whole = again.whole
    lab.timeline.after(SECOND, partial(stopped, "action"))
    with stopped_by(again), pytest.raises(KeyboardInterrupt), again.stoppable():
        lab.clock.sleep(5 * SECOND)
    assert lab.told[1:] == [("action", 2.0)]


def test_time_goes_on_without_work_that_a_silent_guest_leaves_waiting(lab):
    cut = threading.Event()

    def work():
        lab.patience.visitor.wait()
        assert cut.wait(5)
        lab.note("cut")

    lab.timetable.at(1, work)
    lab.timetable.at(2, lambda: lab.note("meanwhile"))
    lab.timetable.at(3, cut.set)
    lab.clock.sleep(4 * SECOND)
    lab.timetable.close()
    assert lab.told == [("meanwhile", 2.0), ("cut", pytest.approx(3.5, abs=0.5))]


def test_work_that_spends_time_shares_it_with_all_that_is_due_meanwhile(lab):
    def question():
        lab.clock.spend(3 * SECOND)
        lab.note("answered")

    lab.timetable.at(1, question)
    for due in (2, 3, 5):
        lab.timetable.at(due, lambda due=due: lab.note(f"due at {due}"))
    lab.clock.sleep(2 * SECOND)
    assert lab.told == [("due at 2", 2.0), ("due at 3", 3.0), ("answered", 4.0)]
    assert lab.clock.monotonic() == 4, "the sleeper wakes late rather than in the past"


def test_threads_that_spend_time_at_once_spend_it_together(lab):
    lab.timetable.at(1, lambda: (lab.clock.spend(4 * SECOND), lab.note("long")))
    lab.timetable.at(2, lambda: (lab.clock.spend(1 * SECOND), lab.note("short")))
    lab.clock.sleep(10 * SECOND)
    assert lab.told == [("short", 3.0), ("long", 5.0)]


def test_the_drill_itself_does_not_count_as_a_visitor(lab):
    assert lab.patience.visitor is None
    lab.patience.spend(2 * SECOND)
    assert lab.clock.monotonic() == 2
