"""Set-StrictMode: what a scope that insists makes errors of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.errors import OutsideSubset, PowerShellError, failure
from powershell.values import (
    NOTHING,
    ArrayList,
    Hashtable,
    PSCustomObject,
    enumerate_value,
    type_name,
)

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


def unset_variable(path: ast.VariablePath) -> PowerShellError:
    shown = "_" if path.name.lower() == "psitem" else path.name
    qualifier = f"{path.qualifier}:" if path.qualifier is not None else ""
    return failure(
        f"The variable '${qualifier}{shown}' cannot be retrieved because it has not been set.",
        "VariableIsUndefined",
        target=f"{qualifier}{shown}",
    )


def missing_property(name: Any, category: str = "NotSpecified") -> PowerShellError:
    return failure(
        f"The property '{name}' cannot be found on this object. Verify that the property exists.",
        "PropertyNotFoundStrict",
        category,
        exception="System.Management.Automation.PropertyNotFoundException",
    )


def checked_member(interpreter: Interpreter, value: Any, name: Any) -> Any:
    """`value.name` where the property has to exist."""
    members = interpreter.members
    if not isinstance(name, str):
        raise OutsideSubset("this member name in strict mode")
    found = members.property_or_nothing(value, name)
    if found is not NOTHING:
        return found
    read = members.get(value, name)
    if name.lower() in _INTRINSIC or (isinstance(value, PSCustomObject) and name.lower() in _COUNTS):
        return read
    items = None if isinstance(value, (str, Hashtable)) else enumerate_value(value)
    if items is None or not _all_have(interpreter, list(items), name):
        raise missing_property(name)
    if not any(True for _ in enumerate_value(value) or ()):
        raise missing_property(name, "InvalidOperation")
    return read


def _all_have(interpreter: Interpreter, items: list[Any], name: str) -> bool:
    if any(item is None or isinstance(item, list) for item in items):
        raise OutsideSubset("the members of null or of an array inside an array in strict mode")
    return all(interpreter.members.property_or_nothing(item, name) is not NOTHING for item in items)


def out_of_bounds(target: Any) -> PowerShellError:
    if isinstance(target, (list, str)):
        return _thrown("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    if isinstance(target, (ArrayList, Hashtable)):
        return _thrown(
            "System.ArgumentOutOfRangeException",
            "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter "
            "'index')",
        )
    raise OutsideSubset(f"an index beyond the end of a {type_name(target)} in strict mode")


def _thrown(exception: str, message: str) -> PowerShellError:
    return failure(message, exception, "OperationStopped", exception=exception)


def refuse_call_like_method(node: ast.CommandAst) -> None:
    """`f(1, 2)`, which is one argument and no call of a method."""
    elements = node.command_elements
    if len(elements) != 2 or not isinstance(elements[1], ast.ParenExpressionAst):
        return
    if elements[0].extent.end_offset == elements[1].extent.start_offset:
        raise failure(
            "The function or command was called as if it were a method. Parameters should be separated by spaces. "
            "For information about parameters, see the about_Parameters Help topic.",
            "StrictModeFunctionCallWithParens",
        )
