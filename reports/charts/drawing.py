"""What pictures on the lab's clock are drawn with: an axis, bars and marks in rows upon it, and labels of moments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal.record import Drill
from words import Words

WIDTH = 1000.0
LEFT = 136.0
RIGHT = 972.0
BAR = 16.0
ROW = 30.0
SMALLEST_BAR = 2.0
TICK_SECONDS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
MOST_TICKS = 9
LINE = 17.0
SYMBOL = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time; `style` names its CSS class, `label` is empty where it would not fit."""

    x: float
    width: float
    y: float
    height: float
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMark:
    """A moment; `label` says how many stand in one place, when there are more."""

    x: float
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    y: float
    height: float
    bars: tuple[Bar, ...] = ()
    marks: tuple[DrawnMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Lab time to units of the picture."""

    begin: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        whole = (self.end - self.begin).total_seconds() or 1.0
        part = (moment - self.begin).total_seconds() / whole
        return round(LEFT + (RIGHT - LEFT) * min(max(part, 0.0), 1.0), 1)

    def bar(
        self, begin: datetime, end: datetime, *, y: float, style: str, label: str, title: str, height: float = BAR
    ) -> Bar:
        x = self.x(begin)
        width = max(round(self.x(end) - x, 1), SMALLEST_BAR)
        return Bar(
            x=x,
            width=width,
            y=y,
            height=height,
            style=style,
            label=label if text_width(label) < width else "",
            title=title,
        )

    def ticks(self) -> Iterator[Tick]:
        seconds = (self.end - self.begin).total_seconds()
        step = tick_step(seconds)
        midnight = self.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        first = int((self.begin - midnight).total_seconds() // step) + 1
        for count in range(MOST_TICKS + 1):
            moment = midnight + timedelta(seconds=(first + count) * step)
            if moment <= self.end:
                yield Tick(self.x(moment), moment.strftime("%H:%M" if step >= 60 else "%H:%M:%S"))


def tick_step(seconds: float) -> int:
    """How far apart ticks stand on an axis as long as that."""
    return next((each for each in TICK_SECONDS if seconds / each <= MOST_TICKS), TICK_SECONDS[-1])


def axis_of(drill: Drill) -> Axis | None:
    """The same for every picture of a drill; None where nothing of it is recorded."""
    if drill.began is None or drill.last is None:
        return None
    return Axis(drill.began.lab, drill.last.lab)


def restoring(drill: Drill, axis: Axis, top: float, words: Words) -> Bar | None:
    """The band behind everything that was seen during the restoration."""
    restoration = drill.restoration
    if restoration is None:
        return None
    begin = restoration.began.lab
    end = restoration.ended.lab if restoration.ended else axis.end
    title = words("timeline.restore_title", begin=words.clock(begin), end=words.clock(end))
    return axis.bar(begin, end, y=top, style="restore", label="", title=title)


def text_width(text: str) -> float:
    """An estimate in units of the picture, at the size of its labels: wide characters take twice the room."""
    return sum(11.5 if unicodedata.east_asian_width(letter) in "WF" else 6.6 for letter in text) + 8


@dataclass(frozen=True, slots=True)
class Moment:
    """`style` names its symbol; `label` is short, `title` tells all."""

    at: datetime
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A symbol with a label; `anchor` is the end of the label that stands at `text_x`."""

    x: float
    y: float
    text_x: float
    anchor: str
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Flags:
    """`bottom` is where the lines of labels end."""

    flags: tuple[Flag, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class _Placed:
    event: Moment
    x: float
    line: int
    rightwards: bool


def flags_above(events: Iterable[Moment], axis: Axis, top: float) -> Flags:
    """For lines that go down from their symbols."""
    placed, lines = _placed(events, axis)
    bottom = top + lines * LINE
    return Flags(tuple(_flag(each, bottom - (each.line + 0.5) * LINE) for each in placed), bottom)


def flags_below(events: Iterable[Moment], axis: Axis, top: float) -> Flags:
    """For lines that go up from their symbols."""
    placed, lines = _placed(events, axis)
    return Flags(tuple(_flag(each, top + (each.line + 0.5) * LINE) for each in placed), top + lines * LINE)


def _placed(events: Iterable[Moment], axis: Axis) -> tuple[list[_Placed], int]:
    """From the last to the first, each farther out than those it would cover, so that no line crosses a later label."""
    placed: list[_Placed] = []
    taken: list[float] = []
    for event in sorted(events, key=lambda each: each.at, reverse=True):
        x, width = axis.x(event.at), SYMBOL + text_width(event.label)
        rightwards = x + width <= WIDTH
        begin, end = (x - SYMBOL / 2, x + width) if rightwards else (x - width, x + SYMBOL / 2)
        line = next((number for number, left in enumerate(taken) if end <= left), len(taken))
        taken[line : line + 1] = [begin]
        placed.append(_Placed(event, x, line, rightwards))
    return placed[::-1], len(taken)


def _flag(placed: _Placed, y: float) -> Flag:
    event = placed.event
    return Flag(
        x=placed.x,
        y=y,
        text_x=round(placed.x + (SYMBOL / 2 if placed.rightwards else -SYMBOL / 2), 1),
        anchor="start" if placed.rightwards else "end",
        style=event.style,
        label=event.label,
        title=event.title,
    )
