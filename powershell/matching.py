"""Regular expressions that end: every search has a time limit and leaves the other threads running meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

import regex

from powershell import budget
from powershell.errors import OutsideSubset

Match = regex.Match[str]
_R = TypeVar("_R")
_FLAGS: Final = {re.IGNORECASE: regex.I, re.MULTILINE: regex.M, re.DOTALL: regex.S, re.VERBOSE: regex.X}


class Pattern:
    """A compiled expression in Python's syntax; raises re.error for what is none.

    It is `regex` that matches, since Python's own engine can be neither interrupted nor run beside other threads.
    """

    __slots__ = ("_compiled", "groups")

    def __init__(self, expression: str, flags: int = 0) -> None:
        self.groups = re.compile(expression, flags).groups
        own = regex.VERSION0
        for flag, same in _FLAGS.items():
            own |= same if flags & flag else 0
        try:
            self._compiled = regex.compile(expression, own)
        except regex.error:
            raise OutsideSubset(f"the regular expression '{expression}'") from None

    def search(self, text: str, position: int = 0) -> Match | None:
        return self._limited(
            lambda: self._compiled.search(text, position, concurrent=True, timeout=budget.MATCH_SECONDS)
        )

    def fullmatch(self, text: str) -> Match | None:
        return self._limited(lambda: self._compiled.fullmatch(text, concurrent=True, timeout=budget.MATCH_SECONDS))

    def matches(self, text: str, count: int = 0) -> list[Match]:
        """The matches one after the other, at most `count` of them where it is not 0."""
        found: list[Match] = []

        def collect() -> list[Match]:
            for match in self._compiled.finditer(text, concurrent=True, timeout=budget.MATCH_SECONDS):
                found.append(match)
                if len(found) == count:
                    break
                if len(found) % 10_000 == 0:
                    budget.items(len(found))
            return found

        return self._limited(collect)

    def replaced(self, text: str, change: Callable[[Match], str], count: int = 0) -> str:
        parts: list[str] = []
        start = length = 0
        for match in self.matches(text, count):
            parts += (text[start : match.start()], change(match))
            length += len(parts[-1])
            if length > budget.LONGEST_TEXT:
                budget.text(length)
            start = match.end()
        return budget.joined([*parts, text[start:]])

    def _limited(self, match: Callable[[], _R]) -> _R:
        try:
            return match()
        except TimeoutError:
            raise OutsideSubset(
                f"the regular expression '{self._compiled.pattern}', which takes longer than {budget.MATCH_SECONDS} s "
                "on this text,"
            ) from None
