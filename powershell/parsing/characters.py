"""Which characters PowerShell takes for white space, quotes, dashes and letters, and what its escapes stand for.

PowerShell reads UTF-16 units: a character beyond U+FFFF is two surrogates to it, never a letter.
"""

from __future__ import annotations

from typing import Final

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
