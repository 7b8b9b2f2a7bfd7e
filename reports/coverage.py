"""The guide point by point: which chapters show it, how they ended, and what no chapter shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from guide import Guide, Point, Shown, guide
from journal.course import Environment, Outcome
from journal.record import Chapter, DrillRecord
from journal.seen import Call
from reports import judge
from words import Told

UNTESTED = "untested"
RHA_SCRIPT = "Invoke-RhaCommand"


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


@judge.once
def of_record(record: DrillRecord) -> tuple[PointCoverage, ...]:
    """The points as this one run shows them."""
    return matrix(chapters_of(record))


def chapters_of(record: DrillRecord) -> tuple[Showing, ...]:
    """A chapter has not passed in a record whose evidence was altered, or that is not of its own run.

    What people alone have said shows nothing, nor what they have done of what commands can do.
    """
    return tuple(
        Showing(drill=drill.id, number=number, chapter=chapter.name, guide=points, outcome=outcome)
        for drill in record.drills
        for doubted in (bool(record.journal.contradictions or judge.altered(drill.everything)),)
        for number, chapter in enumerate(drill.chapters, 1)
        for points, outcome in _shown(chapter, doubted=doubted)
    )


def _shown(chapter: Chapter, *, doubted: bool) -> Iterator[tuple[tuple[str, ...], Outcome]]:
    """Points of a chapter, and what it shows of them."""
    outcome = judge.shown(chapter)
    passed, by_people = outcome is Outcome.PASSED, any(map(judge.attested, chapter.steps))
    for points in apart(chapter.guide):
        unshown = by_people and about_commands(points) and not _commanded(chapter)
        yield points, Outcome.UNKNOWN if passed and (doubted or unshown) else outcome


def apart(points: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Points about commands of RHA apart from the others, as people may do what those are about."""
    commands = tuple(each for each in points if about_commands((each,)))
    return tuple(filter(None, (tuple(each for each in points if each not in commands), commands)))


def about_commands(points: Sequence[str]) -> bool:
    every = guide().points
    return any(point in every and every[point].by_command for point in points)


def _commanded(chapter: Chapter) -> bool:
    return any(
        isinstance(each, Call) and each.changes and each.script == RHA_SCRIPT
        for step in chapter.steps
        for each in step.activities
    )
