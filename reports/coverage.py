"""The guide point by point: which chapters show it, how they ended, and what no chapter shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guide import Guide, Point, Shown, guide
from journal.course import Environment, Outcome
from journal.record import DrillRecord
from reports import judge
from words import Told

UNTESTED = "untested"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastOutcome:
    """How a chapter ended when it was last run in one environment, at one site of it."""

    environment: Environment
    site: str
    began: datetime
    folder: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """A chapter that shows a point; `number` counts from 1.

    `outcome` is that of one run, None where it was never run; `ended` are the last of many.
    """

    drill: str
    number: int
    chapter: Told
    guide: tuple[str, ...]
    outcome: Outcome | None
    ended: tuple[LastOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class PointCoverage:
    """A point with its chapters."""

    point: Point
    chapters: tuple[Showing, ...]

    @property
    def missing(self) -> bool:
        """A drill ought to show it, and no chapter does."""
        return not self.chapters and self.point.shown is Shown.DRILL

    @property
    def outcome(self) -> Outcome:
        """How its chapters ended, taken together."""
        return judge.together(showing.outcome or Outcome.NOT_RUN for showing in self.chapters)

    @property
    def standing(self) -> str:
        """The outcome; without chapters, manual or untested."""
        if self.chapters:
            return self.outcome.value
        return UNTESTED if self.missing else self.point.shown.value

    def standing_in(self, environment: Environment) -> str:
        """The same by how its chapters last ended in one environment alone, at every site where they were run."""
        if not self.chapters:
            return self.standing
        return judge.together(outcome for showing in self.chapters for outcome in _in(environment, showing)).value


def _in(environment: Environment, showing: Showing) -> tuple[Outcome, ...]:
    found = tuple(each.outcome for each in showing.ended if each.environment is environment)
    return found or (Outcome.NOT_RUN,)


def matrix(chapters: Iterable[Showing], of: Guide | None = None) -> tuple[PointCoverage, ...]:
    """A line for every point, in the guide's order."""
    shown = tuple(chapters)
    points = (of or guide()).points.values()
    return tuple(PointCoverage(point, tuple(each for each in shown if point.id in each.guide)) for point in points)


def of_record(record: DrillRecord) -> tuple[PointCoverage, ...]:
    """The points as this one run shows them."""
    return matrix(chapters_of(record))


def chapters_of(record: DrillRecord) -> tuple[Showing, ...]:
    """A chapter has not passed in a record whose evidence was altered, or that is not of its own run.

    What people alone have said shows nothing.
    """
    return tuple(
        Showing(
            drill=drill.id,
            number=number,
            chapter=chapter.name,
            guide=chapter.guide,
            outcome=Outcome.UNKNOWN if doubted and outcome is Outcome.PASSED else outcome,
        )
        for drill in record.drills
        for doubted in (bool(record.journal.contradictions or judge.altered(drill.everything)),)
        for number, chapter in enumerate(drill.chapters, 1)
        for outcome in (judge.shown(chapter),)
    )
