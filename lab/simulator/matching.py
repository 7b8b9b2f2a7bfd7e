"""Regular expressions of the simulated hosts: matched by `regex`, whose searches can be interrupted.

A search has a time limit and leaves the other threads of the lab running meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

_FLAGS: Final = {re.IGNORECASE: regex.I, re.MULTILINE: regex.M, re.DOTALL: regex.S, re.VERBOSE: regex.X}


@dataclass(frozen=True, slots=True)
class TimedMatcher:
    """The `powershell.Matcher` of the lab."""

    def compile(self, expression: str, flags: int, seconds: float) -> _TimedExpression:
        return _TimedExpression(expression, flags, seconds)


class _TimedExpression:
    def __init__(self, expression: str, flags: int, seconds: float) -> None:
        own = regex.VERSION0
        for flag, same in _FLAGS.items():
            own |= same if flags & flag else 0
        try:
            self._compiled = regex.compile(expression, own)
        except regex.error as error:
            raise re.error(str(error), expression) from None
        self._seconds = seconds

    def search(self, text: str, position: int = 0, /) -> regex.Match[str] | None:
        return self._compiled.search(text, position, concurrent=True, timeout=self._seconds)

    def fullmatch(self, text: str, /) -> regex.Match[str] | None:
        return self._compiled.fullmatch(text, concurrent=True, timeout=self._seconds)

    def finditer(self, text: str, /) -> Iterator[regex.Match[str]]:
        return self._compiled.finditer(text, concurrent=True, timeout=self._seconds)
