"""`$a[…]`: reading and assigning elements of arrays, lists, dictionaries and strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.declared import DotNetType
from powershell.dotnet.regex_text import CaptureList
from powershell.errors import OutsideSubset, failure
from powershell.instances import ArrayList, GenericList, Hashtable, KeyCollection, OrderedDictionary
from powershell.values import Char, TypedArray, enumerate_value, type_name

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_INT: Final = DotNetType("System.Int32")
_SEQUENCES: Final = (list, ArrayList, str, KeyCollection, CaptureList)


class Indexing:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter

    def read(self, node: ast.IndexExpressionAst) -> Any:
        """`target[index]`, with arrays of indices, ranges and negative numbers."""
        target, index = self._operands(node)
        if type(target) is list and type(index) is int:
            return target[index] if _fits(index, target) else None
        if isinstance(target, Hashtable):
            return self._entry(target, index)
        if isinstance(target, _SEQUENCES):
            return self._position(target, index)
        raise OutsideSubset(f"indexing a {type_name(target)}", node.extent)

    def _operands(self, node: ast.IndexExpressionAst) -> tuple[Any, Any]:
        target, index = self._it.evaluate(node.target), self._it.evaluate(node.index)
        if target is None:
            raise failure("Cannot index into a null array.", "NullArray")
        if index is None and isinstance(target, (Hashtable, *_SEQUENCES)):
            raise failure("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        return target, index

    def _entry(self, table: Hashtable, key: Any) -> Any:
        if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
            values = table.values()
            return values[key] if -len(values) <= key < len(values) else None
        if isinstance(key, list) and not table.contains(key):
            raise OutsideSubset("several keys of a dictionary at once")
        return table.get(key)

    def _position(self, target: Any, index: Any) -> Any:
        if isinstance(target, CaptureList) and target.name == "GroupCollection" and not isinstance(index, list):
            return self._group(target, index)
        items = self._items(target)
        indices = None if isinstance(index, str) else enumerate_value(index)
        if indices is None:
            number = self._number(index)
            return self._unit(target, items[number]) if _fits(number, items) else None
        numbers = [self._number(each) for each in indices]
        return [self._unit(target, items[number]) for number in numbers if _fits(number, items)]

    def _unit(self, target: Any, item: Any) -> Any:
        return Char(item) if isinstance(target, str) else item

    def _items(self, target: Any) -> Any:
        if isinstance(target, str):
            if not target.isascii() and any(unit > "\uffff" for unit in target):
                raise OutsideSubset("indexing a string with characters beyond the basic plane")
            return target
        return target if isinstance(target, list) else target.items

    def _number(self, index: Any) -> int:
        if not isinstance(index, int):
            raise OutsideSubset(f"a {type_name(index)} for an index")
        return int(index)

    def _group(self, target: CaptureList, index: Any) -> Any:
        if isinstance(index, str):
            named = [item for item in target.items if item.name == index]
            if not named:
                raise OutsideSubset("a group that the pattern does not have")
            return named[0]
        number = self._number(index)
        if not 0 <= number < len(target.items):
            raise OutsideSubset("a group that the pattern does not have")
        return target.items[number]

    # --- assignment ---

    def assign(self, node: ast.IndexExpressionAst, value: Any) -> None:
        target, index = self._operands(node)
        if isinstance(target, Hashtable):
            self._assign_entry(target, index, value)
        elif isinstance(target, (list, ArrayList)):
            self._assign_position(target, index, value)
        else:
            raise OutsideSubset(f"assigning to an element of a {type_name(target)}", node.extent)

    def _assign_entry(self, table: Hashtable, key: Any, value: Any) -> None:
        if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
            raise OutsideSubset("assigning to an ordered dictionary by position")
        table.set(key, value)

    def _assign_position(self, target: list[Any] | ArrayList, index: Any, value: Any) -> None:
        if isinstance(index, list):
            raise OutsideSubset("assigning to several indices at once")
        number = int(self._it.conversion.convert(index, _INT))
        items = target if isinstance(target, list) else target.items
        element = target.element_type if isinstance(target, (TypedArray, GenericList)) else ""
        if element:
            value = self._it.conversion.convert(value, self._it.types.get(element))
        if not _fits(number, items):
            if isinstance(target, ArrayList):
                raise OutsideSubset("assigning beyond the end of a list")
            raise failure(
                "Index was outside the bounds of the array.",
                "System.IndexOutOfRangeException",
                "OperationStopped",
                exception="System.IndexOutOfRangeException",
            )
        items[number] = value
        if isinstance(target, ArrayList):
            target.assignments += 1


def _fits(number: int, items: Any) -> bool:
    return -len(items) <= number < len(items)
