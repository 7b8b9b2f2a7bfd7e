"""What the parser puts where it found an error: never in a tree that it hands out."""

from __future__ import annotations

from collections.abc import Iterable

from powershell.syntax import Ast, ExpressionAst, StatementAst


class ErrorExpressionAst(ExpressionAst):
    nested: tuple[Ast, ...] = ()


class ErrorStatementAst(StatementAst):
    nested: tuple[Ast, ...] = ()


def without_missing(nodes: Iterable[Ast | None]) -> tuple[Ast, ...]:
    return tuple(node for node in nodes if node is not None)
