import pytest

from lab.model.machines import Heartbeat, NetworkAdapter, PowerState
from lab.simulator.hosts import consistency
from lab.simulator.hosts.consistency import ImpossibleWorld
from tests.lab.simulator.premises import premises


@pytest.fixture
def lab(tmp_path):
    return premises(tmp_path)


def power_cut_without_telling_the_guests(master):
    master.powered = False


def two_guests_on_one_disk(master):
    dc1 = master.registrations["DC1"]
    dc1.disk = master.registrations["Garoon"].disk
    dc1.state = PowerState.STARTING


def an_adapter_on_a_missing_switch(master):
    master.registrations["DC1"].adapters = (NetworkAdapter("Network Adapter", "どこにもない", "00155D000001"),)


def one_hardware_address_twice(master):
    master.registrations["DC1"].adapters = master.registrations["Garoon"].adapters


def a_heartbeat_without_a_guest(master):
    master.registrations["DC1"].heartbeat = Heartbeat.OK


def an_application_without_a_guest(master):
    master.registrations["DC1"].instance = master.registrations["Garoon"].instance


def an_uptime_without_a_guest(master):
    master.registrations["DC1"].running_since = master.booted


IMPOSSIBLE = {
    consistency.check_guests_need_a_powered_host: power_cut_without_telling_the_guests,
    consistency.check_no_disk_runs_twice: two_guests_on_one_disk,
    consistency.check_adapters_are_on_switches_that_are_there: an_adapter_on_a_missing_switch,
    consistency.check_hardware_addresses_differ: one_hardware_address_twice,
    consistency.check_only_running_guests_have_a_heartbeat: a_heartbeat_without_a_guest,
    consistency.check_only_running_guests_run_applications: an_application_without_a_guest,
    consistency.check_uptime_belongs_to_running_guests: an_uptime_without_a_guest,
}


def test_every_rule_has_its_impossible_world():
    assert set(IMPOSSIBLE) == set(consistency.RULES)


@pytest.mark.parametrize(("rule", "spoil"), IMPOSSIBLE.items(), ids=lambda value: value.__name__)
def test_an_impossible_world_breaks_exactly_its_rule_and_is_refused_at_the_next_change(lab, rule, spoil):
    master = lab.world.hosts["MASTER"]
    hosts = tuple(lab.world.hosts.values())
    rule(hosts)
    spoil(master)
    broken = []
    for each in consistency.RULES:
        try:
            each(hosts)
        except ImpossibleWorld:
            broken.append(each)
    assert broken == [rule]
    with pytest.raises(ImpossibleWorld), lab.world.acting():
        lab.world.changed()
