"""The chain of a journal: each line has the SHA-256 of the line before it, so that none can be changed by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

FIRST = "0" * 64
"""What stands for the line before the first."""
LONGEST = 1 << 24
"""Bytes that a line may have; the longest that Kunren writes, the plan of the whole guide, has a tenth of that."""


def digest(line: bytes) -> str:
    """Of a line without its newline."""
    return hashlib.sha256(line).hexdigest()


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file with their newlines; one that is too long comes in pieces without any."""
    while line := file.readline(LONGEST):
        yield line


class Chain:
    """Follows a journal line by line; `broken` is the number of the first line that does not follow the one before.

    A journal of an older Kunren has no chain at all: it is never broken, and `unchained`.
    """

    def __init__(self, before: str = FIRST) -> None:
        self.head = before
        self._lines = 0
        self._linked = 0
        self._broken: int | None = None

    def take(self, line: bytes, prev: object) -> None:
        """A line without its newline, and what it says of the one before."""
        self._lines += 1
        self._linked += prev is not None
        if prev != self.head and self._broken is None:
            self._broken = self._lines
        self.head = digest(line)

    @property
    def unchained(self) -> bool:
        return not self._linked

    @property
    def broken(self) -> int | None:
        return self._broken if self._linked else None
