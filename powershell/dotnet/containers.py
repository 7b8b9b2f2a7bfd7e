"""Arrays, lists, dictionaries, queues and stacks, and the static members of System.Array."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, Final

from powershell import budget
from powershell.conversion import items_of, to_bool, to_text
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
    Queue,
    Stack,
    TypedArray,
    unwrap,
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
QUEUE: Final = Table("System.Collections.Queue")
STACK: Final = Table("System.Collections.Stack")


def _index_error() -> DotNetError:
    return DotNetError(
        "System.ArgumentOutOfRangeException",
        "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')",
    )


def _position(items: list[Any], value: Any) -> int:
    return next((index for index, item in enumerate(items) if type(item) is type(value) and item == value), -1)


def _fixed(*_: Any) -> None:
    raise DotNetError("System.NotSupportedException", "Collection was of a fixed size.")


def _get(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise DotNetError("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return items[index]


def _set(items: list[Any], value: Any, index: int) -> Any:
    items[index] = value
    return NOTHING


def _clone(items: list[Any]) -> list[Any]:
    return TypedArray(items.element_type, items) if isinstance(items, TypedArray) else list(items)


def _declare_array() -> None:
    table = ARRAY
    for name in ("Count", "Length"):
        table.property(name, len)
    table.properties["longlength"] = ("LongLength", len)
    table.property("Rank", lambda _: 1)
    table.property("IsReadOnly", lambda _: False)
    table.property("IsFixedSize", lambda _: True)
    table.method("GetValue", ("int index", _get))
    table.method("SetValue", ("object value, int index", _set))
    table.method("GetLength", ("int dimension", lambda items, _: len(items)))
    table.method("GetUpperBound", ("int dimension", lambda items, _: len(items) - 1))
    table.method("GetLowerBound", ("int dimension", lambda *_: 0))
    table.method("Clone", ("", _clone))
    table.method("Contains", ("object value", lambda items, value: _position(items, value) >= 0))
    table.method("IndexOf", ("object value", _position))
    table.method("GetEnumerator", ("", list))
    table.method("Add", ("object value", _fixed))
    table.method("Remove", ("object value", _fixed))
    table.method("RemoveAt", ("int index", _fixed))
    table.method("CopyTo", ("array array, int index", _copy))
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
    table.static("CreateInstance", ("type elementType, int length", _create), context=True)
    table.static("Find", ("array array, scriptblock match", _find), context=True)
    table.static("FindAll", ("array array, scriptblock match", _find_all), context=True)
    table.static(
        "Exists",
        ("array array, scriptblock match", lambda it, items, block: bool(_find_all(it, items, block))),
        context=True,
    )
    table.static("ForEach", ("array array, scriptblock action", _each), context=True)
    table.static("Clear", ("array array, int index, int length", _clear))


def _copy(items: list[Any], target: list[Any], index: int) -> Any:
    target[index : index + len(items)] = items
    return NOTHING


def _clear(items: list[Any], index: int, count: int) -> Any:
    items[index : index + count] = [None] * count
    return NOTHING


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


def _find(interpreter: Any, items: list[Any], block: Any) -> Any:
    return next((item for item in items if to_bool(unwrap(interpreter.call(block, [item])))), None)


def _find_all(interpreter: Any, items: list[Any], block: Any) -> list[Any]:
    return [item for item in items if to_bool(unwrap(interpreter.call(block, [item])))]


def _each(interpreter: Any, items: list[Any], block: Any) -> Any:
    for item in items:
        interpreter.call(block, [item])
    return NOTHING


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


def _insert(collection: ArrayList, index: int, value: Any) -> Any:
    if not 0 <= index <= len(collection.items):
        message = "Index was out of range. Must be non-negative and less than or equal to the size of the collection."
        if isinstance(collection, GenericList):
            message = "Index must be within the bounds of the List."
        raise DotNetError("System.ArgumentOutOfRangeException", f"{message} (Parameter 'index')")
    collection.items.insert(index, value)
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


def _remove_range(collection: ArrayList, index: int, count: int) -> Any:
    if index < 0 or count < 0 or index + count > len(collection.items):
        raise OutsideSubset("the error of RemoveRange")
    del collection.items[index : index + count]
    return NOTHING


def _emptied(collection: ArrayList) -> Any:
    collection.items.clear()
    return NOTHING


def _reversed(collection: ArrayList) -> Any:
    collection.items.reverse()
    return NOTHING


def _sorted(interpreter: Any, collection: ArrayList) -> Any:
    return _sort(interpreter, collection.items)


def _array_of(collection: ArrayList) -> list[Any]:
    if isinstance(collection, GenericList) and collection.element_type not in {
        "System.Object",
        "System.Management.Automation.PSObject",
    }:
        return TypedArray(collection.element_type, collection.items)
    return list(collection.items)


def _remove_all(interpreter: Any, collection: GenericList, block: Any) -> int:
    kept = [item for item in collection.items if not to_bool(unwrap(interpreter.call(block, [item])))]
    removed = len(collection.items) - len(kept)
    collection.items[:] = kept
    return removed


def _declare_lists() -> None:
    LIST.property("Count", lambda collection: len(collection.items))
    LIST.property(
        "Capacity", lambda collection: max(4, 1 << (len(collection.items) - 1).bit_length()) if collection.items else 0
    )
    LIST.property("IsReadOnly", lambda _: False)
    LIST.property("IsFixedSize", lambda _: False)
    LIST.method("Add", ("object value", _append))
    LIST.method("AddRange", ("object c", _extend))
    LIST.method("Insert", ("int index, object value", _insert))
    LIST.method("Remove", ("object value", _remove))
    LIST.method("RemoveAt", ("int index", _remove_at))
    LIST.method("RemoveRange", ("int index, int count", _remove_range))
    LIST.method("Clear", ("", _emptied))
    LIST.method("Reverse", ("", _reversed))
    LIST.method("Sort", ("", _sorted), context=True)
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
        "Insert",
        (
            "int index, object item",
            lambda it, collection, index, value: _insert(collection, index, _typed(it, collection, value, "Insert")),
        ),
        context=True,
    )
    GENERIC.method(
        "Contains",
        (
            "object item",
            lambda it, collection, value: _position(collection.items, _typed(it, collection, value, "Contains")) >= 0,
        ),
        context=True,
    )
    GENERIC.method("RemoveAll", ("scriptblock match", _remove_all), context=True)
    GENERIC.method(
        "Find", ("scriptblock match", lambda it, collection, block: _find(it, collection.items, block)), context=True
    )
    GENERIC.method(
        "FindAll",
        (
            "scriptblock match",
            lambda it, collection, block: GenericList(collection.element_type, _find_all(it, collection.items, block)),
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
    ORDERED.method("RemoveAt", ("int index", _remove_entry))
    ORDERED.methods["containskey"] = ORDERED.find_method("containskey")  # type: ignore[assignment] # declared above
    ORDERED.constructor(("", lambda: OrderedDictionary(case_sensitive=True)))
    DICTIONARY.method("Add", ("object key, object value", _add_typed), context=True)
    DICTIONARY.method("Remove", ("object key", _drop_typed))
    DICTIONARY.method("TryGetValue", ("object key, ref value", _try_get))
    ENTRY.property("Name", lambda entry: entry.key)
    ENTRY.property("Key", lambda entry: entry.key)
    ENTRY.property("Value", lambda entry: entry.value)
    ENUMERATOR.property("Count", _enumerator_count)
    KEYS.property("Count", lambda collection: len(collection.items))
    KEYS.method(
        "CopyTo", ("array array, int index", lambda collection, target, index: _copy(collection.items, target, index))
    )
    KEYS.method("GetEnumerator", ("", lambda collection: collection.items))
    KEYS.method("Contains", ("object key", lambda collection, key: _position(collection.items, key) >= 0))


def _enumerator_count(enumerator: Enumerator) -> int:
    if len(enumerator.items) != 1:
        raise OutsideSubset("the Count of an enumerator")
    return 1


def _insert_entry(table: OrderedDictionary, index: int, key: Any, value: Any) -> Any:
    table.insert(index, key, value)
    return NOTHING


def _remove_entry(table: OrderedDictionary, index: int) -> Any:
    keys = table.keys()
    if not 0 <= index < len(keys):
        raise _index_error()
    table.remove(keys[index])
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


def _taken(collection: ArrayList, index: int, what: str, *, keep: bool = False) -> Any:
    if not collection.items:
        raise DotNetError("System.InvalidOperationException", f"{what} empty.")
    return collection.items[index] if keep else collection.items.pop(index)


def _pushed(collection: ArrayList, index: int | None, value: Any) -> Any:
    collection.items.insert(len(collection.items) if index is None else index, value)
    return NOTHING


def _declare_queues() -> None:
    for table in (QUEUE, STACK):
        table.property("Count", lambda collection: len(collection.items))
        table.method("Clear", ("", _emptied))
        table.method("ToArray", ("", lambda collection: list(collection.items)))
        table.method("Contains", ("object obj", lambda collection, value: _position(collection.items, value) >= 0))
    QUEUE.method("Enqueue", ("object obj", lambda queue, value: _pushed(queue, None, value)))
    QUEUE.method("Dequeue", ("", lambda queue: _taken(queue, 0, "Queue")))
    QUEUE.method("Peek", ("", lambda queue: _taken(queue, 0, "Queue", keep=True)))
    QUEUE.constructor(("", Queue))
    STACK.method("Push", ("object obj", lambda stack, value: _pushed(stack, 0, value)))
    STACK.method("Pop", ("", lambda stack: _taken(stack, 0, "Stack")))
    STACK.method("Peek", ("", lambda stack: _taken(stack, 0, "Stack", keep=True)))
    STACK.constructor(("", Stack))


def _declare() -> tuple[Table, ...]:
    _declare_array()
    _declare_lists()
    _declare_dictionaries()
    _declare_queues()
    return (ARRAY, LIST, GENERIC, HASHTABLE, ORDERED, DICTIONARY, ENTRY, ENUMERATOR, KEYS, QUEUE, STACK)


TABLES: Final = _declare()
