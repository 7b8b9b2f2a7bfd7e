"""Numbers, booleans, dates, spans, GUIDs, versions, enumerations, Math and Convert."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from lab.simulator.powershell.conversion import INTEGER_CLASSES, object_text, parse_guid, parse_version
from lab.simulator.powershell.dotnet.number_text import format_number, plain_text
from lab.simulator.powershell.dotnet.tables import Table
from lab.simulator.powershell.dotnet.time_text import (
    TICKS_PER_DAY,
    civil,
    format_datetime,
    format_timespan,
    from_python,
    make_datetime,
    parse_datetime,
    parse_exact,
    parse_timespan,
    parts_of,
)
from lab.simulator.powershell.errors import DotNetError, OutsideSubset, PowerShellError
from lab.simulator.powershell.type_names import enum
from lab.simulator.powershell.values import (
    INTEGER_RANGES,
    LOCAL,
    NOTHING,
    TICKS_PER_SECOND,
    UTC,
    Byte,
    DateTime,
    DotNetType,
    EnumType,
    EnumValue,
    Guid,
    Int16,
    Int64,
    PSReference,
    Single,
    TimeSpan,
    TypedArray,
    Version,
    byte_array,
)

_ROUNDING: Final = {
    "ToEven": ROUND_HALF_EVEN,
    "AwayFromZero": ROUND_HALF_UP,
    "ToZero": ROUND_DOWN,
    "ToNegativeInfinity": ROUND_FLOOR,
    "ToPositiveInfinity": ROUND_CEILING,
}
_REAL_TYPES: Final = ("System.Double", "System.Single", "System.Decimal")


def _out_of_range(message: str) -> DotNetError:
    return DotNetError("System.ArgumentOutOfRangeException", message)


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
        raise DotNetError("System.FormatException", f"The input string '{text}' was not in a correct format.")
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
        raise DotNetError("System.FormatException", f"The input string '{text}' was not in a correct format.") from None


def _try(parse: Callable[[str], Any], empty: Any) -> Callable[[Any, PSReference], bool]:
    def attempt(text: Any, result: PSReference) -> bool:
        try:
            value = parse("" if text is None else text)
        except DotNetError:
            result.set(empty)
            return False
        result.set(value)
        return True

    return attempt


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
    table.static("TryParse", ("string s, ref result", _try(parse, empty)))
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
    table.static("TryParse", ("string value, ref result", _try(parse, False)))
    table.constant("TrueString", lambda _: "True")
    table.constant("FalseString", lambda _: "False")
    return table


# --- Math -----------------------------------------------------------------------------------------------------------


def _round(value: Any, digits: int = 0, mode: EnumValue | None = None) -> Any:
    how = _ROUNDING["ToEven" if mode is None else mode.name]
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
    table.static("Sign", ("number value", lambda value: (value > 0) - (value < 0)))
    table.static("Max", ("number val1, number val2", lambda left, right: _overloaded(left, right, max)))
    table.static("Min", ("number val1, number val2", lambda left, right: _overloaded(left, right, min)))
    table.static("Pow", ("double x, double y", _power))
    table.static("Sqrt", ("double d", lambda value: math.sqrt(value) if value >= 0 else math.nan))
    table.static("Exp", ("double d", math.exp))
    table.static(
        "Log10", ("double d", lambda value: math.log10(value) if value > 0 else math.nan if value < 0 else -math.inf)
    )
    table.static(
        "Log",
        ("double d", lambda value: math.log(value) if value > 0 else math.nan if value < 0 else -math.inf),
        ("double a, double newBase", lambda value, base: math.log(value) / math.log(base)),
    )
    for name, function in (("Sin", math.sin), ("Cos", math.cos), ("Tan", math.tan), ("Atan", math.atan)):
        table.static(name, ("double a", function))
    table.static("DivRem", ("int a, int b, ref result", _divide_with_rest))
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
    return (Int16 if isinstance(value, Byte) else type(value))(abs(int(value)))


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def _divide_with_rest(left: int, right: int, rest: PSReference) -> int:
    if right == 0:
        raise DotNetError("System.DivideByZeroException", "Attempted to divide by zero.")
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    rest.set(left - quotient * right)
    return quotient


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
    table.static("ToHexString", ("byte[] inArray", lambda data: bytes(data).hex().upper()))
    table.static("FromHexString", ("string s", lambda text: byte_array(bytes.fromhex(text))))
    return table


def _bits_table() -> Table:
    table = Table("System.BitConverter")
    table.static("ToString", ("byte[] value", lambda data: "-".join(f"{unit:02X}" for unit in data)))
    table.constant("IsLittleEndian", lambda _: True)
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


# --- dates ----------------------------------------------------------------------------------------------------------

DATE: Final = Table("System.DateTime")
SPAN: Final = Table("System.TimeSpan")
_KIND: Final = enum("System.DateTimeKind")
_DAY: Final = enum("System.DayOfWeek")


def _unit(divisor: int, modulo: int) -> Callable[[DateTime], int]:
    return lambda value: value.ticks // divisor % modulo


def _moved(value: DateTime, ticks: int) -> DateTime:
    total = value.ticks + ticks
    if not 0 <= total <= 3_155_378_975_999_999_999:
        raise _out_of_range(
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')"
        )
    return DateTime(total, value.kind)


def _add(factor: int) -> Callable[[DateTime, float], DateTime]:
    return lambda value, amount: _moved(value, round(amount * factor))


def _add_months(value: DateTime, months: int) -> DateTime:
    day, rest = civil(value)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (make_datetime(year + (month == 11), (month + 1) % 12 + 1, 1).ticks - TICKS_PER_DAY) // TICKS_PER_DAY
    days = min(day.day, civil(DateTime(last * TICKS_PER_DAY))[0].day)
    return DateTime(make_datetime(year, month + 1, days).ticks + rest, value.kind)


def _subtract(value: DateTime, other: Any) -> Any:
    return TimeSpan(value.ticks - other.ticks) if isinstance(other, DateTime) else _moved(value, -other.ticks)


def _construct_date(*parts: Any) -> DateTime:
    kind = 0
    numbers = list(parts)
    if isinstance(numbers[-1], EnumValue):
        kind = numbers.pop().number
    milliseconds = numbers[6] if len(numbers) > 6 else 0
    try:
        return DateTime(make_datetime(*numbers[:6]).ticks + milliseconds * 10_000, kind)
    except ValueError:
        what = "Year, Month, and Day parameters describe an un-representable DateTime."
        if len(numbers) > 3 and not (0 <= numbers[3] < 24 and 0 <= numbers[4] < 60 and 0 <= numbers[5] < 60):
            what = "Hour, Minute, and Second parameters describe an un-representable DateTime."
        raise _out_of_range(what) from None


def _exact(text: str, specification: Any, provider: Any = None, styles: Any = None) -> DateTime:
    del provider, styles
    patterns = specification if isinstance(specification, list) else [specification]
    for pattern in patterns:
        value = parse_exact(text, pattern)
        if value is not None:
            return value
    raise DotNetError("System.FormatException", f"String '{text}' was not recognized as a valid DateTime.")


def _declare_date() -> None:  # noqa: PLR0915 - one line a member
    table = DATE
    table.property("Date", lambda value: DateTime(value.ticks // TICKS_PER_DAY * TICKS_PER_DAY, value.kind))
    table.property("Day", lambda value: civil(value)[0].day)
    table.property("DayOfWeek", lambda value: EnumValue(_DAY, civil(value)[0].isoweekday() % 7))
    table.property("DayOfYear", lambda value: civil(value)[0].timetuple().tm_yday)
    table.property("Hour", _unit(3600 * TICKS_PER_SECOND, 24))
    table.property("Kind", lambda value: EnumValue(_KIND, value.kind))
    table.property("Millisecond", _unit(10_000, 1000))
    table.property("Microsecond", _unit(10, 1000))
    table.property("Nanosecond", lambda value: value.ticks % 10 * 100)
    table.property("Minute", _unit(60 * TICKS_PER_SECOND, 60))
    table.property("Month", lambda value: civil(value)[0].month)
    table.property("Second", _unit(TICKS_PER_SECOND, 60))
    table.property("Ticks", lambda value: Int64(value.ticks))
    table.property("TimeOfDay", lambda value: TimeSpan(civil(value)[1]))
    table.property("Year", lambda value: civil(value)[0].year)
    table.properties["datetime"] = (
        "DateTime",
        lambda value: (
            format_datetime(value, "dddd, MMMM d, yyyy h:mm:ss tt")
            .replace(" AM", "\u202fAM")
            .replace(" PM", "\u202fPM")
        ),
    )
    for name, seconds in (("AddDays", 86400), ("AddHours", 3600), ("AddMinutes", 60), ("AddSeconds", 1)):
        table.method(name, ("double value", _add(seconds * TICKS_PER_SECOND)))
    table.method("AddMilliseconds", ("double value", _add(10_000)))
    table.method("AddTicks", ("long value", lambda value, ticks: _moved(value, int(ticks))))
    table.method("AddMonths", ("int months", _add_months))
    table.method("AddYears", ("int value", lambda value, years: _add_months(value, years * 12)))
    table.method("Add", ("timespan value", lambda value, span: _moved(value, span.ticks)))
    table.method("Subtract", ("datetime value", _subtract), ("timespan value", _subtract))
    table.method(
        "ToString",
        ("", lambda value: format_datetime(value, "G")),
        ("string format", format_datetime),
        ("cultureinfo provider", lambda value, culture: _in_culture(value, "", culture)),
        ("string format, cultureinfo provider", _in_culture),
    )
    for name, letter in (
        ("ToShortDateString", "d"),
        ("ToLongDateString", "D"),
        ("ToShortTimeString", "t"),
        ("ToLongTimeString", "T"),
    ):
        table.method(name, ("", lambda value, letter=letter: format_datetime(value, letter)))
    table.method("ToUniversalTime", ("", lambda value: DateTime(value.ticks, UTC)))
    table.method("ToLocalTime", ("", lambda value: DateTime(value.ticks, LOCAL)))
    table.method(
        "CompareTo", ("datetime value", lambda value, other: (value.ticks > other.ticks) - (value.ticks < other.ticks))
    )
    table.method("Equals", ("object value", lambda value, other: isinstance(other, DateTime) and value == other))
    table.method("ToFileTime", ("", lambda value: Int64(value.ticks - 504_911_232_000_000_000)))
    table.method("ToFileTimeUtc", ("", lambda value: Int64(value.ticks - 504_911_232_000_000_000)))
    table.method("IsDaylightSavingTime", ("", lambda _: False))
    table.constant("Now", lambda it: from_python(it.runspace.clock.now()))
    table.constant("UtcNow", lambda it: from_python(it.runspace.clock.now(), UTC))
    table.constant(
        "Today", lambda it: DateTime(from_python(it.runspace.clock.now()).ticks // TICKS_PER_DAY * TICKS_PER_DAY, LOCAL)
    )
    table.constant("MinValue", lambda _: DateTime(0))
    table.constant("MaxValue", lambda _: DateTime(3_155_378_975_999_999_999))
    table.constant("UnixEpoch", lambda _: make_datetime(1970, 1, 1, kind=UTC))
    table.static(
        "Parse",
        ("string s", lambda it, text: parse_datetime(text, it.runspace.today())),
        ("string s, cultureinfo provider", lambda it, text, _: parse_datetime(text, it.runspace.today())),
        context=True,
    )
    table.static(
        "TryParse",
        (
            "string s, ref result",
            lambda it, text, result: _try(lambda given: parse_datetime(given, it.runspace.today()), DateTime(0))(
                text, result
            ),
        ),
        context=True,
    )
    table.static("ParseExact", ("string s, object format, cultureinfo provider", _exact))
    table.static(
        "SpecifyKind",
        ("datetime value, System.DateTimeKind kind", lambda value, kind: DateTime(value.ticks, kind.number)),
    )
    table.static(
        "Compare",
        ("datetime t1, datetime t2", lambda left, right: (left.ticks > right.ticks) - (left.ticks < right.ticks)),
    )
    table.static("IsLeapYear", ("int year", lambda year: year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)))
    table.static(
        "DaysInMonth",
        (
            "int year, int month",
            lambda year, month: (
                civil(DateTime(_add_months(make_datetime(year, month, 1), 1).ticks - TICKS_PER_DAY))[0].day
            ),
        ),
    )
    table.static("FromFileTime", ("long fileTime", lambda ticks: DateTime(int(ticks) + 504_911_232_000_000_000, LOCAL)))
    table.static(
        "FromFileTimeUtc", ("long fileTime", lambda ticks: DateTime(int(ticks) + 504_911_232_000_000_000, UTC))
    )
    ymd = "int year, int month, int day"
    hms = "int hour, int minute, int second"
    kind = "System.DateTimeKind kind"
    table.constructor(
        ("long ticks", lambda ticks: DateTime(int(ticks))),
        ("long ticks, " + kind, lambda ticks, chosen: DateTime(int(ticks), chosen.number)),
        (ymd, _construct_date),
        (f"{ymd}, {hms}", _construct_date),
        (f"{ymd}, {hms}, {kind}", _construct_date),
        (f"{ymd}, {hms}, int millisecond", _construct_date),
        (f"{ymd}, {hms}, int millisecond, {kind}", _construct_date),
    )


def _in_culture(value: DateTime, specification: str, culture: Any) -> str:
    if (
        culture is not None
        and getattr(culture, "name", "en-US") == ""
        and len(specification) < 2
        and specification not in {*"oOrRsu"}
    ):
        if specification in {"", "G"}:
            return format_datetime(value, "MM/dd/yyyy HH:mm:ss")
        raise OutsideSubset("this date format in the invariant culture")
    return format_datetime(value, specification)


def _total(divisor: int) -> Callable[[TimeSpan], float]:
    return lambda span: span.ticks / divisor


def _from(factor: int) -> Callable[[float], TimeSpan]:
    return lambda amount: TimeSpan(round(amount * factor))


def _span_ticks(days: int, hours: int, minutes: int, seconds: int, milliseconds: int = 0) -> TimeSpan:
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return TimeSpan(total * TICKS_PER_SECOND + milliseconds * 10_000)


def _declare_span() -> None:
    table = SPAN

    def part(index: int) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[index] * parts_of(span)[0]

    def fraction(divisor: int, modulo: int, factor: int = 1) -> Callable[[TimeSpan], int]:
        return lambda span: parts_of(span)[5] // divisor % modulo * factor * parts_of(span)[0]

    table.property("Ticks", lambda span: Int64(span.ticks))
    table.property("Days", part(1))
    table.property("Hours", part(2))
    table.property("Milliseconds", fraction(10_000, 1000))
    table.property("Microseconds", fraction(10, 1000))
    table.property("Nanoseconds", fraction(1, 10, 100))
    table.property("Minutes", part(3))
    table.property("Seconds", part(4))
    for name, divisor in (("TotalDays", TICKS_PER_DAY), ("TotalHours", 36_000_000_000), ("TotalMilliseconds", 10_000)):
        table.property(name, _total(divisor))
    table.property("TotalMicroseconds", _total(10))
    table.property("TotalNanoseconds", lambda span: float(span.ticks * 100))
    for name, divisor in (("TotalMinutes", 600_000_000), ("TotalSeconds", TICKS_PER_SECOND)):
        table.property(name, _total(divisor))
    table.method(
        "ToString",
        ("", format_timespan),
        ("string format", format_timespan),
        ("string format, cultureinfo provider", lambda span, text, _: format_timespan(span, text)),
    )
    table.method("Add", ("timespan ts", lambda span, other: TimeSpan(span.ticks + other.ticks)))
    table.method("Subtract", ("timespan ts", lambda span, other: TimeSpan(span.ticks - other.ticks)))
    table.method("Negate", ("", lambda span: TimeSpan(-span.ticks)))
    table.method("Duration", ("", lambda span: TimeSpan(abs(span.ticks))))
    table.method("CompareTo", ("timespan value", lambda span, other: (span > other) - (span < other)))
    table.method("Equals", ("object value", lambda span, other: span == other))
    for name, factor in (
        ("FromDays", TICKS_PER_DAY),
        ("FromHours", 36_000_000_000),
        ("FromMinutes", 600_000_000),
        ("FromSeconds", TICKS_PER_SECOND),
        ("FromMilliseconds", 10_000),
    ):
        table.static(name, ("double value", _from(factor)))
    table.static("FromTicks", ("long value", lambda ticks: TimeSpan(int(ticks))))
    table.static("Parse", ("string s", parse_timespan))
    table.static("TryParse", ("string s, ref result", _try(parse_timespan, TimeSpan(0))))
    table.constant("Zero", lambda _: TimeSpan(0))
    table.constant("MaxValue", lambda _: TimeSpan(2**63 - 1))
    table.constant("MinValue", lambda _: TimeSpan(-(2**63)))
    table.constructor(
        ("long ticks", lambda ticks: TimeSpan(int(ticks))),
        ("int hours, int minutes, int seconds", lambda h, m, s: _span_ticks(0, h, m, s)),
        ("int days, int hours, int minutes, int seconds", _span_ticks),
        ("int days, int hours, int minutes, int seconds, int milliseconds", _span_ticks),
    )


# --- the rest -------------------------------------------------------------------------------------------------------


def _guid_text(guid: Guid, specification: str = "D") -> str:
    text = str(guid)
    match specification.upper():
        case "" | "D":
            return text
        case "N":
            return guid.digits
        case "B":
            return "{" + text + "}"
        case "P":
            return f"({text})"
        case _:
            raise DotNetError(
                "System.FormatException",
                'Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".',
            )


def _guid_table() -> Table:
    table = Table("System.Guid")
    table.properties["guid"] = ("Guid", str)
    table.method("ToString", ("", str), ("string format", _guid_text))
    table.method("Equals", ("object o", lambda guid, other: guid == other))
    table.method(
        "ToByteArray",
        (
            "",
            lambda guid: byte_array(
                bytes.fromhex(guid.digits)[3::-1]
                + bytes.fromhex(guid.digits)[5:3:-1]
                + bytes.fromhex(guid.digits)[7:5:-1]
                + bytes.fromhex(guid.digits)[8:]
            ),
        ),
    )
    table.constant("Empty", lambda _: Guid("0" * 32))
    table.static("Parse", ("string input", parse_guid))
    table.static("TryParse", ("string input, ref result", _try(parse_guid, Guid("0" * 32))))
    table.static("NewGuid", ("", lambda it: it.runspace.new_guid()), context=True)
    table.constructor(("string g", parse_guid))
    return table


def _version_part(index: int) -> Callable[[Version], int]:
    return lambda version: version.parts[index] if index < len(version.parts) else -1


def _version_table() -> Table:
    table = Table("System.Version")
    for index, name in enumerate(("Major", "Minor", "Build", "Revision")):
        table.property(name, _version_part(index))
    table.property("MajorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] >> 16)
    table.property("MinorRevision", lambda version: -1 if len(version.parts) < 4 else version.parts[3] & 0xFFFF)
    table.method(
        "ToString", ("", str), ("int fieldCount", lambda version, count: ".".join(map(str, version.parts[:count])))
    )
    table.method(
        "CompareTo",
        ("version value", lambda version, other: (version.parts > other.parts) - (version.parts < other.parts)),
    )
    table.method("Equals", ("object obj", lambda version, other: version == other))
    table.static("Parse", ("string input", parse_version))
    table.static("TryParse", ("string input, ref result", _try(parse_version, None)))
    table.constructor(
        ("string version", parse_version),
        ("int major, int minor", lambda *parts: Version(parts)),
        ("int major, int minor, int build", lambda *parts: Version(parts)),
        ("int major, int minor, int build, int revision", lambda *parts: Version(parts)),
    )
    return table


def _semantic_table() -> Table:
    table = Table("System.Management.Automation.SemanticVersion")
    for index, name in enumerate(("Major", "Minor", "Patch")):
        table.property(name, _version_part(index))
    table.property("PreReleaseLabel", lambda version: version.label or None)
    table.property("BuildLabel", lambda _: None)
    table.method("ToString", ("", str))
    return table


def _enum_table() -> Table:
    table = Table("System.Enum")
    table.properties["value__"] = ("value__", lambda value: value.number)
    table.method("ToString", ("", str), ("string format", enum_text))
    table.method("HasFlag", ("object flag", lambda value, flag: value.number & flag.number == flag.number))
    table.method("Equals", ("object obj", lambda value, other: value == other))
    table.method(
        "CompareTo",
        ("object target", lambda value, other: (value.number > other.number) - (value.number < other.number)),
    )
    table.static(
        "GetNames",
        (
            "type enumType",
            lambda kind: TypedArray(
                "System.String", [name for name, _ in sorted(_members(kind), key=lambda member: member[1])]
            ),
        ),
    )
    table.static(
        "GetValues",
        (
            "type enumType",
            lambda kind: TypedArray(
                kind.name,
                [
                    EnumValue(kind.definition, number)
                    for _, number in sorted(_members(kind), key=lambda member: member[1])
                ],
            ),
        ),
    )
    table.static("IsDefined", ("type enumType, object value", _is_defined))
    table.static(
        "Parse",
        ("type enumType, string value", _parse_enum),
        ("type enumType, string value, bool ignoreCase", _parse_enum),
        context=True,
    )
    return table


def enum_text(value: EnumValue, specification: str) -> str:
    match specification.upper():
        case "" | "G":
            return value.name
        case "D":
            return str(value.number)
        case "X":
            return f"{value.number & 0xFFFFFFFF:08X}"
        case "F":
            return value.name
        case _:
            raise DotNetError(
                "System.FormatException", 'Format string can be only "G", "g", "X", "x", "F", "f", "D" or "d".'
            )


def _members(kind: DotNetType) -> tuple[tuple[str, int], ...]:
    if not isinstance(kind.definition, EnumType):
        raise DotNetError("System.ArgumentException", "Type provided must be an Enum. (Parameter 'enumType')")
    return kind.definition.members


def _is_defined(kind: DotNetType, value: Any) -> bool:
    if isinstance(value, str):
        return any(name == value for name, _ in _members(kind))
    number = value.number if isinstance(value, EnumValue) else value
    return any(known == number for _, known in _members(kind))


def _parse_enum(interpreter: Any, kind: DotNetType, text: str, fold: Any = None) -> EnumValue:
    for name, number in _members(kind):
        if name == text or (fold and name.lower() == text.lower()):
            return EnumValue(kind.definition, number)  # type: ignore[arg-type] # _members has checked it
    try:
        if not fold:
            raise _no_such_name(text)
        result: EnumValue = interpreter.conversion.convert(text, kind)
    except PowerShellError:
        raise _no_such_name(text) from None
    return result


def _no_such_name(text: str) -> DotNetError:
    return DotNetError("System.ArgumentException", f"Requested value '{text}' was not found.")


def _switch_table() -> Table:
    table = Table("System.Management.Automation.SwitchParameter")
    table.property("IsPresent", lambda value: value.is_present)
    table.method("ToBool", ("", lambda value: value.is_present))
    table.method("ToString", ("", lambda value: "True" if value.is_present else "False"))
    table.constant("Present", lambda _: NOTHING)
    return table


def _declare() -> tuple[Table, ...]:
    _declare_date()
    _declare_span()
    numbers = [_number_table(name) for name in (*INTEGER_CLASSES, "System.Single", "System.Decimal")]
    decimal_table = numbers[-1]
    decimal_table.constant("MaxValue", lambda _: Decimal(79228162514264337593543950335))
    decimal_table.constant("MinValue", lambda _: Decimal(-79228162514264337593543950335))
    decimal_table.constant("Zero", lambda _: Decimal(0))
    decimal_table.constant("One", lambda _: Decimal(1))
    return (
        *numbers,
        _double_table(),
        _boolean_table(),
        _math_table(),
        _convert_table(),
        _bits_table(),
        DATE,
        SPAN,
        _guid_table(),
        _version_table(),
        _semantic_table(),
        _enum_table(),
        _switch_table(),
    )


TABLES: Final = _declare()
__all__ = ["TABLES", "enum_text"]
