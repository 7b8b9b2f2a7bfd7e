"""The chart of availability, laid out: every layer on the axis of lab time, with the moments that explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from journal.course import Site
from journal.measured import Marked
from journal.record import Drill, Probing
from journal.seen import EventSeen
from lab.model.bounds import Bounds
from lab.model.canaries import Fate, WrittenCanary
from lab.model.outages import Availability, Outage
from lab.model.probing import Mark, Probe, Result, Track
from reports.charts.drawing import (
    Axis,
    Bar,
    DrawnMark,
    Flag,
    Moment,
    Row,
    Tick,
    axis_of,
    flags_above,
    flags_below,
    restoring,
)
from reports.charts.sightings import when
from reports.findings import USERS, Findings
from words import Words

TOP = 26.0
LANE_ROW = 24.0
TALL = 14.0
THIN = 4.0
PAD = 8.0
STRIP = 16.0
TELLING = (Fate.LOST, Fate.GHOST, Fate.DUPLICATED, Fate.UNREAD)
"""Fates that are called out, however little room they take."""
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
    flags: tuple[Flag, ...]
    rows: tuple[Row, ...]
    strip: Strip | None


def lay_out(drill: Drill, findings: Findings, site: Site, words: Words) -> AvailabilityChart | None:
    """None for a drill that was not probed."""
    axis, probing = axis_of(drill), findings.measurement.probing
    if axis is None or probing is None:
        return None
    placed = flags_above(_moments(drill, findings, probing, axis, words), axis, TOP)
    y = placed.bottom + 2
    rows: list[Row] = []
    for track, found in findings.tracks.items():
        rows.append(track_row(track, found, Lane(y, axis, probing, words), site))
        y = rows[-1].y + rows[-1].height
    strip = _strip(findings, axis, y, words)
    return AvailabilityChart(
        height=(strip.bottom if strip else y) + 4,
        ticks=tuple(axis.ticks()),
        band=restoring(drill, axis, TOP, words),
        flags=placed.flags,
        rows=tuple(rows),
        strip=strip,
    )


def _moments(drill: Drill, findings: Findings, probing: Probing, axis: Axis, words: Words) -> Iterator[Moment]:
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


def _back(style: str, at: datetime, words: Words) -> Moment:
    """What the restoration ended is no service of the product's."""
    name = words(f"flag.{style}")
    return Moment(at, style, name, f"{words.exact(at)} {name}")


def _marked(marks: Iterable[Marked], words: Words) -> Iterator[Moment]:
    for mark in marks:
        at, name = mark.at.lab, words(f"flag.{mark.mark.value}")
        yield Moment(at, STYLES[mark.mark], name, f"{words.exact(at)} {name}: {words.value(mark.text)}")


def _reported(events: Iterable[EventSeen], axis: Axis, words: Words) -> Iterator[Moment]:
    for event in _countdowns_once(events):
        if event.kind in KINDS:
            at = when(event, axis.begin)
            title = f"{words.clock(at)} {event.source}: {event.message}"
            yield Moment(at, "event", words(f"flag.{KINDS[event.kind]}"), title)


def _countdowns_once(events: Iterable[EventSeen]) -> Iterator[EventSeen]:
    """Of a countdown that is reported again and again, its beginning."""
    counting = False
    for event in events:
        if event.kind != COUNTDOWN or not counting:
            yield event
        if event.kind == COUNTDOWN or event.kind in COUNTDOWN_ENDS:
            counting = event.kind == COUNTDOWN


# -- rows: when each layer was up, down, or not known, as its probes show it -----------------------------------------


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the bars of one track are drawn, and by what."""

    y: float
    axis: Axis
    probing: Probing
    words: Words

    def bar(self, begin: float, end: float, *, style: str, title: str, label: str = "") -> Bar:
        height = THIN if style == "up" else TALL
        return self.axis.bar(
            self.probing.at(begin),
            self.probing.at(end),
            y=self.y + (LANE_ROW - height) / 2,
            height=height,
            style=style,
            label=label,
            title=title,
        )

    def clock(self, seconds: float | None) -> str:
        return "–" if seconds is None else self.words.exact(self.probing.at(seconds))


def track_row(track: Track, availability: Availability, lane: Lane, site: Site) -> Row:
    """Drawn from the ground up: up as long as it was probed, over that what was not known, over that the outages."""
    probes = lane.probing.probes[track]
    bars: list[Bar] = []
    if probes:
        first, last = _begin(probes[0]), max(_end(probe) for probe in probes)
        bars.append(lane.bar(first, last, style="up", title=_counted(availability, lane.words)))
        bars += [
            lane.bar(begin, end, style="unclear", title=_between("layers.unclear_title", lane, begin, end))
            for begin, end in _unknown(probes, first, last)
        ]
        bars += [bar for outage in availability.outages for bar in outage_bars(outage, lane, first, last)]
    return Row(
        name=track_name(track, site, lane.words),
        y=lane.y,
        height=LANE_ROW,
        bars=tuple(bars),
        marks=tuple(_visits(probes, availability, lane)),
    )


def track_name(track: Track, site: Site, words: Words) -> str:
    """A layer, with the part its host plays in the scenario where it has one a host."""
    layer = words(f"layer.{track.layer.value}")
    part = {site.master: words("layers.master"), site.replica: words("layers.replica")}.get(track.of, track.of)
    return f"{layer} {part}".rstrip()


def _begin(probe: Probe) -> float:
    return probe.due if probe.sent is None else probe.sent


def _end(probe: Probe) -> float:
    return probe.due if probe.ended is None else probe.ended


def _unknown(probes: Sequence[Probe], first: float, last: float) -> Iterator[tuple[float, float]]:
    """From the last probe that said something to the next that did."""
    since, gap = first, False
    for unknown, group in groupby(probes, lambda probe: probe.result is Result.UNKNOWN):
        told = list(group)
        if unknown:
            gap = True
            continue
        if gap:
            yield since, max(_begin(told[0]), since)
        since, gap = max(_end(probe) for probe in told), False
    if gap:
        yield since, last


def outage_bars(outage: Outage, lane: Lane, first: float, last: float) -> Iterator[Bar]:
    """Down for sure in the middle; hatched where it may have been down or up; not known where no end was seen.

    What was left of an open outage when the restoration began is drawn apart from it.
    """
    title = outage_title(outage, lane)
    soonest = first if outage.began.earliest is None else outage.began.earliest
    began, ended, latest = outage.began.latest, outage.ended.earliest, outage.ended.latest
    if latest is None and ended is not None:
        yield _left(outage, ended, last, lane)
        latest = ended
    if began is None or ended is None or latest is None or began >= ended:
        yield lane.bar(soonest, last if latest is None else latest, style="edge", title=title)
        return
    yield lane.bar(soonest, began, style="edge", title=title)
    if ended < latest:
        yield lane.bar(ended, latest, style="edge", title=title)
    yield lane.bar(began, ended, style="down", title=title, label=_label(outage, lane.words))


def _left(outage: Outage, since: float, last: float, lane: Lane) -> Bar:
    title = outage_title(outage, lane)
    if outage.returned is None or outage.returned.latest is None:
        return lane.bar(since, last, style="unclear", title=title)
    return lane.bar(since, max(since, outage.returned.latest), style="after", title=title)


def _label(outage: Outage, words: Words) -> str:
    return words.between(outage.length.lower, outage.length.upper)


def outage_title(outage: Outage, lane: Lane) -> str:
    words, returned = lane.words, outage.returned
    after = {} if returned is None else _clocks("returned", returned, lane)
    return words(
        "layers.outage_title" if returned is None else "layers.outage_cut_title",
        **after,
        **_clocks("began", outage.began, lane),
        **_clocks("ended", outage.ended, lane),
        length=between(outage, words),
        failed=outage.failed,
        good=outage.good,
        unknown=outage.unknown,
    )


def between(outage: Outage, words: Words) -> str:
    """At least and at most, as a reader would say it of a length of time."""
    if outage.returned is not None:
        return words("length.cut", lower=words.at_least(outage.length.lower))
    return words.between(outage.length.lower, outage.length.upper)


def _clocks(name: str, at: Bounds, lane: Lane) -> dict[str, str]:
    return {f"{name}_earliest": lane.clock(at.earliest), f"{name}_latest": lane.clock(at.latest)}


def _visits(probes: Sequence[Probe], availability: Availability, lane: Lane) -> Iterator[DrawnMark]:
    """Good answers in the middle of an outage: the layer came and went."""
    for outage in availability.outages:
        begin, end = outage.began.latest, outage.ended.earliest
        if begin is None or end is None or not outage.good:
            continue
        for probe in probes:
            if probe.result is Result.OK and begin <= _begin(probe) < end:
                title = lane.words("layers.good_title", at=lane.clock(probe.sent))
                yield DrawnMark(x=lane.axis.x(lane.probing.at(_begin(probe))), style="good", label="", title=title)


def _counted(availability: Availability, words: Words) -> str:
    return words("layers.up_title", ok=availability.ok, failed=availability.failed, unknown=availability.unknown)


def _between(key: str, lane: Lane, begin: float, end: float) -> str:
    return lane.words(key, begin=lane.clock(begin), end=lane.clock(end))


# -- the canaries as a strip: what became of the entry written at each moment ----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A row, and labels below it."""

    row: Row
    flags: tuple[Flag, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """Canaries one after another that had the same fate, up to the next of another."""

    fate: Fate
    canaries: Sequence[WrittenCanary]
    end: float


def _strip(findings: Findings, axis: Axis, y: float, words: Words) -> Strip | None:
    """None where none were written."""
    if not findings.canaries:
        return None
    runs = tuple(_canary_runs(findings.canaries, findings.probing.every[USERS]))
    row = Row(
        name=words("canaries.row"),
        y=y,
        height=STRIP + 2 * PAD,
        bars=tuple(_canary_bar(run, findings, axis, y + PAD, words) for run in runs),
    )
    called = flags_below(_callouts(runs, findings, words), axis, y + STRIP + PAD + 2)
    return Strip(row=row, flags=called.flags, bottom=max(called.bottom, row.y + row.height))


def _canary_runs(canaries: Sequence[WrittenCanary], interval: float) -> Iterator[Run]:
    groups = [(fate, list(group)) for fate, group in groupby(canaries, lambda canary: canary.fate)]
    begins = [group[0].sent for _, group in groups]
    ends = [*begins[1:], canaries[-1].sent + interval]
    for (fate, group), end in zip(groups, ends, strict=True):
        yield Run(fate, group, end)


def _canary_bar(run: Run, findings: Findings, axis: Axis, y: float, words: Words) -> Bar:
    probing = findings.probing
    return axis.bar(
        probing.at(run.canaries[0].sent),
        probing.at(run.end),
        y=y,
        height=STRIP,
        style=f"canary {run.fate.value}",
        label=str(len(run.canaries)) if run.fate not in TELLING else "",
        title=_canary_title(run, findings, words),
    )


def _callouts(runs: Sequence[Run], findings: Findings, words: Words) -> Iterator[Moment]:
    for run in runs:
        if run.fate in TELLING:
            yield Moment(
                at=findings.probing.at((run.canaries[0].sent + run.end) / 2),
                style=run.fate.value,
                label=f"{len(run.canaries)} {words(f'fate.{run.fate.value}')}",
                title=_canary_title(run, findings, words),
            )


def _canary_title(run: Run, findings: Findings, words: Words) -> str:
    first, last = run.canaries[0], run.canaries[-1]
    return words(
        "canaries.title",
        n=len(run.canaries),
        fate=words(f"fate.{run.fate.value}"),
        first=first.title,
        last=last.title,
        begin=words.exact(findings.probing.at(first.sent)),
        end=words.exact(findings.probing.at(last.ended)),
    )
