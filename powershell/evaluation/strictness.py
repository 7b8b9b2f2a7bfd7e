"""Set-StrictMode: what a scope that insists does not take. The error that it would be is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.errors import OutsideSubset
from powershell.instances import Hashtable, PSCustomObject
from powershell.values import NOTHING, enumerate_value

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

VARIABLES: Final = 1
"""From version 1 on a variable has to be set before it is read."""
MEMBERS: Final = 2
"""From version 2 on a property has to exist, and a command is not called like a method."""
INDICES: Final = 3
"""From version 3 on an index has to be within the bounds."""
_INTRINSIC: Final = frozenset({"psobject", "psbase", "pstypenames", "psextended", "psadapted"})
_COUNTS: Final = frozenset({"count", "length"})


def violated(what: str) -> OutsideSubset:
    return OutsideSubset(f"{what} in strict mode")


def checked_member(interpreter: Interpreter, value: Any, name: Any) -> Any:
    """`value.name` where the property has to exist."""
    members = interpreter.members
    if isinstance(name, str):
        found = members.property_or_nothing(value, name)
        if found is not NOTHING:
            return found
        intrinsic = name.lower() in _INTRINSIC
        if intrinsic or (isinstance(value, PSCustomObject) and name.lower() in _COUNTS):
            return members.get(value, name)
        items = list((None if isinstance(value, (str, Hashtable)) else enumerate_value(value)) or ())
        if items and all(item is not None and members.property_or_nothing(item, name) is not NOTHING for item in items):
            return members.get(value, name)
    raise violated(f"a property that is not there ({name})")


def refuse_call_like_method(node: ast.CommandAst) -> None:
    """`f(1, 2)`, which is one argument and no call of a method."""
    elements = node.command_elements
    if len(elements) != 2 or not isinstance(elements[1], ast.ParenExpressionAst):
        return
    if elements[0].extent.end_offset == elements[1].extent.start_offset:
        raise violated("a command called like a method")
