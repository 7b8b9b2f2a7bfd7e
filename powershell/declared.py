"""Enumerations, classes and types: how those of the lab are declared, and what a script has of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from powershell.instances import Instance


@dataclass(frozen=True, slots=True, eq=False)
class EnumType:
    """An enumeration: names in declaration order with their numbers."""

    name: str
    members: tuple[tuple[str, int], ...]
    flags: bool = False
    outside: frozenset[str] = frozenset()
    """Names, in lower case, that the real one has too, with numbers that are not known."""

    def value(self, name: str) -> EnumValue:
        """The value of that name; KeyError when there is none."""
        for known, number in self.members:
            if known.lower() == name.lower():
                return EnumValue(self, number)
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class EnumValue:
    """Prints as its name, converts to its number."""

    type: EnumType
    number: int

    @property
    def name(self) -> str:
        for known, number in self.type.members:
            if number == self.number:
                return known
        return self._flag_names() if self.type.flags else str(self.number)

    def _flag_names(self) -> str:
        rest, names = self.number, []
        for known, number in sorted(self.type.members, key=lambda member: -member[1]):
            if number and rest & number == number:
                names.append(known)
                rest &= ~number
        return str(self.number) if rest or not names else ", ".join(reversed(names))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property of a declared .NET class. Without `set` it is read only."""

    name: str
    type: str
    get: Callable[[Any], Any]
    set: Callable[[Any, Any], None] | None = None

    @classmethod
    def stored(cls, name: str, type_name: str, *, read_only: bool = False) -> Property:
        """A property that is simply a field of its object; the evaluator converts to `type_name` before it sets."""

        def get(instance: DotNetObject) -> Any:
            return instance.fields.get(name)

        def assign(instance: DotNetObject, value: Any) -> None:
            instance.fields[name] = value

        return cls(name=name, type=type_name, get=get, set=None if read_only else assign)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a declared .NET class: `call(instance, *arguments)`, arguments already .NET values.

    `definition` is how Get-Member shows it, e.g. "void Refresh()"; `arity` the accepted numbers of arguments.
    """

    name: str
    call: Callable[..., Any]
    definition: str = ""
    arity: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DotNetClass:
    """A .NET class of the lab, e.g. Microsoft.HyperV.PowerShell.VirtualMachine.

    `outside` names members the real class has and this one has not: reading them is refused as outside the subset.
    `text` is ToString().
    """

    name: str
    base: str = "System.Object"
    bases: tuple[str, ...] = ("System.Object",)
    properties: tuple[Property, ...] = ()
    methods: tuple[Method, ...] = ()
    outside: frozenset[str] = frozenset()
    text: Callable[[Any], str] | None = None
    constructor: Callable[[list[Any]], DotNetObject | None] | None = None
    """Makes an object of its arguments; None for those it does not take. Raises DotNetError."""

    def property(self, name: str) -> Property | None:
        lowered = name.lower()
        return next((known for known in self.properties if known.name.lower() == lowered), None)

    def method(self, name: str) -> Method | None:
        lowered = name.lower()
        return next((known for known in self.methods if known.name.lower() == lowered), None)


class DotNetObject(Instance):
    """An object of a declared class.

    `fields` holds what its properties read and write; a live object of the simulated world may keep a reference to its
    source there.
    """

    __slots__ = ("dotnet_class", "fields")

    def __init__(self, dotnet_class: DotNetClass, fields: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.dotnet_class = dotnet_class
        self.fields = {} if fields is None else fields


@dataclass(frozen=True, slots=True)
class DotNetType:
    """[int], [System.IO.Path] …: a type as a value, by its full name."""

    name: str
    definition: EnumType | DotNetClass | None = field(default=None, compare=False)
    element: DotNetType | None = field(default=None, compare=False)
    """The element type of an array type."""

    @property
    def short_name(self) -> str:
        return re.split(r"[.+]", self.name)[-1]
