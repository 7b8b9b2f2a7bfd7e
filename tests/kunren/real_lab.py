"""A simulated lab in a process of its own that a site file calls real, and its administrator at the console."""

import json
import os
import signal
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from lab.clock import SystemClock
from lab.model.hosts import HostRole
from lab.model.replication import Initiation, NetworkMapping, ScenarioPlan, ScenarioState, SynchronizationMethod
from lab.opening import open_lab
from lab.site.file import load_site
from lab.site.profile import load_profile
from lab.waiting import wait_until
from tests.kunren.commands import Command
from tests.kunren.sites.test_lab import served
from tests.kunren.visitor import without_browser
from tests.under_way import entries_so_far

SITE = """
name = "tokyo"
language = "en"
[hosts.master]
name = "{names[0]}"
winrm = "{master[winrm]}"
user = "{master[user]}"
password_from = "HOST_PASSWORD"
[hosts.replica]
name = "{names[1]}"
winrm = "{replica[winrm]}"
user = "{replica[user]}"
password_from = "REPLICA_PASSWORD"
[guest]
name = "Garoon"
[replication]
scenario = "{scenario}"
control_service = "replica"
profile = "arcserve_rha"
discovery = "discovery.json"
[garoon]
url = "{garoon[url]}"
connect = "{garoon[connect]}"
user = "{garoon[user]}"
password_from = "GAROON_PASSWORD"
[permissions]
changes = true
drills = true
"""
CONTROL = """
[hosts.control]
name = "CONTROL"
winrm = "{control[winrm]}"
user = "{control[user]}"
password_from = "CONTROL_PASSWORD"
"""
SCENARIO = "CybozuGaroonHyper-V"
LONG = timedelta(minutes=3)


class RealLab:
    """The lab as its administrator has it: `at_console` are ports that act at once, without a question."""

    def __init__(self, line, folder):
        self.line = line
        self.folder = folder
        operations = load_profile("arcserve_rha").operations.values()
        commands = {each.command: [] for each in operations}
        for each in operations:
            commands[each.command] += each.parameters.values()
        (folder / "discovery.json").write_text(json.dumps({"snap_ins": [], "commands": commands}), encoding="utf-8")
        self.at_console = open_lab(load_site(self.site("console.toml")))

    def site(self, name="tokyo.toml", *, scenario=SCENARIO, names=("MASTER", "REPLICA"), edit=lambda text: text):
        file = self.folder / name
        text = SITE.format(garoon=self.line["garoon"], scenario=scenario, names=names, **self.line["hosts"])
        if "control" in self.line["hosts"]:
            text = text.replace('"replica"\n', '"control"\n') + CONTROL.format(**self.line["hosts"])
        file.write_text(edit(text), encoding="utf-8")
        return file

    def scenario(self):
        return self.at_console.rha.replication.scenario(SCENARIO)

    def guests(self):
        """Host → power state of Garoon, where it is registered."""
        found = {role: self.at_console.hosts[role].hyperv.machine("Garoon") for role in HostRole}
        return {role.value: machine.state.value for role, machine in found.items() if machine is not None}

    def create(self, name=SCENARIO, *, switchover=Initiation.AUTOMATIC):
        self.at_console.rha.wizard.create(
            ScenarioPlan(
                name=name,
                master="MASTER",
                replica="REPLICA",
                guests=("Garoon",),
                switchover=switchover,
                network_mapping=(NetworkMapping("本番ネットワーク", "本番ネットワーク"),),
            )
        )

    def run(self):
        self.at_console.rha.restoring.run(SCENARIO, SynchronizationMethod.BLOCK)

    def replicate(self):
        if self.scenario() is None:
            self.create()
        self.run()
        self.until(lambda: self.scenario().state is ScenarioState.RUNNING)

    def stop(self):
        self.at_console.rha.restoring.stop(SCENARIO)
        self.until(lambda: self.scenario().state is ScenarioState.STOPPED)

    def switch_over(self):
        self.at_console.rha.restoring.switch_over(SCENARIO, run_reverse=False)

    def until(self, holds):
        waited = wait_until(
            holds, lambda seen: seen, clock=SystemClock(), within=LONG, every=timedelta(milliseconds=200)
        )
        assert waited.met

    def close(self):
        self.at_console.close()


@contextmanager
def real_lab(folder, *arguments):
    with served(*arguments) as line:
        passwords = {
            "HOST_PASSWORD": line["hosts"]["master"]["password"],
            "REPLICA_PASSWORD": line["hosts"]["replica"]["password"],
            "GAROON_PASSWORD": line["garoon"]["password"],
            "CONTROL_PASSWORD": line["hosts"].get("control", {}).get("password", ""),
        }
        with mock.patch.dict(os.environ, passwords):
            lab = RealLab(line, folder)
            try:
                yield lab
            finally:
                lab.close()


class Beside:
    """A drill in a process of its own that goes on beside the test."""

    def __init__(self, record, *arguments, before=()):
        self.record = record
        self._process = Command("drill", *arguments, "--out", record, before=[without_browser, *before])

    def journal(self):
        return entries_so_far(self.record / "journal.jsonl")

    def await_entry(self, wanted):
        """Returns once an entry of the journal is as `wanted` says, or the process has ended."""
        give_up = time.monotonic() + 90
        while time.monotonic() < give_up:
            if any(wanted(entry) for entry in self.journal()) or self._process.poll() is not None:
                return
            time.sleep(0.05)
        raise AssertionError("the entry has not come")

    def kill(self):
        self._process.kill()
        self._process.communicate()

    def stop(self, number=signal.SIGTERM):
        self._process.send_signal(number)

    def ended(self, within=120):
        out, err = self._process.communicate(timeout=within)
        return self._process.returncode, out, err


def changes(run):
    """The scripts that a run sent to change something, without the lease on the Control Service's host."""
    return [entry["script"] for entry in run.entries("call") if entry["changes"]]
