"""What the parser puts where it found an error: never in a tree that it hands out."""

from __future__ import annotations

from dataclasses import dataclass

from lab.simulator.powershell.syntax import Ast, ExpressionAst, StatementAst


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ErrorExpressionAst(ExpressionAst):
    nested: tuple[Ast, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ErrorStatementAst(StatementAst):
    nested: tuple[Ast, ...] = ()
