"""Which properties an object has, in the order PowerShell lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from powershell.declared import DotNetObject
from powershell.dotnet.regex_text import Capture
from powershell.errors import OutsideSubset
from powershell.instances import DictionaryEntry, Hashtable, Instance, PSCustomObject
from powershell.values import DateTime, Guid, SwitchParameter, TimeSpan, Version

_TABLE: Final = ("IsReadOnly", "IsFixedSize", "IsSynchronized", "Keys", "Values", "SyncRoot", "Count")
ADAPTED: Final[Mapping[type, Sequence[str]]] = {
    str: ("Length",),
    TimeSpan: (
        *("Ticks", "Days", "Hours", "Milliseconds", "Microseconds", "Nanoseconds", "Minutes", "Seconds"),
        *("TotalDays", "TotalHours", "TotalMilliseconds", "TotalMicroseconds", "TotalNanoseconds"),
        *("TotalMinutes", "TotalSeconds"),
    ),
    Version: ("Major", "Minor", "Build", "Revision", "MajorRevision", "MinorRevision"),
    Guid: ("Variant", "Version"),
    DateTime: (
        *("Date", "Day", "DayOfWeek", "DayOfYear", "Hour", "Kind", "Millisecond", "Microsecond", "Nanosecond"),
        *("Minute", "Month", "Second", "Ticks", "TimeOfDay", "Year"),
    ),
    DictionaryEntry: ("Key", "Value"),
    SwitchParameter: ("IsPresent",),
    Capture: ("Groups", "Success", "Name", "Captures", "Index", "Length", "Value", "ValueSpan"),
    Hashtable: _TABLE,
}
_EXTENDED: Final[Mapping[type, Sequence[str]]] = {Guid: ("Guid",), DateTime: ("DateTime",), DictionaryEntry: ("Name",)}


def attached_names(value: Any) -> list[str]:
    """Properties attached to this object, by Add-Member or because it is a property bag."""
    if not isinstance(value, Instance):
        return []
    return [member.name for member in value.members.values()]


def property_names(value: Any, *, extended_first: bool = False) -> list[str] | None:
    """All readable properties of property bags, classes of the lab and everyday .NET types; None for other types."""
    attached = attached_names(value)
    if isinstance(value, PSCustomObject):
        return attached
    if isinstance(value, DotNetObject):
        if value.dotnet_class.outside:
            raise OutsideSubset(f"all properties of {value.dotnet_class.name}")
        own = [known.name for known in value.dotnet_class.properties]
        return _merged(attached, own)
    kind = type(value)
    if kind is DateTime and value.has_display_hint:
        attached = ["DisplayHint"]
    if kind is DateTime and extended_first:
        raise OutsideSubset("all properties of a date, which Get-Date's DisplayHint may be one of")
    if kind in {int, bool, float} or isinstance(value, (int, float)):
        return attached
    adapted, extended = ADAPTED.get(kind), list(_EXTENDED.get(kind, ()))
    if adapted is None or (kind is Version and value.semantic):
        return None
    return [*attached, *extended, *adapted] if extended_first else [*attached, *adapted, *extended]


def _merged(first: list[str], second: list[str]) -> list[str]:
    known = {name.lower() for name in first}
    return first + [name for name in second if name.lower() not in known]
