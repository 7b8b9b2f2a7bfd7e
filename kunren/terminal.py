"""All that the command prints: what would control a terminal is named, what it cannot encode is spelled another way.

Pipes close and terminals go; then what is written is lost, and a drill goes on.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TextIO, cast

from journal.masking import Masking
from lab.model.text import one_line, visible
from words import Language, Told

MASKING = Masking()
"""Done to every sentence about what went wrong, and to what a run takes down; it learns the passwords of the site."""


class Reader:
    """Who is told what goes wrong: in the language that was chosen, or else in that of the site."""

    def __init__(self) -> None:
        self.chosen: Language | None = None
        self.of_site: Language = "en"

    @property
    def language(self) -> Language:
        return self.chosen or self.of_site


READER = Reader()

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "✓": ("[OK]",),
    "✗": ("[NG]",),
    "▲": ("^",),
    "▼": ("v",),
    "≠": ("!=",),
    "→": ("->",),
    "›": (">",),
    "·": ("・", "-"),
    "●": ("*",),
    "—": ("―", "-"),
    "–": ("―", "-"),
    "〜": ("～", "~"),
    "−": ("－", "-"),
    "‖": ("∥", "||"),
    "…": ("...",),
    "«": ("《", '"'),
    "»": ("》", '"'),
    "‘": ("'",),
    "’": ("'",),
    "“": ('"',),
    "”": ('"',),
    "、": (",",),
    "。": (".",),
}
"""What is written, in this order of preference, where an encoding lacks a character: cp932 has its own dashes."""
UNKNOWN = "?"
PIECE = 2000
"""Characters that a stream's buffer takes whole, in any encoding."""


def spelled(text: str, encoding: str | None) -> str:
    """The text with what the encoding lacks replaced; without an encoding, such as in memory, the text itself."""
    if encoding is None:
        return text
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, _spell.__name__).decode(encoding)
    return text


def _spell(error: UnicodeError) -> tuple[str, int]:
    """An error handler of the codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_spelling(character, error.encoding) for character in lacking), error.end


def _spelling(character: str, encoding: str) -> str:
    simpler = unicodedata.normalize("NFKD", character)
    bare = "".join(each for each in simpler if not unicodedata.combining(each))
    candidates = (*SPELLINGS.get(character, ()), simpler, bare)
    return next((each for each in candidates if each and _encodes(each, encoding)), UNKNOWN)


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


codecs.register_error(_spell.__name__, _spell)


class Output(io.TextIOBase):
    """A stream to a reader who may go away; `styled` text comes from a console, which has named what it has to."""

    def __init__(self, stream: TextIO | None, *, styled: bool = False) -> None:
        self._stream = stream
        self._styled = styled

    @property
    def encoding(self) -> str | None:  # type: ignore[override]  # the base class calls it an attribute
        return "utf-8" if self._stream is None else self._stream.encoding

    @property
    def for_styled(self) -> Output:
        return Output(self._stream, styled=True)

    def isatty(self) -> bool:
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def fileno(self) -> int:
        if self._stream is None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        shown = spelled(text if self._styled else visible(text), self.encoding)
        for begin in range(0, len(shown), PIECE):
            self._pass_on(shown[begin : begin + PIECE])
        return len(text)

    def flush(self) -> None:
        self._pass_on("")

    def _pass_on(self, piece: str) -> None:
        """Flushed at once: a buffer that is empty takes the next piece whole."""
        stream = self._stream
        if stream is None:
            return
        try:
            with _patience(stream):
                stream.write(piece)
            with _patience(stream):
                stream.flush()
        except (OSError, ValueError):  # ValueError: it has been closed
            self._forsake(stream)

    def _forsake(self, stream: TextIO) -> None:
        """Python writes what is left in the stream when it ends, and that must not fail either."""
        self._stream = None
        with suppress(ValueError):  # closed, or in memory: nothing is left in it
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


@contextmanager
def _patience(stream: TextIO) -> Iterator[None]:
    """A terminal that another program has made non-blocking has its buffer emptied as it takes it."""
    try:
        yield
    except BlockingIOError:
        blocked = True
        while blocked:
            select.select([], [stream.fileno()], [])
            try:
                stream.flush()
            except BlockingIOError:
                continue
            blocked = False


@contextmanager
def safe_streams() -> Iterator[None]:
    """Whatever writes to stdout and stderr meanwhile, libraries included, writes through an `Output`."""
    former = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", Output(former[0])), cast("TextIO", Output(former[1]))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = former


def tell(*lines: Told | str) -> None:
    """Each on a line of its own, of which tabs part the columns."""
    told = (line if isinstance(line, str) else line.in_(READER.language) for line in lines)
    _write(sys.stdout, *("\t".join(map(one_line, line.split("\t"))) for line in told))


def prompt(text: str) -> None:
    """Without an end of line, where a person is to type; of what is in it only that may be an end of line."""
    shown = text if text == "\n" else one_line(text)
    output(sys.stdout).write(shown)


def say(sentence: Told) -> None:
    """What went wrong, to stderr."""
    _write(sys.stderr, f"kunren: {one_line(MASKING.text(sentence.in_(READER.language)))}")


def say_at_once(sentence: str) -> None:
    """To stderr from a signal handler, which may have interrupted another writing; on a line of its own."""
    stream = output(sys.stderr)
    begin = "\n" if stream.isatty() else ""
    text = spelled(f"{begin}kunren: {one_line(MASKING.text(sentence))}\n", stream.encoding)
    with suppress(OSError, ValueError):  # the reader has gone, or it is in memory
        os.write(stream.fileno(), text.encode(stream.encoding or "utf-8"))


def _write(stream: TextIO, *lines: str) -> None:
    output(stream).write("".join(f"{line}\n" for line in lines))


def output(stream: TextIO | None) -> Output:
    return stream if isinstance(stream, Output) else Output(stream)
