"""What every `Replication`, `ScenarioWizard` and `Statistics` keep to, along the life of one replication scenario."""

import pytest

from lab.errors import ConnectionLost, HostUnreachable, Refused
from lab.model.hosts import HostRole
from lab.model.machines import PowerState
from lab.model.replication import (
    Direction,
    Initiation,
    NetworkMapping,
    ScenarioPlan,
    ScenarioState,
    Severity,
    SynchronizationMethod,
)


@pytest.fixture
def plan(lab, site):
    guest = lab.hosts[HostRole.MASTER].hyperv.machine(site.subject.guest)
    networks = {adapter.switch: adapter.switch for adapter in guest.adapters}
    networks |= {mapping.master_network: mapping.replica_network for mapping in site.subject.network_mapping}
    return ScenarioPlan(
        name=site.subject.scenario,
        master=site.subject.master,
        replica=site.subject.replica,
        guests=(guest.name,),
        network_mapping=tuple(NetworkMapping(ours, theirs) for ours, theirs in networks.items()),
    )


@pytest.fixture
def created(lab, plan, may_change):
    if lab.rha.replication.scenario(plan.name) is not None:
        pytest.skip("the scenario is there already; a contract does not touch it")
    lab.rha.wizard.create(plan)
    yield plan
    scenario = lab.rha.replication.scenario(plan.name)
    if scenario.state is not ScenarioState.EDITING and scenario.state is not ScenarioState.STOPPED:
        lab.rha.replication.stop(plan.name)
    lab.rha.wizard.remove(plan.name)


@pytest.fixture
def running(lab, created, see):
    lab.rha.replication.run(created.name, SynchronizationMethod.BLOCK)
    see(lambda: lab.rha.replication.scenario(created.name), lambda found: found.state is ScenarioState.RUNNING)
    return created


def test_the_wizard_finds_engines_of_one_release_on_both_hosts(lab, site):
    engines = lab.rha.wizard.engines([site.subject.master, site.subject.replica])
    assert [engine.host for engine in engines] == [site.subject.master, site.subject.replica]
    assert all(engine.version and engine.up_to_date for engine in engines)
    assert len({engine.version for engine in engines}) == 1


def test_the_wizard_discovers_the_guests_and_selects_them_all(lab, site):
    found = lab.rha.wizard.discover(site.subject.master)
    assert site.subject.guest in {guest.name for guest in found}
    assert all(guest.selected for guest in found)


def test_a_scenario_that_is_not_there_is_none_and_cannot_be_run(lab, may_change):
    assert lab.rha.replication.scenario("no such scenario") is None
    with pytest.raises(Refused):
        lab.rha.replication.run("no such scenario", SynchronizationMethod.BLOCK)


def test_a_created_scenario_is_as_planned_and_not_started(lab, created):
    scenario = lab.rha.replication.scenario(created.name)
    assert (scenario.master, scenario.replica, scenario.guests) == (created.master, created.replica, created.guests)
    assert (scenario.product, scenario.assured_recovery) == ("HA AR", True)
    assert (scenario.switchover, scenario.reverse_replication) == (created.switchover, created.reverse_replication)
    assert (scenario.state, scenario.direction) == (ScenarioState.EDITING, Direction.FORWARD)
    assert not scenario.is_alive
    assert not any(finding.blocks for finding in lab.rha.wizard.verify(created.name))
    assert lab.rha.statistics.synchronization(created.name) is None


def test_a_created_scenario_has_the_products_own_properties(lab, created):
    properties = lab.rha.properties.listed(created.name)
    assert properties
    assert all(each.group and each.name and each.value == each.default for each in properties)


def test_a_name_is_taken_once(lab, created):
    with pytest.raises(Refused):
        lab.rha.wizard.create(created)


def test_a_run_scenario_synchronises_then_runs_then_is_alive(lab, running, see):
    see(lambda: lab.rha.replication.scenario(running.name), lambda found: found.is_alive)
    figures = lab.rha.statistics.synchronization(running.name)
    assert figures.method is SynchronizationMethod.BLOCK
    assert figures.blocks_compared >= figures.blocks_copied > 0
    assert figures.started < figures.ended
    with pytest.raises(Refused):
        lab.rha.replication.run(running.name, SynchronizationMethod.BLOCK)


def test_properties_of_a_scenario_at_rest_can_be_changed(lab, created):
    lab.rha.properties.set_initiation(
        created.name, switchover=Initiation.MANUAL, reverse_replication=created.reverse_replication
    )
    scenario = lab.rha.replication.scenario(created.name)
    assert (scenario.switchover, scenario.reverse_replication) == (Initiation.MANUAL, created.reverse_replication)


def test_a_scenario_that_runs_tells_its_traffic(lab, created, see):
    assert lab.rha.statistics.traffic(created.name) is None
    lab.rha.replication.run(created.name, SynchronizationMethod.BLOCK)
    see(lambda: lab.rha.replication.scenario(created.name), lambda found: found.state is ScenarioState.RUNNING)
    traffic = lab.rha.statistics.traffic(created.name)
    assert min(traffic.replicated, traffic.in_spool) >= 0


def test_events_are_numbered_and_come_once(lab, running):
    everything = lab.rha.replication.events(0)
    numbers = [event.sequence for event in everything]
    assert numbers == sorted(set(numbers))
    assert all(event.severity is not Severity.UNKNOWN and event.message and event.time for event in everything)
    assert lab.rha.replication.events(numbers[-1]) == ()
    assert lab.rha.replication.events(numbers[0]) == everything[1:]


@pytest.mark.parametrize("run_reverse", [False, True])
def test_a_switchover_moves_the_guest_and_says_so(lab, site, running, see, run_reverse):
    if not lab.disposable:
        pytest.skip("a real guest is moved by drills only, which bring it back")
    before = lab.rha.replication.events(0)[-1].sequence
    lab.rha.replication.switch_over(running.name, run_reverse=run_reverse)
    completed = site.profile.events["switchover_completed"]
    see(lambda: lab.rha.replication.events(before), lambda new: any(completed.matches(event.message) for event in new))
    master, replica = (lab.hosts[role].hyperv for role in (HostRole.MASTER, HostRole.REPLICA))
    see(lambda: replica.machine(site.subject.guest), lambda guest: guest is not None and guest.healthy)
    left = master.machine(site.subject.guest)
    assert left is None or left.state is PowerState.OFF


@pytest.mark.parametrize("role", list(HostRole))
def test_a_prepared_host_comes_back_from_its_reboot_without_a_synchronisation(lab, site, running, see, role):
    if not lab.disposable:
        pytest.skip("a real host is rebooted by drills only, which look at what else runs on it")
    host = site.subject.master if role is HostRole.MASTER else site.subject.replica
    before, figures = lab.hosts[role].windows.facts(), lab.rha.statistics.synchronization(running.name)
    seen = lab.rha.replication.events(0)[-1].sequence
    assert lab.rha.maintenance.prepare_reboot(host).printed == (f"Host {host} Preparing for reboot",)
    await_event(lab, site, see, "ready_for_reboot", seen)
    lab.hosts[role].windows.restart()
    see(lambda: answer_of(lab.hosts[role].windows), lambda facts: facts is None)
    back = see(lambda: answer_of(lab.hosts[role].windows), lambda facts: facts is not None)
    assert back.boot_time > before.boot_time
    await_event(lab, site, see, "maintenance_completed", seen)
    assert lab.rha.statistics.synchronization(running.name) == figures


def answer_of(windows):
    try:
        return windows.facts()
    except (HostUnreachable, ConnectionLost):
        return None


def await_event(lab, site, see, name, after):
    known = site.profile.events[name]
    see(lambda: lab.rha.replication.events(after), lambda new: any(known.matches(event.message) for event in new))
