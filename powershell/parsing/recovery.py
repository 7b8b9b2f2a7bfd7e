"""What the parser puts where it found an error: never in a tree that it hands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from powershell.syntax import Ast, ExpressionAst, StatementAst


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ErrorExpressionAst(ExpressionAst):
    nested: tuple[Ast, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ErrorStatementAst(StatementAst):
    nested: tuple[Ast, ...] = ()


def without_missing(nodes: Iterable[Ast | None]) -> tuple[Ast, ...]:
    return tuple(node for node in nodes if node is not None)
