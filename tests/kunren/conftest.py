"""Runs of the real command, each in a process of its own as a user starts it."""

import fcntl
import json
import os
import pickle
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kunren.commands import REPOSITORY, run
from tests.kunren.visitor import seldom_probed, without_browser
from tests.readable import told

PASSWORD_OF_A_LAB = re.compile(rb"(lab|drill|guest)-[0-9a-f]{20}")
"""What passwords of simulated labs look like, which are new in each."""
SIMULATED = REPOSITORY / "lab" / "site" / "simulated.toml"
SELDOM_PROBED = SIMULATED.read_text(encoding="utf-8").replace("interval_seconds = 10", "interval_seconds = 60")
"""For drills that last for hours of the lab, in which probes are most of the work."""

MOVES = """Feature: A short switchover
  Scenario: Move the guest
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    Then the event "スイッチオーバーが完了しました。" appears within 15 minutes
    And the virtual machine is registered and "running" on the replica host
"""
"""The shortest drill that moves the guest."""


@dataclass(frozen=True)
class Run:
    """A finished `kunren drill`: how it ended, what it printed, and its record."""

    code: int
    stdout: str
    stderr: str
    folder: Path
    cpu_seconds: float = 0.0
    """Of the command and all it started: CPU time on an otherwise idle core."""

    @property
    def journal(self):
        """Told in the language of the run."""
        lines = [json.loads(line) for line in (self.folder / "journal.jsonl").read_text().splitlines()]
        return [told(line, lines[0]["language"]) for line in lines]

    @property
    def report(self):
        return (self.folder / "report.html").read_text()

    def entries(self, what):
        return [entry for entry in self.journal if entry["what"] == what]

    def not_passed(self):
        """The text of each step that ended otherwise than passed, with its outcome and the seen state."""
        plan = {drill["drill"]: drill for drill in self.entries("run.began")[0]["drills"]}
        return [
            (
                plan[step["drill"]]["chapters"][step["chapter"]]["steps"][step["step"]]["text"],
                step["outcome"],
                step.get("seen") or step.get("error", {}).get("text", ""),
            )
            for step in self.entries("step.ended")
            if step["outcome"] != "passed"
        ]


def drill(folder, *arguments, before=()):
    """The command in a process of its own, in which each of `before` is called first."""
    done = run("drill", *arguments, "--out", folder, before=before)
    return Run(done.returncode, done.stdout, done.stderr, folder)


def drill_without_browser(folder, *arguments, before=(), probed=False):
    """Where it is not the pages that are looked at, and not what probes find either, unless it is `probed`."""
    return drill(folder, *arguments, before=[without_browser, *([] if probed else [seldom_probed]), *before])


def drill_anew(folder, *arguments):
    """In a Python that loads everything itself, and has a seed of its own for hashes."""
    spent = cpu_of_children()
    done = subprocess.run(
        [sys.executable, "-m", "kunren", "drill", *map(str, arguments), "--out", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr, folder, (cpu_of_children() - spent) / slowness())


def once(tmp_path_factory, perform, name, *arguments):
    """One run for all that look at it, in whichever process of the suite."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    kept = folder / "run"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(perform(folder / "record", *arguments)))
    return pickle.loads(kept.read_bytes())


def slowness():
    """How much longer a second of this core's time is at present than that of an idle one, on which a million
    additions take 0.05 s: a busy neighbour shares its caches and its clock."""
    began = time.process_time()
    total = 0
    for number in range(1_000_000):
        total += number
    return max(1.0, (time.process_time() - began) / 0.05)


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def site_with(folder, simulation):
    """The simulated site with lines added to its table [simulation], which is the last."""
    path = folder / "site.toml"
    path.write_text(SIMULATED.read_text() + simulation)
    return path


@pytest.fixture(scope="session")
def clean_switchover(tmp_path_factory):
    return once(tmp_path_factory, drill_anew, "clean-switchover", "4-1-clean-switchover")


@pytest.fixture(scope="session")
def clean_switchover_ja(tmp_path_factory):
    def perform(folder):
        return drill_without_browser(folder, "4-1-clean-switchover", "--lang", "ja", probed=True)

    return once(tmp_path_factory, perform, "clean-switchover-ja")


@pytest.fixture(scope="session", params=["en", "ja"])
def assured_recovery(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "record"
    return drill(folder, "6-1-assured-recovery", "--lang", request.param)
