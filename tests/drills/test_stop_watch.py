"""What a site does not want to bear longer stops a drill once, and what is not known stops nothing."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from drills.stop_watch import StopWatch
from journal.measured import Probed
from journal.seen import GuestAsked
from lab.errors import HostUnreachable
from lab.model.hosts import HostRole, Service
from lab.model.probing import Layer, Result
from lab.model.replication import Traffic
from lab.model.stopping import StopCriteria
from lab.site.file import simulated_site
from words import Quoted

BEGAN = datetime(2026, 1, 5, 22, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
OK, FAILED, UNKNOWN = Result.OK, Result.FAILED, Result.UNKNOWN


class Watched:
    def __init__(self, **criteria):
        self.stops = []
        self.watch = StopWatch(StopCriteria(**criteria), simulated_site().subject, self.stops.append)

    def probes(self, layer, *results):
        """One a minute."""
        for minute, result in enumerate(results):
            sent = None if result is UNKNOWN else minute * 60.0
            entry = Probed(
                layer=layer, of="", number=1, due_s=minute * 60.0, sent_s=sent, ended_s=sent, result=result, seen=None
            )
            self.watch(entry, BEGAN + timedelta(minutes=minute))
        return len(self.stops)

    def guest(self, minute, host, heartbeat):
        about = {"host": host, "guest": "Garoon", "registered": True, "state": "Running", "heartbeat": heartbeat}
        self.watch(GuestAsked(networks=(), took=timedelta(), **about), BEGAN + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("results", "stops"),
    [
        ([FAILED] * 6, 0),
        ([FAILED] * 7, 1),
        ([FAILED] * 20, 1),
        ([FAILED] * 5 + [OK] + [FAILED] * 5, 0),
        ([FAILED] + [UNKNOWN] * 9, 0),
        ([FAILED] * 3 + [UNKNOWN] * 3 + [FAILED], 1),
    ],
)
def test_users_without_garoon_for_longer_than_the_site_bears_stop_the_drill(results, stops):
    assert Watched(garoon_unavailable=FIVE).probes(Layer.WRITE, *results) == stops


def test_other_layers_and_a_site_without_criteria_stop_nothing():
    assert Watched(garoon_unavailable=FIVE).probes(Layer.READ, *[FAILED] * 20) == 0
    assert Watched().probes(Layer.WRITE, *[FAILED] * 20) == 0


def test_a_guest_that_neither_host_hears_stops_the_drill():
    watched = Watched(guest_silent=FIVE)
    assert watched.probes(Layer.HEARTBEAT, *[FAILED] * 7) == 1
    assert "Neither host has reported a heartbeat of the virtual machine Garoon" in watched.stops[0].in_("en")
    assert "仮想マシン Garoon のハートビートがどちらのホストでも" in watched.stops[0].in_("ja")


@pytest.mark.parametrize(
    ("host", "heartbeat", "stops"), [("REPLICA", "Ok", 0), ("MASTER", "", 1), ("MASTER", "LostCommunication", 1)]
)
def test_a_guest_that_is_heard_meanwhile_goes_on(host, heartbeat, stops):
    watched = Watched(guest_silent=FIVE)
    watched.probes(Layer.HEARTBEAT, *[FAILED] * 4)
    watched.guest(4, host, heartbeat)
    assert watched.probes(Layer.HEARTBEAT, *[UNKNOWN] * 5, *[FAILED] * 3) == stops


class Lab:
    """What a watch asks of one, minute by minute."""

    def __init__(self, *, engines=(), in_spool=0, by_commands=frozenset({"statistics"})):
        self.minute, self.engines, self.asked = 0, engines, 0
        self.clock = SimpleNamespace(now=lambda: BEGAN + timedelta(minutes=self.minute))
        host = SimpleNamespace(windows=SimpleNamespace(services=self._services))
        self.hosts = {HostRole.MASTER: host}
        traffic = Traffic(replicated=0, in_spool=in_spool)
        self.rha = SimpleNamespace(
            services=SimpleNamespace(engine="CAARCserveRHAEngine"),
            by_commands=by_commands,
            statistics=SimpleNamespace(traffic=lambda _: traffic),
        )

    def _services(self, names):
        self.asked += 1
        engine = self.engines[self.minute]
        if engine is None:
            raise HostUnreachable(Quoted("no answer"), host="MASTER", operation="services")
        return (Service(name=names[0], display_name="", running=engine),)


def looked(lab, **criteria):
    watched = Watched(**criteria)
    for minute in range(len(lab.engines) or 1):
        lab.minute = minute
        watched.watch.look(lab)
        watched.watch.look(lab)  # not twice within a minute
    return watched.stops


@pytest.mark.parametrize(
    ("engines", "stops"),
    [
        ([True] * 9, 0),
        ([True] + [False] * 6, 0),
        ([True] + [False] * 7, 1),
        ([False, None, None, None, None, None, None], 0),
        ([False] * 3 + [True] + [False] * 5, 0),
    ],
)
def test_an_engine_that_stays_stopped_on_a_host_that_answers_stops_the_drill(engines, stops):
    lab = Lab(engines=engines)
    assert len(looked(lab, engine_stopped=FIVE)) == stops
    assert lab.asked == len(engines)


def test_no_host_is_asked_for_what_the_site_does_not_watch():
    lab = Lab(engines=[False] * 9, in_spool=10**9)
    assert (looked(lab), lab.asked) == ([], 0)


def test_a_spool_above_what_the_site_permits_stops_the_drill():
    [why] = looked(Lab(in_spool=101), spool_blocks=100)
    assert "101 blocks wait in the spool, more than 100" in why.in_("en")
    assert looked(Lab(in_spool=100), spool_blocks=100) == []


def test_people_are_not_asked_for_the_spool():
    assert looked(Lab(in_spool=101, by_commands=frozenset()), spool_blocks=100) == []
