"""How values of each type stand in the journal: as which JSON they are written, and what is read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias

from lab.model.zones import TimeZone
from words import LANGUAGES, Explained, Quoted, Text, Told, sentence

FARTHEST = 1e11
"""Seconds or milliseconds that can still be reckoned with."""
CENTURIES = 1e13
"""Milliseconds: a host without a battery may believe itself anywhere in the history of Windows."""

SHORT = 200
"""Characters."""

Mask: TypeAlias = Callable[[Any], Any]
ABSENT: Any = object()


class NotAsPromised(Explained):
    """A field, or an entry as a whole, is not as a journal has it."""


def _as_it_stands(value: Any, _: object) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Quick:
    """How nearly all values are read, in Python: `v`, of which `test` holds, is `made`; `{it}` in both stands for `it`.

    It holds of no None, and of nothing that `read` would refuse.
    """

    test: str
    made: str = "v"
    it: Any = None


@dataclass(frozen=True, slots=True)
class Codec:
    """One type of values: `read` raises NotAsPromised, `empty` is the value that stands for nothing."""

    read: Callable[[Any, str], Any]
    schema: Mapping[str, Any]
    empty: Any = ABSENT
    written: Callable[[Any, TimeZone | None], Any] = _as_it_stands
    masked: Callable[[Any, Mask], Any] = _as_it_stands
    """Done also where the field itself is Kunren's own: what is from outside may lie deeper."""
    words: tuple[str, ...] = ()
    """All that there may be, where these are few."""
    part: type[Any] | None = None
    """The dataclass that it is made of, if it is of any."""
    shape: str = ""
    """A list or an object around what it is made of, as the tables show it."""
    quick: Quick | None = None


def _of(kind: type, flaw: str) -> Callable[[Any, str], Any]:
    def read(value: Any, name: str) -> Any:
        if type(value) is not kind:
            raise NotAsPromised(sentence(f"flaw.{flaw}", field=name))
        return value

    return read


def _length(least: float, most: float) -> Callable[[Any, str], float]:
    def read(value: Any, name: str) -> float:
        if type(value) not in {int, float} or not least <= value < most:
            raise NotAsPromised(sentence("flaw.length", field=name))
        return float(value)

    return read


def _moment(value: Any, name: str) -> datetime:
    """An instant in ISO 8601, with its offset."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise NotAsPromised(sentence("flaw.moment" if isinstance(value, str) else "flaw.text", field=name)) from error
    if moment.tzinfo is None:
        raise NotAsPromised(sentence("flaw.offset", field=name))
    return moment


def _prose(value: Any, name: str) -> Told:
    if isinstance(value, str):
        return _quoted(value) if len(value) <= SHORT else Quoted(value)
    if isinstance(value, dict) and all(isinstance(value.get(language), str) for language in LANGUAGES):
        return Text(value["en"], value["ja"])
    raise NotAsPromised(sentence("flaw.prose", field=name))


@lru_cache(maxsize=4096)
def _quoted(text: str) -> Quoted:
    """What probes see again and again is kept once."""
    return Quoted(text)


def _told(value: Told, _: object) -> Any:
    """In both languages, where they do not say the same."""
    en, ja = value.in_("en"), value.in_("ja")
    return en if en == ja else {"en": en, "ja": ja}


_FLOAT = f"v.__class__ is float and 0 <= v < {FARTHEST!r}"
TEXT = Codec(_of(str, "text"), {"type": "string"}, "", quick=Quick("v.__class__ is str"))
WHOLE = Codec(_of(int, "whole"), {"type": "integer"}, 0, quick=Quick("v.__class__ is int"))
FLAG = Codec(_of(bool, "flag"), {"type": "boolean"}, False, quick=Quick("v is True or v is False"))
AMOUNT = Codec(_length(0, FARTHEST), {"type": "number", "minimum": 0}, 0.0, quick=Quick(_FLOAT))
"""A number of seconds, as it stands."""
MOMENT = Codec(
    _moment,
    {"type": "string", "format": "date-time"},
    written=lambda value, zone: value if zone is None else zone.local(value),
)
_TWINS = {"type": "object", "properties": dict.fromkeys(LANGUAGES, TEXT.schema), "required": list(LANGUAGES)}
PROSE = Codec(
    _prose,
    {"anyOf": [TEXT.schema, _TWINS]},
    written=_told,
    quick=Quick(f"v.__class__ is str and len(v) <= {SHORT}", "{it}(v)", _quoted),
)
ANYTHING = Codec(_as_it_stands, {}, None, quick=Quick("v is not None"))


def length(name: str, *, signed: bool) -> Codec:
    """A length of time, in the unit that its name ends with."""
    assert name.endswith(("_s", "_ms")), f"{name} has no unit"
    unit = timedelta(milliseconds=1) if name.endswith("_ms") else timedelta(seconds=1)
    amount = _length(-CENTURIES, CENTURIES) if signed else AMOUNT.read
    return Codec(
        read=lambda value, name: unit * amount(value, name),
        schema={"type": "number"} if signed else AMOUNT.schema,
        empty=timedelta(),
        written=lambda value, _: round(value / unit, 3),
        quick=Quick(_FLOAT, "{it} * v", unit),
    )


def choice(by_value: Mapping[str, Any]) -> Codec:
    """One of an enumeration's values, or of some texts."""

    def read(value: Any, name: str) -> Any:
        if isinstance(value, str) and value in by_value:
            return by_value[value]
        raise NotAsPromised(sentence("flaw.choice", field=name, value=repr(value), known=tuple(by_value)))

    return Codec(
        read,
        {"enum": list(by_value)},
        written=lambda value, _: value.value if isinstance(value, Enum) else value,
        words=tuple(by_value),
        quick=Quick("v.__class__ is str and v in {it}", "{it}[v]", by_value),
    )


def list_of(inner: Codec, *, alone: bool) -> Codec:
    """With `alone` an older journal may have one text in its place."""
    items = {"type": "array", "items": inner.schema}

    def read(value: Any, name: str) -> tuple[Any, ...]:
        if alone and isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            raise NotAsPromised(sentence("flaw.list", field=name))
        return tuple(inner.read(each, name) for each in value)

    return Codec(
        read,
        {"anyOf": [items, inner.schema]} if alone else items,
        (),
        written=lambda value, zone: [inner.written(each, zone) for each in value],
        masked=lambda value, mask: [inner.masked(each, mask) for each in value] if isinstance(value, list) else value,
        part=inner.part,
        shape=f"[{inner.shape or '…'}]",
        quick=Quick("v.__class__ is list and not v", "()"),
    )


def object_of(inner: Codec) -> Codec:
    """Values by names."""

    def read(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise NotAsPromised(sentence("flaw.object", field=name))
        return value if inner is ANYTHING else {key: inner.read(each, key) for key, each in value.items()}

    return Codec(
        read,
        {"type": "object", "additionalProperties": inner.schema},
        {},
        written=lambda value, zone: {key: inner.written(each, zone) for key, each in value.items()},
        masked=lambda value, mask: {key: inner.masked(each, mask) for key, each in value.items()},
        part=inner.part,
        shape=f"{{name: {inner.shape or '…'}}}",
        quick=Quick("v.__class__ is dict") if inner is ANYTHING else None,
    )


def perhaps(inner: Codec) -> Codec:
    """A value, or None."""
    return Codec(
        lambda value, name: None if value is None else inner.read(value, name),
        {"anyOf": [inner.schema, {"type": "null"}]},
        None,
        written=lambda value, zone: None if value is None else inner.written(value, zone),
        masked=lambda value, mask: None if value is None else inner.masked(value, mask),
        words=inner.words,
        part=inner.part,
        shape=inner.shape,
        quick=inner.quick,
    )
