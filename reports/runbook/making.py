"""A runbook is made: of drills as they are planned, the guide's procedures, and what is known of a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drills.reading import PlannedChapter, PlannedDrill
from journal.course import Environment
from reports.history.proofs import Proof, State
from reports.runbook.blocks import Blocks, Place, grouped, watch
from reports.runbook.book import Book, Chapter, Decision, Edition, Particular, Procedure, Source, digest_of
from reports.runbook.paths import by_hand, refuse_unperformable
from words import Words

URGENT = (
    "4-2-host-failure",
    "4-2-manual-switchover",
    "4-2-guest-failure",
    "4-2-guest-hang",
    "4-2-hyperv-service-failure",
    "4-2-line-cut-automatic",
    "4-2-line-cut-manual",
)
PLANNED = (
    "4-1-clean-switchover",
    "5-switchback",
    "5-switchback-with-option",
    "6-2-host-maintenance",
    "6-1-assured-recovery",
    "3-create-scenario",
    "2-readiness",
)
DECISIONS = URGENT + PLANNED
"""Drills in the order of the decision page, which has words for them: trouble first."""
EDITION = ("id", "revision", "owner", "approved_by", "approved_on", "review_on")
CONTACTS = ("lead", "hosts", "garoon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a site; `proofs` are those of its records, of which `left_out` do not count."""

    place: Place
    site: str = ""
    environment: Environment | None = None
    edition: Edition = field(default_factory=Edition)
    objectives: Mapping[str, float | None] = field(default_factory=dict)
    """RTO and RPO, in seconds."""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    left_out: int = 0
    sources: tuple[Source, ...] = ()


def make(drills: Sequence[PlannedDrill], known: Known, words: Words) -> Book:
    """Raises NoClickPath where people cannot perform a drill."""
    for drill in drills:
        refuse_unperformable(drill)
    return _Maker(known, words).whole(drills)


class _Maker:
    def __init__(self, known: Known, words: Words) -> None:
        self._known, self._words = known, words
        self._blocks = Blocks(known.place, words)

    def whole(self, drills: Sequence[PlannedDrill]) -> Book:
        known, words = self._known, self._words
        told = tuple(map(self._drill, drills))
        return Book(
            id=known.edition.id,
            revision=known.edition.revision,
            title=words("runbook.title_of", site=known.site) if known.site else words("runbook.title"),
            simulated=known.environment is Environment.SIMULATED,
            remarks=tuple(self._remarks()),
            cover=tuple(self._cover()),
            contacts=tuple(
                Particular(words(f"runbook.contact.{name}"), known.edition.calls.get(name, "")) for name in CONTACTS
            ),
            sources=known.sources,
            decisions=tuple(self._decisions(drills, told)),
            procedures=told,
            looks=self._blocks.looks,
        )

    def _remarks(self) -> Iterator[str]:
        known = self._known
        yield self._words("runbook.how_to_read")
        yield self._words("runbook.skip_in_emergency")
        if not known.site:
            yield self._words("runbook.placeholders")
        if not known.place.times and not known.proofs:
            yield self._words("runbook.no_records")
        if known.left_out:
            yield self._words("runbook.records_left_out", n=known.left_out)

    def _cover(self) -> Iterator[Particular]:
        known, words = self._known, self._words
        for name in EDITION:
            yield Particular(words(f"runbook.cover.{name}"), getattr(known.edition, name))
        if known.environment is not None:
            site = words("history.site_told", site=known.site, environment=self._environment())
            yield Particular(words("runbook.cover.site"), site)
        for name, seconds in known.objectives.items():
            if seconds is not None:
                yield Particular(words(f"runbook.cover.{name}"), words.given(seconds))
        yield Particular(words("runbook.cover.digest"), digest_of(known.sources))

    def _decisions(self, drills: Iterable[PlannedDrill], told: Iterable[Procedure]) -> Iterator[Decision]:
        chosen = {drill.name: (drill, procedure) for drill, procedure in zip(drills, told, strict=True)}
        known = [name for name in DECISIONS if name in chosen]
        for name in (*known, *(each for each in chosen if each not in known)):
            drill, procedure = chosen[name]
            seen = self._words(f"runbook.decide.{name}") if name in known else drill.description or drill.title
            yield Decision(seen, name, drill.title, name in URGENT, self._begin(procedure))

    def _begin(self, procedure: Procedure) -> str:
        blocks = [block for chapter in procedure.chapters for block in chapter.blocks]
        first = next((block for block in blocks if not block.only_in_drills), blocks[0])
        return "" if first is blocks[0] else self._words("runbook.begin", number=first.number)

    def _drill(self, drill: PlannedDrill) -> Procedure:
        people = by_hand(drill)
        chapters = []
        for number, chapter in enumerate(drill.chapters, start=1):
            if number in people:
                chapters.append(self._chapter(drill, number))
            else:
                alone = (self._words("runbook.left_out"),)
                chapters.append(Chapter(number, chapter.name, chapter.guide, (), (), alone))
        return Procedure(drill.name, drill.title, drill.description, tuple(chapters))

    def _chapter(self, drill: PlannedDrill, number: int) -> Chapter:
        chapter = drill.chapters[number - 1]
        groups, alone = grouped(chapter, drill.name)
        watch(chapter, groups)
        blocks = self._blocks.of(drill, number, groups)
        told = tuple(map(self._blocks.told, alone))
        return Chapter(number, chapter.name, chapter.guide, blocks, tuple(self._proven(chapter)), told)

    def _proven(self, chapter: PlannedChapter) -> Iterator[str]:
        told: dict[str, list[str]] = {}
        for point in chapter.guide:
            told.setdefault(self._proof(self._known.proofs.get(point)), []).append(point)
        for said, points in told.items():
            yield self._words("runbook.proven_of", points=self._words("report.between_terms").join(points), said=said)

    def _proof(self, proof: Proof | None) -> str:
        last = None if proof is None else proof.last or proof.failed
        if proof is None or last is None or proof.state in (State.NEVER, State.MANUAL):
            return self._words("runbook.never_proven")
        return self._words(
            "runbook.proven",
            state=self._words(f"history.state.{proof.state.value}"),
            environment=self._environment(),
            day=last.run.began.strftime(self._words("history.day")),
            record=last.run.listed.place,
        )

    def _environment(self) -> str:
        environment = self._known.environment
        return self._words(f"history.{environment.value}") if environment else ""
