"""What users notice of a drill: probes of every layer and canaries, from one step on until the lab is restored."""

from __future__ import annotations

from datetime import timedelta

from drills.interruption import Held
from drills.observation import Writes
from journal.measured import CanariesRead, CanariesRemoved, Probed, ProbingBegan, ProbingEnded, TrackPlanned
from lab.errors import LabError
from lab.model.canaries import Fate, fates, lost_between
from lab.model.outages import Availability, availability
from lab.model.probing import Layer, Probe, Result
from lab.ports import Clock, Measurement
from words import Quoted, Told

HURRIED_WITHIN = timedelta(seconds=1)
"""How soon a second request to stop is heard in a wait."""


class Measuring:
    """The measurement of one drill, as its journal tells it."""

    def __init__(self, measurement: Measurement, clock: Clock, journal: Writes) -> None:
        self._measurement = measurement
        self._clock = clock
        self._journal = journal
        self._under_way = False
        self._writes: list[Probe] = []
        self._origin = clock.now()
        self._read: CanariesRead | None = None
        """What was read before the restoration."""
        self.lost_in_restoration = 0
        """Canaries that users would have had before it, or got while it went on, and that are gone after it."""

    @property
    def writing(self) -> Availability:
        """What users got of Garoon until now: they are served when what they enter is taken."""
        return availability(self._writes, self._measurement.schedule.confirmations)

    def lost(self) -> tuple[str, ...] | None:
        """Titles of the canaries that Garoon has acknowledged until now and does not have; None where none is written.

        Raises LabError.
        """
        if not self._under_way:
            return None
        asked = (self._clock.now() - self._origin).total_seconds()
        known = [probe for probe in self._writes if probe.ended is not None and probe.ended <= asked]
        return tuple(each.title for each in fates(known, self._measurement.canaries()) if each.fate is Fate.LOST)

    def begin(self) -> None:
        """Does nothing when it has begun; raises LabError when Garoon does not let canaries be written.

        Returns when every layer has been looked at: an outage has no upper bound if no good answer came before it.
        """
        if self._under_way:
            return
        self._measurement.prepare()
        schedule = self._measurement.schedule
        self._origin = self._clock.now()
        self._journal.write(
            ProbingBegan(
                origin=self._origin,
                interval_s=schedule.interval,
                timeout_s=schedule.timeout,
                confirmations=schedule.confirmations,
                tracks=tuple(
                    TrackPlanned(layer=track.layer, of=track.of, interval_s=interval)
                    for track, interval in self._measurement.tracks.items()
                ),
            )
        )
        self._under_way = True
        self._measurement.begin(self._note)
        self._clock.sleep(timedelta(seconds=schedule.interval + schedule.timeout))

    def settle(self, held: Held) -> bool:
        """Waits until the last probes of the drill have been answered, and those that confirm a recovery.

        What had ended when the last step did is then seen to have, and what had not is seen too. False where the wait
        was cut short by a second request to stop.
        """
        if not self._under_way:
            return True
        schedule = self._measurement.schedule
        if not self._slept(schedule.interval + schedule.timeout, held):
            return False
        return not self._recovering or self._slept(schedule.confirmations * schedule.interval, held)

    def _slept(self, seconds: float, held: Held) -> bool:
        left = timedelta(seconds=seconds)
        while left and not held.asked_again:
            doze = min(left, HURRIED_WITHIN)
            self._clock.sleep(doze)
            left -= doze
        return not held.asked_again

    def read_back(self) -> None:
        """Reads the canaries where users are served: what they find later may be the restoration's doing."""
        if self._under_way and self._served:
            self._read = self._read_canaries()

    @property
    def _served(self) -> bool:
        writing = self.writing
        return bool(writing.ok) and not any(outage.open for outage in writing.outages)

    @property
    def _recovering(self) -> bool:
        """Whether the last probe was good, of an outage whose end is not confirmed yet."""
        told = [probe for probe in self._writes if probe.result is not Result.UNKNOWN]
        return not self._served and bool(told) and max(told, key=_sent).result is Result.OK

    def end(self) -> int:
        """Ends the probes, reads the canaries once more and takes them away; returns how many are left, or may be."""
        if not self._under_way:
            return 0
        self._under_way = False
        try:
            self._measurement.end()
        except Exception as error:  # noqa: BLE001  # whatever broke, the lab still has to be restored
            self._journal.write(ProbingEnded(problem=_problem(error)))
        else:
            self._journal.write(ProbingEnded(problem=None))
        after, before = self._read_canaries(), self._read
        if before is not None and not (before.problem or after.problem):
            asked = (before.asked_at - self._origin).total_seconds()
            self.lost_in_restoration = len(lost_between(self._writes, asked, before.present, after.present))
        return self._take_away()

    def _read_canaries(self) -> CanariesRead:
        """`asked` is before the question: entries acknowledged until then can be found."""
        asked = self._clock.now()
        try:
            present = self._measurement.canaries()
        except Exception as error:  # noqa: BLE001  # whatever broke, the lab still has to be restored
            read = CanariesRead(asked=asked, present={}, problem=_problem(error))
        else:
            read = CanariesRead(asked=asked, present=present, problem=None)
        self._journal.write(read)
        return read

    def _take_away(self) -> int:
        try:
            removed, left = self._measurement.remove_canaries()
        except LabError as error:
            self._journal.write(CanariesRemoved(removed=0, left=0, problem=error))
            return 1
        self._journal.write(CanariesRemoved(removed=removed, left=left, problem=None))
        return left

    def _note(self, probe: Probe) -> None:
        if probe.track.layer is Layer.WRITE:
            self._writes.append(probe)
        self._journal.write(Probed.of_probe(probe))


def _problem(error: Exception) -> Told:
    """That of the lab, or what broke in Kunren itself."""
    return error if isinstance(error, LabError) else Quoted(f"{type(error).__name__}: {error}")


def _sent(probe: Probe) -> float:
    return probe.due if probe.sent is None else probe.sent
