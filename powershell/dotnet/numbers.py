"""Numbers, booleans, System.Math, System.Convert and BitConverter."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from powershell.conversion import INTEGER_CLASSES, object_text
from powershell.dotnet.number_text import format_number, plain_text
from powershell.dotnet.tables import Table, attempt_of
from powershell.errors import DotNetError, OutsideSubset, wrong_format
from powershell.values import INTEGER_RANGES, Byte, EnumValue, Int16, Int64, Single, TypedArray, byte_array

_ROUNDING: Final = {
    "ToEven": ROUND_HALF_EVEN,
    "AwayFromZero": ROUND_HALF_UP,
    "ToZero": ROUND_DOWN,
    "ToNegativeInfinity": ROUND_FLOOR,
    "ToPositiveInfinity": ROUND_CEILING,
}
_REAL_TYPES: Final = ("System.Double", "System.Single", "System.Decimal")


# --- numbers --------------------------------------------------------------------------------------------------------


def _overflow(target: str, value: Any) -> DotNetError:
    names = {"System.Byte": "an unsigned byte", "System.SByte": "a signed byte"}
    article = "a" if target.startswith("System.U") else "an"
    del value
    return DotNetError(
        "System.OverflowException",
        f"Value was either too large or too small for {names.get(target, f'{article} {target[7:]}')}.",
    )


def _parse_integer(target: str, text: str) -> Any:
    kind = INTEGER_CLASSES[target]
    stripped = text.strip()
    body = stripped.removeprefix("-").removeprefix("+")
    if not body.isascii() or not body.isdigit():
        raise DotNetError("System.FormatException", wrong_format(text))
    number = int(stripped)
    low, high = INTEGER_RANGES[kind]
    if not low <= number <= high:
        raise _overflow(target, number)
    return kind(number)


def _parse_real(target: str, text: str) -> Any:
    try:
        cleaned = text.strip().replace(",", "").replace("_", "?")
        return (
            Decimal(cleaned)
            if target == "System.Decimal"
            else (Single if target == "System.Single" else float)(cleaned)
        )
    except (ValueError, ArithmeticError):
        raise DotNetError("System.FormatException", wrong_format(text)) from None


def _number_table(name: str) -> Table:
    table = Table(name)
    table.method(
        "ToString",
        ("", plain_text),
        ("string format", format_number),
        ("cultureinfo provider", lambda value, _: plain_text(value)),
        ("string format, cultureinfo provider", lambda value, text, _: format_number(value, text)),
    )
    table.method("Equals", ("object obj", lambda value, other: type(value) is type(other) and value == other))
    table.method("CompareTo", ("object value", lambda value, other: (value > other) - (value < other)))
    if name in _REAL_TYPES:

        def parse(text: str) -> Any:
            return _parse_real(name, text)

        empty: Any = Decimal(0) if name == "System.Decimal" else 0.0
    else:
        kind = INTEGER_CLASSES[name]

        def parse(text: str) -> Any:
            return _parse_integer(name, text)

        empty = kind(0)
        low, high = INTEGER_RANGES[kind]
        table.constant("MaxValue", lambda _: kind(high))
        table.constant("MinValue", lambda _: kind(low))
    table.static("Parse", ("string s", parse), ("string s, cultureinfo provider", lambda text, _: parse(text)))
    table.static("TryParse", ("string s, ref result", attempt_of(parse, empty)))
    return table


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _double_table() -> Table:
    table = _number_table("System.Double")
    for name, value in (
        ("MaxValue", 1.7976931348623157e308),
        ("MinValue", -1.7976931348623157e308),
        ("NaN", math.nan),
        ("PositiveInfinity", math.inf),
        ("NegativeInfinity", -math.inf),
        ("Epsilon", 5e-324),
    ):
        table.constant(name, _always(value))
    table.static("IsNaN", ("double d", math.isnan))
    table.static("IsInfinity", ("double d", math.isinf))
    return table


def _boolean_table() -> Table:
    table = Table("System.Boolean")
    table.method("ToString", ("", lambda value: "True" if value else "False"))
    table.method("Equals", ("object obj", lambda value, other: value is other))
    table.method("CompareTo", ("bool value", lambda value, other: int(value) - int(other)))

    def parse(text: str) -> bool:
        lowered = text.strip().lower()
        if lowered not in {"true", "false"}:
            raise DotNetError("System.FormatException", f"String '{text}' was not recognized as a valid Boolean.")
        return lowered == "true"

    table.static("Parse", ("string value", parse))
    table.static("TryParse", ("string value, ref result", attempt_of(parse, False)))
    table.constant("TrueString", lambda _: "True")
    table.constant("FalseString", lambda _: "False")
    return table


# --- Math -----------------------------------------------------------------------------------------------------------


def _check_digits(digits: int, most: int) -> None:
    if 0 <= digits <= most:
        return
    raise DotNetError(
        "System.ArgumentOutOfRangeException",
        "Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')"
        if most == 15
        else "Decimal can only round to between 0 and 28 digits of precision. (Parameter 'decimals')",
    )


def _round(value: Any, digits: int = 0, mode: EnumValue | None = None) -> Any:
    how = _ROUNDING["ToEven" if mode is None else mode.name]
    _check_digits(digits, 28 if isinstance(value, Decimal) else 15)
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-digits), how) if -value.as_tuple().exponent > digits else value  # type: ignore[operator] # finite
    number = float(value)
    if not math.isfinite(number) or abs(number) >= 1e16:
        return number
    scaled = number * 10.0**digits
    whole = float(Decimal(scaled).to_integral_value(how))
    result = whole / 10.0**digits
    return math.copysign(result, number) if result == 0 else result


def _common(left: Any, right: Any) -> tuple[Any, Any, type]:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return Decimal(left), Decimal(right), Decimal
    if isinstance(left, float) or isinstance(right, float):
        return float(left), float(right), float
    kind = type(left) if type(left) is type(right) else Int64 if Int64 in {type(left), type(right)} else int
    return left, right, kind


def _overloaded(left: Any, right: Any, choose: Callable[[Any, Any], Any]) -> Any:
    """Math.Max and Min take the overload of their first argument's type."""
    if isinstance(left, int) and not isinstance(left, bool) and isinstance(right, float):
        right = int(Decimal(right).to_integral_value(ROUND_HALF_EVEN))
        kind: type = type(left)
        return kind(choose(left, right))
    if isinstance(left, float) and isinstance(right, Decimal):
        right = float(right)
    first, second, kind = _common(left, right)
    return kind(choose(first, second))


def _math_table() -> Table:
    table = Table("System.Math")
    table.constant("PI", lambda _: math.pi)
    table.constant("E", lambda _: math.e)
    table.static(
        "Round",
        ("real a", _round),
        ("real value, int digits", _round),
        ("real value, System.MidpointRounding mode", lambda value, mode: _round(value, 0, mode)),
        ("real value, int digits, System.MidpointRounding mode", _round),
    )
    table.static(
        "Floor",
        (
            "real d",
            lambda value: (
                value.to_integral_value(ROUND_FLOOR) if isinstance(value, Decimal) else _whole(math.floor, value)
            ),
        ),
    )
    table.static(
        "Ceiling",
        (
            "real a",
            lambda value: (
                value.to_integral_value(ROUND_CEILING) if isinstance(value, Decimal) else _whole(math.ceil, value)
            ),
        ),
    )
    table.static(
        "Truncate",
        (
            "real d",
            lambda value: (
                value.to_integral_value(ROUND_DOWN) if isinstance(value, Decimal) else _whole(math.trunc, value)
            ),
        ),
    )
    table.static("Abs", ("signed value", _absolute))
    table.static("Sign", ("number value", _sign))
    table.static("Max", ("number val1, number val2", lambda left, right: _overloaded(left, right, max)))
    table.static("Min", ("number val1, number val2", lambda left, right: _overloaded(left, right, min)))
    table.static("Pow", ("double x, double y", _power))
    table.static("Sqrt", ("double d", lambda value: math.sqrt(value) if value >= 0 else math.nan))
    return table


def _whole(function: Callable[[float], int], value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        return number
    result = float(function(number))
    return math.copysign(result, number) if result == 0 else result


def _absolute(value: Any) -> Any:
    if isinstance(value, (float, Decimal)):
        return abs(value)
    kind = Int16 if isinstance(value, Byte) else type(value)
    low, high = INTEGER_RANGES[kind]
    if low < 0 and abs(int(value)) > high:
        raise DotNetError(
            "System.OverflowException", "Negating the minimum value of a twos complement number is invalid."
        )
    return kind(abs(int(value)))


def _sign(value: Any) -> int:
    if isinstance(value, float) and math.isnan(value):
        raise DotNetError("System.ArithmeticException", "Function does not accept floating point Not-a-Number values.")
    return int(value > 0) - int(value < 0)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        odd = exponent == math.floor(exponent) and exponent % 2 == 1
        return (math.copysign(math.inf, base) if odd else math.inf) if base == 0 else math.nan


# --- Convert --------------------------------------------------------------------------------------------------------


def _from_base64(text: str) -> TypedArray:
    try:
        return byte_array(base64.b64decode("".join(text.split()), validate=True))
    except binascii.Error:
        raise DotNetError(
            "System.FormatException",
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters.",
        ) from None


def _to_base(value: int, base: int) -> str:
    if base not in {2, 8, 10, 16}:
        raise DotNetError("System.ArgumentException", "Invalid Base.")
    bits = 64 if isinstance(value, Int64) else 32
    number = int(value) & ((1 << bits) - 1) if base != 10 else int(value)
    return {2: f"{number:b}", 8: f"{number:o}", 10: str(number), 16: f"{number:x}"}[base]


def _from_base(name: str) -> Callable[[str, int], Any]:
    kind = INTEGER_CLASSES[name]

    def parse(text: str, base: int) -> Any:
        if base not in {2, 8, 10, 16}:
            raise DotNetError("System.ArgumentException", "Invalid Base.")
        try:
            number = int(text, base)
        except ValueError:
            raise DotNetError("System.FormatException", "Could not find any recognizable digits.") from None
        low, high = INTEGER_RANGES[kind]
        if number > high and low < 0 and number <= 2 * high + 1:
            number -= 2 * (high + 1)
        if not low <= number <= high:
            raise _overflow(name, number)
        return kind(number)

    return parse


def _convert_table() -> Table:
    table = Table("System.Convert")
    table.static("ToBase64String", ("byte[] inArray", lambda data: base64.b64encode(bytes(data)).decode("ascii")))
    table.static("FromBase64String", ("string s", _from_base64))
    table.static(
        "ToString",
        ("object value", object_text),
        ("int value, int toBase", _to_base),
        ("long value, int toBase", _to_base),
    )
    for name, method in (
        ("System.Int32", "ToInt32"),
        ("System.Int64", "ToInt64"),
        ("System.Byte", "ToByte"),
        ("System.Int16", "ToInt16"),
        ("System.UInt32", "ToUInt32"),
    ):
        table.static(
            method, ("object value", _converting(name)), ("string value, int fromBase", _from_base(name)), context=False
        )
    table.static(
        "ToDouble",
        (
            "object value",
            lambda value: _parse_real("System.Double", value) if isinstance(value, str) else float(value or 0),
        ),
    )
    table.static(
        "ToDecimal",
        (
            "object value",
            lambda value: _parse_real("System.Decimal", value) if isinstance(value, str) else Decimal(value or 0),
        ),
    )
    table.static("ToBoolean", ("object value", _to_boolean))
    return table


def _to_boolean(value: Any) -> bool:
    if isinstance(value, str):
        if value.strip().lower() not in {"true", "false"}:
            raise DotNetError("System.FormatException", f"String '{value}' was not recognized as a valid Boolean.")
        return value.strip().lower() == "true"
    return bool(value)


def _converting(name: str) -> Callable[[Any], Any]:
    kind = INTEGER_CLASSES[name]

    def convert(value: Any) -> Any:
        if value is None:
            return kind(0)
        if isinstance(value, str):
            return _parse_integer(name, value)
        if isinstance(value, (bool, int)):
            number = int(value)
        elif isinstance(value, (float, Decimal)):
            number = int(Decimal(value).to_integral_value(ROUND_HALF_EVEN))
        elif isinstance(value, EnumValue):
            number = value.number
        else:
            text = getattr(value, "value", None)
            if not isinstance(text, str):
                raise OutsideSubset("this Convert call")
            number = ord(text)
        low, high = INTEGER_RANGES[kind]
        if not low <= number <= high:
            raise _overflow(name, number)
        return kind(number)

    return convert


def _declare() -> tuple[Table, ...]:
    numbers = [_number_table(name) for name in (*INTEGER_CLASSES, "System.Single", "System.Decimal")]
    decimal_table = numbers[-1]
    decimal_table.constant("MaxValue", lambda _: Decimal(79228162514264337593543950335))
    decimal_table.constant("MinValue", lambda _: Decimal(-79228162514264337593543950335))
    decimal_table.constant("Zero", lambda _: Decimal(0))
    decimal_table.constant("One", lambda _: Decimal(1))
    return (*numbers, _double_table(), _boolean_table(), _math_table(), _convert_table())


TABLES: Final = _declare()
