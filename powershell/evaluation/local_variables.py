"""The variables that a function or script block has of its own, compiled to slots.

`$x = $x + 1` reads the caller's $x; the compound assignment `$x += 1` reads the block's own, which is not set yet. A
block is not compiled so when it runs in its caller's scope, dots another block or makes variables by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from powershell import syntax as ast
from powershell.declared import DotNetType, EnumType
from powershell.errors import OutsideSubset

_MAKES_VARIABLES: Final = frozenset({"set-variable", "sv", "set", "new-variable", "nv"})
_UNCERTAIN: Final = frozenset({"remove-variable", "rv", "clear-variable", "clv", "set-psdebug", "set-psbreakpoint"})
_PREFERENCES: Final = frozenset(
    {
        "debugpreference",
        "verbosepreference",
        "erroractionpreference",
        "whatifpreference",
        "warningpreference",
        "informationpreference",
        "confirmpreference",
        "progresspreference",
    }
)
_STRUCTURES: Final = frozenset({"System.Char", "System.DateTime", "System.TimeSpan", "System.Guid"})


def is_plain_structure(target: DotNetType) -> bool:
    """Value types that are no numbers: their unbound parameters are null, and no conversion is compiled for them."""
    return target.name in _STRUCTURES or isinstance(target.definition, EnumType)


def has_slot(tree: ast.ScriptBlockAst, name: str) -> bool:
    """Whether a compound assignment to a variable of that name reads the block's own only."""
    if name in _PREFERENCES:
        raise OutsideSubset(f"a compound assignment to ${name}")
    for command in _commands(tree):
        if command.invocation_operator == ".":
            return False
        head = command.command_elements[0]
        called = head.value.lower() if isinstance(head, ast.StringConstantExpressionAst) else ""
        if called in _MAKES_VARIABLES:
            return False
        if called in _UNCERTAIN:
            raise OutsideSubset(f"a compound assignment to a caller's variable beside {called}")
    return True


def _commands(node: Any) -> Iterator[ast.CommandAst]:
    """The commands of a block, but not of the blocks inside it."""
    if isinstance(node, (tuple, list)):
        for item in node:
            yield from _commands(item)
    elif isinstance(node, ast.Ast) and not isinstance(node, (ast.ScriptBlockExpressionAst, ast.FunctionDefinitionAst)):
        if isinstance(node, ast.CommandAst):
            yield node
        for each in fields(node):
            yield from _commands(getattr(node, each.name))
