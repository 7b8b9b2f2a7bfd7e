"""Get-Date, New-TimeSpan and Start-Sleep, on the clock of the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from powershell.command import of_powershell
from powershell.dotnet.time_text import format_datetime
from powershell.engine_context import EngineBody
from powershell.errors import DotNetError
from powershell.values import DateTime, TimeSpan

_TICKS: Final = 10_000_000
_DAY: Final = 86_400 * _TICKS


class GetDate(EngineBody):
    def process(self) -> None:
        moment = self.context.get("Date") or DateTime.of(self.context.runspace.clock.now())
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
        "Date|LastWriteTime datetime 0 pipeline by-name, Format string",
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
