"""A trend as a picture: one bar for each run, between the bounds that were measured, on an axis of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal.course import Outcome
from reports.charts.drawing import TICK_SECONDS, Tick
from reports.history.sheet import Sheet
from reports.history.trends import Measured, Series
from words import Words

WIDTH, HEIGHT = 360.0, 178.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 350.0, 16.0, 150.0
FARTHEST = 3.0
"""An objective that is more than so many times what was measured lies beyond the picture."""
WIDEST, NARROWEST, EXACT = 9.0, 1.6, 2.4
ROWS = 3
STYLES = {Outcome.PASSED: "passed", Outcome.FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class RunBar:
    """One run; `open` is one that nothing bounds from above, whose bar goes to the top."""

    x: float
    y: float
    width: float
    height: float
    style: str
    open: bool
    title: str


@dataclass(frozen=True, slots=True)
class PatchMark:
    """When a change can have been made, and the run that found it."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`line` says what is to be seen."""

    line: str
    name: str
    result: str
    bars: tuple[RunBar, ...]
    patches: tuple[PatchMark, ...]
    days: tuple[Tick, ...]
    lengths: tuple[Tick, ...]
    objective: Tick | None


def lay_out(series: Series, sheet: Sheet, words: Words) -> Picture:
    scale = _Scale.of(series)
    return Picture(
        line=sheet.line(series),
        name=words(f"history.measure.{series.measure.value}"),
        result=sheet.result(series),
        bars=tuple(_bar(each, series, scale, sheet, words) for each in series.points),
        patches=tuple(_patches(series, scale, sheet, words)),
        days=tuple(_days(series, scale, sheet)),
        lengths=tuple(_lengths(scale, words)),
        objective=_objective(series, scale, words),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    begin: datetime
    end: datetime
    top: float
    """Seconds."""

    @classmethod
    def of(cls, series: Series) -> _Scale:
        ends = [each.length.upper or each.length.lower for each in series.points]
        most = max(*ends, *(each.length.lower for each in series.points), 1.0)
        goal = series.objective or 0.0
        begin, end = series.points[0].began, series.last.began
        least = timedelta(days=1)
        if end - begin < least:
            begin, end = begin - least / 2, end + least / 2
        return cls(begin, end, _round_up(goal if most < goal <= FARTHEST * most else most))

    def x(self, moment: datetime) -> float:
        part = (moment - self.begin) / (self.end - self.begin)
        return round(LEFT + WIDEST + (RIGHT - LEFT - 2 * WIDEST) * min(max(part, 0.0), 1.0), 1)

    def y(self, seconds: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * min(seconds / self.top, 1.0), 1)


def _round_up(seconds: float) -> float:
    """To whole steps that people count time in."""
    step = next((each for each in TICK_SECONDS if seconds * 1.05 <= ROWS * each), TICK_SECONDS[-1])
    while ROWS * step < seconds:
        step *= 2
    return float(ROWS * step)


def _bar(measured: Measured, series: Series, scale: _Scale, sheet: Sheet, words: Words) -> RunBar:
    lower, upper = measured.length.lower, measured.length.upper
    top = TOP if upper is None else scale.y(upper)
    height = max(scale.y(lower) - top, EXACT)
    width = max(min(WIDEST, (RIGHT - LEFT) / (2.2 * series.n)), NARROWEST)
    return RunBar(
        x=round(scale.x(measured.began) - width / 2, 1),
        y=round(min(top, BOTTOM - height), 1),
        width=round(width, 1),
        height=round(height, 1),
        style=STYLES.get(measured.outcome, "unknown"),
        open=upper is None,
        title=words(
            "history.trend.run",
            day=sheet.day(measured.began),
            length=sheet.length(measured.length),
            outcome=words(f"outcome.{measured.outcome.value}"),
            record=measured.place,
        ),
    )


def _patches(series: Series, scale: _Scale, sheet: Sheet, words: Words) -> Iterator[PatchMark]:
    """Those that lie within the runs."""
    for each in series.patches:
        if scale.begin <= each.until <= scale.end:
            since, until = scale.x(each.since), scale.x(each.until)
            changes = sheet.changes(each.changes)
            told = {"since": sheet.day(each.since), "until": sheet.day(each.until), "changes": changes}
            yield PatchMark(since, round(until - since, 1), words("history.trend.patch", **told))


def _days(series: Series, scale: _Scale, sheet: Sheet) -> Iterator[Tick]:
    first, last = series.points[0].began, series.last.began
    yield Tick(scale.x(first), sheet.day(first))
    if scale.x(last) - scale.x(first) > (RIGHT - LEFT) / 2:
        yield Tick(scale.x(last), sheet.day(last))


def _lengths(scale: _Scale, words: Words) -> Iterator[Tick]:
    for row in range(ROWS + 1):
        seconds = scale.top * row / ROWS
        yield Tick(scale.y(seconds), words.given(seconds))


def _objective(series: Series, scale: _Scale, words: Words) -> Tick | None:
    """None where there is none, or it lies beyond the picture."""
    if series.objective is None or series.objective > scale.top:
        return None
    return Tick(scale.y(series.objective), words("history.trend.objective", length=words.given(series.objective)))
