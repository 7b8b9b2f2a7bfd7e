"""Where things stand in the report, so that a link leads from whatever names them to their step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from journal.entries import Activity
from journal.record import DrillRecord
from journal.seen import EventSeen, Evidence


@dataclass(frozen=True, slots=True)
class Spot:
    """The part that an entry is told in: `drill` counts from 1, `step` is 0 outside the steps."""

    anchor: str
    drill: int
    step: int = 0


def spots(record: DrillRecord) -> Mapping[int, Spot]:
    """Of every event and every piece of evidence, by its number in the journal."""
    return {each.n: spot for spot, told in _parts(record) for each in told if isinstance(each, EventSeen | Evidence)}


def step_anchor(drill: int, step: int) -> str:
    return f"s{drill}-{step}"


def chapter_anchor(drill: int, chapter: int) -> str:
    return f"c{drill}-{chapter}"


def _parts(record: DrillRecord) -> Iterator[tuple[Spot, Iterable[Activity]]]:
    for number, drill in enumerate(record.drills, 1):
        yield Spot(f"drill-{number}", number), drill.activities
        for place, chapter in enumerate(drill.chapters, 1):
            yield Spot(chapter_anchor(number, place), number), chapter.activities
            for step in chapter.steps:
                yield Spot(step_anchor(number, step.number), number, step.number), step.activities
        if drill.restoration:
            yield Spot(f"restoration-{number}", number), drill.restoration.activities
