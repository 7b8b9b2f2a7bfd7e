"""Labels of moments above or below the rows of a picture, in as many lines as it takes to read them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reports.drawing import WIDTH, Axis, text_width

LINE = 17.0
SYMBOL = 14.0


@dataclass(frozen=True, slots=True)
class Event:
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
    event: Event
    x: float
    line: int
    rightwards: bool


def above(events: Iterable[Event], axis: Axis, top: float) -> Flags:
    """For lines that go down from their symbols."""
    placed, lines = _placed(events, axis)
    bottom = top + lines * LINE
    return Flags(tuple(_flag(each, bottom - (each.line + 0.5) * LINE) for each in placed), bottom)


def below(events: Iterable[Event], axis: Axis, top: float) -> Flags:
    """For lines that go up from their symbols."""
    placed, lines = _placed(events, axis)
    return Flags(tuple(_flag(each, top + (each.line + 0.5) * LINE) for each in placed), top + lines * LINE)


def _placed(events: Iterable[Event], axis: Axis) -> tuple[list[_Placed], int]:
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
