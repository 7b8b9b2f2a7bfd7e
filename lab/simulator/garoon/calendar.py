"""Days, weeks and hours as the schedule pages lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lab.simulator.garoon.database import Event
from lab.simulator.garoon.settings import JAPAN

WEEKDAYS = "月火水木金土日"
FIRST_HOUR, LAST_HOUR = 8, 19


@dataclass(frozen=True, slots=True)
class Bar:
    """An event on the day's time scale: minutes from the first hour shown, and its column among those that overlap."""

    event: Event
    top: int
    height: int
    column: int
    columns: int


@dataclass(frozen=True, slots=True)
class Day:
    hours: range
    allday: tuple[Event, ...]
    bars: tuple[Bar, ...]


def parse_day(text: str, otherwise: date) -> date:
    """`bdate` as links carry it: with and without leading zeros."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return otherwise


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def on_day(events: Sequence[Event], day: date) -> tuple[Event, ...]:
    begin, end = midnight(day), midnight(day) + timedelta(days=1)
    return tuple(event for event in events if event.starts < end and (event.ends > begin or event.starts >= begin))


def written_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def written_span(event: Event) -> str:
    """The event's time in Japanese, as its page shows it."""
    if event.allday:
        last = (event.ends - timedelta(days=1)).date()
        first = event.starts.date()
        return written_day(first) if first == last else f"{written_day(first)} ～ {written_day(last)}"
    begin = f"{written_day(event.starts.date())} {event.starts:%H:%M}"
    if event.start_only:
        return begin
    if event.ends.date() == event.starts.date():
        return f"{begin} ～ {event.ends:%H:%M}"
    return f"{begin} ～ {written_day(event.ends.date())} {event.ends:%H:%M}"


def laid_out(events: Sequence[Event], day: date) -> Day:
    begin = midnight(day)
    timed = [event for event in events if not event.allday]
    spans = [(event, *_minutes(event, begin)) for event in timed]
    first = min([FIRST_HOUR, *(start // 60 for _, start, _ in spans)])
    last = max([LAST_HOUR, *((end - 1) // 60 for _, _, end in spans)])
    bars = [bar for group in _overlapping(spans) for bar in _side_by_side(group, first * 60)]
    return Day(range(first, last + 1), tuple(event for event in events if event.allday), tuple(bars))


def _minutes(event: Event, begin: datetime) -> tuple[int, int]:
    start = max(0, int((event.starts - begin).total_seconds() // 60))
    end = min(24 * 60, int((event.ends - begin).total_seconds() // 60))
    return start, max(end, min(start + 30, 24 * 60))


def _overlapping(spans: Sequence[tuple[Event, int, int]]) -> list[list[tuple[Event, int, int]]]:
    groups: list[list[tuple[Event, int, int]]] = []
    reached = -1
    for span in sorted(spans, key=lambda each: each[1:]):
        if not groups or span[1] >= reached:
            groups.append([])
        groups[-1].append(span)
        reached = max(reached, span[2])
    return groups


def _side_by_side(group: Sequence[tuple[Event, int, int]], offset: int) -> list[Bar]:
    ends: list[int] = []
    placed: list[tuple[Event, int, int, int]] = []
    for event, start, end in group:
        column = next((index for index, free in enumerate(ends) if free <= start), len(ends))
        ends[column : column + 1] = [end]
        placed.append((event, start, end, column))
    return [Bar(event, start - offset, end - start, column, len(ends)) for event, start, end, column in placed]
