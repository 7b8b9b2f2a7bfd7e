"""System.DateTime and System.TimeSpan."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable
from typing import Any, Final

from powershell.declared import EnumType, EnumValue
from powershell.dialect import spoken
from powershell.dotnet.tables import Table
from powershell.dotnet.time_text import TICKS_PER_DAY, civil, format_datetime, format_timespan, make_datetime, parts_of
from powershell.errors import OutsideSubset
from powershell.type_names import enum
from powershell.values import LOCAL, NOTHING, TICKS_PER_SECOND, UTC, DateTime, Int64, TimeSpan

DATE: Final = Table("System.DateTime")
SPAN: Final = Table("System.TimeSpan")
_KIND: Final = enum("System.DateTimeKind")
_HINT: Final = EnumType("Microsoft.PowerShell.Commands.DisplayHintType", (("Date", 0), ("Time", 1), ("DateTime", 2)))
_DAY: Final = enum("System.DayOfWeek")
_OUT_OF_RANGE: Final = "a date before the year 1 or after 9999"
_LAST: Final = 3_155_378_975_999_999_999
"""The ticks of DateTime.MaxValue."""


def _unit(divisor: int, modulo: int) -> Callable[[DateTime], int]:
    return lambda value: value.ticks // divisor % modulo


def _display_hint(value: DateTime) -> Any:
    return _HINT.value("DateTime") if value.has_display_hint else NOTHING


def _adding(factor: int) -> Callable[[DateTime, float], DateTime]:
    def add(value: DateTime, amount: float) -> DateTime:
        more = amount * factor if abs(amount) <= _LAST // factor else _LAST
        more = int(more / 10_000 + math.copysign(0.5, more)) * 10_000 if spoken().windows else round(more)
        if not 0 <= value.ticks + more <= _LAST:
            raise OutsideSubset(_OUT_OF_RANGE)
        return DateTime(value.ticks + more, value.kind)

    return add


def months_later(value: DateTime, months: int) -> DateTime:
    """The same day of the month, or its last."""
    day, time = civil(value)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OutsideSubset(_OUT_OF_RANGE)
    last = calendar.monthrange(year, month + 1)[1]
    return DateTime(make_datetime(year, month + 1, min(day.day, last)).ticks + time, value.kind)


def _now(interpreter: Any) -> DateTime:
    return DateTime.of(interpreter.runspace.clock.now())


def _midnight(value: DateTime) -> DateTime:
    return DateTime(value.ticks // TICKS_PER_DAY * TICKS_PER_DAY, value.kind)


def _declare_date() -> None:
    table = DATE
    table.property("Date", _midnight)
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
        table.method(name, ("double value", _adding(seconds * TICKS_PER_SECOND)))
    table.method("AddMilliseconds", ("double value", _adding(10_000)))
    table.method("ToString", ("", lambda value: format_datetime(value, "G")), ("string format", format_datetime))
    table.method("AddMonths", ("int months", months_later))
    table.method("AddYears", ("int value", lambda value, years: months_later(value, 12 * years)))
    table.method("ToUniversalTime", ("", lambda value: DateTime(value.ticks, UTC)))
    table.method("ToLocalTime", ("", lambda value: DateTime(value.ticks, LOCAL)))
    table.constant("Now", _now)
    table.constant("UtcNow", lambda it: DateTime.of(it.runspace.clock.now(), utc=True))
    table.constant("Today", lambda it: _midnight(_now(it)))


def _declare_span() -> None:
    table = SPAN

    def part(index: int) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[index] * parts_of(span)[0]

    def fraction(divisor: int, modulo: int, factor: int = 1) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[5] // divisor % modulo * factor * parts_of(span)[0]

    def total(divisor: int) -> Callable[[TimeSpan], float]:
        return lambda span: span.ticks / divisor

    table.property("Ticks", lambda span: Int64(span.ticks))
    table.property("Days", part(1))
    table.property("Hours", part(2))
    table.property("Milliseconds", fraction(10_000, 1000))
    table.property("Microseconds", fraction(10, 1000))
    table.property("Nanoseconds", fraction(1, 10, 100))
    table.property("Minutes", part(3))
    table.property("Seconds", part(4))
    for name, divisor in (("TotalDays", TICKS_PER_DAY), ("TotalHours", 36_000_000_000), ("TotalMilliseconds", 10_000)):
        table.property(name, total(divisor))
    table.property("TotalMicroseconds", total(10))
    table.property("TotalNanoseconds", lambda span: float(span.ticks * 100))
    for name, divisor in (("TotalMinutes", 600_000_000), ("TotalSeconds", TICKS_PER_SECOND)):
        table.property(name, total(divisor))
    table.method("ToString", ("", format_timespan))


_declare_date()
_declare_span()
TABLES: Final = (DATE, SPAN)
