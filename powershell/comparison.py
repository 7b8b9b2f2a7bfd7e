"""Equality and order as PowerShell's operators see them: the left side decides the type."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from powershell.conversion import Conversion, parse_number, to_bool, to_text
from powershell.errors import ErrorRecord, OutsideSubset, PowerShellError, failure
from powershell.values import (
    Char,
    DateTime,
    DotNetType,
    EnumValue,
    Guid,
    Hashtable,
    Instance,
    PSCustomObject,
    SwitchParameter,
    TimeSpan,
    Version,
    type_name,
)

_PUNCTUATION: Final = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def _folded(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.lower()
    composed = unicodedata.normalize("NFC", text).lower()
    return "".join(unit for unit in composed if unit in "\t\n\v\f\r" or unicodedata.category(unit) not in {"Cc", "Cf"})


def strings_equal(left: str, right: str, *, ignore_case: bool = True) -> bool:
    """Equality in culture en-US."""
    if left == right:
        return True
    if ignore_case:
        return _folded(left) == _folded(right)
    return not (left.isascii() and right.isascii() and left.isprintable() and right.isprintable()) and _stripped(
        left
    ) == _stripped(right)


def _stripped(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(unit for unit in composed if unit in "\t\n\v\f\r" or unicodedata.category(unit) not in {"Cc", "Cf"})


def collation_key(text: str, *, ignore_case: bool = True) -> tuple[Any, ...]:
    """Sorts as culture en-US does: punctuation, digits, letters; accents and then case decide among equals."""
    primary: list[tuple[int, int]] = []
    secondary: list[str] = []
    tertiary: list[int] = []
    kana: list[int] = []
    for unit in unicodedata.normalize("NFD", text):
        category = unicodedata.category(unit)
        if category == "Mn" and primary:
            secondary.append(unit)
            continue
        if category in {"Cc", "Cf"} and unit not in "\t\n\v\f\r":
            continue
        primary.append(_weight(unit))
        secondary.append("")
        kana.append(_kana(unit))
        tertiary.append(1 if unit != unit.lower() else 0)
    return (primary, secondary, kana, [] if ignore_case else tertiary)


def _kana(unit: str) -> int:
    """Hiragana before katakana before its half-width form, full-width letters after plain ones."""
    if "\uff00" <= unit <= "\uffef":
        return 2
    return 1 if "\u30a1" <= unit <= "\u30f6" else 0


def _weight(unit: str) -> tuple[int, int]:
    position = _PUNCTUATION.find(unit)
    if position >= 0:
        return (0, position)
    if unit.isdigit():
        return (2, int(unit) if unit.isdecimal() else 9)
    if "\uff00" <= unit <= "\uffef":
        unit = unicodedata.normalize("NFKD", unit)[0]
    if "\u30a1" <= unit <= "\u30f6":
        unit = chr(ord(unit) - 0x60)
    lowered = unit.lower()
    if lowered.isalpha():
        return (3, ord(lowered[0]))
    return (1, ord(lowered[0]))


def compare_strings(left: str, right: str, *, ignore_case: bool = True) -> int:
    if strings_equal(left, right, ignore_case=ignore_case):
        return 0
    first, second = collation_key(left, ignore_case=ignore_case), collation_key(right, ignore_case=ignore_case)
    return -1 if first < second else 1 if first > second else 0


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _as_number(value: Any) -> int | float | Decimal | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, EnumValue):
        return value.number
    if isinstance(value, Char):
        return ord(value.value)
    if isinstance(value, str):
        if not value.strip():
            return 0
        return parse_number(value)
    if isinstance(value, SwitchParameter):
        return int(value.is_present)
    return None


def _mixed(left: float | Decimal, right: float | Decimal) -> tuple[Any, Any]:
    if isinstance(left, Decimal) and isinstance(right, float) and math.isfinite(right):
        return left, Decimal(repr(float(right)))
    if isinstance(right, Decimal) and isinstance(left, float) and math.isfinite(left):
        return Decimal(repr(float(left))), right
    return left, right


class Comparison:
    """The comparison operators, over one host's conversions."""

    def __init__(self, conversion: Conversion, find_type: Callable[[str], DotNetType | None]) -> None:
        self._conversion = conversion
        self._find_type = find_type

    def equal(self, left: Any, right: Any, *, ignore_case: bool = True) -> bool:
        if left is None or right is None:
            return left is right
        kind = type(left)
        if kind is str:
            return strings_equal(left, right if type(right) is str else to_text(right), ignore_case=ignore_case)
        if kind is bool:
            return bool(left == to_bool(right))
        if isinstance(left, (int, float, Decimal)):
            if isinstance(right, (list, Instance)):
                return False
            number = _as_number(right)
            if number is None:
                return False
            first, second = _mixed(left, number)
            return bool(first == second)
        if isinstance(left, Char):
            if isinstance(right, (str, Char)):
                return strings_equal(left.value, to_text(right), ignore_case=ignore_case)
            return is_number(right) and ord(left.value) == right
        if isinstance(left, SwitchParameter):
            return left.is_present == (right.is_present if isinstance(right, SwitchParameter) else to_bool(right))
        return self._equal_objects(left, right)

    def _equal_objects(self, left: Any, right: Any) -> bool:
        if isinstance(left, Instance) and not isinstance(left, ErrorRecord):
            if hasattr(left, "text_value"):
                raise OutsideSubset(f"comparing a {type_name(left)}")
            return left is right
        if isinstance(left, list):
            return left is right
        try:
            converted = self._to_type_of(left, right)
        except (PowerShellError, OutsideSubset):
            return False
        return bool(left == converted)

    def _to_type_of(self, left: Any, right: Any) -> Any:
        if type(left) is type(right):
            return right
        if isinstance(left, EnumValue):
            target = DotNetType(left.type.name, left.type)
        else:
            found = self._find_type(type_name(left))
            if found is None:
                raise OutsideSubset(f"comparing {type_name(left)}")
            target = found
        return self._conversion.convert(right, target)

    def compare(self, left: Any, right: Any, *, ignore_case: bool = True) -> int:
        """Negative, zero or positive; PowerShell's error when the two do not compare."""
        if left is None or right is None:
            return self._compare_null(left, right)
        if isinstance(left, str):
            return compare_strings(left, to_text(right), ignore_case=ignore_case)
        if isinstance(left, bool):
            return int(left) - int(to_bool(right))
        if isinstance(left, (int, float, Decimal)):
            return self._compare_number(left, right)
        if isinstance(left, Char):
            if isinstance(right, (str, Char)):
                return compare_strings(left.value, to_text(right), ignore_case=ignore_case)
            return self._compare_number(ord(left.value), right)
        if isinstance(left, (DateTime, TimeSpan, EnumValue, Version, Guid)):
            return self._compare_values(left, right)
        if isinstance(left, PSCustomObject):
            raise _no_order(left, right)
        if isinstance(left, (Hashtable, Instance, list, DotNetType)):
            raise failure(
                f'Cannot compare "{to_text(left)}" because it is not IComparable.',
                "NotIcomparable",
                exception="System.Management.Automation.RuntimeException",
            )
        raise OutsideSubset(f"ordering values of type {type_name(left)}")

    def _compare_null(self, left: Any, right: Any) -> int:
        if left is right:
            return 0
        other = left if right is None else right
        sign = 1 if right is None else -1
        if is_number(other) and other < 0:
            return -sign
        return sign

    def _compare_number(self, left: float | Decimal, right: Any) -> int:
        number = _as_number(right)
        if number is None or isinstance(right, (list, Instance)):
            self._comparison_failure(left, right)
        first, second = _mixed(left, number)  # type: ignore[arg-type] # None has raised
        return -1 if first < second else 1 if first > second else 0

    def _comparison_failure(self, left: Any, right: Any) -> None:
        target = self._find_type(type_name(left))
        assert target is not None
        try:
            self._conversion.convert(right, target)
        except PowerShellError as error:
            if isinstance(right, str):
                raise
            raise failure(
                f'Could not compare "{to_text(left)}" to "{to_text(right)}". Error: "{error.record.message}"',
                "ComparisonFailure",
            ) from None
        raise OutsideSubset(f"comparing {type_name(left)} with {type_name(right)}")

    def _compare_values(self, left: Any, right: Any) -> int:
        try:
            other = self._to_type_of(left, right)
        except PowerShellError as error:
            if isinstance(left, EnumValue):
                raise
            raise failure(
                f'Could not compare "{to_text(left)}" to "{to_text(right)}". Error: "{error.record.message}"',
                "ComparisonFailure",
            ) from None
        first, second = _sort_value(left), _sort_value(other)
        return -1 if first < second else 1 if first > second else 0


def _no_order(left: PSCustomObject, right: Any) -> PowerShellError:
    shown = to_text(left)
    return failure(
        f'Cannot compare "{shown}" to "{to_text(right)}" because the objects are not the same type or the object '
        f'"{shown}" does not implement "IComparable".',
        "PSObjectCompareTo",
        "NotSpecified",
        exception="System.Management.Automation.ExtendedTypeSystemException",
    )


def _sort_value(value: Any) -> Any:
    match value:
        case DateTime() | TimeSpan():
            return value.ticks
        case EnumValue():
            return value.number
        case Version():
            return (*value.parts, *(-1 for _ in range(4 - len(value.parts))))
        case _:
            return value.digits
