"""What has to hold before a drill, by what its steps declare and what the lab is like."""

from dataclasses import replace

import pytest

from drills.preconditions import Preconditions, garoon_unmet
from kunren.running.drills import choose
from lab.model.garoon import Examination, GaroonLayer
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.model.replication import Direction, Initiation, ReplicationScenario, ScenarioState
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change, Need
from words import Quoted

SUBJECT = Subject(
    master="TOKYO",
    replica="OSAKA",
    guest="Garoon",
    scenario="GaroonHA",
    garoon_url="http://g.example/",
    network_mapping=(),
)
SCENARIO = ReplicationScenario(
    name="GaroonHA",
    server_type="Hyper-V",
    product="HA AR",
    assured_recovery=True,
    master="TOKYO",
    replica="OSAKA",
    state=ScenarioState.RUNNING,
    direction=Direction.FORWARD,
    guests=("Garoon",),
    is_alive=True,
    switchover=Initiation.MANUAL,
    reverse_replication=Initiation.MANUAL,
)


def machine(host, state=PowerState.RUNNING):
    return VirtualMachine(name="Garoon", host=host, state=state, heartbeat=Heartbeat.OK)


def lab(*, on="TOKYO", scenarios=(SCENARIO,)):
    return LabState(
        machines={host: (machine(host),) if host == on else () for host in ("TOKYO", "OSAKA")}, scenarios=scenarios
    )


def unmet(state, name="4-1-clean-switchover", *, disposable=False):
    [drill] = choose((name,), "en", None)
    preconditions = Preconditions(subject=SUBJECT, needs=drill.needs, changes=drill.changes, disposable=disposable)
    return list(map(str, preconditions.unmet(state)))


def test_a_site_as_the_guide_wants_it_is_ready():
    assert unmet(lab()) == unmet(lab(), "2-readiness") == []


def test_a_scenario_that_is_not_there_is_told_with_those_that_are():
    typo = replace(SCENARIO, name="GaroonHA2")
    [said] = unmet(lab(scenarios=(typo,)), "2-readiness")
    assert said == (
        "There is no replication scenario named GaroonHA; there is GaroonHA2 (running, master to replica, switchover "
        "manual): correct replication.scenario in the site file."
    )
    assert unmet(lab(scenarios=()), "2-readiness") == [], "before guide chapter 3 there is none"
    assert unmet(lab(scenarios=())) == [
        (
            "There is no replication scenario named GaroonHA, and no other one: "
            "correct replication.scenario in the site file."
        )
    ]


@pytest.mark.parametrize(
    ("state", "acts", "asks"),
    [
        (ScenarioState.SYNCHRONIZING, "wait until it is running or stopped", None),
        (ScenarioState.SWITCHING_OVER, "wait until it is running or stopped", "wait until it is running or stopped"),
        (ScenarioState.UNKNOWN, "wait until it is running or stopped", None),
        (ScenarioState.STOPPED, "begins with it running forward", None),
        (ScenarioState.RUNNING, None, None),
    ],
)
def test_a_transient_state_is_no_beginning_for_a_drill_that_acts(state, acts, asks):
    found = lab(scenarios=(replace(SCENARIO, state=state),))
    for drill, said in (("4-1-clean-switchover", acts), ("2-readiness", asks)):
        sentences = unmet(found, drill)
        assert len(sentences) == (said is not None), sentences
        assert all(said in each for each in sentences)


def test_a_guest_on_the_other_host_and_exchanged_hosts_are_told_together():
    for drill in ("4-1-clean-switchover", "2-readiness"):
        said = unmet(lab(on="OSAKA"), drill)
        assert said[0].startswith(
            "The guest Garoon runs on OSAKA, and this drill begins with it on TOKYO: move it first"
        )
        assert "hosts.master and hosts.replica" in said[0]


def test_a_guest_that_runs_twice_or_nowhere_is_no_beginning():
    both = replace(lab(), machines={host: (machine(host),) for host in ("TOKYO", "OSAKA")})
    assert unmet(both)[0].startswith("The guest Garoon runs on TOKYO and OSAKA;")
    off = replace(lab(), machines={"TOKYO": (machine("TOKYO", PowerState.OFF),), "OSAKA": ()})
    assert unmet(off)[0].startswith("The guest Garoon runs on neither host;")
    mistyped = replace(lab(), machines={"TOKYO": (replace(machine("TOKYO"), name="Garoon5"),), "OSAKA": ()})
    assert unmet(mistyped)[0].startswith(
        "The guest Garoon runs on neither host, and none has a virtual machine of that name "
        "(TOKYO has Garoon5; OSAKA has no guest);"
    )


def test_nobody_is_told_to_run_a_scenario_against_its_newest_disk():
    backward = replace(SCENARIO, state=ScenarioState.STOPPED, direction=Direction.BACKWARD)
    said = unmet(lab(on="OSAKA", scenarios=(backward,)))
    assert "switch back first (guide 5)" in said[1]
    assert not any("run it first" in each for each in said)
    forward = replace(SCENARIO, state=ScenarioState.STOPPED)
    assert "run it first" in unmet(lab(scenarios=(forward,)))[0]


def test_what_a_drill_needs_of_the_scenario_is_checked():
    assert (
        "was created without Assured Recovery"
        in unmet(lab(scenarios=(replace(SCENARIO, assured_recovery=False),)), "6-1-assured-recovery")[0]
    )
    assert "is there already" in unmet(lab(), "3-create-scenario")[0]
    assert unmet(lab(scenarios=()), "3-create-scenario") == []
    assert "does not run" in unmet(lab(), "5-switchback-with-option")[0]
    assert "protects DC1, not Garoon" in unmet(lab(scenarios=(replace(SCENARIO, guests=("DC1",)),)))[0]


def test_in_a_lab_that_is_gone_with_the_run_the_scenario_may_be_brought_about():
    assert unmet(lab(scenarios=()), disposable=True) == []


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("2-readiness", {Need.GUEST_ON_MASTER}),
        ("4-1-clean-switchover", {Need.FORWARD_REPLICATION, Need.GUEST_ON_MASTER}),
        ("6-1-assured-recovery", {Need.GUEST_LOGIN, Need.ASSURED_RECOVERY}),
        ("6-2-host-maintenance", {Need.IDLE_SCENARIO}),
        ("4-2-host-failure", {Need.FAULTS}),
        ("interlocks", {Need.SIMULATOR, Need.NO_SCENARIO}),
        ("interlocks-business-hours", {Need.SIMULATOR, Need.BUSINESS_HOURS}),
    ],
)
def test_needs_are_the_sum_of_what_steps_declare(name, needed):
    for language in ("en", "ja"):
        [drill] = choose((name,), language, None)
        assert needed <= drill.needs


def test_of_the_shipped_drills_just_one_only_asks():
    asking = [drill.name for drill in choose((), "en", None) if not drill.changes]
    assert asking == ["2-readiness"]


def test_what_synchronises_or_switches_over_wants_quiet_hours():
    quiet = {drill.name for drill in choose((), "en", None) if drill.wants_quiet_hours}
    assert {"4-1-clean-switchover", "5-switchback", "3-create-scenario"} <= quiet
    assert not quiet & {"2-readiness", "interlocks-business-hours", "6-1-assured-recovery"}


def test_garoon_is_told_by_the_outermost_layer_that_does_not_work():
    sound = Examination(GaroonLayer.APPLICATION, True, Quoted("200"))
    broken = Examination(GaroonLayer.LOGIN_PAGE, False, Quoted("500, «Error»."))
    assert garoon_unmet((sound,), "http://g/") is None
    assert str(garoon_unmet((sound, broken), "http://g/")) == (
        "Garoon at http://g/ does not work before the drill: login page: 500, «Error»."
    )


def test_entries_in_garoon_change_neither_host():
    only = Preconditions(
        subject=SUBJECT, needs=frozenset(), changes=frozenset({Change.ENTER_IN_GAROON}), disposable=False
    )
    assert only.only_asks


def test_an_entry_on_the_master_host_is_made_where_the_guest_runs_there(tmp_path):
    feature = tmp_path / "enters.feature"
    steps = "    Given an entry has been made in Garoon on the master host\n"
    feature.write_text(f"Feature: It enters\n  Scenario: Once\n{steps}", encoding="utf-8")
    said = unmet(lab(on="OSAKA"), str(feature))
    assert "begins with it on TOKYO" in said[0]
