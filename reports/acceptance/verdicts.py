"""Verdicts of a comparison, and when a difference in time is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from lab.model.bounds import Length


class Verdict(Enum):
    """How a record stands to its baseline; in this order, the first that a part has is that of the whole."""

    DIFFERENT = "behaves differently"
    SLOWER = "slower"
    UNKNOWN = "unknown"
    FASTER = "faster"
    SAME = "same"
    """No difference could be told: beyond the tolerance, and beyond what intervals of looking leave open."""


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """What is known of a part stands, whatever is unknown of another; nothing at all proves nothing."""
    found = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in found), Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A difference counts beyond both: `share` of the baseline, and `seconds`."""

    share: float = 0.10
    seconds: float = 5.0

    def of(self, baseline: float) -> float:
        return max(self.share * baseline, self.seconds)


def pace(baseline: Length, record: Length, tolerance: Tolerance) -> Verdict:
    """Slower where even the least the record can have taken is too much for the most the baseline can have taken."""
    if baseline.upper is not None and record.lower > baseline.upper + tolerance.of(baseline.upper):
        return Verdict.SLOWER
    if record.upper is not None and record.upper < baseline.lower - tolerance.of(baseline.lower):
        return Verdict.FASTER
    return Verdict.UNKNOWN if baseline.upper is None or record.upper is None else Verdict.SAME
