"""The prober in virtual time: what is due is sent when it is due, whatever becomes of what was sent before."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from lab.model.probing import Layer, ProbeSchedule, Result, Track
from lab.probes.prober import NotSent, Prober, ProbeResult
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.simulator.timetable import SimulatedTimetable
from words import Quoted

SCHEDULE = ProbeSchedule(interval=1, timeout=5, confirmations=3)


class Lab:
    def __init__(self):
        timeline = Timeline(datetime(2012, 9, 25, tzinfo=UTC))
        pace = Jumping(timeline)
        self.clock = SimulatedClock(timeline, pace)
        self.timetable = SimulatedTimetable(timeline, pace)
        self.probes = []

    def prober(self, *looks, schedule=SCHEDULE, clock=None):
        note = self.probes.append
        return Prober(looks, schedule, clock=clock or self.clock, timetable=self.timetable, note=note)

    def run(self, *looks, seconds=10):
        prober = self.prober(*looks)
        prober.begin()
        self.clock.sleep(timedelta(seconds=seconds))
        prober.stop()
        return self.probes


class Silence:
    """A line that is never answered, and whose guest has said so."""

    def __init__(self, lab):
        self._visitor = lab.timetable.visitor
        self._cut = threading.Event()

    def cut(self):
        self._cut.set()

    def wait(self):
        self._visitor.wait()
        assert self._cut.wait(5)


class Always:
    rounds = 1

    def __init__(self, layer, answer):
        self.track = Track(layer)
        self.answer = answer

    def take(self, number, deadline):
        return self.answer(number, deadline)


@pytest.fixture
def lab():
    lab = Lab()
    yield lab
    lab.timetable.close()


def sound(number, deadline):
    return ProbeResult(Result.OK, Quoted(f"answer {number}"))


def test_looks_share_the_interval_and_each_is_taken_every_interval(lab):
    probes = lab.run(Always(Layer.TCP, sound), Always(Layer.HTTP, sound), seconds=2.4)
    assert [(probe.track.layer, probe.number, probe.due, probe.sent) for probe in probes] == [
        (Layer.TCP, 1, 0.0, 0.0),
        (Layer.HTTP, 1, 0.5, 0.5),
        (Layer.TCP, 2, 1.0, 1.0),
        (Layer.HTTP, 2, 1.5, 1.5),
        (Layer.TCP, 3, 2.0, 2.0),
    ]
    assert {str(probe.seen) for probe in probes if probe.number == 2} == {"answer 2"}


def test_silence_delays_nothing_that_is_due_and_ends_at_the_time_out(lab):
    from lab.drivers.http_connection import ConnectionCut

    def silence(number, deadline):
        line = Silence(lab)
        deadline.guard(line)
        line.wait()
        raise ConnectionCut

    probes = lab.run(Always(Layer.READ, silence), seconds=9.5)
    assert sorted((probe.due, probe.sent) for probe in probes) == [(float(n), float(n)) for n in range(10)]
    assert {probe.ended - probe.sent for probe in probes} == {5.0}
    assert {(probe.result, str(probe.seen)) for probe in probes} == {(Result.FAILED, "no answer within 5 s")}


def test_what_could_not_be_sent_is_unknown(lab):
    def unsent(number, deadline):
        raise NotSent(Quoted("the line is engaged"))

    (probe, *_) = lab.run(Always(Layer.HEARTBEAT, unsent), seconds=0)
    assert (probe.result, probe.sent, probe.ended) == (Result.UNKNOWN, None, None)
    assert str(probe.seen) == "not sent: the line is engaged"


def test_what_comes_to_its_turn_when_its_time_is_over_is_unknown(lab):
    class Late:
        """The process was not given the processor for a while."""

        now, sleep = lab.clock.now, lab.clock.sleep

        def __init__(self):
            self.late = 0.0

        def monotonic(self):
            return lab.clock.monotonic() + self.late

    clock = Late()
    prober = lab.prober(Always(Layer.TCP, sound), clock=clock)
    prober.begin()
    clock.late = 5.0
    lab.clock.sleep(timedelta(seconds=0.5))
    clock.late = 4.999
    lab.clock.sleep(timedelta(seconds=1))
    prober.stop()
    assert [(probe.number, probe.result, probe.sent) for probe in lab.probes] == [
        (1, Result.UNKNOWN, None),
        (2, Result.OK, 5.999),
    ]


def test_a_look_that_breaks_is_told_when_probing_is_stopped(lab):
    def broken(number, deadline):
        raise ZeroDivisionError("a defect")

    prober = lab.prober(Always(Layer.TCP, broken), Always(Layer.HTTP, sound))
    prober.begin()
    lab.clock.sleep(timedelta(seconds=3))
    with pytest.raises(ZeroDivisionError):
        prober.stop()
    assert {probe.track.layer for probe in lab.probes} == {Layer.HTTP}


def test_after_stop_nothing_is_sent(lab):
    probes = lab.run(Always(Layer.TCP, sound), seconds=2.5)
    lab.clock.sleep(timedelta(seconds=10))
    assert len(probes) == 3
