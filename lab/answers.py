"""Reading what a script answered, field by field: whatever is not as promised is AnswerUnreadable, and says where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NoReturn

from lab.errors import AnswerUnreadable
from lab.model.scripts import JsonValue, ScriptCall
from lab.ports import HostSession


class Row:
    """One object of an answer; `where` says which, for the error."""

    def __init__(self, values: JsonValue, where: str) -> None:
        self._where = where
        if not isinstance(values, Mapping):
            raise AnswerUnreadable(f"{where} is {values!r}, not an object.")
        self._values = values

    def text(self, key: str) -> str:
        value = self._values.get(key)
        if not isinstance(value, str):
            self.refuse(key, "a text")
        return value

    def name(self, key: str) -> str:
        """A text that is not empty."""
        value = self.text(key)
        return value if value.strip() else self.refuse(key, "a name")

    def number(self, key: str) -> float:
        value = self._values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.refuse(key, "a number")
        return float(value)

    def whole(self, key: str) -> int:
        """A whole number from zero up that was answered as a text."""
        value = self.text(key)
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else self.refuse(key, "a number")

    def flag(self, key: str) -> bool:
        """True or False, answered as a text."""
        word = self.text(key).casefold()
        if word not in ("true", "false"):
            self.refuse(key, "True or False")
        return word == "true"

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one, nothing as none."""
        value = self._values.get(key)
        found = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(found, Sequence):
            self.refuse(key, "a list of texts")
        return tuple(item if isinstance(item, str) else self.refuse(key, "a list of texts") for item in found)

    def rows(self, key: str) -> tuple[Row, ...]:
        value = self._values.get(key)
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.refuse(key, "a list of objects")
        return rows(value, f"{self._where}, {key}")

    def refuse(self, key: str, expected: str) -> NoReturn:
        if key not in self._values:
            raise AnswerUnreadable(f"{self._where} has no {key}.")
        raise AnswerUnreadable(f"{self._where} has {key} {self._values[key]!r}, which is not {expected}.")


def rows(value: JsonValue, where: str) -> tuple[Row, ...]:
    """The objects of an answer, each named by its place."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise AnswerUnreadable(f"{where} is {value!r}, not a list.")
    return tuple(Row(item, f"{where}, entry {place}") for place, item in enumerate(value, start=1))


def ask(session: HostSession, call: ScriptCall, within: timedelta) -> tuple[Row, ...]:
    """Runs a question and takes its answer for a list of objects."""
    return rows(session.run(call, within=within).value, f"The answer of {call.script} on {session.host}")


def only(found: Sequence[Row], what: str) -> Row:
    """The one object of an answer that has exactly one."""
    if len(found) != 1:
        raise AnswerUnreadable(f"{what} has {len(found)} objects, not one.")
    return found[0]
