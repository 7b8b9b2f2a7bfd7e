"""What the command says, for as long as somebody reads it: pipes close, terminals go, and a drill goes on."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO, cast

from rich.console import Console


class Output(io.TextIOBase):
    """A stream to somebody; when they have gone, what is written is lost, and nothing else."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class calls it an attribute
        return self._stream.encoding

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError:
            self._forsake()
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError:
            self._forsake()

    def _forsake(self) -> None:
        """Python writes what is left in the stream when it ends, and that must not fail either."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


def terminal() -> Console:
    return Console(file=cast("TextIO", Output(sys.stdout)))


def tell(*lines: str) -> None:
    _write(sys.stdout, *lines)


def say(sentence: str) -> None:
    """What went wrong, to stderr."""
    _write(sys.stderr, f"kunren: {sentence}")


def _write(stream: TextIO, *lines: str) -> None:
    out = Output(stream)
    out.write("".join(f"{line}\n" for line in lines))
    out.flush()
