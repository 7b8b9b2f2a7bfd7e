"""One drill of a run: what it needs, and what came of it for the run."""

from __future__ import annotations

import getpass
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from drills.interruption import Stops
from drills.left_behind import LeftBehind
from drills.performance import WayBack
from drills.preflight.changes import Former
from drills.reading import PlannedDrill
from drills.run import DrillRun
from drills.stop_watch import StopWatch
from drills.tenure import Tenure
from journal.evidence import EvidenceStore
from journal.writer import Journal
from kunren.records.elsewhere import Place
from kunren.records.exercise import Exercise
from kunren.records.registration import Registration
from kunren.running.stopping import Stopping
from lab.clock import SystemClock
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.model.lease import Lease
from lab.opening import Lab, open_lab
from lab.ports import Attendant, CallObserver, Clock, Pauses
from lab.safety.lease import this_system
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site.file import Site
from words import Language, Told, sentence

if TYPE_CHECKING:  # a run without a board loads no web server
    from kunren.people.asking import TerminalAttendant
    from kunren.people.boarding import RunBoard
    from kunren.running.ahead import BrowserAhead


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Options of a run; `in_business_hours` and `confirmed` are as the operator gave them."""

    site: Site
    language: Language
    in_business_hours: str = ""
    confirmed: str | None = None
    stops: Stops = field(default_factory=Stops)
    way_back: WayBack = field(default_factory=WayBack)
    takeover: str = ""
    record: Path = Path()
    board: RunBoard | None = None
    terminal: TerminalAttendant | None = None
    """Who is asked at the terminal, where no board is open."""
    browser: BrowserAhead | None = None
    """One that is starting already."""
    left: LeftBehind | None = None
    """What is undone in place of a drill."""
    exercise: Exercise | None = None
    """What people planned."""
    registration: Registration | None = None
    """Made before the record has a folder."""
    register_to: tuple[Place, ...] = ()
    """Where the pre-registration goes as well."""
    former: Former | None = None
    """The site as a former run has seen it; the first drill tells what has changed."""

    @property
    def one_by_one(self) -> bool:
        """Whether people answer, who cannot be in several drills at once."""
        return self.board is not None or self.terminal is not None

    @property
    def pauses(self) -> Pauses | None:
        """Of the board, or else of the terminal."""
        if self.board is not None:
            return self.board.pauses
        return None if self.terminal is None else self.terminal.pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillOutcome:
    """How a drill ended, beyond what its journal records."""

    stopped: bool = False
    not_ready: tuple[Told, ...] = ()
    login_refused: bool = False
    not_restored: bool = False
    record_lost: Told | None = None
    internal_error: str = ""
    died: Told | None = None
    """Why its process died, if it did."""

    @property
    def ends_the_run(self) -> bool:
        """No further drill begins on a lab that is not as it was, nor is a refused login tried again."""
        return self.stopped or self.login_refused or self.not_restored or bool(self.record_lost or self.internal_error)


def perform_drill(
    drill: PlannedDrill,
    under: RunOptions,
    browser_driver: BrowserDriver,
    journal: Journal,
    evidence: EvidenceStore,
) -> DrillOutcome:
    journal.clock = clock_before(under.site)
    journal.must_keep = True
    run = DrillRun(
        drill=drill,
        open_lab=lambda observer: opened_lab(under, browser_driver, observer),
        subject=under.site.subject,
        language=under.language,
        journal=journal,
        evidence=evidence,
        stops=under.stops,
        way_back=under.way_back,
        tenure=Tenure(lambda clock: new_lease(under, clock), under.takeover),
        pauses=under.pauses,
        left=under.left,
        former=under.former,
    )
    with _within_limits(under, journal) as run.watch:
        run.perform()
    if journal.lost:
        return DrillOutcome(stopped=under.stops.asked, record_lost=journal.lost, not_restored=run.not_restored)
    refused = run.not_ready
    return DrillOutcome(
        stopped=under.stops.asked,
        not_ready=() if refused is None else refused.findings,
        login_refused=refused is not None and refused.login_refused,
        not_restored=run.not_restored,
        internal_error=journal.masking.text(run.internal_error),
    )


@contextmanager
def _within_limits(under: RunOptions, journal: Journal) -> Iterator[StopWatch]:
    """Asks the run to stop when the time for a drill is over, or what its site does not want to bear longer is seen."""
    stop = Stopping(under.stops, journal)
    journal.watch = watch = StopWatch(under.site.stop, under.site.subject, stop)
    try:
        with _at_most(under.site.limits.drill, stop):
            yield watch
    finally:
        journal.watch = None


@contextmanager
def _at_most(limit: timedelta | None, stop: Stopping) -> Iterator[None]:
    if limit is None:
        yield
        return
    over = sentence("stop.drill", minutes=f"{limit / timedelta(minutes=1):g}")
    timer = threading.Timer(limit.total_seconds(), stop, (over,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def opened_lab(under: RunOptions, browser_driver: BrowserDriver, observer: CallObserver) -> Lab:
    """Those who attend are asked; a person who breaks a task off asks the run to stop."""
    lab = open_lab(
        under.site,
        observer=observer,
        in_business_hours=bool(under.in_business_hours),
        browser_driver=browser_driver,
        attendants=_attendants(under),
    )
    if lab.simulated is not None:
        lab.simulated.keep_whole(under.stops.whole)
    if lab.people is not None:
        lab.people.abort = under.stops
        for served in (under.board, under.terminal):
            if served is not None:
                served.serve(lab)
    return lab


def _attendants(under: RunOptions) -> tuple[Attendant, ...]:
    """The board's or the terminal's."""
    if under.board is not None:
        return (under.board.attendant,)
    return () if under.terminal is None else (under.terminal,)


def new_lease(under: RunOptions, clock: str) -> Lease:
    """Who drills the site from now on; `clock` is that of the host the lease lies on."""
    return Lease(
        token=uuid.uuid4().hex,
        site=under.site.name,
        owner=getpass.getuser(),
        controller=socket.gethostname(),
        pid=os.getpid(),
        system=this_system(),
        record=str(under.record.absolute()),
        began=SystemClock().now().isoformat(timespec="seconds"),
        renewed=clock,
        took_over=under.takeover,
    )


def clock_before(site: Site) -> Clock:
    """The lab's clock before the lab is opened: a simulated one still stands at its first instant."""
    return SystemClock(site.time_zone) if site.simulation is None else standing(site.simulation.start)


def standing(instant: datetime) -> Clock:
    timeline = Timeline(instant)
    return SimulatedClock(timeline, Jumping(timeline))
