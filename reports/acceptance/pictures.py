"""The last picture of each step of both runs, side by side where they are not the same file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from journal.record import Drill, DrillRecord
from journal.seen import Condition, Evidence
from reports.acceptance.result import Acceptance, Pair
from reports.page.pictures import Gallery

MOST = 24
"""Pairs that are shown; a document is attached to a ticket."""


@dataclass(frozen=True, slots=True)
class PicturePair:
    """Pictures of one step as data URIs; one that is not as it was kept, or is not there, is empty."""

    drill: str
    step: int
    text: str
    data: Pair[str]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The first pairs that differ, how many there are, and how many pairs are the same file."""

    pairs: tuple[PicturePair, ...]
    differing: int
    same: int


def side_by_side(acceptance: Acceptance, folders: Pair[str]) -> SideBySide:
    runs = acceptance.runs
    galleries = Pair(Gallery(runs.baseline, Path(folders.baseline)), Gallery(runs.record, Path(folders.record)))
    every = list(_steps(acceptance))
    differing = [each for each in every if not _same(each[3])]
    pairs = tuple(
        PicturePair(
            drill, step, text, Pair(_data(galleries.baseline, kept.baseline), _data(galleries.record, kept.record))
        )
        for drill, step, text, kept in differing[:MOST]
    )
    return SideBySide(pairs, len(differing), len(every) - len(differing))


def _steps(acceptance: Acceptance) -> Iterator[tuple[str, int, str, Pair[Evidence | None]]]:
    before, after = _drills(acceptance.runs.baseline), _drills(acceptance.runs.record)
    for drill in acceptance.drills:
        one, other = _last(before[drill.drill]), _last(after[drill.drill])
        for step in (step for chapter in drill.chapters for step in chapter.steps):
            numbers = step.numbers
            if numbers.baseline is None or numbers.record is None:
                continue
            kept = Pair(one.get(numbers.baseline), other.get(numbers.record))
            if kept.baseline or kept.record:
                yield drill.drill, numbers.record, step.step, kept


def _drills(record: DrillRecord) -> dict[str, Drill]:
    return {drill.id: drill for drill in record.drills}


def _last(drill: Drill) -> dict[int, Evidence]:
    """Of each step that has one."""
    kept = ((step.number, each) for step in drill.steps for each in step.activities if isinstance(each, Evidence))
    return dict(kept)


def _same(kept: Pair[Evidence | None]) -> bool:
    """Two that are as they were kept, and one file."""
    one, other = kept.baseline, kept.record
    return one is not None and other is not None and _content(one) == _content(other) != ""


def _content(evidence: Evidence) -> str:
    return evidence.sha256 if evidence.condition is Condition.VERIFIED else ""


def _data(gallery: Gallery, evidence: Evidence | None) -> str:
    picture = gallery.of(evidence) if evidence else None
    return gallery.data(picture) if picture else ""
