"""A guest's state on one host is judged in one sentence; a guest that hangs is not running."""

from types import SimpleNamespace

import pytest

from drills.course import Course
from drills.nouns.guest import Guest
from drills.nouns.observed import Context
from drills.observation import Observation, Unmet
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import simulated_site
from lab.site.simulation import SimulationSettings

SUBJECT = simulated_site().subject


def machine(state, beat=Heartbeat.NONE):
    return VirtualMachine(name=SUBJECT.guest, host=SUBJECT.master, state=state, heartbeat=beat)


WELL, HANGS, OFF = (
    machine(PowerState.RUNNING, Heartbeat.OK),
    machine(PowerState.RUNNING, Heartbeat.LOST),
    machine(PowerState.OFF),
)


@pytest.fixture
def guest_of(journal):
    """The guest of a host that answers what it is given, the last of it again and again."""
    timeline = Timeline(SimulationSettings().start)
    clock = SimulatedClock(timeline, Jumping(timeline))

    def of(*answers):
        left = list(answers)
        hyperv = SimpleNamespace(host=SUBJECT.master, machine=lambda _name: left.pop(0) if len(left) > 1 else left[0])
        host = SimpleNamespace(hyperv=hyperv, guests=None, guest_channel=None)
        return Guest(host, Context(SUBJECT, Course(), Observation(clock, journal, "en"), clock))

    return of


def test_a_guest_that_hangs_or_is_not_registered_is_not_running(guest_of):
    guest_of(WELL).expect_state(PowerState.RUNNING)
    for seen, told in ((HANGS, "heartbeat lost"), (OFF, "off on MASTER"), (None, "not registered")):
        with pytest.raises(Unmet, match=f"expected: Garoon running on MASTER; seen: .*{told}"):
            guest_of(seen).expect_state(PowerState.RUNNING)


def test_a_guest_that_is_not_registered_does_not_run_there(guest_of):
    for seen in (None, OFF):
        guest_of(seen).expect_not_running()
    guest_of(None).expect_unregistered()
    with pytest.raises(Unmet, match="expected: Garoon not running on MASTER"):
        guest_of(HANGS).expect_not_running()
    with pytest.raises(Unmet, match="expected: Garoon not registered on MASTER"):
        guest_of(OFF).expect_unregistered()


def test_a_wait_ends_with_the_look_that_shows_the_state_and_says_what_it_waited_for(guest_of, journal):
    guest_of(None, HANGS, WELL).await_state(PowerState.RUNNING)
    (wait,) = journal.of("wait")
    assert (wait["condition"], wait["met"], wait["not_yet_s"], wait["took_s"]) == (
        "Garoon running on MASTER",
        True,
        5.0,
        10.0,
    )
