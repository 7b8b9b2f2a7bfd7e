"""What the measurements of a drill prove, judged once for all that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lab.model.measurement import Measurement
from lab.model.outages import Availability, Outage, availability
from lab.model.probing import Layer, Track

USERS = Track(Layer.WRITE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Of a drill in which something was measured."""

    measurement: Measurement
    tracks: Mapping[Track, Availability]

    @property
    def of_users(self) -> tuple[Outage, ...]:
        """The outages that users meet: they could not write."""
        return self.tracks[USERS].outages if USERS in self.tracks else ()


@lru_cache(maxsize=16)
def findings(measurement: Measurement) -> Findings:
    probing = measurement.probing
    tracks = (
        {}
        if probing is None
        else {track: availability(probing.of(track), probing.schedule.confirmations) for track in probing.tracks}
    )
    return Findings(measurement=measurement, tracks=tracks)
