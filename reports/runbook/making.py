"""A runbook is made: of drills as they are planned, the guide's procedures, and what is known of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from drills.reading import PlannedChapter, PlannedDrill, PlannedStep
from drills.vendor import REPLICA_HOST
from guide import Kind, guide
from guide.procedures import Procedure as ByHand
from guide.procedures import Role, procedures
from journal.course import Environment
from reports.history import StepOf, Usual
from reports.history.proofs import Proof, State
from reports.runbook import book
from reports.runbook.book import Act, Block, Book, Chapter, Decision, Expected, Instruction, Look, Particular, Trouble
from reports.runbook.paths import ClickPath, by_hand, click_path, end_of_fault, refuse_unperformable, undo_of
from reports.runbook.symptoms import Symptom, symptoms
from words import Words

DECISIONS = (
    "4-2-host-failure",
    "4-2-manual-switchover",
    "4-2-guest-failure",
    "4-2-guest-hang",
    "4-2-hyperv-service-failure",
    "4-2-line-cut-automatic",
    "4-2-line-cut-manual",
    "4-1-clean-switchover",
    "5-switchback",
    "5-switchback-with-option",
    "6-2-host-maintenance",
    "6-1-assured-recovery",
    "3-create-scenario",
    "2-readiness",
)
"""What is told on the decision page in the words for it: trouble first."""
MOST_TROUBLES = 6
"""More is not read while something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a site; `names` fill the places of the guide's texts, `times` and `proofs` are its records'."""

    names: Mapping[str, str]
    control: str
    site: str = ""
    environment: Environment | None = None
    edition: book.Edition = field(default_factory=book.Edition)
    times: Mapping[StepOf, Usual] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    sources: tuple[book.Source, ...] = ()
    left_out: int = 0
    """Records that do not count."""
    objectives: tuple[float | None, float | None] = (None, None)
    """RTO and RPO, in seconds."""


@dataclass(slots=True)
class _Step:
    """A block while it is put together, of the steps with their numbers in the chapter."""

    when: PlannedStep | None = None
    number: int = 0
    before: list[tuple[int, PlannedStep]] = field(default_factory=list)
    then: list[tuple[int, PlannedStep]] = field(default_factory=list)
    acts: list[ByHand] = field(default_factory=list)


def make(drills: Sequence[PlannedDrill], known: Known, words: Words) -> Book:
    """Raises NoClickPath where people cannot perform a drill."""
    for drill in drills:
        refuse_unperformable(drill)
    return _Maker(known, words).whole(drills)


class _Maker:
    """In one language, of one site; notes where people have to look, as it meets them."""

    def __init__(self, known: Known, words: Words) -> None:
        self._known, self._words = known, words
        self._language = words.language
        self._looks: dict[str, Look] = {}

    def whole(self, drills: Sequence[PlannedDrill]) -> Book:
        known, words = self._known, self._words
        simulated = known.environment is Environment.SIMULATED
        told = tuple(map(self._drill, drills))
        remarks = [] if known.site else [words("runbook.placeholders")]
        if not known.times and not known.proofs:
            remarks.append(words("runbook.no_records"))
        if known.left_out:
            remarks.append(words("runbook.records_left_out", n=known.left_out))
        return Book(
            title=words("runbook.title_of", site=known.site) if known.site else words("runbook.title"),
            id=known.edition.id,
            revision=known.edition.revision,
            simulated=simulated,
            remarks=(*remarks, words("runbook.how_to_read")),
            cover=tuple(self._cover()),
            contacts=tuple(self._contacts()),
            sources=known.sources,
            decisions=tuple(self._decisions(drills)),
            procedures=told,
            looks=tuple(self._looks.values()),
        )

    def _cover(self) -> Iterator[Particular]:
        edition, known = self._known.edition, self._known
        for name in ("id", "revision", "owner", "approved_by", "approved_on", "review_on"):
            yield Particular(self._words(f"runbook.cover.{name}"), getattr(edition, name))
        if known.environment is not None:
            told = self._words(f"history.{known.environment.value}")
            site = self._words("history.site_told", site=known.site, environment=told)
            yield Particular(self._words("runbook.cover.site"), site)
        for name, seconds in zip(("rto", "rpo"), known.objectives, strict=True):
            if seconds is not None:
                yield Particular(self._words(f"runbook.cover.{name}"), self._words.given(seconds))

    def _contacts(self) -> Iterator[Particular]:
        for name in ("lead", "hosts", "garoon"):
            yield Particular(self._words(f"runbook.contact.{name}"), self._known.edition.calls.get(name, ""))

    def _decisions(self, drills: Iterable[PlannedDrill]) -> Iterator[Decision]:
        chosen = {drill.name: drill for drill in drills}
        for name in (
            *(each for each in DECISIONS if each in chosen),
            *(each for each in chosen if each not in DECISIONS),
        ):
            seen = self._words(f"runbook.decide.{name}") if name in DECISIONS else chosen[name].description
            yield Decision(seen or chosen[name].title, name, chosen[name].title)

    # -- of a drill ----------------------------------------------------------------------------------------------------

    def _drill(self, drill: PlannedDrill) -> book.Procedure:
        performed: set[str] = set()
        people = by_hand(drill)
        chapters = []
        for number, chapter in enumerate(drill.chapters, start=1):
            if number in people:
                chapters.append(self._chapter(drill, number, performed))
            else:
                alone = (self._words("runbook.left_out"),)
                chapters.append(Chapter(number, chapter.name, chapter.guide, (), (), alone))
        return book.Procedure(drill.name, drill.title, drill.description, tuple(chapters))

    def _chapter(self, drill: PlannedDrill, number: int, performed: set[str]) -> Chapter:
        chapter = drill.chapters[number - 1]
        steps, alone = _grouped(chapter, drill.name)
        _watch(chapter, steps, performed)
        own = _symptoms(chapter, steps)
        blocks = tuple(
            self._block(drill, (number, place), step, own[place - 1]) for place, step in enumerate(steps, start=1)
        )
        told = tuple(map(self._told, alone))
        return Chapter(number, chapter.name, chapter.guide, blocks, tuple(self._proven(chapter)), told)

    def _block(self, drill: PlannedDrill, place: tuple[int, int], step: _Step, own: Sequence[Symptom]) -> Block:
        path = click_path(step.when, drill.name) if step.when else ClickPath()
        acts = [self._filled(each, path) for each in step.acts]
        looks = [
            self._filled(see, click_path(each, drill.name))
            for _, each in step.then
            if (see := click_path(each, drill.name).see)
        ]
        told = acts or looks
        where = (drill.name, place[0])
        known = {each.remedy for each in own}
        remedies = {each.id: each for act in acts for each in act.remedies if each not in known}
        troubles = [self._symptom(each) for each in own]
        troubles += [
            Trouble(
                each.seen.in_(self._language),
                each.do.in_(self._language),
                self._words(f"runbook.source.{each.source.value}"),
            )
            for each in remedies.values()
        ]
        return Block(
            number=f"{place[0]}.{place[1]}",
            title=self._title(step, acts),
            before=tuple(self._expected(where, *each) for each in step.before),
            acts=tuple(self._act(each, path) for each in acts),
            expected=tuple(self._expected(where, *each) for each in step.then),
            note=self._note(step, path, where),
            never=_once(each.text.in_(self._language) for act in acts for each in act.avoid),
            stops=_once(each.in_(self._language) for act in told for each in act.stop.when),
            call=told[0].stop.then.in_(self._language) if told else "",
            troubles=tuple(troubles[:MOST_TROUBLES]),
            undo=self._undo(step, acts, drill.name),
        )

    def _title(self, step: _Step, acts: Sequence[ByHand]) -> str:
        if step.when is not None:
            return self._told(step.when)
        return acts[0].title.in_(self._language) if acts else self._words("runbook.watch")

    def _note(self, step: _Step, path: ClickPath, where: tuple[str, int]) -> str:
        if path.fault:
            return self._words("runbook.fault")
        if path.wait:
            return self._words("runbook.wait")
        if step.when is not None:
            usual = self._usual((*where, step.number))
            return self._words("runbook.takes", usual=usual)
        return "" if step.acts else self._words("runbook.only_watch")

    def _act(self, procedure: ByHand, path: ClickPath) -> Act:
        window = procedure.window
        return Act(
            title=procedure.title.in_(self._language),
            points=procedure.points,
            who=self._words(f"runbook.who.{window.id}"),
            where=self._where(procedure, path),
            clicks=self._clicks(procedure),
            shows=tuple(each.in_(self._language) for each in procedure.expects),
        )

    def _clicks(self, procedure: ByHand) -> tuple[Instruction, ...]:
        return tuple(
            Instruction(each.text.in_(self._language), _once(each.unverified(self._language)))
            for each in procedure.clicks
        )

    def _where(self, procedure: ByHand, path: ClickPath) -> str:
        host = self._host(procedure.role, path)
        return self._words("runbook.where", window=procedure.window.name.in_(self._language), host=host)

    def _host(self, role: Role, path: ClickPath) -> str:
        match role:
            case Role.CONTROL_SERVICE:
                return self._known.control
            case Role.CONTROLLER:
                return self._words("runbook.client")
            case Role.NAMED:
                return self._named(path.host)
            case _:
                return self._known.names[role.value]

    def _named(self, host: str) -> str:
        names = self._known.names
        if host == "both":
            return self._words("runbook.both", master=names["master"], replica=names["replica"])
        return names.get(host, "")

    def _filled(self, procedure: ByHand, path: ClickPath) -> ByHand:
        host = self._named(path.host)
        return procedure.filled({**self._known.names, **path.choose, **({"host": host} if host else {})})

    def _expected(self, where: tuple[str, int], number: int, step: PlannedStep) -> Expected:
        path = click_path(step, where[0])
        looks = [self._look(each, path) for each in (*path.do, *([path.see] if path.see else []))]
        seen = path.see or next(iter(path.do), None)
        return Expected(
            text=self._told(step),
            limit=self._limit(step),
            usual=self._usual((*where, number)) if step.kind == "then" else "",
            look=looks[0].id if looks else "",
            where=self._where(seen, path) if seen else self._words("runbook.wait"),
        )

    def _told(self, step: PlannedStep) -> str:
        """As a sentence of its own, with the replica host's name where the product's message has it."""
        text = step.text.replace(f"<{REPLICA_HOST}>", self._known.names["replica"])
        return text[:1].upper() + text[1:]

    def _limit(self, step: PlannedStep) -> str:
        for unit, seconds in (("minutes", 60), ("seconds", 1)):
            if isinstance(found := step.values.get(unit), int):
                return self._words.length(timedelta(seconds=found * seconds))
        return ""

    def _usual(self, step: StepOf) -> str:
        found = self._known.times.get(step)
        if found is None:
            return self._words("runbook.no_time")
        return self._words("runbook.usual", length=self._words.between(found.least, found.most), n=found.n)

    def _look(self, procedure: ByHand, path: ClickPath) -> Look:
        """On a host that is not named, as the expectation names it."""
        if procedure.id not in self._looks:
            filled = procedure.filled({**self._known.names, **path.choose})
            code = self._words("runbook.look", n=len(self._looks) + 1)
            window = procedure.window.name.in_(self._language)
            self._looks[procedure.id] = Look(code, procedure.title.in_(self._language), window, self._clicks(filled))
        return self._looks[procedure.id]

    def _symptom(self, symptom: Symptom) -> Trouble:
        """Without a remedy of its own it says to stop."""
        source = symptom.remedy.source.value if symptom.remedy else "mutation"
        do = symptom.remedy.do.in_(self._language) if symptom.remedy else self._words("runbook.stop_here")
        return Trouble(symptom.seen.in_(self._language), do, self._words(f"runbook.source.{source}"))

    def _undo(self, step: _Step, acts: Sequence[ByHand], drill: str) -> str:
        told = [end.title.in_(self._language) for act in acts if (end := end_of_fault(act.id))]
        for change in sorted(step.when.changes if step.when else (), key=lambda each: each.value):
            undo = undo_of(change)
            if undo is not None and undo.drill:
                key = "runbook.undo_here" if undo.drill == drill else "runbook.undo_drill"
                told.append(self._words(key, drill=undo.drill))
            elif undo is not None:
                told += [self._as_undo(each) for each in undo.do]
        return self._words("report.between_statements").join(told)

    def _as_undo(self, procedure: ByHand) -> str:
        filled = procedure.filled(self._known.names)
        clicks = " → ".join(each.text.in_(self._language) for each in filled.clicks)
        return self._words("runbook.undo", title=filled.title.in_(self._language), clicks=clicks)

    def _proven(self, chapter: PlannedChapter) -> Iterator[str]:
        told: dict[str, list[str]] = {}
        for point in chapter.guide:
            told.setdefault(self._proof(self._known.proofs.get(point)), []).append(point)
        for said, points in told.items():
            yield self._words("runbook.proven_of", points=self._words("report.between_terms").join(points), said=said)

    def _proof(self, proof: Proof | None) -> str:
        if proof is None or proof.state in (State.NEVER, State.MANUAL):
            return self._words("runbook.never_proven")
        about = {"state": self._words(f"history.state.{proof.state.value}"), "environment": self._environment()}
        last = proof.last or proof.failed
        assert last is not None
        return self._words(
            "runbook.proven",
            day=last.run.began.strftime(self._words("history.day")),
            record=last.run.listed.place,
            **about,
        )

    def _environment(self) -> str:
        environment = self._known.environment
        return self._words(f"history.{environment.value}") if environment else ""


def _grouped(chapter: PlannedChapter, drill: str) -> tuple[list[_Step], list[PlannedStep]]:
    """Each action with what is checked before and expected after; and what Kunren sees alone."""
    steps: list[_Step] = []
    alone: list[PlannedStep] = []
    before: list[tuple[int, PlannedStep]] = []
    for number, step in enumerate(chapter.steps, start=1):
        path = click_path(step, drill)
        if path.alone:
            alone.append(step)
        elif step.kind == "given":
            before.append((number, step))
        elif step.kind == "when":
            steps.append(_Step(step, number, before, acts=list(path.do)))
            before = []
        else:
            if before or not steps:
                steps.append(_Step(before=before))
                before = []
            steps[-1].then.append((number, step))
    if before:
        steps.append(_Step(before=before))
    return steps, alone


def _watch(chapter: PlannedChapter, steps: Sequence[_Step], performed: set[str]) -> None:
    """Points of the chapter that no action of it performs are what its last expectations are seen by."""
    performed |= {each.id for step in steps for each in step.acts}
    rest = [
        procedures()[point]
        for point in chapter.guide
        if guide().points[point].kind is Kind.STEP and point in procedures() and point not in performed
    ]
    if rest and steps:
        last = next((step for step in reversed(steps) if step.then), steps[-1])
        last.acts += rest
        performed |= {each.id for each in rest}


def _symptoms(chapter: PlannedChapter, steps: Sequence[_Step]) -> list[list[Symptom]]:
    """By step: where a step performs the point there, else where the chapter's last expectations are."""
    found: list[list[Symptom]] = [[] for _ in steps]
    last = max((place for place, step in enumerate(steps) if step.then), default=len(steps) - 1)
    for point in chapter.guide:
        own = [place for place, step in enumerate(steps) if any(point in act.points for act in step.acts)]
        found[own[-1] if own else last] += symptoms(point)
    return found


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
