"""Reading a TOML file as typed values; every mistake is one sentence that names file and key and says what to do."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from lab.errors import SiteError

E = TypeVar("E", bound=Enum)
_BEYOND_REASON = 1e9


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's tables; a file that cannot be read or is not TOML is a SiteError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SiteError(f"{path}: the file cannot be read ({error.strerror}); check the path.") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{path}: this is not valid TOML ({error}); mend that line.") from error


class Table:
    """One table of a file. Every key is asked for by name, `close` refuses those nobody asked for."""

    def __init__(self, file: str, values: Mapping[str, Any], path: str = "") -> None:
        self._file = file
        self._values = values
        self._path = path
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def refuse(self, key: str, problem: str, remedy: str) -> NoReturn:
        raise SiteError(f"{self._file}: {self._name(key)} {problem}; {remedy}.")

    def text(self, key: str, what: str, default: str | None = None) -> str:
        """`what` completes the sentence "write …"; without a default the key has to be there and not be empty."""
        value = self._value(key, what, default)
        if not isinstance(value, str):
            self.refuse(key, f"is {_kind(value)}, not a text", f"write {what} in quotes")
        if not value.strip() and default is None:
            self.refuse(key, "is empty", f"write {what}")
        return value

    def flag(self, key: str, what: str, default: bool | None = None) -> bool:  # noqa: FBT001  # a default is no switch
        value = self._value(key, what, default)
        if not isinstance(value, bool):
            self.refuse(key, f"is {_kind(value)}, not true or false", f"write true or false ({what})")
        return value

    def number(self, key: str, what: str, default: float | None = None) -> float:
        """Of either sign, within reason."""
        value = self._value(key, what, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, f"is {_kind(value)}, not a number", f"write {what}")
        if not abs(value) < _BEYOND_REASON:
            self.refuse(key, f"is {value}, which cannot be", f"write {what}")
        return value

    def positive(self, key: str, what: str, default: float | None = None) -> float:
        value = self.number(key, what, default)
        if value <= 0:
            self.refuse(key, f"is {value}, which cannot be", f"write {what}")
        return float(value)

    def texts(self, key: str, what: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._value(key, what, default)
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.refuse(key, "is not a list of texts", f"write {what} in square brackets")
        return tuple(value)

    def choice(self, key: str, what: str, kind: type[E], default: E | None = None) -> E:
        value = self._value(key, what, None if default is None else default.value)
        chosen = next((member for member in kind if member.value == value), None)
        if chosen is None:
            allowed = ", ".join(f'"{member.value}"' for member in kind)
            self.refuse(key, f"is {value!r}, which is not one of {allowed}", f"write {what}")
        return chosen

    def table(self, key: str, what: str, default: Mapping[str, Any] | None = None) -> Table:
        value = self._value(key, what, default)
        if not isinstance(value, dict):
            self.refuse(key, f"is {_kind(value)}, not a table", f"write a table [{self._name(key)}] with {what}")
        return Table(self._file, value, self._name(key))

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A table that somebody else reads; absent, it is empty."""
        value = self._value(key, "a table", {})
        if not isinstance(value, dict):
            self.refuse(key, f"is {_kind(value)}, not a table", f"write a table [{self._name(key)}]")
        return value

    def close(self) -> None:
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, sorted(self._asked), n=1)
                meant = f"write {near[0]} if that was meant" if near else "remove it"
                self.refuse(key, "is not known", meant)

    def _value(self, key: str, what: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            self.refuse(key, "is missing", f"write {what}")
        return value

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), "a date")
