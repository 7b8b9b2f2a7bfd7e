"""The time zone of a site: the one its people read times in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self


@dataclass(frozen=True, slots=True)
class TimeZone:
    """`name` is that of the time zone database, or an offset such as "+09:00"."""

    name: str
    rules: tzinfo

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The zone an instant is told in, named by its offset."""
        offset = moment.utcoffset() or timedelta()
        return cls(offset_name(offset), moment.tzinfo or UTC)

    def local(self, moment: datetime) -> datetime:
        """The same instant in this zone; at the ends of the calendar, where it has none there, as it came."""
        try:
            return moment.astimezone(self.rules)
        except OverflowError:
            return moment


def offset_name(offset: timedelta) -> str:
    """An offset from UTC as ISO 8601 writes it, to the minute."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
