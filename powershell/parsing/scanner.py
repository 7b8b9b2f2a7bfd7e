"""The characters of a script, one after the other: where the scanner stands, white space, comments, extents."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from powershell.dialect import Dialect
from powershell.facts import fact
from powershell.parsing.tokens import Mode
from powershell.syntax import Extent, ParseError, Source, SyntaxFault, UnsupportedSyntax

_SEPARATORS: Final = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
WHITE_SPACE: Final = " \t\f\v" + _SEPARATORS
SINGLE_QUOTES: Final = "'\u2018\u2019\u201a\u201b"
DOUBLE_QUOTES: Final = '"\u201c\u201d\u201e'
DASHES: Final = "-\u2013\u2014\u2015"

# A NUL ends a token, and is what the scanner sees beyond the end of the text.
TOKEN_ENDS: Final = frozenset("\0\n\r&(),;{}|" + WHITE_SPACE)
NUMBER_ENDS: Final = frozenset("!#%*+./<=>]" + DASHES)

ESCAPES: Final = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def is_letter(character: str) -> bool:
    return character.isalpha() and character <= "\uffff"


def is_letter_or_digit(character: str) -> bool:
    return (character.isalpha() or character.isdecimal()) and character <= "\uffff"


def is_identifier_start(character: str) -> bool:
    return character == "_" or is_letter(character)


def is_identifier_follow(character: str) -> bool:
    return character == "_" or is_letter_or_digit(character)


def is_variable_start(character: str) -> bool:
    return character in "_$?^:" or is_letter_or_digit(character)


_SPACES: Final = re.compile(f"[{WHITE_SPACE}]*")
_LINE_REST: Final = re.compile(r"[^\r\n]*")
_BLANK: Final = re.compile(rf"(?:[{WHITE_SPACE}]|#[^\r\n]*|<#(?:(?!#>).)*(?:#>|\Z))*", re.DOTALL)


class FaultList:
    """The errors found so far, each place and id once. The parser goes on after those that leave no doubt how."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[SyntaxFault] = []

    def report(self, extent: Extent, error_id: str, *arguments: object) -> None:
        """Notes an error after which the parser goes on."""
        fault = SyntaxFault(extent, error_id, _message(error_id, arguments), incomplete=False)
        if fault not in self.faults:
            self.faults.append(fault)

    def fail(self, extent: Extent, error_id: str, *arguments: object, incomplete: bool = False) -> NoReturn:
        """Ends the parsing: PowerShell names only the first error where the script merely ends too early.

        Otherwise it would go on to find more, and the script is refused.
        """
        message = _message(error_id, arguments)
        if incomplete and not self.faults:
            raise ParseError(message, (SyntaxFault(extent, error_id, message, incomplete=True),))
        raise UnsupportedSyntax(f"a script that cannot be parsed ({message.splitlines()[0]})", extent)


def _message(error_id: str, arguments: tuple[object, ...]) -> str:
    text: str = fact("parse_errors")[error_id]
    return text.format(*arguments) if arguments else text


class Scanner:
    """Reads ``text``, the script itself or the text of a ``$( … )`` in a string; ``offsets`` then leads back."""

    def __init__(
        self, text: str, offsets: tuple[int, ...] | None, faults: FaultList, dialect: Dialect = Dialect.POWERSHELL_7
    ) -> None:
        self.text = text + "\0\0\0"  # what stands beyond the end can be looked at
        self.end = len(text)
        self.index = 0
        self.token_start = 0
        self.mode = Mode.COMMAND
        self._offsets = offsets
        self._faults = faults
        self.windows = dialect.windows
        """Windows PowerShell, to which much of version 7 is a bareword."""

    # --- positions --------------------------------------------------------------------------------------------------

    def _offset(self, index: int) -> int:
        if self._offsets is None:
            return index
        return self._offsets[index] if index <= self.end else self._offsets[-1] + index - self.end

    def extent(self, start: int, end: int) -> Extent:
        """For an error. In a ``$( … )``, PowerShell forgets there that a quote may have been written twice."""
        begin = 0 if self._offsets is None else self._offsets[0]
        return Extent(self._faults.source, begin + start, begin + end)

    def token_extent(self) -> Extent:
        start, end = self.token_start, self.index
        if self._offsets is not None:
            start, end = self._offset(start), self._offset(end)
        return Extent(self._faults.source, start, end)

    def whole_extent(self) -> Extent:
        return self.extent(0, self.end)

    def peek(self) -> str:
        return self.text[self.index] if self.index <= self.end else "\0"

    def resync(self, index: int) -> None:
        self.index = min(index, self.end + 1)

    # --- errors -----------------------------------------------------------------------------------------------------

    def fail_at(self, index: int, error_id: str, *arguments: object) -> NoReturn:
        self._faults.fail(self.extent(index, index + 1), error_id, *arguments)

    def fail(self, extent: Extent, error_id: str, *arguments: object, seen: Extent | None = None) -> NoReturn:
        """The script ends too early where nothing but spaces and a comment stand after ``seen``.

        As in PowerShell, an offset of the script is looked up in the text being scanned.
        """
        end = (seen or extent).end_offset
        blank = _BLANK.match(self.text, min(end, self.end), self.end)
        incomplete = end >= self.end or (blank is not None and blank.end() == self.end)
        self._faults.fail(extent, error_id, *arguments, incomplete=incomplete)

    # --- blanks and comments ----------------------------------------------------------------------------------------

    def _after(self, pattern: re.Pattern[str], index: int) -> int:
        match = pattern.match(self.text, index, self.end)
        return index if match is None else match.end()

    def skip_white_space(self) -> None:
        if self.text[self.index] in WHITE_SPACE:
            self.index = self._after(_SPACES, self.index)

    def skip_newlines(self, *, semicolons: bool) -> None:
        text = self.text
        while True:
            self.skip_white_space()
            index = self.index
            character = text[index] if index < self.end else "\0"
            if character in "\r\n" or (character == ";" and semicolons):
                self.index += 1
            elif character == "#":
                self._line_comment()
            elif character == "<" and text[index + 1] == "#":
                self._block_comment()
            elif character == "`" and (text[index + 1] in "\r\n" or text[index + 1] in WHITE_SPACE):
                self.index += 2
            else:
                return

    def _line_comment(self) -> None:
        """From the ``#`` to the end of the line."""
        start = self.index
        self.index = self._after(_LINE_REST, start)
        comment = self.text[start + 1 : self.index].lower()
        if comment.startswith("requires") and self._offsets is None:
            raise UnsupportedSyntax("#requires", self.extent(start, self.index))
        if "".join(comment.split()).startswith("sig#beginsignatureblock"):
            raise UnsupportedSyntax("a signature block", self.extent(start, self.index))

    def _block_comment(self) -> None:
        start = self.index
        close = self.text.find("#>", start + 2, self.end)
        if close < 0:
            self.fail(self.extent(start, self.end), "MissingTerminatorMultiLineComment")
        self.index = close + 2

    # --- escapes ----------------------------------------------------------------------------------------------------

    def escape(self) -> str:
        """What a backtick before the character at the scanner stands for; the scanner moves on."""
        character = self.text[self.index]
        self.index += 1
        if self.windows and character in "eu":
            return character
        if character == "u":
            raise UnsupportedSyntax("a Unicode escape", self.extent(self.index - 2, self.index))
        return ESCAPES.get(character, character)
