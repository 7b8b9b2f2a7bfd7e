"""One suite for every `Timetable`: the wall's, and the one in virtual time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from lab.clock import SystemClock, SystemTimetable
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.timetable import SimulatedTimetable


class Wall:
    def __init__(self):
        self.clock = SystemClock()
        self.timetable = SystemTimetable(8)


class Virtual:
    def __init__(self):
        timeline = Timeline(datetime(2012, 9, 25, tzinfo=UTC))
        pace = Jumping(timeline)
        self.clock = SimulatedClock(timeline, pace)
        self.timetable = SimulatedTimetable(timeline, pace)


@pytest.fixture(params=[Wall, Virtual])
def lab(request):
    lab = request.param()
    yield lab
    lab.timetable.close()


class Done:
    """Keeps what was done, on the lab's clock, and can be waited for on the wall's."""

    def __init__(self, clock):
        self.clock = clock
        self.told = []
        self._changed = threading.Condition()

    def note(self, what):
        with self._changed:
            self.told.append((what, self.clock.monotonic()))
            self._changed.notify_all()

    def wait(self, count):
        self.clock.sleep(timedelta(seconds=0.3))
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.told) >= count, 5)
        return [what for what, _ in self.told]


def test_work_begins_in_the_order_it_is_due_and_never_before(lab):
    done, now = Done(lab.clock), lab.clock.monotonic()
    lab.timetable.at(now + 0.2, lambda: done.note("second"))
    lab.timetable.at(now + 0.1, lambda: done.note("first"))
    assert done.wait(2) == ["first", "second"]
    assert [round(at - now, 1) for _, at in done.told] == [0.1, 0.2]


def test_a_series_is_due_at_exact_instants_and_is_told_them(lab):
    done, now = Done(lab.clock), lab.clock.monotonic()
    series = lab.timetable.every(0.05, now + 0.1, done.note)
    done.wait(4)
    series.cancel()
    told = [due - now for due, _ in done.told[:4]]
    assert told == pytest.approx([0.1, 0.15, 0.2, 0.25], abs=1e-9)


def test_what_is_cancelled_is_not_begun(lab):
    done, now = Done(lab.clock), lab.clock.monotonic()
    lab.timetable.at(now + 0.1, lambda: done.note("cancelled")).cancel()
    lab.timetable.every(0.05, now + 0.1, done.note).cancel()
    lab.timetable.at(now + 0.2, lambda: done.note("kept"))
    assert done.wait(1) == ["kept"]


def test_it_is_closed_when_all_that_was_begun_has_ended(lab):
    done, now = Done(lab.clock), lab.clock.monotonic()
    lab.timetable.at(now, lambda: done.note("begun"))
    done.wait(1)
    lab.timetable.close()
    assert [what for what, _ in done.told] == ["begun"]


def test_work_that_lasts_holds_up_nothing_on_the_wall():
    """In virtual time the guest that is silent says so: test_timetable.py."""
    lab, release = Wall(), threading.Event()
    done, now = Done(lab.clock), lab.clock.monotonic()
    lab.timetable.at(now, release.wait)
    lab.timetable.at(now + 0.05, lambda: done.note("meanwhile"))
    assert done.wait(1) == ["meanwhile"]
    release.set()
    lab.timetable.close()
