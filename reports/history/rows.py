"""The history as CSV for spreadsheets: one table, in which the first column says what a row is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from journal.course import Environment
from lab.model.text import one_line
from reports.history import History
from reports.history.course import Course
from reports.history.folder import Listed
from reports.history.sheet import Sheet
from words import Words

COLUMNS = (
    "part", "site", "environment", "record", "began", "drill", "point", "state", "measure",
    "lower", "upper", "objective", "last", "age", "until", "owner", "digest", "reason",
)  # fmt: skip
BOM = "\ufeff"
"""Without it Excel in Japan takes the file for Shift_JIS."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; Excel in Japan also the wide ones."""

Cells = Mapping[str, object]


def stream(history: History, words: Words) -> Iterator[str]:
    """Line by line, as RFC 4180 has them."""
    yield header(words)
    for cells in _Rows(history, words).all():
        yield line([cell(cells.get(name)) for name in COLUMNS])


def header(words: Words) -> str:
    """By which a file is known for one that Kunren has written."""
    return BOM + line([words(f"history.head.{name}") for name in COLUMNS])


def line(cells: list[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def cell(value: object) -> str:
    """Numbers as they are; a text that a spreadsheet would reckon with is a text, by an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    text = one_line(str(value))
    return f"'{text}" if text.lstrip().startswith(DANGEROUS) else text


class _Rows:
    def __init__(self, history: History, words: Words) -> None:
        self._history, self._words = history, words
        self._sheet = Sheet(history, words)

    def all(self) -> Iterator[Cells]:
        yield from (self._record(each) for each in self._history.listed)
        for course in self._history.courses:
            about = {"site": course.site, "environment": self._environment(course.environment)}
            for row in (*self._runs(course), *self._proofs(course), *self._patches(course)):
                yield about | row
        yield from self._dues()

    def _record(self, listed: Listed) -> Cells:
        reading = listed.reading
        return {
            "part": self._words("history.csv.record"),
            "site": reading.site,
            "environment": reading.environment and self._environment(reading.environment),
            "record": listed.place,
            "began": _moment(reading.began),
            "drill": " ".join(each.drill for each in reading.drills),
            "state": self._words(f"history.standing.{listed.standing.value}"),
            "digest": listed.known.sha256,
            "reason": self._sheet.told(listed),
        }

    def _runs(self, course: Course) -> Iterator[dict[str, object]]:
        key = (course.site, course.environment)
        for series in self._history.series[key]:
            for each in series.points:
                yield {
                    "part": self._words("history.csv.run"),
                    "record": each.place,
                    "began": _moment(each.began),
                    "drill": series.drill,
                    "state": self._words(f"outcome.{each.outcome.value}"),
                    "measure": self._words(f"history.measure.{series.measure.value}"),
                    "lower": each.length.lower,
                    "upper": each.length.upper,
                    "objective": each.objective,
                    "reason": self._words("history.trend.or_more") if each.length.upper is None else "",
                }

    def _proofs(self, course: Course) -> Iterator[dict[str, object]]:
        for each in self._history.proofs[course.site, course.environment]:
            last = each.last
            yield {
                "part": self._words("history.csv.point"),
                "record": last and last.run.listed.place,
                "drill": last and last.run.drill.drill,
                "point": each.point.id,
                "state": self._words(f"history.state.{each.state.value}"),
                "last": last and _moment(last.run.began),
                "age": each.days(self._history.now.moment),
                "reason": self._sheet.why(each),
            }

    def _patches(self, course: Course) -> Iterator[dict[str, object]]:
        for patch in course.patches:
            for each in patch.changes:
                yield {
                    "part": self._words("history.csv.change"),
                    "record": patch.record,
                    "state": self._words(f"history.topic.{each.topic.value}"),
                    "last": _moment(patch.since),
                    "until": _moment(patch.until),
                    "reason": each.told.in_(self._words.language),
                }

    def _dues(self) -> Iterator[Cells]:
        now = self._history.now
        for drill in self._history.drills:
            yield {
                "part": self._words("history.csv.interval"),
                "site": now.site and now.site[0],
                "environment": now.site and self._environment(now.site[1]),
                "drill": drill.drill,
                "last": _moment(drill.last),
                "until": _moment(drill.due(now.moment)),
                "state": self._words("history.overdue" if drill.overdue(now.moment) else "history.in_time"),
            }
        for due in self._history.actions:
            yield {
                "part": self._words("history.csv.action"),
                "site": due.listed.reading.site,
                "record": due.listed.place,
                "until": due.action.due,
                "owner": due.action.owner,
                "state": self._words("history.overdue" if due.overdue(now.moment) else "history.in_time"),
                "reason": f"{due.action.id} {due.action.text}",
            }
        for each in self._history.retentions:
            yield {
                "part": self._words("history.csv.retention"),
                "site": each.listed.reading.site,
                "record": each.listed.place,
                "began": _moment(each.listed.reading.began),
                "until": _moment(each.until),
            }

    def _environment(self, environment: Environment) -> str:
        return self._words(f"history.{environment.value}")


def _moment(moment: datetime | None) -> str:
    """As spreadsheets read it, in the site's time, without its offset."""
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")
