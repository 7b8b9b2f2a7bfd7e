"""The whole measurement of the simulated lab: its layers, its canaries, and a lab that fails in several ways."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from lab.model.faults import Fault
from lab.model.hosts import HostRole
from lab.model.machines import StopMode
from lab.model.probing import Acknowledgement, Layer, ProbeSchedule, Result
from lab.opening import open_lab
from lab.site.file import simulated_site

SCHEDULE = ProbeSchedule(interval=2, timeout=5, confirmations=3)


@pytest.fixture
def site():
    return replace(simulated_site(), probing=SCHEDULE)


@pytest.fixture
def lab(site):
    with open_lab(site) as lab:
        yield lab


def measured(lab, *stretches):
    """Probes over stretches of lab time, each begun by an act."""
    probes = []
    lab.measurement.prepare()
    lab.measurement.begin(probes.append)
    for act, seconds in stretches:
        act()
        lab.clock.sleep(timedelta(seconds=seconds))
    lab.measurement.end()
    return probes


def results(probes, *, since=0.0):
    found = {}
    for probe in probes:
        if probe.due >= since:
            found.setdefault((probe.track.layer, probe.track.of), set()).add(probe.result)
    return found


def nothing():
    pass


def test_every_layer_of_a_lab_that_is_well_answers_and_every_probe_is_told(lab):
    probes = measured(lab, (nothing, 19.9))
    counts = Counter(probe.track for probe in probes)
    assert counts == {
        track: 4 if interval > SCHEDULE.interval else 10 for track, interval in lab.measurement.tracks.items()
    }
    assert {probe.result for probe in probes} == {Result.OK}
    assert all(probe.sent == probe.due for probe in probes)


def test_a_hung_guest_lets_connections_come_about_and_answers_none(lab):
    probes = measured(lab, (nothing, 9.9), (lambda: lab.simulated.faults.begin(Fault.GUEST_HANG), 20))
    found = results(probes, since=10)
    assert found.pop((Layer.TCP, "")) == {Result.OK}
    assert found.pop((Layer.HOST, "MASTER")) == found.pop((Layer.HOST, "REPLICA")) == {Result.OK}
    assert set(map(frozenset, found.values())) == {frozenset({Result.FAILED})}
    hung = [probe for probe in probes if probe.track.layer is Layer.WRITE and probe.due >= 10]
    assert {round(probe.ended - probe.sent, 6) for probe in hung} == {5.0}
    assert {probe.canary.acknowledgement for probe in hung} == {Acknowledgement.UNKNOWN}


def test_a_guest_that_is_off_refuses_and_the_canaries_it_refused_are_not_there(lab):
    probes = measured(lab, (nothing, 9.9), (lambda: lab.simulated.faults.begin(Fault.GUEST_CRASH), 20))
    found = results(probes, since=10)
    assert found[Layer.TCP, ""] == found[Layer.WRITE, ""] == found[Layer.HEARTBEAT, ""] == {Result.FAILED}
    canaries = [probe.canary for probe in probes if probe.canary]
    assert Counter(canary.acknowledgement for canary in canaries) == {
        Acknowledgement.ACKNOWLEDGED: 5,
        Acknowledgement.REFUSED: 10,
    }


def test_a_host_without_power_is_down_and_its_guests_heartbeat_is_not_known(lab):
    probes = measured(lab, (nothing, 9.9), (lambda: lab.simulated.faults.begin(Fault.POWER_CUT), 20))
    found = results(probes, since=10)
    assert found[Layer.HOST, "MASTER"] == {Result.FAILED}
    assert found[Layer.HOST, "REPLICA"] == {Result.OK}
    assert found[Layer.HEARTBEAT, ""] == {Result.UNKNOWN}


def test_canaries_are_found_again_once_each_and_leave_nothing_behind(lab):
    probes = measured(lab, (nothing, 30))
    written = {probe.canary.title for probe in probes if probe.canary}
    assert lab.measurement.canaries() == dict.fromkeys(written, 1)
    assert lab.measurement.remove_canaries() == (len(written), 0)
    assert lab.measurement.canaries() == {}


def test_an_answer_that_comes_when_the_guest_is_back_is_a_failure_only_past_its_time_out(lab):
    """The guest is reset while requests wait: their connections are cut at once, long before the time-out."""
    probes = measured(
        lab,
        (nothing, 4),
        (lambda: lab.simulated.faults.begin(Fault.GUEST_HANG), 3),
        (lambda: lab.hosts[HostRole.MASTER].hyperv.stop("Garoon", StopMode.TURN_OFF), 5),
    )
    cut = [probe for probe in probes if probe.track.layer is Layer.READ and 4 < probe.due < 7]
    assert {probe.result for probe in cut} == {Result.FAILED}
    assert max(probe.ended for probe in cut) < 7.5


def test_two_runs_probe_alike(site):
    def run():
        with open_lab(site) as lab:
            return measured(lab, (nothing, 9.9), (lambda: lab.simulated.faults.begin(Fault.GUEST_HANG), 15))

    assert run() == run()
