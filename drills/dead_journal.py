"""Reads what a run left behind of its journal, which may be cut short anywhere, and of those of its restorations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from drills.course import Preparation, Reboot
from drills.left_behind import LeftBehind, Window
from drills.restoration import OF_SCENARIO, RESUMED
from drills.vendor import MAINTENANCE_COMPLETED
from drills.wording import loose
from journal.course import (
    ChapterBegan,
    ChapterEnded,
    DrillBegan,
    DrillPlan,
    RestoreBegan,
    RestoreEnded,
    RunBegan,
    StepBegan,
)
from journal.entry import Entry
from journal.files import open_file
from journal.people import Answered, Asked, PersonAnswered, PersonAsked
from journal.reader import Line, RecordUnreadable, read_journal
from journal.seen import Call, EventSeen, Phase, StateSeen, Undertaken
from lab.model.faults import END_FAULT, Fault
from lab.model.hosts import HostFacts, HostRole
from lab.model.replication import ScenarioState
from lab.model.scripts import JsonValue
from lab.model.undertakings import Change, ChangeStage, Doubt, Undertaking
from lab.model.whereabouts import Whereabouts
from words import reason, sentence

JOURNAL = "journal.jsonl"
RESTORES = "-restore"
"""After the name of a record, that of the record of its restoration."""
COUNTED = (Change.START_TEST, Change.STOP_TEST, Change.PREPARE_REBOOT, Change.SWITCH_OVER)
"""From these commands on, lines of the event view are news."""
AFTERWARDS = ("-resume", RESTORES)


def left_behind(folder: Path) -> LeftBehind | None:
    """Of the run of a record, or of the record of its restoration; None where no drill had begun.

    Raises RecordUnreadable.
    """
    began = beginning(folder)
    record = folder if not began.restores else _beside(folder, Path(began.restores))
    attempts = tuple(attempts_after(record))
    reading = _Reading(record, began if record == folder else beginning(record))
    reading.follow(record)
    for attempt in attempts:
        reading.follow(attempt, continues=True)
    if reading.left is not None:
        reading.left.records = (record, *attempts)
    return reading.left


def beginning(folder: Path) -> RunBegan:
    """The first entry of a record's journal. Raises RecordUnreadable."""
    head = read_journal(folder / JOURNAL).lines[0]
    began = head.entry()
    if not isinstance(began, RunBegan):
        raise RecordUnreadable(sentence("errors.journal.no_beginning", file=head.journal))
    return began


def attempts_after(record: Path) -> Iterator[Path]:
    """The records of earlier attempts to resume that run, or to restore the lab after it, in their order."""
    found = [
        (began.at.wall, folder)
        for after in AFTERWARDS
        for folder in record.parent.glob(f"{record.name}{after}*")
        if _has_begun(folder / JOURNAL) and (began := beginning(folder)).restores
    ]
    yield from (folder for _, folder in sorted(found))


def _has_begun(journal: Path) -> bool:
    """One that was killed while it wrote its first line had begun nothing."""
    try:
        with open_file(journal) as file:
            return file.readline().endswith(b"\n")
    except FileNotFoundError:
        return False
    except OSError as error:
        raise RecordUnreadable(sentence("errors.journal.unreadable", file=journal, reason=reason(error))) from error


def _beside(folder: Path, record: Path) -> Path:
    """Records may have been moved, together."""
    return record if (record / JOURNAL).is_file() else folder.parent / record.name


@dataclass(slots=True)
class _Reading:
    """Follows a journal as its run knew it, entry by entry."""

    record: Path
    run: RunBegan
    left: LeftBehind | None = None
    _opened: datetime | None = None
    _began: datetime | None = None
    _last: datetime | None = None
    _events: int = 0
    _asked: PersonAsked | None = None
    _fault_asked: dict[int, str] = field(default_factory=dict)
    _running: tuple[str, ...] = ()
    """The scenarios that were seen to run last, by the hosts of each."""
    _boots: dict[str, str] = field(default_factory=dict)

    def follow(self, folder: Path, *, continues: bool = False) -> None:
        """A journal that `continues` is that of a restoration: its drill is the same."""
        journal = read_journal(folder / JOURNAL)
        journal.require_unchanged()
        for line in journal.lines:
            entry = line.entry()
            try:
                if entry is not None:
                    self._take(entry, continues=continues)
            except ValueError as error:
                raise _not_understood(line) from error
            self._last = line.instant().lab
            self._note_window()

    def _take(self, entry: Entry, *, continues: bool) -> None:
        match entry:
            case DrillBegan() if not continues:
                self._begin(entry)
            case _ if self.left is None:
                return
            case ChapterBegan():
                self.left.chapter, self.left.step = entry.chapter, -1
            case ChapterEnded():
                self.left.next_chapter = entry.chapter + 1
            case RestoreBegan():
                self.left.restoring = True
            case StepBegan():
                self.left.step = entry.step
                self._began = self._began or entry.at.lab
            case StateSeen():
                self._state(entry, self.left, continues=continues)
            case Undertaken():
                self._undertaken(entry, self.left)
            case EventSeen():
                self._event(entry, self.left)
            case Call() if entry.script == "Get-HostFacts":
                self._facts(entry, self.left)
            case Call() if entry.changes:
                self.left.in_flight = None
            case PersonAsked():
                self._asked = entry
                self.left.open_task = entry if entry.kind is Asked.TASK else None
                self._fault_asked[entry.number] = entry.operation
                self._fault(entry.operation, self.left)
            case PersonAnswered():
                self.left.open_task = self.left.in_flight = None
                if entry.outcome is Answered.DONE:
                    self._fault_ended(self._fault_asked.get(entry.number, ""), self.left)
            case RestoreEnded():
                self._restored(entry, self.left)

    def _begin(self, entry: DrillBegan) -> None:
        plan = next((each for each in self.run.drills if each.drill == entry.drill), None)
        if plan is None:
            return
        self.left = LeftBehind(record=self.record, run=self.run, plan=_left_out(plan))
        self._opened, self._began, self._events, self._running = entry.at.lab, None, 0, ()

    def _note_window(self) -> None:
        if self.left is not None and self.left.restored is not True and self._opened and self._began and self._last:
            self.left.window = Window(self._opened, self._began, self._last)

    def _state(self, entry: StateSeen, left: LeftBehind, *, continues: bool) -> None:
        guest = self.run.site.guest
        state = entry.state
        running, scenario = state.running_on(guest), state.scenario(self.run.site.scenario)
        self._running = tuple(each.name for each in state.scenarios if each.state is ScenarioState.RUNNING)
        if entry.moment is Phase.BEFORE:
            if not continues:
                left.before = state
                left.whereabouts = Whereabouts(running[0] if running else "")
        elif len(running) == 1 and not (scenario and scenario.state is ScenarioState.SWITCHING_OVER):
            left.whereabouts.seen(running[0])

    def _undertaken(self, entry: Undertaken, left: LeftBehind) -> None:
        undertaking = Undertaking(entry.change, entry.subject)
        if entry.phase is ChangeStage.NOT_BEGUN:
            self._not_begun(undertaking, left)
            return
        if entry.phase is ChangeStage.DOUBTFUL:
            asked = self._asked
            at, of = (entry.at.lab, ()) if asked is None else (asked.at.lab, asked.of)
            left.doubtful.append(Doubt(undertaking, entry.host, at, of))
            return
        left.begun.append(undertaking)
        if entry.change in OF_SCENARIO:
            left.in_flight = undertaking
        match entry.change:
            case Change.SWITCH_OVER:
                left.whereabouts.commanded()
            case Change.START_TEST:
                left.test_under_way = True
            case Change.PREPARE_REBOOT:
                facts = _facts_of(entry.subject, self._boots.get(entry.subject, ""))
                role = self._role(entry.subject)
                figures = dict.fromkeys(self._running)
                left.maintenance = Preparation(role=role, figures=figures, before=facts, began_s=0.0)
            case Change.RESTART_HOST if boot := self._boots.get(entry.subject):
                left.reboot = Reboot(self._role(entry.subject), {}, _facts_of(entry.subject, boot))
        if entry.change in COUNTED:
            left.commanded_after = self._events

    def _not_begun(self, undertaking: Undertaking, left: LeftBehind) -> None:
        left.in_flight = None
        if undertaking in left.begun:
            left.begun.remove(undertaking)
        left.doubtful = [each for each in left.doubtful if each.undertaking != undertaking]
        match undertaking.change:
            case Change.SWITCH_OVER:
                left.whereabouts.declined()
            case Change.START_TEST:
                left.test_under_way = False
            case Change.PREPARE_REBOOT:
                left.maintenance = None
            case Change.RESTART_HOST:
                left.reboot = None
            case Change.INJECT_FAULT if left.faults:
                left.faults.pop()

    def _event(self, entry: EventSeen, left: LeftBehind) -> None:
        self._events = max(self._events, entry.sequence)
        if entry.kind == RESUMED and entry.sequence > left.commanded_after:
            left.test_under_way = False
        if left.maintenance is not None and loose(entry.message) == loose(MAINTENANCE_COMPLETED):
            left.maintenance.completed = True

    def _facts(self, entry: Call, left: LeftBehind) -> None:
        boot = _boot_in(entry.answer)
        if not boot:
            return
        self._boots[entry.host] = boot
        if left.reboot is not None and left.reboot.before.name == entry.host:
            left.reboot.over = left.reboot.over or left.reboot.before.boot != boot

    def _fault(self, operation: str, left: LeftBehind) -> None:
        fault = Fault.__members__.get(operation.upper())
        if fault is not None and fault not in left.faults:
            left.faults.append(fault)

    def _fault_ended(self, operation: str, left: LeftBehind) -> None:
        fault = Fault.__members__.get(operation.removeprefix(END_FAULT).upper())
        if operation.startswith(END_FAULT) and fault is not None:
            left.faults_ended.append(fault)

    def _restored(self, entry: RestoreEnded, left: LeftBehind) -> None:
        left.restored, left.differences = entry.restored is True, entry.differences
        if left.restored:
            left.begun, left.doubtful, left.window, left.faults, left.faults_ended = [], [], None, [], []
            left.test_under_way, left.maintenance, left.reboot, left.in_flight = False, None, None, None

    def _role(self, host: str) -> HostRole:
        return HostRole.MASTER if host == self.run.site.master else HostRole.REPLICA


def _left_out(plan: DrillPlan) -> DrillPlan:
    return replace(plan, chapters=tuple(replace(each, left_out=True) for each in plan.chapters))


def _not_understood(line: Line) -> RecordUnreadable:
    return line.unreadable(sentence("flaw.other_kunren"))


def _facts_of(host: str, boot: str) -> HostFacts:
    """As far as a reboot is told by them."""
    return HostFacts(name=host, os="", os_version="", powershell_version="", boot_time="", clock="", boot=boot)


def _boot_in(answer: JsonValue) -> str:
    """Which boot of its host a Get-HostFacts was answered in, where the journal has it."""
    rows = answer if isinstance(answer, list) else [answer]
    row = rows[0] if len(rows) == 1 else None
    boot = row.get("Boot") if isinstance(row, dict) else None
    return boot if isinstance(boot, str) else ""
