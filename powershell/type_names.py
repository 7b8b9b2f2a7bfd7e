"""Which types a script can name: the accelerators, the enumerations, the classes of the lab, and what merely exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from powershell.declared import DotNetClass, DotNetType, EnumType
from powershell.dialect import spoken
from powershell.errors import ERROR_CATEGORY, EXCEPTION_BASES, OutsideSubset
from powershell.facts import fact
from powershell.syntax import ArrayTypeName, TypeName, TypeNameBase


@cache
def _existing() -> Mapping[str, str]:
    known = {}
    for namespace, names in fact("types").items():
        for name in names.split():
            full = f"{namespace}.{name}" if namespace else name
            known[full.lower()] = full
    return known


@cache
def builtin_enums() -> Mapping[str, EnumType]:
    enums = {
        name.lower(): EnumType(name, tuple(entry["v"].items()), entry["f"]) for name, entry in fact("enums").items()
    }
    enums[ERROR_CATEGORY.name.lower()] = ERROR_CATEGORY
    return enums


def enum(name: str) -> EnumType:
    """A built-in enumeration by its full name."""
    return builtin_enums()[name.lower()]


PSOBJECT: Final = "System.Management.Automation.PSObject"
_SPECIAL: Final = {"pscustomobject": PSOBJECT}


@cache
def _accelerators() -> Mapping[str, str]:
    return {short.lower(): full for short, full in fact("accelerators").items()} | _SPECIAL


def accelerator_of(full_name: str) -> str | None:
    """The short name PowerShell prints for a type ([int] for System.Int32)."""
    return next((short for short, full in fact("accelerators").items() if full == full_name), None)


_ROOTS: Final = frozenset({"system", "microsoft", "windows", "interop", "mscorlib"})
_UNDER_SYSTEM: Final = frozenset(
    {
        *("configuration", "data", "directoryservices", "drawing", "enterpriseservices", "identitymodel", "messaging"),
        *("printing", "servicemodel", "serviceprocess", "speech", "web", "windows", "workflow"),
    }
)
_WINDOWS_ACCELERATORS: Final = frozenset({"adsi", "adsisearcher", "wmi", "wmiclass", "wmisearcher"})
_COMPLETE: Final = frozenset(
    {
        *("system", "system.collections", "system.collections.generic", "system.io", "system.text"),
        *("system.management.automation",),
    }
)
"""Namespaces whose types are all known."""


@cache
def _under_system() -> frozenset[str]:
    known = {namespace.split(".")[1].lower() for namespace in fact("types") if namespace.startswith("System.")}
    return frozenset(known | _UNDER_SYSTEM)


def _is_perhaps_there(name: str) -> bool:
    """Whether a type that is not known here may exist on a Windows host or in an assembly that is not looked at."""
    root, dot, _ = name.partition(".")
    if not dot:
        return name in _WINDOWS_ACCELERATORS
    full = name if root in _ROOTS else f"system.{name}"
    return (root in _ROOTS or root in _under_system()) and full.rpartition(".")[0] not in _COMPLETE


_OF_VERSION_7: Final = frozenset({"semver", "system.management.automation.semanticversion"})


class TypeRegistry:
    """Finds types by the name a script writes; one per host, with the lab's own classes and enumerations."""

    def __init__(self, types: Iterable[EnumType | DotNetClass] = ()) -> None:
        self._own: dict[str, EnumType | DotNetClass] = {known.name.lower(): known for known in types}
        self._known: dict[str, DotNetType | None] = {}

    def find(self, name: str) -> DotNetType | None:
        """The type of that name, array brackets included; None when there is none."""
        lowered = name.lower()
        if lowered in _OF_VERSION_7 and spoken().windows:
            return None
        if lowered not in self._known:
            self._known[lowered] = self._parse(name.strip())
        return self._known[lowered]

    def get(self, name: str) -> DotNetType:
        """The type of a name that is known to exist; KeyError otherwise."""
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def _parse(self, name: str) -> DotNetType | None:
        if "[," in name or ",]" in name:
            raise OutsideSubset(f"the type {name}, an array of several dimensions,")
        if name.endswith("[]"):
            element = self.find(name[:-2])
            return None if element is None else self.array_of(element)
        if name.endswith("]") and "[" in name:
            raise OutsideSubset(f"the generic type {name}")
        return self._simple(name)

    def array_of(self, element: DotNetType) -> DotNetType:
        return DotNetType(f"{element.name}[]", element=element)

    def _simple(self, name: str) -> DotNetType | None:
        full = self._lookup(name)
        if full is None:
            return None
        definition = self._own.get(full.lower()) or builtin_enums().get(full.lower())
        return DotNetType(full, definition)

    def _lookup(self, name: str) -> str | None:
        lowered = name.lower()
        short = _accelerators().get(lowered)
        if short is not None:
            return short
        for candidate in (lowered, f"system.{lowered}"):
            if candidate in self._own:
                return self._own[candidate].name
            if candidate in builtin_enums():
                return builtin_enums()[candidate].name
            full = _existing().get(candidate) or _EXCEPTIONS.get(candidate)
            if full is not None:
                return full
        attribute = _existing().get(f"system.management.automation.{lowered}attribute")
        if attribute is None and _is_perhaps_there(lowered):
            raise OutsideSubset(f"the type {name}")
        return attribute

    def resolve(self, written: TypeNameBase) -> DotNetType | None:
        """The type a type literal names."""
        match written:
            case ArrayTypeName():
                element = self.resolve(written.element_type)
                return None if element is None else self.array_of(element)
            case TypeName():
                return self.find(written.name)


_EXCEPTIONS: Final = {name.lower(): name for name in EXCEPTION_BASES}
