"""What the first page shows beside the verdict: each objective against what was measured, and the run's particulars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journal.annotations import Annotations
from journal.course import Outcome
from journal.record import Drill, DrillRecord
from lab.model.objectives import Attained, Attainment
from reports import coverage, judge
from reports.findings import findings_of
from reports.page.annotated import NONE, approved_by, open_actions
from reports.page.answers import Judged, attained_sentences
from reports.page.fields import approved_before, took_part
from reports.page.figures import count
from reports.page.moments import moment, ran_by, span
from words import Told, Words

LONGEST = 100.0
"""Units of a bar; what is not bounded goes on to its end."""
BEYOND = 1.12
"""How much longer a bar is than what it has to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveBar:
    """`drill` is the one that was farthest from it, named where there are several.

    In units of the bar: it is certain up to `lower`, possible for another `width`, and had to end before `goal`.
    """

    name: str
    drill: Told | None
    target: str
    measured: str
    told: Judged
    lower: str
    width: str
    goal: str


@dataclass(frozen=True, slots=True)
class Particular:
    """A fact of the run; nothing is told of what is `missing` from the record."""

    name: str
    told: str
    missing: bool = False
    anchor: str = ""
    long: bool = False


def objective_bars(record: DrillRecord, words: Words) -> Sequence[ObjectiveBar]:
    """Of every objective that was set, as the drill shows it that is worst by it."""
    judged = [(drill, found) for drill in record.drills if (found := findings_of(drill))]
    bars = []
    for name in ("rto", "rpo"):
        attained = [(drill, found, getattr(found, name)) for drill, found in judged]
        held = [each for each in attained if each[2].attainment is not Attainment.NONE]
        if held:
            drill, found, worst = max(held, key=lambda each: _badness(each[2]))
            told = attained_sentences(found, words)[name]
            bars.append(_bar(name, drill if len(record.drills) > 1 else None, worst, told, words))
    return bars


_RANK = (Attainment.MET, Attainment.UNPROVEN, Attainment.MISSED)


def _badness(attained: Attained) -> tuple[int, float, float]:
    upper = attained.measured.upper
    return (_RANK.index(attained.attainment), float("inf") if upper is None else upper, attained.measured.lower)


def _bar(name: str, drill: Drill | None, attained: Attained, told: Judged, words: Words) -> ObjectiveBar:
    lower, upper, goal = attained.measured.lower, attained.measured.upper, attained.objective or 0.0
    whole = max(goal, upper or 0.0, lower, 1.0) * BEYOND
    units = LONGEST / whole
    return ObjectiveBar(
        name=words(f"objective.{name}"),
        drill=drill.title if drill else None,
        target=words.given(goal),
        measured=words.between(lower, upper),
        told=told,
        lower=f"{lower * units:.2f}",
        width=f"{(LONGEST if upper is None else upper * units) - lower * units:.2f}",
        goal=f"{goal * units:.2f}",
    )


def particulars(record: DrillRecord, words: Words, annotations: Annotations = NONE) -> Sequence[Particular]:
    """Where, when, by whom, with what left to do; what no journal tells of yet is named as missing."""
    return tuple(_particulars(record, words, annotations))


def _particulars(record: DrillRecord, words: Words, annotations: Annotations) -> Iterator[Particular]:
    site = record.site
    where = words("particular.where_told", site=site.name, guest=site.guest, master=site.master, replica=site.replica)
    yield Particular(words("particular.where"), where)
    yield Particular(words("particular.when"), span(record, words))
    yield _told_or_missing("ran_by", ran_by(record, words), words)
    if who := took_part(record.plan, words):
        yield Particular(words("particular.took_part"), who, anchor="fields", long=True)
    approved = (approved_before(record.plan, words), approved_by(annotations, words))
    yield _told_or_missing("approved_by", words("report.between_terms").join(filter(None, approved)), words)
    yield _told_or_missing("open_actions", open_actions(annotations, words), words)
    yield Particular(words("particular.untested"), _untested(record, words), anchor="unrun")
    yield Particular(words("particular.steps"), _steps(record, words))
    identity = words("particular.identity", record=record.id, journal=record.journal.sha256[:16])
    yield Particular(words("particular.record"), identity.strip(), anchor="journal")


def _told_or_missing(name: str, told: str, words: Words) -> Particular:
    return Particular(words(f"particular.{name}"), told or words("report.not_recorded"), missing=not told)


def _untested(record: DrillRecord, words: Words) -> str:
    """Steps that were not run, and points of the guide that no chapter of this run shows."""
    steps = len(judge.unrun(record))
    lines = coverage.of_record(record)
    points = sum(not line.chapters for line in lines)
    return words("particular.untested_told", steps=steps, points=points, all=len(lines))


def _steps(record: DrillRecord, words: Words) -> str:
    counted = count(record)
    told = [
        words("particular.counted", outcome=words(f"outcome.{outcome.value}"), n=counted.steps[outcome])
        for outcome in Outcome
        if counted.steps[outcome]
    ]
    return words("report.between_terms").join(told)


def began(record: DrillRecord, words: Words) -> str:
    return moment(record.began.wall, record, words)
