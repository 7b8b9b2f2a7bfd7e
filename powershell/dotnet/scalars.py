"""GUIDs, versions, enumerations and switch parameters; with numbers and times all value types of the subset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from powershell.conversion import parse_guid, parse_version
from powershell.dotnet import numbers, times
from powershell.dotnet.tables import Table, attempt_of
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import DotNetType, EnumType, EnumValue, Guid, SwitchParameter, TypedArray, Version


def guid_text(guid: Guid, specification: str = "D") -> str:
    text = str(guid)
    match specification.upper():
        case "" | "D":
            return text
        case "N":
            return guid.digits
        case "B":
            return "{" + text + "}"
        case "P":
            return f"({text})"
        case _:
            raise DotNetError(
                "System.FormatException",
                'Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
            )


def _guid_table() -> Table:
    table = Table("System.Guid")
    table.properties["guid"] = ("Guid", str)
    table.method("ToString", ("", str), ("string format", guid_text))
    table.method("Equals", ("object o", lambda guid, other: guid == other))
    table.constant("Empty", lambda _: Guid("0" * 32))
    table.static("Parse", ("string input", parse_guid))
    table.static("TryParse", ("string input, ref result", attempt_of(parse_guid, Guid("0" * 32))))
    table.static("NewGuid", ("", lambda it: it.runspace.new_guid()), context=True)
    table.constructor(("string g", parse_guid))
    return table


def _version_part(index: int) -> Callable[[Version], int]:
    return lambda version: version.parts[index] if index < len(version.parts) else -1


def _version_table() -> Table:
    table = Table("System.Version")
    for index, name in enumerate(("Major", "Minor", "Build", "Revision")):
        table.property(name, _version_part(index))
    table.property("MajorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] >> 16)
    table.property("MinorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] & 0xFFFF)
    table.method(
        "ToString", ("", str), ("int fieldCount", lambda version, count: ".".join(map(str, version.parts[:count])))
    )
    table.method(
        "CompareTo",
        ("version value", lambda version, other: (version.parts > other.parts) - (version.parts < other.parts)),
    )
    table.method("Equals", ("object obj", lambda version, other: version == other))
    table.static("Parse", ("string input", parse_version))
    table.static("TryParse", ("string input, ref result", attempt_of(parse_version, None)))
    table.constructor(
        ("string version", parse_version),
        ("int major, int minor", lambda *parts: Version(parts)),
        ("int major, int minor, int build", lambda *parts: Version(parts)),
        ("int major, int minor, int build, int revision", lambda *parts: Version(parts)),
    )
    return table


def _semantic_table() -> Table:
    table = Table("System.Management.Automation.SemanticVersion")
    for index, name in enumerate(("Major", "Minor", "Patch")):
        table.property(name, _version_part(index))
    table.property("PreReleaseLabel", lambda version: version.label or None)
    table.property("BuildLabel", lambda _: None)
    table.method("ToString", ("", str))
    return table


def _enum_table() -> Table:
    table = Table("System.Enum")
    table.properties["value__"] = ("value__", lambda value: value.number)
    table.method("ToString", ("", str), ("string format", enum_text))
    table.method("HasFlag", ("object flag", lambda value, flag: value.number & flag.number == flag.number))
    table.method("Equals", ("object obj", lambda value, other: value == other))
    table.method(
        "CompareTo",
        ("object target", lambda value, other: (value.number > other.number) - (value.number < other.number)),
    )
    table.static(
        "GetNames",
        (
            "type enumType",
            lambda kind: TypedArray(
                "System.String", [name for name, _ in sorted(members_of(kind), key=lambda member: member[1])]
            ),
        ),
    )
    table.static(
        "GetValues",
        (
            "type enumType",
            lambda kind: TypedArray(
                kind.name,
                [
                    EnumValue(kind.definition, number)
                    for _, number in sorted(members_of(kind), key=lambda member: member[1])
                ],
            ),
        ),
    )
    return table


def enum_text(value: EnumValue, specification: str) -> str:
    match specification.upper():
        case "" | "G":
            return value.name
        case "D":
            return str(value.number)
        case "X":
            return f"{value.number & 0xFFFFFFFF:08X}"
        case "F":
            return value.name
        case _:
            raise DotNetError(
                "System.FormatException", 'Format string can be only "G", "g", "X", "x", "F", "f", "D" or "d".'
            )


def members_of(kind: DotNetType) -> tuple[tuple[str, int], ...]:
    if not isinstance(kind.definition, EnumType):
        raise DotNetError("System.ArgumentException", "Type provided must be an Enum. (Parameter 'enumType')")
    if kind.definition.outside:
        raise OutsideSubset(f"all values of the enumeration {kind.name}")
    return kind.definition.members


def _switch_table() -> Table:
    table = Table("System.Management.Automation.SwitchParameter")
    table.property("IsPresent", lambda value: value.is_present)
    table.method("ToBool", ("", lambda value: value.is_present))
    table.method("ToString", ("", lambda value: "True" if value.is_present else "False"))
    table.constant("Present", lambda _: SwitchParameter(is_present=True))
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
