"""Objects with identity: property bags, lists, dictionaries, script blocks, and the members attached to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from powershell.outside import OutsideSubset


@dataclass(slots=True)
class NoteProperty:
    """`block_value`: the value, where Select-Object had it from a script block."""

    name: str
    value: Any
    block_value: Any = field(default_factory=object, compare=False, repr=False)


@dataclass(slots=True)
class ScriptProperty:
    name: str
    getter: ScriptBlock


Member = NoteProperty | ScriptProperty


class Instance:
    """A .NET object with identity.

    `members` are those attached to it (Add-Member), by lower-case name; `type_names` is its PSTypeNames once somebody
    has changed them.
    """

    __slots__ = ("members", "type_names")
    dotnet_name: ClassVar[str] = "System.Object"

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.type_names: list[str] | None = None

    def add_note(self, name: str, value: Any) -> None:
        self.members[name.lower()] = NoteProperty(name, value)


class PSCustomObject(Instance):
    """[pscustomobject]@{…}, and the results of Select-Object, ConvertFrom-Json and their like."""

    __slots__ = ()
    dotnet_name = "System.Management.Automation.PSCustomObject"

    def __init__(self, properties: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), *, type_name: str = "") -> None:
        super().__init__()
        pairs = properties.items() if isinstance(properties, Mapping) else properties
        for name, value in pairs:
            self.members[name.lower()] = NoteProperty(name, value)
        if type_name:
            self.type_names = [type_name, self.dotnet_name, "System.Object"]

    def set(self, name: str, value: Any) -> None:
        existing = self.members.get(name.lower())
        if isinstance(existing, NoteProperty):
            existing.value = value
        else:
            self.members[name.lower()] = NoteProperty(name, value)


class ArrayList(Instance):
    __slots__ = ("assignments", "items")
    dotnet_name = "System.Collections.ArrayList"

    def __init__(self, items: Iterable[Any] = ()) -> None:
        super().__init__()
        self.items = list(items)
        self.assignments = 0

    def state(self) -> Any:
        """Changes when an enumeration that is under way may not go on."""
        return (len(self.items), self.assignments)


class GenericList(ArrayList):
    """List[T], and Collection[T] (what the groups of Group-Object are) with its own generic name."""

    __slots__ = ("element_type", "generic_name")

    def __init__(
        self, element_type: str, items: Iterable[Any] = (), *, generic_name: str = "System.Collections.Generic.List`1"
    ) -> None:
        super().__init__(items)
        self.element_type = element_type
        self.generic_name = generic_name


def collection_of(items: Iterable[Any], element_type: str = "System.Management.Automation.PSObject") -> GenericList:
    """What PowerShell puts several objects into that it hands out at once."""
    return GenericList(element_type, items, generic_name="System.Collections.ObjectModel.Collection`1")


class KeyCollection(Instance):
    """A live view of the keys or values of a dictionary; the pipeline enumerates it."""

    __slots__ = ("name", "source", "table")

    def __init__(self, name: str, source: Callable[[], Iterable[Any]], table: Hashtable | None = None) -> None:
        super().__init__()
        self.name = name
        self.source = source
        self.table = table

    def state(self) -> Any:
        """Changes when an enumeration that is under way may not go on."""
        return None if self.table is None else self.table.state()

    @property
    def items(self) -> list[Any]:
        return list(self.source())


class Enumerator(KeyCollection):
    """What GetEnumerator gives, and $input: the pipeline takes its items, operators take it as one object."""

    __slots__ = ()


class Hashtable(Instance):
    """Keys compare by type and value; strings without regard to case unless `case_sensitive`."""

    __slots__ = ("assignments", "case_sensitive", "entries")
    dotnet_name = "System.Collections.Hashtable"

    def __init__(self, pairs: Iterable[tuple[Any, Any]] = (), *, case_sensitive: bool = False) -> None:
        super().__init__()
        self.case_sensitive = case_sensitive
        self.assignments = 0
        self.entries: dict[Any, tuple[Any, Any]] = {}
        for key, value in pairs:
            self.set(key, value)

    def identity(self, key: Any) -> Any:
        if isinstance(key, str):
            return key if self.case_sensitive else key.lower()
        if isinstance(key, (list, Instance)):
            return id(key)
        return (type(key), key)

    def get(self, key: Any) -> Any:
        entry = self.entries.get(self.identity(key))
        return None if entry is None else entry[1]

    def contains(self, key: Any) -> bool:
        return self.identity(key) in self.entries

    def set(self, key: Any, value: Any) -> None:
        identity = self.identity(key)
        known = self.entries.get(identity)
        self.entries[identity] = (key if known is None else known[0], value)
        self.assignments += 1

    def state(self) -> Any:
        return (len(self.entries), self.assignments)

    def remove(self, key: Any) -> None:
        self.entries.pop(self.identity(key), None)

    def items(self) -> list[tuple[Any, Any]]:
        """Key and value in the order of enumeration.

        That of strings is at random in .NET; integers are enumerated as their buckets stand, known here for 0, 1, 2 …
        """
        pairs = list(self.entries.values())
        if type(self) is not Hashtable or len(pairs) < 2 or any(isinstance(key, str) for key, _ in pairs):
            return pairs
        ordered = {key: pair for pair in pairs if type(key := pair[0]) is int}
        if set(ordered) != set(range(len(pairs))):
            raise OutsideSubset("the order of keys that are no strings")
        return [ordered[number] for number in reversed(range(len(pairs)))]

    def keys(self) -> list[Any]:
        return [key for key, _ in self.items()]

    def values(self) -> list[Any]:
        return [value for _, value in self.items()]

    def __len__(self) -> int:
        return len(self.entries)


class OrderedDictionary(Hashtable):
    """The dictionary of [ordered]@{…}."""

    __slots__ = ()
    dotnet_name = "System.Collections.Specialized.OrderedDictionary"


class BoundParameters(Hashtable):
    """$PSBoundParameters."""

    __slots__ = ()
    dotnet_name = "System.Management.Automation.PSBoundParametersDictionary"

    def identity(self, key: Any) -> Any:
        return super().identity(str(key))

    def state(self) -> Any:
        """A new value for a known key does not disturb this one."""
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class DictionaryEntry:
    key: Any
    value: Any


class ScriptBlock(Instance):
    """A piece of script."""

    __slots__ = ("ast", "text")
    dotnet_name = "System.Management.Automation.ScriptBlock"

    def __init__(self, ast: Any, text: str) -> None:
        super().__init__()
        self.ast = ast
        self.text = text


class CommandInfo(Instance):
    """What Get-Command gives: a cmdlet, a function or an alias. `command` is what runs."""

    __slots__ = ("command", "definition", "kind", "module", "name", "version")

    def __init__(
        self, name: str, kind: str, command: Any, *, module: str = "", version: str = "", definition: str = ""
    ) -> None:
        super().__init__()
        self.name = name
        self.kind = kind
        self.command = command
        self.module = module
        self.version = version
        self.definition = definition

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # CmdletInfo, FunctionInfo, AliasInfo in one
        return f"System.Management.Automation.{self.kind}Info"
