"""DateTime and TimeSpan: their parts, their text in culture en-US, and reading them from text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from powershell.dialect import spoken
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import LOCAL, TICKS_PER_SECOND, UTC, DateTime, TimeSpan

TICKS_PER_DAY: Final = 86_400 * TICKS_PER_SECOND
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS: Final = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_NARROW: Final = "\u202f"
_PATTERNS: Final = {
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "t": f"h:mm{_NARROW}tt",
    "T": f"h:mm:ss{_NARROW}tt",
    "f": f"dddd, MMMM d, yyyy h:mm{_NARROW}tt",
    "F": f"dddd, MMMM d, yyyy h:mm:ss{_NARROW}tt",
    "g": f"M/d/yyyy h:mm{_NARROW}tt",
    "G": f"M/d/yyyy h:mm:ss{_NARROW}tt",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
}
INVARIANT: Final = "MM/dd/yyyy HH:mm:ss"


def _pattern(specification: str) -> str:
    """What a standard format stands for; .NET Framework knows no narrow space before AM and PM."""
    pattern = _PATTERNS.get(specification)
    if pattern is None:
        raise OutsideSubset(f"the date format '{specification}'")
    return pattern.replace(_NARROW, " ") if spoken().windows else pattern


def civil(value: DateTime) -> tuple[date, int]:
    """The calendar day and the ticks since its midnight."""
    days, rest = divmod(value.ticks, TICKS_PER_DAY)
    return date.fromordinal(days + 1), rest


def make_datetime(  # noqa: PLR0917 - as DateTime is built
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, ticks: int = 0, *, kind: int = 0
) -> DateTime:
    """ValueError when there is no such day or time."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise ValueError(f"{hour}:{minute}:{second}")
    days = date(year, month, day).toordinal() - 1
    return DateTime(days * TICKS_PER_DAY + (hour * 3600 + minute * 60 + second) * TICKS_PER_SECOND + ticks, kind)


_DATE_TOKEN: Final = re.compile(r"d+|f+|h+|H+|K|m+|M+|s+|tt|y+|'[^']*'|\\.|.", re.DOTALL)


def format_datetime(value: DateTime, specification: str) -> str:
    """ToString(specification)."""
    specification = specification or "G"
    pattern = _pattern(specification) if len(specification) == 1 else specification
    day, rest = civil(value)
    return "".join(_date_token(token, value, day, rest) for token in _DATE_TOKEN.findall(pattern))


def _date_token(token: str, value: DateTime, day: date, rest: int) -> str:
    seconds, fraction = divmod(rest, TICKS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    count = len(token)
    match token[0]:
        case "d":
            return _numbered(day.day, DAYS[day.isoweekday() % 7], count)
        case "M":
            return _numbered(day.month, MONTHS[day.month - 1], count)
        case "y":
            return str(day.year % 100 if count < 3 else day.year).zfill(count)
        case "h":
            return str(hour % 12 or 12).zfill(min(count, 2))
        case "H":
            return str(hour).zfill(min(count, 2))
        case "m":
            return str(minute).zfill(min(count, 2))
        case "s":
            return str(second).zfill(min(count, 2))
        case "f" if count <= 7:
            return f"{fraction:07d}"[:count]
        case "t" if count == 2:
            return "AM" if hour < 12 else "PM"
        case "K":
            return {UTC: "Z", LOCAL: "+00:00"}.get(value.kind, "")
        case "'" if count > 1:
            return token[1:-1]
        case "\\" if count == 2:
            return token[1]
        case "f" | "F" | "g" | "t" | "z" | "'" | '"' | "\\" | "%":
            raise OutsideSubset(f"'{token}' in a date format")
        case _:
            return token


def _numbered(number: int, name: str, count: int) -> str:
    return str(number).zfill(count) if count < 3 else name[:3] if count == 3 else name


def invariant_text(value: DateTime) -> str:
    return format_datetime(value, INVARIANT)


def parts_of(value: TimeSpan) -> tuple[int, int, int, int, int, int]:
    """Sign, days, hours, minutes, seconds and ticks of the rest, all but the sign positive."""
    seconds, fraction = divmod(abs(value.ticks), TICKS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return (-1 if value.ticks < 0 else 1), days, hour, minute, second, fraction


def format_timespan(value: TimeSpan, specification: str = "c") -> str:
    if specification not in {"", "c", "t", "T"}:
        raise OutsideSubset(f"the time format '{specification}'")
    sign, days, hour, minute, second, fraction = parts_of(value)
    text = f"{hour:02d}:{minute:02d}:{second:02d}" + (f".{fraction:07d}" if fraction else "")
    return ("-" if sign < 0 else "") + (f"{days}." if days else "") + text


_TIME: Final = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,7}))?)?"
    r"(?:[\s\u202f]*(?P<half>AM|PM))?"
)
_DATES: Final = tuple(
    re.compile(rf"\s*{pattern}(?:(?:\s+|T){_TIME})?\s*", re.IGNORECASE)
    for pattern in (
        r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})",
        r"(?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})[-/](?P<year>[0-9]{4})",
    )
)
_TIME_ALONE: Final = re.compile(rf"\s*{_TIME}\s*", re.IGNORECASE)


def parse_datetime(text: str, today: date) -> DateTime:
    """DateTime.Parse in culture en-US; `today` completes what is a time alone.

    DotNetError (FormatException) for what is no date; OutsideSubset for what might be one to .NET and is not known.
    """
    for pattern in (*_DATES, _TIME_ALONE):
        found = pattern.fullmatch(text)
        if found is not None:
            return _assembled(text, found.groupdict(), today)
    if re.search(r"[0-9]", text) or any(text.strip().lower().startswith(name[:3].lower()) for name in (*MONTHS, *DAYS)):
        raise OutsideSubset(f"the date '{text}'")
    start = len(text) - len(text.lstrip())
    named, place = ("", f"{start}") if spoken().windows else (f"'{text}' ", f"'{start}'")
    said = f"tring {named}was not recognized as a valid DateTime."
    if re.fullmatch(r"\s*[^\W\d_].*", text, re.DOTALL):
        raise DotNetError("System.FormatException", f"The s{said} There is an unknown word starting at index {place}.")
    raise DotNetError("System.FormatException", f"S{said}")


def _assembled(text: str, groups: Mapping[str, str | None], today: date) -> DateTime:
    year, month, day = (int(groups.get(name) or getattr(today, name)) for name in ("year", "month", "day"))
    hour, minute, second = (int(groups[name] or 0) for name in ("hour", "minute", "second"))
    half = (groups["half"] or "").lower()
    if half and hour > 12:
        raise OutsideSubset(f"the date '{text}'")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return make_datetime(year, month, day, hour, minute, second, int((groups["fraction"] or "0").ljust(7, "0")))
    except ValueError:
        raise OutsideSubset(f"the date '{text}'") from None
