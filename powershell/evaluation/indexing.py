"""`$a[…]`: reading and assigning elements of arrays, lists, dictionaries and strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.declared import DotNetType
from powershell.dotnet.regex_text import Capture, CaptureList
from powershell.errors import OutsideSubset, PowerShellError, failure
from powershell.evaluation.strictness import INDICES, violated
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
        it = self._it
        target = it.evaluate(node.target)
        index = it.evaluate(node.index)
        return self.element(target, index)

    def element(self, target: Any, index: Any) -> Any:
        """`target[index]`, with arrays of indices, ranges and negative numbers."""
        if type(target) is list and type(index) is int:
            try:
                return target[index]
            except IndexError:
                return self._beyond(target)
        if target is None:
            raise failure("Cannot index into a null array.", "NullArray")
        if isinstance(target, Hashtable):
            return self._entry(target, index)
        if isinstance(target, _SEQUENCES):
            return self._position(target, index)
        own = getattr(target, "element", None)
        if own is not None and not isinstance(target, Capture):
            return own(index)
        return self._scalar(target, index)

    def _entry(self, table: Hashtable, key: Any) -> Any:
        if key is None:
            raise failure("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
            values = table.values()
            return values[key] if -len(values) <= key < len(values) else self._beyond(table)
        if isinstance(key, list) and not table.contains(key):
            return [self._entry(table, item) for item in key]
        return table.get(key)

    def _position(self, target: Any, index: Any) -> Any:
        if index is None:
            raise failure("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        if isinstance(target, CaptureList) and target.name == "GroupCollection" and not isinstance(index, list):
            return self._group(target, index)
        indices = index if isinstance(index, list) else None
        if indices is None and not isinstance(index, str) and enumerate_value(index) is not None:
            indices = list(enumerate_value(index) or ())
        items = self._items(target)
        if indices is not None:
            found = []
            for each in indices:
                number = self._number(each)
                if number is not None and -len(items) <= number < len(items):
                    found.append(self._unit(target, items[number]))
                else:
                    self._beyond(target)
            return found
        number = self._number(index)
        if number is None or not -len(items) <= number < len(items):
            return self._beyond(target)
        return self._unit(target, items[number])

    def _unit(self, target: Any, item: Any) -> Any:
        return Char(item) if isinstance(target, str) else item

    def _items(self, target: Any) -> Any:
        if isinstance(target, str):
            if not target.isascii() and any(unit > "\uffff" for unit in target):
                raise OutsideSubset("indexing a string with characters beyond the basic plane")
            return target
        return target if isinstance(target, list) else target.items

    def _number(self, index: Any) -> int | None:
        if type(index) is int:
            return index
        try:
            return int(self._it.conversion.convert(index, _INT))
        except PowerShellError:
            if self._it.scope.strictness() >= INDICES:
                raise
            return None

    def _beyond(self, target: Any) -> None:
        if self._it.scope.strictness() >= INDICES:
            raise violated(f"an index beyond the end of a {type_name(target)}")

    def _group(self, target: CaptureList, index: Any) -> Any:
        if isinstance(index, str):
            return next(
                (item for item in target.items if item.name == index), Capture(target.items[0].regex, None, 0, index)
            )
        number = self._number(index)
        if number is not None and 0 <= number < len(target.items):
            return target.items[number]
        return Capture(target.items[0].regex, None, 0, str(number))

    def _scalar(self, target: Any, index: Any) -> Any:
        if isinstance(index, list):
            raise OutsideSubset(f"several indices into a {type_name(target)}")
        own_index = self._it.members.has_indexer(target)
        if own_index:
            raise OutsideSubset(f"indexing a {type_name(target)}")
        number = self._number(index)
        if number is None:
            raise failure(
                f'Unable to index into an object of type "{type_name(target)}".', "CannotIndex", "InvalidOperation"
            )
        if number not in {0, -1} and self._it.scope.strictness() >= INDICES:
            raise failure(
                f'Unable to index into an object of type "{type_name(target)}".', "CannotIndex", "InvalidOperation"
            )
        return target if number in {0, -1} else None

    # --- assignment ---

    def assign(self, node: ast.IndexExpressionAst, value: Any) -> None:
        it = self._it
        target = it.evaluate(node.target)
        index = it.evaluate(node.index)
        if target is None:
            raise failure("Cannot index into a null array.", "NullArray")
        if isinstance(target, Hashtable):
            self._assign_entry(target, index, value)
        elif isinstance(target, (list, ArrayList)):
            self._assign_position(target, index, value)
        elif getattr(target, "assign_element", None) is not None:
            target.assign_element(index, value)
        else:
            raise failure(
                f'Unable to index into an object of type "{type_name(target)}".', "CannotIndex", "InvalidOperation"
            )

    def _assign_entry(self, table: Hashtable, key: Any, value: Any) -> None:
        if key is None:
            raise failure("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        if isinstance(table, OrderedDictionary) and isinstance(key, int) and not isinstance(key, bool):
            entries = list(table.entries.items())
            if not 0 <= key < len(entries):
                raise OutsideSubset("assigning beyond the end of an ordered dictionary")
            identity, (name, _) = entries[key]
            table.entries[identity] = (name, value)
            return
        table.set(key, value)

    def _assign_position(self, target: list[Any] | ArrayList, index: Any, value: Any) -> None:
        if index is None:
            raise failure("Index operation failed; the array index evaluated to null.", "NullArrayIndex")
        if isinstance(index, list):
            raise OutsideSubset("assigning to several indices at once")
        number = int(self._it.conversion.convert(index, _INT))
        items = target if isinstance(target, list) else target.items
        element = target.element_type if isinstance(target, (TypedArray, GenericList)) else ""
        if element:
            value = self._it.conversion.convert(value, self._it.types.get(element))
        if not -len(items) <= number < len(items):
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
