"""Acts of a restoration and its waits: whatever one raises, and whatever others do meanwhile, it is told truthfully."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from drills.acts import Act
from drills.course import Course
from drills.interruption import Held
from drills.nouns.guest import Guest
from drills.nouns.observed import Context
from drills.nouns.scenario import Scenario
from drills.observation import Observation
from drills.restoration import Restoration
from journal.course import RestoreAct, RestoreWaiting
from lab.errors import LeaseLost
from lab.model.limits import Limits
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.replication import Direction, ReplicationScenario, ScenarioState
from lab.model.whereabouts import Whereabouts
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import simulated_site
from lab.site.simulation import SimulationSettings
from words import Quoted

SUBJECT = simulated_site().subject


@pytest.fixture
def clock():
    timeline = Timeline(SimulationSettings().start)
    return SimulatedClock(timeline, Jumping(timeline))


class Acts(Restoration):
    """With acts of the test's own."""

    def __init__(self, clock, language, *does, hurried=False, lab=None, limits=None):
        self.lab = lab or SimpleNamespace(clock=clock)
        self.subject = SUBJECT
        self.whereabouts = Whereabouts(SUBJECT.master)
        self.written, self.left = [], []
        self.held = Held(already=True)
        self.held.asked_again = hurried
        self.journal = self
        self.observation = Observation(clock, self, language, limits or Limits())
        self.defects = []
        if lab is not None:
            context = Context(SUBJECT, Course(), self.observation, clock)
            self.guests, self.scenario = [Guest(lab, context)], Scenario(lab, None, context)
        self._acts = tuple(Act(f"act {number}", due=True, do=do) for number, do in enumerate(does, 1))

    def acts(self):
        return self._acts

    def write(self, entry):
        if isinstance(entry, RestoreAct):
            why = entry.error.text if entry.error else entry.because
            self.written.append((entry.act, entry.outcome.value, why and why.in_(self.observation.language)))
        if isinstance(entry, RestoreWaiting):
            self.left.append(entry.left)


def test_acts_that_a_second_request_to_stop_left_say_so_in_the_language_of_the_run(clock):
    restoration = Acts(clock, "ja", lambda: True, hurried=True)
    restoration.run(restoration.acts())
    assert restoration.written == [("act 1", "left alone", "運用担当者の再度の中止要求により未実行")]


def test_an_act_in_which_kunren_itself_fails_is_told_and_the_others_are_tried(clock):
    def broken():
        raise ZeroDivisionError("a defect")

    restoration = Acts(clock, "en", broken, lambda: True, lambda: False)
    restoration.run(restoration.acts())
    assert restoration.written == [
        ("act 1", "failed", "Kunren itself failed: ZeroDivisionError: a defect"),
        ("act 2", "done", None),
        ("act 3", "nothing to do", None),
    ]
    [defect] = restoration.defects
    assert "in broken\n" in defect
    assert defect.endswith("ZeroDivisionError: a defect\n")


def test_once_another_run_has_taken_the_site_over_the_rest_is_left_alone(clock):
    def lost():
        raise LeaseLost(Quoted("Another run has taken the site over: sato."))

    restoration = Acts(clock, "en", lambda: True, lost, lambda: True)
    restoration.run(restoration.acts())
    taken = "Another run has taken the site over: sato."
    assert restoration.written == [
        ("act 1", "done", None),
        ("act 2", "failed", taken),
        ("act 3", "left alone", taken),
    ]


class Told:
    """What the Control Service and Hyper-V say from look to look; the last of it again and again."""

    def __init__(self, clock, scenarios=(), machines=()):
        self.clock, self.lease, self.replication, self.restoring = clock, None, self, self
        self.host, self.safety, self.hyperv, self.guests, self.guest_channel = SUBJECT.master, self, self, self, None
        self._scenarios, self._machines = list(scenarios), list(machines)

    def scenario(self, _name):
        return _next(self._scenarios)

    def machine(self, _name):
        return _next(self._machines)

    def run(self, name, method):
        pass

    def stop(self, name):
        pass


def _next(said):
    return said.pop(0) if len(said) > 1 else said[0]


def scenario(state, direction=Direction.BACKWARD):
    return ReplicationScenario(
        name=SUBJECT.scenario,
        server_type="Hyper-V",
        product="HA",
        assured_recovery=False,
        master=SUBJECT.master,
        replica=SUBJECT.replica,
        state=ScenarioState(state),
        direction=direction,
        switchover=None,
        reverse_replication=None,
        is_alive=False,
        guests=(SUBJECT.guest,),
    )


def guest(state, beat="NoContact"):
    return VirtualMachine(name=SUBJECT.guest, host="", state=PowerState(state), heartbeat=Heartbeat(beat))


STOPPED, SYNCHRONIZING, RUNNING, SWITCHING = map(scenario, ("stopped", "synchronizing", "running", "switching over"))
WELL = guest("Running", "Ok")
HOME_AGAIN = scenario("synchronizing", Direction.FORWARD)


@pytest.mark.parametrize(
    ("act", "scenarios", "machines", "looks"),
    [
        (Restoration._run, [STOPPED, SYNCHRONIZING, STOPPED], [], 2),
        (Restoration._run, [SYNCHRONIZING, None], [], 1),
        (Restoration._run, [STOPPED], [], 40),
        (Restoration._stop, [RUNNING, RUNNING, SYNCHRONIZING], [], 2),
        (Restoration._stop, [SYNCHRONIZING, RUNNING, None], [], 2),
        (Restoration._await_switchback, [RUNNING, SWITCHING, RUNNING], [guest("Off")], 2),
        (Restoration._await_switchback, [SWITCHING, None], [guest("Off")], 1),
        (Restoration._await_switchback, [SWITCHING], [None, guest("Running"), guest("Other"), guest("Off")], 3),
    ],
)
def test_a_wait_whose_condition_others_have_made_impossible_ends_at_once(clock, act, scenarios, machines, looks):
    lab = Told(clock, scenarios, machines)
    restoration = Acts(clock, "en", lambda: act(restoration), lambda: True, lab=lab)
    began = clock.monotonic()
    restoration.run(restoration.acts())
    (_, outcome, because), following = restoration.written
    assert outcome == "left alone"
    assert because.startswith("the expected state can no longer be reached by what this drill has begun: expected: ")
    assert clock.monotonic() - began == looks * 15
    assert following == ("act 2", "done", None)


@pytest.mark.parametrize(
    ("act", "scenarios", "machines"),
    [
        (Restoration._run, [STOPPED, STOPPED, SYNCHRONIZING, RUNNING], []),
        (Restoration._stop, [SYNCHRONIZING, RUNNING, STOPPED], []),
        (
            Restoration._await_switchback,
            [RUNNING, SWITCHING, HOME_AGAIN],
            [None, guest("Off"), WELL],
        ),
    ],
)
def test_a_wait_whose_condition_may_still_come_true_goes_on(clock, act, scenarios, machines):
    restoration = Acts(clock, "en", lambda: act(restoration), lab=Told(clock, scenarios, machines))
    restoration.run(restoration.acts())
    assert restoration.written == [("act 1", "nothing to do", None)]


@pytest.mark.parametrize(
    ("act", "scenarios", "machines", "limits"),
    [
        (Restoration._run, [SYNCHRONIZING], [], {"synchronization": 150}),
        (Restoration._stop, [RUNNING], [], {"switchover": 7}),
        (Restoration._await_switchback, [SWITCHING], [guest("Off")], {"switchover": 95}),
    ],
)
def test_the_site_says_how_long_the_restoration_waits(clock, act, scenarios, machines, limits):
    limits = {kind: timedelta(minutes=minutes) for kind, minutes in limits.items()}
    [limit] = limits.values()
    lab = Told(clock, scenarios, machines)
    restoration = Acts(clock, "en", lambda: act(restoration), lab=lab, limits=Limits(**limits))
    began = clock.monotonic()
    restoration.run(restoration.acts())
    [(_, outcome, because)] = restoration.written
    assert outcome == "failed"
    assert "expected: " in because
    assert clock.monotonic() - began == limit.total_seconds()
    assert restoration.left[0] == limit - timedelta(seconds=30)
