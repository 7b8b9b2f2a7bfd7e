"""What a drill looks at before it takes a host down, and how it knows a synchronisation that is new."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from drills.course import Course, Reboot
from drills.nouns.host import Host
from drills.nouns.maintenance import Maintenance, anew
from drills.nouns.observed import Context
from drills.observation import Observation, Unmet
from lab.errors import AnswerUnreadable, NoResult, OperationRefused
from lab.model.hosts import HostFacts, HostRole
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.replication import Synchronization, SynchronizationMethod
from lab.model.subject import Subject
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from words import Text

SUBJECT = Subject(master="M", replica="R", guest="Garoon", scenario="S", garoon_url="http://garoon.example/")
FIGURES = Synchronization(
    method=SynchronizationMethod.BLOCK,
    blocks_compared=24,
    blocks_copied=3,
    started=datetime(2012, 9, 25, 22, 0, tzinfo=UTC),
    ended=datetime(2012, 9, 25, 22, 5, tzinfo=UTC),
)


class HyperV:
    host = "M"

    def __init__(self, **states):
        self._states = states

    def machines(self):
        return tuple(
            VirtualMachine(name=name, host="M", state=state, heartbeat=Heartbeat.NONE)
            for name, state in self._states.items()
        )


@pytest.fixture
def context(clock):
    return Context(SUBJECT, Course(), Observation(clock, Silent(), "en"), clock)


def master(context, *, facts=None, **states):
    lab_host = SimpleNamespace(hyperv=HyperV(**states), windows=Answering(facts), event_log=None)
    return Host(HostRole.MASTER, lab_host, context)


def test_a_host_that_runs_the_drills_guest_alone_may_be_taken_down(context):
    master(context, Garoon=PowerState.RUNNING, DC1=PowerState.OFF).refuse_to_strand_guests()


def test_a_host_on_which_another_guest_runs_is_not_taken_down(context):
    host = master(context, Garoon=PowerState.OFF, DC1=PowerState.RUNNING)
    with pytest.raises(OperationRefused, match=r"DC1 \(Running\) is not off on M, so a drill does not take"):
        host.refuse_to_strand_guests()


def test_a_synchronisation_is_new_once_it_began_later_compared_blocks_and_ended():
    later = replace(FIGURES, started=FIGURES.started + timedelta(hours=1))
    assert anew(FIGURES, later)
    assert not anew(FIGURES, FIGURES)
    assert not anew(FIGURES, None)
    assert not anew(FIGURES, replace(later, ended=None))
    assert not anew(FIGURES, replace(later, blocks_compared=0))


def told(boot_time, clock, boot):
    day = "2012-09-25T"
    return HostFacts(
        name="M",
        os="Windows",
        os_version="10.0",
        powershell_version="5.1",
        boot_time=f"{day}{boot_time}+09:00",
        clock=f"{day}{clock}+09:00",
        boot=boot,
    )


BEFORE = told("08:00:00", "22:00:00", "568 A")
NEVER, ANEW, UNKNOWN = "not rebooted", "rebooted", "not known"
CASES = [
    pytest.param(told("20:01:00", "20:03:00", "572 B"), ANEW, id="a reboot, and the clock is set back"),
    pytest.param(told("09:30:00", "23:31:00", "568 A"), NEVER, id="the boot time moves with the clock that is set"),
    pytest.param(told("22:01:00", "22:03:00", "572 B"), ANEW, id="a reboot"),
    pytest.param(told("08:00:00", "22:01:00", "568 A"), NEVER, id="no reboot"),
    pytest.param(told("22:30:00", "23:59:00", "568 A"), NEVER, id="no reboot, and the clock is set far ahead"),
    pytest.param(told("08:00:00", "08:02:00", "568 B"), ANEW, id="a reboot into a clock that is set back to the boot"),
    pytest.param(told("22:01:00", "22:03:00", ""), UNKNOWN, id="a host that does not tell its boot"),
]


class Silent:
    def write(self, entry): ...


class Answering:
    def __init__(self, facts):
        self._facts = facts

    def facts(self):
        return self._facts

    def allow_login_again(self):
        pytest.fail("no login was refused")


@pytest.fixture
def clock():
    timeline = Timeline(datetime(2012, 9, 25, 22, 0, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


def outcome_of(judge):
    try:
        judge()
    except Unmet:
        return "unmet"
    except (AnswerUnreadable, NoResult):
        return UNKNOWN
    return "met"


@pytest.mark.parametrize(("now", "truth"), CASES)
def test_a_host_has_been_rebooted_when_it_has_and_not_when_its_clock_was_set(now, truth, context):
    reboot = context.course.reboot = Reboot(HostRole.MASTER, {}, BEFORE)
    maintenance = Maintenance(None, {HostRole.MASTER: master(context, facts=now)}, None, context)
    seen = outcome_of(lambda: maintenance.await_reboot(HostRole.MASTER, timedelta(minutes=30)))
    assert seen == {ANEW: "met", NEVER: "unmet", UNKNOWN: UNKNOWN}[truth]
    assert reboot.over is (truth == ANEW)


@pytest.mark.parametrize(("now", "truth"), CASES)
def test_a_host_has_not_been_rebooted_when_only_its_clock_was_set(now, truth, context):
    host = master(context, facts=now)
    seen = outcome_of(lambda: host.expect_no_reboot(BEFORE, Text("no reboot", "再起動なし")))
    assert seen == {ANEW: "unmet", NEVER: "met", UNKNOWN: UNKNOWN}[truth]
