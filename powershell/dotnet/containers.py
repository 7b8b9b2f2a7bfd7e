"""Arrays, lists, dictionaries, queues and stacks, and the static members of System.Array."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, Final

from powershell import budget
from powershell.conversion import items_of, to_text
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset, PowerShellError, failure
from powershell.values import (
    NOTHING,
    ArrayList,
    DictionaryEntry,
    Enumerator,
    GenericDictionary,
    GenericList,
    Hashtable,
    KeyCollection,
    OrderedDictionary,
    TypedArray,
)

_ORDERED_VIEW: Final = "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection"
ARRAY: Final = Table("System.Array")
LIST: Final = Table("System.Collections.ArrayList")
GENERIC: Final = Table("System.Collections.Generic.List`1", base=LIST)
HASHTABLE: Final = Table("System.Collections.Hashtable")
ORDERED: Final = Table("System.Collections.Specialized.OrderedDictionary", base=HASHTABLE)
DICTIONARY: Final = Table("System.Collections.Generic.Dictionary`2", base=HASHTABLE)
ENTRY: Final = Table("System.Collections.DictionaryEntry")
ENUMERATOR: Final = Table("System.Collections.IEnumerator")
KEYS: Final = Table("System.Collections.ICollection")


def _index_error() -> DotNetError:
    return DotNetError(
        "System.ArgumentOutOfRangeException",
        "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
    )


def _position(items: list[Any], value: Any) -> int:
    return next((index for index, item in enumerate(items) if type(item) is type(value) and item == value), -1)


def _fixed(*_: Any) -> None:
    raise DotNetError("System.NotSupportedException", "Collection was of a fixed size.")


def _declare_array() -> None:
    table = ARRAY
    for name in ("Count", "Length"):
        table.property(name, len)
    table.properties["longlength"] = ("LongLength", len)
    table.property("Rank", lambda _: 1)
    table.property("IsReadOnly", lambda _: False)
    table.property("IsFixedSize", lambda _: True)
    table.method("GetLength", ("int dimension", lambda items, _: len(items)))
    table.method("GetUpperBound", ("int dimension", lambda items, _: len(items) - 1))
    table.method("GetLowerBound", ("int dimension", lambda *_: 0))
    table.method("Contains", ("object value", lambda items, value: _position(items, value) >= 0))
    table.method("IndexOf", ("object value", _position))
    table.method("GetEnumerator", ("", list))
    table.method("Add", ("object value", _fixed))
    table.method("Remove", ("object value", _fixed))
    table.method("RemoveAt", ("int index", _fixed))
    table.static("IndexOf", ("array array, object value", _position))
    table.static(
        "LastIndexOf",
        (
            "array array, object value",
            lambda items, value: len(items) - 1 - p if (p := _position(items[::-1], value)) >= 0 else -1,
        ),
    )
    table.static("Reverse", ("array array", _reverse))
    table.static("Sort", ("array array", _sort), context=True)


def _reverse(items: list[Any]) -> Any:
    items.reverse()
    return NOTHING


def _sort(interpreter: Any, items: list[Any]) -> Any:
    items.sort(key=cmp_to_key(lambda left, right: interpreter.comparison.compare(left, right, ignore_case=False)))
    return NOTHING


def _create(interpreter: Any, element: Any, count: int) -> Any:
    empty = interpreter.members.default_value(element)
    budget.items(count)
    return [empty] * count if element.name == "System.Object" else TypedArray(element.name, [empty] * count)


def _append(collection: ArrayList, value: Any) -> int:
    collection.items.append(value)
    return len(collection.items) - 1


def _append_typed(interpreter: Any, collection: GenericList, value: Any) -> Any:
    collection.items.append(_typed(interpreter, collection, value))
    return NOTHING


def _typed(interpreter: Any, collection: GenericList, value: Any, method: str = "Add") -> Any:
    target = interpreter.types.get(collection.element_type)
    try:
        return interpreter.conversion.convert(value, target)
    except PowerShellError as error:
        raise failure(
            f'Cannot convert argument "item", with value: "{to_text(value)}", for "{method}" to type "{target.name}": '
            f'"{error.record.message}"',
            "MethodArgumentConversionInvalidCastArgument",
            "NotSpecified",
            exception="System.Management.Automation.MethodException",
        ) from None


def _extend(collection: ArrayList, values: Any) -> Any:
    items = items_of(values)
    collection.items += [values] if items is None else items
    return NOTHING


def _extend_typed(interpreter: Any, collection: GenericList, values: Any) -> Any:
    items = items_of(values)
    for value in [values] if items is None else list(items):
        collection.items.append(_typed(interpreter, collection, value))
    return NOTHING


def _remove(collection: ArrayList, value: Any) -> Any:
    index = _position(collection.items, value)
    if index >= 0:
        del collection.items[index]
    return NOTHING if type(collection) is ArrayList else index >= 0


def _remove_at(collection: ArrayList, index: int) -> Any:
    if not 0 <= index < len(collection.items):
        raise _index_error()
    del collection.items[index]
    return NOTHING


def _emptied(collection: ArrayList) -> Any:
    collection.items.clear()
    return NOTHING


def _array_of(collection: ArrayList) -> list[Any]:
    if isinstance(collection, GenericList) and collection.element_type not in {
        "System.Object",
        "System.Management.Automation.PSObject",
    }:
        return TypedArray(collection.element_type, collection.items)
    return list(collection.items)


def _declare_lists() -> None:
    LIST.property("Count", lambda collection: len(collection.items))
    LIST.property(
        "Capacity", lambda collection: max(4, 1 << (len(collection.items) - 1).bit_length()) if collection.items else 0
    )
    LIST.property("IsReadOnly", lambda _: False)
    LIST.property("IsFixedSize", lambda _: False)
    LIST.method("Add", ("object value", _append))
    LIST.method("AddRange", ("object c", _extend))
    LIST.method("Remove", ("object value", _remove))
    LIST.method("RemoveAt", ("int index", _remove_at))
    LIST.method("Clear", ("", _emptied))
    LIST.method("Contains", ("object value", lambda collection, value: _position(collection.items, value) >= 0))
    LIST.method("IndexOf", ("object value", lambda collection, value: _position(collection.items, value)))
    LIST.method("ToArray", ("", _array_of))
    LIST.method("Clone", ("", lambda collection: ArrayList(collection.items)))
    LIST.method("GetEnumerator", ("", lambda collection: list(collection.items)))
    LIST.method(
        "GetRange",
        ("int index, int count", lambda collection, index, count: ArrayList(collection.items[index : index + count])),
    )
    LIST.constructor(
        ("", ArrayList),
        ("int capacity", lambda _: ArrayList()),
        ("object c", lambda values: ArrayList(items_of(values) or [])),
    )
    GENERIC.method("Add", ("object item", _append_typed), context=True)
    GENERIC.method("AddRange", ("object collection", _extend_typed), context=True)
    GENERIC.method(
        "Contains",
        (
            "object item",
            lambda it, collection, value: _position(collection.items, _typed(it, collection, value, "Contains")) >= 0,
        ),
        context=True,
    )
    GENERIC.method(
        "GetRange",
        (
            "int index, int count",
            lambda collection, index, count: GenericList(
                collection.element_type, collection.items[index : index + count]
            ),
        ),
    )


def _add(table: Hashtable, key: Any, value: Any) -> Any:
    _check_key(table, key)
    if table.contains(key):
        raise DotNetError(
            "System.ArgumentException",
            f"Item has already been added. Key in dictionary: '{to_text(key)}'  Key being added: '{to_text(key)}'",
        )
    table.set(key, value)
    return NOTHING


def _check_key(table: Hashtable, key: Any) -> None:
    del table
    if key is None:
        raise DotNetError("System.ArgumentNullException", "Value cannot be null. (Parameter 'key')")


def _put(table: Hashtable, key: Any, value: Any) -> Any:
    table.set(key, value)
    return NOTHING


def _drop(table: Hashtable, key: Any) -> Any:
    _check_key(table, key)
    table.remove(key)
    return NOTHING


def _wipe(table: Hashtable) -> Any:
    table.clear()
    return NOTHING


def keys_of(table: Hashtable) -> KeyCollection:
    name = _ORDERED_VIEW if isinstance(table, OrderedDictionary) else "System.Collections.Hashtable+KeyCollection"
    return KeyCollection(name, table.keys, table)


def values_of(table: Hashtable) -> KeyCollection:
    name = _ORDERED_VIEW if isinstance(table, OrderedDictionary) else "System.Collections.Hashtable+ValueCollection"
    return KeyCollection(name, table.values, table)


def entries_of(table: Hashtable) -> KeyCollection:
    if isinstance(table, GenericDictionary):
        raise OutsideSubset("the enumerator of a generic dictionary")
    name = (
        "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryEnumerator"
        if isinstance(table, OrderedDictionary)
        else "System.Collections.Hashtable+HashtableEnumerator"
    )
    return Enumerator(name, lambda: [DictionaryEntry(key, value) for key, value in table.items()], table)


def _declare_dictionaries() -> None:
    table = HASHTABLE
    table.property("IsReadOnly", lambda _: False)
    table.property("IsFixedSize", lambda _: False)
    table.property("IsSynchronized", lambda _: False)
    table.property("Keys", keys_of)
    table.property("Values", values_of)
    table.property("SyncRoot", lambda value: value)
    table.property("Count", len)
    table.method("Add", ("object key, object value", _add))
    table.method("Remove", ("object key", _drop))
    table.method("Clear", ("", _wipe))
    table.method("Contains", ("object key", Hashtable.contains))
    table.method("ContainsKey", ("object key", Hashtable.contains))
    table.method("ContainsValue", ("object value", lambda entries, value: _position(entries.values(), value) >= 0))
    table.method("GetEnumerator", ("", entries_of))
    table.method(
        "Clone",
        ("", lambda entries: Hashtable(entries.items(), case_sensitive=entries.case_sensitive, capacity=len(entries))),
    )
    table.method("Item", ("object key", Hashtable.get))
    table.method("get_Item", ("object key", Hashtable.get))
    table.method("set_Item", ("object key, object value", _put))
    table.constructor(("", lambda: Hashtable(case_sensitive=True)))
    ORDERED.method("Insert", ("int index, object key, object value", _insert_entry))
    ORDERED.methods["containskey"] = ORDERED.find_method("containskey")  # type: ignore[assignment] # declared above
    ORDERED.constructor(("", lambda: OrderedDictionary(case_sensitive=True)))
    DICTIONARY.method("Add", ("object key, object value", _add_typed), context=True)
    DICTIONARY.method("Remove", ("object key", _drop_typed))
    DICTIONARY.method("TryGetValue", ("object key, ref value", _try_get))
    ENTRY.property("Name", lambda entry: entry.key)
    ENTRY.property("Key", lambda entry: entry.key)
    ENTRY.property("Value", lambda entry: entry.value)
    KEYS.property("Count", lambda collection: len(collection.items))
    KEYS.method("GetEnumerator", ("", lambda collection: collection.items))
    KEYS.method("Contains", ("object key", lambda collection, key: _position(collection.items, key) >= 0))


def _insert_entry(table: OrderedDictionary, index: int, key: Any, value: Any) -> Any:
    table.insert(index, key, value)
    return NOTHING


def _add_typed(interpreter: Any, table: GenericDictionary, key: Any, value: Any) -> Any:
    key, value = interpreter.members.dictionary_pair(table, key, value)
    if table.contains(key):
        raise DotNetError("System.ArgumentException", f"An item with the same key has already been added. Key: {key}")
    table.set(key, value)
    return NOTHING


def _drop_typed(table: GenericDictionary, key: Any) -> bool:
    known = table.contains(key)
    table.remove(key)
    return known


def _try_get(table: GenericDictionary, key: Any, result: Any) -> bool:
    if table.contains(key):
        result.set(table.get(key))
        return True
    return False


def _declare() -> tuple[Table, ...]:
    _declare_array()
    _declare_lists()
    _declare_dictionaries()
    return (ARRAY, LIST, GENERIC, HASHTABLE, ORDERED, DICTIONARY, ENTRY, ENUMERATOR, KEYS)


TABLES: Final = _declare()
