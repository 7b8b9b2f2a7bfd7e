"""Regular expressions that end: what an engine's matcher has to offer, and what the engine makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol, TypeVar

from powershell import budget
from powershell.errors import OutsideSubset

_R = TypeVar("_R")


class Match(Protocol):
    """What the engine asks of a match, as `re.Match` has it."""

    @property
    def string(self) -> str: ...

    def start(self, group: int = 0, /) -> int: ...

    def end(self, group: int = 0, /) -> int: ...

    def group(self, group: int, /) -> str | None: ...

    def groups(self) -> tuple[str | None, ...]: ...


class Expression(Protocol):
    """A compiled expression; each method raises TimeoutError when the matcher's limit is exceeded."""

    def search(self, text: str, position: int = 0, /) -> Match | None: ...

    def fullmatch(self, text: str, /) -> Match | None: ...

    def finditer(self, text: str, /) -> Iterator[Match]: ...


class Matcher(Hashable, Protocol):
    """Compiles regular expressions whose searches are bounded in time."""

    def compile(self, expression: str, flags: int, seconds: float) -> Expression:
        """An expression in the syntax of `re` that `re` accepts; `seconds` is the limit of one search.

        Raises re.error or OutsideSubset for what it does not take.
        """


@dataclass(frozen=True, slots=True)
class StandardMatcher:
    """Matches with `re`, which cannot be interrupted: for scripts that are trusted, no limit."""

    def compile(self, expression: str, flags: int, seconds: float) -> Expression:  # noqa: ARG002 - as the others
        return re.compile(expression, flags)


_matcher: Final[ContextVar[Matcher | None]] = ContextVar("matcher", default=None)


@contextmanager
def matching_by(matcher: Matcher) -> Iterator[None]:
    """Regular expressions made inside are compiled by this matcher."""
    token = _matcher.set(matcher)
    try:
        yield
    finally:
        _matcher.reset(token)


class Pattern:
    """A compiled expression in the syntax of `re`; raises re.error for what is none."""

    __slots__ = ("_compiled", "_expression", "groups")

    def __init__(self, expression: str, flags: int, matcher: Matcher) -> None:
        self.groups = re.compile(expression, flags).groups
        self._expression = expression
        try:
            self._compiled = matcher.compile(expression, flags, budget.MATCH_SECONDS)
        except re.error:
            raise OutsideSubset(f"the regular expression '{expression}'") from None

    def search(self, text: str, position: int = 0) -> Match | None:
        return self._limited(lambda: self._compiled.search(text, position))

    def fullmatch(self, text: str) -> Match | None:
        return self._limited(lambda: self._compiled.fullmatch(text))

    def matches(self, text: str, count: int = 0) -> list[Match]:
        """The matches one after the other, at most `count` of them where it is not 0."""
        found: list[Match] = []

        def collect() -> list[Match]:
            for match in self._compiled.finditer(text):
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
                f"the regular expression '{self._expression}', which takes longer than {budget.MATCH_SECONDS} s "
                "on this text,"
            ) from None


@lru_cache(maxsize=500)
def _compiled(expression: str, flags: int, matcher: Matcher) -> Pattern:
    return Pattern(expression, flags, matcher)


def compiled(expression: str, flags: int = 0) -> Pattern:
    """The expression, compiled by the matcher of the engine that runs; raises re.error for what is none."""
    return _compiled(expression, flags, _matcher.get() or StandardMatcher())
