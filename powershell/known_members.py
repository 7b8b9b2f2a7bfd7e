"""Which members a value's type has: the tables declared here, and the facts of what the real type has besides."""

from __future__ import annotations

import functools
from typing import Any, Final

from powershell.declared import DotNetType, EnumValue
from powershell.dialect import Dialect, lacking, spoken
from powershell.dotnet import containers, records, scalars, strings, system
from powershell.dotnet.regex_text import Capture, CaptureList
from powershell.dotnet.tables import Table
from powershell.errors import ExceptionObject
from powershell.facts import fact
from powershell.instances import (
    ArrayList,
    BoundParameters,
    CommandInfo,
    GenericList,
    Hashtable,
    KeyCollection,
    OrderedDictionary,
)
from powershell.values import type_name

_TABLES: Final[dict[str, Table]] = {
    table.name: table for module in (strings, scalars, containers, records, system) for table in module.TABLES
}
_BY_CLASS: Final[tuple[tuple[type, str], ...]] = (
    (list, "System.Array"),
    (GenericList, "System.Collections.Generic.List`1"),
    (ArrayList, "System.Collections.ArrayList"),
    (BoundParameters, "System.Collections.Generic.Dictionary`2"),
    (OrderedDictionary, "System.Collections.Specialized.OrderedDictionary"),
    (Hashtable, "System.Collections.Hashtable"),
    (KeyCollection, "System.Collections.ICollection"),
    (EnumValue, "System.Enum"),
    (ExceptionObject, "System.Exception"),
    (Capture, "System.Text.RegularExpressions.Group"),
    (CaptureList, "System.Text.RegularExpressions.MatchCollection"),
    (strings.Encoding, "System.Text.Encoding"),
    (DotNetType, "System.Type"),
    (CommandInfo, "System.Management.Automation.CmdletInfo"),
)
"""The table that stands for many types, by the Python class of their values."""


@functools.cache
def _framework_tables() -> dict[str, Table]:
    """The members as .NET Framework has them."""
    absent = lacking(Dialect.WINDOWS_POWERSHELL_5_1).members
    return {name: table.without(absent.get(name.lower(), frozenset())) for name, table in _TABLES.items()}


def table_named(name: str) -> Table | None:
    return (_framework_tables() if spoken().windows else _TABLES).get(name)


def table_of(value: Any) -> Table | None:
    """The member table of a value's type."""
    name = type_name(value)
    found = table_named(name)
    if found is not None:
        return found
    if name.startswith("System.Management.Automation.") and name.endswith("Record"):
        return table_named("System.Management.Automation.WarningRecord")
    return next((table_named(shared) for kind, shared in _BY_CLASS if isinstance(value, kind)), None)


def facts(name: str) -> dict[str, Any]:
    """What members the real type of that name has; empty where that is not known."""
    known: dict[str, dict[str, Any]] = fact("members")
    return known.get(name.partition("[")[0]) or {}


def has_fact(name: str, kind: str, member: str) -> bool | None:
    """Whether the real type has that member; None when its members are not known."""
    entry = facts(name)
    if not entry:
        return None
    lowered = member.lower()
    return any(known.lower() == lowered for known in entry[kind])


def fact_name(value: Any) -> str:
    """The type whose facts tell of a value's members."""
    name = type_name(value)
    if isinstance(value, DotNetType):
        return "System.Type"
    if facts(name) and not isinstance(value, (list, EnumValue)):
        return name
    table = table_of(value)
    return name if table is None else table.name
