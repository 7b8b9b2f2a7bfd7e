"""What the measurements of a drill prove, judged once for all that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from lab.model.canaries import Fate, Loss, WrittenCanary, fates, loss
from lab.model.measurement import CanariesRead, Measurement, Probing
from lab.model.objectives import Attained, Objectives, rpo, rto
from lab.model.outages import Availability, Outage, availability
from lab.model.probing import Layer, Track
from lab.model.record import Drill

USERS = Track(Layer.WRITE)
"""What users meet: an entry can be written, or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Of a drill that was probed; `restoring` are the users' outages that began while the lab was put back."""

    measurement: Measurement
    probing: Probing
    tracks: Mapping[Track, Availability]
    users: Availability
    during: tuple[Outage, ...]
    restoring: tuple[Outage, ...]
    canaries: tuple[WrittenCanary, ...]
    loss: Loss
    rto: Attained
    rpo: Attained

    @property
    def complete(self) -> bool:
        """Probing went on to its end."""
        return self.probing.ended is not None and not self.probing.problem

    @property
    def unread(self) -> bool:
        """Canaries were written, and could not be read back."""
        return any(canary.fate is Fate.UNREAD for canary in self.canaries)


def findings_of(drill: Drill) -> Findings | None:
    """None where nothing was probed."""
    measurement = drill.measurement
    if measurement is None or measurement.probing is None:
        return None
    restoring = drill.restoration.began.lab if drill.restoration else None
    return _findings(measurement, measurement.probing, drill.objectives, restoring)


@lru_cache(maxsize=16)
def _findings(
    measurement: Measurement, probing: Probing, objectives: Objectives, restoring: datetime | None
) -> Findings:
    needed = probing.schedule.confirmations
    tracks = {track: availability(probes, needed) for track, probes in probing.probes.items()}
    users = tracks.get(USERS) or availability((), needed)
    late = tuple(each for each in users.outages if restoring and _began_after(each, probing.seconds(restoring)))
    canaries = _canaries(probing, measurement.read)
    lost = loss(canaries, _until_read(users.outages, probing, measurement.read))
    return Findings(
        measurement=measurement,
        probing=probing,
        tracks=tracks,
        users=users,
        during=tuple(each for each in users.outages if each not in late),
        restoring=late,
        canaries=canaries,
        loss=lost,
        rto=rto(objectives, users, probing.seconds(restoring) if restoring else None),
        rpo=rpo(objectives, lost),
    )


def _began_after(outage: Outage, second: float) -> bool:
    """For sure: what may have begun in the drill is its own."""
    return outage.began.earliest is not None and outage.began.earliest >= second


def _canaries(probing: Probing, read: CanariesRead | None) -> tuple[WrittenCanary, ...]:
    """Those sent before they were read back: a later one cannot have been found."""
    present = None if read is None or read.problem else read.present
    until = None if read is None else probing.seconds(read.at)
    written = [probe for probe in probing.probes.get(USERS, ()) if probe.canary]
    return fates([each for each in written if until is None or (each.sent or 0.0) < until], present)


def _until_read(outages: tuple[Outage, ...], probing: Probing, read: CanariesRead | None) -> tuple[Outage, ...]:
    if read is None:
        return outages
    until = probing.seconds(read.at)
    return tuple(each for each in outages if each.began.earliest is None or each.began.earliest < until)
