"""Requests to stop: Kunren's own, and what the operator is told at once of each."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from dataclasses import dataclass
from datetime import timedelta

from drills.interruption import Stops, UnderWay
from journal.seen import Note
from journal.writer import Journal
from kunren.terminal import say_at_once
from words import Language, Term, Told, sentence, words_of


@dataclass(frozen=True, slots=True)
class Stopping:
    """Asks a run to stop, from any thread, unless a stop was already asked for or its lab is being restored."""

    stops: Stops
    journal: Journal

    def __call__(self, because: Told) -> None:
        if self.stops.asked or self.stops.restoring:
            return
        self.stops.because = because
        self.journal.write(Note(text=because))
        if sys.platform == "win32":
            _thread.interrupt_main(signal.SIGTERM)
        else:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


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
        if self._stops.questioned:
            return "declined"
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
