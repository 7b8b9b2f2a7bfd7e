"""The switch statement in all its forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from powershell import syntax as ast
from powershell.comparison import strings_equal
from powershell.conversion import to_bool, to_text
from powershell.errors import BreakLoop, ContinueLoop, OutsideSubset
from powershell.instances import ScriptBlock
from powershell.values import enumerate_value, unwrap
from powershell.wildcard import matches

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter


class Switching:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter

    def run(self, node: ast.SwitchStatementAst, out: Callable[[Any], None]) -> None:
        it = self._it
        for item in self._items(node):
            it.checkpoint()
            try:
                with it.underscore(item):
                    self._one(node, item, out)
            except BreakLoop:
                return
            except ContinueLoop:
                continue

    def _items(self, node: ast.SwitchStatementAst) -> list[Any]:
        it = self._it
        value = it.statements.value(node.condition)
        items = None if isinstance(value, str) else enumerate_value(value)
        return [value] if items is None else list(items)

    def _one(self, node: ast.SwitchStatementAst, item: Any, out: Callable[[Any], None]) -> None:
        it = self._it
        matched = False
        for condition, body in node.clauses:
            if self._matches(node.flags, condition, item):
                matched = True
                it.statements.block(body, out)
        if not matched and node.default is not None:
            it.statements.block(node.default, out)

    def _matches(self, flags: frozenset[str], condition: Any, item: Any) -> bool:
        it = self._it
        wanted = it.evaluate(condition)
        if isinstance(wanted, ScriptBlock):
            return to_bool(unwrap(it.call_strictly(wanted, underscore=item)))
        case_sensitive = "casesensitive" in flags
        if "regex" in flags:
            return it.text.match_one(item, wanted, ignore_case=not case_sensitive)
        if "wildcard" in flags:
            if case_sensitive:
                raise OutsideSubset("switch -Wildcard -CaseSensitive")
            return matches(to_text(wanted), it.expand(item))
        return strings_equal(it.expand(item), it.expand(wanted), ignore_case=not case_sensitive)
