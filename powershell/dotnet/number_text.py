"""Numbers as .NET prints them in culture en-US, by general, standard and custom formats; and String.Format."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from powershell import budget
from powershell.dialect import spoken
from powershell.errors import OutsideSubset
from powershell.values import Byte, Int64, UInt64

_WIDE: Final = Context(prec=400)
Number = int | float | Decimal


def _layout(value: float, precision: int, limit: int) -> str:
    """So many digits of a double, behind an exponent where it has more than `limit` before its point."""
    number = Decimal(f"{abs(value):.{precision - 1}e}").normalize(_WIDE)
    digits, exponent = "".join(map(str, number.as_tuple().digits)), number.adjusted()
    sign = "-" if value < 0 else ""
    if -5 < exponent < limit:
        return f"{sign}{number:f}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return f"{sign}{mantissa}E{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def double_text(value: float) -> str:
    """Double.ToString(): the shortest text that reads back; on .NET Framework fifteen digits."""
    return general_text(value, infinity="∞") if spoken().windows else round_trip_text(value)


def round_trip_text(value: float) -> str:
    """Double.ToString("R"); on .NET Framework fifteen digits where they read back, else seventeen."""
    text = general_text(value, infinity="∞")
    if not math.isfinite(value) or not value:
        return text
    if spoken().windows:
        return text if float(text) == value else _layout(value, 17, 17)
    return _layout(value, len(Decimal(repr(abs(value))).normalize().as_tuple().digits), 17)


def general_text(value: float, *, infinity: str = "Infinity") -> str:
    """The "G15" by which PowerShell itself turns a double into a string."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return infinity if value > 0 else f"-{infinity}"
    if value == 0:
        return "-0" if math.copysign(1.0, value) < 0 and not spoken().windows else "0"
    return _layout(value, 15, 15)


def decimal_text(value: Decimal) -> str:
    return f"{value:f}"


def plain_text(value: Number) -> str:
    """ToString() without arguments."""
    if isinstance(value, float):
        return double_text(value)
    return decimal_text(value) if isinstance(value, Decimal) else str(int(value))


def format_number(value: Number, specification: str) -> str:
    """ToString(specification) and "{0:specification}"."""
    if isinstance(value, float) and not math.isfinite(value):
        return double_text(value)
    standard = re.fullmatch(r"([FNPDXfnpdx])([0-9]{0,9})", specification)
    if standard is not None:
        return _standard(value, standard[1], budget.precision(int(standard[2])) if standard[2] else None)
    if re.fullmatch(r"(#,)?#*0+(\.0*#*)?", specification):
        return _custom(value, specification)
    raise OutsideSubset(f"the number format '{specification}'")


def _standard(value: Number, letter: str, places: int | None) -> str:
    decimals = (2 if spoken().windows else 3) if places is None else places
    match letter.upper():
        case "F":
            return _fixed(value, decimals)
        case "N":
            return _fixed(value, decimals, group=True)
        case "P":
            text = _fixed(value, decimals, group=True, scale=2)
            return f"{text} %" if spoken().windows else f"{text}%"
        case "D" if isinstance(value, int):
            return f"{int(value):0{(places or 0) + (value < 0)}d}"
        case "X" if isinstance(value, int):
            bits = {int: 32, Byte: 8, Int64: 64, UInt64: 64}.get(type(value), 32)
            return f"{int(value) & ((1 << bits) - 1):0{places or 0}{letter}}"
        case _:
            raise OutsideSubset(f"the number format {letter} of this number")


def _fixed(value: Number, places: int, *, group: bool = False, scale: int = 0) -> str:
    number, rounding = Decimal(value), ROUND_HALF_UP
    if isinstance(value, float):
        # .NET Framework formats the fifteen digits of a double, .NET the double itself.
        number = Decimal(f"{value:.14e}") if spoken().windows else number
        rounding = ROUND_HALF_UP if spoken().windows else ROUND_HALF_EVEN
    rounded = number.scaleb(scale, _WIDE).quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE)
    if not rounded and spoken().windows:
        rounded = abs(rounded)
    return f"{rounded:,f}" if group else f"{rounded:f}"


def _custom(value: Number, pattern: str) -> str:
    """`0.00`, `#,##0` and their like: least and most digits behind the point, least before it, thousands."""
    whole, _, fraction = pattern.partition(".")
    number = Decimal(general_text(value)) if isinstance(value, float) else Decimal(value)
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP, context=_WIDE)
    digits, _, rest = f"{abs(rounded):,f}".partition(".")
    if "," not in pattern:
        digits = digits.replace(",", "").rjust(whole.count("0"), "0")
    elif whole.count("0") > 1:
        raise OutsideSubset(f"the number format '{pattern}'")
    rest = rest.rstrip("0").ljust(fraction.count("0"), "0")
    negative = rounded < 0 or (isinstance(value, float) and number.is_signed() and not spoken().windows)
    return ("-" if negative else "") + digits + (f".{rest}" if rest else "")


_PIECE: Final = re.compile(r"\{\{|\}\}|\{([0-9]+) *(?:, *(-?[0-9]+) *)?(?::([^{}]*))?\}|[^{}]+|[{}]")


def format_text(template: str, arguments: Sequence[Any], formatted: Callable[[Any, str], str]) -> str:
    """The template with its items filled in; `formatted` gives an argument by its specifier."""
    out: list[str] = []
    for piece in _PIECE.finditer(template):
        text = piece.group()
        if text in {"{", "}"} or (piece[1] and int(piece[1]) >= len(arguments)):
            raise OutsideSubset(f"the format '{template}' of {len(arguments)} value(s)")
        if piece[1]:
            out.append(_padded(formatted(arguments[int(piece[1])], piece[3] or ""), int(piece[2] or 0)))
        else:
            out.append(text[0] if text in {"{{", "}}"} else text)
    return budget.joined(out)


def _padded(text: str, width: int) -> str:
    budget.text(max(abs(width), len(text)))
    return text.rjust(width) if width >= 0 else text.ljust(-width)
