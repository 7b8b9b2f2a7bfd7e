"""Reads a journal: bytes in, entries out, with every field checked where it is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from journal.chain import LONGEST, Chain, lines_of
from journal.codecs import NotAsPromised
from journal.entries import KINDS
from journal.entry import Entry, Instant
from journal.files import open_file
from words import Explained, Told, reason, sentence

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
SPELT_SURROGATE = re.compile(rb"\\u[dD]")


class RecordUnreadable(Explained):
    """The record's journal is not there, not a journal, or not whole before its end."""


@dataclass(slots=True)
class Line:
    """One line of a journal, whose fields are read when its entry is asked for."""

    journal: Path
    fields: dict[str, Any]
    number: int

    def unreadable(self, complaint: Told) -> RecordUnreadable:
        return RecordUnreadable(
            sentence("errors.journal.line", number=self.number, file=self.journal, complaint=complaint)
        )

    @property
    def what(self) -> str:
        """Its kind. Raises RecordUnreadable where it has none."""
        what = self.fields.get("what")
        if not isinstance(what, str):
            raise self.unreadable(sentence("flaw.text", field="what"))
        return what

    def instant(self) -> Instant:
        """When it was written. Raises RecordUnreadable."""
        try:
            return Instant.of(self.fields)
        except NotAsPromised as error:
            raise self.unreadable(error.why) from error

    def entry(self) -> Entry | None:
        """None where this Kunren does not know its kind. Raises RecordUnreadable."""
        kind = KINDS.get(self.what)
        if kind is None:
            return None
        try:
            return kind.from_json(self.fields)
        except NotAsPromised as error:
            raise self.unreadable(error.why) from error


@dataclass(frozen=True, slots=True)
class JournalText:
    """A journal's entries; `whole` is false when its last line was cut off in the middle.

    `broken` is the number of the first line that does not follow from the one before it; a journal of an older Kunren
    is `unchained`. `entries` is how many lines it has, of which `lines` may be only those that were kept.
    """

    path: Path
    sha256: str
    lines: tuple[Line, ...]
    entries: int
    whole: bool
    broken: int | None
    unchained: bool
    head: str
    """The digest of the last line."""

    def require_unchanged(self) -> None:
        """Raises RecordUnreadable where its chain is broken: nothing may be done because of what it says."""
        if self.broken is not None:
            raise RecordUnreadable(sentence("errors.journal.changed", number=self.broken, file=self.path))


def read_journal(path: Path) -> JournalText:
    """Reads every line that was written to its end. A line counts only with its newline, so a cut one never does."""
    reading = JournalReading(path)
    return reading.text(tuple(reading))


class JournalReading:
    """The same line by line, of which none is kept; what is known of the journal as a whole is known after the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest, self._chain = hashlib.sha256(), Chain()
        self._entries, self._whole = 0, True

    def __iter__(self) -> Iterator[Line]:
        """Raises RecordUnreadable."""
        path = self._path
        try:
            with open_file(path) as file:
                for number, text in enumerate(lines_of(file), 1):
                    self._digest.update(text)
                    self._whole = text.endswith(b"\n")
                    if self._whole:
                        line = _line(path, number, text[:-1])
                        self._chain.take(text[:-1], line.fields.get("prev"))
                        self._entries = number
                        yield line
                    elif len(text) == LONGEST:
                        raise RecordUnreadable(sentence("errors.journal.too_long", number=number, file=path))
        except OSError as error:
            raise RecordUnreadable(sentence("errors.journal.unreadable", file=path, reason=reason(error))) from error
        if not self._entries:
            raise RecordUnreadable(sentence("errors.journal.empty", file=path))

    def text(self, kept: tuple[Line, ...]) -> JournalText:
        chain = self._chain
        return JournalText(
            path=self._path,
            sha256=self._digest.hexdigest(),
            lines=kept,
            entries=self._entries,
            whole=self._whole,
            broken=chain.broken,
            unchained=chain.unchained,
            head=chain.head,
        )


def first_line(path: Path) -> Line:
    """What a journal begins with, whatever follows. Raises RecordUnreadable."""
    try:
        with open_file(path) as file:
            text = file.readline(LONGEST)
    except OSError as error:
        raise RecordUnreadable(sentence("errors.journal.unreadable", file=path, reason=reason(error))) from error
    if not text.endswith(b"\n"):
        raise RecordUnreadable(sentence("errors.journal.empty", file=path))
    return _line(path, 1, text[:-1])


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        fields = _decoded(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordUnreadable(sentence("errors.journal.no_json", number=number, file=path)) from error
    if not isinstance(fields, dict):
        raise RecordUnreadable(sentence("errors.journal.no_object", number=number, file=path))
    line = Line(path, _encodable(fields) if SPELT_SURROGATE.search(text) else fields, number)
    if line.fields.get("n") != number:
        raise line.unreadable(sentence("flaw.number", n=repr(line.fields.get("n"))))
    return line


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _decoded(text: str) -> Any:
    """As a whole; the decoder would look for blanks around every line, and Kunren writes none. Raises ValueError."""
    if text.startswith("{"):
        value, end = DECODER.raw_decode(text)
        if end == len(text):
            return value
    return DECODER.decode(text)


def _encodable(value: Any) -> Any:
    """JSON can spell half a surrogate pair, which no file can hold: it is shown as a replacement character."""
    match value:
        case str():
            return LONE_SURROGATE.sub("�", value)
        case list():
            return [_encodable(item) for item in value]
        case dict():
            return {_encodable(key): _encodable(item) for key, item in value.items()}
        case _:
            return value
