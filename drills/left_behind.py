"""What a run that ended before its restoration left behind, as its journal tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from drills.course import Course, Preparation, Reboot
from drills.readiness import LabNotReady, Reading
from drills.wording import may_be_done
from journal.course import DrillPlan, RunBegan
from journal.people import PersonAsked
from lab.errors import LabError, Refused
from lab.model.entry_titles import EntryKind, kind_of, moment_in
from lab.model.faults import Fault
from lab.model.garoon import OwnAppointment
from lab.model.state import LabState, differences, settled
from lab.model.undertakings import Doubt, Undertaking
from lab.model.whereabouts import Whereabouts
from lab.ports import GaroonEntries
from words import Term, Told, sentence

if TYPE_CHECKING:  # its drivers take time to load
    from lab.safety.lease import SiteLease

UNNOTED = timedelta(minutes=10)
"""How long after its last entry a journal that was cut short may have had an entry made in Garoon."""
ALIVE = "left_behind.alive"
"""The key of what is told where another run drills the site."""
UNKNOWN_ENTRY = "?"
"""In place of the titles of entries while Garoon cannot be asked for them."""


class Entries(Protocol):
    @property
    def entries(self) -> tuple[OwnAppointment, ...]: ...


class Remains(Protocol):
    """Entries in Garoon that only drills write."""

    def find(self) -> Entries: ...

    def remove(
        self, entries: Sequence[OwnAppointment], told: Callable[[Refused], None]
    ) -> tuple[OwnAppointment, ...]: ...


@dataclass(frozen=True, slots=True)
class Window:
    """When a run opened its lab, began its steps and ended, on the site's clocks: its entries tell such times."""

    opened: datetime
    began: datetime
    ended: datetime

    def wrote(self, title: str) -> bool:
        kind = kind_of(title)
        written = None if kind is None else moment_in(title, kind)
        if kind is None or written is None:
            return False
        begins = self.opened if kind is EntryKind.CANARY else self.began
        return _second(begins) <= written <= _second(self.ended + UNNOTED)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0, tzinfo=None)


@dataclass(slots=True, kw_only=True)
class CourseOfDeadRun(Course):
    """Its entries are known by their titles, as the last of them may not have been noted."""

    remains: Remains
    window: Window | None

    @property
    def entered(self) -> bool:
        return self.window is not None or bool(self.markers)

    def remove_entries(self, garoon: GaroonEntries) -> bool:
        own = Course.remove_entries(self, garoon)
        refused: list[Refused] = []
        there = self._there()
        left = self.remains.remove(there, refused.append) if there else ()
        if left and refused:
            raise refused[0]
        return own or bool(there)

    def entries_left(self, garoon: GaroonEntries) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*Course.entries_left(self, garoon), *self.titles())))

    def titles(self) -> tuple[str, ...]:
        """Of the entries that are still there, or may be."""
        try:
            return tuple(each.title for each in self._there())
        except LabError:
            return (UNKNOWN_ENTRY,)

    def _there(self) -> tuple[OwnAppointment, ...]:
        window = self.window
        return () if window is None else tuple(each for each in self.remains.find().entries if window.wrote(each.title))


@dataclass(slots=True, kw_only=True)
class LeftBehind:
    """The last drill of a run that ended without its restoration, or with a lab that is not as it was before.

    `begun` is what it, and earlier attempts to restore the lab, had begun, in their order.
    """

    record: Path
    run: RunBegan
    plan: DrillPlan
    """Each of its chapters is left out."""
    records: tuple[Path, ...] = ()
    """The record, and those of earlier attempts to restore the lab after it."""
    before: LabState | None = None
    begun: list[Undertaking] = field(default_factory=list)
    doubtful: list[Doubt] = field(default_factory=list)
    """Of that, what people may not have begun."""
    whereabouts: Whereabouts = field(default_factory=lambda: Whereabouts(""))
    window: Window | None = None
    """None where no step had begun."""
    chapter: int = -1
    step: int = -1
    next_chapter: int = 0
    """The first that had not ended."""
    restoring: bool = False
    """Its restoration, or one after it, had begun."""
    restored: bool | None = None
    differences: tuple[Told, ...] = ()
    """What the last comparison has found, or could not find out."""
    faults: list[Fault] = field(default_factory=list)
    faults_ended: list[Fault] = field(default_factory=list)
    commanded_after: int = 0
    test_under_way: bool = False
    maintenance: Preparation | None = None
    reboot: Reboot | None = None
    in_flight: Undertaking | None = None
    """The last of what it had begun with the scenario, where the journal does not say that it was done."""
    open_task: PersonAsked | None = None
    """What a person may still do although the run no longer waits for it."""

    def course(self, remains: Remains, whole: Callable[[], AbstractContextManager[None]]) -> CourseOfDeadRun:
        """What its restoration would have known."""
        return CourseOfDeadRun(
            whole=whole,
            commanded_after=self.commanded_after,
            faults=self.faults,
            faults_ended=self.faults_ended,
            maintenance=self.maintenance,
            reboot=self.reboot,
            test_under_way=self.test_under_way,
            in_flight=self.in_flight,
            remains=remains,
            window=self.window,
        )

    @property
    def unrestored(self) -> bool:
        """A comparison has not shown the lab to be as before, or there was none though changes had begun."""
        return self.restored is False or (self.restored is None and bool(self.begun or self.faults))

    @property
    def something(self) -> bool:
        """Whether there may be anything to undo."""
        return bool(self.begun or self.faults or self.window)

    def require_lease(self, lease: SiteLease | None) -> None:
        """Raises LabNotReady where another run drills the site, or has left its lease there and comes first."""
        if lease is None:
            return
        other, forsaken = lease.other(), lease.forsaken
        if other is not None:
            raise LabNotReady((sentence(ALIVE, lease=other),))
        if forsaken is not None and Path(forsaken.record).name not in {each.name for each in self.records}:
            raise LabNotReady((sentence("readiness.died", lease=forsaken, record=forsaken.record),))

    # -- told ----------------------------------------------------------------------------------------------------------

    def told(self) -> Iterator[Told]:
        """What the journal tells: where the run ended, and what it had begun."""
        yield self._where()
        for earlier in self.records[1:]:
            yield sentence("left_behind.attempt", record=earlier)
        for each in self.differences:
            yield sentence("left_behind.compared", difference=each)
        begun = tuple(
            sentence("left_behind.change", change=Term("change", each.change.value), subject=each.subject)
            for each in self.begun
        )
        struck = tuple(sentence(f"fault.{fault.value}") for fault in self.faults if fault not in self.faults_ended)
        yield sentence("left_behind.begun", changes=begun) if begun else sentence("left_behind.nothing_begun")
        if struck:
            yield sentence("left_behind.faults", faults=struck)
        if self.open_task is not None:
            people = self.open_task.of or sentence("differences.nobody_asked")
            about = {"asked": self.open_task.text, "people": people, "at": self.open_task.at.lab}
            yield sentence("left_behind.open_task", **about)
        yield from (told for told in map(may_be_done, self.doubtful) if told not in self.differences)

    def found(self, now: Reading, course: CourseOfDeadRun, guest: str) -> Iterator[Told]:
        """The same, and what is there now."""
        yield from self.told()
        yield from (sentence("differences.unread", error=error) for error in now.unread)
        running = now.now.running_on(guest)
        yield sentence("left_behind.guest", guest=guest, hosts=running or sentence("left_behind.no_host"))
        different = differences(settled(now.before, now.now), now.now)
        yield from (sentence("left_behind.different", difference=each) for each in different)
        titles = course.titles()
        if UNKNOWN_ENTRY in titles:
            yield sentence("left_behind.entries_unread")
        elif titles:
            yield sentence("left_behind.entries", n=len(titles))
        if not different and not titles and not now.unread:
            yield sentence("left_behind.same")

    def _where(self) -> Told:
        about = {"record": self.record, "drill": self.plan.drill}
        if self.restored is not None:
            return sentence("left_behind.restored" if self.restored else "left_behind.not_restored", **about)
        if self.chapter < 0:
            return sentence("left_behind.no_chapter", **about)
        chapter = self.plan.chapters[self.chapter]
        about |= {"chapter": self.chapter + 1, "name": chapter.name}
        if not 0 <= self.step < len(chapter.steps):
            return sentence("left_behind.in_chapter", **about)
        return sentence("left_behind.in_step", step=chapter.steps[self.step].text, **about)
