"""Business hours, in which neither drills nor synchronisations belong (guide 3 step 16, 4-1 and 5-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_A_WEEK_AND_A_DAY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """`days` are numbered from Monday, 0; `end` belongs to the evening."""

    days: tuple[int, ...]
    begin: time
    end: time
    zone: tzinfo

    def include(self, moment: datetime) -> bool:
        there = moment.astimezone(self.zone)
        return there.weekday() in self.days and self.begin <= there.time() < self.end

    def next_begin(self, moment: datetime) -> datetime:
        """The first instant after `moment` at which work begins."""
        return next(begin for begin in self._each(self.begin, moment) if begin > moment)

    def next_end(self, moment: datetime) -> datetime:
        """The first instant after `moment` at which work ends."""
        return next(end for end in self._each(self.end, moment) if end > moment)

    def _each(self, at: time, since: datetime) -> Iterator[datetime]:
        today = since.astimezone(self.zone).date()
        for day in (today + timedelta(days=number) for number in range(_A_WEEK_AND_A_DAY)):
            if day.weekday() in self.days:
                yield datetime.combine(day, at, self.zone)
