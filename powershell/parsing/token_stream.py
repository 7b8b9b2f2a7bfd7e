"""The tokens as the parser takes them: looked at, taken, given back, and read anew when the mode changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

from powershell.dialect import Dialect
from powershell.parsing import tokens
from powershell.parsing.lexer import Lexer
from powershell.parsing.scanner import FaultList
from powershell.parsing.tokens import Mode, SubexpressionText, Token
from powershell.syntax import Ast, ExpressionAst, Extent, Source, StatementAst, TypeNameBase


class ErrorExpressionAst(ExpressionAst):
    nested: tuple[Ast, ...] = ()


class ErrorStatementAst(StatementAst):
    nested: tuple[Ast, ...] = ()


def without_missing(nodes: Iterable[Ast | None]) -> tuple[Ast, ...]:
    return tuple(node for node in nodes if node is not None)


Rule = TypeVar("Rule")
Placed: TypeAlias = Ast | Token | Extent | TypeNameBase


class TokenStream:
    def __init__(self, source: Source, dialect: Dialect = Dialect.POWERSHELL_7) -> None:
        self.source = source
        self.faults = FaultList(source)
        self.dialect = dialect
        self.lexer = Lexer(source.text, None, self.faults, dialect)
        self.empty_extent = Extent(source, 0, 0)
        self._ungot: Token | None = None

    # --- tokens -----------------------------------------------------------------------------------------------------

    def next(self) -> Token:
        token = self._ungot
        if token is None:
            return self.lexer.next_token()
        self._ungot = None
        return token

    def peek(self) -> Token:
        token = self._ungot
        if token is None:
            token = self._ungot = self.lexer.next_token()
        return token

    def skip(self) -> None:
        self._ungot = None

    def unget(self, token: Token) -> None:
        self._ungot = token

    def skip_newlines(self) -> None:
        if self._ungot is None or self._ungot.kind == tokens.NEW_LINE:
            self._ungot = None
            self.lexer.skip_newlines(semicolons=False)

    def skip_newlines_and_semicolons(self) -> None:
        if self._ungot is None or self._ungot.kind in (tokens.NEW_LINE, ";"):
            self._ungot = None
            self.lexer.skip_newlines(semicolons=True)

    def resync(self, place: Token | int) -> None:
        self._ungot = None
        self.lexer.resync(place if isinstance(place, int) else place.start)

    def restore_point(self) -> int:
        return self.lexer.index if self._ungot is None else self._ungot.start

    def member_access_operator(self, *, bracket: bool) -> Token | None:
        return None if self._ungot is not None else self.lexer.member_access_operator(bracket=bracket)

    def invocation_start(self) -> Token | None:
        return None if self._ungot is not None else self.lexer.invocation_start()

    def attribute_start(self) -> Token | None:
        if self._ungot is None:
            return self.lexer.attribute_start()
        return self.next() if self._ungot.kind == "[" else None

    def skip_to(self, *kinds: str, consume: bool) -> None:
        """After an error: to the first of these kinds that is not inside brackets opened since."""
        depth = {")": int(")" in kinds), "}": int("}" in kinds), "]": int("]" in kinds)}
        closing = {"(": ")", "{": "}", "[": "]"}
        while True:
            token = self.next()
            kind = token.kind
            if kind in closing:
                depth[closing[kind]] += 1
            elif kind in depth:
                depth[kind] -= 1
                if depth[kind] == 0 and kind in kinds:
                    if not consume:
                        self.unget(token)
                    return
            elif kind == tokens.END_OF_INPUT:
                self.unget(token)
                return
            if kind in kinds and not any(depth.values()):
                return

    # --- modes ------------------------------------------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        lexer = self.lexer
        if mode is not lexer.mode:
            ungot = self._ungot
            if ungot is not None and ungot.kind not in tokens.MODE_INVARIANT:
                self._ungot = None
                lexer.resync(ungot.start)
            lexer.mode = mode

    def in_mode(self, mode: Mode, rule: Callable[[], Rule]) -> Rule:
        outer = self.lexer.mode
        self.set_mode(mode)
        result = rule()
        self.set_mode(outer)
        return result

    def in_nested_text(self, nested: SubexpressionText, rule: Callable[[], Rule]) -> Rule:
        """Runs a rule on the text of a ``$( … )`` that stands in a string."""
        outer = self.lexer
        inner = Lexer(nested.text, nested.offsets, self.faults, self.dialect)
        inner.mode = outer.mode
        self.lexer = inner
        result = rule()
        self._ungot = None
        self.lexer = outer
        return result

    # --- extents ----------------------------------------------------------------------------------------------------

    def place(self, thing: Placed) -> Extent:
        return thing if isinstance(thing, Extent) else thing.extent

    def span(self, first: Placed, last: Placed) -> Extent:
        start, end = self.place(first), self.place(last)
        if start is self.empty_extent:
            return end
        return start if end is self.empty_extent else Extent(self.source, start.start_offset, end.end_offset)

    def before(self, thing: Placed) -> Extent:
        offset = max(self.place(thing).start_offset - 1, 0)
        return Extent(self.source, offset, offset)

    def after(self, thing: Placed) -> Extent:
        offset = self.place(thing).end_offset
        return Extent(self.source, offset, offset)

    # --- errors -----------------------------------------------------------------------------------------------------

    def report(self, where: Placed, error_id: str, *arguments: object, words: str = "") -> None:
        """`words` names the message where it is not that of the error id."""
        self.faults.report(self.place(where), error_id, *arguments, words=words)

    def report_incomplete(self, where: Placed, error_id: str, *arguments: object, seen: Placed | None = None) -> bool:
        extent = self.place(where)
        return self.lexer.report_incomplete(extent, error_id, *arguments, seen=self.place(seen) if seen else None)

    def expected(self, kinds: str | tuple[str, ...], behind: Placed, error_id: str, *arguments: object) -> Token | None:
        """The next token where it is of one of these kinds; else it stays, and is reported to be missing."""
        token = self.next()
        if token.kind in ((kinds,) if isinstance(kinds, str) else kinds):
            return token
        self.unget(token)
        self.report_incomplete(self.after(behind), error_id, *arguments)
        return None
