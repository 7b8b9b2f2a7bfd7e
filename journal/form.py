"""How a dataclass stands in the journal: its fields' types and annotations declare how each is written and read.

`Annotated[str, "what it is", OUTSIDE]` describes a field and says that its text comes from outside Kunren.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin, get_type_hints

from journal.codecs import (
    ABSENT,
    AMOUNT,
    ANYTHING,
    FLAG,
    MOMENT,
    PROSE,
    TEXT,
    WHOLE,
    Codec,
    Mask,
    NotAsPromised,
    choice,
    length,
    list_of,
    object_of,
    perhaps,
)
from journal.compiling import reader
from lab.model import scripts
from lab.model.calls import trimmed
from lab.model.json_values import writable
from lab.model.zones import TimeZone
from words import Told, sentence

# -- what may be declared of a field -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """The field's name in the journal; that of a length of time ends with its unit, `_s` or `_ms`."""

    name: str


@dataclass(frozen=True, slots=True)
class Outside:
    """It comes from outside Kunren, so secrets are masked in it; words in `own` are Kunren's and stay."""

    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Empty:
    """What the journal has where the field is empty; without this the empty value itself."""

    value: str | None


class Trait(Enum):
    """What else may be declared of a field."""

    CUT = "cut"
    """It may be of any length, and is cut after it has been masked."""

    IF_ANY = "if any"
    """Left out where it is empty."""

    OLDER = "older"
    """A journal of an older Kunren may lack it; it is empty then."""

    ALONE = "alone"
    """An older journal may have one text where this is a list."""

    SIGNED = "signed"
    """A length of time that may be negative."""

    ASIDE = "aside"
    """Not a field of the journal: it stands elsewhere, or is added by who has read it."""


OUTSIDE = Outside()
NULL = Empty(None)
CUT, IF_ANY, OLDER, ALONE, SIGNED, ASIDE = Trait


# -- dataclasses of the journal ----------------------------------------------------------------------------------------


class Written:
    """A dataclass of the journal, as an object of JSON."""

    __slots__ = ()
    or_text: ClassVar[bool] = False
    """Whether a text may stand in its place."""
    asides: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {}
    """How fields are read that are not declared one by one."""

    def to_json(self, zone: TimeZone | None = None) -> dict[str, Any]:
        """Its fields under their names in the journal; times are those of `zone`. Raises TypeError for no JSON."""
        plain = writable(
            {member.name: member.written(self, zone) for member in members(type(self)) if member.due(self)}
        )
        assert isinstance(plain, dict)
        return plain

    @classmethod
    def from_json(cls, value: Any, name: str = "entry") -> Self:
        """Raises NotAsPromised. `name` is that of the field it was read from."""
        if not isinstance(value, dict):
            raise NotAsPromised(sentence("flaw.object", field=name))
        found: Self = (_READERS.get(cls) or reader_of(cls))(value)
        if flaw := found.flaw():
            raise NotAsPromised(flaw)
        return found

    def flaw(self) -> Told | None:
        """What is wrong with it as a whole; None where nothing is."""
        return None


def masked(kind: type[Written], plain: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """What `kind` has written, with `mask` done to what is from outside; long fields are cut after that."""
    known = {member.name: member for member in members(kind)}
    return {name: known[name].masked(value, mask) if name in known else value for name, value in plain.items()}


def members(kind: type[Written]) -> tuple[Member, ...]:
    """The fields that `kind` has in the journal, in their order."""
    if kind not in _MEMBERS:
        _MEMBERS[kind] = tuple(_members(kind))
    return _MEMBERS[kind]


def _members(kind: type[Written]) -> Iterator[Member]:
    hints = get_type_hints(kind, localns=vars(scripts), include_extras=True)  # whose JsonValue names what it knows
    known = ((each.name, hints[each.name]) for each in fields(kind))  # type: ignore[arg-type]
    yield from (Member(name, hint) for name, hint in known if ASIDE not in getattr(hint, "__metadata__", ()))


def reader_of(kind: type[Written]) -> Callable[[Mapping[str, Any]], Any]:
    """What reads the fields of `kind`; whether it has a flaw as a whole is another question."""
    _READERS[kind] = reader(kind, members(kind), kind.asides)
    return _READERS[kind]


_MEMBERS: dict[type[Written], tuple[Member, ...]] = {}
_READERS: dict[type[Written], Callable[[Mapping[str, Any]], Any]] = {}


# -- fields ------------------------------------------------------------------------------------------------------------

_NONE: Any = object()


class Member:
    """One field: its name in the journal, what it is, and how it is written, read and masked."""

    def __init__(self, attribute: str, hint: Any) -> None:
        self.attribute = attribute
        kind, *declared = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        self._traits = frozenset(each for each in declared if isinstance(each, Trait))
        self.name = next((each.name for each in declared if isinstance(each, Named)), attribute)
        self.about = next((each for each in declared if isinstance(each, str)), "")
        self.outside = next((each for each in declared if isinstance(each, Outside)), None)
        self.codec = _codec(kind, self)
        self._substitute = next((each.value for each in declared if isinstance(each, Empty)), _NONE)
        empty = self.empty = self.codec.empty
        self.nullable = self._substitute is None or empty is None or not self._traits.isdisjoint({IF_ANY, OLDER})
        self.required = not (self.nullable or isinstance(empty, tuple | dict))
        """Whether a reader may count on it."""

    @property
    def substitute(self) -> str | None:
        """The text that stands for nothing, if one does."""
        return self._substitute if isinstance(self._substitute, str) else None

    def has(self, trait: Trait) -> bool:
        return trait in self._traits

    def due(self, of: Written) -> bool:
        return IF_ANY not in self._traits or bool(getattr(of, self.attribute) != self.empty)

    def written(self, of: Written, zone: TimeZone | None) -> Any:
        value = getattr(of, self.attribute)
        if self._substitute is not _NONE and value == self.empty:
            return self._substitute
        return self.codec.written(value, zone)

    def read(self, of: Mapping[str, Any]) -> Any:
        value = of.get(self.name, ABSENT)
        if value is ABSENT:
            return self.codec.read(None, self.name) if self.required else self.empty
        if (value is None and self.nullable) or (self._substitute is not _NONE and value == self._substitute):
            return self.empty
        return self.codec.read(value, self.name)

    def masked(self, value: Any, mask: Mask) -> Any:
        if self.outside is None:
            return self.codec.masked(value, mask)
        done = value if isinstance(value, str) and value in self.outside.own else mask(value)
        return trimmed(done) if CUT in self._traits else done


_SIMPLE: Mapping[Any, Codec] = {
    str: TEXT,
    Told: PROSE,
    int: WHOLE,
    float: AMOUNT,
    bool: FLAG,
    datetime: MOMENT,
}


def _codec(kind: Any, member: Member) -> Codec:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind is timedelta:
        return length(member.name, signed=member.has(SIGNED))
    if origin in {Union, types.UnionType} and inner[-1] is type(None):
        return perhaps(_codec(inner[0], member)) if len(inner) == 2 else ANYTHING
    if origin is Literal:
        return choice({value: value for value in inner})
    if origin is tuple and inner[1:] == (...,):
        return list_of(_codec(inner[0], member), alone=member.has(ALONE))
    if origin is not None and issubclass(origin, Mapping):
        return object_of(_codec(inner[1], member))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return choice({each.value: each for each in kind})
    if isinstance(kind, type) and issubclass(kind, Written):
        return _part(kind)
    raise TypeError(f"the journal has no form for {kind} of {member.attribute}")


def _part(kind: type[Written]) -> Codec:
    """A dataclass inside an entry."""
    itself = {"$ref": f"#/$defs/{kind.__name__}"}
    return Codec(
        kind.from_json,
        {"anyOf": [itself, PROSE.schema]} if kind.or_text else itself,
        written=lambda value, zone: value.to_json(zone),
        masked=lambda value, mask: masked(kind, value, mask) if isinstance(value, dict) else mask(value),
        part=kind,
    )
