"""When each point of the guide was proven last, how long ago that is, and whether it still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from guide import Point, Shown, guide
from journal.course import Environment, Outcome
from reports.history.circumstances import Change, Circumstances, Topic, build_told, changes, topics_told
from reports.history.course import Course, Run

NEEDED = (Topic.WINDOWS, Topic.RHA)
"""Without these nothing shows whether a proof still holds."""


class State(Enum):
    """Only PROVEN is good; a proof of which it is not known whether it lapsed is UNKNOWN."""

    PROVEN = "proven"
    LAPSED = "lapsed"
    FAILED = "failed"
    """It was shown not to hold, after it was proven or without."""
    UNKNOWN = "unknown"
    NEVER = "never"
    MANUAL = "manual"
    """The operator checks it, not a drill."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A chapter of a run that shows a point, and how it ended; `chapter` counts from 1."""

    run: Run
    chapter: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A point of the guide at one site.

    `last` proved it last, `failed` is a later showing that it does not hold; `changes` are what the proof lapsed with,
    and `untold` what its record does not tell of what it may lapse with.
    """

    point: Point
    state: State
    last: Showing | None
    failed: Showing | None
    changes: tuple[Change, ...]
    untold: tuple[Topic, ...]

    def days(self, now: datetime) -> int | None:
        """Its age."""
        return None if self.last is None else max(0, (now - self.last.run.began).days)


def proofs(course: Course, features: Mapping[str, Collection[str]]) -> tuple[Proof, ...]:
    """Of every point, in the guide's order; `features` are digests of the texts that drills have now, by their names.

    A drill that is not among them is held to the text of its own last run.
    """
    shown = _showings(course)
    return tuple(_proof(point, shown.get(point.id, ()), course, features) for point in guide().points.values())


def _showings(course: Course) -> Mapping[str, Sequence[Showing]]:
    """Of each point, oldest first, from the last run of each drill that proved it: what was before counts no more."""
    found: dict[str, list[Showing]] = {}
    for runs in course.runs.values():
        for point, showing in reversed(tuple(_that_count(runs))):
            found.setdefault(point, []).append(showing)
    return {point: sorted(each, key=lambda showing: showing.run.began) for point, each in found.items()}


def _that_count(runs: Sequence[Run]) -> Iterator[tuple[str, Showing]]:
    """From the last run of a drill to the first, without those before a run that proved the point."""
    proven: set[str] = set()
    for run in reversed(runs):
        of_run = [(point, each) for each in run.drill.shown for point in each.points if point not in proven]
        for point, each in reversed(of_run):
            yield point, Showing(run, each.chapter, each.outcome)
        proven |= {point for point, each in of_run if each.outcome is Outcome.PASSED}


def _proof(point: Point, shown: Sequence[Showing], course: Course, features: Mapping[str, Collection[str]]) -> Proof:
    last = next((each for each in reversed(shown) if each.outcome is Outcome.PASSED), None)
    later = shown if last is None else [each for each in shown if each.run.began >= last.run.began]
    failed = next((each for each in reversed(later) if each.outcome is Outcome.FAILED), None)
    found = () if last is None else tuple(_lapses(last, course, features))
    untold = () if last is None else tuple(_untold(course.circumstances[last.run.listed.place], course.environment))
    if last is None and failed is None:
        state = State.MANUAL if point.shown is Shown.MANUAL else State.NEVER
    elif failed is not None:
        state = State.FAILED
    else:
        state = State.LAPSED if found else State.UNKNOWN if untold else State.PROVEN
    return Proof(point=point, state=state, last=last, failed=failed, changes=found, untold=untold)


def _lapses(last: Showing, course: Course, features: Mapping[str, Collection[str]]) -> Iterator[Change]:
    drill = last.run.drill
    if drill.sha256 not in (features.get(drill.drill) or _newest(drill.drill, last.run, course)):
        yield Change(Topic.FEATURE, "", "feature", drill.drill, drill.sha256[:16], "")
    yield from changes(course.circumstances[last.run.listed.place], course.now)


def _newest(drill: str, run: Run, course: Course) -> Collection[str]:
    """The text of its last run in the same language."""
    alike = [each for each in course.runs[drill] if each.listed.reading.language == run.listed.reading.language]
    return {alike[-1].drill.sha256}


def _untold(circumstances: Circumstances, environment: Environment) -> Iterator[Topic]:
    """On real hosts the version of Windows alone tells of no update."""
    told = topics_told(circumstances)
    for topic in NEEDED:
        silent = topic is Topic.WINDOWS and environment is Environment.REAL and not build_told(circumstances)
        if topic not in told or silent:
            yield topic
