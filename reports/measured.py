"""Gathers what was measured in one drill from its journal's entries, wherever in the drill they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lab.model.activities import Phase
from lab.model.clocks import ClockOffset
from lab.model.measurement import CanariesRead, CanariesRemoved, ClockCompared, Mark, Measurement, Probing
from lab.model.probing import Acknowledgement, Canary, Layer, Probe, ProbeSchedule, Result, Track
from lab.model.recovery import MarkKind
from reports.journal import Line


class Measured:
    """Entries go in one by one; what they came to comes out."""

    def __init__(self) -> None:
        self._began: Line | None = None
        self._ended: Line | None = None
        self._tracks: dict[tuple[str, str], Track] = {}
        self._every: dict[Track, float] = {}
        self._probes: dict[Track, dict[int, Probe]] = {}
        self._marks: list[Mark] = []
        self._clocks: list[ClockCompared] = []
        self._readings: list[CanariesRead] = []
        self._removed: CanariesRemoved | None = None

    def take(self, line: Line) -> None:
        READERS[line.what](self, line)

    def measurement(self) -> Measurement | None:
        """None where nothing was measured."""
        if not (self._began or self._marks or self._clocks or self._readings or self._removed):
            return None
        return Measurement(
            probing=self._probing(self._began) if self._began else None,
            marks=tuple(self._marks),
            readings=tuple(self._readings),
            removed=self._removed,
            clocks=tuple(self._clocks),
        )

    def _probing(self, began: Line) -> Probing:
        ended = self._ended
        return Probing(
            origin=began.instant("origin"),
            schedule=_schedule(began),
            every=self._every,
            probes={
                track: tuple(sorted(probes.values(), key=lambda probe: (probe.due, probe.number)))
                for track, probes in self._probes.items()
            },
            ended=ended.at.lab if ended else None,
            problem=ended.optional_text("problem") if ended else "",
        )

    def probing_began(self, line: Line) -> None:
        if self._began:
            raise line.unreadable("the drill was being probed already")
        schedule = _schedule(line)
        self._began = line
        for part in line.parts("tracks"):
            track = Track(part.choice("layer", Layer), part.optional_text("of"))
            self._tracks[track.layer.value, track.of] = track
            self._every[track] = part.optional_amount("interval_s") or schedule.interval
            self._probes[track] = {}

    def probing_ended(self, line: Line) -> None:
        if self._began is None or self._ended:
            raise line.unreadable("no probing was under way")
        self._ended = line

    def probed(self, line: Line) -> None:
        track = self._tracks.get((line.text("layer"), line.optional_text("of")))
        if track is None:
            raise line.unreadable("no such track was to be probed")
        number = line.whole("number")
        if number in self._probes[track]:
            raise line.unreadable("its probe was noted already")
        self._probes[track][number] = _probe(line, track, number)

    def marked(self, line: Line) -> None:
        self._marks.append(Mark(line.at.lab, line.choice("mark", MarkKind), line.optional_text("text")))

    def clock_compared(self, line: Line) -> None:
        if line.fields.get("offset_ms") is None:  # so far off that nothing was compared
            return
        self._clocks.append(
            ClockCompared(
                host=line.text("host"),
                moment=line.choice("moment", Phase),
                offset=ClockOffset(offset=line.signed_milliseconds("offset_ms"), within=line.milliseconds("within_ms")),
            )
        )

    def canaries_read(self, line: Line) -> None:
        present = Line(line.journal, line.mapping("present"), line.number)
        counts = {title: present.whole(title) for title in present.fields}
        asked = line.at.lab if line.fields.get("asked") is None else line.instant("asked")
        self._readings.append(CanariesRead(line.at.lab, asked, counts, line.optional_text("problem")))

    def canaries_removed(self, line: Line) -> None:
        self._removed = CanariesRemoved(line.whole("removed"), line.whole("left"), line.optional_text("problem"))


def _schedule(line: Line) -> ProbeSchedule:
    schedule = ProbeSchedule(
        interval=line.amount("interval_s"),
        timeout=line.amount("timeout_s"),
        confirmations=line.whole("confirmations"),
    )
    if not schedule.interval or schedule.confirmations < 1:
        raise line.unreadable("nothing can be probed by that schedule")
    return schedule


def _probe(line: Line, track: Track, number: int) -> Probe:
    probe = Probe(
        track=track,
        number=number,
        due=line.amount("due_s"),
        sent=line.optional_amount("sent_s"),
        ended=line.optional_amount("ended_s"),
        result=line.choice("result", Result),
        seen=line.optional_text("seen"),
        canary=_canary(line),
    )
    if probe.result is not Result.UNKNOWN and (probe.sent is None or probe.ended is None):
        raise line.unreadable("a probe that was never sent has a result")
    if probe.sent is not None and probe.ended is not None and probe.ended < probe.sent:
        raise line.unreadable("a probe ended before it was sent")
    return probe


def _canary(line: Line) -> Canary | None:
    if line.fields.get("canary") is None:
        return None
    canary = Line(line.journal, line.mapping("canary"), line.number)
    return Canary(canary.text("title"), canary.choice("acknowledgement", Acknowledgement))


READERS: Mapping[str, Callable[[Measured, Line], None]] = {
    "probing.began": Measured.probing_began,
    "probe": Measured.probed,
    "probing.ended": Measured.probing_ended,
    "mark": Measured.marked,
    "canaries.read": Measured.canaries_read,
    "canaries.removed": Measured.canaries_removed,
    "clock.offset": Measured.clock_compared,
}
