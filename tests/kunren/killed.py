"""Commands that SIGKILL ends at a chosen entry of their journal, and an operator at the manager of a real lab."""

import json
import os
import signal
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from pathlib import Path

import drills.nouns.scenario
import drills.waits
import kunren.running.performing
from journal.writer import JournalFile
from kunren.commands.run_options import BoardAsked
from lab.clock import SystemClock
from lab.errors import OperationRefused
from lab.model.replication import Product
from lab.opening import open_lab
from lab.simulator.operator import ManagerConsole, SimulatedOperator
from lab.simulator.rha.installation import RhaRefusal
from lab.site.file import load_site
from lab.site.profile import load_profile
from lab.site.simulation import SimulationSettings


class Instant(Enum):
    """Where in the writing of an entry: what it tells of may have been sent, and not noted, or noted, and not sent."""

    BEFORE = "before"
    TORN = "torn"
    AFTER = "after"


@dataclass(frozen=True)
class KillAt:
    """Entries count from 1."""

    entry: int
    instant: Instant

    def __call__(self):
        """In the process that is to be killed."""
        append, written = JournalFile._append, 0

        def killing(journal, text):
            nonlocal written
            written += 1
            if written == self.entry:
                if self.instant is Instant.TORN:
                    line = text.encode()
                    journal._file.write(line[: len(line) // 2])
                if self.instant is Instant.AFTER:
                    append(journal, text)
                os.kill(os.getpid(), signal.SIGKILL)
            append(journal, text)

        JournalFile._append = killing


@dataclass(frozen=True)
class KillWhen:
    """Right after the first entry that has all these fields."""

    fields: tuple[tuple[str, object], ...]

    def __call__(self):
        append = JournalFile._append

        def killing(journal, text):
            append(journal, text)
            if (
                dict(self.fields).items()
                <= {k: v for k, v in json.loads(text).items() if k in dict(self.fields)}.items()
            ):
                os.kill(os.getpid(), signal.SIGKILL)

        JournalFile._append = killing


def hasty():
    """Looks every second, as its clock is the wall's, and waits no longer where time itself is to pass."""
    for module in (drills.waits, drills.nouns.scenario):
        module.BETWEEN_LOOKS = timedelta(seconds=1)
    SystemClock.sleep = lambda _, duration: time.sleep(min(duration.total_seconds(), 1.0))


class Remote:
    """The Control Service of a lab in another process, as an operator's manager has it."""

    def __init__(self, lab):
        self._rha = lab.rha
        self.profile = load_profile("arcserve_rha")

    def scenario(self, name):
        found = self._rha.replication.scenario(name)
        return found and replace(found, product=Product.HIGH_AVAILABILITY.value)

    def statistics(self, name):
        figures, traffic = self._rha.statistics.synchronization(name), self._rha.statistics.traffic(name)
        return None if figures is None else Statistics(figures, traffic.replicated, traffic.in_spool)

    def events(self):
        return self._rha.replication.events(0)

    def engine(self, host):
        return self._rha.wizard.engines([host])[0]

    def run(self, name, method):
        _said(lambda: self._rha.restoring.run(name, method))

    def stop(self, name):
        _said(lambda: self._rha.restoring.stop(name))

    def switch_over(self, name, *, run_reverse):
        _said(lambda: self._rha.restoring.switch_over(name, run_reverse=run_reverse))


@dataclass(frozen=True)
class Statistics:
    synchronization: object
    replicated: int
    in_spool: int


def _said(act):
    try:
        act()
    except OperationRefused as error:
        raise RhaRefusal(str(error)) from error


@dataclass(frozen=True)
class Attended:
    """An operator attends every lab that the command opens, at the manager of the lab of `console`."""

    console: str

    def __call__(self):
        def attended(site, **options):
            console = ManagerConsole(Remote(open_lab(load_site(Path(self.console)))), None)
            operator = SimulatedOperator(console, SystemClock(), SimulationSettings())
            return open_lab(site, **{**options, "attendants": [operator]})

        kunren.running.performing.open_lab = attended
        BoardAsked.at_terminal = lambda *_, **__: None
