"""Get-Date, New-TimeSpan and Start-Sleep, on the clock of the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from powershell.command import of_powershell
from powershell.dotnet.time_text import civil, format_datetime
from powershell.dotnet.times import months_later
from powershell.engine_context import EngineBody
from powershell.errors import DotNetError
from powershell.values import DateTime, TimeSpan

_TICKS: Final = 10_000_000
_DAY: Final = 86_400 * _TICKS
_PARTS: Final = (
    ("Hour", 3600 * _TICKS, 24),
    ("Minute", 60 * _TICKS, 60),
    ("Second", _TICKS, 60),
    ("Millisecond", 10_000, 1000),
)
"""Each part of a time with its ticks, and how many there are of it."""


class GetDate(EngineBody):
    def process(self) -> None:
        moment = self._set(self.context.get("Date") or DateTime.of(self.context.runspace.clock.now()))
        specification = self.context.get("Format")
        if specification is None:
            self.context.write(replace(moment, has_display_hint=True))
            return
        if specification.lower().startswith("filedate"):
            self.context.outside_subset(f"Get-Date -Format {specification}")
        try:
            self.context.write(format_datetime(moment, specification))
        except DotNetError as error:
            self.context.outside_subset(f"Get-Date -Format {specification} ({error})")

    def _set(self, moment: DateTime) -> DateTime:
        """The moment with the parts that -Year, -Hour and the others name."""
        given, get = self.context.parameters, self.context.get
        if "Year" in given:
            moment = months_later(moment, 12 * (get("Year") - civil(moment)[0].year))
        if "Month" in given:
            moment = months_later(moment, get("Month") - civil(moment)[0].month)
        if "Day" in given:
            moment = replace(moment, ticks=moment.ticks + (get("Day") - civil(moment)[0].day) * _DAY)
        for name, unit, number in _PARTS:
            if name in given:
                moment = replace(moment, ticks=moment.ticks + (get(name) - moment.ticks // unit % number) * unit)
        return replace(moment, ticks=moment.ticks // 10_000 * 10_000) if "Millisecond" in given else moment


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
            whole = self.context.runspace.dialect.windows
            duration = timedelta(seconds=round(get("Seconds")) if whole else get("Seconds"))
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
        "Date|LastWriteTime datetime 0 pipeline by-name, Format string, Year int range:1..9999, Month int range:1..12, "
        "Day int range:1..31, Hour int range:0..23, Minute int range:0..59, Second int range:0..59, "
        "Millisecond int range:0..999",
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
