"""What was measured: entries that belong to their drill, wherever in it they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Self

from journal.entry import Entry
from journal.form import CUT, IF_ANY, OLDER, OUTSIDE, SIGNED, Empty, Named, Written
from journal.seen import Phase
from lab.model.clocks import ClockOffset
from lab.model.probing import Acknowledgement, Canary, Layer, Mark, Probe, ProbeSchedule, Result, Track
from words import Quoted, Told, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPlanned(Written):
    """A series of probes: of one layer and, where the layer has one a host, of one host."""

    layer: Layer
    of: Annotated[str, OLDER]
    interval_s: Annotated[float | None, OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbingBegan(Entry, what="probing.began"):
    """A drill begins to be probed, once."""

    origin: Annotated[datetime, "the lab's instant from which the seconds of probes count"]
    interval_s: float
    timeout_s: float
    confirmations: Annotated[int, "good answers in a row that are a recovery"]
    tracks: tuple[TrackPlanned, ...]

    def flaw(self) -> Told | None:
        able = self.interval_s and self.confirmations > 0
        return None if able else sentence("flaw.schedule")

    @property
    def schedule(self) -> ProbeSchedule:
        return ProbeSchedule(interval=self.interval_s, timeout=self.timeout_s, confirmations=self.confirmations)


@dataclass(frozen=True, slots=True)
class CanaryWritten(Written):
    """A canary entry that a probe wrote, and what it was told."""

    title: str
    acknowledgement: Acknowledgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed(Entry, what="probe"):
    """A probe that was due; its seconds are null where it was never sent."""

    layer: Layer
    of: Annotated[str, "a host, or empty", OLDER]
    number: Annotated[int, "from 1, by track"]
    due_s: float
    sent_s: float | None
    ended_s: float | None
    result: Result
    seen: Annotated[Told | None, OUTSIDE, Empty(""), CUT, OLDER]
    canary: Annotated[CanaryWritten | None, "of `write`", IF_ANY] = None

    def flaw(self) -> Told | None:
        if self.result is not Result.UNKNOWN and (self.sent_s is None or self.ended_s is None):
            return sentence("flaw.unsent")
        if self.sent_s is not None and self.ended_s is not None and self.ended_s < self.sent_s:
            return sentence("flaw.ended_before_sent")
        return None

    @classmethod
    def of_probe(cls, probe: Probe) -> Self:
        canary = probe.canary
        return cls(
            layer=probe.track.layer,
            of=probe.track.of,
            number=probe.number,
            due_s=probe.due,
            sent_s=probe.sent,
            ended_s=probe.ended,
            result=probe.result,
            seen=probe.seen,
            canary=None if canary is None else CanaryWritten(canary.title, canary.acknowledgement),
        )

    def probe(self, track: Track) -> Probe:
        """One of its track, which many share."""
        canary = self.canary
        return Probe(
            track=track,
            number=self.number,
            due=self.due_s,
            sent=self.sent_s,
            ended=self.ended_s,
            result=self.result,
            seen=self.seen or Quoted(""),
            canary=None if canary is None else Canary(canary.title, canary.acknowledgement),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbingEnded(Entry, what="probing.ended"):
    """The probing of a drill ends."""

    problem: Annotated[Told | None, "empty, or why it ended early", OUTSIDE, Empty(""), OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Entry, what="mark"):
    """What times are counted from, noted just before it is brought about, so that nothing it causes comes earlier."""

    mark: Mark
    text: Annotated[Told | None, Empty(""), OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class CanariesRead(Entry, what="canaries.read"):
    """The canaries were read back, or not; a canary acknowledged by the instant they were asked for can be found."""

    asked: Annotated[datetime | None, "lab time just before the question; where it is absent, that of the entry", OLDER]
    present: Annotated[Mapping[str, int], "how often each title was found"]
    problem: Annotated[Told | None, "empty, or why they could not be read", OUTSIDE, Empty(""), OLDER]

    @property
    def asked_at(self) -> datetime:
        return self.asked or self.at.lab


@dataclass(frozen=True, slots=True, kw_only=True)
class CanariesRemoved(Entry, what="canaries.removed"):
    """The canaries were taken away; of several the last counts."""

    removed: int
    left: int
    problem: Annotated[Told | None, OUTSIDE, Empty(""), OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCompared(Entry, what="clock.offset"):
    """The clock of a host was compared with the controller's."""

    host: str
    moment: Phase
    offset: Annotated[
        timedelta | None,
        "the host's clock less the controller's; null where the two are more than a century apart",
        Named("offset_ms"),
        SIGNED,
    ]
    within: Annotated[timedelta, "its error, either way", Named("within_ms")]
    said: Annotated[str, "the clock, as the host said it", OUTSIDE, OLDER]

    @property
    def comparison(self) -> ClockOffset | None:
        return None if self.offset is None else ClockOffset(offset=self.offset, within=self.within)
