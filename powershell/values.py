"""How .NET values look in Python: numbers, arrays, times and their like, and the type names of all.

`None` is $null, `bool` System.Boolean, a plain `int` System.Int32, a plain `float` System.Double, `decimal.Decimal`
System.Decimal, `str` System.String, a plain `list` System.Object[]. Everything else has a class of its
own here, in `instances` or in `declared`.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from powershell.declared import DotNetObject, DotNetType, EnumValue
from powershell.instances import ArrayList, DictionaryEntry, GenericList, Instance, KeyCollection

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
    return TypedArray("System.Byte", map(BYTES.__getitem__, data))


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
