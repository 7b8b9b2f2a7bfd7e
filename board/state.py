"""The board's picture, shared by the threads of the drill and of the pages."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from board.picture import KINDS, Picture, following
from journal.entry import Entry


class BoardState:
    """Listens to a journal. A picture is never changed, only replaced, so that looking at it delays nothing.

    `changed` is called after each change and must return at once.
    """

    kinds = KINDS

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._picture = Picture()
        self._version = 0
        self._changed: Callable[[], None] = lambda: None
        self.defect = ""

    @property
    def now(self) -> tuple[int, Picture]:
        """The number of the picture, and the picture."""
        with self._changing:
            return self._version, self._picture

    @property
    def picture(self) -> Picture:
        return self.now[1]

    def listen(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def __call__(self, entry: Entry) -> None:
        """A defect of the board is told at the end: it must not end a drill or prevent its restoration."""
        try:
            self._replace(lambda picture: following(picture, entry))
        except Exception:  # noqa: BLE001  # whatever it is
            self.defect = self.defect or traceback.format_exc()

    def change(self, **fields: Any) -> None:
        """What no entry of the journal tells."""
        self._replace(lambda picture: replace(picture, **fields))

    def _replace(self, step: Callable[[Picture], Picture]) -> None:
        with self._changing:
            following_one = step(self._picture)
            if following_one is self._picture:
                return
            self._picture = following_one
            self._version += 1
        self._changed()
