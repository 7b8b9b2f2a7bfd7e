"""Two states of a lab are compared by what a drill must put back."""

from dataclasses import replace

import pytest

from lab.model.hosts import Service
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, SwitchType, VirtualMachine, VirtualSwitch
from lab.model.replication import Direction, Initiation, ReplicationScenario, ScenarioState
from lab.model.state import LabState, differences, may_name

GAROON = VirtualMachine(
    name="Garoon",
    host="MASTER",
    state=PowerState.RUNNING,
    heartbeat=Heartbeat.OK,
    uptime_seconds=5,
    adapters=(NetworkAdapter("Network Adapter", "LAN", "00155D0A0A10", ("192.0.2.10",)),),
)
SCENARIO = ReplicationScenario(
    name="S",
    server_type="Hyper-V",
    product="HA AR",
    assured_recovery=True,
    master="MASTER",
    replica="REPLICA",
    state=ScenarioState.RUNNING,
    direction=Direction.FORWARD,
    guests=("Garoon",),
    is_alive=True,
    switchover=Initiation.AUTOMATIC,
    reverse_replication=Initiation.MANUAL,
)


def state(*machines, scenarios=()):
    return LabState({"MASTER": tuple(m for m in machines if m.host == "MASTER"), "REPLICA": ()}, scenarios)


def test_a_lab_is_as_it_was_however_long_its_guests_have_run():
    assert differences(state(GAROON), state(replace(GAROON, uptime_seconds=9000))) == ()


def test_a_guest_that_is_off_differs():
    [difference] = differences(state(GAROON), state(replace(GAROON, state=PowerState.OFF)))
    assert str(difference) == "MASTER/Garoon: running (LAN) → off (LAN)"


def test_a_guest_on_another_network_differs():
    moved = replace(GAROON, adapters=(replace(GAROON.adapters[0], switch="Test"),))
    assert [str(each) for each in differences(state(GAROON), state(moved))] == [
        "MASTER/Garoon: running (LAN) → running (Test)"
    ]


def test_what_was_not_there_and_what_is_gone_differ():
    left = differences(state(GAROON), state(scenarios=(SCENARIO,)))
    assert [str(each) for each in left] == [
        "MASTER/Garoon: running (LAN) → —",
        "RHA/S: — → running (master to replica)",
    ]


def test_a_direction_that_turned_round_differs():
    turned = replace(SCENARIO, direction=Direction.BACKWARD)
    [difference] = differences(state(scenarios=(SCENARIO,)), state(scenarios=(turned,)))
    assert (str(difference.before), str(difference.after)) == (
        "running (master to replica)",
        "running (replica to master)",
    )


PROPERTIES = {
    "Assured Recovery on → Assured Recovery off": {"assured_recovery": False},
    "switchover automatic → switchover manual": {"switchover": Initiation.MANUAL},
    "reverse replication manual → reverse replication automatic": {"reverse_replication": Initiation.AUTOMATIC},
    "guests Garoon → guests DC1, Garoon": {"guests": ("Garoon", "DC1")},
    "from MASTER to REPLICA → from REPLICA to MASTER": {"master": "REPLICA", "replica": "MASTER"},
}


@pytest.mark.parametrize("told", PROPERTIES)
def test_of_a_scenario_with_another_property_only_that_is_told(told):
    changed = replace(SCENARIO, **PROPERTIES[told])
    [difference] = differences(state(scenarios=(SCENARIO,)), state(scenarios=(changed,)))
    assert str(difference) == f"RHA/S: {told}"


def test_several_properties_that_differ_are_one_difference():
    changed = replace(SCENARIO, state=ScenarioState.STOPPED, assured_recovery=False, is_alive=False)
    [difference] = differences(state(scenarios=(SCENARIO,)), state(scenarios=(changed,)))
    assert str(difference.after) == "stopped (master to replica), Assured Recovery off"


def test_a_guest_that_runs_unheard_of_differs_and_one_that_is_off_has_no_heartbeat_to_lose():
    unheard = replace(GAROON, heartbeat=Heartbeat.LOST)
    [difference] = differences(state(GAROON), state(unheard))
    assert str(difference.after) == "running, heartbeat lost (LAN)"
    off = replace(GAROON, state=PowerState.OFF, heartbeat=Heartbeat.NONE)
    assert differences(state(off), state(replace(off, heartbeat=Heartbeat.NO_CONTACT))) == ()


def test_a_second_guest_of_one_name_is_not_overlooked():
    twice = replace(GAROON, state=PowerState.OFF, heartbeat=Heartbeat.NONE)
    [difference] = differences(state(GAROON), state(GAROON, twice))
    assert str(difference) == "MASTER/Garoon: running (LAN) → off (LAN), running (LAN)"
    assert differences(state(GAROON, twice), state(twice, GAROON)) == ()


LAN = VirtualSwitch("LAN", SwitchType.EXTERNAL)
VMMS = Service("vmms", "Hyper-V", running=True)


def whole(**changes):
    return replace(state(GAROON), **{"switches": {"REPLICA": (LAN,)}, "services": {"MASTER": (VMMS,)}, **changes})


ELSE = {
    "REPLICA switch/LAN: External → —": {"switches": {"REPLICA": ()}},
    "REPLICA switch/LAN: External → Private": {"switches": {"REPLICA": (replace(LAN, type=SwitchType.PRIVATE),)}},
    "REPLICA switch/Test: — → Internal": {
        "switches": {"REPLICA": (VirtualSwitch("Test", SwitchType.INTERNAL), LAN)},
    },
    "MASTER service/vmms: running → stopped": {"services": {"MASTER": (replace(VMMS, running=False),)}},
    "MASTER service/vmms: running → —": {"services": {"MASTER": ()}},
    "Garoon/訓練 #1: — → removal not confirmed": {"entries": ("訓練 #1",)},
}


@pytest.mark.parametrize("told", ELSE)
def test_switches_services_and_entries_belong_to_the_state(told):
    [difference] = differences(whole(), whole(**ELSE[told]))
    assert str(difference) == told
    assert differences(whole(**ELSE[told]), whole(**ELSE[told])) == ()


def test_a_subject_that_may_differ_is_one_that_a_comparison_can_print():
    hosts = ("MASTER", "REPLICA")
    printed = {each.subject for told in ELSE for each in differences(whole(), whole(**ELSE[told]))}
    assert {subject for subject in printed if not may_name(subject, hosts)} == {"Garoon/訓練 #1"}
    assert may_name("REPLICA/DC1", hosts)
    assert may_name("RHA/S", hosts)
    for unknown in ("DC1", "REPLICA", "REPLICA/", "THIRD/DC1", "REPLICA disk/x", "/", ""):
        assert not may_name(unknown, hosts)
