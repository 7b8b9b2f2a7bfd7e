"""How values of each type stand in the journal: as which JSON they are written, and what is read of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias

import words
from lab.model.zones import TimeZone
from words import LANGUAGES

FARTHEST = 1e11
"""Seconds or milliseconds that can still be reckoned with."""
CENTURIES = 1e13
"""Milliseconds: a host without a battery may believe itself anywhere in the history of Windows."""

Mask: TypeAlias = Callable[[Any], Any]
ABSENT: Any = object()


class NotAsPromised(Exception):
    """A field, or an entry as a whole, is not as a journal has it; the text says what is wrong."""


class Codec(ABC):
    """One type of values; `empty` is the one that stands for nothing."""

    empty: Any = ABSENT
    schema: Mapping[str, Any] = {}
    plain: type | tuple[type, ...] = str
    """What it is in a list, as JSON has it."""
    words: tuple[str, ...] = ()
    """All that there may be, where these are few."""

    def written(self, value: Any, _zone: TimeZone | None) -> Any:
        return value

    @abstractmethod
    def read(self, value: Any, name: str) -> Any:
        """Raises NotAsPromised."""

    def masked(self, value: Any, _mask: Mask) -> Any:
        """What is from outside may lie deeper."""
        return value

    def parts(self) -> Iterator[type[Any]]:
        yield from ()


class Text(Codec):
    empty = ""
    schema: Mapping[str, Any] = {"type": "string"}

    def read(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise NotAsPromised(f"{name!r} is missing or no text")
        return value


class Prose(Codec):
    """What Kunren says: in both languages, where they do not say the same."""

    schema: Mapping[str, Any] = {
        "anyOf": [
            Text.schema,
            {
                "type": "object",
                "properties": dict.fromkeys(LANGUAGES, Text.schema),
                "required": list(LANGUAGES),
            },
        ]
    }
    plain = (str, dict)

    def written(self, value: words.Told, _zone: TimeZone | None) -> Any:
        en, ja = value.in_("en"), value.in_("ja")
        return en if en == ja else {"en": en, "ja": ja}

    def read(self, value: Any, name: str) -> words.Told:
        if isinstance(value, str):
            return words.Quoted(value)
        if isinstance(value, dict) and all(isinstance(value.get(language), str) for language in LANGUAGES):
            return words.Text(value["en"], value["ja"])
        raise NotAsPromised(f"{name!r} is missing, no text and no text in both languages")


class Whole(Codec):
    empty = 0
    schema: Mapping[str, Any] = {"type": "integer"}

    def read(self, value: Any, name: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise NotAsPromised(f"{name!r} is missing or no whole number")
        return value


class Flag(Codec):
    empty = False
    schema: Mapping[str, Any] = {"type": "boolean"}

    def read(self, value: Any, name: str) -> bool:
        if not isinstance(value, bool):
            raise NotAsPromised(f"{name!r} is neither true nor false")
        return value


class Amount(Codec):
    """A number of seconds, as it stands."""

    empty = 0.0
    schema: Mapping[str, Any] = {"type": "number", "minimum": 0}

    def read(self, value: Any, name: str) -> float:
        return _amount(value, name, 0, FARTHEST)


class Length(Codec):
    """A length of time, in the unit that its name ends with."""

    empty = timedelta()

    def __init__(self, name: str, *, signed: bool) -> None:
        self._unit = timedelta(milliseconds=1) if name.endswith("_ms") else timedelta(seconds=1)
        assert name.endswith(("_s", "_ms")), f"{name} has no unit"
        self._least: float = -CENTURIES if signed else 0
        self._most: float = CENTURIES if signed else FARTHEST
        self.schema = {"type": "number"} if signed else Amount.schema

    def written(self, value: timedelta, _zone: TimeZone | None) -> float:
        return round(value / self._unit, 3)

    def read(self, value: Any, name: str) -> timedelta:
        return self._unit * _amount(value, name, self._least, self._most)


class Moment(Codec):
    schema: Mapping[str, Any] = {"type": "string", "format": "date-time"}

    def written(self, value: Any, zone: TimeZone | None) -> Any:
        return value if zone is None else zone.local(value)

    def read(self, value: Any, name: str) -> datetime:
        return moment_of(value, name)


class Choice(Codec):
    """One of an enumeration's values, or of some texts."""

    def __init__(self, by_value: Mapping[str, Any]) -> None:
        self._by_value = by_value
        self.words = tuple(by_value)
        self.schema = {"enum": list(by_value)}

    def written(self, value: Any, _zone: TimeZone | None) -> Any:
        return value.value if isinstance(value, Enum) else value

    def read(self, value: Any, name: str) -> Any:
        if isinstance(value, str) and value in self._by_value:
            return self._by_value[value]
        raise NotAsPromised(f"{name!r} is {value!r}, not one of {', '.join(map(str, self._by_value))}")


class Anything(Codec):
    empty = None

    def read(self, value: Any, _name: str) -> Any:
        return value


class ListOf(Codec):
    empty: tuple[Any, ...] = ()

    def __init__(self, inner: Codec, *, alone: bool = False) -> None:
        self.inner = inner
        self._alone = alone
        items = {"type": "array", "items": inner.schema}
        self.schema = {"anyOf": [items, inner.schema]} if alone else items

    def written(self, value: Any, zone: TimeZone | None) -> list[Any]:
        return [self.inner.written(each, zone) for each in value]

    def read(self, value: Any, name: str) -> tuple[Any, ...]:
        if self._alone and isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(each, self.inner.plain) for each in value):
            raise NotAsPromised(f"{name!r} is not a list of {'objects' if self.inner.plain is dict else 'texts'}")
        return tuple(self.inner.read(each, name) for each in value)

    def masked(self, value: Any, mask: Mask) -> Any:
        return [self.inner.masked(each, mask) for each in value] if isinstance(value, list) else value

    def parts(self) -> Iterator[type[Any]]:
        return self.inner.parts()


class ObjectOf(Codec):
    """Values by names."""

    empty: Mapping[str, Any] = {}

    def __init__(self, inner: Codec) -> None:
        self.inner = inner
        self.schema = {"type": "object", "additionalProperties": inner.schema}

    def written(self, value: Any, zone: TimeZone | None) -> dict[str, Any]:
        return {key: self.inner.written(each, zone) for key, each in value.items()}

    def read(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise NotAsPromised(f"{name!r} is not an object")
        return {key: self.inner.read(each, key) for key, each in value.items()}

    def masked(self, value: Any, mask: Mask) -> Any:
        return {key: self.inner.masked(each, mask) for key, each in value.items()}

    def parts(self) -> Iterator[type[Any]]:
        return self.inner.parts()


class Perhaps(Codec):
    """A value, or None."""

    empty = None

    def __init__(self, inner: Codec) -> None:
        self.inner = inner
        self.words = inner.words
        self.schema = {"anyOf": [inner.schema, {"type": "null"}]}

    def written(self, value: Any, zone: TimeZone | None) -> Any:
        return None if value is None else self.inner.written(value, zone)

    def read(self, value: Any, name: str) -> Any:
        return None if value is None else self.inner.read(value, name)

    def masked(self, value: Any, mask: Mask) -> Any:
        return None if value is None else self.inner.masked(value, mask)

    def parts(self) -> Iterator[type[Any]]:
        return self.inner.parts()


def moment_of(value: Any, name: str) -> datetime:
    """An instant in ISO 8601, with its offset. Raises NotAsPromised."""
    text = Text().read(value, name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAsPromised(f"{name!r} is not an ISO 8601 time") from error
    if moment.tzinfo is None:
        raise NotAsPromised(f"{name!r} has no offset from UTC")
    return moment


def _amount(value: Any, name: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < most:
        raise NotAsPromised(f"{name!r} is not a length of time")
    return float(value)
