"""Quoted strings, here-strings, variables and barewords: whatever may have a ``$name`` or ``$( … )`` inside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from powershell.parsing import tokens
from powershell.parsing.scanner import (
    DOUBLE_QUOTES,
    SINGLE_QUOTES,
    TOKEN_ENDS,
    WHITE_SPACE,
    Scanner,
    is_letter_or_digit,
    is_variable_start,
)
from powershell.parsing.tokens import Mode, StringPart, StringToken, SubexpressionText, Token, VariableToken
from powershell.syntax import UnsupportedSyntax, VariablePath

_SINGLE_QUOTED: Final = re.compile(f"[^{SINGLE_QUOTES}]*")
_DOUBLE_QUOTED: Final = re.compile(f"[^{DOUBLE_QUOTES}$`]*")
_HERE: Final = re.compile(r"[^\r\n$`]*")
_BARE: Final = re.compile(rf"[^\0\r\n&(),;{{}}|{WHITE_SPACE}{SINGLE_QUOTES}{DOUBLE_QUOTES}$`]*")
_LINE: Final = re.compile(r"[^\r\n]*")
_SPACES: Final = re.compile(f"[{WHITE_SPACE}]*")
_SUBEXPRESSION: Final = re.compile(f"[^()`{DOUBLE_QUOTES}]*")
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z0-9_?]*")
_BRACED: Final = re.compile(rf"\{{([^{{}}`{DOUBLE_QUOTES}]*[^{{}}`{DOUBLE_QUOTES}:])\}}")
_VARIABLE_ENDS: Final = frozenset("\0\t\r\n &(),;{}|.[=")


class Expandable:
    """A string in the making: its value, and its parts as far as it has any to expand."""

    def __init__(self, text: str = "") -> None:
        self._pieces: list[str] = [text] if text else []
        self._parts: list[StringPart] = []
        self._literal: list[str] = [text] if text else []

    def add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._literal.append(text)

    def add_nested(self, nested: VariableToken | SubexpressionText, written: str) -> None:
        self._pieces.append(written)
        if self._literal:
            self._parts.append("".join(self._literal))
            self._literal = []
        self._parts.append(nested)

    @property
    def value(self) -> str:
        return "".join(self._pieces)

    @property
    def parts(self) -> tuple[StringPart, ...] | None:
        if not self._parts:
            return None
        return (*self._parts, "".join(self._literal)) if self._literal else tuple(self._parts)


class StringScanner(Scanner):
    """What begins with a quote, a dollar or an ``@``, and the bareword that may contain all of these."""

    def _string_token(self, kind: str, value: str, parts: tuple[StringPart, ...] | None = None) -> StringToken:
        return StringToken(kind, self.token_extent(), self.token_start, value, parts)

    # --- single quotes ----------------------------------------------------------------------------------------------

    def _single_quoted_text(self) -> str:
        """The rest of a string whose opening quote has just been read."""
        opening, pieces = self.index - 1, []
        while True:
            close = self._after(_SINGLE_QUOTED, self.index)
            pieces.append(self.text[self.index : close])
            if close >= self.end:
                self.fail(self.extent(opening, self.end), "TerminatorExpectedAtEndOfString", "'")
            self.index = close + 1
            if self.peek() not in SINGLE_QUOTES:
                return "".join(pieces)
            pieces.append(self.peek())
            self.index += 1

    def single_quoted(self) -> Token:
        return self._string_token(tokens.STRING_LITERAL, self._single_quoted_text())

    # --- double quotes ----------------------------------------------------------------------------------------------

    def double_quoted(self) -> Token:
        string = Expandable()
        self._double_quoted_text(string)
        return self._string_token(tokens.STRING_EXPANDABLE, string.value, string.parts)

    def _double_quoted_text(self, string: Expandable) -> None:
        opening = self.index - 1
        while True:
            stop = self._after(_DOUBLE_QUOTED, self.index)
            string.add(self.text[self.index : stop])
            if stop >= self.end:
                self.fail(self.extent(opening, self.end), "TerminatorExpectedAtEndOfString", '"')
            self.index = stop
            character = self.text[stop]
            if character in "$`":
                self._expand_or_escape(string, here_string=False)
                continue
            self.index += 1
            if self.peek() not in DOUBLE_QUOTES:
                return
            string.add(self.peek())
            self.index += 1

    def _expand_or_escape(self, string: Expandable, *, here_string: bool) -> None:
        """At a dollar or a backtick in a string that expands."""
        character = self.text[self.index]
        self.index += 1
        if character == "$":
            if not self._nested(string, here_string=here_string):
                string.add("$")
        elif self.peek() == "\0":
            string.add("`")
        else:
            string.add(self.escape())

    def _nested(self, string: Expandable, *, here_string: bool) -> bool:
        """What follows a dollar in a string; false when it is nothing to expand."""
        dollar, following = self.index - 1, self.peek()
        outer_mode, outer_start = self.mode, self.token_start
        self.mode, self.token_start = Mode.EXPRESSION, dollar
        nested: Token | SubexpressionText | None = None
        if following == "(":
            self.index += 1
            nested = self._subexpression_text(here_string=here_string)
        elif following == "{" or is_variable_start(following):
            nested = self.variable(splatted=False)
        self.mode, self.token_start = outer_mode, outer_start
        if not isinstance(nested, VariableToken | SubexpressionText):
            return False
        string.add_nested(nested, self.text[dollar : self.index])
        return True

    def _subexpression_text(self, *, here_string: bool) -> SubexpressionText:
        """Up to the parenthesis that balances; quotes inside are not looked at, a doubled or escaped one is single."""
        start = self.token_start
        kept = list(range(start, start + 2))
        depth = 1
        while depth:
            stop = self._after(_SUBEXPRESSION, self.index)
            kept.extend(range(self.index, stop))
            self.index = stop
            if stop >= self.end:
                self.fail(self.extent(start, self.end), "IncompleteDollarSubexpressionReference")
            character = self.text[stop]
            self.index += 1
            if character in "()":
                depth += 1 if character == "(" else -1
            elif not here_string and self.peek() in DOUBLE_QUOTES:
                stop = self.index
                self.index += 1
            kept.append(stop)
        text = "".join(self.text[index] for index in kept)
        return SubexpressionText(text, (*(self._offset(index) for index in kept), self._offset(self.index)))

    # --- here-strings -----------------------------------------------------------------------------------------------

    def here_string_literal(self) -> Token:
        string = Expandable()
        self._here_string(string, SINGLE_QUOTES, lambda: string.add(self._take(_LINE)))
        return self._string_token(tokens.HERE_STRING_LITERAL, string.value)

    def here_string_expandable(self) -> Token:
        string = Expandable()

        def line() -> None:
            string.add(self._take(_HERE))
            while self.index < self.end and self.text[self.index] in "$`":
                self._expand_or_escape(string, here_string=True)
                string.add(self._take(_HERE))

        self._here_string(string, DOUBLE_QUOTES, line)
        return self._string_token(tokens.HERE_STRING_EXPANDABLE, string.value, string.parts)

    def _take(self, pattern: re.Pattern[str]) -> str:
        start = self.index
        self.index = self._after(pattern, start)
        return self.text[start : self.index]

    def _here_string(self, string: Expandable, quotes: str, line: Callable[[], None]) -> None:
        """Line by line to the footer, a quote and an ``@`` at the beginning of a line."""
        header = self.index - 2
        self._after_here_string_header(header, quotes[0])
        line_break = ""
        while not self._footer(quotes):
            string.add(line_break)
            string.add(self._take(_SPACES))
            if self._footer(quotes):
                raise UnsupportedSyntax("a here-string with what looks like its end", self.extent(header, self.index))
            line()
            if self.index >= self.end:
                self.fail(self.extent(header, self.end), "TerminatorExpectedAtEndOfString", f"{quotes[0]}@")
            line_break = self._line_break()
            self.index += len(line_break)

    def _footer(self, quotes: str) -> bool:
        if self.peek() not in quotes or self.text[self.index + 1] != "@":
            return False
        self.index += 2
        return True

    def _line_break(self) -> str:
        return "\r\n" if self.text.startswith("\r\n", self.index) else self.text[self.index]

    def _after_here_string_header(self, header: int, quote: str) -> None:
        self.skip_white_space()
        if self.index >= self.end:
            self.fail(self.extent(header, self.end), "TerminatorExpectedAtEndOfString", f"{quote}@")
        if self.peek() not in "\r\n":
            self.fail_at(self.index, "UnexpectedCharactersAfterHereStringHeader")
        self.index += len(self._line_break())

    # --- variables --------------------------------------------------------------------------------------------------

    def variable(self, *, splatted: bool) -> Token:
        """The scanner stands after the ``$`` or the ``@``."""
        if self.peek() == "{" and not splatted:
            return self._braced_variable()
        first = self.peek()
        if not is_variable_start(first):
            return self.generic("$")
        self.index += 1
        if first in "$?^":
            if self.mode is Mode.COMMAND and self.peek() not in TOKEN_ENDS:
                return self._generic_from_start()
        elif not self._variable_name():
            return self._generic_from_start()
        return self._variable_token(VariablePath.of(self.text[self.token_start + 1 : self.index]), splatted=splatted)

    def _variable_name(self) -> bool:
        """Reads the rest of the name; false where it turns out to be a bareword that begins with a dollar."""
        while True:
            self.index = self._after(_VARIABLE_NAME, self.index)
            character = self.peek()
            if character == ":":
                if self.text[self.index + 1] == ":":
                    return True
            elif character in _VARIABLE_ENDS:
                return True
            elif not is_letter_or_digit(character):
                return self.mode is not Mode.COMMAND or character in TOKEN_ENDS
            self.index += 1

    def _variable_token(self, path: VariablePath, *, splatted: bool) -> Token:
        if not path.name:
            with_drive = path.qualifier is not None and path.scope is None
            extent = self.extent(self.token_start, self.index)
            self._faults.report(extent, f"InvalidVariableReference{'WithDrive' if with_drive else ''}")
        kind = tokens.SPLATTED_VARIABLE if splatted else tokens.VARIABLE
        return VariableToken(kind, self.token_extent(), self.token_start, path)

    def _braced_variable(self) -> Token:
        """``${name}``; a name with a backtick or a brace in it is refused."""
        match = _BRACED.match(self.text, self.index, self.end)
        if match is None:
            raise UnsupportedSyntax("this name in braces", self.extent(self.token_start, self.index + 1))
        self.index = match.end()
        if self.mode is Mode.COMMAND and self.peek() not in TOKEN_ENDS and self.peek() not in ".[":
            return self._generic_from_start()
        return self._variable_token(VariablePath.of(match[1]), splatted=False)

    # --- barewords --------------------------------------------------------------------------------------------------

    def _generic_from_start(self) -> Token:
        self.index = self.token_start
        return self.generic("")

    def generic(self, begun: str) -> Token:
        """A bareword, of which ``begun`` has been read already: ``a"b c"$d`` is one."""
        string = Expandable(begun)
        while True:
            stop = self._after(_BARE, self.index)
            string.add(self.text[self.index : stop])
            self.index = stop
            character = self.peek()
            if character in TOKEN_ENDS:
                return self._string_token(tokens.GENERIC, string.value, string.parts)
            if character in "$`":
                self._expand_or_escape(string, here_string=False)
                continue
            self.index += 1
            if character in SINGLE_QUOTES:
                string.add(self._single_quoted_text())
            else:
                self._double_quoted_text(string)
