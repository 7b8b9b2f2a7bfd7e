"""What is due: drills against their interval, corrective actions, and records whose retention has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from journal.course import Outcome
from reports.history.course import Course
from reports.history.folder import Listed, retained_until
from reports.history.summary import OpenAction, Standing

GONE = frozenset({Standing.VANISHED, Standing.COPY})


@dataclass(frozen=True, slots=True)
class DueDrill:
    """A drill that has an interval at its site; `last` passed last, None where it never did."""

    drill: str
    every: timedelta
    last: datetime | None

    def due(self, now: datetime) -> datetime:
        return now if self.last is None else self.last + self.every

    def overdue(self, now: datetime) -> bool:
        return self.last is None or self.last + self.every < now


@dataclass(frozen=True, slots=True)
class DueAction:
    listed: Listed
    action: OpenAction

    def overdue(self, now: datetime) -> bool:
        return date.fromisoformat(self.action.due) < now.date()


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when the plan of a record wants it kept."""

    listed: Listed
    until: datetime


def due_drills(course: Course, intervals: Mapping[str, timedelta]) -> Iterator[DueDrill]:
    """Only a run that has passed starts an interval anew."""
    for drill, every in sorted(intervals.items()):
        passed = [run.began for run in course.runs.get(drill, ()) if run.drill.outcome is Outcome.PASSED]
        yield DueDrill(drill, every, max(passed, default=None))


def due_actions(listed: Iterable[Listed]) -> Iterator[DueAction]:
    """The soonest first; those of a record that is altered stay to be done."""
    found = (DueAction(each, action) for each in listed if each.standing not in GONE for action in each.reading.actions)
    return iter(sorted(found, key=lambda each: (each.action.due, each.listed.place, each.action.id)))


def retentions(listed: Iterable[Listed]) -> Iterator[Retention]:
    """Of records that are there and whose plan says for how long, the soonest first."""
    found = []
    for each in listed:
        began = each.reading.began
        until = retained_until(began.isoformat(), each.reading.retention_years) if began else None
        if until is not None and each.standing is not Standing.VANISHED:
            found.append(Retention(each, until))
    return iter(sorted(found, key=lambda each: each.until))
