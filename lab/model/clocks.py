"""Offset of a host's clock from the harness's, and its stamps on the harness's clock.

Compared by Cristian's method: one question, and when its answer came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lab.model.bounds import Bounds

RESOLUTION = timedelta(microseconds=15_625)
"""Windows' clock may stand still for one tick of 1/64 s, whatever digits it is printed with."""

FARTHEST = timedelta(days=36_525)
"""A clock that is a century off was never set."""

NOTEWORTHY = timedelta(seconds=1)
"""Beyond it the stamps of two machines tell a false story of a drill that is read in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """A host's clock less the harness's; the truth lies no further than `within` from it, either way."""

    offset: timedelta
    within: timedelta

    @property
    def comparable(self) -> bool:
        """Whether the host's times can be told by another clock at all."""
        return abs(self.offset) <= FARTHEST

    @property
    def noteworthy(self) -> bool:
        """Whether it is beyond the limit for certain, and not only perhaps."""
        return abs(self.offset) - self.within > NOTEWORTHY


def offset_of(said: datetime, *, asked: datetime, took: timedelta) -> ClockOffset:
    """The offset of a clock that read `said` during a question asked at `asked` and answered after `took`."""
    return ClockOffset(offset=said - (asked + took / 2), within=took / 2 + RESOLUTION)


def on_lab_clock(stamp: float, *, resolution: float, read: float, offsets: Sequence[ClockOffset]) -> Bounds:
    """Places a host's stamp, cut off to its `resolution`, of something that was there when it was `read`; in seconds.

    Between two comparisons the offset is taken to lie between them; without any, only the reading is known.
    """
    if not offsets:
        return Bounds(None, read)
    earliest = stamp - max(each.offset + each.within for each in offsets).total_seconds()
    latest = stamp + resolution - min(each.offset - each.within for each in offsets).total_seconds()
    return Bounds(earliest, min(latest, read))
