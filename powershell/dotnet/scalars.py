"""GUIDs, versions, enumerations and switch parameters; with numbers and times all value types of the subset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from powershell.declared import DotNetType, EnumType
from powershell.dotnet import numbers, times
from powershell.dotnet.tables import Table
from powershell.errors import OutsideSubset
from powershell.values import Guid, TypedArray, Version


def _guid_table() -> Table:
    table = Table("System.Guid")
    table.properties["guid"] = ("Guid", str)
    table.method("ToString", ("", str))
    table.constant("Empty", lambda _: Guid("0" * 32))
    table.static("NewGuid", ("", lambda it: it.runspace.new_guid()), context=True)
    return table


def _version_part(index: int) -> Callable[[Version], int]:
    return lambda version: version.parts[index] if index < len(version.parts) else -1


def _version_table() -> Table:
    table = Table("System.Version")
    for index, name in enumerate(("Major", "Minor", "Build", "Revision")):
        table.property(name, _version_part(index))
    table.property("MajorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] >> 16)
    table.property("MinorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] & 0xFFFF)
    table.method("ToString", ("", str))
    return table


def _semantic_table() -> Table:
    table = Table("System.Management.Automation.SemanticVersion")
    for index, name in enumerate(("Major", "Minor", "Patch")):
        table.property(name, _version_part(index))
    table.method("ToString", ("", str))
    return table


def _names(kind: DotNetType) -> TypedArray:
    if not isinstance(kind.definition, EnumType) or kind.definition.outside:
        raise OutsideSubset(f"all values of {kind.name}")
    ordered = sorted(kind.definition.members, key=lambda member: member[1])
    return TypedArray("System.String", [name for name, _ in ordered])


def _enum_table() -> Table:
    table = Table("System.Enum")
    table.properties["value__"] = ("value__", lambda value: value.number)
    table.method("ToString", ("", str))
    table.static("GetNames", ("type enumType", _names))
    return table


def _switch_table() -> Table:
    table = Table("System.Management.Automation.SwitchParameter")
    table.property("IsPresent", lambda value: value.is_present)
    table.method("ToString", ("", lambda value: "True" if value.is_present else "False"))
    return table


TABLES: Final = (
    *numbers.TABLES,
    *times.TABLES,
    _guid_table(),
    _version_table(),
    _semantic_table(),
    _enum_table(),
    _switch_table(),
)
