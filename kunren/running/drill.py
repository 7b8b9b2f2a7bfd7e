"""`kunren drill`: performs drills on a site and leaves a record with its report."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

import reports
from drills.preflight.records import SiteRecords
from drills.reading import PlannedDrill
from journal.course import DrillBegan, DrillEnded, Ending, RestoreBegan, RestoreEnded, RunEnded
from journal.entry import Entry
from journal.evidence import EvidenceStore
from journal.seen import OperatorAnswer, Undertaken
from journal.writer import JournalFile, JournalUnwritable, RecordLost
from kunren.controls import last_controls
from kunren.exits import Exit, Stop
from kunren.records.registration import Registration, registered
from kunren.records.sealing import Ended, seal_record
from kunren.running.beginning import beginning, named, withhold
from kunren.running.performing import DrillOutcome, RunOptions, clock_before, perform_drill
from kunren.running.progress import TOLD, Progress
from kunren.running.side_by_side import SideBySide
from kunren.running.stopping import Notice
from kunren.running.verdict import exit_of, verdict_told
from kunren.terminal import MASKING, say, tell
from lab.clock import SystemClock
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.model.zones import TimeZone
from lab.ports import Clock
from lab.site.file import Site
from reports.load import load_record
from words import Listed, Told, reason, sentence

RECORDS = Path("records")


@dataclass(frozen=True, slots=True)
class Performed:
    """What a run came to, and where its report is."""

    code: Exit
    report: Path
    verdict: Told
    not_ready: tuple[Told, ...]
    lab: Told
    """The last line: whether the lab is as it was before."""

    @property
    def at_board(self) -> tuple[Told, ...]:
        return (*self.not_ready, self.verdict, self.lab)


def fix(registration: Registration, folder: Path, under: RunOptions) -> None:
    """Keeps it, here and where it is asked for, and has it time-stamped where the site names who does."""
    registration.keep(folder, under.register_to)
    tell(registration.told)
    if unstamped := registration.stamp(folder, under.site.stamps):
        say(unstamped)


def perform(
    drills: Sequence[PlannedDrill],
    under: RunOptions,
    folder: Path,
    console: Console,
    at_once: int,
) -> Performed:
    """`at_once` many at a time where labs are simulated and the system can divide a process."""
    site, stops = under.site, under.stops
    stops.hold()
    notice = Notice(stops, under.language)
    withhold(drills, site)
    registration = under.registration or registered(drills, site, under.exercise, last_controls(folder.parent))
    make_record_folder(folder)
    if MASKING.unmaskable:
        say(sentence("record.unmaskable"))
    fix(registration, folder, under)
    gc.freeze()  # a full GC pass over the loaded modules takes longer than any step
    with opened(folder, clock=clock_before(site), zone=None if site.simulated else site.time_zone) as journal:
        stops.listeners.append(notice)
        asked_at = None if under.board is None else sentence("asking.at_board", origin=under.board.origin)
        restored, progress = Restored(), Progress(drills, under.language, console, asked_at)
        journal.listen(restored, *Restored.kinds)
        journal.listen(progress, *TOLD)
        if under.board is not None:
            under.board.begin(journal, folder, site.limits, under.language)
        begun: set[str] = set()
        journal.listen(lambda entry: begun.add(entry.drill) if isinstance(entry, DrillBegan) else None, DrillBegan)
        with first_entries_kept(restored):
            journal.write(beginning(drills, under, registration))
            welcome(under, journal)
        with lab_told(restored, folder):
            if at_once > 1 and len(drills) > 1 and site.simulated and hasattr(os, "fork"):
                ended = SideBySide(drills, under, journal, folder, at_once).run()
            else:
                ended = one_by_one(drills, under, journal, folder)
        notice.ending = True
        stopped = any(each.stopped for each in ended) or (stops.asked and len(ended) < len(drills))
        journal.must_keep = False
        for planned in (each for each in drills if each.name not in begun):
            journal.write(DrillEnded(drill=planned.name, reason=Ending.NOT_BEGUN, text=why_not_begun(ended)))
        attest(under, stopped=stopped)
        journal.write(RunEnded(reason=Ending.INTERRUPTED if stopped else Ending.FINISHED))
    lab = restored.told
    lost = journal.lost or next((each.record_lost for each in ended if each.record_lost), None)
    if lost:
        told = (lost, sentence("record.cut", folder=folder), lab)
        raise Stop(restored.broken, Listed(told, "report.between_sentences"))
    defects = (progress.defect, "" if under.board is None else under.board.defect)
    failures = [failure for failure in (*(each.internal_error for each in ended), *defects) if failure]
    if failures:
        raise broken_down(restored, folder, "\n\n".join(failures))
    with lab_told(restored, folder):
        left = written(folder, under, restored)
    not_ready = tuple(dict.fromkeys(finding for each in ended for finding in each.not_ready))
    for died in (each.died for each in ended if each.died):
        say(died)
    code = exit_of(left.verdict, stopped=stopped)
    return Performed(code, left.report, verdict_told(left.verdict), not_ready, lab)


@contextmanager
def first_entries_kept(restored: Restored) -> Iterator[None]:
    """Without room for them nothing is begun."""
    try:
        yield
    except RecordLost as error:
        raise Stop(Exit.USAGE, Listed((error, restored.told), "report.between_sentences")) from error


def welcome(under: RunOptions, journal: JournalFile) -> None:
    """Lets people come to the board, and notes what the operator has said beforehand."""
    if under.board is not None:
        under.board.open()
    if under.terminal is not None:
        under.terminal.begin(journal, named(under.site), under.site.limits.task)
    if under.in_business_hours:
        asked = sentence("operator.in_business_hours")
        journal.write(OperatorAnswer(asked=asked, answered=under.in_business_hours))


def attest(under: RunOptions, *, stopped: bool) -> None:
    """Those who came say what they have seen; at the terminal only where the run was not stopped."""
    if under.board is not None:
        under.board.attest(under.stops)
    elif under.terminal is not None and not stopped:
        under.terminal.attest(under.site.limits.answer, lambda: under.stops.asked)


def why_not_begun(ended: Sequence[DrillOutcome]) -> Told:
    """What ended the run before its last drill."""
    if any(each.not_restored for each in ended):
        return sentence("not_begun.not_restored")
    if any(each.login_refused for each in ended):
        return sentence("not_begun.login_refused")
    if any(each.record_lost for each in ended):
        return sentence("not_begun.record_lost")
    broken = any(each.internal_error for each in ended)
    return sentence("not_begun.broken" if broken else "not_begun.stopped")


def opened(folder: Path, *, clock: Clock, zone: TimeZone | None) -> JournalFile:
    try:
        return JournalFile(folder, clock=clock, wall=SystemClock(), masking=MASKING, zone=zone)
    except JournalUnwritable as error:
        raise Stop(Exit.USAGE, error.why) from error


@contextmanager
def lab_told(restored: Restored, folder: Path) -> Iterator[None]:
    """However the work breaks, the last that is told is whether the lab is as it was before."""
    try:
        yield
    except Stop:
        raise
    except Exception as error:
        raise broken_down(restored, folder, "".join(traceback.format_exception(error))) from error


def broken_down(restored: Restored, folder: Path, failures: str) -> Stop:
    """Kunren's own failure; that the lab may not be as it was outranks it."""
    trace = folder / "internal-error.txt"
    try:
        trace.write_text(failures, encoding="utf-8", errors="backslashreplace")
        told = sentence("record.broken", trace=trace)
    except OSError as error:
        about = {"reason": reason(error), "error": failures.strip().splitlines()[-1]}
        told = sentence("record.broken_without_trace", trace=trace, **about)
    return Stop(restored.broken, Listed((told, restored.told), "report.between_sentences"))


class Restored:
    """Listens to a journal for whether each lab is as it was before, also when nothing can be written any more.

    What was begun is under way until a restoration has ended, whether or not one has begun.
    """

    kinds = (Undertaken, RestoreBegan, RestoreEnded)

    def __init__(self) -> None:
        self._outcomes: list[bool | None] = []
        self._under_way = False
        self._stays: list[Told] = []
        self._attested = False

    def __call__(self, entry: Entry) -> None:
        self._under_way = not isinstance(entry, RestoreEnded)
        if isinstance(entry, RestoreEnded):
            self._outcomes.append(entry.restored)
            self._stays += entry.stays
            self._attested = self._attested or bool(entry.by)

    @property
    def missed(self) -> bool:
        """A lab is not as it was before, or that is not known."""
        return self._under_way or not all(self._outcomes)

    @property
    def broken(self) -> Exit:
        """How a run ends that Kunren itself has broken."""
        return Exit.NOT_RESTORED if self.missed else Exit.INTERNAL

    @property
    def told(self) -> Told:
        if self._under_way or None in self._outcomes:
            return sentence("lab_state.unknown")
        if False in self._outcomes:
            return sentence("lab_state.differs")
        if not self._outcomes:
            return sentence("lab_state.untouched")
        if self._stays:
            return sentence("lab_state.stays", differences=tuple(self._stays))
        return sentence("lab_state.restored_attested" if self._attested else "lab_state.restored")


def written(folder: Path, under: RunOptions, restored: Restored) -> Ended:
    """Writes the report, and seals the record."""
    try:
        record = load_record(folder, first=True)
        files = reports.write(record, folder, folder, under.language)
    except OSError as error:
        told = sentence("record.no_report", reason=reason(error), folder=folder)
        raise Stop(restored.broken, Listed((told, restored.told), "report.between_sentences")) from error
    left = Ended(folder=folder, record=record, verdict=files.verdict, report=files.html, language=under.language)
    if unsealed := seal_record(left, under.site):
        say(unsealed)
    return left


def one_by_one(
    drills: Sequence[PlannedDrill], under: RunOptions, journal: JournalFile, folder: Path
) -> Sequence[DrillOutcome]:
    evidence = EvidenceStore(folder, journal) if under.board is None else under.board.evidence
    site = under.site
    if not site.simulated and under.left is None:
        records = SiteRecords(folder.parent, site.name, site.simulated, own=folder)
        under = replace(under, former=records.newest())
    ended: list[DrillOutcome] = []
    ahead, stops = under.browser, under.stops
    with BrowserDriver(stops.whole).kept() if ahead is None else ahead.taken(stops) as browser_driver:
        for drill in drills:
            ended.append(perform_drill(drill, under, browser_driver, journal, evidence))
            under = replace(under, former=None)
            if ended[-1].ends_the_run:
                break
    return ended


def new_record_folder(site: Site, parent: Path = RECORDS, prefix: str = "") -> Path:
    """A folder named by the time on the site, or on this machine for a simulated one; the first free name."""
    now = SystemClock().now()
    name = f"{prefix}{now.astimezone() if site.simulated else site.time_zone.local(now):%Y%m%d-%H%M%S}"
    folder, number = parent / name, 1
    while not claimed(folder):
        number += 1
        folder = parent / f"{name}-{number}"
    return folder


def claimed(folder: Path) -> bool:
    """Whether it has been made just now; of two runs that try, one has."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
    except FileExistsError:
        if not folder.parent.is_dir():
            raise Stop(Exit.USAGE, sentence("record.no_folder", folder=folder.parent)) from None
        return False
    except OSError as error:
        raise _unwritable(folder, error) from error
    return True


def make_record_folder(folder: Path) -> None:
    require_empty(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "evidence").mkdir()
    except OSError as error:
        raise _unwritable(folder, error) from error


def require_empty(folder: Path) -> None:
    """One that is not there yet will be made. Raises Stop."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise Stop(Exit.USAGE, sentence("record.not_empty", folder=folder))
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> Stop:
    return Stop(Exit.USAGE, sentence("record.unwritable", folder=folder, reason=reason(error)))
