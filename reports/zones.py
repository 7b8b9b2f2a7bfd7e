"""The site's time zone, in which a record tells the wall's time."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from journal.record import DrillRecord


def zone_of(record: DrillRecord) -> tzinfo:
    """As the journal names it; that of its lab's clock where it does not, as a journal of an older Kunren."""
    name = record.time_zone
    if not name:
        return record.began.lab.tzinfo or UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, or none that this machine knows
        return _offset(name) or record.began.lab.tzinfo or UTC


def local(moment: datetime, record: DrillRecord) -> datetime:
    return moment.astimezone(zone_of(record))


def _offset(name: str) -> tzinfo | None:
    """Of a name such as +09:00."""
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
    except ValueError:
        return None
