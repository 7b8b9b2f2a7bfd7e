"""Reading a TOML file as typed values; every mistake is one sentence that names file and key and says what to do."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from lab.errors import SiteError
from lab.text_file import read_text

E = TypeVar("E", bound=Enum)
_BEYOND_REASON = 1e9
_SMALLEST = 1e-3
_LONGEST_KEY = 200
_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r"}
_SINGLE_QUOTES = "in double quotes a backslash begins an escape; write the text in single quotes, as 'EXAMPLE\\user'"


def read_toml(path: Path) -> Mapping[str, Any]:
    """The file's tables; a file that cannot be read, is not TOML or hides characters in texts is a SiteError."""
    try:
        values = tomllib.loads(read_text(path, "file", utf_16=False))
    except RecursionError as error:
        raise SiteError(f"{path}: tables and lists lie too deep in each other; write them flat.") from error
    except tomllib.TOMLDecodeError as error:
        said = f"{path}: this is not valid TOML ({error})"
        escape = "Unescaped" in str(error) or "Invalid hex" in str(error)
        raise SiteError(f"{said}; {_SINGLE_QUOTES if escape else 'mend that line'}.") from error
    except ValueError as error:  # as the standard library says that a number has too many digits
        raise SiteError(f"{path}: a number is far too long; write one within reason.") from error
    _refuse_hidden(path, values)
    return values


def _refuse_hidden(path: Path, values: Mapping[str, Any]) -> None:
    """No text of a site has a use for characters that are not seen; a password would be tried with them."""
    for key, text in _texts(values):
        hidden = next((character for character in text if _is_hidden(character)), None)
        if hidden is None:
            continue
        code = f"U+{ord(hidden):04X}"
        if hidden in _ESCAPES:
            meant = "".join(_ESCAPES.get(character, character) for character in text)
            remedy = (
                f"in double quotes a backslash begins an escape; write it in single quotes, as {ascii_quoted(meant)}"
            )
        else:
            remedy = f"write it without ({unicodedata.name(hidden, 'a control character')})"
        raise SiteError(f"{path}: {key} has the character {code} in it, which is not seen; {remedy}.")


def ascii_quoted(text: str) -> str:
    """In single quotes, whatever is not seen by its code."""
    shown = "".join(f"\\u{ord(each):04x}" if _is_hidden(each) else each for each in text)
    return f"'{shown}'"


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of the file with its key, the keys themselves included."""
    waiting: list[tuple[str, Any]] = [("", values)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, list):
            waiting.extend((name, item) for item in value)
        elif isinstance(value, dict):
            for key, item in value.items():
                path = (f"{name}.{key}" if name else key)[:_LONGEST_KEY]
                yield f"a key of {name or 'the file'}", key
                waiting.append((path, item))


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

    def name(self, key: str, what: str) -> str:
        """A name that is compared with what Windows shows: written as Windows writes it, or it would not be found."""
        value = self.text(key, what)
        if problem := unlike_windows(value):
            self.refuse(key, *problem)
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
            self.refuse(key, f"is {_shown(value)}, which cannot be", f"write {what}")
        return value

    def positive(self, key: str, what: str, default: float | None = None) -> float:
        value = self.number(key, what, default)
        if value < _SMALLEST:
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
            said = repr(value) if isinstance(value, str) else _kind(value)
            self.refuse(key, f"is {said}, which is not one of {allowed}", f"write {what}")
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


def _shown(value: float) -> str:
    """A number as a person reads it; one of thousands of digits cannot be printed."""
    return (
        f"a number of {value.bit_length()} bits" if isinstance(value, int) and value.bit_length() > 64 else f"{value}"
    )


def unlike_windows(name: str) -> tuple[str, str] | None:
    """What of a name would keep it from being found, and what to write."""
    composed = unicodedata.normalize("NFC", name)
    if composed != name:
        return (
            f"is {name!r} with marks apart from their letters (Unicode NFD)",
            f"write it composed (NFC), as {composed!r}",
        )
    narrow = "".join(character for character in name if "\uff66" <= character <= "\uff9f")
    if narrow:
        wide = unicodedata.normalize("NFKC", name)
        return f"has half-width katakana ({narrow}) in it", f"write it full-width, as {wide!r}"
    return None
