"""When people are asked anew: once for each observation that a step needs, however often it is polled."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from lab.model.tasks import Awaited
from lab.ports import Clock
from words import Told

T = TypeVar("T")
FRESH = timedelta(minutes=5)
"""For so long an answer serves looks that no step is waiting for, such as those of interlocks and comparisons."""


@dataclass(slots=True)
class Attention(Generic[T]):
    """Answers that still serve. A task, or another step's need, makes them stale."""

    clock: Clock
    awaited: Awaited | None = None
    _answers: dict[Hashable, tuple[float, T]] = field(default_factory=dict)
    _passed_over: frozenset[Hashable] = frozenset()
    """What was answered before the step that judges now."""

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

    def end_step(self) -> None:
        self._passed_over = frozenset()

    def answer(self, key: Hashable) -> T | None:
        known = None if key in self._passed_over else self._answers.get(key)
        if known is None or (self.awaited is None and self.clock.monotonic() - known[0] > FRESH.total_seconds()):
            return None
        return known[1]

    def keep(self, key: Hashable, answer: T) -> None:
        self._passed_over -= {key}
        self._answers[key] = (self.clock.monotonic(), answer)
