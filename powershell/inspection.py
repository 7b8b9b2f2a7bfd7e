"""A value of a script seen from outside: what a protocol that carries values needs to know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from powershell.conversion import to_text
from powershell.values import (
    DotNetObject,
    GenericDictionary,
    GenericList,
    Hashtable,
    Instance,
    NoteProperty,
    enumerate_value,
    type_name,
)


@dataclass(frozen=True, slots=True)
class Inspection:
    value: Any

    @property
    def type_name(self) -> str:
        """The full name GetType() gives, e.g. "System.Int32"."""
        return output_type_name(self.value)

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


_ASSEMBLIES: Final = {
    "System.Management.Automation.": "System.Management.Automation, Version=7.6.5.0, {}31bf3856ad364e35",
    "System.Text.RegularExpressions.": "System.Text.RegularExpressions, Version=10.0.0.0, {}b03f5f7f11d50a3a",
    "System.": "System.Private.CoreLib, Version=10.0.0.0, {}7cec85d7bea7798e",
}


def output_type_name(value: Any) -> str:
    """The full name with the assemblies of its type arguments, as PSTypeNames and a pipeline's output have it."""
    match value:
        case GenericList():
            return f"{value.generic_name}[[{_qualified(value.element_type)}]]"
        case GenericDictionary() if not value.own_name:
            arguments = f"[{_qualified(value.key_type)}],[{_qualified(value.value_type)}]"
            return f"System.Collections.Generic.Dictionary`2[{arguments}]"
        case _:
            return type_name(value)


def _qualified(name: str) -> str:
    for prefix, assembly in _ASSEMBLIES.items():
        if name.startswith(prefix):
            return f"{name}, {assembly.format('Culture=neutral, PublicKeyToken=')}"
    return name
