"""The history of a folder of records: trends, proofs and their age, and what is due. docs/history.md describes it.

`usual_times` and `last_proven` are for other readers; `kunren.records.history.site_history` asks for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import TypeAlias

from journal.course import Environment
from reports.history.circumstances import Circumstances
from reports.history.course import Course, Site, courses
from reports.history.dues import DueAction, DueDrill, Retention, due_actions, due_drills, retentions
from reports.history.folder import Folder, Listed, Progress, refreshed
from reports.history.index import Index
from reports.history.proofs import Proof, proofs
from reports.history.summary import Standing
from reports.history.trends import Series, series

__all__ = ["History", "Now", "StepOf", "Usual", "last_proven", "read_history", "usual_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What is known beside the records: the moment, texts of drills by their digests, and one site's files.

    `site` is the only one that is wanted, where one is; `intervals` and `expected` are of it.
    """

    moment: datetime
    features: Mapping[str, Collection[str]]
    site: Site | None = None
    expected: Circumstances = field(default_factory=dict)
    intervals: Mapping[str, timedelta] = field(default_factory=dict)
    keys: Collection[str] = ()
    """Ids of keys that are known here."""


@dataclass(frozen=True)
class History:
    """Everything that is told of a folder, in no language yet; `others` are records of sites that are not wanted."""

    folder: Folder
    now: Now

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """Those of the wanted site, and those whose site is not known."""
        return tuple(each for each in self.folder.listed if self._wanted(each))

    @property
    def others(self) -> int:
        return len(self.folder.listed) - len(self.listed)

    @property
    def amiss(self) -> tuple[Listed, ...]:
        """Those that do not count."""
        return tuple(each for each in self.listed if not each.counts)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        expected = {self.now.site: self.now.expected} if self.now.site else {}
        return courses(self.listed, expected)

    @cached_property
    def proofs(self) -> Mapping[Site, Sequence[Proof]]:
        return {(each.site, each.environment): proofs(each, self.now.features) for each in self.courses}

    @cached_property
    def series(self) -> Mapping[Site, Sequence[Series]]:
        return {(each.site, each.environment): tuple(series(each)) for each in self.courses}

    @cached_property
    def drills(self) -> tuple[DueDrill, ...]:
        """Of the wanted site."""
        own = (each for each in self.courses if (each.site, each.environment) == self.now.site)
        return tuple(due for each in own for due in due_drills(each, self.now.intervals))

    @cached_property
    def actions(self) -> tuple[DueAction, ...]:
        return tuple(due_actions(self.listed))

    @cached_property
    def retentions(self) -> tuple[Retention, ...]:
        return tuple(retentions(self.listed))

    def seal(self, listed: Listed) -> str:
        """The key of the words that say what is amiss with the seal of a record of real hosts, empty for nothing."""
        reading = listed.reading
        if reading.environment is not Environment.REAL or listed.standing is Standing.VANISHED:
            return ""
        if not reading.seal:
            return "unsealed"
        return "" if reading.key in self.now.keys else "unknown_key"

    def _wanted(self, listed: Listed) -> bool:
        of = (listed.reading.site, listed.reading.environment)
        return self.now.site is None or not listed.reading.site or of == self.now.site


def no_progress(_done: int, _all: int) -> None:
    """For readers who do not wait."""


def read_history(
    folder: Path, index: Index, now: Now, *, thorough: bool = False, progress: Progress = no_progress
) -> History:
    """Brings the index of a folder up to date. Raises IndexUnusable and OSError."""
    return History(refreshed(folder, index, now.moment, thorough=thorough, progress=progress), now)


# -- for other readers -------------------------------------------------------------------------------------------------


StepOf: TypeAlias = tuple[str, int, int]
"""A drill by its name, and the numbers of a chapter and of a step in it, from 1."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How long a step took in `n` runs in which it passed, in seconds."""

    least: float
    median: float
    most: float
    n: int


def usual_times(history: History, index: Index, site: Site) -> Mapping[StepOf, Usual]:
    """The usual time of each step of each drill at a site.

    Only of records that count, and of runs of the text that a drill has now (`Now.features`): a step elsewhere in
    another text is another step. `site` is a name and an environment, so that SIMULATED times are never a real site's.
    A step that never passed there has none. Raises IndexUnusable.
    """
    found: defaultdict[StepOf, list[float]] = defaultdict(list)
    for each in index.steps(_places(history, site)):
        texts = history.now.features.get(each.drill)
        if texts is None or each.sha256 in texts:
            found[each.drill, each.chapter, each.step].append(each.took)
    return {place: Usual(min(took), median(took), max(took), len(took)) for place, took in found.items()}


def last_proven(history: History, site: Site) -> Mapping[str, Proof]:
    """The last proof of each point of the guide at a site, by the id of the point.

    `Proof.state` says whether it still holds, `Proof.last` is the run and chapter that showed it (None for never), and
    `Proof.days(now)` its age. A site without records has no proofs.
    """
    return {each.point.id: each for each in history.proofs.get(site, ())}


def _places(history: History, site: Site) -> list[str]:
    return [
        each.place for course in history.courses if (course.site, course.environment) == site for each in course.listed
    ]
