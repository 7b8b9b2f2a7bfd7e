"""A journal becomes a record: the plan of its first line, with everything that happened put in its place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from lab.model.activities import NO_SUCH_ENTRY, Activity, GaroonAct, Instant
from lab.model.objectives import Objectives
from lab.model.record import (
    Chapter,
    Check,
    Digests,
    Drill,
    DrillRecord,
    Ending,
    Environment,
    JournalFacts,
    NegativeControls,
    Operator,
    Outcome,
    Restoration,
    Site,
    StepResult,
    Tools,
)
from reports.entries import READERS
from reports.journal import Line, RecordUnreadable, read_journal
from reports.measured import READERS as MEASURED
from reports.measured import Measured
from reports.owning import owned
from reports.words import LANGUAGES

SCHEMA = 1
JOURNAL = "journal.jsonl"

Place: TypeAlias = tuple[str | int, ...]
RUN: Place = ()
RESTORE = "restore"


def load_record(folder: Path, *, first: bool = False) -> DrillRecord:
    """Raises RecordUnreadable. What the journal does not tell is absent, never assumed.

    The `first` time, by the run itself, there is no record.json yet that the journal could contradict.
    """
    journal = read_journal(folder / JOURNAL)
    head, *rest = journal.lines
    if head.what != "run.began":
        raise RecordUnreadable(f"The journal {journal.path} does not begin with the beginning of a run.")
    if head.fields.get("schema") != SCHEMA:
        raise head.unreadable(f"it has schema {head.fields.get('schema')!r}, and this Kunren reads schema {SCHEMA}")
    objectives = _objectives(head)
    course = _Course(_planned_places(head))
    for line in rest:
        course.follow(line)
    ending = course.ended.get(RUN)
    record = DrillRecord(
        language=_language(head),
        environment=head.choice("environment", Environment),
        site=_site(head),
        time_zone=head.optional_text("time_zone"),
        operator=_operator(head),
        digests=_digests(head),
        tools=_tools(head),
        objectives=head.mapping("objectives"),
        controls=_controls(head),
        drills=tuple(_drill(plan, objectives, course) for plan in head.parts("drills")),
        activities=course.at(RUN),
        began=head.at,
        last=journal.lines[-1].at,
        ending=ending.choice("reason", Ending) if ending else None,
        journal=JournalFacts(
            sha256=journal.sha256,
            entries=len(journal.lines),
            complete=journal.whole and ending is not None,
            unread=tuple(sorted(course.unread)),
            contradictions=(),
        ),
    )
    return record if first else owned(record, folder, (line.at for line in journal.lines))


class _Course:
    """Follows the entries through drills, chapters, steps and restorations, and keeps each where it belongs."""

    def __init__(self, planned: frozenset[Place]) -> None:
        self.began: dict[Place, Line] = {}
        self.ended: dict[Place, Line] = {}
        self.unread: Counter[str] = Counter()
        self.measured: defaultdict[str, Measured] = defaultdict(Measured)
        self._planned = planned
        self._activities: dict[Place, list[Activity]] = {}
        self._open: list[Place] = [RUN]
        self._spans: dict[str, tuple[Line, Line]] = {}

    def follow(self, line: Line) -> None:
        if RUN in self.ended:
            raise line.unreadable("it comes after the end of the run")
        if drill := self._drill():
            self._spans[drill] = (self._spans.get(drill, (line, line))[0], line)
        match line.what.split("."):
            case ["run", "ended"]:
                self._close(RUN, line)
            case ["drill" | "chapter" | "step", "began"]:
                self._enter(self._place(line), line)
            case ["drill" | "chapter" | "step", "ended"]:
                self._close(self._place(line), line)
            case ["restore", "began"] if drill:
                self._enter((drill, RESTORE), line)
            case ["restore", "ended"] if drill:
                self._close((drill, RESTORE), line)
            case _ if line.what in MEASURED and drill:
                self.measured[drill].take(line)
            case ["restore", "began" | "ended"]:
                raise line.unreadable("it belongs to no drill")
            case _ if line.what in MEASURED:
                raise line.unreadable("it belongs to no drill")
            case _ if line.what in READERS:
                self._activities.setdefault(self._open[-1], []).append(READERS[line.what](line))
            case _:
                self.unread[line.what] += 1

    def at(self, place: Place) -> tuple[Activity, ...]:
        return tuple(self._activities.get(place, ()))

    def restoration(self, drill: str) -> Restoration | None:
        place: Place = (drill, RESTORE)
        if place not in self.began:
            return None
        end = self.ended.get(place)
        return Restoration(
            began=self.began[place].at,
            ended=end.at if end else None,
            restored=end.optional_flag("restored") if end else None,
            differences=end.texts("differences") if end else (),
            permitted=end.texts("permitted") if end else (),
            activities=_gone_as_it_should(self.at(place)),
            stays=end.texts("stays") if end and "stays" in end.fields else (),
        )

    def span(self, drill: str) -> tuple[Instant, Instant] | tuple[None, None]:
        """The first and the last entry inside a drill; its own beginning is noted before its lab has a clock."""
        if drill not in self._spans:
            return (None, None)
        first, last = self._spans[drill]
        return (first.at, last.at)

    def _drill(self) -> str:
        return str(self._open[1][0]) if len(self._open) > 1 else ""

    def _place(self, line: Line) -> Place:
        drill = line.text("drill")
        match line.what.split(".")[0]:
            case "drill":
                place: Place = (drill,)
            case "chapter":
                place = (drill, line.whole("chapter"))
            case _:
                place = (drill, line.whole("chapter"), line.whole("step"))
        if place not in self._planned:
            raise line.unreadable(f"the plan has no {line.what.split('.')[0]} {'/'.join(map(str, place))}")
        return place

    def _enter(self, place: Place, line: Line) -> None:
        if place in self.began or place in self.ended:
            raise line.unreadable(f"{line.what!r} comes a second time")
        self.began[place] = line
        self._open.append(place)

    def _close(self, place: Place, line: Line) -> None:
        """Ends a place and whatever is still open inside it, as an interruption leaves it."""
        if place in self.ended:
            raise line.unreadable(f"{line.what!r} comes a second time")
        self.ended[place] = line
        if place in self._open:
            del self._open[max(self._open.index(place), 1) :]
        elif line.fields.get("outcome") != Outcome.SKIPPED.value:
            raise line.unreadable(f"{line.what!r} comes without its beginning")


def _planned_places(head: Line) -> frozenset[Place]:
    places: set[Place] = set()
    for drill in head.parts("drills"):
        name = drill.text("drill")
        if (name,) in places:
            raise head.unreadable(f"the plan has the drill {name!r} twice")
        places.add((name,))
        for chapter, plan in enumerate(drill.parts("chapters")):
            places.add((name, chapter))
            places.update((name, chapter, step) for step in range(len(plan.parts("steps"))))
    return frozenset(places)


def _drill(plan: Line, objectives: Objectives, course: _Course) -> Drill:
    name = plan.text("drill")
    end = course.ended.get((name,))
    began, last = course.span(name)
    numbers = iter(range(1, 1_000_000))
    return Drill(
        id=name,
        title=plan.text("title"),
        file=plan.text("file"),
        sha256=plan.text("sha256"),
        guide=plan.texts("guide"),
        chapters=tuple(
            Chapter(
                name=chapter.text("name"),
                guide=chapter.texts("guide"),
                left_out=chapter.optional_flag("left_out") is True,
                steps=tuple(
                    _step(step, next(numbers), (name, index, position), course)
                    for position, step in enumerate(chapter.parts("steps"))
                ),
                activities=course.at((name, index)),
            )
            for index, chapter in enumerate(plan.parts("chapters"))
        ),
        began=began,
        last=last,
        ending=end.choice("reason", Ending) if end else None,
        ending_text=end.optional_text("text") if end else "",
        objectives=objectives,
        restoration=course.restoration(name),
        measurement=course.measured[name].measurement(),
        activities=course.at((name,)),
    )


def _step(plan: Line, number: int, place: Place, course: _Course) -> StepResult:
    end = course.ended.get(place)
    return StepResult(
        number=number,
        keyword=plan.text("keyword"),
        text=plan.text("text"),
        began=_instant(course.began, place),
        ended=_instant(course.ended, place),
        reported=end.choice("outcome", Outcome) if end else None,
        expected=end.optional_text("expected") if end else "",
        seen=end.optional_text("seen") if end else "",
        error=end.error() if end else None,
        checks=tuple(Check(each.text("expected"), each.text("seen")) for each in end.parts("checks")) if end else (),
        activities=_gone_as_it_should(course.at(place)) if _passed(end) else course.at(place),
    )


def _passed(end: Line | None) -> bool:
    return end is not None and end.fields.get("outcome") == Outcome.PASSED.value


def _gone_as_it_should(activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """An entry that Garoon does not have is no trouble in a step that passed, or once it was to be taken away."""
    return tuple(
        replace(each, gone=True) if isinstance(each, GaroonAct) and each.problem == NO_SUCH_ENTRY else each
        for each in activities
    )


def _instant(lines: Mapping[Place, Line], place: Place) -> Instant | None:
    return lines[place].at if place in lines else None


def _language(head: Line) -> str:
    language = head.text("language")
    if language not in LANGUAGES:
        raise head.unreadable(f"'language' is {language!r}, not one of {', '.join(LANGUAGES)}")
    return language


def _site(head: Line) -> Site:
    site = Line(head.journal, head.mapping("site"), head.number)
    return Site(
        name=site.text("name"),
        master=site.text("master"),
        replica=site.text("replica"),
        garoon_url=site.text("garoon_url"),
        guest=site.text("guest"),
        scenario=site.text("scenario"),
    )


def _objectives(head: Line) -> Objectives:
    """None of an older Kunren; those that were fixed before the run are held against their digest."""
    fixed = Line(head.journal, head.mapping("objectives"), head.number)
    objectives = Objectives(rto_s=fixed.optional_amount("rto_s"), rpo_s=fixed.optional_amount("rpo_s"))
    digest = fixed.optional_text("sha256")
    if digest and digest != objectives.sha256([drill.text("sha256") for drill in head.parts("drills")]):
        raise head.unreadable("the objectives and the plan are not those that were fixed before the run")
    return objectives


def _operator(head: Line) -> Operator | None:
    if head.fields.get("operator") is None:
        return None
    operator = Line(head.journal, head.mapping("operator"), head.number)
    return Operator(
        login=operator.text("login"),
        controller=operator.text("controller"),
        command_line=operator.texts("command_line"),
        confirmed=operator.optional_text("confirmed"),
    )


def _digests(head: Line) -> Digests | None:
    if head.fields.get("digests") is None:
        return None
    digests = Line(head.journal, head.mapping("digests"), head.number)
    scripts = Line(head.journal, digests.mapping("scripts"), head.number)
    return Digests(
        site_file=digests.optional_text("site_file"),
        discovery_file=digests.optional_text("discovery_file"),
        scripts={name: scripts.text(name) for name in scripts.fields},
    )


def _controls(head: Line) -> NegativeControls | None:
    if head.fields.get("controls") is None:
        return None
    controls = Line(head.journal, head.mapping("controls"), head.number)
    return NegativeControls(
        date=controls.instant("date"),
        sha256=controls.text("sha256"),
        caught=controls.whole("caught"),
        mutations=controls.whole("mutations"),
    )


def _tools(head: Line) -> Tools:
    return Tools(
        kunren=head.text("kunren"),
        python=head.text("python"),
        platform=head.text("platform"),
        seed=None if head.fields.get("seed") is None else head.whole("seed"),
    )
