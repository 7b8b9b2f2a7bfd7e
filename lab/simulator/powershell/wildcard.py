"""PowerShell's wildcards: `*`, `?`, `[set]`, and the backtick that takes their meaning away."""

from __future__ import annotations

import functools
import re


@functools.cache
def pattern_of(wildcard: str) -> re.Pattern[str]:
    """The regular expression that matches what the wildcard matches, without regard to case."""
    parts: list[str] = []
    index = 0
    while index < len(wildcard):
        character = wildcard[index]
        index += 1
        if character == "`" and index < len(wildcard):
            parts.append(re.escape(wildcard[index]))
            index += 1
        elif character == "*":
            parts.append(".*")
        elif character == "?":
            parts.append(".")
        elif character == "[" and (end := wildcard.find("]", index + 1)) > 0:
            parts.append("[" + re.sub(r"([\\^\[])", r"\\\1", wildcard[index:end]) + "]")
            index = end + 1
        else:
            parts.append(re.escape(character))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(wildcard: str, text: str) -> bool:
    return pattern_of(wildcard).fullmatch(text) is not None


def has_wildcard(text: str) -> bool:
    return re.search(r"(?<!`)[*?\[]", text) is not None


def unescaped(wildcard: str) -> str:
    """The literal text of a wildcard without special characters."""
    return re.sub(r"`(.)", r"\1", wildcard, flags=re.DOTALL)
