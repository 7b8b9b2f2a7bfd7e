"""The arithmetic and containment operators, with PowerShell's promotion of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from powershell import budget
from powershell.comparison import Comparison
from powershell.conversion import Conversion, items_of, parse_number, to_text
from powershell.declared import DotNetType, EnumValue
from powershell.errors import ExceptionObject, OutsideSubset, PowerShellError, failure
from powershell.instances import Hashtable, KeyCollection, PSCustomObject
from powershell.values import (
    INTEGER_RANGES,
    Char,
    DateTime,
    Int64,
    TimeSpan,
    UInt32,
    UInt64,
    enumerate_value,
    type_name,
)

_INT: Final = DotNetType("System.Int32")
_MIN, _MAX = INTEGER_RANGES[int]
_NAMES: Final = {"+": "op_Addition", "-": "op_Subtraction", "*": "op_Multiply", "/": "op_Division", "%": "op_Modulus"}


def _divide_by_zero() -> Exception:
    return failure(
        "Attempted to divide by zero.",
        "RuntimeException",
        "NotSpecified",
        inner=ExceptionObject("System.DivideByZeroException", "Attempted to divide by zero."),
    )


def _granted(text: str) -> str:
    if len(text) > 1000:
        budget.text(len(text))
    return text


class Operators:
    """Binary operators over one host's conversions."""

    def __init__(self, conversion: Conversion, comparison: Comparison) -> None:
        self._conversion = conversion
        self._comparison = comparison

    # --- arithmetic ---

    def add(self, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return _int_or_double(left + right)
        if isinstance(left, str):
            return _granted(left + to_text(right))
        if left is None:
            others = self._items(right)
            return list(others) if others is not None else right
        items = self._items(left)
        if items is not None:
            others = self._items(right)
            budget.items(len(items) + (1 if others is None else len(others)))
            return [*items, *([right] if others is None else others)]
        return self._arithmetic("+", left, right)

    def _items(self, value: Any) -> list[Any] | None:
        return None if value is None or isinstance(value, (str, Hashtable)) else items_of(value)

    def subtract(self, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return _int_or_double(left - right)
        return self._arithmetic("-", left, right)

    def multiply(self, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            return _int_or_double(left * right)
        if isinstance(left, str):
            times = int(self._conversion.convert(right, _INT))
            if times < 0:
                raise OutsideSubset("a text times a negative number")
            budget.text(times * len(left))
            return left * times
        return None if left is None else self._arithmetic("*", left, right)

    def divide(self, left: Any, right: Any) -> Any:
        return self._arithmetic("/", left, right)

    def remainder(self, left: Any, right: Any) -> Any:
        return self._arithmetic("%", left, right)

    def _number(self, value: Any, other: Any) -> Any:
        """An operand as a number: a text as script text or as the other operand is; KeyError where it is none."""
        if value is None:
            return 0
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            found = parse_number(value) if value.strip() else 0
            if found is None:
                alike = isinstance(other, (int, float)) and not isinstance(other, bool)
                return self._conversion.convert(value, DotNetType(type_name(other)) if alike else _INT)
            return float(found) if isinstance(found, Decimal) else _fitting(found)
        raise KeyError

    def _arithmetic(self, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, (DateTime, TimeSpan)):
            return self._time_arithmetic(operator, left, right)
        if isinstance(right, EnumValue):
            raise OutsideSubset(f"the operator {operator} between {type_name(left)} and {type_name(right)}")
        try:
            first = self._number(left, right)
        except KeyError:
            raise _no_operator(left, operator) from None
        try:
            second = self._number(right, left)
        except KeyError:
            raise OutsideSubset(f"the operator {operator} between {type_name(left)} and {type_name(right)}") from None
        return _calculate(operator, first, second)

    def _time_arithmetic(self, operator: str, left: DateTime | TimeSpan, right: Any) -> Any:
        if isinstance(left, DateTime) and isinstance(right, DateTime) and operator == "-":
            return TimeSpan(left.ticks - right.ticks)
        if operator not in "+-" or not isinstance(right, TimeSpan):
            raise OutsideSubset(f"the operator {operator} between {type_name(left)} and {type_name(right)}")
        ticks = left.ticks + right.ticks if operator == "+" else left.ticks - right.ticks
        return DateTime(ticks, left.kind) if isinstance(left, DateTime) else TimeSpan(ticks)

    def negate(self, value: Any) -> Any:
        return -value if isinstance(value, float) else self._arithmetic("-", 0, value)

    def step(self, value: Any, amount: int) -> Any:
        """++ and --."""
        return amount if value is None else self.add(value, amount)

    # --- the rest ---

    def range(self, left: Any, right: Any) -> list[Any]:
        start, end = self._bound(left), self._bound(right)
        budget.items(abs(end - start) + 1)
        return list(range(start, end + 1)) if start <= end else list(range(start, end - 1, -1))

    def _bound(self, value: Any) -> int:
        """An end of a range, converted as .NET's Convert does it and not as a cast."""
        if value is not None and not isinstance(value, (int, float, Decimal)):
            raise OutsideSubset(f"a range with an end of type {type_name(value)}")
        try:
            return int(self._conversion.convert(value, _INT))
        except PowerShellError:
            raise OutsideSubset("a range with an end that is no Int32") from None

    def contains(self, collection: Any, item: Any, *, ignore_case: bool = True) -> bool:
        items = collection.items if isinstance(collection, KeyCollection) else enumerate_value(collection)
        equal = self._comparison.equal
        candidates = [collection] if items is None else items
        return any(equal(candidate, item, ignore_case=ignore_case) for candidate in candidates)

    def filtered(self, left: Any, test: Callable[[Any], bool]) -> Any:
        """A comparison whose left side may be a collection: then the items that pass, else the answer itself."""
        if isinstance(left, str):
            return test(left)
        items = self._items(left)
        return test(left) if items is None else [item for item in items if test(item)]


def _no_operator(value: Any, operator: str) -> Exception:
    if isinstance(value, (bool, Char, EnumValue, Hashtable, list)):
        return OutsideSubset(f"the operator {operator} on {type_name(value)}")
    shown = "System.Management.Automation.PSObject" if isinstance(value, PSCustomObject) else type_name(value)
    return failure(
        f"Method invocation failed because [{shown}] does not contain a method named '{_NAMES[operator]}'.",
        "MethodNotFound",
    )


def _int_or_double(value: int) -> int | float:
    return value if _MIN <= value <= _MAX else float(value)


def _fitting(value: int) -> int:
    if _MIN <= value <= _MAX:
        return value
    if -(2**63) <= value < 2**63:
        return Int64(value)
    raise OutsideSubset("calculating with a number of more than 64 bits")


def _calculate(operator: str, left: int | float | Decimal, right: int | float | Decimal) -> Any:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        raise OutsideSubset("calculating with System.Decimal")
    if isinstance(left, float) or isinstance(right, float):
        return _real_arithmetic(operator, float(left), float(right))
    return _integer_arithmetic(operator, left, right)


def _integer_arithmetic(operator: str, left: int, right: int) -> Any:
    kind = _common(left, right)
    if operator in "/%" and right == 0:
        raise _divide_by_zero()
    if operator == "/" and int(left) % int(right):
        return int(left) / int(right)
    result = _whole(operator, int(left), int(right))
    low, high = INTEGER_RANGES[kind]
    return kind(result) if low <= result <= high else float(result)


def _common(left: int, right: int) -> type[int]:
    kinds = {type(left), type(right)}
    negative = int(left) < 0 or int(right) < 0
    if UInt64 in kinds and negative:
        raise OutsideSubset("calculating with System.UInt64 and a negative number")
    if UInt64 in kinds:
        return UInt64
    if Int64 in kinds or (UInt32 in kinds and negative):
        return Int64
    return UInt32 if UInt32 in kinds else int


def _whole(operator: str, left: int, right: int) -> int:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left // right
        case _:
            rest = abs(left) % abs(right)
            return -rest if left < 0 else rest


def _real_arithmetic(operator: str, left: float, right: float) -> float:
    try:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/" if right:
                return left / right
            case "%" if right and not math.isinf(left):
                return math.fmod(left, right)
            case _:
                raise OutsideSubset(f"the operator {operator} of a double and zero or infinity")
    except OverflowError:
        return math.inf
