"""What was measured as tables: every figure of the pictures in print, with its method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from journal.course import Site
from journal.record import Drill, Measurement, Probing
from journal.seen import Phase
from lab.model.bounds import Bounds
from lab.model.clocks import ClockOffset
from lab.model.outages import Outage
from lab.model.probing import Probe, Result
from reports.charts.availability import between, track_name
from reports.findings import Findings, findings_of
from words import Words

MOST_SEEN = 4
FAR = timedelta(minutes=1)
"""From so far on milliseconds tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLine:
    took: str
    began: str
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """`unseen` is the longest outage that may have been missed; `seen` is what probes that were not good saw."""

    name: str
    every: str
    ok: int
    failed: int
    unknown: int
    outages: tuple[OutageLine, ...]
    unseen: str
    seen: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    host: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """`probed` says how; `marks` are moments with what was brought about then."""

    probed: str
    tracks: tuple[TrackLine, ...]
    marks: tuple[tuple[str, str], ...]
    clocks: tuple[ClockLine, ...]


def tables(drill: Drill, site: Site, words: Words) -> Tables | None:
    """None where nothing was measured."""
    if drill.measurement is None:
        return None
    found = findings_of(drill)
    return Tables(
        probed=_probed(found, words) if found else "",
        tracks=tuple(_tracks(found, site, words)) if found else (),
        marks=tuple(_marks(drill.measurement, words)),
        clocks=tuple(_clocks(drill.measurement, words)),
    )


def _probed(found: Findings, words: Words) -> str:
    schedule = found.probing.schedule
    return words(
        "tables.probed",
        timeout=words.given(schedule.timeout),
        confirmations=schedule.confirmations,
    )


def _tracks(found: Findings, site: Site, words: Words) -> Iterator[TrackLine]:
    for track, availability in found.tracks.items():
        yield TrackLine(
            name=track_name(track, site, words),
            every=words.given(found.probing.every[track]),
            ok=availability.ok,
            failed=availability.failed,
            unknown=availability.unknown,
            outages=tuple(_outage(each, found.probing, words) for each in availability.outages),
            unseen="–" if availability.unseen is None else words.at_most(availability.unseen),
            seen=_seen(found.probing.probes[track], words),
        )


def _seen(probes: Sequence[Probe], words: Words) -> str:
    """The commonest first, the rare ones only as a number."""
    counted = Counter(probe.seen for probe in probes if probe.result is not Result.OK and probe.seen)
    told = [words("tables.seen", n=count, seen=seen) for seen, count in counted.most_common(MOST_SEEN)]
    rest = len(counted) - len(told)
    return words("tables.seen_between").join([*told, words("tables.seen_rest", n=rest)] if rest else told)


def _outage(outage: Outage, probing: Probing, words: Words) -> OutageLine:
    return OutageLine(
        took=between(outage, words),
        began=instants(outage.began, probing, words),
        ended=instants(outage.ended, probing, words),
    )


def instants(at: Bounds, probing: Probing, words: Words) -> str:
    """Not before the one, not after the other."""
    ends = ["–" if each is None else words.exact(probing.at(each)) for each in (at.earliest, at.latest)]
    return ends[0] if ends[0] == ends[1] else words("length.from_to", lower=ends[0], upper=ends[1])


def _marks(measurement: Measurement, words: Words) -> Iterator[tuple[str, str]]:
    for mark in measurement.marks:
        yield words.exact(mark.at.lab), f"{words(f'flag.{mark.mark.value}')}: {words.value(mark.text)}"


def _clocks(measurement: Measurement, words: Words) -> Iterator[ClockLine]:
    for host in dict.fromkeys(each.host for each in measurement.clocks):
        ours = [each for each in measurement.clocks if each.host == host]
        compared = {each.moment: _offset(each.comparison, words) for each in ours if each.comparison}
        yield ClockLine(host, compared.get(Phase.BEFORE, "–"), compared.get(Phase.AFTER, "–"))


def _offset(compared: ClockOffset, words: Words) -> str:
    if abs(compared.offset) >= FAR:
        key = "tables.far_ahead" if compared.offset > timedelta() else "tables.far_behind"
        return words(key, offset=words.length(abs(compared.offset)))
    offset, within = (each / timedelta(milliseconds=1) for each in (compared.offset, compared.within))
    return words("tables.offset", offset=f"{offset:+.1f}", within=f"{within:.1f}")
