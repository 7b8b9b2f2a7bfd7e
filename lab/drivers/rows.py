"""Reads the answer of a script field by field; a field that is not as promised is AnswerUnreadable, and says where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from lab.errors import AnswerUnreadable
from lab.model.scripts import JsonValue, ScriptCall
from lab.ports import HostSession
from words import Quoted, Told, sentence

_LONGEST_SECONDS = 3_000_000_000
"""Nearly a century: more than a machine runs, and less than what a date can be set back by."""
_FIRST_YEAR, _LAST_YEAR = 1601, 9000
"""Windows counts from 1601; far from either end of the calendar every instant can be reckoned with."""
_SHOWN = 200


class Row:
    """One object of an answer; `where` says which, for the error."""

    def __init__(self, values: JsonValue, where: Told) -> None:
        self._where = where
        if not isinstance(values, Mapping):
            raise AnswerUnreadable(sentence("answers.no_object", where=where, value=shown(values)))
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str):
            self.refuse(key, "text")
        return well_formed(value)

    def name(self, key: str) -> str:
        """A text that is not empty."""
        value = self.text(key)
        return value if value.strip() else self.refuse(key, "name")

    def number(self, key: str) -> float:
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, "number")
        try:
            number = float(value)
        except OverflowError:  # a whole number of more than 308 digits
            number = math.inf
        return number if math.isfinite(number) else self.refuse(key, "number_within_reason")

    def seconds(self, key: str) -> float:
        """A length of time that can be reckoned with."""
        number = self.number(key)
        return number if 0 <= number <= _LONGEST_SECONDS else self.refuse(key, "length")

    def instant(self, key: str) -> datetime:
        """ISO 8601 with an offset, which is all that can be compared with another machine's clock."""
        moment = moment_of(self.text(key))
        return moment if moment is not None and moment.tzinfo is not None else self.refuse(key, "instant")

    def whole(self, key: str) -> int:
        """A whole number from zero up that was answered as a text."""
        value = self.text(key)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else self.refuse(key, "number")

    def flag(self, key: str) -> bool:
        """True or False, answered as a text."""
        word = self.text(key).casefold()
        if word not in ("true", "false"):
            self.refuse(key, "flag")
        return word == "true"

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one, nothing as none."""
        value = self._values.get(key)
        found = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(found, Sequence):
            self.refuse(key, "texts")
        return tuple(well_formed(item) if isinstance(item, str) else self.refuse(key, "texts") for item in found)

    def rows(self, key: str) -> tuple[Row, ...]:
        value = self._values.get(key)
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.refuse(key, "objects")
        return rows(value, sentence("answers.member", where=self._where, key=key))

    def refuse(self, key: str, expected: str | Told) -> NoReturn:
        """`expected` is what should stand there, or its key among the words."""
        if key not in self._values:
            raise AnswerUnreadable(sentence("answers.lacking", where=self._where, key=key))
        value = shown(self._values[key])
        wanted = sentence(f"answers.{expected}") if isinstance(expected, str) else expected
        raise AnswerUnreadable(sentence("answers.unexpected", where=self._where, key=key, value=value, expected=wanted))


def rows(value: JsonValue, where: Told) -> tuple[Row, ...]:
    """The objects of an answer, each named by its place."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise AnswerUnreadable(sentence("answers.no_list", where=where, value=shown(value)))
    return tuple(
        Row(item, sentence("answers.entry", where=where, place=place)) for place, item in enumerate(value, start=1)
    )


def ask(session: HostSession, call: ScriptCall, within: timedelta) -> tuple[Row, ...]:
    """Runs a question and takes its answer for a list of objects."""
    return rows(session.run(call, within=within).value, answer_of(call.script, session.host))


def answer_of(script: str, host: str) -> Told:
    return sentence("answers.of", script=script, host=host)


def moment_of(text: str) -> datetime | None:
    """The date and time in a text, with an offset or without; None where it is none that can be reckoned with."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def well_formed(text: str) -> str:
    """The text without halves of characters, which no file and no terminal can take."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shown(value: object) -> Told:
    """A value in an error's sentence: cut, and never an error of its own."""
    try:
        text = well_formed(repr(value))
    except (ValueError, RecursionError):  # a number of too many digits, lists in lists in lists
        return sentence("answers.unshowable", kind=type(value).__name__)
    return Quoted(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def only(found: Sequence[Row], what: Told) -> Row:
    """The one object of an answer that has exactly one."""
    if len(found) != 1:
        raise AnswerUnreadable(sentence("answers.not_one", where=what, n=len(found)))
    return found[0]
