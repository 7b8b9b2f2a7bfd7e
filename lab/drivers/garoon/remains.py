"""Canaries and entries of drills that killed runs have left in the schedule of the drill's own user."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lab.drivers.garoon.http import GaroonHttp
from lab.errors import Refused
from lab.model.entry_titles import EntryKind, kind_of
from lab.model.garoon import OwnAppointment
from lab.ports import Clock

EARLIEST_YEAR = 2010
END_OF_32_BITS = datetime(2038, 1, 19, 3, 0, tzinfo=UTC)
REMOVED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Remains:
    """Entries that only drills write."""

    entries: tuple[OwnAppointment, ...]

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(entry.event_id for entry in self.entries)


class GaroonRemains:
    """Finds entries at any date, also where earlier versions put their canaries; removes only exact titles."""

    def __init__(self, garoon: GaroonHttp, clock: Clock) -> None:
        self._garoon = garoon
        self._clock = clock

    def find(self) -> Remains:
        """Entries with exactly a drill's title that are for the drill's own user alone; a canary is private besides."""
        user = self._garoon.user_id()
        found = {
            entry.event_id: entry
            for starts, ends in _years(self._clock.now())
            for entry in self._garoon.own_appointments(starts, ends)
            if _left_by_a_drill(entry, user)
        }
        return Remains(tuple(found[number] for number in sorted(found)))

    def written_meanwhile(self, remains: Remains, seconds: float) -> bool:
        """Whether such entries come or go within that time: then a drill is under way, whose they are."""
        self._clock.sleep(timedelta(seconds=seconds))
        return self.find().ids != remains.ids

    def remove(self, entries: Sequence[OwnAppointment], told: Callable[[Refused], None]) -> tuple[OwnAppointment, ...]:
        """Removes entries, and returns those that are still there; `told` is given Garoon's refusals."""
        for first in range(0, len(entries), REMOVED_AT_ONCE):
            numbers = [entry.event_id for entry in entries[first : first + REMOVED_AT_ONCE]]
            try:
                self._garoon.remove_events(numbers)
            except Refused as error:
                told(error)
        left = self.find().ids
        return tuple(entry for entry in entries if entry.event_id in left)


def _left_by_a_drill(entry: OwnAppointment, user: int) -> bool:
    kind = kind_of(entry.title)
    return kind is not None and entry.members == (user,) and (entry.private or kind is not EntryKind.CANARY)


def _years(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Year by year up to where canaries lie, so that no answer is too large; not beyond 32 bits while those count."""
    last = now.year + 11 if now >= END_OF_32_BITS else END_OF_32_BITS.year
    for year in range(EARLIEST_YEAR, last + 1):
        ends = datetime(year + 1, 1, 1, tzinfo=UTC)
        yield datetime(year, 1, 1, tzinfo=UTC), ends if now >= END_OF_32_BITS else min(ends, END_OF_32_BITS)
