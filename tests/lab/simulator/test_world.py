from datetime import timedelta

import pytest

from lab.model.machines import Heartbeat, NetworkAdapter, PowerState
from lab.simulator.transitions import AlreadyInState, HyperVRefusal, PowerAction, transition
from tests.lab.simulator.premises import ADDRESS, PRODUCTION, premises


@pytest.fixture
def lab(tmp_path):
    return premises(tmp_path)


def test_at_the_beginning_garoon_runs_on_the_master_and_dc1_is_off(lab):
    garoon = lab.world.machine("Garoon", "MASTER")
    assert (garoon.state, garoon.heartbeat) == (PowerState.RUNNING, Heartbeat.OK)
    assert garoon.uptime_seconds == timedelta(hours=26).total_seconds()
    assert garoon.adapters == (NetworkAdapter("Network Adapter", PRODUCTION, "00155D0A0A10", (ADDRESS,)),)
    assert lab.state("MASTER", "DC1") == "Off"
    assert lab.world.machines("REPLICA") == ()


def test_who_answers_at_the_address_is_the_booted_guest(lab):
    assert lab.at_the_url() is lab.application("MASTER")
    lab.hyperv.turn_off("Garoon", "MASTER")
    assert lab.at_the_url() is None


def test_a_started_guest_runs_first_then_answers_then_is_heard_of(lab):
    seen = []

    def look():
        machine = lab.world.machine("DC1", "MASTER")
        booted = lab.world.running("DC1", "MASTER") is not None
        seen.append((lab.clock.monotonic(), machine.state.value, machine.heartbeat.value, booted))

    lab.world.subscribe(look)
    assert lab.hyperv.start("DC1", "MASTER") == lab.settings.start + timedelta(seconds=2)
    lab.wait(60)
    assert seen == [
        (0, "Starting", "None", False),
        (2, "Running", "NoContact", False),
        (27, "Running", "NoContact", True),
        (32, "Running", "Ok", True),
    ]


def test_a_guest_that_shuts_down_closes_its_application_at_once_and_is_off_after_its_time(lab):
    application = lab.application("MASTER")
    lab.hyperv.shut_down("Garoon", "MASTER")
    assert application.closed
    assert (lab.state("MASTER"), lab.at_the_url()) == ("Stopping", None)
    lab.wait(19)
    assert lab.state("MASTER") == "Stopping"
    lab.wait(1)
    assert lab.state("MASTER") == "Off"


def test_a_guest_turned_off_while_it_starts_stays_off(lab):
    lab.hyperv.start("DC1", "MASTER")
    lab.wait(5)
    lab.hyperv.turn_off("DC1", "MASTER")
    lab.wait(100)
    assert lab.state("MASTER", "DC1") == "Off"
    assert lab.world.running("DC1", "MASTER") is None


def test_a_guest_without_heartbeat_cannot_be_shut_down(lab):
    lab.hyperv.start("DC1", "MASTER")
    lab.wait(10)
    with pytest.raises(HyperVRefusal, match="NonInteractive") as refused:
        lab.hyperv.shut_down("DC1", "MASTER")
    assert refused.value.error_id == "InvalidOperation"
    assert lab.state("MASTER", "DC1") == "Running"


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (PowerState.STOPPING, PowerAction.START),
        (PowerState.STARTING, PowerAction.SHUT_DOWN),
        (PowerState.SAVED, PowerAction.SHUT_DOWN),
    ],
)
def test_an_undeclared_transition_is_refused_in_hyper_vs_words(state, action):
    with pytest.raises(HyperVRefusal, match="cannot be performed while the virtual machine is in its current state"):
        transition("Garoon", state, action)


def test_the_state_that_is_already_there_is_only_worth_a_warning():
    with pytest.raises(AlreadyInState, match="already in the specified state"):
        transition("Garoon", PowerState.RUNNING, PowerAction.START)


def test_an_unregistered_guest_is_not_found(lab):
    with pytest.raises(HyperVRefusal, match='Hyper-V was unable to find a virtual machine with name "Garoon"'):
        lab.hyperv.start("Garoon", "REPLICA")


def test_a_running_guest_is_not_unregistered(lab):
    with pytest.raises(HyperVRefusal, match="could not be removed"):
        lab.hyperv.unregister("Garoon", "MASTER")
    assert lab.state("MASTER") == "Running"


def test_a_guest_is_registered_once_and_only_where_its_disk_lies(lab):
    adapters = (NetworkAdapter("Network Adapter", PRODUCTION, "00155D0A0A10"),)
    with pytest.raises(HyperVRefusal, match="already registered"):
        lab.hyperv.register("Garoon", "MASTER", adapters)
    with pytest.raises(HyperVRefusal, match="was not found"):
        lab.hyperv.register("Garoon", "REPLICA", adapters)


def test_an_adapter_is_not_connected_to_a_switch_that_is_not_there(lab):
    with pytest.raises(HyperVRefusal, match='unable to find a virtual switch with name "検証ネットワーク"'):
        lab.hyperv.connect("Garoon", "MASTER", "Network Adapter", "検証ネットワーク")
    assert lab.at_the_url() is not None


def test_a_guest_off_the_production_network_does_not_answer_and_the_change_is_told(lab):
    told = []
    lab.world.subscribe(lambda: told.append(lab.at_the_url() is not None))
    lab.hyperv.connect("Garoon", "MASTER", "Network Adapter", "")
    lab.hyperv.connect("Garoon", "MASTER", "Network Adapter", PRODUCTION)
    assert told == [False, True]


def test_a_host_that_loses_its_power_takes_its_guests_down_and_starts_after_its_boot_time(lab):
    application = lab.application("MASTER")
    lab.world.power_off("MASTER")
    assert application.closed
    assert (lab.state("MASTER"), lab.at_the_url()) == ("Off", None)
    with pytest.raises(HyperVRefusal, match="MASTER does not answer"):
        lab.hyperv.start("Garoon", "MASTER")
    lab.world.power_on("MASTER")
    lab.wait(120)
    assert lab.world.hosts["MASTER"].powered
    assert lab.world.hosts["MASTER"].booted == lab.settings.start + timedelta(seconds=120)
    assert lab.state("MASTER") == "Off"


def test_the_same_seed_gives_the_same_disks_and_another_seed_other_ones(tmp_path):
    def system_disk(name, seed):
        lab = premises(tmp_path / name, seed=seed)
        return (lab.world.hosts["MASTER"].disk_folder("Garoon") / "system.vhd").read_bytes()

    assert system_disk("one", 7) == system_disk("again", 7)
    assert system_disk("third", 7) != system_disk("other", 8)


def test_closing_the_world_ends_every_application(lab):
    application = lab.application("MASTER")
    lab.world.close()
    assert application.closed


def test_subscribers_and_closing_applications_find_the_lock_free(tmp_path):
    lab = premises(tmp_path)
    import threading

    entered = []

    def from_another_thread():
        thread = threading.Thread(target=lambda: entered.append(lab.state("MASTER")), daemon=True)
        thread.start()
        thread.join(timeout=5)

    lab.application("MASTER").close = from_another_thread
    lab.world.subscribe(from_another_thread)
    lab.hyperv.turn_off("Garoon", "MASTER")
    assert entered == ["Off", "Off"]
