"""Real signals to a real process that drills a lab of another process: what it says of the lab in the end is true.

Kunren's own clock is the wall's here, and it looks every 15 seconds: each of these takes a minute.
"""

import signal
import time

import pytest

from lab.model.replication import ScenarioState
from tests.kunren.real_lab import Beside, real_lab

MOVES = """Feature: A short switchover
  Scenario: Move the guest
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
"""
pytestmark = [pytest.mark.browser, pytest.mark.controls]


@pytest.fixture
def lab(tmp_path):
    with real_lab(tmp_path, "--speed", "60") as lab:
        lab.replicate()
        yield lab


def moving(lab, folder):
    feature = folder / "moves.feature"
    feature.write_text(MOVES, encoding="utf-8")
    return Beside(folder / "record", feature, "--site", lab.site(), "--confirm", "tokyo")


def commanded(entry):
    return entry["what"] == "undertaking" and entry["change"] == "switch over"


def boots_on_the_replica(entry):
    return entry["what"] == "guest" and (entry["host"], entry["state"]) == ("REPLICA", "Running")


def as_before(lab):
    return lab.guests().get("master") == "Running" and lab.scenario().state is ScenarioState.RUNNING


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGINT, commanded), (signal.SIGTERM, boots_on_the_replica)],
    ids=["INT commanded", "TERM booting"],
)
def test_a_guest_that_is_being_moved_comes_back_before_the_process_ends(number, moment, lab, tmp_path):
    drill = moving(lab, tmp_path)
    drill.await_entry(moment)
    drill.stop(number)
    code, out, err = drill.ended()
    assert code == 130, out + err
    assert out.splitlines()[-1] == "The lab is as it was before."
    assert as_before(lab)


def test_a_second_signal_ends_the_waiting_and_where_the_guest_is_left_is_told(lab, tmp_path):
    drill = moving(lab, tmp_path)
    drill.await_entry(boots_on_the_replica)
    drill.stop(signal.SIGTERM)
    time.sleep(2.5)  # two signals within two seconds are one request
    drill.stop(signal.SIGINT)
    code, out, err = drill.ended(within=60)
    assert (code, out.splitlines()[-1]) == (5, "THE LAB IS NOT AS IT WAS BEFORE."), out + err
    assert "waits are cut short" in err
    assert not as_before(lab)
    [ended] = [entry for entry in drill.journal() if entry["what"] == "restore.ended"]
    assert ended["restored"] is False
    assert any("REPLICA/Garoon" in line or "RHA/" in line for line in ended["differences"])
