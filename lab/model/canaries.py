"""Data loss: canaries that were acknowledged and are not there. docs/measurement.md has the argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from lab.model.bounds import Length, greatest
from lab.model.outages import Outage
from lab.model.probing import Acknowledgement, Probe


class Fate(Enum):
    """The fate of a canary."""

    SURVIVED = "survived"
    LOST = "lost"
    """Acknowledged, and not there."""

    GHOST = "ghost"
    """Not acknowledged, and there all the same: no loss, and no error."""

    DUPLICATED = "duplicated"
    """There more than once, acknowledged or not."""

    ABSENT = "absent"
    """Not acknowledged, and not there."""

    UNREAD = "unread"
    """Nothing could be read back, so nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCanary:
    """A canary that was sent, and what became of it; it was written at some moment from `sent` to `ended`, if ever."""

    title: str
    acknowledgement: Acknowledgement
    sent: float
    ended: float
    fate: Fate

    @property
    def kept(self) -> bool:
        """Promised, and there."""
        return self.acknowledgement is Acknowledgement.ACKNOWLEDGED and self.fate in {Fate.SURVIVED, Fate.DUPLICATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Loss of acknowledged canaries: how many, and how far back from the beginning of the outage.

    `lost` is None when that is not known. `oldest` is the greatest age of a lost canary when the outage began that took
    it, None when none was lost. `seconds` is the loss itself: at least that age, at most back to the canary before it
    that survived; when none was lost, at least nothing, and at most what fits unseen between canaries that survived.
    """

    lost: int | None
    oldest: Length | None
    seconds: Length


UNKNOWN_LOSS = Loss(lost=None, oldest=None, seconds=Length(0.0, None))


def fates(probes: Sequence[Probe], present: Mapping[str, int] | None) -> tuple[WrittenCanary, ...]:
    """Judges the canaries that were sent, in order; `present` counts each title that was found, None if unread."""
    written = [
        WrittenCanary(
            title=probe.canary.title,
            acknowledgement=probe.canary.acknowledgement,
            sent=probe.sent,
            ended=probe.ended,
            fate=_fate(probe.canary.acknowledgement, None if present is None else present.get(probe.canary.title, 0)),
        )
        for probe in probes
        if probe.canary is not None and probe.sent is not None and probe.ended is not None
    ]
    return tuple(sorted(written, key=lambda canary: canary.sent))


def _fate(acknowledgement: Acknowledgement, found: int | None) -> Fate:
    if found is None:
        return Fate.UNREAD
    if found > 1:
        return Fate.DUPLICATED
    if acknowledgement is Acknowledgement.ACKNOWLEDGED:
        return Fate.SURVIVED if found else Fate.LOST
    return Fate.GHOST if found else Fate.ABSENT


def loss(canaries: Sequence[WrittenCanary], outages: Sequence[Outage]) -> Loss:
    """Judges the loss by the outages of the track that wrote the canaries, until they were read back."""
    if any(canary.fate is Fate.UNREAD for canary in canaries):
        return UNKNOWN_LOSS
    lost = [canary for canary in canaries if canary.fate is Fate.LOST]
    kept = [canary for canary in canaries if canary.kept]
    unseen = _unseen(kept, outages)
    if not lost:
        return Loss(lost=0, oldest=None, seconds=Length(0.0, unseen))
    ages = [_age(canary, kept, outages) for canary in lost]
    reach = [_reach(canary, age, kept) for canary, age in zip(lost, ages, strict=True)]
    return Loss(
        lost=len(lost),
        oldest=Length(max(age.lower for age in ages), greatest([age.upper for age in ages])),
        seconds=Length(max(age.lower for age in ages), greatest([unseen, *reach])),
    )


# How old a lost canary was --------------------------------------------------------------------------------------------


def _precedes(sent: float, outage: Outage) -> bool:
    """Whether probes sent later than this still failed in the outage."""
    return outage.ended.earliest is not None and sent < outage.ended.earliest


def _age(canary: WrittenCanary, kept: Sequence[WrittenCanary], outages: Sequence[Outage]) -> Length:
    """The age of a lost canary when its outage began: the first after it, or a later one if no kept one is between."""
    later = [outage for outage in outages if _precedes(canary.sent, outage)]
    if not later:
        return Length(0.0, None)
    stands = min((other.sent for other in kept if other.sent > canary.sent), default=None)
    able = [outage for outage in later if stands is None or not _precedes(stands, outage)]
    first, last = later[0], able[-1] if able else later[0]
    return Length(max(0.0, (first.began.earliest or 0.0) - canary.ended), _until(last, canary.sent))


def _until(outage: Outage, sent: float) -> float | None:
    """The time to the outage's beginning, or to its end if the service came and went and this was written meanwhile."""
    if outage.began.latest is not None and sent < outage.began.latest:
        return outage.began.latest - sent
    return None if outage.ended.latest is None else outage.ended.latest - sent


def _reach(canary: WrittenCanary, age: Length, kept: Sequence[WrittenCanary]) -> float | None:
    """Back to the last canary before it that is kept; what came between may be lost too."""
    before = max((other.sent for other in kept if other.sent < canary.sent), default=None)
    return None if before is None or age.upper is None else age.upper + canary.sent - before


# What could be lost without being seen --------------------------------------------------------------------------------


def _unseen(kept: Sequence[WrittenCanary], outages: Sequence[Outage]) -> float | None:
    """The widest gap between kept canaries, and between the last of them and each outage; None without canaries."""
    between = [after.ended - before.sent for before, after in pairwise(kept) if not _parted(before, after, outages)]
    return greatest([*between, *(_gap_before(outage, kept) for outage in outages)])


def _parted(before: WrittenCanary, after: WrittenCanary, outages: Sequence[Outage]) -> bool:
    return any(_precedes(before.sent, outage) and not _precedes(after.sent, outage) for outage in outages)


def _gap_before(outage: Outage, kept: Sequence[WrittenCanary]) -> float | None:
    last = max((canary.sent for canary in kept if _precedes(canary.sent, outage)), default=None)
    return None if last is None else _until(outage, last)


def lost_between(
    written: Iterable[Probe], asked: float, before: Collection[str], after: Collection[str]
) -> frozenset[str]:
    """Titles of acknowledged canaries there when it was `asked`, or come later, that are not there `after` it."""
    return frozenset(
        probe.canary.title
        for probe in written
        if probe.canary
        and probe.canary.acknowledgement is Acknowledgement.ACKNOWLEDGED
        and probe.canary.title not in after
        and (probe.canary.title in before or (probe.ended or 0.0) > asked)
    )
