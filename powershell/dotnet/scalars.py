"""Numbers, booleans, System.Math and System.Convert; GUIDs, versions, enumerations, switches: all values but times."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from powershell.conversion import INTEGER_CLASSES
from powershell.declared import DotNetType, EnumType
from powershell.dotnet import times
from powershell.dotnet.number_text import format_number, plain_text
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import INTEGER_RANGES, Guid, TypedArray, Version, byte_array


def _number_table(name: str) -> Table:
    table = Table(name)
    table.method("ToString", ("", plain_text), ("string format", format_number))
    kind = INTEGER_CLASSES.get(name)
    if kind is not None:
        low, high = INTEGER_RANGES[kind]
        table.constant("MaxValue", lambda _: kind(high))
        table.constant("MinValue", lambda _: kind(low))
    return table


def _round(value: Any, digits: int = 0) -> Any:
    if not 0 <= digits <= 15:
        raise OutsideSubset(f"System.Math.Round to {digits} digits")
    if isinstance(value, Decimal):
        return _whole(value)
    if not math.isfinite(value) or abs(value) >= 1e16:
        return value
    result = float(Decimal(value * 10.0**digits).to_integral_value(ROUND_HALF_EVEN)) / 10.0**digits
    return math.copysign(result, value) if result == 0 else result


def _whole(value: Decimal) -> Decimal:
    """An integer, which these methods take for a decimal."""
    if value != value.to_integral_value():
        raise OutsideSubset("System.Math with a System.Decimal")
    return value


def _towards(rounding: str) -> Callable[[Any], Any]:
    def rounded(value: Any) -> Any:
        if isinstance(value, Decimal):
            return _whole(value)
        if not math.isfinite(value):
            return value
        result = float(Decimal(value).to_integral_value(rounding))
        return math.copysign(result, value) if result == 0 else result

    return rounded


def _chosen(choose: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def call(left: Any, right: Any) -> Any:
        if type(left) is not type(right) or not math.isfinite(left) or not math.isfinite(right):
            raise OutsideSubset(f"System.Math.{choose.__name__.title()} of these numbers")
        return choose(left, right)

    return call


def _math_table() -> Table:
    table = Table("System.Math")
    table.static("Round", ("real a", _round), ("real value, int digits", _round))
    table.static("Floor", ("real d", _towards(ROUND_FLOOR)))
    table.static("Ceiling", ("real a", _towards(ROUND_CEILING)))
    table.static("Max", ("number val1, number val2", _chosen(max)))
    table.static("Min", ("number val1, number val2", _chosen(min)))
    return table


def _from_base64(text: str) -> TypedArray:
    try:
        return byte_array(base64.b64decode("".join(text.split()), validate=True))
    except binascii.Error:
        raise DotNetError(
            "System.FormatException",
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters.",
        ) from None


def _convert_table() -> Table:
    table = Table("System.Convert")
    table.static("ToBase64String", ("byte[] inArray", lambda data: base64.b64encode(bytes(data)).decode("ascii")))
    table.static("FromBase64String", ("string s", _from_base64))
    return table


def _boolean_table() -> Table:
    table = Table("System.Boolean")
    table.method("ToString", ("", lambda value: "True" if value else "False"))
    return table


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
    *map(_number_table, (*INTEGER_CLASSES, "System.Double", "System.Decimal")),
    _boolean_table(),
    _math_table(),
    _convert_table(),
    *times.TABLES,
    _guid_table(),
    _version_table(),
    _semantic_table(),
    _enum_table(),
    _switch_table(),
)
