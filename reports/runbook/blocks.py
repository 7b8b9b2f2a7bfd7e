"""The steps of a runbook: each action of a chapter with what is checked before, expected after, and if it is not so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from drills.reading import PlannedChapter, PlannedDrill, PlannedStep
from drills.vendor import REPLICA_HOST
from guide.procedures import Procedure, Role
from reports.history import StepOf, Usual
from reports.runbook.book import Act, Block, Expected, Instruction, Look, Trouble
from reports.runbook.paths import ClickPath, click_path, end_of_fault, only_in_drills, undo_of, watched
from reports.runbook.symptoms import symptoms_at_procedures, symptoms_at_steps
from words import Words

MOST_TROUBLES = 6
"""More is not read while something is wrong."""
AT_ONCE_S = 1.0
"""What takes less is no wait for people."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of RHA's PowerShell; `verified` if somebody has seen that it is there."""

    name: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What the texts of procedures are filled with: names of a site, and the host of its Control Service."""

    names: Mapping[str, str]
    control: str
    times: Mapping[StepOf, Usual] = field(default_factory=dict)
    commands: Mapping[str, Command] = field(default_factory=dict)
    """By the last procedure of what they do."""


@dataclass(slots=True)
class Group:
    """A block while it is put together, of the steps with their numbers in the chapter."""

    when: PlannedStep | None = None
    number: int = 0
    before: list[tuple[int, PlannedStep]] = field(default_factory=list)
    then: list[tuple[int, PlannedStep]] = field(default_factory=list)
    acts: list[Procedure] = field(default_factory=list)
    fault: bool = False
    """It is made on purpose; what follows has to be seen as well where it has happened."""

    @property
    def phrases(self) -> frozenset[str]:
        steps = ([self.when] if self.when else []) + [step for _, step in self.then]
        return frozenset(step.phrase.text("en") for step in steps)


def grouped(chapter: PlannedChapter, drill: str) -> tuple[list[Group], list[PlannedStep]]:
    """Each action with what is checked before and expected after; and what Kunren sees alone."""
    groups: list[Group] = []
    alone: list[PlannedStep] = []
    before: list[tuple[int, PlannedStep]] = []
    for number, step in enumerate(chapter.steps, start=1):
        path = click_path(step, drill, chapter.guide)
        if path.alone:
            alone.append(step)
        elif step.kind == "given":
            before.append((number, step))
        elif step.kind == "when":
            groups.append(Group(step, number, before, acts=list(path.do), fault=path.fault))
            before = []
        else:
            if before or not groups or groups[-1].fault:
                groups.append(Group(before=before))
                before = []
            groups[-1].then.append((number, step))
    if before:
        groups.append(Group(before=before))
    return groups, alone


def watch(chapter: PlannedChapter, groups: Sequence[Group]) -> None:
    """What only looks at what follows stands beside the chapter's last expectations."""
    rest = [each for each in watched(chapter.guide) if not any(each in group.acts for group in groups)]
    if rest and groups:
        last = next((group for group in reversed(groups) if group.then), groups[-1])
        last.acts += rest


class Blocks:
    """In one language, of one site; `looks` are the places where people have to look, as they are met."""

    def __init__(self, place: Place, words: Words) -> None:
        self._place, self._words = place, words
        self._language = words.language
        self._looks: dict[str, Look] = {}

    @property
    def looks(self) -> tuple[Look, ...]:
        return tuple(self._looks.values())

    def of(self, drill: PlannedDrill, number: int, groups: Sequence[Group]) -> tuple[Block, ...]:
        """Of a chapter by its number. What leads to a fault that is made on purpose is only for drills."""
        faults = [place for place, each in enumerate(groups) if each.fault]
        last = faults[-1] if faults else -1
        whole = number in only_in_drills(drill.name)
        return tuple(
            self._block(drill, (number, place + 1), group, for_drills=whole or place <= last)
            for place, group in enumerate(groups)
        )

    def told(self, step: PlannedStep) -> str:
        """As a sentence of its own, with the replica host's name where the product's message has it."""
        text = step.text.replace(f"<{REPLICA_HOST}>", self._place.names["replica"])
        return text[:1].upper() + text[1:]

    def _block(self, drill: PlannedDrill, place: tuple[int, int], group: Group, *, for_drills: bool) -> Block:
        shown = drill.chapters[place[0] - 1].guide
        path = click_path(group.when, drill.name, shown) if group.when else ClickPath()
        acts = [self._filled(each, path) for each in group.acts]
        where = (drill.name, place[0])
        seen = acts or list(self._seen_by(group, drill.name))
        return Block(
            number=f"{place[0]}.{place[1]}",
            title=self._title(group, acts),
            before=tuple(self._expected(where, *each) for each in group.before),
            acts=tuple(self._act(each, path) for each in acts),
            expected=tuple(self._expected(where, *each) for each in group.then),
            only_in_drills=for_drills,
            note=self._note(group, path),
            takes=self._takes((*where, group.number)),
            never=_once(each.text.in_(self._language) for act in acts for each in act.avoid),
            stops=_once(each.in_(self._language) for act in seen for each in act.stop.when),
            call=seen[0].stop.then.in_(self._language) if seen else "",
            troubles=tuple(self._troubles(drill, place[0], group, acts))[:MOST_TROUBLES],
            undo=self._undo(group, acts, path, drill.name) if path.undo else "",
        )

    def _seen_by(self, group: Group, drill: str) -> Iterator[Procedure]:
        for _, step in group.then:
            path = click_path(step, drill)
            if path.see:
                yield self._filled(path.see, path)

    def _title(self, group: Group, acts: Sequence[Procedure]) -> str:
        if group.when is not None:
            return self.told(group.when)
        return acts[0].title.in_(self._language) if acts else self._words("runbook.watch")

    def _note(self, group: Group, path: ClickPath) -> str:
        if path.fault:
            return self._words("runbook.fault")
        if path.wait:
            return self._words("runbook.wait")
        return "" if group.when or group.acts else self._words("runbook.only_watch")

    def _takes(self, step: StepOf) -> str:
        found = self._place.times.get(step)
        if found is None or found.most < AT_ONCE_S:
            return ""
        return self._words("runbook.takes", usual=self._usual(step))

    # -- what is done --------------------------------------------------------------------------------------------------

    def _act(self, procedure: Procedure, path: ClickPath) -> Act:
        return Act(
            title=procedure.title.in_(self._language),
            points=procedure.points,
            who=self._words(f"runbook.who.{procedure.window.id}"),
            where=self._where(procedure, path),
            clicks=self._clicks(procedure),
            shows=tuple(each.in_(self._language) for each in procedure.expects),
            command=self._command(procedure),
        )

    def _command(self, procedure: Procedure) -> str:
        found = self._place.commands.get(procedure.id)
        if found is None:
            return ""
        return self._words("runbook.command" if found.verified else "runbook.command_unverified", name=found.name)

    def _clicks(self, procedure: Procedure) -> tuple[Instruction, ...]:
        language = self._language
        return tuple(
            Instruction(each.text.in_(language), _once(each.unverified(language))) for each in procedure.clicks
        )

    def _where(self, procedure: Procedure, path: ClickPath) -> str:
        host = self._host(procedure.role, path)
        return self._words("runbook.where", window=procedure.window.name.in_(self._language), host=host)

    def _host(self, role: Role, path: ClickPath) -> str:
        match role:
            case Role.CONTROL_SERVICE:
                return self._place.control
            case Role.CONTROLLER:
                return self._words("runbook.client")
            case Role.NAMED:
                return self._named(path.host)
            case _:
                return self._place.names[role.value]

    def _named(self, host: str) -> str:
        names = self._place.names
        if host == "both":
            return self._words("runbook.both", master=names["master"], replica=names["replica"])
        return names.get(host, "")

    def _filled(self, procedure: Procedure, path: ClickPath) -> Procedure:
        host = self._named(path.host)
        return procedure.filled({**self._place.names, **path.choose, **({"host": host} if host else {})})

    # -- what is expected ----------------------------------------------------------------------------------------------

    def _expected(self, where: tuple[str, int], number: int, step: PlannedStep) -> Expected:
        path = click_path(step, where[0])
        procedure = path.see or next(iter(path.do), None)
        return Expected(
            text=self.told(step),
            limit=self._limit(step),
            usual=self._usual((*where, number)) if step.kind == "then" else "",
            look=self._look(procedure, path).id if procedure else "",
            where=self._where(procedure, path) if procedure else self._words("runbook.wait"),
        )

    def _limit(self, step: PlannedStep) -> str:
        for unit, seconds in (("minutes", 60), ("seconds", 1)):
            if isinstance(found := step.values.get(unit), int):
                return self._words.length(timedelta(seconds=found * seconds))
        return ""

    def _usual(self, step: StepOf) -> str:
        found = self._place.times.get(step)
        if found is None:
            return self._words("runbook.no_time")
        if found.most < AT_ONCE_S:
            return self._words("runbook.at_once", n=found.n)
        return self._words("runbook.usual", length=self._words.between(found.least, found.most), n=found.n)

    def _look(self, procedure: Procedure, path: ClickPath) -> Look:
        """On a host that is not named: each expectation names its own."""
        if procedure.id not in self._looks:
            filled = procedure.filled({**self._place.names, **path.choose})
            code = self._words("runbook.look", n=len(self._looks) + 1)
            window = procedure.window.name.in_(self._language)
            self._looks[procedure.id] = Look(code, filled.title.in_(self._language), window, self._clicks(filled))
        return self._looks[procedure.id]

    # -- what if it is not so ------------------------------------------------------------------------------------------

    def _troubles(self, drill: PlannedDrill, number: int, group: Group, acts: Sequence[Procedure]) -> Iterator[Trouble]:
        """What mutations of the simulated lab look like at these steps, then what is known of the procedures."""
        found = (
            *symptoms_at_steps(drill.chapters[number - 1].guide, group.phrases, drill.name),
            *symptoms_at_procedures({each.id for each in acts}),
        )
        for each in found:
            source = each.remedy.source.value if each.remedy else "mutation"
            do = each.remedy.do.in_(self._language) if each.remedy else self._words("runbook.stop_here")
            yield Trouble(each.seen.in_(self._language), do, self._words(f"runbook.source.{source}"))
        told = {each.remedy.id for each in found if each.remedy}
        for remedy in {each.id: each for act in acts for each in act.remedies if each.id not in told}.values():
            source = self._words(f"runbook.source.{remedy.source.value}")
            yield Trouble(remedy.seen.in_(self._language), remedy.do.in_(self._language), source)

    def _undo(self, group: Group, acts: Sequence[Procedure], path: ClickPath, drill: str) -> str:
        told = [end.title.in_(self._language) for act in acts if (end := end_of_fault(act.id))]
        for change in sorted(group.when.changes if group.when else (), key=lambda each: each.value):
            undo = undo_of(change)
            if undo is not None and undo.drill:
                key = "runbook.undo_here" if undo.drill == drill else "runbook.undo_drill"
                told.append(self._words(key, drill=undo.drill))
            elif undo is not None:
                told += [self._as_undo(self._filled(each, path)) for each in undo.do]
        return self._words("report.between_statements").join(told)

    def _as_undo(self, filled: Procedure) -> str:
        clicks = " → ".join(each.text.in_(self._language) for each in filled.clicks)
        return self._words("runbook.undo", title=filled.title.in_(self._language), clicks=clicks)


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
