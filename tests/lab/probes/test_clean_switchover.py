"""What a user entered before a switchover is, after it, in the database file on the replica's disk and at the URL."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from lab.model.replication import NetworkMapping, ScenarioPlan, ScenarioState, SynchronizationMethod
from lab.opening import open_lab
from lab.simulator import serving
from lab.site.file import SIMULATED, load_site
from lab.waiting import wait_until

SCENARIO = "CybozuGaroonHyper-V"


@pytest.fixture
def opened(monkeypatch):
    """The lab as drivers see it, and the simulated one behind it."""
    behind = []
    simulated = serving.SimulatedLab
    monkeypatch.setattr(serving, "SimulatedLab", lambda settings: behind.append(simulated(settings)) or behind[0])
    with open_lab(load_site(SIMULATED, {})) as lab:
        yield lab, behind[0]


def await_state(lab, state):
    waited = wait_until(
        lambda: lab.rha.replication.scenario(SCENARIO).state,
        lambda seen: seen is state,
        clock=lab.clock,
        within=timedelta(minutes=30),
        every=timedelta(seconds=15),
    )
    assert waited.met, waited.seen


def titles_on_disk(simulated, host):
    database = simulated.world.hosts[host].disk_folder("Garoon") / "garoon.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {title for (title,) in connection.execute("SELECT detail FROM events")}


@pytest.mark.browser
def test_an_entry_is_on_the_replicas_disk_and_in_the_browser_at_the_unchanged_url(opened):
    lab, simulated = opened
    networks = (NetworkMapping("本番ネットワーク", "本番ネットワーク"),)
    lab.rha.wizard.create(
        ScenarioPlan(name=SCENARIO, master="MASTER", replica="REPLICA", guests=("Garoon",), network_mapping=networks)
    )
    lab.rha.replication.run(SCENARIO, SynchronizationMethod.BLOCK)
    await_state(lab, ScenarioState.RUNNING)
    browser = lab.garoon.browser()
    browser.log_in()
    marker = browser.write_marker("切替前の予定")
    assert "切替前の予定" in titles_on_disk(simulated, "MASTER")
    assert "切替前の予定" not in titles_on_disk(simulated, "REPLICA")

    lab.rha.replication.switch_over(SCENARIO, run_reverse=False)
    await_state(lab, ScenarioState.STOPPED)

    assert simulated.world.running("Garoon", "MASTER") is None
    assert simulated.world.running("Garoon", "REPLICA") is not None
    assert "切替前の予定" in titles_on_disk(simulated, "REPLICA")
    assert browser.find_marker(marker) == "切替前の予定"
    assert browser.capture().url.startswith("http://cybozu.ca.com/scripts/cbgrn/grn.exe/")
