"""How far the clock of a host is from the harness's, by Cristian's method: one question, and when its answer came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

RESOLUTION = timedelta(microseconds=15_625)
"""Windows' clock may stand still for one tick of 1/64 s, whatever digits it is printed with."""

NOTEWORTHY = timedelta(seconds=1)
"""Beyond it the stamps of two machines tell a false story of a drill that is read in seconds."""


@dataclass(frozen=True, slots=True)
class Offset:
    """A host's clock less the harness's; the truth lies no further than `within` from it, either way."""

    offset: timedelta
    within: timedelta

    @property
    def noteworthy(self) -> bool:
        """Whether it is beyond the limit for certain, and not only perhaps."""
        return abs(self.offset) - self.within > NOTEWORTHY


def offset_of(said: datetime, *, asked: datetime, took: timedelta) -> Offset:
    """Of a clock that read `said` at some moment of a question asked at `asked` and answered after `took`."""
    return Offset(offset=said - (asked + took / 2), within=took / 2 + RESOLUTION)
