"""When people are asked anew: once for each observation that a step needs, however often it is polled."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from lab.model.tasks import Awaited
from lab.ports import Clock
from words import Told

T = TypeVar("T")
FRESH = timedelta(minutes=1)
"""For so long an answer serves looks that no step is waiting for, such as those of interlocks and comparisons."""


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    answer: T
    by: str
    at: float


@dataclass(slots=True)
class Attention(Generic[T]):
    """Answers that still serve. A task, or another step's need, makes them stale.

    Whom a step rests on is known, also where it uses what an earlier step was told: `relied` is told of that.
    """

    clock: Clock
    awaited: Awaited | None = None
    relied: Callable[[tuple[str, ...], timedelta | None], None] = lambda _by, _age: None
    _answers: dict[Hashable, _Kept[T]] = field(default_factory=dict)
    _passed_over: frozenset[Hashable] = frozenset()
    """What was answered before the step that judges now."""
    _in_step: bool = False
    _rests_on: dict[str, None] = field(default_factory=dict)
    """Names of those whose word the present step rests on."""
    _facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of what earlier steps have left, whose word it rests on."""

    @contextmanager
    def on(self, expected: Told, limit: timedelta) -> Iterator[Awaited]:
        """While a step looks for `expected`; each question is asked once within it."""
        outer, self.awaited = self.awaited, Awaited(expected, limit)
        if outer is None:
            self.expire()
        try:
            yield self.awaited
        finally:
            self.awaited = outer

    def expire(self) -> None:
        """What was answered is of the past: something has been done."""
        self._answers.clear()

    def begin_step(self, *, judges: bool) -> None:
        """A step that only judges asks anew: an answer from before is neither seen now nor told in this step."""
        self._passed_over = frozenset(self._answers) if judges else frozenset()
        self._in_step = True
        self._rests_on.clear()

    def end_step(self) -> None:
        self._passed_over = frozenset()
        self._in_step = False
        self._rests_on.clear()

    def answer(self, key: Hashable) -> T | None:
        known = None if key in self._passed_over else self._answers.get(key)
        if known is None:
            return None
        age = timedelta(seconds=self.clock.monotonic() - known.at)
        if self.awaited is None and age > FRESH:
            return None
        self.rely(known.by, age=age)
        return known.answer

    def keep(self, key: Hashable, answer: T, by: str) -> None:
        self._passed_over -= {key}
        self._answers[key] = _Kept(answer, by, self.clock.monotonic())
        self.answered(by)

    # -- whose word something rests on ---------------------------------------------------------------------------------

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Names of those whose word the present step rests on."""
        return tuple(self._rests_on)

    def answered(self, by: str) -> None:
        """In the present step, where the answer itself is noted."""
        self._rests_on[by] = None

    def rely(self, *by: str, age: timedelta | None = None) -> None:
        """The present step uses what they have said before, so long ago."""
        named = tuple(dict.fromkeys(each for each in by if each and each not in self._rests_on))
        self._rests_on |= dict.fromkeys(named)
        if named and self._in_step:
            self.relied(named, age)

    def leave(self, fact: str) -> None:
        """The present step leaves a fact for later ones, which rest on whom it rests on itself."""
        self._facts[fact] = self.rests_on

    def take_up(self, fact: str) -> None:
        """The present step uses a fact that an earlier one has left."""
        self.rely(*self._facts.get(fact, ()))
