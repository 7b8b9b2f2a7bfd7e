"""A drill among the runs that passed before it: what each of its parts took in them, and where this run stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from journal.record import Drill, DrillRecord
from lab.model.bounds import Length, over
from reports.acceptance.responses import OF_GAROON, middles
from reports.acceptance.result import Pair
from reports.acceptance.steps import lengths, whole
from reports.findings import findings_of
from words import Told


class Part(Enum):
    """What has a length of its own."""

    WHOLE = "whole"
    CHAPTER = "chapter"
    STEP = "step"
    OUTAGE = "outage"
    """The longest, by which the RTO is judged."""
    LOSS = "loss"
    """By which the RPO is judged."""
    RESPONSE = "response"
    """Of one layer, in the middle."""


class Standing(Enum):
    """Of a run among others, whatever of its interval and theirs is true."""

    ALONE = "alone"
    """One run has no spread."""
    WITHIN = "within"
    LONGER = "longer"
    SHORTER = "shorter"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A part of a drill in the runs before, and in this one; `of` is its number, or its layer."""

    drill: str
    part: Part
    of: str
    name: Told
    runs: tuple[Length, ...]
    record: Length | None

    @property
    def range(self) -> Length:
        return over(self.runs)

    @property
    def median(self) -> Length:
        """Between the median of the lower bounds and that of the upper ones."""
        upper = [each.upper for each in self.runs if each.upper is not None]
        return Length(median(each.lower for each in self.runs), median(upper) if len(upper) == len(self.runs) else None)

    @property
    def standing(self) -> Standing:
        among = self.range
        if len(self.runs) < 2:
            return Standing.ALONE
        if self.record is None:
            return Standing.UNKNOWN
        if among.upper is not None and self.record.lower > among.upper:
            return Standing.LONGER
        if self.record.upper is not None and self.record.upper < among.lower:
            return Standing.SHORTER
        return Standing.WITHIN


Key = tuple[Part, str]


def spreads(runs: Pair[DrillRecord], passed: Sequence[DrillRecord]) -> Iterator[Spread]:
    """Of each part that the baseline has, in the order of the drills; chapters and steps of an unchanged text alone."""
    baseline = {drill.id: drill for drill in runs.baseline.drills}
    for drill in runs.record.drills:
        if drill.id not in baseline:
            continue
        before = [_parts(each) for each in same_text(baseline[drill.id], passed)]
        one_text = drill.sha256 == baseline[drill.id].sha256 or runs.record.language != runs.baseline.language
        here = _parts(drill)
        for key, name in _names(drill):
            took = tuple(each[key] for each in before if key in each)
            if took and (one_text or key[0] not in (Part.CHAPTER, Part.STEP)):
                yield Spread(drill=drill.id, part=key[0], of=key[1], name=name, runs=took, record=here.get(key))


def same_text(drill: Drill, passed: Sequence[DrillRecord]) -> tuple[Drill, ...]:
    """The same drill in other runs; with another text its chapters and steps are others."""
    return tuple(each for run in passed for each in run.drills if (each.id, each.sha256) == (drill.id, drill.sha256))


def _parts(drill: Drill) -> Mapping[Key, Length]:
    found: dict[Key, Length | None] = {(Part.WHOLE, ""): whole(drill)}
    found |= {(Part.CHAPTER, str(number)): whole(each) for number, each in enumerate(drill.chapters, 1)}
    found |= {(Part.STEP, str(number)): length for number, length in lengths(drill).items()}
    if (told := findings_of(drill)) is not None:
        found[Part.OUTAGE, ""] = told.rto.measured
        found[Part.LOSS, ""] = told.loss.seconds
        found |= {(Part.RESPONSE, layer.value): length for layer, length in middles(told.probing).items()}
    return {key: length for key, length in found.items() if length is not None}


def _names(drill: Drill) -> Iterator[tuple[Key, Told]]:
    yield (Part.WHOLE, ""), drill.title
    for number, chapter in enumerate(drill.chapters, 1):
        yield (Part.CHAPTER, str(number)), chapter.name
    for step in drill.steps:
        yield (Part.STEP, str(step.number)), step.text
    yield from (((part, ""), drill.title) for part in (Part.OUTAGE, Part.LOSS))
    yield from (((Part.RESPONSE, layer.value), drill.title) for layer in OF_GAROON)
