"""Exit codes of the command; they are part of its contract."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from words import Told

T = TypeVar("T")


class Exit(IntEnum):
    PASSED = 0
    FAILED = 1
    """A drill failed."""
    USAGE = 2
    """The command line, the site file, a feature or a record is wrong; nothing was touched."""
    NOT_READY = 3
    """The lab, or this machine, is not ready; nothing was touched."""
    UNKNOWN = 4
    """The verdict is unknown."""
    NOT_RESTORED = 5
    """The lab is not as it was before, or that is not known: whatever else happened."""
    INTERNAL = 70
    """Kunren itself failed."""
    STOPPED = 130
    """Stopped by the operator; the lab was restored first, or nothing was started."""


class Stop(Exception):
    """Ends the command with an exit code and, as a rule, one sentence; several mistakes have one each."""

    def __init__(self, code: Exit, *sentences: Told) -> None:
        super().__init__("\n".join(map(str, sentences)))
        self.code = code
        self.sentences = sentences


class Mistakes:
    """What several checks find wrong with a command line, which is told at once."""

    def __init__(self) -> None:
        self._found: list[Told] = []

    def of(self, check: Callable[[], T]) -> T | None:
        """What the check returns; None where it has found something wrong."""
        try:
            return check()
        except Stop as stop:
            if stop.code is not Exit.USAGE:
                raise
            self.add(*stop.sentences)
            return None

    def add(self, *mistakes: Told) -> None:
        self._found += mistakes

    def require_none(self) -> None:
        if self._found:
            raise Stop(Exit.USAGE, *self._found)
