"""The arithmetic and containment operators, with PowerShell's promotion of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, Final

from powershell import budget
from powershell.comparison import Comparison
from powershell.conversion import INTEGER_CLASSES, Conversion, items_of, parse_number, to_text
from powershell.dialect import spoken
from powershell.errors import ExceptionObject, OutsideSubset, PowerShellError, failure, wrong_format
from powershell.values import (
    INTEGER_RANGES,
    Char,
    DateTime,
    DotNetType,
    EnumValue,
    Hashtable,
    Int64,
    KeyCollection,
    OrderedDictionary,
    PSCustomObject,
    Single,
    TimeSpan,
    TypedArray,
    UInt32,
    UInt64,
    enumerate_value,
    type_name,
)

_INT: Final = DotNetType("System.Int32")
_LARGEST: Final = Decimal(79228162514264337593543950335)
_DECIMAL: Final = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
_MIN, _MAX = INTEGER_RANGES[int]
_NAMES: Final = {"+": "op_Addition", "-": "op_Subtraction", "*": "op_Multiply", "/": "op_Division", "%": "op_Modulus"}


def _divide_by_zero() -> Exception:
    return failure(
        "Attempted to divide by zero.",
        "RuntimeException",
        "NotSpecified",
        inner=ExceptionObject("System.DivideByZeroException", "Attempted to divide by zero."),
    )


def _own(exception: str, message: str) -> PowerShellError:
    """An exception of .NET that an operator lets through."""
    return failure(message, exception, "OperationStopped", exception=exception)


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
            total = left + right
            return total if _MIN <= total <= _MAX else float(total)
        if isinstance(left, str):
            return _granted(left + to_text(right))
        if isinstance(left, Char):
            return left.value + to_text(right)
        if left is None:
            others = self._items(right)
            return list(others) if others is not None else right
        items = self._items(left)
        if items is not None:
            return self._concatenate(items, right)
        if isinstance(left, Hashtable):
            return self._merge(left, right)
        return self._arithmetic("+", left, right)

    def _items(self, value: Any) -> list[Any] | None:
        if isinstance(value, (str, Hashtable)) or value is None:
            return None
        return items_of(value)

    def _concatenate(self, items: list[Any], right: Any) -> list[Any]:
        others = self._items(right)
        budget.items(len(items) + (1 if others is None else len(others)))
        return [*items, *([right] if others is None else others)]

    def _merge(self, left: Hashtable, right: Any) -> Hashtable:
        if not isinstance(right, Hashtable):
            raise failure("A hash table can only be added to another hash table.", "AddHashTableToNonHashTable")
        merged = Hashtable(left.items(), capacity=len(left))
        for key, value in right.items():
            if merged.contains(key):
                shown = to_text(key)
                message = f"Item has already been added. Key in dictionary: '{shown}'  Key being added: '{shown}'"
                raise failure(
                    message, "System.ArgumentException", "OperationStopped", exception="System.ArgumentException"
                )
            merged.set(key, value)
        return merged

    def subtract(self, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            total = left - right
            return total if _MIN <= total <= _MAX else float(total)
        return self._arithmetic("-", left, right)

    def multiply(self, left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int:
            total = left * right
            return total if _MIN <= total <= _MAX else float(total)
        if isinstance(left, str):
            return left * self._times(right, len(left), budget.text)
        if left is None:
            return None
        items = self._items(left)
        if items is not None:
            count = self._times(right, len(items), budget.items)
            kind = left.element_type if isinstance(left, TypedArray) else ""
            return TypedArray(kind, items * count) if kind else items * count
        return self._arithmetic("*", left, right)

    def _times(self, value: Any, size: int, grant: Callable[[int], int]) -> int:
        times = int(self._conversion.convert(value, _INT))
        if times < 0:
            raise failure(
                f"times ('{times}') must be a non-negative value. (Parameter 'times')\nActual value was {times}.",
                "System.ArgumentOutOfRangeException",
                "OperationStopped",
                exception="System.ArgumentOutOfRangeException",
            )
        grant(times * size)
        return times

    def divide(self, left: Any, right: Any) -> Any:
        return self._arithmetic("/", left, right)

    def remainder(self, left: Any, right: Any) -> Any:
        return self._arithmetic("%", left, right)

    def number(self, value: Any) -> int | float | Decimal:
        """An operand as a number; strings are read as script text would be."""
        if value is None:
            return 0
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (int, float, Decimal)):
            return value
        if isinstance(value, str):
            found = parse_number(value) if value.strip() else 0
            if found is None:
                return int(self._conversion.convert(value, _INT))
            if isinstance(found, Decimal):
                return float(found)
            return _fitting(found)
        if isinstance(value, Char):
            return ord(value.value)
        if isinstance(value, EnumValue):
            return value.number
        raise KeyError

    def _arithmetic(self, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, (DateTime, TimeSpan)):
            return self._time_arithmetic(operator, left, right)
        if isinstance(left, EnumValue) and operator in "+-":
            result = self._arithmetic(operator, left.number, right)
            return EnumValue(left.type, int(result))
        if isinstance(left, bool) and operator not in {"+", "-", "/"}:
            raise failure(
                f"The operation '[System.Boolean] {operator} [{type_name(right)}]' is not defined.",
                "NotADefinedOperationForType",
            )
        try:
            first = self.number(left)
        except KeyError:
            raise _no_operator(left, operator) from None
        try:
            second = self.number(right)
        except KeyError:
            raise self._bad_right(operator, left, right) from None
        return _calculate(operator, first, second)

    def _bad_right(self, operator: str, left: Any, right: Any) -> Exception:
        if isinstance(right, list):
            return failure(
                f"Method invocation failed because [System.Object[]] does not contain a "
                f"method named '{_NAMES[operator]}'.",
                "MethodNotFound",
            )
        return OutsideSubset(f"the operator {operator} between {type_name(left)} and {type_name(right)}")

    def _time_arithmetic(self, operator: str, left: DateTime | TimeSpan, right: Any) -> Any:
        if isinstance(left, DateTime) and isinstance(right, DateTime) and operator == "-":
            return TimeSpan(left.ticks - right.ticks)
        if isinstance(left, TimeSpan) and operator in "*/" and isinstance(right, (int, float)):
            factor = float(right)
            ticks = left.ticks * factor if operator == "*" else left.ticks / factor
            return TimeSpan(round(ticks))
        if isinstance(left, TimeSpan) and operator == "/" and isinstance(right, TimeSpan):
            return left.ticks / right.ticks
        if operator not in "+-":
            raise OutsideSubset(f"the operator {operator} on {type_name(left)}")
        if isinstance(left, DateTime) and operator == "-" and not isinstance(right, TimeSpan):
            raise OutsideSubset(f"subtracting {type_name(right)} from a date")
        span = right
        if not isinstance(span, TimeSpan):
            if isinstance(right, str) or not isinstance(right, int):
                raise OutsideSubset(f"adding {type_name(right)} to {type_name(left)}")
            span = TimeSpan(int(right))
        ticks = left.ticks + span.ticks if operator == "+" else left.ticks - span.ticks
        return DateTime(ticks, left.kind) if isinstance(left, DateTime) else TimeSpan(ticks)

    def negate(self, value: Any) -> Any:
        if isinstance(value, TimeSpan):
            return TimeSpan(-value.ticks)
        if isinstance(value, float):
            return -value
        if isinstance(value, Decimal):
            return -value
        if isinstance(value, list):
            raise failure(
                "Method invocation failed because [System.Object[]] does not contain a method named 'op_Subtraction'.",
                "MethodNotFound",
            )
        return self._arithmetic("-", 0, value)

    def step(self, value: Any, amount: int) -> Any:
        """++ and --."""
        if value is None:
            return amount
        if type(value) is int:
            total = value + amount
            return total if _MIN <= total <= _MAX else float(total)
        if isinstance(value, (int, float, Decimal, EnumValue)) and not isinstance(value, bool):
            return self._arithmetic("+", value, amount)
        raise OutsideSubset(f"++ and -- on {type_name(value)}")

    # --- the rest ---

    def range(self, left: Any, right: Any) -> list[Any]:
        if isinstance(left, (str, Char)) and isinstance(right, (str, Char)):
            first, last = to_text(left), to_text(right)
            if len(first) == 1 and len(last) == 1 and not (first.isdigit() and last.isdigit()):
                if spoken().windows:
                    raise OutsideSubset("a range of characters in Windows PowerShell")
                step = 1 if first <= last else -1
                return [Char(chr(code)) for code in range(ord(first), ord(last) + step, step)]
        start, end = self._bound(left), self._bound(right)
        budget.items(abs(end - start) + 1)
        return list(range(start, end + 1)) if start <= end else list(range(start, end - 1, -1))

    def _bound(self, value: Any) -> int:
        """An end of a range, converted as .NET's Convert does it and not as a cast."""
        if isinstance(value, str):
            if not re.fullmatch(r"\s*[+-]?[0-9]+\s*", value):
                raise _own("System.FormatException", wrong_format(value))
            value = int(value)
        elif isinstance(value, list):
            raise _own(
                "System.InvalidCastException",
                f"Unable to cast object of type '{type_name(value)}' to type 'System.IConvertible'.",
            )
        elif value is not None and not isinstance(value, (int, float, Decimal, Char, EnumValue)):
            raise OutsideSubset(f"a range with an end of type {type_name(value)}")
        try:
            return int(self._conversion.convert(value, _INT))
        except PowerShellError:
            raise _own("System.OverflowException", "Value was either too large or too small for an Int32.") from None

    def contains(self, collection: Any, item: Any, *, ignore_case: bool = True) -> bool:
        items = self._enumerated(collection)
        equal = self._comparison.equal
        return any(equal(candidate, item, ignore_case=ignore_case) for candidate in items)

    def _enumerated(self, value: Any) -> list[Any]:
        if isinstance(value, KeyCollection):
            return value.items
        items = enumerate_value(value)
        return [value] if items is None else list(items)

    def filtered(self, left: Any, test: Callable[[Any], bool]) -> Any:
        """A comparison whose left side may be a collection: then the items that pass, else the answer itself."""
        if isinstance(left, str):
            return test(left)
        items = self._items(left)
        return test(left) if items is None else [item for item in items if test(item)]


def _no_operator(value: Any, operator: str) -> Exception:
    if isinstance(value, OrderedDictionary):
        return OutsideSubset(f"the operator {operator} on {type_name(value)}")
    shown = "System.Management.Automation.PSObject" if isinstance(value, PSCustomObject) else type_name(value)
    return failure(
        f"Method invocation failed because [{shown}] does not contain a method named '{_NAMES[operator]}'.",
        "MethodNotFound",
    )


def _fitting(value: int) -> int | float | Decimal:
    if _MIN <= value <= _MAX:
        return value
    if -(2**63) <= value < 2**63:
        return Int64(value)
    return Decimal(value) if abs(value) < 7.9e28 else float(value)


def _calculate(operator: str, left: int | float | Decimal, right: int | float | Decimal) -> Any:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _decimal_arithmetic(operator, left, right)
    if isinstance(left, float) or isinstance(right, float):
        kind = Single if isinstance(left, Single) and isinstance(right, Single) else float
        return kind(_real_arithmetic(operator, float(left), float(right)))
    return _integer_arithmetic(operator, left, right)


def _integer_arithmetic(operator: str, left: int, right: int) -> Any:
    kind = _common(left, right)
    if kind is None:
        return _decimal_arithmetic(operator, Decimal(int(left)), Decimal(int(right)))
    if operator in "/%" and right == 0:
        raise _divide_by_zero()
    if operator == "/" and int(left) % int(right):
        return int(left) / int(right)
    result = _whole(operator, int(left), int(right))
    low, high = INTEGER_RANGES[kind]
    return kind(result) if low <= result <= high else float(result)


def _common(left: int, right: int) -> type[int] | None:
    kinds = {type(left), type(right)}
    negative = int(left) < 0 or int(right) < 0
    if UInt64 in kinds:
        return None if negative else UInt64
    if Int64 in kinds:
        return Int64
    if UInt32 in kinds:
        return Int64 if negative else UInt32
    return int


def _whole(operator: str, left: int, right: int) -> int:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            quotient = abs(left) // abs(right)
            return quotient if (left < 0) == (right < 0) else -quotient
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
            case "/" if right == 0:
                return (
                    math.nan
                    if left == 0 or math.isnan(left)
                    else math.copysign(math.inf, left) * math.copysign(1, right)
                )
            case "/":
                return left / right
            case _ if right == 0 or math.isinf(left):
                return math.nan
            case _:
                return math.fmod(left, right)
    except OverflowError:
        return math.inf


def _decimal_arithmetic(operator: str, left: int | float | Decimal, right: int | float | Decimal) -> Decimal:
    first, second = _decimal(left), _decimal(right)
    if operator in "/%" and second == 0:
        raise _divide_by_zero()
    match operator:
        case "+":
            result = _DECIMAL.add(first, second)
        case "-":
            result = _DECIMAL.subtract(first, second)
        case "*":
            result = _DECIMAL.multiply(first, second)
        case "/":
            result = _DECIMAL.divide(first, second)
        case _:
            result = _DECIMAL.remainder(first, second)
    result = _fit(result)
    if abs(result) > _LARGEST:
        message = "Value was either too large or too small for a Decimal."
        raise failure(
            message, "RuntimeException", "NotSpecified", inner=ExceptionObject("System.OverflowException", message)
        )
    return result


def _fit(value: Decimal) -> Decimal:
    """Rounds to what System.Decimal holds: 28 places, 96 bits of digits."""
    scale = -int(value.as_tuple().exponent)
    if scale <= 0:
        return value
    scale = min(scale, 28)
    while scale > 0:
        rounded = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_EVEN, _DECIMAL)
        if abs(int(rounded.scaleb(scale, _DECIMAL))) <= _LARGEST:
            return rounded
        scale -= 1
    return value.quantize(Decimal(1), ROUND_HALF_EVEN, _DECIMAL)


def _decimal(value: int | float | Decimal) -> Decimal:
    if isinstance(value, float):
        return Decimal(f"{value:.15g}")
    return Decimal(value)


__all__ = ["INTEGER_CLASSES", "Operators"]
