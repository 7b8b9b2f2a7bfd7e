"""Get-Date, New-TimeSpan and Start-Sleep, on the clock of the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from powershell.command import of_powershell
from powershell.dotnet.time_text import civil, format_datetime, make_datetime
from powershell.engine_context import EngineBody
from powershell.errors import DotNetError, failure
from powershell.values import DateTime, TimeSpan

_ID: Final = "Microsoft.PowerShell.Commands."
_TICKS: Final = 10_000_000
_DAY: Final = 86_400 * _TICKS
_FILE_FORMATS: Final = {
    "filedate": "yyyyMMdd",
    "filedatetime": "yyyyMMddTHHmmssffff",
    "filedateuniversal": "yyyyMMddZ",
    "filedatetimeuniversal": "yyyyMMddTHHmmssffffZ",
}
_LIMITS: Final = {
    "Year": (1, 9999),
    "Month": (1, 12),
    "Day": (1, 31),
    "Hour": (0, 23),
    "Minute": (0, 59),
    "Second": (0, 59),
    "Millisecond": (0, 999),
}


class GetDate(EngineBody):
    def process(self) -> None:
        get = self.context.get
        moment = self._replaced(self._moment())
        if "Format" in self.context.parameters:
            self.context.write(self._formatted(moment, get("Format")))
        else:
            self.context.write(replace(moment, has_display_hint=True))

    def _moment(self) -> DateTime:
        given: DateTime | None = self.context.get("Date")
        if given is not None:
            return given
        return DateTime.of(self.context.runspace.clock.now())

    def _replaced(self, moment: DateTime) -> DateTime:
        given = {name: self.context.get(name) for name in _LIMITS if name in self.context.parameters}
        if not given:
            return moment
        day, rest = civil(moment)
        seconds, ticks = divmod(rest, _TICKS)
        year, month, number = given.get("Year", day.year), given.get("Month", day.month), given.get("Day", day.day)
        hour = given.get("Hour", seconds // 3600)
        minute = given.get("Minute", seconds // 60 % 60)
        second = given.get("Second", seconds % 60)
        if "Millisecond" in given:
            ticks = given["Millisecond"] * 10_000 + ticks % 10_000
        try:
            whole = make_datetime(year, month, number, hour, minute, second)
        except (DotNetError, ValueError):
            self.context.outside_subset("a date that does not exist")
        return DateTime(whole.ticks + ticks, moment.kind)

    def _formatted(self, moment: DateTime, specification: str) -> str:
        known = _FILE_FORMATS.get(specification.lower())
        try:
            return format_datetime(moment, known or specification)
        except DotNetError as error:
            raise failure(
                error.exception.message,
                f"FormatException,{_ID}GetDateCommand",
                "NotSpecified",
                exception="System.FormatException",
            ) from error


class NewTimeSpan(EngineBody):
    def process(self) -> None:
        get = self.context.get
        names = ("Start", "End")
        if any(name in self.context.parameters for name in names) or not self.context.parameters:
            now = DateTime.of(self.context.runspace.clock.now())
            start, end = get("Start") or now, get("End") or now
            self.context.write(TimeSpan(end.ticks - start.ticks))
            return
        seconds = (get("Hours") or 0) * 3600 + (get("Minutes") or 0) * 60 + (get("Seconds") or 0)
        self.context.write(TimeSpan((get("Days") or 0) * _DAY + seconds * _TICKS))


class StartSleep(EngineBody):
    def process(self) -> None:
        get = self.context.get
        if "Milliseconds" in self.context.parameters:
            duration = timedelta(milliseconds=get("Milliseconds"))
        elif "Duration" in self.context.parameters:
            duration = timedelta(microseconds=get("Duration").ticks // 10)
        else:
            duration = timedelta(seconds=get("Seconds"))
        self.context.runspace.clock.spend(duration)
        self.context.checkpoint()


class NewGuid(EngineBody):
    def process(self) -> None:
        self.context.write(self.context.runspace.new_guid())


CMDLETS: Final = (
    of_powershell("New-Guid", NewGuid),
    of_powershell(
        "Get-Date",
        GetDate,
        "Date|LastWriteTime datetime 0 pipeline by-name, Year int range:1..9999, Month int range:1..12, "
        "Day int range:1..31, Hour int range:0..23, Minute int range:0..59, Second int range:0..59, "
        "Millisecond int range:0..999, Format string",
    ),
    of_powershell(
        "New-TimeSpan",
        NewTimeSpan,
        "Start|LastWriteTime datetime 0 pipeline by-name in:Date, End datetime 1 by-name in:Date, "
        "Days int in:Time, Hours int in:Time, Minutes int in:Time, Seconds int in:Time",
        default_set="Date",
    ),
    of_powershell(
        "Start-Sleep",
        StartSleep,
        "Seconds double 0 mandatory pipeline by-name in:Seconds range:0.0..2147483.647, "
        "Milliseconds|ms int mandatory by-name in:Milliseconds range:0..2147483647, "
        "Duration|ts timespan 0 mandatory by-name in:FromTimeSpan",
        default_set="Seconds",
    ),
)
