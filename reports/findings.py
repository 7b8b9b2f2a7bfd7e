"""What the measurements of a drill prove, judged once for all that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from journal.course import Ending
from journal.measured import CanariesRead
from journal.record import Drill, Measurement, Probing
from lab.model.bounds import Length
from lab.model.canaries import Fate, Loss, WrittenCanary, fates, loss, lost_between
from lab.model.objectives import Attained, Objectives, rpo, rto
from lab.model.outages import Availability, Outage, availability, watched
from lab.model.probing import Layer, Track

USERS = Track(Layer.WRITE)
"""What users meet: an entry can be written, or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Of a drill that was probed; `restoring` are the users' outages that began during the restoration.

    `restoration` is the second in which that began, or the drill ended without it; None where the drill has no end.
    `canaries` are judged by `read`, before it; `read_after` it they show what the restoration lost.
    """

    measurement: Measurement
    probing: Probing
    restoration: float | None
    tracks: Mapping[Track, Availability]
    users: Availability
    during: tuple[Outage, ...]
    restoring: tuple[Outage, ...]
    canaries: tuple[WrittenCanary, ...]
    read: CanariesRead | None
    read_after: CanariesRead | None
    loss: Loss
    rto: Attained
    rpo: Attained

    @property
    def complete(self) -> bool:
        """Probing went on to its end."""
        return self.probing.ended is not None and not self.probing.problem

    @property
    def open(self) -> tuple[Outage, ...]:
        """The users' outages of the drill that had not ended when the restoration began."""
        return tuple(each for each in self.during if each.open)

    @property
    def cut_off(self) -> tuple[Outage, ...]:
        """The open ones that were seen to go on until the restoration; how the others stood then is not known."""
        end = self.restoration
        return tuple(each for each in self.open if end is not None and (each.ended.earliest or 0.0) >= end)

    @property
    def lost_in_restoration(self) -> int | None:
        """Acknowledged, not lost before it, and not there after it; None where canaries were not read both times."""
        read, after = self.read, self.read_after
        if read is None or read.problem or after is None or after.problem:
            return None
        written = self.probing.probes.get(USERS, ())
        return len(lost_between(written, self.probing.seconds(read.asked_at), read.present, after.present))

    @property
    def unread(self) -> bool:
        """Canaries were written, and could not be read back."""
        return any(canary.fate is Fate.UNREAD for canary in self.canaries)


def findings_of(drill: Drill) -> Findings | None:
    """None where nothing was probed."""
    measurement = drill.measurement
    if measurement is None or measurement.probing is None:
        return None
    settled = drill.ending is Ending.FINISHED
    return _findings(measurement, measurement.probing, drill.objectives, _end_of(drill), settled=settled)


def _end_of(drill: Drill) -> datetime | None:
    """From here on nothing is the product's doing for sure."""
    if drill.restoration:
        return drill.restoration.began.lab
    return drill.last.lab if drill.last and drill.ending is Ending.FINISHED else None


@lru_cache(maxsize=256)
def _findings(
    measurement: Measurement, probing: Probing, objectives: Objectives, end: datetime | None, *, settled: bool
) -> Findings:
    """Only a drill that was not stopped has waited for its last probes before it `settled`."""
    needed, cut = probing.schedule.confirmations, None if end is None else probing.seconds(end)
    tracks = {track: availability(probes, needed, cut) for track, probes in probing.probes.items()}
    users = tracks.get(USERS) or availability((), needed)
    late = tuple(each for each in users.outages if cut is not None and _began_after(each, cut))
    during = tuple(each for each in users.outages if each not in late)
    read, read_after = _readings(measurement.readings, end)
    canaries = _canaries(probing, read, cut)
    lost = _lost(canaries, during, None if read is None else probing.seconds(read.asked_at))
    return Findings(
        measurement=measurement,
        probing=probing,
        restoration=cut,
        tracks=tracks,
        users=users,
        during=during,
        restoring=late,
        canaries=canaries,
        read=read,
        read_after=read_after,
        loss=lost,
        rto=rto(objectives, users, cut, watched=cut is not None and settled and _watched(probing, cut)),
        rpo=rpo(objectives, lost),
    )


def _began_after(outage: Outage, second: float) -> bool:
    """For sure: what may have begun in the drill is its own."""
    return outage.began.earliest is not None and outage.began.earliest >= second


def _watched(probing: Probing, second: float) -> bool:
    """Until then; a probe is due every interval, and answered within the time-out."""
    within = probing.every.get(USERS, probing.schedule.interval) + probing.schedule.timeout
    return watched(probing.probes.get(USERS, ()), second, within)


def _readings(
    readings: tuple[CanariesRead, ...], end: datetime | None
) -> tuple[CanariesRead | None, CanariesRead | None]:
    """The last before the restoration, and the last after it had begun."""
    before = [each for each in readings if end is None or each.at.lab <= end]
    after = [each for each in readings if end is not None and each.at.lab > end]
    return (before[-1] if before else None, after[-1] if after else None)


def _canaries(probing: Probing, read: CanariesRead | None, cut: float | None) -> tuple[WrittenCanary, ...]:
    """Those that were answered before they were asked for: a later one may not have been found."""
    present = None if read is None or read.problem else read.present
    until = cut if read is None else probing.seconds(read.asked_at)
    written = [probe for probe in probing.probes.get(USERS, ()) if probe.canary]
    return fates([each for each in written if until is None or (each.ended or 0.0) <= until], present)


def _lost(canaries: tuple[WrittenCanary, ...], during: tuple[Outage, ...], until: float | None) -> Loss:
    """What the users will have lost is open as long as they are not served."""
    before = [each for each in during if until is None or (each.began.earliest or 0.0) < until]
    lost = loss(canaries, before)
    return replace(lost, seconds=Length(lost.seconds.lower, None)) if any(each.open for each in during) else lost
