"""Readers made of dataclasses, as their constructors are: a field as nearly all are is read where it stands.

Any other value is left to the field itself, which refuses what it cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, Protocol, TypeAlias

from journal.codecs import Codec

Object: TypeAlias = Mapping[str, Any]
"""Of JSON."""


class Readable(Protocol):
    """A field of the journal, as `journal.form.Member` is."""

    attribute: str
    name: str
    codec: Codec

    @property
    def empty(self) -> Any: ...

    @property
    def nullable(self) -> bool: ...

    @property
    def substitute(self) -> str | None: ...

    def read(self, of: Object) -> Any: ...


def reader(kind: type[Any], members: Sequence[Readable], asides: Mapping[str, Callable[[Object], Any]]) -> Any:
    """A function from an object of JSON to what it stands for. It raises what the fields and `asides` raise."""
    known: dict[str, Any] = {"create": object.__new__, "kind": kind}
    values: dict[str, str] = {}
    body = ["get = value.get"]
    for attribute, aside in asides.items():
        values[attribute] = f"of_{attribute}"
        known[f"read_{attribute}"] = aside
        body.append(f"of_{attribute} = read_{attribute}(value)")
    for member in members:
        values[member.attribute] = f"of_{member.attribute}"
        known |= _known(member)
        body += [f"v = get({member.name!r})", f"of_{member.attribute} = {_reading(member)}"]
    body.append("new = create(kind)")
    for field in fields(kind):
        known |= _set(kind, field)
        body.append(f"set_{field.name}(new, {values.get(field.name, f'default_{field.name}')})")
    source = "\n ".join(["def read(value):", *body, "return new"])
    exec(compile(source, f"<reader of {kind.__name__}>", "exec"), known)  # noqa: S102 (made of the dataclass alone)
    return known["read"]


def _known(member: Readable) -> Object:
    quick, name = member.codec.quick, member.attribute
    it = {} if quick is None else {f"it_{name}": quick.it}
    return {f"read_{name}": member.read, f"empty_{name}": member.empty, **it}


def _reading(member: Readable) -> str:
    return " else ".join([*_cases(member), f"read_{member.attribute}(value)"])


def _cases(member: Readable) -> Iterator[str]:
    """Values, each with its condition; the field itself reads whatever none of them holds of."""
    name = member.attribute
    if member.substitute is not None:
        yield f"empty_{name} if v == {member.substitute!r}"
    if (quick := member.codec.quick) is not None:
        yield f"{quick.made} if {quick.test}".replace("{it}", f"it_{name}")
    if member.nullable:
        yield f"empty_{name} if v is None"


def _set(kind: type[Any], field: Field[Any]) -> Object:
    """The slot's own way to be set, as the dataclass is frozen, and what it has where nothing is read."""
    default = {} if field.default is MISSING else {f"default_{field.name}": field.default}
    return {f"set_{field.name}": getattr(kind, field.name).__set__, **default}
