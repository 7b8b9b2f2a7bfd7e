"""PowerShell's wildcards: `*`, `?`, `[set]`, and the backtick that takes their meaning away."""

from __future__ import annotations

import functools
import re
from typing import Final

from lab.simulator.powershell.errors import PowerShellError, failure

WILDCARD_EXCEPTION: Final = "System.Management.Automation.WildcardPatternException"


@functools.cache
def pattern_of(wildcard: str) -> re.Pattern[str]:
    """The regular expression that matches what the wildcard matches, without regard to case."""
    parts: list[str] = []
    index = 0
    while index < len(wildcard):
        character = wildcard[index]
        index += 1
        if character == "`" and (index < len(wildcard) or wildcard == "`"):
            parts.append(re.escape(wildcard[index : index + 1]))
            index += 1
        elif character == "*":
            parts.append(".*")
        elif character == "?":
            parts.append(".")
        elif character == "[":
            expression, index = _bracket(wildcard, index)
            parts.append(expression)
        else:
            parts.append(re.escape(character))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _bracket(wildcard: str, start: int) -> tuple[str, int]:
    """The set of characters that begins at `start`, and where it ends; a `]` right at its start belongs to it."""
    units: list[tuple[str, bool]] = []
    index = start
    while index < len(wildcard):
        character = wildcard[index]
        if character == "]" and index > start:
            return _set(units, wildcard), index + 1
        escaped = character == "`" and index + 1 < len(wildcard)
        index += 1 if escaped else 0
        units.append((wildcard[index], wildcard[index] == "-" and not escaped))
        index += 1
    raise _invalid(wildcard)


def _set(units: list[tuple[str, bool]], wildcard: str) -> str:
    ranges: list[str] = []
    index = 0
    while index < len(units):
        first = units[index][0]
        if index + 2 < len(units) and units[index + 1][1]:
            last = units[index + 2][0]
            if first > last:
                raise _invalid(wildcard)
            ranges.append(f"{re.escape(first)}-{re.escape(last)}")
            index += 3
        else:
            ranges.append(re.escape(first))
            index += 1
    return f"[{''.join(ranges)}]"


def _invalid(wildcard: str) -> PowerShellError:
    return failure(
        f"The specified wildcard character pattern is not valid: {wildcard}",
        "RuntimeException",
        "NotSpecified",
        exception=WILDCARD_EXCEPTION,
    )


def matches(wildcard: str, text: str) -> bool:
    return pattern_of(wildcard).fullmatch(text) is not None


def has_wildcard(text: str) -> bool:
    return re.search(r"(?<!`)[*?\[]", text) is not None


def unescaped(wildcard: str) -> str:
    """The literal text of a wildcard without special characters."""
    return re.sub(r"`(.)", r"\1", wildcard, flags=re.DOTALL)
