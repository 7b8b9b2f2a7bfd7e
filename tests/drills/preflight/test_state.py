"""Each finding about the state of a lab: made where something is wrong, and not where all is as the guide wants it."""

from dataclasses import replace

import pytest

from drills.preflight.findings import Severity
from drills.preflight.state import StateCheck
from lab.model.hosts import RhaServices, Service
from lab.model.machines import (
    Heartbeat,
    NetworkAdapter,
    PowerState,
    SwitchType,
    VirtualMachine,
    VirtualSwitch,
)
from lab.model.replication import Direction, Initiation, NetworkMapping, ReplicationScenario, ScenarioState
from lab.model.state import LabState
from lab.model.subject import Subject

SUBJECT = Subject(master="MASTER", replica="REPLICA", guest="Garoon", scenario="S", garoon_url="http://garoon/")
ENGINE = Service("Engine", "Engine", running=True, account="KUNREN\\rha")
CONTROL = Service("Control", "Control", running=True, account="kunren\\RHA")
GUEST = VirtualMachine(
    name="Garoon",
    host="MASTER",
    state=PowerState.RUNNING,
    heartbeat=Heartbeat.OK,
    adapters=(NetworkAdapter("A", "LAN", "00155D010203"),),
)
SCENARIO = ReplicationScenario(
    name="S",
    server_type="Hyper-V",
    product="HA AR",
    assured_recovery=True,
    master="master",
    replica="REPLICA",
    state=ScenarioState.RUNNING,
    direction=Direction.FORWARD,
    guests=("Garoon",),
    is_alive=True,
    switchover=Initiation.AUTOMATIC,
    reverse_replication=Initiation.MANUAL,
)
LAN, OTHER = VirtualSwitch("LAN", SwitchType.EXTERNAL), VirtualSwitch("Other", SwitchType.EXTERNAL)
STATE = LabState(
    machines={"MASTER": (GUEST,), "REPLICA": ()},
    scenarios=(SCENARIO,),
    switches={"MASTER": (LAN,), "REPLICA": (LAN, OTHER)},
    services={"MASTER": (ENGINE,), "REPLICA": (ENGINE, CONTROL)},
)


def found(state=STATE, **subject):
    check = StateCheck(
        subject=replace(SUBJECT, **subject),
        services=RhaServices(engine="engine", control="Control"),
        control_host="REPLICA",
    )
    return [*check.findings(state), *check.of_scenario(state)]


def services(master=(ENGINE,), replica=(ENGINE, CONTROL)):
    return replace(STATE, services={"MASTER": master, "REPLICA": replica})


def guest(**changed):
    return replace(STATE, machines={"MASTER": (replace(GUEST, **changed),), "REPLICA": ()})


def scenario(**changed):
    return replace(STATE, scenarios=(replace(SCENARIO, **changed),))


def on_replica(*switches):
    return replace(STATE, switches={"MASTER": (LAN,), "REPLICA": switches})


def test_a_lab_as_the_guide_wants_it_has_no_finding():
    assert found() == []


@pytest.mark.parametrize(
    ("state", "name", "severity", "point"),
    [
        (services(master=()), "engine_missing", "error", "2.P3"),
        (services(master=(replace(ENGINE, running=False),)), "engine_stopped", "error", "2.P3"),
        (services(replica=(ENGINE,)), "control_missing", "warning", "2.P2"),
        (services(replica=(ENGINE, replace(CONTROL, running=False))), "control_stopped", "error", "2.P2"),
        (services(master=(replace(ENGINE, account="LocalSystem"),)), "accounts", "warning", "2.P4"),
        (guest(heartbeat=Heartbeat.NO_CONTACT), "heartbeat", "warning", "2.P1"),
        (guest(adapters=()), "unconnected", "warning", "3.N10"),
        (on_replica(), "no_network", "error", "3.N10"),
        (on_replica(OTHER, VirtualSwitch("Third", SwitchType.INTERNAL)), "no_network", "error", "3.N10"),
        (scenario(product="DR"), "product", "warning", "3.S4"),
        (scenario(master="192.0.2.1"), "other_hosts", "warning", "3.S5"),
        (scenario(assured_recovery=False), "no_integrity_test", "note", "3.S4"),
        (scenario(switchover=Initiation.MANUAL), "switchover_manual", "note", "3.N11"),
        (scenario(reverse_replication=Initiation.AUTOMATIC), "reverse_automatic", "warning", "3.S11"),
        (scenario(state=ScenarioState.STOPPED), "not_running", "warning", "3.S14"),
        (scenario(direction=Direction.BACKWARD), "not_running", "warning", "3.S14"),
        (scenario(is_alive=False), "not_watched", "warning", "3.S17"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_thing_that_is_wrong_is_one_finding(state, name, severity, point, language):
    [finding] = found(state)
    assert (finding.id, finding.severity, finding.point) == (name, Severity(severity), point)
    assert finding.seen.in_(language) != finding.todo.in_(language)
    assert "{" not in finding.seen.in_(language) + finding.todo.in_(language)


def test_a_replica_with_one_network_needs_no_mapping():
    assert found(on_replica(OTHER)) == []


def test_a_network_that_is_mapped_has_to_be_there():
    assert found(network_mapping=(NetworkMapping("LAN", "Other"),)) == []
    [finding] = found(network_mapping=(NetworkMapping("LAN", "Elsewhere"),))
    assert "has no network Elsewhere; it has: LAN, Other" in str(finding.seen)


def test_of_a_guest_on_the_replica_nothing_is_said_of_the_mapping():
    moved = {"MASTER": (), "REPLICA": (replace(GUEST, host="REPLICA"),)}
    assert found(replace(on_replica(LAN), machines=moved)) == []


def test_nothing_is_said_of_hosts_that_could_not_be_asked():
    assert found(LabState(machines={}, scenarios=(SCENARIO,))) == []
