"""What a drill measured, as its journal tells it; what it proves is judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lab.model.activities import Phase
from lab.model.clocks import ClockOffset
from lab.model.probing import Probe, ProbeSchedule, Track
from lab.model.recovery import MarkKind


@dataclass(frozen=True, slots=True)
class Mark:
    """Noted just before it is brought about, so that nothing it causes comes earlier."""

    at: datetime
    kind: MarkKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probing:
    """The seconds of probes, here by their track as they were due, count from `origin` on the lab's clock.

    Each track has an interval of its own, `every`. `ended` is None where the journal was cut before; `problem` says
    why it ended early, or is empty.
    """

    origin: datetime
    schedule: ProbeSchedule
    every: Mapping[Track, float]
    probes: Mapping[Track, tuple[Probe, ...]]
    ended: datetime | None
    problem: str

    def at(self, seconds: float) -> datetime:
        return self.origin + timedelta(seconds=seconds)

    def seconds(self, moment: datetime) -> float:
        return (moment - self.origin).total_seconds()


@dataclass(frozen=True, slots=True)
class CanariesRead:
    """How often each canary was found; `problem` says why they could not be read, or is empty.

    A canary that had been acknowledged by the instant they were `asked` for can have been found, a later one may not.
    """

    at: datetime
    asked: datetime
    present: Mapping[str, int]
    problem: str


@dataclass(frozen=True, slots=True)
class CanariesRemoved:
    removed: int
    left: int
    problem: str


@dataclass(frozen=True, slots=True)
class ClockCompared:
    """One comparison of a host's clock with the harness's."""

    host: str
    moment: Phase
    offset: ClockOffset


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measurement:
    """Everything measured in one drill; each part is absent where it was not measured.

    Canaries are read before the lab is restored, where users are served then, and once more after that.
    """

    probing: Probing | None
    marks: tuple[Mark, ...]
    readings: tuple[CanariesRead, ...]
    removed: CanariesRemoved | None
    clocks: tuple[ClockCompared, ...]
