"""A value of a script seen from outside: what a protocol that carries values needs to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from powershell.conversion import to_text
from powershell.declared import DotNetObject
from powershell.instances import Hashtable, Instance, NoteProperty
from powershell.values import enumerate_value, type_name


@dataclass(frozen=True, slots=True)
class Inspection:
    value: Any

    @property
    def type_name(self) -> str:
        """The full name GetType() gives, e.g. "System.Int32"."""
        return type_name(self.value)

    @property
    def type_names(self) -> list[str]:
        """PSTypeNames as far as the value says them, most derived first."""
        if isinstance(self.value, Instance) and self.value.type_names is not None:
            return list(self.value.type_names)
        bases = self.value.dotnet_class.bases if isinstance(self.value, DotNetObject) else ("System.Object",)
        return [self.type_name, *bases]

    @property
    def text(self) -> str:
        """What the value is in a string."""
        return to_text(self.value)

    @property
    def items(self) -> Iterable[Any] | None:
        """What the pipeline unrolls the value into; None when it passes as one object."""
        return enumerate_value(self.value)

    @property
    def pairs(self) -> Iterable[tuple[Any, Any]] | None:
        """Keys and values of a dictionary."""
        return self.value.items() if isinstance(self.value, Hashtable) else None

    @property
    def properties(self) -> Iterable[tuple[str, Any]]:
        """Names and values: those of a declared class, and those attached to the object."""
        if isinstance(self.value, DotNetObject):
            yield from ((known.name, known.get(self.value)) for known in self.value.dotnet_class.properties)
        if isinstance(self.value, Instance):
            for member in self.value.members.values():
                if isinstance(member, NoteProperty):
                    yield member.name, member.value
