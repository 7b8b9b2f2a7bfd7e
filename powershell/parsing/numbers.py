"""What a number in a script is worth, and of which type: suffixes, multipliers, hexadecimal, binary, promotion."""

from __future__ import annotations

import math
import re
from decimal import Decimal, localcontext
from typing import Final

from powershell.parsing.scanner import DASHES
from powershell.values import INTEGER_RANGES, Int64

NUMBER: Final = re.compile(
    rf"""(?P<sign>[+{re.escape(DASHES)}])?
    (?: 0x(?P<hexadecimal>[0-9a-f]*)
      | 0b(?P<binary>[01]*)
      | (?P<integer>[0-9]+)(?: (?P<fraction>\.(?!\.)[0-9]*) (?:e(?P<exponent>[+{re.escape(DASHES)}]?[0-9]+))?
                             | e(?P<exponent2>[+{re.escape(DASHES)}]?[0-9]+) )?
      | (?P<point>\.[0-9]*) (?:e(?P<exponent3>[+{re.escape(DASHES)}]?[0-9]+))?
    )
    (?P<suffix>[dlnsuy]{{0,2}})
    (?P<multiplier>[kmgtp]b)?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)

_MULTIPLIERS: Final = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
SUFFIXES: Final = frozenset({"", "l", "d"})
SUFFIXES_OF_VERSION_7: Final = frozenset({"u", "s", "y", "n", "ul", "us", "uy"})
_DECIMAL_LIMIT: Final = 2**96
_EXACT: Final = 100
_TYPES: Final[dict[str, tuple[type[int], ...]]] = {"l": (Int64,), "": (int, Int64)}


def number_of(match: re.Match[str]) -> object | None:
    """The typed value of a literal matched by NUMBER, or None where it is out of range or its suffix is none."""
    suffix = match["suffix"].lower()
    if suffix not in SUFFIXES:
        return None
    multiplier = _MULTIPLIERS[match["multiplier"].lower()] if match["multiplier"] else 1
    negative = bool(match["sign"]) and match["sign"] != "+"
    if match["hexadecimal"] is not None:
        value, suffix = _hexadecimal("0" + match["hexadecimal"], suffix)
        return _integer((-value if negative else value) * multiplier, suffix)
    exponent = match["exponent"] or match["exponent2"] or match["exponent3"]
    if match["fraction"] is None and match["point"] is None and exponent is None:
        value = int(match["integer"])
        return _whole((-value if negative else value) * multiplier, suffix)
    digits = (match["integer"] or "") + (match["fraction"] or match["point"] or "")
    if digits == ".":
        return None
    power = exponent.translate(dict.fromkeys(map(ord, DASHES), "-")) if exponent else "0"
    return _real(("-" if negative else "") + digits, power, suffix, multiplier)


def _hexadecimal(digits: str, suffix: str) -> tuple[int, str]:
    """``0xFFFFFFFF`` is -1: a literal that fills its type has a sign bit. ``digits`` begin with a 0 of our own."""
    length = len(digits)
    expected = 16 if suffix == "l" or length >= 16 else 8
    if length == expected + 1:
        digits = digits[1:]
    value = int(digits, 16)
    if digits[0] > "7":
        value -= 16 ** len(digits)
    return value, suffix + "l" if len(digits) == 16 and not suffix else suffix


def _integer(value: int, suffix: str) -> object | None:
    if suffix == "d":
        return Decimal(value) if abs(value) < _DECIMAL_LIMIT else None
    for candidate in _TYPES[suffix]:
        low, high = INTEGER_RANGES[candidate]
        if low <= value <= high:
            return candidate(value)
    return None


def _whole(value: int, suffix: str) -> object | None:
    """A decimal literal without point: Int32, Int64, Decimal, Double, whichever first holds it."""
    typed = _integer(value, suffix)
    if typed is not None or suffix:
        return typed
    if abs(value) < _DECIMAL_LIMIT:
        return Decimal(value)
    return _truncated_double(value)


def _truncated_double(value: int) -> float | None:
    """.NET drops the bits of a large integer that a Double has no room for; it does not round."""
    excess = max(abs(value).bit_length() - 53, 0)
    try:
        mantissa = abs(value) >> excess
        return math.copysign(math.ldexp(mantissa, excess), value)
    except OverflowError:
        return None


def _real(digits: str, power: str, suffix: str, multiplier: int) -> object | None:
    if suffix == "d":
        return _system_decimal(Decimal(f"{digits}e{power}"), multiplier)
    value = float(f"{digits}e{power}") * multiplier
    if not suffix:
        return value
    if value in (float("inf"), float("-inf")):
        return None
    return _integer(round(value), suffix)


def _system_decimal(written: Decimal, multiplier: int) -> Decimal | None:
    """As System.Decimal keeps it: 96 bits, at most 28 digits behind the point, those written."""
    if written.adjusted() > 28:
        return None
    with localcontext() as context:
        context.prec = _EXACT
        factor = _fitted(written)
        return None if factor is None else _fitted(factor * multiplier)


def _fitted(value: Decimal) -> Decimal | None:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "a literal is finite"
    for digits in range(min(max(-exponent, 0), 28), -1, -1):
        rounded = value.quantize(Decimal(1).scaleb(-digits))
        if abs(rounded.scaleb(digits)) < _DECIMAL_LIMIT:
            return rounded or rounded.copy_abs()
    return None
