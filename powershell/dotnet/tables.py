"""How the members of a .NET type are declared: properties and methods by name, with the types of their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

Getter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Overload:
    """`types` are written as in type literals; with `variadic` the last takes all further arguments."""

    types: tuple[str, ...]
    names: tuple[str, ...]
    call: Callable[..., Any]
    variadic: bool = False
    wants_interpreter: bool = False


def overload(signature: str, call: Callable[..., Any], *, wants_interpreter: bool = False) -> Overload:
    """From a signature such as "int startIndex, params char[] units"."""
    parts = [part.strip() for part in signature.split(",") if part.strip()]
    variadic = bool(parts) and parts[-1].startswith("params ")
    pairs = [part.removeprefix("params ").split(" ") for part in parts]
    return Overload(
        tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs), call, variadic, wants_interpreter
    )


@dataclass(frozen=True, slots=True)
class MethodGroup:
    name: str
    overloads: tuple[Overload, ...]


@dataclass(slots=True)
class Table:
    """The members of one type. `base` is looked at when a name is not here."""

    name: str
    base: Table | None = None
    properties: dict[str, tuple[str, Getter]] = field(default_factory=dict)
    methods: dict[str, MethodGroup] = field(default_factory=dict)
    static_properties: dict[str, tuple[str, Callable[[Any], Any]]] = field(default_factory=dict)
    static_setters: dict[str, Callable[[Any, Any], None]] = field(default_factory=dict)
    static_methods: dict[str, MethodGroup] = field(default_factory=dict)
    constructors: tuple[Overload, ...] = ()

    def property(self, name: str, get: Getter) -> None:
        self.properties[name.lower()] = (name, get)

    def method(self, name: str, *overloads: tuple[str, Callable[..., Any]], context: bool = False) -> None:
        self.methods[name.lower()] = MethodGroup(
            name, tuple(overload(text, call, wants_interpreter=context) for text, call in overloads)
        )

    def static(self, name: str, *overloads: tuple[str, Callable[..., Any]], context: bool = False) -> None:
        self.static_methods[name.lower()] = MethodGroup(
            name, tuple(overload(text, call, wants_interpreter=context) for text, call in overloads)
        )

    def constant(self, name: str, get: Callable[[Any], Any]) -> None:
        """A static property; `get` receives the interpreter."""
        self.static_properties[name.lower()] = (name, get)

    def constructor(self, *overloads: tuple[str, Callable[..., Any]], context: bool = False) -> None:
        self.constructors = tuple(overload(text, call, wants_interpreter=context) for text, call in overloads)

    def without(self, names: frozenset[str]) -> Table:
        """The same members but for those, named in small letters."""
        if not names:
            return self
        return replace(
            self,
            properties={name: known for name, known in self.properties.items() if name not in names},
            methods={name: known for name, known in self.methods.items() if name not in names},
            static_properties={name: known for name, known in self.static_properties.items() if name not in names},
            static_methods={name: known for name, known in self.static_methods.items() if name not in names},
        )

    def find_property(self, name: str) -> tuple[str, Getter] | None:
        found = self.properties.get(name)
        return found if found is not None or self.base is None else self.base.find_property(name)

    def find_method(self, name: str) -> MethodGroup | None:
        found = self.methods.get(name)
        return found if found is not None or self.base is None else self.base.find_method(name)
