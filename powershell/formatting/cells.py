"""Display cells: how wide text is on a console, and how PowerShell splits, truncates and wraps it."""

from __future__ import annotations

import re
from typing import Final

from powershell.dialect import spoken
from powershell.errors import OutsideSubset

_DROPPED: Final = re.compile("[\u00ad\u2011\u00a0]")
_WIDE: Final = (
    *((0x1100, 0x115F), (0x2329, 0x232A), (0x2E80, 0x303E), (0x3040, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF)),
    *((0xFE10, 0xFE19), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x10000, 0x10FFFF)),
)


def ellipsis() -> str:
    """What marks text that was cut."""
    return "..." if spoken().windows else "…"


def cell_width(character: str) -> int:
    """Two for East Asian wide characters (and for a surrogate pair, one cell a unit), else one."""
    code = ord(character)
    if code < 0x1100:
        return 1
    return 2 if any(first <= code <= last for first, last in _WIDE) else 1


def width(text: str) -> int:
    return len(text) if text.isascii() else sum(map(cell_width, text))


def head(text: str, cells: int) -> str:
    """The longest beginning that fits."""
    if text.isascii():
        return text[:cells]
    used = 0
    for index, character in enumerate(text):
        used += cell_width(character)
        if used > cells:
            return text[:index]
    return text


def tail(text: str, cells: int) -> str:
    """The longest end that fits."""
    return head(text[::-1], cells)[::-1]


def lines_of(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)


def first_line(text: str) -> str:
    """Text as one table row shows it: cut at the first line break, which an ellipsis marks."""
    match = re.search(r"[\r\n]", text)
    return text if match is None else text[: match.start()] + ellipsis()


class _Paragraph:
    """One line of text being filled into rows of a fixed width."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.rows: list[str] = []
        self.row = ""
        self.left = cells

    def add(self, piece: str) -> None:
        cells = width(piece)
        if cells > self.cells:
            for character in piece:
                self._place(character if cell_width(character) <= self.cells else "?")
        else:
            self._place(piece)

    def _place(self, piece: str) -> None:
        cells = width(piece)
        if cells > self.left:
            self.rows.append(self.row)
            self.row = ""
            self.left = self.cells
        self.row += piece
        self.left -= cells


def wrap(text: str, cells: int) -> list[str]:
    """Rows of at most `cells`, broken after blanks, inside a word only when it is longer than a row."""
    if not text:
        return [""]
    rows: list[str] = []
    for line in lines_of(text):
        if width(line) <= cells:
            rows.append(line)
            continue
        if _DROPPED.search(line):
            raise OutsideSubset("wrapping a text with soft hyphens or with blanks and hyphens that do not break")
        paragraph = _Paragraph(cells)
        for word in re.split(r"(?<=[ \t])", line):
            paragraph.add(word)
        rows.extend([*paragraph.rows, paragraph.row])
    return rows
