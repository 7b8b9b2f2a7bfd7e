"""A journal becomes a record: the plan of its first line, with everything that happened put in its place."""

from __future__ import annotations

import marshal
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias, get_args

from journal.codecs import NotAsPromised
from journal.course import (
    RUN,
    ChapterBegan,
    ChapterEnded,
    DrillBegan,
    DrillEnded,
    DrillPlan,
    Ending,
    OfDrill,
    Outcome,
    Place,
    RestoreBegan,
    RestoreEnded,
    RunBegan,
    RunEnded,
    StepBegan,
    StepEnded,
    StepPlan,
)
from journal.entries import Activity, Measured
from journal.entry import SCHEMA, Entry, Instant
from journal.reader import JournalReading, Line, RecordUnreadable
from journal.record import (
    Chapter,
    Contradiction,
    Drill,
    DrillRecord,
    JournalFacts,
    Restoration,
    StepResult,
    Tools,
)
from journal.seen import NO_SUCH_ENTRY, Call, Evidence, GaroonAct, HostSeen
from reports.evidence import condition_of
from reports.measuring import Measuring
from reports.owning import Clocks, owned
from words import sentence

JOURNAL = "journal.jsonl"
RESTORE = "restore"

Beginning: TypeAlias = DrillBegan | ChapterBegan | StepBegan
SHARED = frozenset({"host", "script", "script_sha256", "arguments", "answer"})
ACTIVITIES, MEASURED = frozenset(get_args(Activity)), frozenset(get_args(Measured))
End: TypeAlias = DrillEnded | ChapterEnded | StepEnded


def load_record(folder: Path, *, first: bool = False) -> DrillRecord:
    """Raises RecordUnreadable. What the journal does not tell is absent, never assumed.

    The `first` time, by the run itself, there is no record.json yet that the journal could contradict.
    """
    reading = JournalReading(folder / JOURNAL)
    lines = iter(reading)
    head = last = next(lines)
    began = _beginning(head)
    course = _Course(folder, _planned_places(began))
    clocks = Clocks()
    telling = [head]
    for last in lines:
        clocks.take(course.follow(last))
        if last.fields.get("what") == HostSeen.what:
            telling.append(last)
    journal = reading.text((*telling, *([last] if last is not telling[-1] else [])))
    ending = course.run_ended
    record = DrillRecord(
        id=began.record,
        language=began.language,
        environment=began.environment,
        site=began.site,
        time_zone=began.time_zone,
        operator=began.operator,
        digests=began.digests,
        tools=Tools(kunren=began.kunren, python=began.python, platform=began.platform, seed=began.seed),
        objectives=began.objectives,
        controls=began.controls,
        plan=began.plan,
        drills=tuple(_drill(plan, began, course) for plan in began.drills),
        activities=course.at(RUN),
        began=began.at,
        last=last.instant(),
        ending=ending.reason if ending else None,
        journal=JournalFacts(
            sha256=journal.sha256,
            head=journal.head,
            entries=journal.entries,
            complete=journal.whole and ending is not None,
            chained=not journal.unchained,
            broken=journal.broken,
            unread=tuple(sorted(course.unread)),
            contradictions=() if journal.broken is None else (Contradiction.CHAIN,),
        ),
    )
    return record if first else owned(record, folder, journal, clocks)


def _beginning(head: Line) -> RunBegan:
    if head.what != RunBegan.what:
        raise RecordUnreadable(sentence("errors.journal.no_beginning", file=head.journal))
    if head.fields.get("schema") != SCHEMA:
        raise head.unreadable(sentence("flaw.schema", schema=repr(head.fields.get("schema")), known=SCHEMA))
    began = head.entry()
    assert isinstance(began, RunBegan)
    return began


class _Course:
    """Follows the entries through drills, chapters, steps and restorations, and keeps each where it belongs."""

    def __init__(self, folder: Path, planned: frozenset[Place]) -> None:
        self.began: dict[Place, Instant] = {}
        self.ended: dict[Place, End] = {}
        self.restored: dict[str, RestoreEnded] = {}
        self.run_ended: RunEnded | None = None
        self.unread: Counter[str] = Counter()
        self.measured: defaultdict[str, Measuring] = defaultdict(Measuring)
        self._folder = folder
        self._planned = planned
        self._activities: dict[Place, list[Activity]] = {}
        self._open: list[Place] = [RUN]
        self._first: dict[str, Instant] = {}
        self._last: dict[str, Instant] = {}
        self._same: dict[str | bytes, Any] = {}

    def follow(self, line: Line) -> Instant:
        """Returns when the line was written."""
        if self.run_ended:
            raise line.unreadable(sentence("flaw.after_end"))
        if line.fields.get("what") == Call.what:
            self._share(line.fields)
        entry = line.entry()
        at = entry.at if entry else line.instant()
        if drill := self._drill():
            self._first.setdefault(drill, at)
            self._last[drill] = at
        if entry is None:
            self.unread[line.what] += 1
            return at
        try:
            self._take(entry, drill)
        except NotAsPromised as error:
            raise line.unreadable(error.why) from error
        return at

    def _take(self, entry: Any, drill: str) -> None:
        kind = type(entry)
        if kind in ACTIVITIES:
            self._activities.setdefault(self._open[-1], []).append(self._kept(entry))
        elif kind in MEASURED and drill:
            self.measured[drill].take(entry)
        else:
            self._go(entry, drill)

    def _go(self, entry: Entry, drill: str) -> None:
        match entry:
            case RunEnded():
                self.run_ended = entry
                del self._open[1:]
            case DrillBegan() | ChapterBegan() | StepBegan():
                self._enter(self._place(entry), entry)
            case DrillEnded() | ChapterEnded() | StepEnded():
                self._end(entry)
            case RestoreBegan() if drill:
                self._enter((drill, RESTORE), entry)
            case RestoreEnded() if drill:
                self._restored(entry, drill)
            case RunBegan():
                self.unread[entry.what] += 1
            case _:
                raise NotAsPromised(sentence("flaw.no_drill"))

    def at(self, place: Place) -> tuple[Activity, ...]:
        return tuple(self._activities.get(place, ()))

    def restoration(self, drill: str) -> Restoration | None:
        place: Place = (drill, RESTORE)
        if place not in self.began:
            return None
        end = self.restored.get(drill)
        return Restoration(
            began=self.began[place],
            ended=end.at if end else None,
            restored=end.restored if end else None,
            differences=end.differences if end else (),
            permitted=end.permitted if end else (),
            activities=_gone_as_it_should(self.at(place)),
            stays=end.stays if end else (),
            by=end.by if end else (),
        )

    def span(self, drill: str) -> tuple[Instant, Instant] | tuple[None, None]:
        """The first and the last entry inside a drill; its own beginning is noted before its lab has a clock."""
        return (self._first[drill], self._last[drill]) if drill in self._first else (None, None)

    def _kept(self, activity: Activity) -> Activity:
        """With what has become of a file of the record since."""
        if not isinstance(activity, Evidence):
            return activity
        condition = condition_of(self._folder, activity.file, activity.sha256, activity.size)
        return replace(activity, condition=condition)

    def _share(self, call: dict[str, Any]) -> None:
        """What hosts are sent and answer again and again is kept once."""
        for name in SHARED & call.keys():
            value = call[name]
            key = value if isinstance(value, str) else marshal.dumps(value, 2)
            call[name] = self._same.setdefault(key, value)

    def _drill(self) -> str:
        return str(self._open[1][0]) if len(self._open) > 1 else ""

    def _place(self, entry: OfDrill) -> Place:
        place = entry.place
        if place not in self._planned:
            raise NotAsPromised(
                sentence("flaw.not_planned", kind=entry.what.split(".")[0], place="/".join(map(str, place)))
            )
        return place

    def _enter(self, place: Place, entry: Entry) -> None:
        if place in self.began or place in self.ended:
            raise NotAsPromised(sentence("flaw.second", what=entry.what))
        self.began[place] = entry.at
        self._open.append(place)

    def _end(self, entry: End) -> None:
        place = self._place(entry)
        if place in self.ended:
            raise NotAsPromised(sentence("flaw.second", what=entry.what))
        self.ended[place] = entry
        skipped = isinstance(entry, StepEnded) and entry.outcome is Outcome.SKIPPED
        not_begun = isinstance(entry, DrillEnded) and entry.reason is Ending.NOT_BEGUN
        if not_begun and place in self.began:
            raise NotAsPromised(sentence("flaw.begun"))
        if place in self._open or not (skipped or not_begun):
            self._close(place, entry)

    def _restored(self, entry: RestoreEnded, drill: str) -> None:
        if drill in self.restored:
            raise NotAsPromised(sentence("flaw.second", what=entry.what))
        self.restored[drill] = entry
        self._close((drill, RESTORE), entry)

    def _close(self, place: Place, entry: Entry) -> None:
        """Ends a place and whatever is still open inside it, as an interruption leaves it."""
        if place not in self._open:
            raise NotAsPromised(sentence("flaw.not_begun", what=entry.what))
        del self._open[self._open.index(place) :]


def _planned_places(began: RunBegan) -> frozenset[Place]:
    places: set[Place] = set()
    for drill in began.drills:
        places.add((drill.drill,))
        for number, chapter in enumerate(drill.chapters):
            places.add((drill.drill, number))
            places.update((drill.drill, number, step) for step in range(len(chapter.steps)))
    return frozenset(places)


def _drill(plan: DrillPlan, run: RunBegan, course: _Course) -> Drill:
    name = plan.drill
    end = course.ended.get((name,))
    ended = end if isinstance(end, DrillEnded) else None
    began, last = course.span(name)
    numbers = iter(range(1, 1_000_000))
    return Drill(
        id=name,
        title=plan.title,
        file=plan.file,
        sha256=plan.sha256,
        guide=plan.guide,
        chapters=tuple(
            Chapter(
                name=chapter.name,
                guide=chapter.guide,
                left_out=chapter.left_out,
                steps=tuple(
                    _step(step, next(numbers), (name, index, position), course)
                    for position, step in enumerate(chapter.steps)
                ),
                activities=course.at((name, index)),
            )
            for index, chapter in enumerate(plan.chapters)
        ),
        began=began,
        last=last,
        ending=ended.reason if ended else None,
        ending_text=ended.text if ended else None,
        objectives=run.fixed,
        restoration=course.restoration(name),
        measurement=course.measured[name].measurement(),
        activities=course.at((name,)),
    )


def _step(plan: StepPlan, number: int, place: Place, course: _Course) -> StepResult:
    found = course.ended.get(place)
    end = found if isinstance(found, StepEnded) else None
    passed = end is not None and end.outcome is Outcome.PASSED
    return StepResult(
        number=number,
        keyword=plan.keyword,
        text=plan.text,
        began=course.began.get(place),
        ended=end.at if end else None,
        reported=end.outcome if end else None,
        expected=end.expected if end else None,
        seen=end.seen if end else None,
        error=end.error if end else None,
        checks=end.checks if end else (),
        activities=_gone_as_it_should(course.at(place)) if passed else course.at(place),
    )


def _gone_as_it_should(activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """An entry that Garoon does not have is no trouble in a step that passed, or once it was to be taken away."""
    return tuple(
        replace(each, gone=True) if isinstance(each, GaroonAct) and each.problem == NO_SUCH_ENTRY else each
        for each in activities
    )
