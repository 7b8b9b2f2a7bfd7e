"""Pause points: the drill is held until the lead has it go on, or its limit is over."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from board.access import NotOffered
from board.state import BoardState
from journal.people import PauseBegan, PauseEnded, PauseEnding, PausePoint
from journal.writer import Journal
from words import sentence

STOP_HEARD_S = 0.5
"""How soon a request to stop is heard where no signal ends the wait."""
POINTS = {"after-fault": PausePoint.FAULT, "before-restoration": PausePoint.RESTORATION}


def points_of(text: str) -> frozenset[PausePoint]:
    """As the command line has them. Raises NotOffered."""
    try:
        return frozenset(POINTS[each.strip()] for each in text.split(",") if each.strip())
    except KeyError as error:
        raise NotOffered(sentence("board.not_offered.points", points=text)) from error


@dataclass(slots=True, kw_only=True)
class PausesAtPoints(ABC):
    """Holds the drill at `points`, and before the next step when a person asks for it; `stop` asks the run to stop."""

    journal: Journal
    limit: timedelta
    points: frozenset[PausePoint]
    stop: Callable[[], None]
    _seen: int = 0

    def before_step(self) -> None:
        asked, faults = self._asked(), self._faults()
        struck, self._seen = faults > self._seen, faults
        if struck and PausePoint.FAULT in self.points:
            ended = self._hold(PausePoint.FAULT, asked, lambda: False)
        elif asked:
            ended = self._hold(PausePoint.STEP, asked, lambda: False)
        else:
            return
        if ended is PauseEnding.NOT_ENDED:
            self.stop()

    def before_restoration(self, stopped: Callable[[], bool]) -> None:
        asked = self._asked()
        if (asked or PausePoint.RESTORATION in self.points) and not stopped():
            self._hold(PausePoint.RESTORATION, asked, stopped)

    def _hold(self, point: PausePoint, asked: str, stopped: Callable[[], bool]) -> PauseEnding:
        began, ending, by = time.monotonic(), PauseEnding.STOPPED, ""
        self._begin()
        self.journal.write(PauseBegan(point=point, by=asked, limit=self.limit))
        try:
            ending, by = self._wait(point, began + self.limit.total_seconds(), stopped)
        finally:
            self._end()
            took = timedelta(seconds=time.monotonic() - began)
            self.journal.write(PauseEnded(point=point, ending=ending, took=took, by=by))
        return ending

    @abstractmethod
    def _asked(self) -> str:
        """Who wants the drill held before its next step; empty where no one does."""

    @abstractmethod
    def _faults(self) -> int:
        """How many have been injected so far."""

    @abstractmethod
    def _begin(self) -> None:
        """From now on a person can have it go on."""

    @abstractmethod
    def _end(self) -> None:
        """Nobody is waited for any more."""

    @abstractmethod
    def _wait(self, point: PausePoint, until: float, stopped: Callable[[], bool]) -> tuple[PauseEnding, str]:
        """How it ended, and who had the drill go on; `until` is of the monotonic clock."""


@dataclass(slots=True, kw_only=True)
class BoardPauses(PausesAtPoints):
    """Ended at the board."""

    state: BoardState
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _held: bool = False
    _gone_on: str | None = None

    def ask(self, by: str) -> None:
        """Holds the drill before its next step."""
        self.state.change(pause_asked=by)

    def go_on(self, by: str) -> bool:
        """Whether there was anything to end: a pause, or the wish for one."""
        with self._changed:
            if self._held and self._gone_on is None:
                self._gone_on = by
                self._changed.notify_all()
                return True
        wished = bool(self.state.picture.pause_asked)
        self.state.change(pause_asked="")
        return wished

    def _asked(self) -> str:
        return self.state.picture.pause_asked

    def _faults(self) -> int:
        return self.state.picture.faults

    def _begin(self) -> None:
        with self._changed:
            self._held, self._gone_on = True, None

    def _end(self) -> None:
        with self._changed:
            self._held = False

    def _wait(self, _: PausePoint, until: float, stopped: Callable[[], bool]) -> tuple[PauseEnding, str]:
        with self._changed:
            while self._gone_on is None:
                left = until - time.monotonic()
                if left <= 0:
                    return PauseEnding.NOT_ENDED, ""
                if stopped():
                    return PauseEnding.STOPPED, ""
                self._changed.wait(min(left, STOP_HEARD_S))
            return PauseEnding.CONTINUED, self._gone_on
