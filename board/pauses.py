"""Pause points: the drill is held until the lead has it go on, or its limit is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from board.state import BoardState
from journal.people import PauseBegan, PauseEnded, PauseEnding, PausePoint
from journal.writer import Journal

STOP_HEARD_S = 0.5
"""How soon a request to stop is heard where no signal ends the wait."""


@dataclass(slots=True, kw_only=True)
class BoardPauses:
    """Holds the drill at `points`, and before the next step when the lead asks for it; `stop` asks the run to stop."""

    state: BoardState
    journal: Journal
    limit: timedelta
    points: frozenset[PausePoint]
    stop: Callable[[], None]
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _held: bool = False
    _gone_on: str | None = None
    _faults: int = 0

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

    def before_step(self) -> None:
        picture = self.state.picture
        struck, self._faults = picture.faults > self._faults, picture.faults
        if struck and PausePoint.FAULT in self.points:
            ended = self._hold(PausePoint.FAULT, picture.pause_asked, lambda: False)
        elif picture.pause_asked:
            ended = self._hold(PausePoint.STEP, picture.pause_asked, lambda: False)
        else:
            return
        if ended is PauseEnding.NOT_ENDED:
            self.stop()

    def before_restoration(self, stopped: Callable[[], bool]) -> None:
        asked = self.state.picture.pause_asked
        if (asked or PausePoint.RESTORATION in self.points) and not stopped():
            self._hold(PausePoint.RESTORATION, asked, stopped)

    def _hold(self, point: PausePoint, asked: str, stopped: Callable[[], bool]) -> PauseEnding:
        began, ending = time.monotonic(), PauseEnding.STOPPED
        with self._changed:
            self._held, self._gone_on = True, None
        self.journal.write(PauseBegan(point=point, by=asked, limit=self.limit))
        try:
            ending = self._wait(began + self.limit.total_seconds(), stopped)
        finally:
            with self._changed:
                self._held = False
            took = timedelta(seconds=time.monotonic() - began)
            self.journal.write(PauseEnded(point=point, ending=ending, took=took, by=self._gone_on or ""))
        return ending

    def _wait(self, until: float, stopped: Callable[[], bool]) -> PauseEnding:
        with self._changed:
            while self._gone_on is None:
                left = until - time.monotonic()
                if left <= 0:
                    return PauseEnding.NOT_ENDED
                if stopped():
                    return PauseEnding.STOPPED
                self._changed.wait(min(left, STOP_HEARD_S))
        return PauseEnding.CONTINUED
