"""Values and error records of the embedded engine as PSRP carries them, and back."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import functools
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from psrpcore import types as remote

from powershell import values
from powershell.category_info import CategoryInfo
from powershell.conversion import to_text
from powershell.errors import ErrorRecord, OutsideSubset
from powershell.output_types import output_type_name

_DEPTH: Final = 1
"""How deep properties go, as for types without a serialisation depth of their own."""
_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=None)  # noqa: DTZ001 - .NET's zero has no zone
_SCALARS: Final[Mapping[type, Callable[[Any], Any]]] = {
    bool: bool,
    str: remote.PSString,
    int: remote.PSInt,
    values.Int64: remote.PSInt64,
    values.Byte: remote.PSByte,
    values.SByte: remote.PSSByte,
    values.Int16: remote.PSInt16,
    values.UInt16: remote.PSUInt16,
    values.UInt32: remote.PSUInt,
    values.UInt64: remote.PSUInt64,
    values.Single: remote.PSSingle,
    float: remote.PSDouble,
    decimal.Decimal: remote.PSDecimal,
    values.Char: lambda char: remote.PSChar(str(char)),
    values.Guid: lambda guid: remote.PSGuid(str(guid)),
    values.DateTime: lambda date: remote.PSDateTime(_date(date)),
    values.ScriptBlock: lambda block: remote.PSScriptBlock(block.text),
}

_LOOKS_ENCODED: Final = re.compile("_(?=[xX])")
_NOT_IN_XML: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_WRITTEN: Final = re.compile("[\ud900-\udbff\ufffe\uffff]")
"""What psrpcore 0.3.1 leaves in strings although XML cannot hold it."""


def remote_value(value: Any, depth: int = _DEPTH) -> Any:
    """What psrpcore serialises; below the depth an object is its text, as in PowerShell."""
    if value is None or isinstance(value, values.Nothing):
        return None
    if isinstance(value, str) and _NOT_WRITTEN.search(value):
        raise OutsideSubset("a lone surrogate or a noncharacter in what goes to a client over PSRP")
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return scalar(value)
    if isinstance(value, values.EnumValue):
        return _enumeration(value)
    if isinstance(value, values.TimeSpan):
        return _time_span(value)
    if depth < 0:
        return remote.PSString(to_text(value))
    items = values.enumerate_value(value)
    if items is not None:
        return remote.PSList([remote_value(item, depth - 1) for item in items])
    if isinstance(value, values.Hashtable):
        return remote.PSDict({remote_value(key): remote_value(item, depth - 1) for key, item in value.items()})
    return _object(value, depth)


def local_value(value: Any) -> Any:
    """An argument from the client as the engine has it."""
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)
        case remote.PSInt64():
            return values.Int64(value)
        case int():
            return values.typed_integer(int(value))
        case float():
            return float(value)
        case list():
            return [local_value(item) for item in value]
        case dict():
            return values.Hashtable((local_value(key), local_value(item)) for key, item in value.items())
        case uuid.UUID():
            return values.Guid(value.hex)
        case _:
            return str(value)


def local_parameter(name: str | None, value: Any) -> tuple[str | None, Any]:
    """A named parameter with null stands without an argument, as a switch does on a command line."""
    if name is None:
        return None, local_value(value)
    return str(name), values.NOTHING if value is None else local_value(value)


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


def _object(value: Any, depth: int) -> Any:
    made = remote.PSObject()
    made.PSObject.type_names = [wire_text(name) for name in _type_names(value)]
    made.PSObject.to_string = wire_text(to_text(value))
    for name, content in _properties(value):
        note = remote.PSNoteProperty(name, value=remote_value(content, depth - 1))
        made.PSObject.extended_properties.append(note)
    return made


def _type_names(value: Any) -> list[str]:
    if isinstance(value, values.Instance) and value.type_names is not None:
        return list(value.type_names)
    bases = value.dotnet_class.bases if isinstance(value, values.DotNetObject) else ("System.Object",)
    return [output_type_name(value), *bases]


def _properties(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, values.DotNetObject):
        yield from ((known.name, known.get(value)) for known in value.dotnet_class.properties)
    if isinstance(value, values.Instance):
        for member in value.members.values():
            if isinstance(member, values.NoteProperty):
                yield member.name, member.value


def _time_span(value: values.TimeSpan) -> Any:
    """As an object, since psrpcore 0.3.1 writes a PSDuration of 30 s as PT3S."""
    made = remote.PSObject()
    made.PSObject.type_names = ["System.TimeSpan", "System.ValueType", "System.Object"]
    made.PSObject.to_string = to_text(value)
    made.PSObject.extended_properties = [
        remote.PSNoteProperty("Ticks", value=remote.PSInt64(value.ticks)),
        remote.PSNoteProperty("TotalSeconds", value=remote.PSDouble(value.ticks / values.TICKS_PER_SECOND)),
    ]
    return made


def _enumeration(value: values.EnumValue) -> Any:
    """An enum comes over as its number with its name for text; a combination of flags as its number."""
    if value.number not in (number for _, number in value.type.members):
        return remote.PSInt(value.number)
    return _enumeration_class(value.type)(value.number)


@functools.cache
def _enumeration_class(declared: values.EnumType) -> type[enum.Enum]:
    """One Python class a type, which psrpcore names by its module and itself."""
    namespace, _, name = declared.name.rpartition(".")
    return enum.Enum(name, dict(declared.members), module=namespace)  # type: ignore[return-value] # a class, not a member


def _date(date: values.DateTime) -> dt.datetime:
    moment = _EPOCH + dt.timedelta(microseconds=date.ticks // 10)
    return moment if date.kind == values.UNSPECIFIED else moment.replace(tzinfo=dt.UTC)
