"""Version numbers as products print them: dotted, and of any length."""

from __future__ import annotations

import re


def at_least(told: str, wanted: str) -> bool | None:
    """Whether `told` is `wanted` or later, as far as `wanted` goes; None where it does not begin with a number."""
    numbers = _numbers(told)
    return None if not numbers else numbers >= _numbers(wanted)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version.strip(), re.ASCII)
    return tuple(int(number) for number in found[0].split(".")) if found else ()
