"""Numbers as .NET prints them in culture en-US: general, standard and custom format strings."""

from __future__ import annotations

import math
import re
import struct
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Final

from powershell import budget
from powershell.dialect import spoken
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import INTEGER_RANGES, Single

_WIDE: Final = Context(prec=400)
_BITS: Final = {"int": 32, "Int64": 64, "Byte": 8, "SByte": 8, "Int16": 16, "UInt16": 16, "UInt32": 32, "UInt64": 64}


def _special(value: float, *, infinity: str = "∞") -> str | None:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return infinity if value > 0 else f"-{infinity}"
    return None


def _layout(sign: str, digits: str, exponent: int, limit: int) -> str:
    if -5 < exponent < limit:
        if exponent < 0:
            return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
        whole = digits[: exponent + 1].ljust(exponent + 1, "0")
        rest = digits[exponent + 1 :]
        return f"{sign}{whole}.{rest}" if rest else sign + whole
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _digits_of(text: str) -> tuple[str, int]:
    number = Decimal(text).normalize(_WIDE)
    return "".join(map(str, number.as_tuple().digits)), number.adjusted()


def double_text(value: float) -> str:
    """Double.ToString(): the shortest text that reads back; on .NET Framework fifteen digits, of a Single seven."""
    if spoken().windows:
        return _framework_text(value)
    return round_trip_text(value)


def _framework_text(value: float, *, round_trip: bool = False) -> str:
    """By "G15", or with `round_trip` "R": fifteen digits where they read back, else seventeen (seven and nine)."""
    special = _special(value)
    if special is not None:
        return special
    if value == 0:
        return "0"
    few, many = (7, 9) if isinstance(value, Single) else (15, 17)
    text = _precise_text(value, few)
    if not round_trip or _reads_back(text, value):
        return text
    return _precise_text(value, many)


def _reads_back(text: str, value: float) -> bool:
    if isinstance(value, Single):
        return struct.pack("f", float(text)) == struct.pack("f", value)
    return float(text) == value


def round_trip_text(value: float) -> str:
    """Double.ToString("R"), and what XML has of a double."""
    if spoken().windows:
        return _framework_text(value, round_trip=True)
    special = _special(value)
    if special is not None:
        return special
    if value == 0:
        return "-0" if math.copysign(1.0, value) < 0 else "0"
    if isinstance(value, Single):
        return _precise_text(value, 9, round_trip=True)
    digits, exponent = _digits_of(repr(float(abs(value))))
    return _layout("-" if value < 0 else "", digits, exponent, 15 if len(digits) <= 15 and exponent < 15 else 17)


def _precise_text(value: float, precision: int, *, round_trip: bool = False) -> str:
    if round_trip:
        for count in range(1, precision + 1):
            text = f"{abs(value):.{count - 1}e}"
            if struct.pack("f", float(text)) == struct.pack("f", abs(value)):
                break
    else:
        text = f"{abs(value):.{precision - 1}e}"
    digits, exponent = _digits_of(text)
    return _layout("-" if value < 0 else "", digits, exponent, precision if not round_trip else 15)


def general_text(value: float, precision: int = 15) -> str:
    """The "G15" by which PowerShell itself turns a double into a string ("G7" for a single)."""
    special = _special(value, infinity="Infinity")
    if special is not None:
        return special
    if value == 0:
        return "-0" if math.copysign(1.0, value) < 0 and not spoken().windows else "0"
    return _precise_text(value, precision)


def decimal_text(value: Decimal) -> str:
    return f"{value:f}"


def plain_text(value: int | float | Decimal) -> str:
    """ToString() without arguments."""
    if isinstance(value, float):
        return double_text(value)
    return decimal_text(value) if isinstance(value, Decimal) else str(int(value))


def _invalid() -> DotNetError:
    return DotNetError("System.FormatException", "Format specifier was invalid.")


def _round(value: Decimal, places: int, *, binary: bool) -> Decimal:
    return value.quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN if binary else ROUND_HALF_UP, context=_WIDE
    )


def _grouped(digits: str) -> str:
    return f"{int(digits):,}" if digits else ""


def _fixed(value: Decimal, places: int, *, binary: bool, group: bool) -> str:
    rounded = _round(value.copy_abs(), places, binary=binary)
    whole, _, fraction = f"{rounded:f}".partition(".")
    body = (_grouped(whole) if group else whole) + (f".{fraction}" if places else "")
    negative = value < 0 or (binary and value == 0 and value.is_signed())
    if spoken().windows and not rounded:
        negative = False
    return f"-{body}" if negative else body


def _exponential(value: Decimal, places: int, letter: str, *, binary: bool, width: int = 3) -> str:
    if not value:
        mantissa, exponent = Decimal(0), 0
    else:
        exponent = value.adjusted()
        mantissa = _round(value.copy_abs().scaleb(-exponent, _WIDE), places, binary=binary)
        if mantissa >= 10:
            exponent += 1
            mantissa = _round(mantissa / 10, places, binary=binary)
    sign = "-" if value.is_signed() else ""
    return f"{sign}{mantissa:.{places}f}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"


def _general(value: int | float | Decimal, precision: int) -> str:
    if precision:
        raise OutsideSubset("the number format G with a precision")
    return double_text(value) if isinstance(value, float) else plain_text(value)


def format_number(value: int | float | Decimal, specification: str) -> str:
    """ToString(specification) and "{0:specification}"; DotNetError (FormatException) when it does not apply."""
    if not specification:
        return plain_text(value)
    if isinstance(value, float) and (special := _special(value)) is not None:
        return special
    standard = re.fullmatch(r"([A-Za-z])([0-9]{0,9})", specification)
    if standard is None:
        return _custom(value, specification)
    letter, digits = standard.group(1), standard.group(2)
    places = budget.precision(int(digits)) if digits else None
    return _standard(value, letter, places)


def _framework_digits(value: float) -> Decimal:
    """What .NET Framework formats of a double: its fifteen digits, of a Single its seven."""
    return Decimal(f"{value:.{6 if isinstance(value, Single) else 14}e}")


def _standard(value: int | float | Decimal, letter: str, places: int | None) -> str:
    framework = spoken().windows
    binary = isinstance(value, float) and not framework
    number = _framework_digits(value) if framework and isinstance(value, float) else Decimal(value)
    usual = 2 if framework else 3
    match letter.upper():
        case "F":
            return _fixed(number, usual if places is None else places, binary=binary, group=False)
        case "N":
            return _fixed(number, usual if places is None else places, binary=binary, group=True)
        case "P":
            hundredth = number.scaleb(2, _WIDE)
            text = _fixed(hundredth, usual if places is None else places, binary=binary, group=True)
            return f"{text} %" if framework else f"{text}%"
        case "C":
            text = _fixed(number, 2 if places is None else places, binary=binary, group=True)
            if not text.startswith("-"):
                return f"${text}"
            return f"(${text[1:]})" if framework else f"-${text[1:]}"
        case "E":
            return _exponential(number, 6 if places is None else places, letter, binary=binary)
        case "G":
            return _general(value, places or 0)
        case "R" if isinstance(value, float):
            return round_trip_text(value)
        case "R" if isinstance(value, Decimal):
            raise _invalid()
        case "D" if isinstance(value, int):
            body = str(abs(int(value))).rjust(places or 0, "0")
            return f"-{body}" if value < 0 else body
        case "R" if isinstance(value, int):
            return str(int(value))
        case "X" | "B" if isinstance(value, int) and type(value) in INTEGER_RANGES:
            unsigned = int(value) & ((1 << _BITS[type(value).__name__]) - 1)
            text = f"{unsigned:X}" if letter == "X" else f"{unsigned:x}" if letter == "x" else f"{unsigned:b}"
            return text.rjust(places or 0, "0")
        case _:
            raise _invalid()


def _sections(specification: str) -> list[str]:
    parts, current, quote, escaped = [], "", "", False
    for character in specification:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == ";":
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current]


def _custom(value: int | float | Decimal, specification: str) -> str:
    number = Decimal(general_text(value, 15)) if isinstance(value, float) else Decimal(value)
    parts = _sections(specification)
    if len(parts) > 3:
        raise _invalid()
    if number == 0 and len(parts) == 3:
        return _custom_section(number, parts[2])
    if number < 0 and len(parts) > 1 and parts[1]:
        text, nonzero = _custom_text(abs(number), parts[1])
        if nonzero:
            return text
    text, nonzero = _custom_text(abs(number), parts[0])
    if not nonzero and len(parts) == 3:
        return _custom_section(Decimal(0), parts[2])
    keeps_sign = nonzero or (isinstance(value, float) and re.search("[0-9]", text) is not None)
    return f"-{text}" if number.is_signed() and keeps_sign else text


def _custom_section(number: Decimal, pattern: str) -> str:
    return _custom_text(abs(number), pattern)[0]


_TOKEN: Final = re.compile(r"\\.|'[^']*'|\"[^\"]*\"|[eE][+-]?0+|.", re.DOTALL)


def _custom_text(number: Decimal, pattern: str) -> tuple[str, bool]:
    parts_: list[str] = _TOKEN.findall(pattern)
    places = [part for part in parts_ if part in {"0", "#"}]
    point = next((index for index, part in enumerate(parts_) if part == "."), None)
    whole_parts = parts_ if point is None else parts_[:point]
    whole_places = [part for part in whole_parts if part in {"0", "#"}]
    fraction_places = places[len(whole_places) :]
    if any(re.fullmatch(r"[eE][+-]?0+", part) for part in parts_):
        raise OutsideSubset("an exponent in a custom number format")
    number = number.scaleb(2 * parts_.count("%") + 3 * parts_.count("‰"), _WIDE)
    trailing = 0
    seen_places = [index for index, part in enumerate(whole_parts) if part in {"0", "#"}]
    group = False
    if seen_places:
        trailing = sum(1 for part in whole_parts[seen_places[-1] + 1 :] if part == ",")
        group = any(part == "," for part in whole_parts[seen_places[0] : seen_places[-1]])
    number = number.scaleb(-3 * trailing, _WIDE)
    rounded = _round(number, len(fraction_places), binary=False)
    whole, _, fraction = f"{rounded:f}".partition(".")
    whole = whole.lstrip("0")
    minimum = len(whole_places) - whole_places.index("0") if "0" in whole_places else 0
    whole = whole.rjust(minimum, "0")
    needed = len(fraction_places) - fraction_places[::-1].index("0") if "0" in fraction_places else 0
    fraction = fraction.rstrip("0").ljust(needed, "0")
    return _lay_out(parts_, whole, fraction, len(whole_places), group=group), rounded != 0


def _lay_out(parts_: list[str], whole: str, fraction: str, slots: int, *, group: bool) -> str:
    out: list[str] = []
    position = 0
    remaining_fraction = fraction
    in_fraction = False
    for part in parts_:
        if part in {"0", "#"}:
            if in_fraction:
                out.append(remaining_fraction[:1])
                remaining_fraction = remaining_fraction[1:]
                continue
            left = slots - position
            taken = len(whole) - (left - 1) if position == 0 else 1
            start = len(whole) - left if position else 0
            position += 1
            if position == 1:
                chunk = whole[: max(taken, 0)]
                start = 0
            else:
                chunk = whole[start : start + 1] if start >= 0 else ""
            for offset, digit in enumerate(chunk):
                out.append(digit)
                after = len(whole) - (max(start, 0) + offset) - 1
                if group and after and after % 3 == 0:
                    out.append(",")
        elif part == ".":
            if not in_fraction and fraction:
                out.append(".")
            in_fraction = True
        elif part == ",":
            continue
        elif part[0] == "\\" and len(part) == 2:
            out.append(part[1])
        elif part[0] in "'\"" and len(part) > 1:
            out.append(part[1:-1])
        else:
            out.append(part)
    return "".join(out)
