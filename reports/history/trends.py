"""RTO, RPO and times of a drill over its runs, as the intervals that were measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import inf
from statistics import median

from journal.course import Environment, Outcome
from lab.model.bounds import Length
from lab.model.objectives import Attainment, attainment
from reports.history.circumstances import Change, Topic
from reports.history.course import Course, Patch, Run
from words import Told

SIDE = 4
"""Runs on either side of a trend: that all of four are above all of four others happens by chance once in 70 times."""


class Measure(Enum):
    RTO = "rto"
    RPO = "rpo"
    TIME = "time"
    """Lab time of the whole drill, its restoration included."""


class Tendency(Enum):
    """What the last run is against all before it, or the last four against the four before them."""

    TOO_FEW = "too few"
    SAME = "same"
    LONGER = "longer"
    SHORTER = "shorter"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run measured, and the objective that was fixed before it."""

    began: datetime
    place: str
    length: Length
    outcome: Outcome
    objective: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One drill at one site in one environment; `of` are all its runs, some of which were not measured."""

    site: str
    environment: Environment
    drill: str
    title: Told
    measure: Measure
    objective: float | None
    points: tuple[Measured, ...]
    of: int
    patches: tuple[Patch, ...]

    @property
    def n(self) -> int:
        return len(self.points)

    @property
    def last(self) -> Measured:
        return self.points[-1]

    @property
    def median(self) -> Length:
        """Between the median of the lower bounds and that of the upper ones."""
        return _median(self.points)

    @property
    def range(self) -> Length:
        """The least and the most that any run can have taken."""
        return Length(min(each.length.lower for each in self.points), _finite(max(map(_upper, self.points))))

    @property
    def attained(self) -> Mapping[Attainment, int]:
        """How many runs met the objective that each of them had; none where none had one."""
        found = (attainment(each.objective, each.length) for each in self.points)
        return Counter(each for each in found if each is not Attainment.NONE)

    @property
    def against_former(self) -> Tendency:
        """The last run against every run before."""
        return _tendency(self.points[:-1], self.points[-1:], 1)

    @property
    def trend(self) -> Tendency:
        """The last four runs against the four before: longer only if each is, whatever of its interval is true."""
        return _tendency(self.points[-2 * SIDE : -SIDE], self.points[-SIDE:], SIDE)


def _tendency(before: Sequence[Measured], after: Sequence[Measured], least: int) -> Tendency:
    if len(before) < least or len(after) < least:
        return Tendency.TOO_FEW
    if min(each.length.lower for each in after) > max(map(_upper, before)):
        return Tendency.LONGER
    if max(map(_upper, after)) < min(each.length.lower for each in before):
        return Tendency.SHORTER
    return Tendency.SAME


def _upper(measured: Measured) -> float:
    return inf if measured.length.upper is None else measured.length.upper


def _finite(seconds: float) -> float | None:
    return None if seconds == inf else seconds


def _median(points: Sequence[Measured]) -> Length:
    return Length(median(each.length.lower for each in points), _finite(median(map(_upper, points))))


def series(course: Course) -> Iterator[Series]:
    """What was measured of each drill, drill by drill; none where nothing was."""
    for drill, runs in sorted(course.runs.items()):
        begun = [run for run in runs if run.drill.took is not None]
        texts = tuple(_texts(runs))
        for measure in Measure:
            points = tuple(found for run in begun if (found := _measured(run, measure)))
            if points:
                yield Series(
                    site=course.site,
                    environment=course.environment,
                    drill=drill,
                    title=runs[-1].drill.title,
                    measure=measure,
                    objective=_objective(begun[-1], measure),
                    points=points,
                    of=len(begun),
                    patches=(*course.patches, *texts),
                )


def _texts(runs: Sequence[Run]) -> Iterator[Patch]:
    """Where the text of the drill is another than it was before in the same language."""
    last: dict[str, Run] = {}
    for run in runs:
        language, drill = run.listed.reading.language, run.drill
        before = last.get(language)
        if before is not None and before.drill.sha256 != drill.sha256:
            change = Change(Topic.FEATURE, "", "feature", drill.drill, before.drill.sha256[:16], drill.sha256[:16])
            yield Patch(before.began, run.began, run.listed.place, (change,))
        last[language] = run


def _measured(run: Run, measure: Measure) -> Measured | None:
    """Times are compared of drills alone that were performed from beginning to end."""
    drill = run.drill
    if measure is Measure.TIME:
        length = Length(drill.took, drill.took) if drill.whole and drill.took is not None else None
    else:
        span = drill.rto if measure is Measure.RTO else drill.rpo
        length = span.length if span else None
    if length is None:
        return None
    return Measured(run.began, run.listed.place, length, drill.outcome, _objective(run, measure))


def _objective(run: Run, measure: Measure) -> float | None:
    if measure is Measure.RTO:
        return run.drill.rto_objective
    return run.drill.rpo_objective if measure is Measure.RPO else None
