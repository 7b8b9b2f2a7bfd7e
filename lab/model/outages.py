"""Outages of one layer as intervals, from probes that overlap as they please. docs/measurement.md has the argument.

A failed probe was down at some moment between `sent` and `ended`, a good one was up at some moment between them, and
an unknown one tells nothing. What had not ended when the lab began to be restored is open there: what ended it
afterwards may have been the restoration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import attrgetter

from lab.model.bounds import Bounds, Length
from lab.model.probing import Probe, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An outage from the first failed probe to the good ones in a row that confirm the recovery.

    `began.earliest` is None when no good probe came before; `ended.latest` when the outage is open: nothing shows that
    it was over, or nothing did before the restoration. `returned` is then when probes found the service back after all.
    `failed` and `unknown` count its probes, and `good` those sent between failed ones: the service came and went.
    """

    began: Bounds
    ended: Bounds
    length: Length
    failed: int
    good: int
    unknown: int
    returned: Bounds | None = None

    @property
    def open(self) -> bool:
        return self.ended.latest is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Findings of the probes of one track.

    Beside the outages seen, none was longer than `unseen` while it was probed, or until the restoration where there was
    one; None when it never was.
    """

    ok: int
    failed: int
    unknown: int
    outages: tuple[Outage, ...]
    unseen: float | None


def availability(probes: Sequence[Probe], confirmations: int, restoration: float | None = None) -> Availability:
    """Judges the probes of one track; `restoration` is the second in which the lab began to be restored."""
    looks = _in_order(probes)
    return Availability(
        ok=_count(looks, Result.OK),
        failed=_count(looks, Result.FAILED),
        unknown=_count(looks, Result.UNKNOWN),
        outages=_outages(looks, confirmations, restoration),
        unseen=_unseen(looks if restoration is None else _until(looks, restoration)),
    )


def outages(probes: Sequence[Probe], confirmations: int, restoration: float | None = None) -> tuple[Outage, ...]:
    """The outages in the probes of one track, in the order in which they began."""
    return _outages(_in_order(probes), confirmations, restoration)


def _outages(looks: Sequence[_Look], confirmations: int, restoration: float | None) -> tuple[Outage, ...]:
    found = []
    for cluster in _clusters(looks, confirmations):
        outage = _outage(looks, cluster)
        if restoration is not None and not _over_before(restoration, outage, looks, cluster, confirmations):
            outage = _opened(outage, looks[cluster.first : cluster.last + 1], restoration)
        found.append(outage)
    return tuple(found)


def watched(probes: Sequence[Probe], restoration: float, within: float) -> bool:
    """Whether a probe that tells something was sent in the last `within` seconds before the restoration, and answered.

    An outage that began earlier than that and had not ended would have been seen by it.
    """
    return any(
        look.result is not Result.UNKNOWN and restoration - within <= look.sent and look.ended <= restoration
        for look in _in_order(probes)
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A probe as evidence."""

    sent: float
    ended: float
    result: Result


def _in_order(probes: Sequence[Probe]) -> tuple[_Look, ...]:
    """Sorts by `sent`; a probe that was never sent stands where it was due."""
    looks = [
        _Look(probe.due, probe.due, Result.UNKNOWN)
        if probe.sent is None or probe.ended is None
        else _Look(probe.sent, probe.ended, probe.result)
        for probe in probes
    ]
    return tuple(sorted(looks, key=attrgetter("sent")))


def _count(looks: Sequence[_Look], result: Result) -> int:
    return sum(look.result is result for look in looks)


def _only(looks: Sequence[_Look], result: Result) -> tuple[_Look, ...]:
    return tuple(look for look in looks if look.result is result)


# Which probes are of one outage ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Positions of its first and last failed probe, and of the first of the good ones that confirm its end."""

    first: int
    last: int
    recovery: int | None


def _clusters(looks: Sequence[_Look], confirmations: int) -> Iterator[_Cluster]:
    last = -1
    while (first := _next_failed(looks, last + 1)) is not None:
        cluster = _cluster(looks, first, confirmations)
        yield cluster
        last = cluster.last


def _next_failed(looks: Sequence[_Look], start: int) -> int | None:
    return next((place for place in range(start, len(looks)) if looks[place].result is Result.FAILED), None)


def _cluster(looks: Sequence[_Look], first: int, confirmations: int) -> _Cluster:
    """A recovery counts when all its confirmations were there before the next failed probe was sent."""
    last = first
    row: list[int] = []
    for place, look in enumerate(looks[first + 1 :], first + 1):
        if look.result is Result.FAILED:
            if len(row) == confirmations and all(looks[good].ended <= look.sent for good in row):
                break
            last, row = place, []
        elif len(row) < confirmations:
            row = [*row, place] if look.result is Result.OK else []
    return _Cluster(first, last, row[0] if len(row) == confirmations else None)


# Its bounds -----------------------------------------------------------------------------------------------------------


def _outage(looks: Sequence[_Look], cluster: _Cluster) -> Outage:
    inside = looks[cluster.first : cluster.last + 1]
    after = () if cluster.recovery is None else looks[cluster.recovery :]
    failed, good, recovered = _only(inside, Result.FAILED), _only(inside, Result.OK), _only(after, Result.OK)
    began = Bounds(_surely_up_before(looks, failed[0].sent), min(look.ended for look in failed))
    ended = Bounds(
        failed[-1].sent,
        _first_end(recovered, max(look.ended for look in failed) if good else min(look.ended for look in failed)),
    )
    length = ended.since(began)
    return Outage(
        began=began,
        ended=ended,
        length=length if good else Length(length.lower, _longest(began, ended, recovered)),
        failed=len(failed),
        good=len(good),
        unknown=_count(looks[cluster.first : cluster.recovery], Result.UNKNOWN),
    )


# Where a restoration cuts it off --------------------------------------------------------------------------------------


def _over_before(
    restoration: float, outage: Outage, looks: Sequence[_Look], cluster: _Cluster, confirmations: int
) -> bool:
    """Whether its end was confirmed before the restoration, or it surely began after that, as the restoration's own."""
    if outage.began.earliest is not None and outage.began.earliest >= restoration:
        return True
    if cluster.recovery is None or outage.ended.latest is None or outage.ended.latest > restoration:
        return False
    return all(look.ended <= restoration for look in looks[cluster.recovery : cluster.recovery + confirmations])


def _opened(outage: Outage, inside: Sequence[_Look], restoration: float) -> Outage:
    """Open at the restoration, or at the last failed probe before it when nothing shows that the outage went on."""
    lasted = Bounds(_surely_down_until(inside, restoration), None)
    return replace(
        outage,
        ended=lasted,
        length=Length(lasted.since(outage.began).lower, None),
        returned=None if outage.ended.latest is None else outage.ended,
    )


def _surely_down_until(inside: Sequence[_Look], restoration: float) -> float:
    """Failures on both sides of it, and no good probe between them, are one outage that went on."""
    failed = [look.sent for look in inside if look.result is Result.FAILED]
    before = max((sent for sent in failed if sent < restoration), default=restoration)
    after = min((sent for sent in failed if sent >= restoration), default=None)
    if after is None or any(look.result is Result.OK and before < look.sent < after for look in inside):
        return before
    return restoration


# The bounds themselves ------------------------------------------------------------------------------------------------


def _surely_up_before(looks: Sequence[_Look], failure: float) -> float | None:
    """The latest instant after which the service was still up at some moment before `failure`."""
    return max((look.sent for look in looks if look.result is Result.OK and look.ended <= failure), default=None)


def _first_end(recovered: Sequence[_Look], start: float) -> float | None:
    return min((look.ended for look in recovered if look.sent >= start), default=None)


def _longest(began: Bounds, ended: Bounds, recovered: Sequence[_Look]) -> float | None:
    """The longest single outage that fits between good probes; the later it began, the more of them it has to pass."""
    if began.earliest is None or began.latest is None or ended.latest is None:
        return None
    passed = [look.sent for look in recovered if began.earliest < look.sent < began.latest]
    ends = [min(look.ended for look in recovered if look.sent > start) for start in (began.earliest, *passed)]
    return max(end - start for start, end in zip((began.earliest, *passed), ends, strict=True))


# What was not seen ----------------------------------------------------------------------------------------------------


def _until(looks: Sequence[_Look], restoration: float) -> tuple[_Look, ...]:
    """Looks sent before the restoration, and the restoration itself as the edge."""
    before = tuple(replace(look, ended=min(look.ended, restoration)) for look in looks if look.sent < restoration)
    return (*before, _Look(restoration, restoration, Result.UNKNOWN)) if before else ()


def _unseen(looks: Sequence[_Look]) -> float | None:
    """The longest stretch, from first probe to last, in which every look may have missed an outage."""
    if not looks:
        return None
    good = [place for place, look in enumerate(looks) if look.result is Result.OK]
    starts = [looks[0].sent, *(looks[place].sent for place in good)]
    soonest = [*accumulate((looks[place].ended for place in reversed(good)), min)][::-1]
    ends = [*soonest, max(look.ended for look in looks)]
    between = [looks[left + 1 : right] for left, right in pairwise((-1, *good, len(looks)))]
    return max(
        (
            end - start
            for start, end, missed in zip(starts, ends, between, strict=True)
            if not _count(missed, Result.FAILED)
        ),
        default=0.0,
    )
