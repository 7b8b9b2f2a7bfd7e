"""The end of a measurement: what is waited for before the lab is restored, and when canaries are read."""

from datetime import datetime, timedelta, timezone

import pytest

from drills.interruption import Held
from drills.measuring import Measuring
from lab.errors import HostUnreachable
from lab.model.probing import Acknowledgement, Canary, Layer, Probe, ProbeSchedule, Result, Track
from words import Quoted

WRITE = Track(Layer.WRITE)
SCHEDULE = ProbeSchedule(interval=10.0, timeout=5.0, confirmations=3)
START = datetime(2026, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))


class World:
    """A clock, and a measurement whose writes fail while `down` has the second at which they are sent."""

    def __init__(self, *down, trouble=None):
        self.down = down
        self.trouble = trouble
        self.second = 0.0
        self.sent = 0
        self.note = None
        self.present = {"canary 1": 1}
        self.schedule = SCHEDULE
        self.tracks = {WRITE: SCHEDULE.interval}

    def now(self):
        return START + timedelta(seconds=self.second)

    def sleep(self, span):
        self.second += span.total_seconds()
        while self.note and self.sent * SCHEDULE.interval + 0.1 <= self.second:
            at = self.sent * SCHEDULE.interval
            self.sent += 1
            good = not any(begin <= at < end for begin, end in self.down)
            told = Acknowledgement.ACKNOWLEDGED if good else Acknowledgement.REFUSED
            self.note(
                Probe(
                    track=WRITE,
                    number=self.sent,
                    due=at,
                    sent=at,
                    ended=at + 0.1,
                    result=Result.OK if good else Result.FAILED,
                    seen=Quoted(""),
                    canary=Canary(f"canary {self.sent}", told),
                )
            )

    def prepare(self):
        pass

    def begin(self, note):
        self.note = note

    def end(self):
        self.note = None

    def canaries(self):
        if self.trouble:
            raise self.trouble
        return self.present

    def remove_canaries(self):
        return (1, 0)


def measuring(world, journal, until):
    found = Measuring(world, world, journal)
    found.begin()
    world.sleep(timedelta(seconds=until - world.second))
    return found


@pytest.mark.parametrize(
    ("down", "until", "settled"),
    [
        ((), 61.0, 76.0),
        ((20.0, 40.0), 91.0, 106.0),
        ((20.0, 60.0), 61.0, 106.0),
        ((20.0, 900.0), 61.0, 76.0),
    ],
    ids=["no outage", "confirmed long ago", "just back", "still down"],
)
def test_the_drill_waits_for_its_last_probes_and_for_what_confirms_a_recovery(down, until, settled, journal):
    world = World(down) if down else World()
    found = measuring(world, journal, until)
    assert found.settle(Held())
    assert world.second == settled
    assert any(outage.open for outage in found.writing.outages) is (down == (20.0, 900.0))


class Hurried:
    """A request to stop that is made again at a second of the world's."""

    def __init__(self, world, second):
        self._world = world
        self._second = second

    @property
    def asked_again(self):
        return self._world.second >= self._second


@pytest.mark.parametrize(("until", "asked_at", "ended"), [(61.0, 64.5, 65.0), (61.0, 0.0, 61.0), (91.0, 95.0, 95.0)])
def test_a_second_request_to_stop_cuts_the_wait_short_and_says_so(until, asked_at, ended, journal):
    world = World((20.0, 60.0))
    found = measuring(world, journal, until)
    assert not found.settle(Hurried(world, asked_at))
    assert world.second == ended


def test_canaries_are_read_before_the_restoration_and_after_it(journal):
    world = World((20.0, 40.0))
    found = measuring(world, journal, 91.0)
    found.read_back()
    found.end()
    before, after = journal.of("canaries.read")
    assert (datetime.fromisoformat(before["asked"]), before["present"]) == (world.now(), {"canary 1": 1})
    assert (after["problem"], journal.of("canaries.removed")[0]["left"]) == ("", 0)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ((1, 2, 9), (1, 2, 9), 0),
        ((1, 2, 9), (1, 9), 1),
        ((1, 9), (1, 9), 0),
        ((1, 2, 9), (), 3),
        (None, (1,), 0),
        ((1, 2, 9), None, 0),
    ],
    ids=["none", "one", "lost before it", "all", "not read before it", "not read after it"],
)
def test_what_the_restoration_lost_is_what_was_acknowledged_and_there_before_it(before, after, lost, journal):
    world = World((25.0, 45.0))
    found = measuring(world, journal, 91.0)
    for canaries, read in ((before, found.read_back), (after, found.end)):
        world.trouble = HostUnreachable(Quoted("Garoon does not answer.")) if canaries is None else None
        world.present = {f"canary {number}": 1 for number in canaries or ()}
        read()
    assert found.lost_in_restoration == lost


def test_what_came_while_the_lab_was_restored_counts_too(journal):
    world = World()
    found = measuring(world, journal, 11.0)
    world.present = {"canary 1": 1, "canary 2": 1}
    found.read_back()
    world.sleep(timedelta(seconds=10))
    found.end()
    assert found.lost_in_restoration == 1


def test_canaries_are_not_read_while_users_are_not_served(journal):
    found = measuring(World((20.0, 900.0)), journal, 91.0)
    found.read_back()
    assert journal.of("canaries.read") == []


@pytest.mark.parametrize("trouble", [HostUnreachable(Quoted("Garoon does not answer.")), RuntimeError("a defect")])
def test_canaries_that_cannot_be_read_keep_no_restoration_from_beginning(trouble, journal):
    found = measuring(World(trouble=trouble), journal, 61.0)
    found.read_back()
    (read,) = journal.of("canaries.read")
    assert str(trouble) in read["problem"]


def test_a_measurement_that_was_not_begun_is_not_waited_for(journal):
    world = World()
    found = Measuring(world, world, journal)
    assert found.settle(Held())
    found.read_back()
    assert (world.second, found.end(), journal.entries) == (0.0, 0, [])
