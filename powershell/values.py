"""How .NET values look in Python: numbers, arrays, dictionaries, objects with attached members, and their type names.

`None` is $null, `bool` System.Boolean, a plain `int` System.Int32, a plain `float` System.Double, `decimal.Decimal`
System.Decimal, `str` System.String, a plain `list` System.Object[]. Everything else has a class of its own here.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from powershell.outside import OutsideSubset

TICKS_PER_SECOND: Final = 10_000_000


class Int64(int):
    __slots__ = ()


class Byte(int):
    __slots__ = ()


class UInt32(int):
    __slots__ = ()


class UInt64(int):
    __slots__ = ()


INTEGER_RANGES: Final[Mapping[type[int], tuple[int, int]]] = {
    int: (-(2**31), 2**31 - 1),
    Int64: (-(2**63), 2**63 - 1),
    Byte: (0, 255),
    UInt32: (0, 2**32 - 1),
    UInt64: (0, 2**64 - 1),
}


@dataclass(frozen=True, slots=True)
class Char:
    """One UTF-16 unit."""

    value: str

    def __str__(self) -> str:
        return self.value


class TypedArray(list[Any]):
    """An array whose element type is not System.Object; its items already have that type."""

    __slots__ = ("element_type",)

    def __init__(self, element_type: str, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.element_type = element_type


BYTES: Final = tuple(Byte(number) for number in range(256))


def byte_array(data: bytes) -> TypedArray:
    return TypedArray("System.Byte", [BYTES[unit] for unit in data])


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
    """List[T], and Collection[T] (what ScriptBlock.Invoke and .Where() give) with its own generic name."""

    __slots__ = ("element_type", "generic_name")

    def __init__(
        self, element_type: str, items: Iterable[Any] = (), *, generic_name: str = "System.Collections.Generic.List`1"
    ) -> None:
        super().__init__(items)
        self.element_type = element_type
        self.generic_name = generic_name


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


UNSPECIFIED, UTC, LOCAL = 0, 1, 2
_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class DateTime:
    """Ticks of 100 ns since 0001-01-01 and a kind: UNSPECIFIED, UTC or LOCAL. The hosts' zone is UTC."""

    ticks: int
    kind: int = field(default=UNSPECIFIED, compare=False)
    has_display_hint: bool = field(default=False, compare=False)
    """Get-Date attaches the property DisplayHint to what it writes."""

    @classmethod
    def of(cls, moment: dt.datetime, *, utc: bool = False) -> DateTime:
        """An aware moment as the host's (UTC) time, of the kind LOCAL or UTC."""
        elapsed = moment.astimezone(dt.UTC) - _EPOCH
        return cls(elapsed // dt.timedelta(microseconds=1) * 10, UTC if utc else LOCAL)

    def to_python(self) -> dt.datetime:
        """Without a zone where the kind is UNSPECIFIED; what is below a microsecond is left out."""
        moment = _EPOCH + dt.timedelta(microseconds=self.ticks // 10)
        return moment.replace(tzinfo=None) if self.kind == UNSPECIFIED else moment


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    ticks: int

    @classmethod
    def of_seconds(cls, seconds: float) -> TimeSpan:
        return cls(round(seconds * TICKS_PER_SECOND))

    @property
    def total_seconds(self) -> float:
        return self.ticks / TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Guid:
    """Thirty-two lower-case hexadecimal digits."""

    digits: str

    @classmethod
    def of(cls, text: str) -> Guid:
        """One that is written with or without hyphens."""
        return cls(text.replace("-", "").lower())

    def __str__(self) -> str:
        d = self.digits
        return f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}"


@dataclass(frozen=True, slots=True)
class Version:
    """Two to four parts; System.Version keeps a missing one as -1."""

    parts: tuple[int, ...]
    semantic: bool = False

    def __str__(self) -> str:
        return ".".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class SwitchParameter:
    is_present: bool


class ScriptBlock(Instance):
    """A piece of script; `closure` holds the variables GetNewClosure froze, `file` is where it was read from."""

    __slots__ = ("ast", "closure", "text")
    dotnet_name = "System.Management.Automation.ScriptBlock"

    def __init__(self, ast: Any, text: str, closure: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.ast = ast
        self.text = text
        self.closure = closure


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


class PSReference(Instance):
    """[ref]: reads and writes a variable through two functions."""

    __slots__ = ("get", "set")
    dotnet_name = "System.Management.Automation.PSReference"

    def __init__(self, get: Callable[[], Any], assign: Callable[[Any], None]) -> None:
        super().__init__()
        self.get = get
        self.set = assign


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


VALUE_TYPES: Final = frozenset(
    f"System.{name}"
    for name in (
        *("Boolean", "Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single"),
        *("Double", "Decimal", "Char", "DateTime", "TimeSpan", "Guid", "DateTimeOffset"),
        *("Collections.DictionaryEntry", "Management.Automation.SwitchParameter", "Numerics.BigInteger"),
    )
)


class Nothing:
    """AutomationNull: what a statement without output yields. The pipeline skips it; everywhere else it is $null."""


NOTHING: Final = Nothing()
UNSET: Final = object()
"""An argument nobody gave, where $null is a value."""


_NAMES: Final[Mapping[type, str]] = {
    bool: "System.Boolean",
    int: "System.Int32",
    Int64: "System.Int64",
    Byte: "System.Byte",
    UInt32: "System.UInt32",
    UInt64: "System.UInt64",
    float: "System.Double",
    decimal.Decimal: "System.Decimal",
    str: "System.String",
    Char: "System.Char",
    list: "System.Object[]",
    DateTime: "System.DateTime",
    TimeSpan: "System.TimeSpan",
    Guid: "System.Guid",
    SwitchParameter: "System.Management.Automation.SwitchParameter",
    DictionaryEntry: "System.Collections.DictionaryEntry",
    DotNetType: "System.RuntimeType",
}


def type_name(value: Any) -> str:
    """The full name GetType() gives; null has none and answers "null"."""
    if value is None:
        return "null"
    known = _NAMES.get(type(value))
    if known is not None:
        return known
    match value:
        case TypedArray():
            return f"{value.element_type}[]"
        case EnumValue():
            return value.type.name
        case Version():
            return "System.Management.Automation.SemanticVersion" if value.semantic else "System.Version"
        case GenericList():
            return f"{value.generic_name}[[{value.element_type}]]"
        case KeyCollection():
            return value.name
        case DotNetObject():
            return value.dotnet_class.name
        case Instance():
            return value.dotnet_name
        case _:
            raise TypeError(f"{type(value).__name__} is no PowerShell value")


def enumerate_value(value: Any) -> Iterable[Any] | None:
    """What the pipeline unrolls a value into; None when it passes as one object."""
    if isinstance(value, list):
        return value
    if isinstance(value, (ArrayList, KeyCollection)):
        return value.items
    own = getattr(value, "enumerate", None)
    return None if own is None or isinstance(value, type) else own()


def unwrap(items: list[Any]) -> Any:
    """A pipeline's output as an expression's value: nothing is null, one item is itself, more are an array."""
    if not items:
        return None
    return items[0] if len(items) == 1 else items
