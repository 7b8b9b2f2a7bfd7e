"""Static members of types: `[type]::Name`, `[type]::Method()` and `[type]::new()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from powershell.declared import DotNetClass, DotNetObject, DotNetType, EnumType, EnumValue
from powershell.dotnet.overloads import call_overload
from powershell.dotnet.tables import MethodGroup, Table
from powershell.errors import DotNetError, OutsideSubset, PowerShellError, failure, method_failure
from powershell.instances import PSCustomObject
from powershell.invoker import Invoker
from powershell.known_members import facts, has_fact, table_named
from powershell.values import NOTHING

_OF_OTHERS: Final = frozenset({"chars", "movenext", "reset"})
"""A property with parameters, and methods of enumerators, which are lists here."""
_ACCESSORS: Final = ("get_", "set_", "add_", "remove_", "op_")
"""How methods begin that stand for properties, events and operators: no list of members has them."""
_BAGS: Final = frozenset({"System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"})


def call_group(
    interpreter: Invoker, group: MethodGroup, target: Any, arguments: Sequence[Any], real: Mapping[str, Sequence[int]]
) -> Any:
    """Calls a method; `real` has the numbers of parameters of the overloads of each method the real type has."""
    counts = real.get(group.name)
    if counts is None:
        counts = next((known for name, known in real.items() if name.lower() == group.name.lower()), None)
    return call_overload(interpreter, group.name, group.overloads, target, list(arguments), counts)


def no_method(kind: str, name: str) -> PowerShellError:
    if name.lower().startswith(_ACCESSORS) or name.lower() in _OF_OTHERS:
        raise OutsideSubset(f"the method {name} of {kind}")
    return failure(
        f"Method invocation failed because [{kind}] does not contain a method named '{name}'.", "MethodNotFound"
    )


class StaticMembers:
    """The members of types, as one interpreter's scripts see them."""

    def __init__(self, interpreter: Invoker) -> None:
        self._it = interpreter

    def get(self, target: DotNetType, name: str) -> Any:
        if isinstance(target.definition, EnumType):
            return _enumeration_value(target.definition, name)
        table = _table(target)
        found = None if table is None else table.static_properties.get(name.lower())
        if found is not None:
            return found[1](self._it)
        real = has_fact(target.name, "sp", name)
        if real or real is None or name.lower() == "new" or has_fact(target.name, "sm", name):
            raise OutsideSubset(f"[{target.name}]::{name}")
        return None

    def set(self, target: DotNetType, name: str, value: Any) -> None:
        table = _table(target)
        setter = None if table is None else table.static_setters.get(name.lower())
        if setter is None:
            raise OutsideSubset(f"assigning [{target.name}]::{name}")
        setter(self._it, value)

    def invoke(self, target: DotNetType, name: str, arguments: Sequence[Any]) -> Any:
        table = _table(target)
        group = None if table is None else table.static_methods.get(name.lower())
        if group is not None:
            return call_group(self._it, group, NOTHING, arguments, facts(target.name).get("sm", {}))
        known = False if name.lower() == "new" else has_fact(target.name, "sm", name)
        if known or known is None or isinstance(target.definition, EnumType):
            raise OutsideSubset(f"[{target.name}]::{name}()")
        raise no_method(target.name, name)

    def construct(self, target: DotNetType, arguments: Sequence[Any]) -> Any:
        """`[type]::new(…)` and New-Object."""
        if target.name in _BAGS and not arguments:
            return PSCustomObject()
        if isinstance(target.definition, DotNetClass) and target.definition.constructor is not None:
            return _constructed(target.definition.constructor, list(arguments), target.name)
        table = _table(target)
        if table is None or not table.constructors:
            raise OutsideSubset(f"making a {target.name}")
        counts = facts(target.name).get("c")
        return call_overload(self._it, ".ctor", table.constructors, NOTHING, list(arguments), counts)


def _table(target: DotNetType) -> Table | None:
    return table_named(target.name if target.element is None else "System.Array")


def _enumeration_value(enum: EnumType, name: str) -> EnumValue | None:
    for known, number in enum.members:
        if known.lower() == name.lower():
            return EnumValue(enum, number)
    if name.lower() in {"new", *enum.outside} or has_fact("System.Enum", "sm", name):
        raise OutsideSubset(f"[{enum.name}]::{name}")
    return None


def _constructed(constructor: Callable[[list[Any]], DotNetObject | None], arguments: list[Any], name: str) -> Any:
    try:
        made = constructor(arguments)
    except DotNetError as error:
        raise method_failure(".ctor", len(arguments), error) from error
    if made is None:
        raise OutsideSubset(f"making a {name}")
    return made
