"""Gathers what was measured in one drill from its journal's entries, wherever in the drill they stand."""

from __future__ import annotations

from journal.codecs import NotAsPromised
from journal.entries import Measured
from journal.measured import CanariesRead, CanariesRemoved, ClockCompared, Marked, Probed, ProbingBegan, ProbingEnded
from journal.record import Measurement, Probing
from lab.model.probing import Probe, Track


class Measuring:
    """Entries go in one by one; what they came to comes out."""

    def __init__(self) -> None:
        self._began: ProbingBegan | None = None
        self._ended: ProbingEnded | None = None
        self._every: dict[Track, float] = {}
        self._probes: dict[Track, dict[int, Probe]] = {}
        self._marks: list[Marked] = []
        self._clocks: list[ClockCompared] = []
        self._readings: list[CanariesRead] = []
        self._removed: CanariesRemoved | None = None

    def take(self, entry: Measured) -> None:
        """Raises NotAsPromised for one that cannot stand where it does."""
        match entry:
            case ProbingBegan():
                self._begin(entry)
            case Probed():
                self._probed(entry)
            case ProbingEnded():
                self._end(entry)
            case Marked():
                self._marks.append(entry)
            case ClockCompared():
                if entry.comparison is not None:
                    self._clocks.append(entry)
            case CanariesRead():
                self._readings.append(entry)
            case CanariesRemoved():
                self._removed = entry

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

    def _probing(self, began: ProbingBegan) -> Probing:
        ended = self._ended
        return Probing(
            origin=began.origin,
            schedule=began.schedule,
            every=self._every,
            probes={
                track: tuple(sorted(probes.values(), key=lambda probe: (probe.due, probe.number)))
                for track, probes in self._probes.items()
            },
            ended=ended.at.lab if ended else None,
            problem=ended.problem if ended else None,
        )

    def _begin(self, entry: ProbingBegan) -> None:
        if self._began:
            raise NotAsPromised("the drill was being probed already")
        self._began = entry
        for planned in entry.tracks:
            track = Track(planned.layer, planned.of)
            self._every[track] = planned.interval_s or entry.interval_s
            self._probes[track] = {}

    def _probed(self, entry: Probed) -> None:
        probe = entry.probe
        if probe.track not in self._probes:
            raise NotAsPromised("no such track was to be probed")
        if probe.number in self._probes[probe.track]:
            raise NotAsPromised("its probe was noted already")
        self._probes[probe.track][probe.number] = probe

    def _end(self, entry: ProbingEnded) -> None:
        if self._began is None or self._ended:
            raise NotAsPromised("no probing was under way")
        self._ended = entry
