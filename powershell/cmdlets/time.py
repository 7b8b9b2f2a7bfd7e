"""Get-Date, New-TimeSpan and Start-Sleep, on the clock of the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from powershell.command import Cmdlet, Validation, parameter
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


def _in_range(name: str, first: Any, last: Any, type_: str = "int", **extra: Any) -> Any:
    return parameter(name, type_, validations=(Validation(kind="ValidateRange", arguments=(first, last)),), **extra)


_LARGEST: Final = 2**31 - 1


class NewGuid(EngineBody):
    def process(self) -> None:
        self.context.write(self.context.runspace.new_guid())


CMDLETS: Final = (
    Cmdlet(name="New-Guid", error_id=f"{_ID}NewGuidCommand", body=NewGuid, parameters=()),
    Cmdlet(
        name="Get-Date",
        error_id=_ID + "GetDateCommand",
        body=GetDate,
        parameters=(
            parameter(
                "Date",
                "datetime",
                aliases=("LastWriteTime",),
                position=0,
                from_pipeline=True,
                from_pipeline_by_property_name=True,
            ),
            *(_in_range(name, first, last) for name, (first, last) in _LIMITS.items()),
            parameter("Format", "string"),
        ),
    ),
    Cmdlet(
        name="New-TimeSpan",
        error_id=_ID + "NewTimeSpanCommand",
        body=NewTimeSpan,
        default_set="Date",
        parameters=(
            parameter(
                "Start",
                "datetime",
                aliases=("LastWriteTime",),
                position=0,
                from_pipeline=True,
                from_pipeline_by_property_name=True,
                sets=("Date",),
            ),
            parameter("End", "datetime", position=1, from_pipeline_by_property_name=True, sets=("Date",)),
            *(parameter(name, "int", sets=("Time",)) for name in ("Days", "Hours", "Minutes", "Seconds")),
        ),
    ),
    Cmdlet(
        name="Start-Sleep",
        error_id=_ID + "StartSleepCommand",
        body=StartSleep,
        default_set="Seconds",
        parameters=(
            _in_range(
                "Seconds",
                0.0,
                _LARGEST / 1000,
                "double",
                position=0,
                mandatory=True,
                from_pipeline=True,
                from_pipeline_by_property_name=True,
                sets=("Seconds",),
            ),
            _in_range(
                "Milliseconds",
                0,
                _LARGEST,
                aliases=("ms",),
                mandatory=True,
                from_pipeline_by_property_name=True,
                sets=("Milliseconds",),
            ),
            parameter(
                "Duration",
                "timespan",
                aliases=("ts",),
                position=0,
                mandatory=True,
                from_pipeline_by_property_name=True,
                sets=("FromTimeSpan",),
            ),
        ),
    ),
)
