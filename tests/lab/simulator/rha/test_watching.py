"""The watch by Is Alive: what counts as a fault, the countdown, who is started where, and what is lost."""

from datetime import timedelta

import pytest

from lab.model.faults import Fault
from lab.model.replication import Initiation, ScenarioState, SynchronizationMethod
from lab.simulator.faults import SimulatedFaults
from lab.simulator.mutations.catalogue import CATALOGUE
from tests.lab.simulator.premises import COMPLETED, SCENARIO, premises

NEEDED = "マスタ ホストは応答していません。スイッチオーバーが必要です"
CALLED_OFF = "マスタ ホストが応答しました。スイッチオーバー処理を中断しました。"


class Watched:
    """A lab that replicates and is watched, and its faults."""

    def __init__(self, folder, *mutations, switchover=Initiation.AUTOMATIC, **settings):
        self.lab = premises(folder, mutations=mutations, **settings)
        self.faults = SimulatedFaults(self.lab.world, "Garoon")
        self.lab.create(switchover=switchover)
        self.lab.replicate()
        assert self.lab.rha.scenario(SCENARIO).is_alive

    def begin(self, fault):
        self.faults.begin(fault)
        self.struck = self.lab.clock.now()

    def seconds_of(self, text):
        """When the first event with that text came, in seconds after the fault."""
        for event in self.lab.rha.events():
            if text in event.message:
                began = self.struck.replace(tzinfo=None)
                return (type(began).strptime(event.time, "%Y/%m/%d %H:%M:%S") - began).total_seconds()
        return None

    @property
    def places(self):
        return {host for host in ("MASTER", "REPLICA") if self.lab.state(host) == "Running"}


@pytest.fixture
def watched(tmp_path):
    return Watched(tmp_path)


ENDS_ON_THE_REPLICA = [
    Fault.POWER_CUT,
    Fault.GUEST_DAMAGE,
    Fault.GUEST_HANG,
    Fault.HYPERV_SERVICE_STOPPED,
]


@pytest.mark.parametrize("fault", ENDS_ON_THE_REPLICA, ids=lambda fault: fault.value)
def test_a_fault_of_host_guest_or_hyperv_service_is_switched_over_when_the_countdown_has_run_out(watched, fault):
    watched.begin(fault)
    watched.lab.wait(300)
    assert "REPLICA" not in watched.places
    watched.lab.wait(120)
    assert watched.places == {"REPLICA"}
    assert COMPLETED in watched.lab.messages()
    assert 300 <= watched.seconds_of("スイッチオーバーを開始しました。") <= 330
    assert watched.lab.scenario_state() is ScenarioState.STOPPED


def test_the_event_view_counts_down_heartbeat_by_heartbeat(watched):
    watched.begin(Fault.POWER_CUT)
    watched.lab.wait(400)
    counts = [message.split()[-2] for message in watched.lab.messages() if "カウントダウン" in message]
    assert counts == ["300", "270", "240", "210", "180", "150", "120", "90", "60", "30"]


def test_heartbeat_and_time_out_can_be_set(tmp_path):
    watched = Watched(tmp_path, heartbeat_interval=timedelta(seconds=10), timeout=timedelta(seconds=60))
    watched.begin(Fault.POWER_CUT)
    watched.lab.wait(80)
    assert 60 <= watched.seconds_of("スイッチオーバーを開始しました。") <= 70


def test_a_crashed_guest_is_started_on_the_master_and_the_switchover_called_off(watched):
    watched.begin(Fault.GUEST_CRASH)
    watched.lab.wait(120)
    assert watched.places == {"MASTER"}
    assert watched.seconds_of(CALLED_OFF) <= 90
    watched.lab.wait(600)
    assert COMPLETED not in watched.lab.messages()
    assert watched.lab.scenario_state() is ScenarioState.RUNNING
    watched.lab.application("MASTER").write("after the crash")
    watched.lab.wait(10)
    watched.lab.switch_over()
    assert watched.lab.at_the_url().lines() == ["after the crash"]


def test_a_second_crash_is_tried_again(watched):
    for _ in range(2):
        watched.begin(Fault.GUEST_CRASH)
        watched.lab.wait(180)
        assert watched.places == {"MASTER"}


def test_the_guest_is_started_as_often_as_set(tmp_path):
    watched = Watched(tmp_path, guest_start_attempts=3)
    watched.begin(Fault.GUEST_DAMAGE)
    watched.lab.wait(400)
    assert sum("起動を試行" in message for message in watched.lab.messages()) == 3


@pytest.mark.parametrize("fault", [Fault.POWER_CUT, Fault.GUEST_DAMAGE, Fault.LINE_CUT])
def test_with_manual_switchover_the_operator_is_told_once_and_nothing_moves(tmp_path, fault):
    watched = Watched(tmp_path, switchover=Initiation.MANUAL)
    watched.begin(fault)
    watched.lab.wait(3600)
    assert "REPLICA" not in watched.places
    assert watched.lab.messages().count(NEEDED) == 1
    assert watched.lab.scenario_state() is ScenarioState.RUNNING
    watched.lab.switch_over()
    assert "REPLICA" in watched.places


def test_with_manual_switchover_a_crashed_guest_is_started_all_the_same(tmp_path):
    watched = Watched(tmp_path, switchover=Initiation.MANUAL)
    watched.begin(Fault.GUEST_CRASH)
    watched.lab.wait(120)
    assert watched.places == {"MASTER"}
    assert NEEDED not in watched.lab.messages()


def test_a_cut_line_with_automatic_switchover_makes_the_guest_run_twice(watched):
    watched.begin(Fault.LINE_CUT)
    watched.lab.wait(420)
    assert watched.places == {"MASTER", "REPLICA"}
    assert watched.lab.at_the_url() is watched.lab.application("MASTER")


def test_a_mended_line_calls_the_switchover_off_and_what_waited_is_replicated(tmp_path):
    watched = Watched(tmp_path, switchover=Initiation.MANUAL)
    watched.begin(Fault.LINE_CUT)
    watched.lab.application("MASTER").write("while the line was cut")
    watched.lab.wait(600)
    copy = watched.lab.world.hosts["REPLICA"].disk_folder("Garoon") / "notes.txt"
    assert not copy.exists()
    watched.faults.end(Fault.LINE_CUT)
    watched.lab.wait(60)
    assert CALLED_OFF in watched.lab.messages()
    assert copy.read_text(encoding="utf-8").splitlines() == ["while the line was cut"]


def test_of_what_was_written_before_a_power_cut_the_lag_decides_what_is_lost(watched):
    watched.lab.application("MASTER").write("arrived")
    watched.lab.wait(2)
    watched.lab.application("MASTER").write("on its way")
    watched.lab.wait(1.9)
    watched.begin(Fault.POWER_CUT)
    watched.lab.wait(420)
    assert watched.lab.application("REPLICA").lines() == ["arrived"]


def test_nothing_is_lost_when_only_the_guest_dies(watched):
    watched.lab.application("MASTER").write("at last")
    watched.begin(Fault.GUEST_DAMAGE)
    watched.lab.wait(420)
    assert watched.lab.application("REPLICA").lines() == ["at last"]


def test_after_the_power_returns_the_guest_stays_off_on_the_master(watched):
    watched.begin(Fault.POWER_CUT)
    watched.lab.wait(420)
    watched.faults.end(Fault.POWER_CUT)
    watched.lab.wait(300)
    assert watched.places == {"REPLICA"}
    assert watched.lab.state("MASTER") == "Off"


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.value)
def test_every_fault_can_be_begun_and_ended_twice(watched, fault):
    for _ in range(2):
        watched.begin(fault)
        watched.faults.end(fault)
        watched.lab.wait(300)
    assert len(watched.places) == 1


@pytest.mark.parametrize("fault", [Fault.GUEST_DAMAGE, Fault.GUEST_HANG])
def test_a_guest_that_is_repaired_or_reset_is_healthy_again(watched, fault):
    watched.begin(fault)
    watched.lab.wait(60)
    watched.faults.end(fault)
    watched.lab.wait(120)
    assert watched.lab.application("MASTER") is watched.lab.at_the_url() is not None
    assert watched.places == {"MASTER"}


def test_a_stopped_scenario_does_not_watch(watched):
    watched.lab.rha.stop(SCENARIO)
    watched.begin(Fault.POWER_CUT)
    watched.lab.wait(3600)
    assert watched.places == set()


def test_the_reversed_scenario_is_not_run_while_the_line_is_cut(watched):
    watched.lab.switch_over()
    watched.begin(Fault.LINE_CUT)
    with pytest.raises(Exception, match="接続できません"):
        watched.lab.rha.run(SCENARIO, SynchronizationMethod.BLOCK)


DEVIATIONS = {
    "host-not-watched": (Fault.POWER_CUT, Initiation.AUTOMATIC, set()),
    "hyperv-service-not-watched": (Fault.HYPERV_SERVICE_STOPPED, Initiation.AUTOMATIC, {"MASTER"}),
    "guest-os-not-watched": (Fault.GUEST_HANG, Initiation.AUTOMATIC, {"MASTER"}),
    "guest-not-started-again": (Fault.GUEST_CRASH, Initiation.AUTOMATIC, {"REPLICA"}),
    "switchover-not-called-off": (Fault.GUEST_CRASH, Initiation.AUTOMATIC, {"REPLICA"}),
    "dead-guest-stays": (Fault.GUEST_DAMAGE, Initiation.AUTOMATIC, {"MASTER"}),
    "no-attempt-when-manual": (Fault.GUEST_CRASH, Initiation.MANUAL, set()),
    "manual-switches-over": (Fault.POWER_CUT, Initiation.MANUAL, {"REPLICA"}),
    "cut-line-switches-over": (Fault.LINE_CUT, Initiation.MANUAL, {"MASTER", "REPLICA"}),
}


@pytest.mark.parametrize("mutation", DEVIATIONS)
def test_a_mutation_ends_elsewhere(tmp_path, mutation):
    assert mutation in CATALOGUE
    fault, switchover, places = DEVIATIONS[mutation]
    watched = Watched(tmp_path, mutation, switchover=switchover)
    watched.begin(fault)
    watched.lab.wait(900)
    assert watched.places == places
