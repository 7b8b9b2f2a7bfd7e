"""DateTime and TimeSpan: their parts, their text in culture en-US, and reading them from text."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from powershell.dialect import spoken
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import LOCAL, TICKS_PER_SECOND, UNSPECIFIED, DateTime, TimeSpan
from powershell.values import UTC as KIND_UTC

TICKS_PER_DAY: Final = 86_400 * TICKS_PER_SECOND
MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
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
    "m": "MMMM d",
    "M": "MMMM d",
    "y": "MMMM yyyy",
    "Y": "MMMM yyyy",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "U": f"dddd, MMMM d, yyyy h:mm:ss{_NARROW}tt",
}
INVARIANT: Final = "MM/dd/yyyy HH:mm:ss"


def _pattern(specification: str) -> str | None:
    """What a standard format stands for; .NET Framework knows no narrow space before AM and PM."""
    pattern = _PATTERNS.get(specification)
    return pattern.replace(_NARROW, " ") if pattern is not None and spoken().windows else pattern


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


def _invalid() -> DotNetError:
    return DotNetError("System.FormatException", "Input string was not in a correct format.")


_DATE_TOKEN: Final = re.compile(r"d+|f+|F+|g+|h+|H+|K|m+|M+|s+|t+|y+|z+|:|/|'[^']*'|\"[^\"]*\"|\\.|%.|.", re.DOTALL)


def format_datetime(value: DateTime, specification: str) -> str:
    """ToString(specification); DotNetError (FormatException) for a specification that is none."""
    if not specification:
        specification = "G"
    if len(specification) == 1:
        pattern = _pattern(specification)
        if pattern is None:
            raise _invalid()
        specification = pattern
    day, rest = civil(value)
    return "".join(_date_token(token, value, day, rest) for token in _DATE_TOKEN.findall(specification))


def _date_token(token: str, value: DateTime, day: date, rest: int) -> str:
    seconds, fraction = divmod(rest, TICKS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    count = len(token)
    match token[0]:
        case "%" if count == 2:
            return _date_token(token[1], value, day, rest)
        case "d":
            name = DAYS[day.isoweekday() % 7]
            return str(day.day).zfill(count) if count < 3 else name[:3] if count == 3 else name
        case "M":
            name = MONTHS[day.month - 1]
            return str(day.month).zfill(count) if count < 3 else name[:3] if count == 3 else name
        case "y":
            return str(day.year % 100).zfill(count) if count < 3 else str(day.year).zfill(count)
        case "h":
            return str(hour % 12 or 12).zfill(min(count, 2))
        case "H":
            return str(hour).zfill(min(count, 2))
        case "m":
            return str(minute).zfill(min(count, 2))
        case "s":
            return str(second).zfill(min(count, 2))
        case "f" | "F":
            if count > 7:
                raise _invalid()
            digits = f"{fraction:07d}"[:count]
            return digits if token[0] == "f" else digits.rstrip("0")
        case "t":
            mark = "AM" if hour < 12 else "PM"
            return mark[:1] if count == 1 else mark
        case "g":
            return "AD"
        case "z":
            return "+0" if count == 1 else "+00" if count == 2 else "+00:00"
        case "K":
            return "" if value.kind == UNSPECIFIED else "Z" if value.kind == KIND_UTC else "+00:00"
        case "'" | '"' if count > 1:
            return token[1:-1]
        case "\\" if count == 2:
            return token[1]
        case "'" | '"' | "\\" | "%":
            raise _invalid()
        case _:
            return token


def invariant_text(value: DateTime) -> str:
    return format_datetime(value, INVARIANT)


def parts_of(value: TimeSpan) -> tuple[int, int, int, int, int, int]:
    """Sign, days, hours, minutes, seconds and ticks of the rest, all but the sign positive."""
    seconds, fraction = divmod(abs(value.ticks), TICKS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return (-1 if value.ticks < 0 else 1), days, hour, minute, second, fraction


_SPAN_TOKEN: Final = re.compile(r"d+|h+|m+|s+|f+|F+|'[^']*'|\"[^\"]*\"|\\.|%[dhmsfF]|.", re.DOTALL)


def format_timespan(value: TimeSpan, specification: str = "c") -> str:
    sign, days, hour, minute, second, fraction = parts_of(value)
    minus = "-" if sign < 0 else ""
    if specification in {"", "c", "t", "T"}:
        text = f"{hour:02d}:{minute:02d}:{second:02d}" + (f".{fraction:07d}" if fraction else "")
        return minus + (f"{days}." if days else "") + text
    if specification == "g":
        tail = f".{fraction:07d}".rstrip("0") if fraction else ""
        return minus + (f"{days}:" if days else "") + f"{hour}:{minute:02d}:{second:02d}{tail}"
    if specification == "G":
        return f"{minus}{days}:{hour:02d}:{minute:02d}:{second:02d}.{fraction:07d}"
    if len(specification) == 1:
        raise _invalid()
    numbers = {"d": days, "h": hour, "m": minute, "s": second}
    out = []
    for token in _SPAN_TOKEN.findall(specification):
        letter = token[1] if token[0] == "%" and len(token) == 2 else token[0]
        count = 1 if token[0] == "%" else len(token)
        if letter in numbers and token[0] != "\\":
            if count > (8 if letter == "d" else 2):
                raise _invalid()
            out.append(str(numbers[letter]).zfill(count))
        elif letter in "fF" and token[0] != "\\":
            digits = f"{fraction:07d}"[:count]
            out.append(digits if letter == "f" else digits.rstrip("0"))
        elif token[0] == "\\" and len(token) == 2:
            out.append(token[1])
        elif token[0] in "'\"" and len(token) > 1:
            out.append(token[1:-1])
        else:
            raise _invalid()
    return "".join(out)


_SPAN: Final = re.compile(
    r"\s*(-)?(?:([0-9]+)\.)?([0-9]+):([0-9]+)(?::([0-9]+)(?:\.([0-9]{1,7}))?)?\s*|\s*(-)?([0-9]+)\s*|\s*(-)?([0-9]+):([0-9]+):([0-9]+):([0-9]+)(?:\.([0-9]{1,7}))?\s*"
)


def parse_timespan(text: str) -> TimeSpan:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise DotNetError("System.FormatException", f"String '{text}' was not recognized as a valid TimeSpan.")
    groups = found.groups()
    if groups[7] is not None:
        sign, numbers, fraction = groups[6], [int(groups[7]), 0, 0, 0], None
    elif groups[9] is not None:
        sign, numbers, fraction = groups[8], [int(part) for part in groups[9:13]], groups[13]
    else:
        sign = groups[0]
        numbers = [int(part or 0) for part in groups[1:5]]
        fraction = groups[5]
    days, hours, minutes, seconds = numbers
    if hours > 23 or minutes > 59 or seconds > 59 or days > 10_675_199:
        raise DotNetError(
            "System.OverflowException",
            f"The TimeSpan string '{text}' could not be parsed because at least one of the numeric components is out of"
            " range or contains too many digits.",
        )
    ticks = ((days * 24 + hours) * 3600 + minutes * 60 + seconds) * TICKS_PER_SECOND
    ticks += int((fraction or "0").ljust(7, "0"))
    return TimeSpan(-ticks if sign else ticks)


_MONTH: Final = "|".join(f"{name}|{name[:3]}\\.?" for name in MONTHS)
_WEEKDAY: Final = r"(?:(?:" + "|".join(f"{name}|{name[:3]}" for name in DAYS) + r"),?\s+)?"
_TIME: Final = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,7})[0-9]*)?)?)?"
    r"(?:[\s\u202f]*(?P<half>[AaPp][Mm]?)(?![A-Za-z]))?"
)
_ZONE: Final = r"\s*(?P<zone>Z|GMT|UTC|[+-][0-9]{1,2}(?::?[0-9]{2})?)?"
_DATES: Final = tuple(
    re.compile(rf"\s*{_WEEKDAY}{pattern}(?:(?:\s+|T|,\s+){_TIME}{_ZONE})?\s*", re.IGNORECASE)
    for pattern in (
        r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})",
        r"(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[-/.](?P<year>[0-9]{4}|[0-9]{2})",
        rf"(?P<day>[0-9]{{1,2}})[ -](?P<name>{_MONTH})[ -](?P<year>[0-9]{{4}}|[0-9]{{2}})",
        rf"(?P<name>{_MONTH})\s+(?P<day>[0-9]{{1,2}})(?:,\s*|\s+)(?P<year>[0-9]{{4}})",
        r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日",
    )
)
_SHORT_DATES: Final = (
    re.compile(rf"\s*(?P<name>{_MONTH})\s+(?P<year>[0-9]{{4}})\s*", re.IGNORECASE),
    re.compile(r"\s*(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})\s*"),
    re.compile(r"\s*(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})\s*"),
    re.compile(rf"\s*(?P<name>{_MONTH})\s+(?P<day>[0-9]{{1,2}})\s*", re.IGNORECASE),
)
_TIME_ALONE: Final = re.compile(rf"\s*{_TIME}\s*")


def _unrecognized(text: str) -> DotNetError:
    if re.fullmatch(r"\s*[A-Za-z].*", text, re.DOTALL) and not re.match(rf"\s*(?:{_MONTH}|{'|'.join(DAYS)})", text):
        start = len(text) - len(text.lstrip())
        return DotNetError(
            "System.FormatException",
            f"The string '{text}' was not recognized as a valid DateTime. There is an unknown word starting at index "
            f"'{start}'.",
        )
    return DotNetError("System.FormatException", f"String '{text}' was not recognized as a valid DateTime.")


def parse_datetime(text: str, today: date | None = None) -> DateTime:
    """DateTime.Parse in culture en-US; `today` completes what names no year or no day.

    DotNetError (FormatException) for what is no date; OutsideSubset for what might be one to .NET and is not known.
    """
    for pattern in (*_DATES, *_SHORT_DATES, _TIME_ALONE):
        found = pattern.fullmatch(text)
        if found is not None:
            groups = found.groupdict()
            if pattern is _TIME_ALONE and groups["minute"] is None and groups["half"] is None:
                continue
            return _assemble(text, groups, today)
    if re.search(r"[0-9]", text) and not re.fullmatch(r"\s*([0-9]+|[0-9]+[-/.][0-9]+[-/.][0-9]+)\s*", text):
        raise OutsideSubset(f"the date '{text}'")
    raise _unrecognized(text)


def _assemble(text: str, groups: dict[str, str | None], today: date | None) -> DateTime:
    if today is None and (groups.get("year") is None):
        raise OutsideSubset(f"the date '{text}' without a year")
    name = groups.get("name")
    month = (
        next(index for index, full in enumerate(MONTHS, 1) if full[:3].lower() == name[:3].lower())
        if name
        else int(groups.get("month") or (today.month if today else 1))
    )
    year_text = groups.get("year")
    year = int(year_text) if year_text else today.year if today else 1
    if year_text and len(year_text) == 2:
        year += 2000 if year < 50 else 1900
    only_time = groups.get("day") is None and groups.get("month") is None and not name
    day = int(groups.get("day") or (today.day if today and only_time else 1))
    hour = int(groups.get("hour") or 0)
    half = (groups.get("half") or "").lower()
    if half:
        if hour > 12:
            raise _unrecognized(text)
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    fraction = int((groups.get("fraction") or "0").ljust(7, "0"))
    minute, second = int(groups.get("minute") or 0), int(groups.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise DotNetError(
            "System.FormatException",
            f"The DateTime represented by the string '{text}' is not supported in calendar "
            "'System.Globalization.GregorianCalendar'.",
        )
    try:
        value = make_datetime(year, month, day, hour, minute, second, fraction)
    except ValueError:
        raise _unrecognized(text) from None
    return _in_zone(value, groups.get("zone"))


def _in_zone(value: DateTime, zone: str | None) -> DateTime:
    if not zone:
        return value
    if zone.upper() in {"Z", "GMT", "UTC"}:
        return DateTime(value.ticks, LOCAL)
    digits = zone[1:].replace(":", "")
    minutes = int(digits) * 60 if len(digits) < 3 else int(digits[:-2]) * 60 + int(digits[-2:])
    offset = minutes * 60 * TICKS_PER_SECOND
    return DateTime(value.ticks - offset if zone[0] == "+" else value.ticks + offset, LOCAL)


def parse_exact(text: str, specification: str) -> DateTime | None:
    """DateTime.ParseExact with a custom or one-letter pattern; None when the text does not fit."""
    pattern = _pattern(specification) or specification if len(specification) == 1 else specification
    expression, letters = "", {
        "yyyy": r"(?P<year>[0-9]{4})", "yy": r"(?P<year>[0-9]{2})",
        "MM": r"(?P<month>[0-9]{2})", "M": r"(?P<month>[0-9]{1,2})",
        "dd": r"(?P<day>[0-9]{2})", "d": r"(?P<day>[0-9]{1,2})",
        "HH": r"(?P<hour>[0-9]{2})", "H": r"(?P<hour>[0-9]{1,2})",
        "hh": r"(?P<hour>[0-9]{2})", "h": r"(?P<hour>[0-9]{1,2})",
        "mm": r"(?P<minute>[0-9]{2})", "m": r"(?P<minute>[0-9]{1,2})",
        "ss": r"(?P<second>[0-9]{2})", "s": r"(?P<second>[0-9]{1,2})", "tt": r"(?P<half>[AP]M)",
        "MMM": rf"(?P<name>{'|'.join(name[:3] for name in MONTHS)})", "MMMM": rf"(?P<name>{'|'.join(MONTHS)})",
        "K": r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?", "zzz": r"(?P<zone>[+-][0-9]{2}:[0-9]{2})",
        "ddd": "(?:" + "|".join(name[:3] for name in DAYS) + ")", "dddd": "(?:" + "|".join(DAYS) + ")",
    }  # fmt: skip
    for token in _DATE_TOKEN.findall(pattern):
        if token in letters:
            expression += letters[token]
        elif token[0] in "fF":
            expression += rf"(?P<fraction>[0-9]{{{len(token)}}})"
        elif token[0] in "'\"" and len(token) > 1:
            expression += re.escape(token[1:-1])
        elif token[0] == "\\" and len(token) == 2:
            expression += re.escape(token[1])
        elif token[0] in "dgzyMhHmst%":
            raise OutsideSubset(f"the date pattern '{specification}' for parsing")
        else:
            expression += re.escape(token)
    try:
        found = re.fullmatch(expression, text, re.IGNORECASE)
    except re.error:
        raise OutsideSubset(f"the date pattern '{specification}' for parsing") from None
    if found is None:
        return None
    groups: dict[str, str | None] = dict.fromkeys(("year", "month", "day", "name"))
    groups.update(found.groupdict())
    if groups["year"] is None:
        raise OutsideSubset(f"the date pattern '{specification}' without a year")
    return _assemble(text, groups, None)
