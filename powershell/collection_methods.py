"""`.Where()` and `.ForEach()`, which PowerShell gives every collection."""

from __future__ import annotations

from typing import Any, Final

from powershell.conversion import to_bool, to_text
from powershell.declared import DotNetType
from powershell.errors import OutsideSubset
from powershell.instances import GenericList, Hashtable, ScriptBlock
from powershell.invoker import Invoker
from powershell.values import enumerate_value, unwrap

_COLLECTION: Final = "System.Collections.ObjectModel.Collection`1"
_OBJECT: Final = "System.Management.Automation.PSObject"


def _items(value: Any) -> list[Any]:
    items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
    return [value] if items is None else list(items)


def _result(items: list[Any]) -> GenericList:
    return GenericList(_OBJECT, items, generic_name=_COLLECTION)


def where(interpreter: Invoker, value: Any, arguments: list[Any]) -> GenericList:
    block = arguments[0] if arguments else None
    if not isinstance(block, ScriptBlock):
        raise OutsideSubset(".Where() without a script block")
    mode = to_text(arguments[1]).lower() if len(arguments) > 1 else "default"
    limit = int(arguments[2]) if len(arguments) > 2 else 0
    items = _items(value)

    def passes(item: Any) -> bool:
        interpreter.checkpoint()
        return to_bool(unwrap(interpreter.call(block, underscore=item, new_scope=False)))

    match mode:
        case "default" | "first":
            wanted = limit or (1 if mode == "first" else 0)
            found: list[Any] = []
            for item in items:
                if passes(item):
                    found.append(item)
                    if wanted and len(found) >= wanted:
                        break
            return _result(found)
        case "split":
            accepted: list[Any] = []
            refused: list[Any] = []
            for item in items:
                (accepted if passes(item) else refused).append(item)
            return _result([_result(accepted), _result(refused)])
        case _:
            raise OutsideSubset(f".Where() with the mode {mode}")


def for_each(interpreter: Invoker, value: Any, arguments: list[Any]) -> Any:
    action = arguments[0] if arguments else None
    found: list[Any] = []
    for item in _items(value):
        interpreter.checkpoint()
        found += _applied(interpreter, item, action, arguments[1:])
    return _result(found)


def _applied(interpreter: Invoker, item: Any, action: Any, rest: list[Any]) -> list[Any]:
    if isinstance(action, ScriptBlock):
        return interpreter.call(action, rest, underscore=item, new_scope=False)
    if isinstance(action, DotNetType):
        return [interpreter.conversion.convert(item, action)]
    if isinstance(action, str):
        members = interpreter.members
        if members.has_method(item, action) and not members.has_property(item, action):
            return [members.invoke(item, action, rest)]
    raise OutsideSubset(".ForEach() with this argument")
