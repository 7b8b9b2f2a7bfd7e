"""What the operator is told at once when a run is asked to stop."""

from __future__ import annotations

from datetime import timedelta

from drills.interruption import Stops, UnderWay
from kunren.terminal import say_at_once
from words import Language, Term, sentence, words_of


class Notice:
    """Says what a request to stop leads to, from the signal handler itself.

    One of many drills at a time, `drill`, only adds what its restoration is doing.
    """

    def __init__(self, stops: Stops, language: Language, *, drill: str = "") -> None:
        self._stops = stops
        self._words = words_of(language)
        self._drill = drill
        self.ending = False
        """Whether all drills have ended."""

    def __call__(self) -> None:
        under_way = self._stops.under_way
        told = [] if self._drill else [self._words(f"stopping.{self._said}")]
        if under_way is not None:
            told.append(self._detail(under_way))
        if told:
            say_at_once(f"{self._drill}: {told[0]}" if self._drill else " ".join(told))

    @property
    def _said(self) -> str:
        if self.ending:
            return "ending"
        if self._stops.asked_again:
            return "again"
        return "restoring" if self._stops.restoring else "stopping"

    def _detail(self, doing: UnderWay) -> str:
        words = self._words
        act = words.known("restore", doing.act)
        if self._stops.asked_again:
            then = words.value(tuple(Term("restore", each) for each in doing.then) or sentence("stopping.nothing"))
            return words("stopping.left", act=act, then=then)
        if doing.waits_for is None:
            return words("stopping.act", act=act)
        left = words.length(timedelta(seconds=doing.left_s))
        return words("stopping.wait", act=act, condition=doing.waits_for, left=left)
