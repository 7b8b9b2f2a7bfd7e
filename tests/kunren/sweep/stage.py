"""A lab as `kunren lab` serves it in the role of a real site, a person at its manager, and its operator's commands."""

import json
import os
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Client, Listener

import drills.comparison
import drills.observation
import kunren.running.performing
import lab.drivers.operator.outcomes
from kunren.commands.run_options import BoardAsked
from kunren.sites.lab import _line
from lab.clock import SystemClock
from lab.model.tasks import Task
from lab.opening import open_lab
from lab.simulator.serving import SimulatedLab
from lab.site.simulation import SimulationSettings
from lab.waiting import wait_until
from tests.kunren.commands import run
from tests.kunren.divided import truth
from tests.kunren.real_lab import RealLab
from tests.kunren.visitor import without_browser

SPEED = 600.0
"""Lab seconds per second of the wall."""
SHORTEST_S = 0.1
"""Of the wall, between two looks."""
PATIENCE = timedelta(seconds=10)
LONGEST_S = 180
"""Of the wall, for one command."""
THINKING_S = 0.15
"""Of the wall, from a task to the hand on the mouse."""
MODES = {
    "powershell": '[rha]\nby = "mixed"\n',
    "operator": '[rha]\nby = "operator"\n',
}
"""Faults of 4-2 are made by people in both: commands of RHA make none."""
GUEST = '[guest]\nname = "Garoon"\n'
OFTEN_PROBED = "[measurement]\ninterval_seconds = 1\ntimeout_seconds = 1\nconfirmations = 1\n"


@dataclass(frozen=True)
class AtSpeed:
    """In a command: what it sleeps takes as long as in the lab, and what does not come is not awaited for hours."""

    speed: float

    def __call__(self):
        for module in (drills.observation, drills.comparison, lab.drivers.operator.outcomes):
            module.wait_until = _impatient
        SystemClock.sleep = lambda _, duration: time.sleep(max(SHORTEST_S, duration.total_seconds() / self.speed))


def _impatient(*asked, within, **options):
    return wait_until(*asked, within=max(PATIENCE, within / 60), **options)


@dataclass(frozen=True)
class Attended:
    """In a command: the person at the manager of the stage attends each lab that it opens."""

    address: str

    def __call__(self):
        kunren.running.performing.open_lab = lambda site, **options: open_lab(
            site, **{**options, "attendants": [Line(self.address)]}
        )
        BoardAsked.at_terminal = lambda *_, **__: None


class Line:
    """To a person who lives on when Kunren is killed."""

    waits = False
    people = ()

    def __init__(self, address):
        self._address = address

    def opened(self, request):
        with Client(self._address) as line:
            line.send(request)
            return line.recv()

    def closed(self, request):
        """The person has answered."""


class PersonAtManager:
    """Does tasks at the manager of a lab. One who is `dutiful` does them also when nobody waits for it any more."""

    def __init__(self, lab, folder):
        self.dutiful = True
        self.thinks_s = THINKING_S
        self._operator = lab.operator
        self._listener = Listener(str(folder / "person"))
        self._at_work = threading.Semaphore(0)
        self._tasks = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self):
        return self._listener.address

    def idle(self):
        """Returns once nothing is done any more."""
        for task in list(self._tasks):
            task.join()
        self._tasks.clear()

    def close(self):
        self._listener.close()

    def _listen(self):
        while True:
            try:
                line = self._listener.accept()
            except (OSError, EOFError):
                return
            work = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._tasks.append(work)
            work.start()

    def _serve(self, line):
        with line:
            try:
                request = line.recv()
            except (EOFError, OSError):
                return
            if isinstance(request.request, Task):
                time.sleep(self.thinks_s)
                if not self.dutiful and line.poll(0):
                    return
            answer = self._operator.opened(request)
            try:
                line.send(answer)
            except OSError:
                return  # who has asked is dead


class Stage:
    """Replicates from the beginning on, as `before` says, unless it is to be `idle`."""

    def __init__(self, folder, speed=SPEED, *, of=SimulatedLab, idle=False):
        folder.mkdir()
        self.idle = idle
        self.folder = folder
        self._lab = of(SimulationSettings(operator_thinks=0.001), speed=speed)
        self.line = line = json.loads(_line(self._lab, manager=""))
        os.environ |= {
            "HOST_PASSWORD": line["hosts"]["master"]["password"],
            "REPLICA_PASSWORD": line["hosts"]["replica"]["password"],
            "GAROON_PASSWORD": line["garoon"]["password"],
            "GUEST_PASSWORD": line["guest"]["password"],
        }
        login = f'{GUEST}user = "{line["guest"]["user"]}"\npassword_from = "GUEST_PASSWORD"\n'
        self.at_console = RealLab(line, folder)
        self.at_console.replicate()
        if idle:
            self.at_console.stop()
        permitted = "drills = true\nfaults = true\n"
        self.sites = {
            mode: self.at_console.site(
                f"{mode}.toml",
                edit=lambda text, by=by: (
                    text.replace(GUEST, login).replace("drills = true\n", permitted) + by + OFTEN_PROBED
                ),
            )
            for mode, by in MODES.items()
        }
        self.person = PersonAtManager(self._lab, folder)
        self.hooks = [AtSpeed(speed), Attended(self.person.address)]
        self.before = self.truth()

    def truth(self):
        return truth(self._lab)

    def command(self, *arguments, kills=()):
        return run(*arguments, before=[without_browser, *self.hooks, *kills], timeout=LONGEST_S)

    def close(self):
        self.person.close()
        self.at_console.close()
        self._lab.close()
