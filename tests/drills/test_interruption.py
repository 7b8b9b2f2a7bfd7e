"""Requests to stop: heeded while work can be stopped, held and counted otherwise, never lost."""

import os
import signal
import threading

import pytest

from drills.course import Course
from drills.interruption import ONE_REQUEST_S, STOPS, Stops, stopped_by
from drills.nouns.garoon import GaroonService
from drills.nouns.observed import Context
from lab.clock import SystemClock
from lab.model.garoon import Marker


class Heard:
    def __init__(self, stops):
        self.states = []
        stops.listeners.append(lambda: self.states.append((stops.asked, stops.asked_again, stops.restoring)))


@pytest.fixture
def stops():
    return Stops(can_stop=False)


@pytest.fixture
def later(monkeypatch):
    """Lets time pass between requests."""
    now = [0.0]
    monkeypatch.setattr("drills.interruption.time.monotonic", lambda: now[0])

    def pass_by(seconds=ONE_REQUEST_S):
        now[0] += seconds

    return pass_by


def test_a_request_ends_stoppable_work_once(stops, later):
    with pytest.raises(KeyboardInterrupt), stops.stoppable():
        stops()
    later()
    stops()
    assert (stops.asked, stops.asked_again) == (True, True)


def test_a_request_that_was_held_ends_the_next_stoppable_work_before_it_begins(stops):
    stops()
    begun = []
    with pytest.raises(KeyboardInterrupt), stops.stoppable():
        begun.append("step")
    with pytest.raises(KeyboardInterrupt):
        stops.heed()
    assert begun == []


def test_without_a_request_nothing_is_ended(stops):
    stops.heed()
    with stops.stoppable():
        stops.heed()
    with stops.held_until_restored() as held:
        assert (held.asked, held.asked_again) == (False, False)


def test_two_requests_while_the_lab_is_restored_are_told_apart_and_end_nothing(stops, later):
    heard = Heard(stops)
    with stops.held_until_restored() as held:
        stops()
        assert (held.asked, held.asked_again) == (True, False)
        later()
        stops()
        assert held.asked_again
    assert heard.states == [(True, False, True), (True, True, True)]


def test_signals_that_come_together_are_one_request(stops, later):
    """A terminal and the program that started Kunren may both pass Ctrl-C on."""
    stops()
    later(ONE_REQUEST_S / 2)
    stops()
    assert not stops.asked_again


def test_a_terminal_that_goes_after_ctrl_c_asks_for_no_haste(stops, later):
    stops(signal.SIGINT)
    later()
    stops(signal.SIGHUP)
    assert not stops.asked_again
    stops(signal.SIGTERM)
    assert stops.asked_again


def test_an_act_is_whole_before_a_request_ends_the_work_around_it(stops):
    done = []

    def work():
        with stops.stoppable():
            with stops.whole():
                stops()
                done.append("act")
            done.append("more")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["act"]


def breaking_act(stops, *, asked):
    with stops.stoppable(), stops.whole():
        if asked:
            stops()
        raise LookupError("gone")


def test_an_act_that_breaks_after_a_stop_ends_as_stopped_and_one_that_breaks_by_itself_does_not(stops):
    with pytest.raises(LookupError):
        breaking_act(stops, asked=False)
    with pytest.raises(KeyboardInterrupt):
        breaking_act(stops, asked=True)


def test_an_act_outside_stoppable_work_is_followed_by_whatever_comes_next(stops):
    with stops.whole():
        stops()
    assert stops.asked


def test_an_act_of_another_thread_changes_nothing_for_the_work_of_this_one(stops):
    raised = []

    def act():
        with stops.whole():
            raised.append(stops._can_stop)

    with stops.stoppable():
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
    assert raised == [True]


@pytest.mark.parametrize("number", STOPS, ids=lambda number: number.name)
def test_each_signal_is_a_request_and_the_former_handlers_come_back(number, stops):
    former = [signal.getsignal(each) for each in STOPS]
    with stopped_by(stops), pytest.raises(KeyboardInterrupt), stops.stoppable():
        os.kill(os.getpid(), number)
    assert [signal.getsignal(each) for each in STOPS] == former


def test_what_is_ignored_stays_so(stops):
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by(stops):
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)
    assert not stops.asked


def test_an_entry_that_was_being_made_when_a_stop_came_is_known_to_the_restoration(stops):
    class StoppedWhileWriting:
        def write_marker(self, title):
            stops()
            return Marker(7, title)

    course = Course(whole=stops.whole)
    garoon = GaroonService(StoppedWhileWriting(), None, None, Context(None, course, None, SystemClock()))
    with pytest.raises(KeyboardInterrupt), stops.stoppable():
        garoon.make_entry()
    assert [marker.event_id for marker in course.markers] == [7]
