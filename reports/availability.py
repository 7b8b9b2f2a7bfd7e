"""The chart of availability, laid out: every layer on the axis of lab time, with the moments that explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from journal.course import Site
from journal.measured import Marked
from journal.record import Drill, Probing
from journal.seen import EventSeen
from lab.model.probing import Mark
from reports import canaries, flags
from reports.canaries import Strip
from reports.drawing import Axis, Bar, Row, Tick, axis_of, restoring
from reports.findings import Findings
from reports.layers import Lane, track_row
from reports.sightings import when
from words import Words

TOP = 26.0
STYLES = {Mark.FAULT: "fault", Mark.FAULT_ENDED: "mended", Mark.COMMAND: "action"}
KINDS = {
    "master_fault_detected": "detected",
    "master_not_responding": "detected",
    "switchover_countdown": "countdown",
    "switchover_started": "started",
    "switchover_completed": "completed",
}

COUNTDOWN = "switchover_countdown"
COUNTDOWN_ENDS = frozenset({"switchover_called_off", "switchover_started", "master_not_responding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityChart:
    """Rows from top to bottom below the flags; `band` lies behind them during the restoration."""

    height: float
    ticks: tuple[Tick, ...]
    band: Bar | None
    flags: tuple[flags.Flag, ...]
    rows: tuple[Row, ...]
    strip: Strip | None


def lay_out(drill: Drill, findings: Findings, site: Site, words: Words) -> AvailabilityChart | None:
    """None for a drill that was not probed."""
    axis, probing = axis_of(drill), findings.measurement.probing
    if axis is None or probing is None:
        return None
    placed = flags.above(_moments(drill, findings, probing, axis, words), axis, TOP)
    y = placed.bottom + 2
    rows: list[Row] = []
    for track, found in findings.tracks.items():
        rows.append(track_row(track, found, Lane(y, axis, probing, words), site))
        y = rows[-1].y + rows[-1].height
    strip = canaries.lay_out(findings, axis, y, words)
    return AvailabilityChart(
        height=(strip.bottom if strip else y) + 4,
        ticks=tuple(axis.ticks()),
        band=restoring(drill, axis, TOP, words),
        flags=placed.flags,
        rows=tuple(rows),
        strip=strip,
    )


def _moments(drill: Drill, findings: Findings, probing: Probing, axis: Axis, words: Words) -> Iterator[flags.Event]:
    yield from _marked(findings.measurement.marks, words)
    yield from _reported((each for each in drill.everything if isinstance(each, EventSeen)), axis, words)
    for outage in findings.during:
        if outage.ended.latest is not None:
            yield _back("served", probing.at(outage.ended.latest), words)
        elif outage.returned and outage.returned.latest is not None:
            yield _back("restored", probing.at(outage.returned.latest), words)
    for outage in findings.restoring:
        if outage.ended.latest is not None:
            yield _back("restored", probing.at(outage.ended.latest), words)


def _back(style: str, at: datetime, words: Words) -> flags.Event:
    """What the restoration ended is no service of the product's."""
    name = words(f"flag.{style}")
    return flags.Event(at, style, name, f"{words.exact(at)} {name}")


def _marked(marks: Iterable[Marked], words: Words) -> Iterator[flags.Event]:
    for mark in marks:
        at, name = mark.at.lab, words(f"flag.{mark.mark.value}")
        yield flags.Event(at, STYLES[mark.mark], name, f"{words.exact(at)} {name}: {words.value(mark.text)}")


def _reported(events: Iterable[EventSeen], axis: Axis, words: Words) -> Iterator[flags.Event]:
    for event in _countdowns_once(events):
        if event.kind in KINDS:
            at = when(event, axis.begin)
            title = f"{words.clock(at)} {event.source}: {event.message}"
            yield flags.Event(at, "event", words(f"flag.{KINDS[event.kind]}"), title)


def _countdowns_once(events: Iterable[EventSeen]) -> Iterator[EventSeen]:
    """Of a countdown that is reported again and again, its beginning."""
    counting = False
    for event in events:
        if event.kind != COUNTDOWN or not counting:
            yield event
        if event.kind == COUNTDOWN or event.kind in COUNTDOWN_ENDS:
            counting = event.kind == COUNTDOWN
