""".NET regular expressions over Python's: translated where both agree, refused where they might not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from powershell.errors import OutsideSubset
from powershell.matching import Match, compiled
from powershell.values import Instance

_UNSUPPORTED: Final = 64 | 256 | 1024
_CLASSES: Final = {"L": r"[^\W\d_]", "Lu": "[A-ZÀ-ÖØ-Þ]", "Ll": "[a-zß-öø-ÿ]", "N": r"\d", "Nd": r"\d"}
_BLOCKS: Final = {
    "IsHiragana": "\u3040-\u309f",
    "IsKatakana": "\u30a0-\u30ff",
    "IsCJKUnifiedIdeographs": "\u4e00-\u9fff",
}


class Regex(Instance):
    """System.Text.RegularExpressions.Regex. `numbers` maps .NET's group numbers to Python's; `names` all names."""

    __slots__ = ("compiled", "names", "numbers", "options", "pattern")
    dotnet_name = "System.Text.RegularExpressions.Regex"

    def __init__(self, pattern: str, options: int = 0) -> None:
        super().__init__()
        self.pattern = pattern
        self.options = options
        translated = _translate(pattern, options)
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
def _translate(pattern: str, options: int) -> _Translation:
    if options & _UNSUPPORTED:
        raise OutsideSubset("these RegexOptions")
    return _Translator(pattern, options).run()


@dataclass(slots=True)
class _Translator:
    pattern: str
    options: int
    position: int = 0
    out: list[str] = field(default_factory=list)
    groups: list[str | None] = field(default_factory=list)
    explicit: bool = False

    def run(self) -> _Translation:
        self.explicit = bool(self.options & 4)
        while self.position < len(self.pattern):
            self._step()
        flags = re.UNICODE
        for bit, flag in ((1, re.IGNORECASE), (2, re.MULTILINE), (16, re.DOTALL), (32, re.VERBOSE)):
            if self.options & bit:
                flags |= flag
        try:
            expression = "".join(self.out)
            re.compile(expression, flags)
        except re.error as error:
            raise OutsideSubset(f"the regular expression '{self.pattern}' ({error.msg})") from None
        unnamed = [index for index, name in enumerate(self.groups, 1) if name is None]
        named = [index for index, name in enumerate(self.groups, 1) if name is not None]
        names = ["0", *(str(number) for number in range(1, len(unnamed) + 1))]
        names += [self.groups[index - 1] or "" for index in named]
        return _Translation(expression, flags, names, [0, *unnamed, *named])

    def _step(self) -> None:
        character = self.pattern[self.position]
        if character == "\\":
            self._escape(in_class=False)
        elif character == "[":
            self._character_class()
        elif character == "(":
            self._open()
        elif character == "$" and not self.options & 2:
            self.out.append(r"(?=\n?\Z)")
            self.position += 1
        elif character == "." and not self.options & 16:
            self.out.append(r"[^\n]")
            self.position += 1
        elif character == "+" and self.out[-1:] and self.out[-1] in "*+?}":
            raise OutsideSubset(f"the quantifiers of '{self.pattern}'")
        elif character == "{" and not self.pattern[self.position + 1 : self.position + 2].isdigit():
            self.out.append("\\{")
            self.position += 1
        else:
            self.out.append(character)
            self.position += 1

    def _open(self) -> None:
        rest = self.pattern[self.position :]
        named = re.match(r"\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')", rest)
        if named is not None:
            name = named.group(1) or named.group(2)
            if name in self.groups:
                raise OutsideSubset(f"the group name '{name}' used twice in a regular expression")
            self.groups.append(name)
            self.out.append(f"(?P<{name}>")
            self.position += named.end()
            return
        special = re.match(r"\(\?(?::|=|!|<=|<!|>|#[^)]*\))", rest)
        if special is not None:
            self.out.append(special.group())
            self.position += special.end()
            return
        inline = re.match(r"\(\?([imsx]*)(-[imsx]+)?([:)])", rest)
        if inline is not None:
            whole_start = self.position == 0 and inline.group(3) == ")" and not inline.group(2)
            if whole_start:
                for letter in inline.group(1):
                    self.options |= {"i": 1, "m": 2, "s": 16, "x": 32}[letter]
                self.position += inline.end()
                return
            if inline.group(3) == ")" or "m" in inline.group() or "s" in inline.group() or "x" in inline.group():
                raise OutsideSubset(f"'{inline.group()}' inside a regular expression")
            self.out.append(inline.group())
            self.position += inline.end()
            return
        if rest.startswith("(?"):
            raise OutsideSubset(f"'{rest[:4]}' in a regular expression")
        if self.explicit:
            self.out.append("(?:")
        else:
            self.groups.append(None)
            self.out.append("(")
        self.position += 1

    def _escape(self, *, in_class: bool) -> None:
        if self.position + 1 >= len(self.pattern):
            raise OutsideSubset(f"the regular expression '{self.pattern}'")
        letter = self.pattern[self.position + 1]
        rest = self.pattern[self.position :]
        length = 2
        if letter in "pP":
            found = re.match(r"\\[pP]\{(\w+)\}", rest)
            if found is None:
                raise OutsideSubset(f"'{rest[:3]}' in a regular expression")
            text = self._unicode_class(found.group(1), negated=letter == "P", in_class=in_class)
            length = found.end()
        elif letter == "z" and not in_class:
            text = r"\Z"
        elif letter == "Z" and not in_class:
            text = r"(?=\n?\Z)"
        elif letter == "e":
            text = "\\x1b"
        elif letter == "k" and not in_class:
            found = re.match(r"\\k(?:<(\w+)>|'(\w+)')", rest)
            if found is None:
                raise OutsideSubset("\\k in a regular expression")
            text = f"(?P={found.group(1) or found.group(2)})"
            length = found.end()
        elif letter in "dDwWsSbBAtnrfva" or letter.isdigit():
            if letter.isdigit() and letter != "0" and any(self.groups):
                raise OutsideSubset("a numbered back reference beside named groups in a regular expression")
            text = "\\" + letter
        elif letter in "xu":
            width = 2 if letter == "x" else 4
            if not re.fullmatch(rf"[0-9A-Fa-f]{{{width}}}", rest[2 : 2 + width]):
                raise OutsideSubset(f"the regular expression '{self.pattern}'")
            text = rest[: 2 + width]
            length = 2 + width
        elif letter == "_" or not letter.isalnum():
            text = re.escape(letter)
        else:
            raise OutsideSubset(f"\\{letter} in a regular expression")
        self.out.append(text)
        self.position += length

    def _unicode_class(self, name: str, *, negated: bool, in_class: bool) -> str:
        if name in _BLOCKS:
            if in_class and not negated:
                return _BLOCKS[name]
            if not in_class:
                return f"[{'^' if negated else ''}{_BLOCKS[name]}]"
        if name in _CLASSES and not in_class and not negated and name in {"L", "N", "Nd"}:
            return _CLASSES[name]
        raise OutsideSubset(f"\\p{{{name}}} in a regular expression")

    def _character_class(self) -> None:
        self.out.append("[")
        self.position += 1
        if self.pattern[self.position : self.position + 1] == "^":
            self.out.append("^")
            self.position += 1
        first = True
        while self.position < len(self.pattern):
            character = self.pattern[self.position]
            if character == "]" and not first:
                self.out.append("]")
                self.position += 1
                return
            if character == "\\":
                self._escape(in_class=True)
            elif character == "[":
                if self.pattern[self.position - 1] == "-" and not first:
                    raise OutsideSubset("character class subtraction in a regular expression")
                self.out.append("\\[")
                self.position += 1
            elif character in "&~|]":
                self.out.append("\\" + character)
                self.position += 1
            else:
                self.out.append("\\-" if self.pattern[self.position : self.position + 2] == "--" else character)
                self.position += 1
            first = False
        raise OutsideSubset(f"the regular expression '{self.pattern}'")


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
