"""The methods `Where` and `ForEach`, which PowerShell adds to every collection and to every single value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from powershell import budget
from powershell.conversion import to_bool
from powershell.declared import DotNetType
from powershell.dialect import spoken
from powershell.errors import OutsideSubset, PowerShellError
from powershell.instances import GenericList, Hashtable, PSCustomObject, ScriptBlock, collection_of
from powershell.invoker import Invoker
from powershell.static_members import no_method
from powershell.values import enumerate_value, type_name, unwrap

COLLECTION_METHODS: Final = frozenset({"where", "foreach"})
_MODES: Final = frozenset({"default", "first", "last", "skipuntil", "until", "split"})


class CollectionMethods:
    def __init__(self, interpreter: Invoker) -> None:
        self._it = interpreter

    def invoke(self, value: Any, name: str, arguments: Sequence[Any]) -> Any:
        if spoken().windows and value is None:
            raise OutsideSubset(f"the method {name} of $null")
        if spoken().windows and isinstance(value, PSCustomObject):
            raise no_method(type_name(value), name)
        items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
        method = self._where if name.lower() == "where" else self._for_each
        return method([value][value is None :] if items is None else list(items), *arguments)

    def _where(self, items: list[Any], block: Any = None, mode: Any = "Default", number: Any = 0, *more: Any) -> Any:
        mode = str(mode).lower()
        if more or not isinstance(block, ScriptBlock) or mode not in _MODES or type(number) is not int or number < 0:
            raise OutsideSubset("the method Where of collections with these arguments")
        if mode in {"first", "last"}:
            number = number or 1
        kept: list[Any] = []
        others: list[Any] = []
        for item in items:
            found = (mode == "skipuntil" and bool(kept)) or self._holds(block, item)
            if found and mode == "until":
                break
            taken = found != (mode == "until") and not (mode == "split" and 0 < number <= len(kept))
            (kept if taken else others).append(item)
            if mode not in {"last", "split"} and 0 < number <= len(kept):
                break
        if mode == "split":
            return [collection_of(kept), collection_of(others)]
        return collection_of(kept[-number:] if mode == "last" else kept)

    def _holds(self, block: ScriptBlock, item: Any) -> bool:
        return to_bool(unwrap(self._called(block, item)))

    def _called(self, block: ScriptBlock, item: Any, arguments: Sequence[Any] = ()) -> list[Any]:
        if block.ast.begin_block is not None or block.ast.process_block is not None:
            raise OutsideSubset("the methods Where and ForEach of collections with named blocks")
        self._it.borrowed.append(self._it.scope)
        try:
            return self._it.call(block, arguments, underscore=item, new_scope=False)
        finally:
            self._it.borrowed.pop()

    def _for_each(self, items: list[Any], what: Any = None, *arguments: Any) -> GenericList:
        if isinstance(what, DotNetType) and not arguments:
            return collection_of([self._converted(item, what) for item in items], what.name)
        found: list[Any] = []
        for item in items:
            if isinstance(what, ScriptBlock):
                found += self._called(what, item, arguments)
            elif not isinstance(what, str) or item is None:
                raise OutsideSubset("the method ForEach of collections with these arguments")
            elif self._it.members.has_method(item, what):
                found.append(self._it.members.invoke(item, what, arguments))
            elif arguments:
                raise OutsideSubset("the method ForEach of collections with a property and a value")
            else:
                found.append(self._it.members.get(item, what))
            budget.fits(len(found))
        return collection_of(found)

    def _converted(self, item: Any, target: DotNetType) -> Any:
        try:
            return self._it.conversion.convert(item, target)
        except PowerShellError:
            raise OutsideSubset(
                "the method ForEach of collections with a type that an item does not convert to"
            ) from None
