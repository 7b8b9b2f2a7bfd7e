"""The tokens as the parser takes them: looked at, taken, given back, and read anew when the mode changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeAlias, TypeVar

from powershell.dialect import Dialect
from powershell.parsing import tokens
from powershell.parsing.lexer import Lexer
from powershell.parsing.scanner import FaultList
from powershell.parsing.tokens import Mode, SubexpressionText, Token
from powershell.syntax import Ast, Extent, Source, TypeNameBase

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
        return start if end is self.empty_extent else Extent(self.source, start.start_offset, end.end_offset)

    def before(self, thing: Placed) -> Extent:
        offset = max(self.place(thing).start_offset - 1, 0)
        return Extent(self.source, offset, offset)

    def after(self, thing: Placed) -> Extent:
        offset = self.place(thing).end_offset
        return Extent(self.source, offset, offset)

    # --- errors -----------------------------------------------------------------------------------------------------

    def report(self, where: Placed, error_id: str, *arguments: object) -> None:
        """An error after which the parser goes on as if it was none."""
        self.faults.report(self.place(where), error_id, *arguments)

    def fail(self, where: Placed, error_id: str, *arguments: object, seen: Placed | None = None) -> NoReturn:
        """An error that ends the parsing; the script merely ends too early where ``seen`` is the last of it."""
        self.lexer.fail(self.place(where), error_id, *arguments, seen=self.place(seen) if seen else None)

    def expected(self, kinds: str | tuple[str, ...], behind: Placed, error_id: str, *arguments: object) -> Token:
        """The next token, which has to be of one of these kinds; else it is missing behind what went before."""
        token = self.next()
        if token.kind not in ((kinds,) if isinstance(kinds, str) else kinds):
            self.fail(self.after(behind), error_id, *arguments)
        return token
