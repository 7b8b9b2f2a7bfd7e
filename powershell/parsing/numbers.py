"""What a number in a script is worth, and of which type: the suffix l, multipliers, hexadecimal."""

from __future__ import annotations

import re
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

SUFFIXES: Final = frozenset({"", "l", "d"})
SUFFIXES_OF_VERSION_7: Final = frozenset({"u", "s", "y", "n", "ul", "us", "uy"})
_LONGEST: Final = 1000
_MULTIPLIERS: Final = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}
_TYPES: Final[dict[str, tuple[type[int], ...]]] = {"l": (Int64,), "": (int, Int64)}


def number_of(match: re.Match[str]) -> int | float | None:
    """The typed value of a literal matched by NUMBER; None for one that is refused."""
    suffix = match["suffix"].lower()
    if suffix not in _TYPES or len(match[0]) > _LONGEST:
        return None
    negative = bool(match["sign"]) and match["sign"] != "+"
    multiplier = _MULTIPLIERS[match["multiplier"].lower()] if match["multiplier"] else 1
    factor = -multiplier if negative else multiplier
    if match["hexadecimal"] is not None:
        return _hexadecimal(match["hexadecimal"], factor, suffix)
    exponent = match["exponent"] or match["exponent2"] or match["exponent3"]
    if match["fraction"] is None and match["point"] is None and exponent is None:
        return _typed(int(match["integer"]) * factor, suffix)
    digits = (match["integer"] or "") + (match["fraction"] or match["point"] or "")
    if suffix or digits == ".":
        return None
    return float(f"{digits}e{exponent.translate(_ASCII_DASHES) if exponent else 0}") * factor


_ASCII_DASHES: Final = dict.fromkeys(map(ord, DASHES), "-")


def _hexadecimal(digits: str, factor: int, suffix: str) -> int | None:
    """``0xFFFFFFFF`` is -1: a literal that fills its type has a sign bit."""
    value, bits = int("0" + digits, 16), 64 if suffix or len(digits) > 8 else 32
    if len(digits) > 16:
        return None
    signed = value - (1 << bits) if value >> (bits - 1) else value
    return _typed(signed * factor, "l" if bits == 64 and len(digits) == 16 else suffix)


def _typed(value: int, suffix: str) -> int | None:
    for candidate in _TYPES[suffix]:
        low, high = INTEGER_RANGES[candidate]
        if low <= value <= high:
            return candidate(value)
    return None
