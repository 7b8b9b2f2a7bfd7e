"""The next token of a script, read in the mode the parser is in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Final

from powershell.parsing import tokens
from powershell.parsing.numbers import NUMBER, SUFFIXES, SUFFIXES_OF_VERSION_7, number_of
from powershell.parsing.scanner import (
    DASHES,
    DOUBLE_QUOTES,
    NUMBER_ENDS,
    SINGLE_QUOTES,
    TOKEN_ENDS,
    WHITE_SPACE,
    is_identifier_follow,
    is_identifier_start,
    is_letter,
    is_letter_or_digit,
    is_variable_start,
)
from powershell.parsing.strings import StringScanner
from powershell.parsing.tokens import Mode, NumberToken, ParameterToken, RedirectionToken, Token
from powershell.syntax import RedirectionStream, UnsupportedSyntax

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_]*")
_TYPE_NAME: Final = re.compile(r"[A-Za-z0-9_.`+#\\]*")
_PARAMETER: Final = re.compile(rf"[^\0\r\n{{}}();,|&.\[:{WHITE_SPACE}{SINGLE_QUOTES}{DOUBLE_QUOTES}]*")
_DASH_WORD: Final = re.compile(r"[A-Za-z]*")
_REDIRECTION: Final = re.compile(r"([1-6*]?)>(?:(>)|&([12]))?")
_DIGITS: Final = frozenset("0123456789")
_PUNCTUATION: Final = frozenset("(){},;]")
_MEMBER_BLANKS: Final = frozenset("\0\r\n" + WHITE_SPACE)


class Lexer(StringScanner):
    """The flags are the parser's, beside the mode.

    ``signed_numbers``: a sign belongs to the number after it. ``simple_name``: a keyword is an identifier here.
    """

    signed_numbers = False
    simple_name = False

    def _token(self, kind: str) -> Token:
        return Token(kind, self.token_extent(), self.token_start)

    def next_token(self) -> Token:
        text = self.text
        while True:
            self.skip_white_space()
            self.token_start = index = self.index
            if index >= self.end:
                # The end is a character of its own, which the scanner passes: what stands there can be read once.
                self.index = self.end + 1
                return Token(tokens.END_OF_INPUT, self.extent(index + 1, index + 1), index + 1)
            character = text[index]
            if character == "#":
                self._line_comment()
            elif character == "<" and text[index + 1] == "#":
                self._block_comment()
            elif character == "`":
                token = self._backtick()
                if token is not None:
                    return token
            else:
                self.index = index + 1
                return self._scan(character)

    def _scan(self, character: str) -> Token:
        scan = self._SCANNERS.get(character)
        if scan is not None:
            return scan(self, character)
        if is_letter(character):
            return self._identifier(character)
        return self.generic(character)

    def _backtick(self) -> Token | None:
        """A line that goes on, an escaped blank, or an escape with which a bareword begins."""
        following = self.text[self.index + 1]
        if self.index + 1 >= self.end:
            self.fail(self.extent(self.end + 1, self.end + 1), "IncompleteString")
        if following in "\r\n" or following in WHITE_SPACE:
            self.index += 3 if self.text.startswith("\r\n", self.index + 1) else 2
            return None
        self.index += 1
        return self.generic(self.escape())

    # --- punctuation and operators ----------------------------------------------------------------------------------

    def _punctuation(self, character: str) -> Token:
        return self._token(character)

    def _new_line(self, character: str) -> Token:
        if character == "\r" and self.peek() == "\n":
            self.index += 1
        return self._token(tokens.NEW_LINE)

    def _operator(self, text: str) -> Token:
        """An operator, or in a command the beginning of a bareword such as ``+x``."""
        self.index = self.token_start + len(text)
        if self.mode is Mode.COMMAND and self.peek() not in TOKEN_ENDS:
            return self.generic(self.text[self.token_start : self.index])
        return self._token(text)

    def _arithmetic(self, character: str) -> Token:
        return self._operator(character + "=" if self.peek() == "=" and character in "*/%" else character)

    def _star(self, character: str) -> Token:
        return self._redirection(character) if self.peek() == ">" else self._arithmetic(character)

    def _plus(self, character: str) -> Token:
        following = self.peek()
        if following in "+=":
            return self._operator(character + following)
        if self.signed_numbers and (following in _DIGITS or following == "."):
            return self._number(character)
        return self._operator(character)

    def _minus(self, _character: str) -> Token:
        following = self.peek()
        if following in DASHES:
            return self._operator("--")
        if following == "=":
            return self._operator("-=")
        if is_letter(following) or following in "_?":
            return self._parameter()
        if self.signed_numbers and (following in _DIGITS or following == "."):
            return self._number("-")
        return self._operator("-")

    def _parameter(self) -> Token:
        """After a dash: ``-Name``, ``-Name:`` or in an expression ``-eq``."""
        command = self.mode is Mode.COMMAND
        start = self.index
        self.index = self._after(_PARAMETER if command else _DASH_WORD, start)
        name = self.text[start : self.index]
        following = self.peek()
        if command and (following in SINGLE_QUOTES or following in DOUBLE_QUOTES):
            return self.generic(self.text[self.token_start : self.index])
        colon = following == ":"
        self.index += colon and command
        operator = f"-{name.lower()}"
        if self.mode is Mode.EXPRESSION and operator in tokens.DASH_OPERATORS:
            return self._token(operator)
        if not name:
            return self._token("-")
        return ParameterToken(tokens.PARAMETER, self.token_extent(), self.token_start, name, colon)

    def _ampersand_or_pipe(self, character: str) -> Token:
        if self.peek() == character:
            self.index += 1
            return self._token(character * 2)
        return self._token(character)

    def _exclamation(self, character: str) -> Token:
        following = self.peek()
        if self.mode is Mode.COMMAND and following not in TOKEN_ENDS:
            return self.generic(character)
        if self.mode is Mode.EXPRESSION:
            if is_identifier_start(following):
                return self.generic(character)
            if following in _DIGITS or following == ".":
                match = self._number_match(self.index)
                if match is None or match["hexadecimal"] is not None or match["binary"] is not None:
                    return self.generic(character)
        return self._token(character)

    def _question(self, character: str) -> Token:
        if self.windows or self.mode is not Mode.EXPRESSION:
            return self.generic(character)
        for operator in ("??=", "??"):
            if self.text.startswith(operator, self.token_start):
                self.index = self.token_start + len(operator)
                return self._token(operator)
        return self._token(character)

    def _colon(self, character: str) -> Token:
        if self.peek() == ":":
            self.index += 1
            if self.mode is Mode.COMMAND and not self.simple_name and self.peek() not in TOKEN_ENDS:
                return self.generic("::")
            return self._token("::")
        if self.mode is Mode.COMMAND:
            if is_identifier_start(self.peek()):
                raise UnsupportedSyntax("a label", self.extent(self.token_start, self.index))
            return self.generic(":")
        return self._token(character)

    def _bracket(self, character: str) -> Token:
        if self.mode is Mode.COMMAND and self.peek() not in TOKEN_ENDS:
            return self.generic(character)
        return self._token(character)

    def _dot(self, character: str) -> Token:
        following = self.peek()
        if following == ".":
            self.index += 1
            if self.mode is Mode.COMMAND and self.peek() not in TOKEN_ENDS:
                self.index -= 1
                return self.generic(character)
            return self._token("..")
        if following in _DIGITS:
            return self._number(character)
        if self.mode is Mode.COMMAND and following not in TOKEN_ENDS and following not in "$\"'":
            return self.generic(character)
        return self._token(character)

    # --- redirections -----------------------------------------------------------------------------------------------

    def _redirection(self, character: str) -> Token:
        match = _REDIRECTION.match(self.text, self.token_start)
        if match is None:
            return self._number(character)
        stream, append, target = match.groups()
        if stream.isdigit() and target is None and self.mode is Mode.EXPRESSION:
            self.index = self.token_start + 1
            return NumberToken(tokens.NUMBER, self.token_extent(), self.token_start, int(stream))
        self.index = match.end()
        extent = self.token_extent()
        if target is not None and (target != "1" or stream in ("", "1")):
            raise UnsupportedSyntax(f"the redirection {match[0]}", extent)
        source = RedirectionStream(0 if stream == "*" else int(stream or "1"))
        return RedirectionToken(
            tokens.REDIRECTION, extent, self.token_start, source, merged=target is not None, append=append is not None
        )

    def _input_redirection(self, _character: str) -> Token:
        raise UnsupportedSyntax("the redirection <", self.extent(self.token_start, self.index))

    # --- what can begin a string ------------------------------------------------------------------------------------

    def _single_quote(self, _character: str) -> Token:
        return self.single_quoted()

    def _double_quote(self, _character: str) -> Token:
        return self.double_quoted()

    def _dollar(self, _character: str) -> Token:
        if self.peek() == "(":
            self.index += 1
            return self._token("$(")
        return self.variable(splatted=False)

    def _at(self, character: str) -> Token:
        following = self.peek()
        if following in "{(":
            self.index += 1
            return self._token(character + following)
        if following in SINGLE_QUOTES:
            self.index += 1
            return self.here_string_literal()
        if following in DOUBLE_QUOTES:
            self.index += 1
            return self.here_string_expandable()
        if not is_variable_start(following):
            self.fail_at(self.index - 1, "UnrecognizedToken")
        return self.variable(splatted=True)

    # --- numbers ----------------------------------------------------------------------------------------------------

    def _number_match(self, start: int) -> re.Match[str] | None:
        """A number from ``start`` that ends where a token may end; a bareword such as ``7zip`` is none."""
        match = NUMBER.match(self.text, start, self.end)
        suffixes = SUFFIXES if self.windows else SUFFIXES | SUFFIXES_OF_VERSION_7
        if match is None or match["binary"] == "" or match["suffix"].lower() not in suffixes:
            return None
        if self.windows and match["binary"] is not None:
            return None
        following = self.text[match.end()]
        if following in TOKEN_ENDS:
            return match
        return match if following in NUMBER_ENDS and self.mode is Mode.EXPRESSION else None

    def _number(self, _character: str) -> Token:
        match = self._number_match(self.token_start)
        if match is None:
            return self._generic_from_start()
        value = None if match["binary"] else number_of(match)
        if value is None:
            raise UnsupportedSyntax(f"the number {match[0]}", self.extent(self.token_start, match.end()))
        self.index = match.end()
        return NumberToken(tokens.NUMBER, self.token_extent(), self.token_start, value)

    # --- names ------------------------------------------------------------------------------------------------------

    def _identifier_rest(self) -> None:
        while True:
            self.index = self._after(_IDENTIFIER, self.index)
            if not is_identifier_follow(self.peek()):
                return
            self.index += 1

    def _identifier(self, _character: str) -> Token:
        self._identifier_rest()
        if self.mode is Mode.TYPE_NAME:
            return self._type_name()
        if self.mode is Mode.COMMAND and not self.simple_name:
            name = self.text[self.token_start : self.index]
            if self.peek() not in TOKEN_ENDS:
                return self.generic(name)
            keyword = name.lower()
            if keyword in tokens.KEYWORDS and not (self.windows and keyword == "clean"):
                return self._token(keyword)
        return self._token(tokens.IDENTIFIER)

    def _type_name(self) -> Token:
        while True:
            self.index = self._after(_TYPE_NAME, self.index)
            if not is_letter_or_digit(self.peek()):
                return self._token(tokens.IDENTIFIER)
            self.index += 1

    # --- what must stand directly behind an expression --------------------------------------------------------------

    def member_access_operator(self, *, bracket: bool) -> Token | None:
        while self.text.startswith("<#", self.index):
            self._block_comment()
        self.token_start = index = self.index
        following = self.text[index : index + 2]
        if self.mode is Mode.COMMAND and following[0] in ".:":
            length = 1 if following[0] == "." else 2
            if self.text[index + length] in _MEMBER_BLANKS:
                return None
        if not self.windows and (following == "?." or (bracket and following == "?[")):
            raise UnsupportedSyntax(f"the operator {following}", self.extent(index, index + 2))
        if following == "::":
            self.index += 2
            return self._token("::")
        if (following[0] == "." and following != "..") or (following[0] == "[" and bracket):
            self.index += 1
            return self._token(following[0])
        return None

    def invocation_start(self) -> Token | None:
        """The ``(`` of a call, or the ``{`` of a call with a script block for its only argument."""
        if self.peek() not in "({":
            return None
        self.token_start = self.index
        self.index += 1
        return self._token(self.text[self.token_start])

    def attribute_start(self) -> Token | None:
        """A ``[`` after blanks; before a member operator the blanks are given back."""
        begin = self.index
        self.skip_white_space()
        self.token_start = self.index
        if self.peek() == "[":
            self.index += 1
            return self._token("[")
        if self.peek() in ".:":
            self.resync(begin)
        return None

    _SCANNERS: ClassVar[dict[str, Callable[[Lexer, str], Token]]] = {
        **dict.fromkeys(_PUNCTUATION, _punctuation),
        **dict.fromkeys("\r\n", _new_line),
        **dict.fromkeys(SINGLE_QUOTES, _single_quote),
        **dict.fromkeys(DOUBLE_QUOTES, _double_quote),
        **dict.fromkeys(DASHES, _minus),
        **dict.fromkeys("0789", _number),
        **dict.fromkeys("123456>", _redirection),
        **dict.fromkeys("/%", _arithmetic),
        **dict.fromkeys("&|", _ampersand_or_pipe),
        **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz", _identifier),
        "*": _star,
        "+": _plus,
        "=": _operator,
        "$": _dollar,
        "@": _at,
        "<": _input_redirection,
        "!": _exclamation,
        "?": _question,
        ":": _colon,
        "[": _bracket,
        ".": _dot,
    }
