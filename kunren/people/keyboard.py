"""Lines that a person types at the terminal, for as long as there is time for them."""

from __future__ import annotations

import os
import queue
import select
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from io import BufferedReader
from typing import Protocol, cast

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
    return all(each is not None and each.isatty() for each in (sys.stdin, sys.stdout))


class Keys(Protocol):
    """Where typed bytes come from; both methods raise TerminalGone."""

    def forget(self) -> None:
        """What was typed before."""

    def read(self, within: float) -> bytes | None:
        """What has been typed; None where that is nothing within so many seconds."""


class SelectedKeys:
    """Of a terminal that `select` knows, read on the thread that asks."""

    def forget(self) -> None:
        import termios  # noqa: PLC0415  # there is none on Windows

        try:
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        except termios.error as error:
            raise TerminalGone from error

    def read(self, within: float) -> bytes | None:
        if not select.select([sys.stdin], [], [], within)[0]:
            return None
        try:
            read = os.read(sys.stdin.fileno(), 4096)
        except OSError as error:
            raise TerminalGone from error
        if not read and not sys.stdin.isatty():
            raise TerminalGone
        return read


class FollowedKeys:
    """Of a terminal that cannot be waited for, as on Windows: a thread reads on, and its lines are waited for."""

    def __init__(self) -> None:
        self._typed: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._gone = False
        threading.Thread(target=self._follow, name="keyboard", daemon=True).start()

    def forget(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._typed.get_nowait()
        self._require()

    def read(self, within: float) -> bytes | None:
        with suppress(queue.Empty):
            return self._typed.get(timeout=within)
        self._require()
        return None

    def _require(self) -> None:
        if self._gone:
            raise TerminalGone

    def _follow(self) -> None:
        """As UTF-8, which a console of Windows is read as below Python's text."""
        source = cast("BufferedReader", sys.stdin.buffer).raw
        with suppress(OSError, ValueError):  # ValueError: it has been closed
            while (read := source.read(4096)) or sys.stdin.isatty():
                self._typed.put(read or b"")
        self._gone = True


@cache
def keys() -> Keys:
    """Of the terminal of this process."""
    return SelectedKeys() if os.name == "posix" else FollowedKeys()


@dataclass(slots=True, kw_only=True)
class Keyboard:
    """Reads the terminal for the thread that asks, so that Ctrl-C ends the wait; `hurried` ends it as well."""

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
        keys().forget()
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
            read = keys().read(min(LOOK_EVERY_S, self.left))
            if read is not None:
                self._typed += read
            if read == b"":  # Ctrl-D on an empty line ends no answer: it is asked again
                prompt("\n")
                prompt(asked())
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode(sys.stdin.encoding or "utf-8", "replace").strip()
