"""Two states of a lab are compared by what a drill must put back."""

from dataclasses import replace

from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, VirtualMachine
from lab.model.replication import Direction, Initiation, ReplicationScenario, ScenarioState
from lab.model.state import LabState, differences

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
    assert str(difference) == "MASTER/Garoon: Running (LAN) → Off (LAN)"


def test_a_guest_on_another_network_differs():
    moved = replace(GAROON, adapters=(replace(GAROON.adapters[0], switch="Test"),))
    assert [str(each) for each in differences(state(GAROON), state(moved))] == [
        "MASTER/Garoon: Running (LAN) → Running (Test)"
    ]


def test_what_was_not_there_and_what_is_gone_differ():
    left = differences(state(GAROON), state(scenarios=(SCENARIO,)))
    assert [str(each) for each in left] == ["MASTER/Garoon: Running (LAN) → —", "RHA/S: — → running (forward)"]


def test_a_direction_that_turned_round_differs():
    turned = replace(SCENARIO, direction=Direction.BACKWARD)
    [difference] = differences(state(scenarios=(SCENARIO,)), state(scenarios=(turned,)))
    assert (difference.before, difference.after) == ("running (forward)", "running (backward)")
