"""What ought to be refused, and is tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drills.observation import Observation, handed_on
from lab.errors import InterlockRefused, OperationRefused
from words import Told, sentence

if TYPE_CHECKING:
    from drills.recording import NotedCalls


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who refused it, if it was refused, and how many actions were sent because of it."""

    refusal: OperationRefused | None
    actions_sent: int

    @property
    def refused_by_product(self) -> bool:
        return self.refusal is not None and not isinstance(self.refusal, InterlockRefused)

    def refused_under(self, point: str) -> bool:
        """By Kunren's interlock for that point of the guide, before a host heard of it."""
        return isinstance(self.refusal, InterlockRefused) and self.refusal.point == point and self.actions_sent == 0

    @property
    def text(self) -> Told:
        sent = self.actions_sent
        if self.refusal is None:
            return sentence("steps.attempt.not_refused", sent=sent)
        return sentence("steps.attempt.refused", refusal=self.refusal, sent=sent)


class Attempts:
    """The attempts of a drill, of which the last is judged."""

    def __init__(self, calls: NotedCalls, observation: Observation) -> None:
        self._calls = calls
        self._observation = observation
        self._last: Attempt | None = None

    def attempt(self, act: Callable[[], None]) -> None:
        """A refusal is what is hoped for, any other error is not."""
        before, refusal = self._calls.actions, None
        try:
            act()
        except OperationRefused as refused:
            refusal = refused
        self._last = Attempt(refusal, self._calls.actions - before)
        self._observation.leave("attempt")

    def judged(self) -> Attempt:
        """The last attempt, told in the journal however it ended."""
        self._observation.take_up("attempt")
        attempt = handed_on(self._last, sentence("errors.drill.no_attempt"))
        self._observation.note(attempt.text)
        return attempt
