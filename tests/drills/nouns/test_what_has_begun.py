"""What a host has refused has not begun; after any other error it may have, and the restoration has to know."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from drills.course import Course
from drills.nouns.guest import Guest
from drills.nouns.host import Host
from drills.nouns.integrity_test import IntegrityTest
from drills.nouns.maintenance import Maintenance
from drills.nouns.observed import Context
from drills.nouns.scenario import Scenario
from drills.observation import Observation
from lab.errors import ConnectionLost, NotStarted, OperationRefused
from lab.model.hosts import HostRole
from lab.site.file import simulated_site
from words import Quoted

SUBJECT = simulated_site().subject
MASTER = HostRole.MASTER


class Failing:
    """A lab whose commands end with an error; all that is asked before has an answer."""

    def __init__(self, error):
        self._error = error

    host = SUBJECT.master

    def _fail(self, *_, **__):
        raise self._error

    start = prepare_reboot = restart = _fail

    def covered(self, host):
        return (SimpleNamespace(name="S"),)

    def nothing(self, *_):
        return None

    synchronization = machine = facts = count_anew = nothing

    def machines(self):
        return ()


@pytest.fixture
def begin():
    """Commands a test, a preparation and a reboot, which end with the error; what is then taken to have begun."""

    def with_(error):
        failing, clock = Failing(error), SimpleNamespace(monotonic=lambda: 0.0)
        observation = Observation(clock, None, "en")
        context = Context(SUBJECT, Course(), observation, clock)
        rha = SimpleNamespace(assured_recovery=failing, maintenance=failing, statistics=failing)
        lab_host = SimpleNamespace(
            hyperv=failing, windows=failing, power=failing, guests=None, guest_channel=None, event_log=None
        )
        test = IntegrityTest(rha, Scenario(rha, failing, context), Guest(lab_host, context))
        maintenance = Maintenance(rha, {MASTER: Host(MASTER, lab_host, context)}, failing, context)
        with pytest.raises(type(error)):
            test.start(manual=True)
        with pytest.raises(type(error)):
            maintenance.begin(MASTER)
        with nullcontext() if isinstance(error, ConnectionLost) else pytest.raises(type(error)):
            maintenance.reboot(MASTER)
        course = context.course
        return course.test_under_way, course.maintenance is not None, course.reboot is not None

    return with_


@pytest.mark.parametrize("error", [NotStarted(Quoted("Not sent.")), OperationRefused(Quoted("Not now."))])
def test_what_was_refused_has_not_begun(begin, error):
    assert begin(error) == (False, False, False)


def test_what_was_not_answered_may_have_begun_and_a_reboot_is_told_by_the_boot_time(begin):
    assert begin(ConnectionLost(Quoted("Gone."))) == (True, True, True)
