"""Stamps of a host's clock on the lab's clock, as exactly as the two were compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.model.bounds import Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockOffset:
    """A host's clock less the lab's, in seconds, and the error of that comparison, either way."""

    offset: float
    within: float


def on_lab_clock(stamp: float, *, resolution: float, read: float, offsets: Sequence[ClockOffset]) -> Bounds:
    """Of something that a host stamped, cut off to its `resolution`, and that was there when it was `read`.

    Between two comparisons the offset is taken to lie between them; without any, only the reading is known.
    """
    if not offsets:
        return Bounds(None, read)
    earliest = stamp - max(each.offset + each.within for each in offsets)
    latest = stamp + resolution - min(each.offset - each.within for each in offsets)
    return Bounds(earliest, min(latest, read))
