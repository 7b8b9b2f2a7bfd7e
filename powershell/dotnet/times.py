"""System.DateTime and System.TimeSpan."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from powershell.dotnet.tables import Table, attempt_of
from powershell.dotnet.time_text import (
    TICKS_PER_DAY,
    civil,
    format_datetime,
    format_timespan,
    make_datetime,
    parse_datetime,
    parse_exact,
    parse_timespan,
    parts_of,
)
from powershell.errors import DotNetError, OutsideSubset
from powershell.type_names import enum
from powershell.values import LOCAL, NOTHING, TICKS_PER_SECOND, UTC, DateTime, EnumType, EnumValue, Int64, TimeSpan


def _out_of_range(message: str) -> DotNetError:
    return DotNetError("System.ArgumentOutOfRangeException", message)


DATE: Final = Table("System.DateTime")
SPAN: Final = Table("System.TimeSpan")
_KIND: Final = enum("System.DateTimeKind")
_HINT: Final = EnumType("Microsoft.PowerShell.Commands.DisplayHintType", (("Date", 0), ("Time", 1), ("DateTime", 2)))
_DAY: Final = enum("System.DayOfWeek")


_LAST: Final = 3_155_378_975_999_999_999
"""The ticks of DateTime.MaxValue."""


def _unit(divisor: int, modulo: int) -> Callable[[DateTime], int]:
    return lambda value: value.ticks // divisor % modulo


def _moved(value: DateTime, ticks: int) -> DateTime:
    total = value.ticks + ticks
    if not 0 <= total <= _LAST:
        raise _out_of_range(
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')"
        )
    return DateTime(total, value.kind)


def _display_hint(value: DateTime) -> Any:
    return _HINT.value("DateTime") if value.has_display_hint else NOTHING


def _add(factor: int) -> Callable[[DateTime, float], DateTime]:
    def add(value: DateTime, amount: float) -> DateTime:
        if not abs(amount) <= _LAST // factor:
            raise _out_of_range("Value to add was out of range. (Parameter 'value')")
        return _moved(value, round(amount * factor))

    return add


def _add_months(value: DateTime, months: int) -> DateTime:
    day, rest = civil(value)
    index = day.year * 12 + day.month - 1 + months
    if not 12 <= index < 120_000:
        raise OutsideSubset("a date before the year 1 or after 9999")
    year, month = divmod(index, 12)
    last = (make_datetime(year + (month == 11), (month + 1) % 12 + 1, 1).ticks - TICKS_PER_DAY) // TICKS_PER_DAY
    days = min(day.day, civil(DateTime(last * TICKS_PER_DAY))[0].day)
    return DateTime(make_datetime(year, month + 1, days).ticks + rest, value.kind)


def _subtract(value: DateTime, other: Any) -> Any:
    return TimeSpan(value.ticks - other.ticks) if isinstance(other, DateTime) else _moved(value, -other.ticks)


def _construct_date(*parts: Any) -> DateTime:
    kind = 0
    numbers = list(parts)
    if isinstance(numbers[-1], EnumValue):
        kind = numbers.pop().number
    milliseconds = numbers[6] if len(numbers) > 6 else 0
    try:
        return DateTime(make_datetime(*numbers[:6]).ticks + milliseconds * 10_000, kind)
    except ValueError:
        what = "Year, Month, and Day parameters describe an un-representable DateTime."
        if len(numbers) > 3 and not (0 <= numbers[3] < 24 and 0 <= numbers[4] < 60 and 0 <= numbers[5] < 60):
            what = "Hour, Minute, and Second parameters describe an un-representable DateTime."
        raise _out_of_range(what) from None


def _exact(text: str, specification: Any, provider: Any = None, styles: Any = None) -> DateTime:
    del provider, styles
    patterns = specification if isinstance(specification, list) else [specification]
    for pattern in patterns:
        value = parse_exact(text, pattern)
        if value is not None:
            return value
    raise DotNetError("System.FormatException", f"String '{text}' was not recognized as a valid DateTime.")


def _declare_date() -> None:
    table = DATE
    table.property("Date", lambda value: DateTime(value.ticks // TICKS_PER_DAY * TICKS_PER_DAY, value.kind))
    table.property("Day", lambda value: civil(value)[0].day)
    table.property("DayOfWeek", lambda value: EnumValue(_DAY, civil(value)[0].isoweekday() % 7))
    table.property("DayOfYear", lambda value: civil(value)[0].timetuple().tm_yday)
    table.property("Hour", _unit(3600 * TICKS_PER_SECOND, 24))
    table.property("Kind", lambda value: EnumValue(_KIND, value.kind))
    table.property("Millisecond", _unit(10_000, 1000))
    table.property("Microsecond", _unit(10, 1000))
    table.property("Nanosecond", lambda value: value.ticks % 10 * 100)
    table.property("Minute", _unit(60 * TICKS_PER_SECOND, 60))
    table.property("Month", lambda value: civil(value)[0].month)
    table.property("Second", _unit(TICKS_PER_SECOND, 60))
    table.property("Ticks", lambda value: Int64(value.ticks))
    table.property("TimeOfDay", lambda value: TimeSpan(civil(value)[1]))
    table.property("Year", lambda value: civil(value)[0].year)
    table.properties["datetime"] = ("DateTime", lambda value: format_datetime(value, "F"))
    table.properties["displayhint"] = ("DisplayHint", _display_hint)
    for name, seconds in (("AddDays", 86400), ("AddHours", 3600), ("AddMinutes", 60), ("AddSeconds", 1)):
        table.method(name, ("double value", _add(seconds * TICKS_PER_SECOND)))
    table.method("AddMilliseconds", ("double value", _add(10_000)))
    table.method("AddTicks", ("long value", lambda value, ticks: _moved(value, int(ticks))))
    table.method("AddMonths", ("int months", _add_months))
    table.method("AddYears", ("int value", lambda value, years: _add_months(value, years * 12)))
    table.method("Add", ("timespan value", lambda value, span: _moved(value, span.ticks)))
    table.method("Subtract", ("datetime value", _subtract), ("timespan value", _subtract))
    table.method(
        "ToString",
        ("", lambda value: format_datetime(value, "G")),
        ("string format", format_datetime),
        ("cultureinfo provider", lambda value, culture: _in_culture(value, "", culture)),
        ("string format, cultureinfo provider", _in_culture),
    )
    for name, letter in (
        ("ToShortDateString", "d"),
        ("ToLongDateString", "D"),
        ("ToShortTimeString", "t"),
        ("ToLongTimeString", "T"),
    ):
        table.method(name, ("", lambda value, letter=letter: format_datetime(value, letter)))
    table.method("ToUniversalTime", ("", lambda value: DateTime(value.ticks, UTC)))
    table.method("ToLocalTime", ("", lambda value: DateTime(value.ticks, LOCAL)))
    table.method(
        "CompareTo", ("datetime value", lambda value, other: (value.ticks > other.ticks) - (value.ticks < other.ticks))
    )
    table.method("Equals", ("object value", lambda value, other: isinstance(other, DateTime) and value == other))
    table.constant("Now", lambda it: DateTime.of(it.runspace.clock.now()))
    table.constant("UtcNow", lambda it: DateTime.of(it.runspace.clock.now(), utc=True))
    table.constant(
        "Today", lambda it: DateTime(DateTime.of(it.runspace.clock.now()).ticks // TICKS_PER_DAY * TICKS_PER_DAY, LOCAL)
    )
    table.constant("MinValue", lambda _: DateTime(0))
    table.constant("MaxValue", lambda _: DateTime(3_155_378_975_999_999_999))
    table.constant("UnixEpoch", lambda _: make_datetime(1970, 1, 1, kind=UTC))
    table.static(
        "Parse",
        ("string s", lambda it, text: parse_datetime(text, it.runspace.today())),
        ("string s, cultureinfo provider", lambda it, text, _: parse_datetime(text, it.runspace.today())),
        context=True,
    )
    table.static(
        "TryParse",
        (
            "string s, ref result",
            lambda it, text, result: attempt_of(lambda given: parse_datetime(given, it.runspace.today()), DateTime(0))(
                text, result
            ),
        ),
        context=True,
    )
    table.static("ParseExact", ("string s, object format, cultureinfo provider", _exact))
    table.static("IsLeapYear", ("int year", lambda year: year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)))
    table.static(
        "SpecifyKind",
        ("datetime value, System.DateTimeKind kind", lambda value, kind: DateTime(value.ticks, kind.number)),
    )
    table.static(
        "DaysInMonth",
        (
            "int year, int month",
            lambda year, month: (
                civil(DateTime(_add_months(make_datetime(year, month, 1), 1).ticks - TICKS_PER_DAY))[0].day
            ),
        ),
    )
    ymd = "int year, int month, int day"
    hms = "int hour, int minute, int second"
    kind = "System.DateTimeKind kind"
    table.constructor(
        ("long ticks", lambda ticks: DateTime(int(ticks))),
        ("long ticks, " + kind, lambda ticks, chosen: DateTime(int(ticks), chosen.number)),
        (ymd, _construct_date),
        (f"{ymd}, {hms}", _construct_date),
        (f"{ymd}, {hms}, {kind}", _construct_date),
        (f"{ymd}, {hms}, int millisecond", _construct_date),
        (f"{ymd}, {hms}, int millisecond, {kind}", _construct_date),
    )


def _in_culture(value: DateTime, specification: str, culture: Any) -> str:
    if (
        culture is not None
        and getattr(culture, "name", "en-US") == ""
        and len(specification) < 2
        and specification not in {*"oOrRsu"}
    ):
        if specification in {"", "G"}:
            return format_datetime(value, "MM/dd/yyyy HH:mm:ss")
        raise OutsideSubset("this date format in the invariant culture")
    return format_datetime(value, specification)


def _total(divisor: int) -> Callable[[TimeSpan], float]:
    return lambda span: span.ticks / divisor


def _from(factor: int) -> Callable[[float], TimeSpan]:
    def make(amount: float) -> TimeSpan:
        if math.isnan(amount):
            raise DotNetError(
                "System.ArgumentException", "TimeSpan does not accept floating point Not-a-Number values."
            )
        if not -(2**63) <= amount * factor < 2**63:
            raise DotNetError("System.OverflowException", "TimeSpan overflowed because the duration is too long.")
        return TimeSpan(round(amount * factor))

    return make


def _span_ticks(days: int, hours: int, minutes: int, seconds: int, milliseconds: int = 0) -> TimeSpan:
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return TimeSpan(total * TICKS_PER_SECOND + milliseconds * 10_000)


def _declare_span() -> None:
    table = SPAN

    def part(index: int) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[index] * parts_of(span)[0]

    def fraction(divisor: int, modulo: int, factor: int = 1) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[5] // divisor % modulo * factor * parts_of(span)[0]

    table.property("Ticks", lambda span: Int64(span.ticks))
    table.property("Days", part(1))
    table.property("Hours", part(2))
    table.property("Milliseconds", fraction(10_000, 1000))
    table.property("Microseconds", fraction(10, 1000))
    table.property("Nanoseconds", fraction(1, 10, 100))
    table.property("Minutes", part(3))
    table.property("Seconds", part(4))
    for name, divisor in (("TotalDays", TICKS_PER_DAY), ("TotalHours", 36_000_000_000), ("TotalMilliseconds", 10_000)):
        table.property(name, _total(divisor))
    table.property("TotalMicroseconds", _total(10))
    table.property("TotalNanoseconds", lambda span: float(span.ticks * 100))
    for name, divisor in (("TotalMinutes", 600_000_000), ("TotalSeconds", TICKS_PER_SECOND)):
        table.property(name, _total(divisor))
    table.method(
        "ToString",
        ("", format_timespan),
        ("string format", format_timespan),
        ("string format, cultureinfo provider", lambda span, text, _: format_timespan(span, text)),
    )
    table.method("Add", ("timespan ts", lambda span, other: TimeSpan(span.ticks + other.ticks)))
    table.method("Subtract", ("timespan ts", lambda span, other: TimeSpan(span.ticks - other.ticks)))
    table.method("Negate", ("", lambda span: TimeSpan(-span.ticks)))
    table.method("Duration", ("", lambda span: TimeSpan(abs(span.ticks))))
    table.method("CompareTo", ("timespan value", lambda span, other: (span > other) - (span < other)))
    table.method("Equals", ("object value", lambda span, other: span == other))
    for name, factor in (
        ("FromDays", TICKS_PER_DAY),
        ("FromHours", 36_000_000_000),
        ("FromMinutes", 600_000_000),
        ("FromSeconds", TICKS_PER_SECOND),
        ("FromMilliseconds", 10_000),
    ):
        table.static(name, ("double value", _from(factor)))
    table.static("FromTicks", ("long value", lambda ticks: TimeSpan(int(ticks))))
    table.static("Parse", ("string s", parse_timespan))
    table.static("TryParse", ("string s, ref result", attempt_of(parse_timespan, TimeSpan(0))))
    table.constant("Zero", lambda _: TimeSpan(0))
    table.constant("MaxValue", lambda _: TimeSpan(2**63 - 1))
    table.constant("MinValue", lambda _: TimeSpan(-(2**63)))
    table.constructor(
        ("long ticks", lambda ticks: TimeSpan(int(ticks))),
        ("int hours, int minutes, int seconds", lambda h, m, s: _span_ticks(0, h, m, s)),
        ("int days, int hours, int minutes, int seconds", _span_ticks),
        ("int days, int hours, int minutes, int seconds, int milliseconds", _span_ticks),
    )


_declare_date()
_declare_span()
TABLES: Final = (DATE, SPAN)
