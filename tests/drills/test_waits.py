"""A line about what a restoration waits for, also while a call to a silent host lasts."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from drills.acts import ActName
from drills.interruption import Held, UnderWay
from drills.measuring import Measuring
from drills.performance import Performance
from drills.readiness import Reading
from drills.waits import telling
from journal.course import Ending, RestoreEnded, RestoreWaiting
from lab.clock import SystemClock
from lab.model.limits import Limits
from lab.model.state import LabState
from lab.site.file import simulated_site
from words import sentence


@pytest.fixture
def often(monkeypatch):
    monkeypatch.setattr("drills.waits.TELL_EVERY", 0.05)


def test_what_is_under_way_is_told_again_and_again_while_a_call_lasts(often):
    held, thrice, told = Held(), threading.Event(), []

    def tell(doing):
        told.append(doing.act)
        if len(told) == 3:
            thrice.set()

    with telling(held, tell):
        held.under_way = UnderWay("compare", ())
        assert thrice.wait(30)
    assert told[:3] == ["compare"] * 3


def test_nothing_is_told_of_what_was_told_just_now_or_when_nothing_is_under_way(often):
    held, told, looked = Held(), [], threading.Event()

    class Fresh(UnderWay):
        """Its line was told this instant, whenever that is asked."""

        @property
        def told(self):
            looked.set()
            return float("inf")

        @told.setter
        def told(self, _):
            pass

    with telling(held, told.append):
        held.under_way = Fresh("act", ())
        assert looked.wait(30)
        held.under_way = None
    assert told == []


class Silent:
    """A lab that goes on to exist, of which nothing comes until something has been told of the wait for it."""

    disposable = False
    people = None
    limits = Limits()
    clock = SystemClock()
    safety = SimpleNamespace(lease=None, may_differ=frozenset(), guard=SimpleNamespace(doubtful=()))

    def __init__(self, told):
        self._told = told

    def survey_what_answers(self, before):
        assert self._told.wait(30)
        return Reading(before=before, now=before, unread=("nobody answers",))


def test_a_comparison_tells_what_it_waits_for(often, monkeypatch):
    monkeypatch.setattr(Performance, "_restoration", lambda _self, _held: SimpleNamespace(acts=tuple))
    told, written = threading.Event(), []

    class Journal:
        def write(self, entry):
            written.append(entry)
            if isinstance(entry, RestoreWaiting):
                told.set()

    held = Held(already=True)
    held.asked_again = True
    lab, journal, site = Silent(told), Journal(), simulated_site()
    performance = Performance(SimpleNamespace(name="4-1"), lab, site.subject, "en", journal, None)
    performance.before = LabState(machines={}, scenarios=())
    performance.observation = performance.whereabouts = performance._entries = None
    performance.measuring = Measuring(None, lab.clock, journal)
    performance._surveyor = lab
    performance.end(Ending.INTERRUPTED, held)
    [waiting, *_] = [entry for entry in written if isinstance(entry, RestoreWaiting)]
    assert (waiting.act, waiting.condition) == (ActName.COMPARE, sentence("restoration.hosts_answer"))
    assert timedelta() < waiting.left <= timedelta(minutes=3)
    assert any(isinstance(entry, RestoreEnded) for entry in written)


def test_what_the_restoration_lost_is_a_difference_of_the_lab(often):
    told, written = threading.Event(), []
    told.set()
    lab, site = Silent(told), simulated_site()
    performance = Performance(
        SimpleNamespace(name="4-1"), lab, site.subject, "en", SimpleNamespace(write=written.append), None
    )
    performance.before = LabState(machines={}, scenarios=())
    performance._surveyor = lab
    performance._entries = None
    performance.measuring = SimpleNamespace(lost_in_restoration=2)
    held = Held(already=True)
    held.asked_again = True
    assert performance._compare(0, held, stays=False) is False
    assert str(written[-1].differences[0]) == "Garoon: 0 → 2 canary entries lost during restoration"
