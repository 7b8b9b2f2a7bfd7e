"""What was measured in a drill, put together entry by entry."""

from __future__ import annotations

from operator import attrgetter

from journal.codecs import NotAsPromised
from journal.entries import Measured
from journal.measured import CanariesRead, CanariesRemoved, ClockCompared, Marked, Probed, ProbingBegan, ProbingEnded
from journal.record import Measurement, Probing
from lab.model.probing import Layer, Probe, Track
from words import sentence


class Measuring:
    """Entries go in one by one; what they came to comes out."""

    def __init__(self) -> None:
        self._began: ProbingBegan | None = None
        self._ended: ProbingEnded | None = None
        self._every: dict[Track, float] = {}
        self._tracks: dict[tuple[Layer, str], Track] = {}
        self._probes: dict[tuple[Layer, str], dict[int, Probe]] = {}
        self._marks: list[Marked] = []
        self._clocks: list[ClockCompared] = []
        self._readings: list[CanariesRead] = []
        self._removed: CanariesRemoved | None = None

    def take(self, entry: Measured) -> None:
        """Raises NotAsPromised for one that cannot stand where it does."""
        match entry:
            case Probed():
                self._probed(entry)
            case ProbingBegan():
                self._begin(entry)
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
                self._tracks[of]: tuple(sorted(probes.values(), key=attrgetter("due", "number")))
                for of, probes in self._probes.items()
            },
            ended=ended.at.lab if ended else None,
            problem=ended.problem if ended else None,
        )

    def _begin(self, entry: ProbingBegan) -> None:
        if self._began:
            raise NotAsPromised(sentence("flaw.probed_already"))
        self._began = entry
        for planned in entry.tracks:
            of = planned.layer, planned.of
            track = self._tracks[of] = Track(*of)
            self._every[track] = planned.interval_s or entry.interval_s
            self._probes[of] = {}

    def _probed(self, entry: Probed) -> None:
        of = entry.layer, entry.of
        probes = self._probes.get(of)
        if probes is None:
            raise NotAsPromised(sentence("flaw.no_series"))
        if entry.number in probes:
            raise NotAsPromised(sentence("flaw.probe_twice"))
        probes[entry.number] = entry.probe(self._tracks[of])

    def _end(self, entry: ProbingEnded) -> None:
        if self._began is None or self._ended:
            raise NotAsPromised(sentence("flaw.not_probed"))
        self._ended = entry
