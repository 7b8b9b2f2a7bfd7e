"""`$x.Name`, `$x.Method(…)`, `[type]::Member`: reading members and calling methods from a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from powershell import budget
from powershell import syntax as ast
from powershell.collection_methods import COLLECTION_METHODS
from powershell.declared import DotNetType
from powershell.dialect import Dialect, spoken
from powershell.errors import OutsideSubset, failure
from powershell.instances import ArrayList, Hashtable

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter


class Invocation:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter

    def member(self, node: ast.MemberExpressionAst) -> Any:
        it = self._it
        if node.static:
            target = it.expressions.static_type(node)
            return it.members.static.get(target, it.expressions.member_name(node))
        value = it.evaluate(node.expression)
        if value is None:
            name = it.expressions.member_name(node)
            if isinstance(name, str) and name.lower() == "psobject":
                raise OutsideSubset("the PSObject of $null or of no output")
            return 0 if isinstance(name, str) and name.lower() in {"count", "length"} else None
        if type(node.member) is ast.ConstantExpressionAst and isinstance(value, Hashtable):
            return value.get(node.member.value)
        return it.members.get(value, it.expressions.member_name(node))

    def invoke(self, node: ast.InvokeMemberExpressionAst) -> Any:
        it = self._it
        it.checkpoint()
        name = it.expressions.member_name(node)
        if node.static:
            target = it.expressions.static_type(node)
            arguments = [it.evaluate(argument) for argument in node.arguments]
            if name.lower() == "new" and spoken() is not Dialect.WINDOWS_POWERSHELL_4_0:
                return self._constructed(target, arguments)
            return self._granted(it.members.static.invoke(target, name, arguments))
        value = it.evaluate(node.expression)
        arguments = [it.evaluate(argument) for argument in node.arguments]
        if value is None and name.lower() not in COLLECTION_METHODS:
            raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull")
        return self._granted(it.members.invoke(value, name, arguments), value)

    def _granted(self, result: Any, value: Any = None) -> Any:
        """What a method made or enlarged, its size looked at."""
        if isinstance(result, str):
            budget.text(len(result))
        elif isinstance(result, list):
            budget.items(len(result))
        if isinstance(value, ArrayList):
            budget.fits(len(value.items))
        return result

    def _constructed(self, target: DotNetType, arguments: list[Any]) -> Any:
        return self._it.members.static.construct(target, arguments)
