"""What every `HyperV` keeps to."""

import pytest

from lab.errors import OperationUnavailable, ScriptFailed
from lab.model.hosts import HostRole
from lab.model.machines import Heartbeat, PowerState, StopMode, SwitchType


@pytest.fixture
def master(lab):
    return lab.hosts[HostRole.MASTER].hyperv


def test_the_guest_runs_on_the_master_and_answers(master, site):
    guest = master.machine(site.subject.guest)
    assert guest.healthy
    assert guest.host == site.subject.master
    assert guest.uptime_seconds > 0
    assert guest.name in [machine.name for machine in master.machines()]


def test_its_adapters_hang_on_switches_the_host_has(master, site):
    known = {switch.name: switch.type for switch in master.switches()}
    adapters = master.machine(site.subject.guest).adapters
    assert adapters
    assert all(known[adapter.switch] is SwitchType.EXTERNAL and adapter.ip_addresses for adapter in adapters)


def test_a_guest_the_host_does_not_have_is_none(lab, site):
    assert lab.hosts[HostRole.MASTER].hyperv.machine(site.subject.guest + "-not") is None


@pytest.mark.usefixtures("may_change")
@pytest.mark.parametrize("mode", list(StopMode))
def test_a_guest_is_stopped_and_started_again(master, site, see, mode):
    name = site.subject.guest
    master.stop(name, mode)
    off = see(lambda: master.machine(name), lambda guest: guest.state is PowerState.OFF)
    assert (off.heartbeat, off.uptime_seconds) == (Heartbeat.NONE, 0)
    master.start(name)
    see(lambda: master.machine(name), lambda guest: guest.healthy)


@pytest.mark.usefixtures("may_change")
def test_a_guest_that_is_not_there_is_not_acted_on(master):
    with pytest.raises(ScriptFailed, match="There are 0 virtual machines named no-such-guest on this host"):
        master.start("no-such-guest")
    with pytest.raises(OperationUnavailable):
        master.stop("*", StopMode.TURN_OFF)
