"""Casts to numbers, characters and enumerations, and the errors of casts that fail."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from powershell.declared import DotNetType, EnumType, EnumValue
from powershell.errors import ExceptionObject, OutsideSubset, PowerShellError, failure, wrong_format
from powershell.text_conversion import object_text, to_text
from powershell.values import INTEGER_RANGES, Byte, Char, DateTime, Int64, UInt32, UInt64, enumerate_value, type_name

INTEGER_CLASSES: Final[Mapping[str, type[int]]] = {
    "System.Int32": int,
    "System.Int64": Int64,
    "System.Byte": Byte,
    "System.UInt32": UInt32,
    "System.UInt64": UInt64,
}
_RANGE_NAMES: Final = {
    "System.Byte": "an unsigned byte",
    "System.Int32": "an Int32",
    "System.UInt32": "a UInt32",
    "System.Int64": "an Int64",
    "System.UInt64": "a UInt64",
    "System.Char": "a character",
}


def cast_error(message: str, error_id: str) -> PowerShellError:
    return failure(
        message,
        error_id,
        "InvalidArgument",
        inner=ExceptionObject("System.Management.Automation.PSInvalidCastException", message),
    )


def cast_error_with_reason(value: Any, target: str, reason: str, error_id: str) -> PowerShellError:
    return cast_error(f'Cannot convert value "{_shown(value)}" to type "{target}". Error: "{reason}"', error_id)


def _shown(value: Any) -> str:
    return object_text(value) if isinstance(value, (DateTime, DotNetType)) else to_text(value)


def no_conversion(value: Any, target: str) -> PowerShellError:
    if value is None:
        return cast_error(f'Cannot convert null to type "{target}".', "nullToObjectInvalidCast")
    shown = type_name(value) if enumerate_value(value) is not None else _shown(value)
    return cast_error(
        f'Cannot convert the "{shown}" value of type "{type_name(value)}" to type "{target}".',
        "ConvertToFinalInvalidCastException",
    )


def _out_of_range(value: Any, target: str, error_id: str = "InvalidCastIConvertible") -> PowerShellError:
    return cast_error_with_reason(
        value, target, f"Value was either too large or too small for {_RANGE_NAMES[target]}.", error_id
    )


_SUFFIXED: Final = re.compile(
    r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+)(kb|mb|gb|tb|pb)?\s*",
    re.IGNORECASE,
)
_MULTIPLIERS: Final = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}


def parse_number(text: str) -> int | Decimal | None:
    """A number as a script may write it inside a string: decimal, hexadecimal, with kb … pb; None when it is none."""
    found = _SUFFIXED.fullmatch(text)
    if found is None:
        return None
    sign = -1 if found.group(1) == "-" else 1
    body = found.group(2)
    scale = _MULTIPLIERS.get((found.group(3) or "").lower(), 1)
    if body[:2].lower() == "0b":
        raise OutsideSubset(f"the binary number '{text}'")
    if body[:2].lower() == "0x":
        return sign * int(body, 16) * scale
    return sign * (int(body) if body.isdigit() else Decimal(body)) * scale


def _string_to_integer(text: str, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    low, high = INTEGER_RANGES[kind]
    stripped = text.strip(" \t\r\n\v\f")
    if not stripped:
        return kind(0)
    plain = re.fullmatch(r"[+-]?[0-9]+", stripped)
    number: int | Decimal | None = int(stripped) if plain else parse_number(stripped)
    if number is None and re.fullmatch(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?", stripped):
        raise OutsideSubset(f"'{text}' as a number")
    if number is None:
        raise cast_error_with_reason(text, target, wrong_format(text), "InvalidCastFromStringToInteger")
    whole = int(Decimal(number).to_integral_value(ROUND_HALF_EVEN))
    if not low <= whole <= high:
        raise _out_of_range(text, target, "InvalidCastFromStringToInteger")
    return kind(whole)


def to_integer(value: Any, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    match value:
        case None:
            number = 0
        case str():
            return _string_to_integer(value, target)
        case bool() | int():
            number = int(value)
        case EnumValue():
            number = value.number
        case Char():
            number = ord(value.value)
        case float() if math.isfinite(value):
            number = round(value)
        case float():
            raise _out_of_range(value, target)
        case Decimal():
            number = int(value.to_integral_value(ROUND_HALF_EVEN))
        case DateTime():
            raise OutsideSubset(f"the conversion of a date to {target}")
        case _:
            raise no_conversion(value, target)
    low, high = INTEGER_RANGES[kind]
    if not low <= number <= high:
        raise _out_of_range(value, target)
    return kind(number)


def to_double(value: Any) -> float:
    if value is None:
        return 0.0
    if isinstance(value, (int, float, Decimal)):
        return float(value)
    if not isinstance(value, str):
        raise OutsideSubset(f"the conversion of {type_name(value)} to System.Double")
    stripped = value.strip()
    if re.fullmatch(r"[+-]?([0-9][0-9,]*\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", stripped):
        return float(stripped.replace(",", ""))
    if stripped.lower().lstrip("-") in {"", "nan", "infinity", "∞"}:
        raise OutsideSubset(f"'{value}' as a System.Double")
    number = parse_number(stripped)
    if number is None:
        raise cast_error_with_reason(
            value, "System.Double", wrong_format(value), "InvalidCastFromStringToDoubleOrSingle"
        )
    return float(number)


def to_char(value: Any) -> Char:
    if isinstance(value, Char):
        return value
    if isinstance(value, str) and len(value) == 1:
        return Char(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= 0xFFFF:
            raise _out_of_range(value, "System.Char")
        return Char(chr(value))
    raise OutsideSubset(f"the conversion of this {type_name(value)} to System.Char")


def to_enum(value: Any, enum: EnumType) -> EnumValue:
    if isinstance(value, EnumValue) and value.type is enum:
        return value
    if isinstance(value, str):
        return _enum_from_text(value, enum)
    if isinstance(value, int) and not isinstance(value, bool):
        mask = 0
        for _, number in enum.members:
            mask |= number
        if any(value == number for _, number in enum.members) or (enum.flags and not int(value) & ~mask):
            return EnumValue(enum, int(value))
    raise OutsideSubset(f"this {type_name(value)} as a value of the enumeration {enum.name}")


def _enum_from_text(text: str, enum: EnumType) -> EnumValue:
    """By names or their beginnings, several of them only where the enumeration is one of flags."""
    number = 0
    known = {name.lower(): value for name, value in enum.members}
    parts = [part.strip().lower() for part in text.split(",")]
    for part in parts:
        begun = [part] if part in known else [name for name in known if part and name.startswith(part)]
        if len(begun) != 1 or (begun != [part] and enum.outside) or (len(parts) > 1 and not enum.flags):
            raise OutsideSubset(f"'{text}' as a value of the enumeration {enum.name}")
        number |= known[begun[0]]
    return EnumValue(enum, number)
