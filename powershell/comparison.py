"""Equality and order as PowerShell's operators see them: the left side decides the type."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from powershell.conversion import Conversion, parse_number, to_bool, to_text
from powershell.declared import DotNetType, EnumValue
from powershell.errors import ErrorRecord, OutsideSubset, PowerShellError
from powershell.instances import Instance
from powershell.values import Char, DateTime, SwitchParameter, TimeSpan, Version, type_name

_PUNCTUATION: Final = "\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"


def strings_equal(left: str, right: str, *, ignore_case: bool = True) -> bool:
    """Equality in culture en-US."""
    if left == right:
        return True
    if ignore_case:
        return _without_controls(left).lower() == _without_controls(right).lower()
    return _without_controls(left) == _without_controls(right)


def _without_controls(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
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
    return _sign(first, second)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _as_number(value: Any) -> int | float | Decimal | None:
    match value:
        case bool():
            return int(value)
        case int() | float() | Decimal():
            return value
        case EnumValue():
            return value.number
        case str():
            return parse_number(value) if value.strip() else 0
        case _:
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
        if isinstance(left, Char):
            if not isinstance(right, str | Char):
                raise _refused(left, right)
            left = left.value
        kind = type(left)
        if kind is str:
            return strings_equal(left, right if type(right) is str else to_text(right), ignore_case=ignore_case)
        if kind is bool:
            return bool(left == to_bool(right))
        if isinstance(left, (int, float, Decimal)):
            return self._equal_number(left, right)
        if isinstance(left, SwitchParameter):
            return left.is_present == (right.is_present if isinstance(right, SwitchParameter) else to_bool(right))
        if isinstance(left, Instance | list) and not isinstance(left, ErrorRecord):
            if hasattr(left, "text_value"):
                raise _refused(left, right)
            return left is right
        try:
            return bool(left == self._to_type_of(left, right))
        except (PowerShellError, OutsideSubset):
            return False

    def _equal_number(self, left: int | float | Decimal, right: Any) -> bool:
        if isinstance(right, Char | SwitchParameter):
            raise _refused(left, right)
        number = None if isinstance(right, (list, Instance)) else _as_number(right)
        if number is None:
            return False
        first, second = _mixed(left, number)
        return bool(first == second)

    def _to_type_of(self, left: Any, right: Any) -> Any:
        if type(left) is type(right):
            return right
        target = (
            DotNetType(left.type.name, left.type) if isinstance(left, EnumValue) else self._find_type(type_name(left))
        )
        if target is None:
            raise _refused(left, right)
        return self._conversion.convert(right, target)

    def compare(self, left: Any, right: Any, *, ignore_case: bool = True) -> int:
        """Negative, zero or positive; a refusal when the two do not compare."""
        if left is None or right is None:
            return _compare_null(left, right)
        if isinstance(left, str):
            return compare_strings(left, to_text(right), ignore_case=ignore_case)
        if isinstance(left, bool):
            return int(left) - int(to_bool(right))
        if isinstance(left, (int, float, Decimal)):
            number = None if isinstance(right, (list, Instance)) else _as_number(right)
            if number is None:
                raise _refused(left, right)
            return _sign(*_mixed(left, number))
        if not isinstance(left, (DateTime, TimeSpan, EnumValue, Version)):
            raise _refused(left, right)
        try:
            other = self._to_type_of(left, right)
        except PowerShellError:
            raise _refused(left, right) from None
        return _sign(_sort_value(left), _sort_value(other))


def _refused(left: Any, right: Any) -> OutsideSubset:
    return OutsideSubset(f"comparing {type_name(left)} with {type_name(right)}")


def _sign(first: Any, second: Any) -> int:
    return -1 if first < second else 1 if first > second else 0


def _compare_null(left: Any, right: Any) -> int:
    if left is right:
        return 0
    other = left if right is None else right
    if isinstance(other, (EnumValue, Instance, list)):
        raise _refused(left, right)
    sign = 1 if right is None else -1
    return -sign if is_number(other) and other < 0 else sign


def _sort_value(value: Any) -> Any:
    match value:
        case DateTime() | TimeSpan():
            return value.ticks
        case EnumValue():
            return value.number
        case _:
            return (*value.parts, *(-1 for _ in range(4 - len(value.parts))))
