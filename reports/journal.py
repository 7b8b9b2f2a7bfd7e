"""The journal's lines: bytes in, entries out, with every field checked where it is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from lab.model.activities import Error, Instant
from reports.files import open_file

E = TypeVar("E", bound=Enum)
FARTHEST = 1e11
CENTURIES = 1e13
"""Milliseconds: a host without a battery may believe itself anywhere in the history of Windows."""
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
SPELT_SURROGATE = re.compile(rb"\\u[dD]")


class RecordUnreadable(Exception):
    """The record's journal is not there, not a journal, or not whole before its end; one sentence says which."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a journal; accessors raise RecordUnreadable, naming the line, where a field is not as promised."""

    journal: Path
    fields: Mapping[str, Any]
    number: int

    def unreadable(self, complaint: str) -> RecordUnreadable:
        return RecordUnreadable(f"Line {self.number} of {self.journal} is not as a journal has it: {complaint}.")

    @property
    def what(self) -> str:
        return self.text("what")

    @property
    def at(self) -> Instant:
        return Instant(self.instant("at"), self.instant("wall"))

    def instant(self, name: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.unreadable(f"{name!r} is no ISO 8601 time") from error
        if moment.tzinfo is None:
            raise self.unreadable(f"{name!r} has no offset from UTC")
        return moment

    def text(self, name: str) -> str:
        value = self._of(name, str)
        assert isinstance(value, str)
        return value

    def optional_text(self, name: str) -> str:
        """The text, or nothing where the field is absent or null."""
        return "" if self.fields.get(name) is None else self.text(name)

    def whole(self, name: str) -> int:
        value = self._of(name, int)
        assert isinstance(value, int)
        return value

    def seconds(self, name: str) -> timedelta:
        return timedelta(seconds=self.amount(name))

    def milliseconds(self, name: str) -> timedelta:
        return timedelta(milliseconds=self.amount(name))

    def signed_milliseconds(self, name: str) -> timedelta:
        return timedelta(milliseconds=self._number(name, -CENTURIES, CENTURIES))

    def amount(self, name: str) -> float:
        """A number of seconds or milliseconds, as it stands."""
        return self._number(name, 0)

    def optional_amount(self, name: str) -> float | None:
        return None if self.fields.get(name) is None else self.amount(name)

    def _number(self, name: str, least: float, most: float = FARTHEST) -> float:
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < most:
            raise self.unreadable(f"{name!r} is no length of time")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self.unreadable(f"{name!r} is neither true nor false")
        return value

    def optional_flag(self, name: str) -> bool | None:
        return None if self.fields.get(name) is None else self.flag(name)

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise self.unreadable(f"{name!r} is no object")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.unreadable(f"{name!r} is no list of texts")
        return tuple(value)

    def parts(self, name: str) -> tuple[Line, ...]:
        """The objects of a list, each to be read like an entry of its own."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.unreadable(f"{name!r} is no list of objects")
        return tuple(Line(self.journal, item, self.number) for item in value)

    def choice(self, name: str, kind: type[E]) -> E:
        value = self.fields.get(name)
        for member in kind:
            if member.value == value:
                return member
        raise self.unreadable(f"{name!r} is {value!r}, not one of {', '.join(str(member.value) for member in kind)}")

    def optional_choice(self, name: str, kind: type[E]) -> E | None:
        return None if self.fields.get(name) is None else self.choice(name, kind)

    def error(self) -> Error | None:
        match self.fields.get("error"):
            case None | "":
                return None
            case str(text):
                return Error("", text)
            case {"kind": str(kind), "text": str(text)}:
                return Error(kind, text)
            case _:
                raise self.unreadable("'error' has no kind and text")

    def _of(self, name: str, kind: type) -> object:
        value = self.fields.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.unreadable(f"{name!r} is missing or no {'text' if kind is str else 'whole number'}")
        return value


@dataclass(frozen=True, slots=True)
class JournalText:
    """A journal's entries; `whole` is false when its last line was cut off in the middle."""

    path: Path
    sha256: str
    lines: tuple[Line, ...]
    whole: bool


def read_journal(path: Path) -> JournalText:
    """Reads every line that was written to its end. A line counts only with its newline, so a cut one never does."""
    digest, lines, whole = hashlib.sha256(), [], True
    try:
        with open_file(path) as file:
            for number, text in enumerate(file, 1):
                digest.update(text)
                whole = text.endswith(b"\n")
                if whole:
                    lines.append(_line(path, number, text[:-1]))
    except OSError as error:
        raise RecordUnreadable(f"The journal {path} cannot be read: {error.strerror}.") from error
    if not lines:
        raise RecordUnreadable(f"The journal {path} holds no entry, so there is nothing to report.")
    return JournalText(path, digest.hexdigest(), tuple(lines), whole)


def _line(path: Path, number: int, text: bytes) -> Line:
    try:
        fields = DECODER.decode(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordUnreadable(
            f"Line {number} of {path} is not JSON, so this is not a journal, or a damaged one."
        ) from error
    if not isinstance(fields, dict):
        raise RecordUnreadable(f"Line {number} of {path} is not an object, so this is not a journal.")
    line = Line(path, _encodable(fields) if SPELT_SURROGATE.search(text) else fields, number)
    if line.fields.get("n") != number:
        raise line.unreadable(f"its number 'n' is {line.fields.get('n')!r}, so lines are missing or have been moved")
    return line


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


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
