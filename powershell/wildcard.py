"""PowerShell's wildcards: `*`, `?`, `[set]`, and the backtick that takes their meaning away."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from powershell.errors import PowerShellError, failure
from powershell.matching import compiled

WILDCARD_EXCEPTION: Final = "System.Management.Automation.WildcardPatternException"
_TOKEN: Final = re.compile(r"\*+|\[(?:`.|[^`])(?:`.|[^\]`])*\]|`.|.", re.DOTALL)
"""A set of characters, whose first may be a bracket too, an escaped character or another one."""
_PLAIN: Final = re.compile(r"[\w .:-]*", re.ASCII)
_UNIT: Final = re.compile(r"`?(.)(?:-`?(.))?", re.DOTALL)


@functools.lru_cache(maxsize=500)
def _expression_of(wildcard: str) -> str:
    """The regular expression that matches what the wildcard matches."""
    return "" if wildcard == "`" else _TOKEN.sub(_translated, wildcard)


def _translated(token: re.Match[str]) -> str:
    text = token[0]
    if text[0] == "*":
        return ".*"
    if text == "?":
        return "."
    if text == "[":
        raise _invalid(token.string)
    if text[0] != "[":
        return re.escape(text[-1])
    parts: list[str] = []
    for first, last in _UNIT.findall(text[1:-1]):
        if last and first > last:
            raise _invalid(token.string)
        parts.append(f"{re.escape(first)}-{re.escape(last)}" if last else re.escape(first))
    return f"[{''.join(parts)}]"


def _invalid(wildcard: str) -> PowerShellError:
    return failure(
        f"The specified wildcard character pattern is not valid: {wildcard}",
        "RuntimeException",
        "NotSpecified",
        exception=WILDCARD_EXCEPTION,
    )


def matches(wildcard: str, text: str, *, ignore_case: bool = True) -> bool:
    if wildcard == "*" or (_PLAIN.fullmatch(wildcard) is not None and text.isascii()):
        return wildcard in {"*", text} or (ignore_case and wildcard.lower() == text.lower())
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return compiled(_expression_of(wildcard), flags).fullmatch(text) is not None


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
