"""Rows of the availability picture: when each layer was up, down, or not known, as its probes show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from journal.course import Site
from journal.record import Probing
from lab.model.bounds import Bounds
from lab.model.outages import Availability, Outage
from lab.model.probing import Probe, Result, Track
from reports.drawing import Axis, Bar, DrawnMark, Row
from words import Words

ROW = 24.0
TALL = 14.0
THIN = 4.0


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
            y=self.y + (ROW - height) / 2,
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
        height=ROW,
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
