"""PowerShell's wildcards: `*`, `?`, `[set]`, and the backtick that takes their meaning away."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from powershell.errors import PowerShellError, failure
from powershell.matching import Pattern, compiled

WILDCARD_EXCEPTION: Final = "System.Management.Automation.WildcardPatternException"


def _pattern_of(wildcard: str, *, ignore_case: bool) -> Pattern:
    return compiled(_expression_of(wildcard), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


@functools.lru_cache(maxsize=500)
def _expression_of(wildcard: str) -> str:
    """The regular expression that matches what the wildcard matches."""
    parts: list[str] = []
    index = 0
    while index < len(wildcard):
        character = wildcard[index]
        index += 1
        if character == "`" and (index < len(wildcard) or wildcard == "`"):
            parts.append(re.escape(wildcard[index : index + 1]))
            index += 1
        elif character == "*":
            if parts[-1:] != [".*"]:
                parts.append(".*")
        elif character == "?":
            parts.append(".")
        elif character == "[":
            expression, index = _bracket(wildcard, index)
            parts.append(expression)
        else:
            parts.append(re.escape(character))
    return "".join(parts)


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


def matches(wildcard: str, text: str, *, ignore_case: bool = True) -> bool:
    return _pattern_of(wildcard, ignore_case=ignore_case).fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern as in -Name parameters; matches without regard to case."""

    text: str

    def matches(self, name: str) -> bool:
        return matches(self.text, name)

    @property
    def is_literal(self) -> bool:
        """Whether it names one thing: then none of that name is an error."""
        return not has_wildcard(self.text)


def has_wildcard(text: str) -> bool:
    return re.search(r"(?<!`)[*?\[]", text) is not None
