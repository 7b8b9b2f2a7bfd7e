"""Version numbers as products print them: dotted, and of any length."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\d{1,18}(?:\.\d{1,18})*(?!\d)", re.ASCII)


def is_version(text: str) -> bool:
    """Whether `text` is numbers with dots between them and nothing else."""
    return _NUMBERS.fullmatch(text) is not None


def at_least(told: str, wanted: str) -> bool | None:
    """Whether `told` is `wanted` or later, as far as `wanted` goes; None where either is not to be read.

    What is wanted has to be a version; what a product tells may have words behind it.
    """
    numbers = _NUMBERS.match(told.strip())
    if numbers is None or not is_version(wanted):
        return None
    return _as_numbers(numbers[0]) >= _as_numbers(wanted)


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))
