"""Arrays, lists, dictionaries, and what these enumerate."""

from __future__ import annotations

from typing import Any, Final

from powershell.dialect import spoken
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.instances import (
    BoundParameters,
    DictionaryEntry,
    Enumerator,
    Hashtable,
    KeyCollection,
    OrderedDictionary,
)
from powershell.values import NOTHING

_ORDERED_VIEW: Final = "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection"
ARRAY: Final = Table("System.Array")
LIST: Final = Table("System.Collections.ArrayList")
GENERIC: Final = Table("System.Collections.Generic.List`1", base=LIST)
HASHTABLE: Final = Table("System.Collections.Hashtable")
ORDERED: Final = Table("System.Collections.Specialized.OrderedDictionary", base=HASHTABLE)
DICTIONARY: Final = Table("System.Collections.Generic.Dictionary`2", base=HASHTABLE)
ENTRY: Final = Table("System.Collections.DictionaryEntry")
KEYS: Final = Table("System.Collections.ICollection")


def _fixed(*_: Any) -> None:
    raise DotNetError("System.NotSupportedException", "Collection was of a fixed size.")


def _checked(table: Hashtable, key: Any) -> None:
    if isinstance(table, BoundParameters):
        raise OutsideSubset("changing a generic dictionary by a method")
    if key is None:
        what = "Key" if spoken().windows else "Value"
        raise DotNetError("System.ArgumentNullException", f"{what} cannot be null. (Parameter 'key')")


def _add(table: Hashtable, key: Any, value: Any) -> Any:
    _checked(table, key)
    if table.contains(key):
        raise OutsideSubset("adding a key that a dictionary has")
    table.set(key, value)
    return NOTHING


def _remove(table: Hashtable, key: Any) -> Any:
    _checked(table, key)
    table.remove(key)
    return NOTHING


def keys_of(table: Hashtable) -> KeyCollection:
    name = _ORDERED_VIEW if isinstance(table, OrderedDictionary) else "System.Collections.Hashtable+KeyCollection"
    return KeyCollection(name, table.keys, table)


def values_of(table: Hashtable) -> KeyCollection:
    name = _ORDERED_VIEW if isinstance(table, OrderedDictionary) else "System.Collections.Hashtable+ValueCollection"
    return KeyCollection(name, table.values, table)


def entries_of(table: Hashtable) -> Enumerator:
    if isinstance(table, BoundParameters):
        raise OutsideSubset("the enumerator of a generic dictionary")
    name = (
        "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryEnumerator"
        if isinstance(table, OrderedDictionary)
        else "System.Collections.Hashtable+HashtableEnumerator"
    )
    return Enumerator(name, lambda: [DictionaryEntry(key, value) for key, value in table.items()], table)


def _declare() -> tuple[Table, ...]:
    for name in ("Count", "Length"):
        ARRAY.property(name, len)
    ARRAY.method("Add", ("object value", _fixed))
    LIST.property("Count", lambda collection: len(collection.items))
    KEYS.property("Count", lambda collection: len(collection.items))
    for name in ("IsReadOnly", "IsFixedSize", "IsSynchronized"):
        HASHTABLE.property(name, lambda _: False)
    HASHTABLE.property("Keys", keys_of)
    HASHTABLE.property("Values", values_of)
    HASHTABLE.property("SyncRoot", lambda table: table)
    HASHTABLE.property("Count", len)
    HASHTABLE.method("Add", ("object key, object value", _add))
    HASHTABLE.method("Remove", ("object key", _remove))
    HASHTABLE.method("Contains", ("object key", Hashtable.contains))
    HASHTABLE.method("ContainsKey", ("object key", Hashtable.contains))
    HASHTABLE.method("GetEnumerator", ("", entries_of))
    ORDERED.methods["containskey"] = HASHTABLE.methods["containskey"]
    ENTRY.property("Name", lambda entry: entry.key)
    ENTRY.property("Key", lambda entry: entry.key)
    ENTRY.property("Value", lambda entry: entry.value)
    return (ARRAY, LIST, GENERIC, HASHTABLE, ORDERED, DICTIONARY, ENTRY, KEYS)


TABLES: Final = _declare()
