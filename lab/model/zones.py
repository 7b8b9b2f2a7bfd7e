"""The time zone of a site: the one its people read times in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class TimeZone:
    """`name` is that of the time zone database, or an offset such as "+09:00"."""

    name: str
    rules: tzinfo

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
