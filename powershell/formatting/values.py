"""The text of one cell or list value, and how it is aligned."""

from __future__ import annotations

import decimal
from typing import Any, Final

from powershell.declared import DotNetObject, EnumValue
from powershell.dialect import spoken
from powershell.dotnet.number_text import format_number
from powershell.dotnet.regex_text import Capture, CaptureList
from powershell.formatting.cells import ellipsis
from powershell.formatting.objects import RuntimeObjects
from powershell.instances import DictionaryEntry, Hashtable
from powershell.values import Char, TypedArray, enumerate_value, type_name

_DISPLAY_NAMES: Final = ("name", "id", "key", "*key", "*name", "*id")


def is_scalar(value: Any) -> bool:
    """Types that are shown by their text in any view: numbers, strings, booleans, characters, enumerations."""
    return isinstance(value, (str, bool, int, float, decimal.Decimal, Char, EnumValue))


def items_of(value: Any) -> list[Any] | None:
    """What an enumerable shows between braces; dictionaries enumerate here, strings do not."""
    if isinstance(value, Hashtable):
        return [DictionaryEntry(key, item) for key, item in value.items()]
    items = enumerate_value(value)
    return None if items is None else list(items)


def field_text(objects: RuntimeObjects, value: Any, *, in_table: bool = False) -> str:
    """The text of one table cell or list value."""
    if value is None:
        return ""
    items = items_of(value)
    if items is not None:
        return _collection_text(objects, items, raw=isinstance(value, (TypedArray, CaptureList)))
    if in_table and isinstance(value, (float, decimal.Decimal)) and not spoken().windows:
        return format_number(value, "F3") if _is_finite(value) else objects.text(value)
    return objects.text(value)


def _is_finite(value: float | decimal.Decimal) -> bool:
    return value == value and abs(value) != float("inf")  # noqa: PLR0124 - NaN differs from itself


def _collection_text(objects: RuntimeObjects, items: list[Any], *, raw: bool) -> str:
    limit = objects.enumeration_limit
    shown = items if limit < 0 or len(items) <= limit else items[:limit]
    cut = ellipsis() if len(shown) < len(items) else ""
    return "{" + ", ".join(_item_text(objects, item, raw=raw) for item in shown) + cut + "}"


def _item_text(objects: RuntimeObjects, item: Any, *, raw: bool) -> str:
    if item is None:
        return "$null"
    if raw and isinstance(item, Capture):
        return item.name
    if isinstance(item, DictionaryEntry):
        key = objects.text(item.key)
        return key if spoken().windows else f"[{key}, {objects.text(item.value)}]"
    if raw and isinstance(item, DotNetObject) and item.dotnet_class.text is None:
        name = display_property(objects, item)
        if name:
            return objects.text(objects.get(item, name))
    return objects.text(item)


def display_property(objects: RuntimeObjects, value: Any) -> str:
    """The property that names an object (Name, Id, …Name), or empty."""
    names = objects.properties(value)
    for pattern in _DISPLAY_NAMES:
        for name in names:
            lowered = name.lower()
            if lowered == pattern or (pattern.startswith("*") and lowered.endswith(pattern[1:])):
                return name
    return ""


_RIGHT_ALIGNED: Final = frozenset(
    f"System.{name}"
    for name in (
        *("SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "IntPtr"),
        *("Char", "Single", "Double", "Boolean", "Decimal"),
    )
)


def is_right_aligned(value: Any) -> bool:
    """Numbers, booleans, characters and enumerations stand right in a column made from properties."""
    return isinstance(value, EnumValue) or (value is not None and type_name(value) in _RIGHT_ALIGNED)
