"""What the nouns of a drill have in common: what they know, and how they look, judge and wait."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Generic, TypeVar

from drills.course import Course
from drills.observation import Observation, kept
from lab.model.limits import Within
from lab.model.subject import Subject
from lab.ports import Clock
from words import Told

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What every noun of one drill knows."""

    subject: Subject
    course: Course
    observation: Observation
    clock: Clock

    def kept(self, fact: T | None, lacking: Told) -> T:
        """What an earlier chapter has made to be looked for now; raises LeftOut where the drill began after it."""
        return kept(fact, lacking, begun_midway=self.course.begun_midway)


class Observed(ABC, Generic[T]):
    """Something a drill looks at; every judgement and every wait goes into the journal.

    `asked` tells whether people may have to be asked for it.
    """

    asked: ClassVar = False

    def __init__(self, context: Context) -> None:
        self.context = context

    @abstractmethod
    def now(self) -> T:
        """Looks once."""

    @abstractmethod
    def told(self, seen: T) -> Told:
        """What a look has seen, in words."""

    def expect(self, holds: Callable[[T], bool], expected: Told) -> T:
        """Judges one look; raises Unmet."""
        with self.context.observation.looking(expected) if self.asked else nullcontext():
            seen = self.now()
        self.context.observation.expect(holds(seen), expected=expected, seen=self.told(seen))
        return seen

    def until(
        self,
        holds: Callable[[T], bool],
        expected: Told,
        within: Within,
        every: timedelta = timedelta(seconds=5),
    ) -> T:
        """Looks until it holds, and returns what it saw then; raises Unmet or NoResult."""
        return self.context.observation.until(
            self.now, holds, expected=expected, seen=self.told, within=within, every=every, asked=self.asked
        )
