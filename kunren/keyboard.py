"""Lines that a person types at the terminal, for as long as there is time for them."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kunren.terminal import prompt

LOOK_EVERY_S = 0.2
"""How soon the end of the time, or a request to hurry, is noticed."""


class TimeOver(Exception):
    """The time for an answer is over."""


class Hurried(Exception):
    """The run was asked to cut its waits short."""


class TerminalGone(Exception):
    """Nothing can be typed any more."""


def attended() -> bool:
    """Whether a person can be asked here, and read what is asked."""
    return os.name == "posix" and all(each is not None and each.isatty() for each in (sys.stdin, sys.stdout))


@dataclass(slots=True, kw_only=True)
class Keyboard:
    """Reads the terminal on the thread that asks, so that Ctrl-C ends the wait; `hurried` ends it as well."""

    hurried: Callable[[], bool] = lambda: False
    until: float = float("inf")
    """The end of the time, of the monotonic clock."""
    reminders: tuple[float, ...] = ()
    """Seconds before the end at which `remind` is called."""
    remind: Callable[[float], None] = lambda _left: None
    _typed: bytes = b""
    _due: list[float] = field(default_factory=list)

    def begin(self, limit: float) -> None:
        """The time runs from now; what was typed before is no answer to what is asked now. Raises TerminalGone."""
        import termios  # noqa: PLC0415  # there is none on Windows

        try:
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        except termios.error as error:
            raise TerminalGone from error
        self._typed = b""
        self.until = time.monotonic() + limit
        self._due = sorted(each for each in self.reminders if each < limit)

    @property
    def left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def line(self, asked: Callable[[], str]) -> str:
        """The next line. Raises TimeOver, Hurried and TerminalGone."""
        prompt(asked())
        while b"\n" not in self._typed:
            if self.hurried():
                raise Hurried
            if not self.left:
                raise TimeOver
            if self._due and self.left <= self._due[-1]:
                prompt("\n")
                self.remind(self._due.pop())
                prompt(asked())
            if select.select([sys.stdin], [], [], min(LOOK_EVERY_S, self.left))[0]:
                self._read(asked)
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode(sys.stdin.encoding or "utf-8", "replace").strip()

    def _read(self, asked: Callable[[], str]) -> None:
        """Ctrl-D on an empty line ends no answer: it is asked again."""
        try:
            read = os.read(sys.stdin.fileno(), 4096)
        except OSError as error:
            raise TerminalGone from error
        if not read and not sys.stdin.isatty():
            raise TerminalGone
        self._typed += read
        if not read:
            prompt("\n")
            prompt(asked())
