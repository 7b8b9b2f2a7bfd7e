"""Casts to numbers, characters and enumerations, and the errors of casts that fail."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from powershell.errors import ExceptionObject, OutsideSubset, PowerShellError, failure, wrong_format
from powershell.text_conversion import object_text, to_text
from powershell.values import (
    INTEGER_RANGES,
    Byte,
    Char,
    DateTime,
    EnumType,
    EnumValue,
    Int16,
    Int64,
    SByte,
    Single,
    SwitchParameter,
    UInt16,
    UInt32,
    UInt64,
    enumerate_value,
    type_name,
)

if TYPE_CHECKING:
    pass

INTEGER_CLASSES: Final[Mapping[str, type[int]]] = {
    "System.Int32": int,
    "System.Int64": Int64,
    "System.Byte": Byte,
    "System.SByte": SByte,
    "System.Int16": Int16,
    "System.UInt16": UInt16,
    "System.UInt32": UInt32,
    "System.UInt64": UInt64,
}
_RANGE_NAMES: Final = {
    "System.Byte": "an unsigned byte",
    "System.SByte": "a signed byte",
    "System.Int16": "an Int16",
    "System.UInt16": "a UInt16",
    "System.Int32": "an Int32",
    "System.UInt32": "a UInt32",
    "System.Int64": "an Int64",
    "System.UInt64": "a UInt64",
    "System.Char": "a character",
    "System.Decimal": "a Decimal",
}


def cast_error(message: str, error_id: str, inner: ExceptionObject | None = None) -> PowerShellError:
    return failure(
        message,
        error_id,
        "InvalidArgument",
        inner=ExceptionObject("System.Management.Automation.PSInvalidCastException", message, inner),
    )


def cast_error_with_reason(value: Any, target: str, reason: str, error_id: str) -> PowerShellError:
    return cast_error(f'Cannot convert value "{_shown(value)}" to type "{target}". Error: "{reason}"', error_id)


def _shown(value: Any) -> str:
    return object_text(value) if isinstance(value, DateTime) else to_text(value)


def no_conversion(value: Any, target: str) -> PowerShellError:
    if value is None:
        return cast_error(f'Cannot convert null to type "{target}".', "nullToObjectInvalidCast")
    shown = type_name(value) if enumerate_value(value) is not None else _shown(value)
    return cast_error(
        f'Cannot convert the "{shown}" value of type "{type_name(value)}" to type "{target}".',
        "ConvertToFinalInvalidCastException",
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
    if body[:2].lower() == "0x":
        return sign * int(body, 16) * scale
    if body[:2].lower() == "0b":
        return sign * int(body, 2) * scale
    if body.isdigit():
        return sign * int(body) * scale
    return sign * Decimal(body) * scale


def _string_to_integer(text: str, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    low, high = INTEGER_RANGES[kind]
    stripped = text.strip(" \t\r\n\v\f")
    if not stripped:
        if text and target != "System.Int32":
            pass
        return kind(0)
    plain = re.fullmatch(r"[+-]?[0-9]+", stripped)
    number: int | Decimal | None = int(stripped) if plain else parse_number(stripped)
    if number is None and re.fullmatch(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?", stripped):
        number = Decimal(stripped.replace(",", ""))
    if number is None:
        raise cast_error_with_reason(text, target, wrong_format(text), "InvalidCastFromStringToInteger")
    whole = int(Decimal(number).to_integral_value(ROUND_HALF_EVEN))
    if not low <= whole <= high:
        raise cast_error_with_reason(
            text,
            target,
            f"Value was either too large or too small for {_RANGE_NAMES[target]}.",
            "InvalidCastFromStringToInteger",
        )
    return kind(whole)


def to_integer(value: Any, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    if type(value) is kind:
        return value
    if value is None:
        return kind(0)
    if isinstance(value, str):
        return _string_to_integer(value, target)
    if isinstance(value, bool):
        return kind(int(value))
    if isinstance(value, EnumValue):
        number: int = value.number
    elif isinstance(value, Char):
        number = ord(value.value)
    elif isinstance(value, int):
        number = int(value)
    elif isinstance(value, (float, Decimal)):
        if isinstance(value, float) and not math.isfinite(value):
            raise _out_of_range(value, target)
        number = int(Decimal(value).to_integral_value(ROUND_HALF_EVEN))
    elif isinstance(value, SwitchParameter) and target == "System.Int32":
        raise no_conversion(value, target)
    elif isinstance(value, DateTime):
        raise cast_error_with_reason(
            value, target, f"Invalid cast from 'DateTime' to '{target[7:]}'.", "InvalidCastIConvertible"
        )
    else:
        raise no_conversion(value, target)
    low, high = INTEGER_RANGES[kind]
    if not low <= number <= high:
        raise _out_of_range(value, target)
    return kind(number)


def _out_of_range(value: Any, target: str) -> PowerShellError:
    return cast_error_with_reason(
        value, target, f"Value was either too large or too small for {_RANGE_NAMES[target]}.", "InvalidCastIConvertible"
    )


def to_real(value: Any, target: str) -> float:
    kind = Single if target == "System.Single" else float
    if value is None:
        return kind(0.0)
    if isinstance(value, str):
        stripped = value.strip()
        if not stripped:
            return kind(0.0)
        if re.fullmatch(r"[+-]?([0-9][0-9,]*\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", stripped):
            return kind(stripped.replace(",", ""))
        special = {"nan": math.nan, "infinity": math.inf, "-infinity": -math.inf, "∞": math.inf, "-∞": -math.inf}
        if stripped.lower() in special:
            return kind(special[stripped.lower()])
        number = parse_number(stripped)
        if number is None:
            raise cast_error_with_reason(value, target, wrong_format(value), "InvalidCastFromStringToDoubleOrSingle")
        return kind(number)
    if isinstance(value, (int, float, Decimal)):
        if kind is Single:
            return Single(struct.unpack("f", struct.pack("f", float(value)))[0])
        return kind(value)
    if isinstance(value, EnumValue):
        return kind(value.number)
    if isinstance(value, Char):
        raise cast_error_with_reason(
            value, target, f"Invalid cast from 'Char' to '{target[7:]}'.", "InvalidCastIConvertible"
        )
    raise no_conversion(value, target)


def to_decimal(value: Any) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, str):
        stripped = value.strip()
        if not stripped:
            return Decimal(0)
        try:
            if re.fullmatch(r"[+-]?([0-9][0-9,]*\.?[0-9]*|\.[0-9]+)", stripped):
                plain = Decimal(stripped.replace(",", "")).normalize()
                return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
            number = parse_number(stripped)
        except InvalidOperation:
            number = None
        if number is None:
            raise cast_error_with_reason(value, "System.Decimal", wrong_format(value), "InvalidCastFromStringToDecimal")
        return Decimal(number)
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > 7.9e28:
            raise _out_of_range(value, "System.Decimal")
        number = Decimal(f"{value:.14e}").normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, EnumValue):
        return Decimal(value.number)
    raise no_conversion(value, "System.Decimal")


def to_char(value: Any) -> Char:
    if isinstance(value, Char):
        return value
    if isinstance(value, str):
        if len(value) == 1:
            return Char(value)
        raise cast_error_with_reason(
            value, "System.Char", "String must be exactly one character long.", "InvalidCastParseTargetInvocation"
        )
    if value is None:
        return Char("\0")
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= 0xFFFF:
            raise _out_of_range(value, "System.Char")
        return Char(chr(value))
    if isinstance(value, float):
        raise cast_error_with_reason(
            value, "System.Char", "Invalid cast from 'Double' to 'Char'.", "InvalidCastIConvertible"
        )
    raise no_conversion(value, "System.Char")


def to_enum(value: Any, enum: EnumType) -> EnumValue:
    if isinstance(value, EnumValue) and value.type is enum:
        return value
    if isinstance(value, str):
        return _enum_from_text(value, enum)
    if isinstance(value, EnumValue):
        value = value.number
    if isinstance(value, float):
        value = to_integer(value, "System.Int32")
    if isinstance(value, int) and not isinstance(value, bool):
        known = [number for _, number in enum.members]
        mask = 0
        for number in known:
            mask |= number
        if int(value) in known or (enum.flags and not int(value) & ~mask):
            return EnumValue(enum, int(value))
        _insist_on_all_members(enum)
        raise cast_error(_undefined(str(int(value)), enum), "UndefinedIntegerToEnum")
    if isinstance(value, list) and enum.flags:
        number = 0
        for item in value:
            number |= to_enum(item, enum).number
        return EnumValue(enum, number)
    if value is None:
        _insist_on_all_members(enum)
        raise cast_error(
            f'Cannot convert null to type "{enum.name}" due to enumeration values that are not valid. Specify one of '
            "the following enumeration values and try again. The possible enumeration values are "
            f'"{",".join(name for name, _ in enum.members)}".',
            "nullToEnumInvalidCast",
        )
    raise no_conversion(value, enum.name)


def _insist_on_all_members(enum: EnumType) -> None:
    if enum.outside:
        raise OutsideSubset(f"all values of the enumeration {enum.name}")


def _enum_from_text(text: str, enum: EnumType) -> EnumValue:
    number = 0
    parts = [part.strip() for part in text.split(",")]
    for part in parts:
        lowered = part.lower()
        exact = [known for name, known in enum.members if name.lower() == lowered]
        prefixed = [known for name, known in enum.members if name.lower().startswith(lowered)] if lowered else []
        if exact:
            number |= exact[0]
        elif re.fullmatch(r"[+-]?[0-9]+", part):
            return to_enum(int(part), enum) if len(parts) == 1 else _refuse_enum(text)
        elif enum.outside:
            raise OutsideSubset(f"'{text}' as a value of the enumeration {enum.name}")
        elif len(prefixed) == 1:
            number |= prefixed[0]
        elif prefixed or not part:
            raise OutsideSubset(f"the ambiguous value '{text}' of the enumeration {enum.name}")
        else:
            names = ", ".join(name for name, _ in enum.members)
            if enum.name == "System.Management.Automation.PSMemberTypes":
                raise cast_error_with_reason(text, enum.name, _undefined(text, enum), "InvalidCastFromStringToEnum")
            unknown = part if enum.flags else text.strip()
            reason = (
                f"Unable to match the identifier name {unknown} to a valid enumerator name. Specify one of the "
                f"following enumerator names and try again:\n{names}"
            )
            raise cast_error(
                f'Cannot convert value "{text}" to type "{enum.name}". Error: "{reason}"',
                "SubstringDisambiguationEnumParseThrewAnException",
            )
    if len(parts) > 1 and not enum.flags and number not in [known for _, known in enum.members]:
        raise cast_error(_undefined(text, enum), "EnumParseUndefined")
    return EnumValue(enum, number)


def _undefined(text: str, enum: EnumType) -> str:
    names = ",".join(name for name, _ in enum.members)
    return (
        f'Cannot convert value "{text}" to type "{enum.name}" due to enumeration values that are not valid. '
        "Specify one of the following enumeration values and try again. The possible enumeration values are "
        f'"{names}".'
    )


def _refuse_enum(text: str) -> EnumValue:
    raise OutsideSubset(f"'{text}' as a value of an enumeration")
