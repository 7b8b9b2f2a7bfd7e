"""Values and error records of the embedded engine as PSRP carries them, and back."""

from __future__ import annotations

import enum
import functools
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from psrpcore import types as remote

from powershell import (
    NOTHING,
    CategoryInfo,
    EnumType,
    EnumValue,
    ErrorRecord,
    Guid,
    Hashtable,
    Inspection,
    Int64,
    OutsideSubset,
    TimeSpan,
)

_DEPTH: Final = 1
"""How deep properties go, as for types without a serialisation depth of their own."""
_SCALARS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "System.Boolean": bool,
    "System.String": remote.PSString,
    "System.Int32": remote.PSInt,
    "System.Int64": remote.PSInt64,
    "System.Byte": remote.PSByte,
    "System.UInt32": remote.PSUInt,
    "System.UInt64": remote.PSUInt64,
    "System.Double": remote.PSDouble,
    "System.Decimal": remote.PSDecimal,
    "System.Char": lambda char: remote.PSChar(str(char)),
    "System.Guid": lambda guid: remote.PSGuid(str(guid)),
    "System.DateTime": lambda date: remote.PSDateTime(date.to_python()),
    "System.Management.Automation.ScriptBlock": lambda block: remote.PSScriptBlock(block.text),
}

_LOOKS_ENCODED: Final = re.compile("_(?=[xX])")
_NOT_IN_XML: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_WRITTEN: Final = re.compile("[\ud900-\udbff\ufffe\uffff]")
"""What psrpcore 0.3.1 leaves in strings although XML cannot hold it."""


def remote_value(value: Any, depth: int = _DEPTH) -> Any:
    """A value that psrpcore serialises; below the depth an object is its text, as in PowerShell."""
    if value is None or value is NOTHING:
        return None
    if isinstance(value, str) and _NOT_WRITTEN.search(value):
        raise OutsideSubset("a lone surrogate or a noncharacter in what goes to a client over PSRP")
    if isinstance(value, EnumValue):
        return _enumeration(value)
    seen = Inspection(value)
    scalar = _SCALARS.get(seen.type_name)
    if scalar is not None:
        return scalar(value)
    if isinstance(value, TimeSpan):
        return _time_span(value)
    if depth < 0:
        return remote.PSString(seen.text)
    if seen.items is not None:
        return remote.PSList([remote_value(item, depth - 1) for item in seen.items])
    if seen.pairs is not None:
        return remote.PSDict({remote_value(key): remote_value(item, depth - 1) for key, item in seen.pairs})
    return _object(seen, depth)


def local_value(value: Any) -> Any:
    """An argument from the client as the engine has it."""
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)
        case remote.PSInt64():
            return Int64(value)
        case int():
            return int(value) if -(2**31) <= value < 2**31 else Int64(value)
        case float():
            return float(value)
        case list():
            return [local_value(item) for item in value]
        case dict():
            return Hashtable((local_value(key), local_value(item)) for key, item in value.items())
        case uuid.UUID():
            return Guid(value.hex)
        case _:
            return str(value)


def local_parameter(name: str | None, value: Any) -> tuple[str | None, Any]:
    """A named parameter with null stands without an argument, as a switch does on a command line."""
    if name is None:
        return None, local_value(value)
    return str(name), NOTHING if value is None else local_value(value)


def remote_error(record: ErrorRecord) -> remote.ErrorRecord:
    info = CategoryInfo.of(record)
    exception = remote.NETException(Message=record.exception.message)
    exception.PSObject.type_names = [record.exception.type, "System.Exception", "System.Object"]
    exception.PSObject.to_string = wire_text(record.exception.message)
    made = remote.ErrorRecord(
        Exception=exception,
        CategoryInfo=remote.ErrorCategoryInfo(
            Category=remote.ErrorCategory(info.number),
            Activity=info.activity,
            Reason=info.reason,
            TargetName=info.target_name,
            TargetType=info.target_type,
        ),
        FullyQualifiedErrorId=record.fully_qualified_id,
        ErrorDetails=None if record.details is None else remote.ErrorDetails(Message=record.details),
    )
    made.PSObject.to_string = wire_text(record.message)
    return made


def wire_text(text: str) -> str:
    """The text of an object's ToString or type name, which psrpcore writes as it stands: here as [MS-PSRP] has it."""
    guarded = _LOOKS_ENCODED.sub("_x005F_", text)
    return _NOT_IN_XML.sub(_units, guarded)


def _units(match: re.Match[str]) -> str:
    data = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"_x{data[index : index + 2].hex().upper()}_" for index in range(0, len(data), 2))


def _object(seen: Inspection, depth: int) -> Any:
    made = remote.PSObject()
    made.PSObject.type_names = [wire_text(name) for name in seen.type_names]
    made.PSObject.to_string = wire_text(seen.text)
    for name, content in seen.properties:
        note = remote.PSNoteProperty(name, value=remote_value(content, depth - 1))
        made.PSObject.extended_properties.append(note)
    return made


def _time_span(value: TimeSpan) -> Any:
    """A time span as an object, since psrpcore 0.3.1 writes a PSDuration of 30 s as PT3S."""
    made = remote.PSObject()
    made.PSObject.type_names = ["System.TimeSpan", "System.ValueType", "System.Object"]
    made.PSObject.to_string = Inspection(value).text
    made.PSObject.extended_properties = [
        remote.PSNoteProperty("Ticks", value=remote.PSInt64(value.ticks)),
        remote.PSNoteProperty("TotalSeconds", value=remote.PSDouble(value.total_seconds)),
    ]
    return made


def _enumeration(value: EnumValue) -> Any:
    """An enum comes over as its number with its name for text; a combination of flags as its number."""
    if value.number not in (number for _, number in value.type.members):
        return remote.PSInt(value.number)
    return _enumeration_class(value.type)(value.number)


@functools.cache
def _enumeration_class(declared: EnumType) -> type[enum.Enum]:
    """One Python class a type, which psrpcore names by its module and itself."""
    namespace, _, name = declared.name.rpartition(".")
    return enum.Enum(name, dict(declared.members), module=namespace)  # type: ignore[return-value] # a class, not a member
