""".NET regular expressions over Python's: translated where both agree, refused where they might not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from powershell.errors import OutsideSubset
from powershell.instances import Instance
from powershell.matching import Match, compiled

_INLINE: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


class Regex(Instance):
    """System.Text.RegularExpressions.Regex. `numbers` maps .NET's group numbers to Python's; `names` all names."""

    __slots__ = ("compiled", "names", "numbers", "pattern")
    dotnet_name = "System.Text.RegularExpressions.Regex"

    def __init__(self, pattern: str, *, ignore_case: bool = False) -> None:
        super().__init__()
        self.pattern = pattern
        translated = _translate(pattern, re.IGNORECASE if ignore_case else re.NOFLAG)
        self.compiled = compiled(translated.expression, translated.flags)
        self.names = translated.names
        self.numbers = translated.numbers

    def python_group(self, name: str) -> int | None:
        try:
            return self.numbers[self.names.index(name)]
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Translation:
    expression: str
    flags: int
    names: list[str]
    numbers: list[int]


@lru_cache(maxsize=500)
def _translate(pattern: str, flags: re.RegexFlag) -> _Translation:
    return _Translator(pattern, flags).run()


@dataclass(slots=True)
class _Translator:
    pattern: str
    flags: re.RegexFlag
    position: int = 0
    out: list[str] = field(default_factory=list)
    groups: list[str | None] = field(default_factory=list)

    def run(self) -> _Translation:
        leading = re.match(r"\(\?([imsx]+)\)", self.pattern)
        if leading is not None:
            self.position = leading.end()
            for letter in leading[1]:
                self.flags |= _INLINE[letter]
        while self.position < len(self.pattern):
            self._step(self.pattern[self.position])
        expression = "".join(self.out)
        try:
            re.compile(expression, self.flags)
        except re.error:
            raise self._outside() from None
        unnamed = [index for index, name in enumerate(self.groups, 1) if name is None]
        named = [index for index, name in enumerate(self.groups, 1) if name is not None]
        names = ["0", *(str(number) for number in range(1, len(unnamed) + 1))]
        names += [self.groups[index - 1] or "" for index in named]
        return _Translation(expression, self.flags, names, [0, *unnamed, *named])

    def _outside(self) -> OutsideSubset:
        return OutsideSubset(f"the regular expression '{self.pattern}'")

    def _put(self, text: str, length: int = 1) -> None:
        self.out.append(text)
        self.position += length

    def _step(self, character: str) -> None:
        match character:
            case "\\":
                self._escape()
            case "[":
                self._character_class()
            case "(":
                self._open()
            case "$" if not self.flags & re.MULTILINE:
                self._put(r"(?=\n?\Z)")
            case "." if not self.flags & re.DOTALL:
                self._put(r"[^\n]")
            case "+" if self.out[-1:] and self.out[-1] in "*+?}":
                raise self._outside()
            case "{" if not self.pattern[self.position + 1 : self.position + 2].isdigit():
                raise self._outside()
            case _:
                self._put(character)

    def _open(self) -> None:
        rest = self.pattern[self.position :]
        named = re.match(r"\(\?<([A-Za-z_]\w*)>", rest)
        special = re.match(r"\(\?(?::|=|!|<=|<!)", rest)
        if named is not None and named[1] not in self.groups:
            self.groups.append(named[1])
            self._put(f"(?P<{named[1]}>", named.end())
        elif special is not None:
            self._put(special.group(), special.end())
        elif rest.startswith("(?"):
            raise self._outside()
        else:
            self.groups.append(None)
            self._put("(")

    def _escape(self) -> None:
        letter = self.pattern[self.position + 1 : self.position + 2]
        if letter and letter in "dDwWsSbBAtnrfv":
            self._put("\\" + letter, 2)
        elif letter and (letter == "_" or not letter.isalnum()):
            self._put(re.escape(letter), 2)
        else:
            raise self._outside()

    def _character_class(self) -> None:
        self._put("[")
        if self.pattern[self.position : self.position + 1] == "^":
            self._put("^")
        first = True
        while self.position < len(self.pattern):
            character = self.pattern[self.position]
            if character == "]" and not first:
                self._put("]")
                return
            if character == "\\":
                self._escape()
            elif character in "[&~|]":
                raise self._outside()
            else:
                self._put("\\-" if self.pattern[self.position : self.position + 2] == "--" else character)
            first = False
        raise self._outside()


class Capture(Instance):
    """A match or one of its groups; a match keeps its regex and the text."""

    __slots__ = ("found", "group", "name", "regex")

    def __init__(self, regex: Regex, found: Match | None, group: int = 0, name: str = "0") -> None:
        super().__init__()
        self.regex = regex
        self.found = found
        self.group = group
        self.name = name

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # Match and Group in one
        kind = "Group" if self.group or self.name != "0" else "Match"
        return f"System.Text.RegularExpressions.{kind}"

    @property
    def success(self) -> bool:
        return self.found is not None and self.found.start(self.group) >= 0

    @property
    def value(self) -> str:
        return (self.found.group(self.group) or "") if self.found is not None else ""

    @property
    def index(self) -> int:
        return self.found.start(self.group) if self.found is not None and self.success else 0

    def groups(self) -> list[Capture]:
        if self.found is None:
            return [self]
        return [
            self if number == 0 else Capture(self.regex, self.found, number, name)
            for name, number in zip(self.regex.names, self.regex.numbers, strict=True)
        ]


class CaptureList(Instance):
    """MatchCollection, GroupCollection, CaptureCollection."""

    __slots__ = ("items", "name")

    def __init__(self, name: str, items: list[Any]) -> None:
        super().__init__()
        self.name = name
        self.items = items

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # three collections that differ in name only
        return f"System.Text.RegularExpressions.{self.name}"

    def enumerate(self) -> list[Any]:
        return self.items


_SUBSTITUTION: Final = re.compile(r"\$(?:(\$)|([0-9]+)|\{(\w+)\}|(&)|(`)|(')|(_)|(\+))")


def expand_replacement(regex: Regex, found: Match, replacement: str) -> str:
    """What `$1`, `${name}`, `$&`, `$$` stand for; what names no group stays as it is written."""

    def substitute(mark: re.Match[str]) -> str:
        if mark.group(1):
            return "$"
        if mark.group(2) or mark.group(3):
            number = regex.python_group((mark.group(2) or "").lstrip("0") or mark.group(3) or "0")
            if number is None:
                return mark.group()
            return found.group(number) or ""
        if mark.group(4):
            return found.group(0) or ""
        raise OutsideSubset(f"{mark.group()} in a regular expression's replacement")

    return _SUBSTITUTION.sub(substitute, replacement)


def pieces(regex: Regex, text: str, limit: int) -> list[str]:
    """Splits a text; captured groups stay between the pieces."""
    if limit < 0:
        raise OutsideSubset("a split from the end")
    if limit == 1:
        return [text]
    out: list[str] = []
    start = 0
    count = 1
    for found in regex.compiled.matches(text):
        if limit and count >= limit:
            break
        out.append(text[start : found.start()])
        out += [group for group in found.groups() if group is not None]
        start = found.end()
        count += 1
    return [*out, text[start:]]
