"""The tokens of PowerShell, and what is known of each kind beforehand: precedence, keywords, whether a mode matters.

The kind of an operator or keyword is its text in lower case; other kinds have a name in capitals below.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from powershell.syntax import Extent, RedirectionStream, VariablePath

VARIABLE: Final = "Variable"
SPLATTED_VARIABLE: Final = "SplattedVariable"
PARAMETER: Final = "Parameter"
NUMBER: Final = "Number"
IDENTIFIER: Final = "Identifier"
GENERIC: Final = "Generic"
NEW_LINE: Final = "NewLine"
END_OF_INPUT: Final = "EndOfInput"
STRING_LITERAL: Final = "StringLiteral"
STRING_EXPANDABLE: Final = "StringExpandable"
HERE_STRING_LITERAL: Final = "HereStringLiteral"
HERE_STRING_EXPANDABLE: Final = "HereStringExpandable"
REDIRECTION: Final = "Redirection"


class Mode(Enum):
    """How the next token is read: ``-eq`` is an operator in an expression and a parameter in a command."""

    COMMAND = auto()
    EXPRESSION = auto()
    TYPE_NAME = auto()


class ArgumentContext(Enum):
    """What an argument is for. A command's name expands nothing; only an argument may be a list with commas."""

    COMMAND_NAME = auto()
    NAME_AFTER_OPERATOR = auto()
    FILE_NAME = auto()
    ARGUMENT = auto()
    SWITCH_CONDITION = auto()


_KEYWORDS: Final = """
    elseif if else switch foreach from in for while until do try catch finally trap data return continue break
    exit throw begin process end dynamicparam function filter param class define var using workflow parallel
    sequence inlinescript configuration public private static interface enum namespace module type assembly
    command hidden base default clean
"""
KEYWORDS: Final = frozenset(_KEYWORDS.split())

BLOCK_NAMES: Final = frozenset({"begin", "process", "end", "clean", "dynamicparam"})

_WITHOUT_ATTRIBUTES: Final = """
    break continue data define do exit filter for foreach from function if return switch throw trap try using
    var while workflow parallel sequence inlinescript
"""
STATEMENTS_WITHOUT_ATTRIBUTES: Final = frozenset(_WITHOUT_ATTRIBUTES.split())

_COMPARISONS: Final = (
    *(f"-{case}{name}" for case in ("", "i", "c") for name in ("eq", "ne", "ge", "gt", "lt", "le")),
    *(f"-{case}{name}" for case in ("", "i", "c") for name in ("like", "notlike", "match", "notmatch", "replace")),
    *(f"-{case}{name}" for case in ("", "i", "c") for name in ("contains", "notcontains", "in", "notin", "split")),
    *("-join", "-is", "-isnot", "-as", "-shl", "-shr"),
)

BINARY_PRECEDENCE: Final = {
    **dict.fromkeys(("-and", "-or", "-xor"), 1),
    **dict.fromkeys(("-band", "-bor", "-bxor"), 2),
    **dict.fromkeys(_COMPARISONS, 5),
    **dict.fromkeys(("+", "-"), 9),
    **dict.fromkeys(("*", "/", "%"), 10),
    "-f": 12,
    "..": 13,
}

UNARY_OPERATORS: Final = frozenset(
    {",", "--", "++", "!", "+", "-", "-not", "-bnot", "-join", "-split", "-isplit", "-csplit"}
)

DASH_OPERATORS: Final = frozenset({"-not", "-bnot", *(text for text in BINARY_PRECEDENCE if text[1:].isalpha())})

ASSIGNMENT_OPERATORS: Final = frozenset({"=", "+=", "-=", "*=", "/=", "%="})

MODE_INVARIANT: Final = frozenset(
    {
        *(NEW_LINE, END_OF_INPUT, STRING_LITERAL, STRING_EXPANDABLE, HERE_STRING_LITERAL, HERE_STRING_EXPANDABLE),
        *("(", ")", "{", "}", "]", "@(", "@{", "$(", ";", "&&", "||", "&", "|", ","),
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """``start`` is the index in the text being scanned, which is not the script inside ``"$( … )"``."""

    kind: str
    extent: Extent
    start: int

    @property
    def text(self) -> str:
        return self.extent.text


@dataclass(frozen=True, slots=True)
class VariableToken(Token):
    path: VariablePath


@dataclass(frozen=True, slots=True)
class NumberToken(Token):
    value: object


@dataclass(frozen=True, slots=True)
class ParameterToken(Token):
    name: str
    used_colon: bool


@dataclass(frozen=True, slots=True)
class SubexpressionText:
    """The text of a ``$( … )`` in a string, not yet parsed. ``offsets`` leads from its indices to the script's."""

    text: str
    offsets: tuple[int, ...]


StringPart: TypeAlias = str | VariableToken | SubexpressionText


@dataclass(frozen=True, slots=True)
class StringToken(Token):
    """``value`` has its escapes resolved; ``parts`` is None where nothing is to be expanded."""

    value: str
    parts: tuple[StringPart, ...] | None = None


@dataclass(frozen=True, slots=True)
class RedirectionToken(Token):
    """``merged``: into the output, ``2>&1``; else to a file."""

    from_stream: RedirectionStream
    merged: bool
    append: bool
