"""The headers of one HTTP message, read without a tree of e-mail parts, which takes longer than an answer does."""

from __future__ import annotations

import email.parser
import http.client
from dataclasses import dataclass
from typing import BinaryIO, overload

LONGEST_LINE = 65536
MOST_HEADERS = 100


@dataclass(frozen=True, slots=True)
class Headers:
    """In their order, names in lower case."""

    pairs: tuple[tuple[str, str], ...]

    @overload
    def get(self, name: str) -> str | None: ...
    @overload
    def get(self, name: str, default: str) -> str: ...
    def get(self, name: str, default: str | None = None) -> str | None:
        """The first of that name."""
        sought = name.lower()
        return next((value for known, value in self.pairs if known == sought), default)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for known, value in self.pairs if known == name)

    def items(self) -> tuple[tuple[str, str], ...]:
        return self.pairs

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None


def read_headers(file: BinaryIO) -> Headers:
    """Reads up to the empty line; raises what http.client raises of headers without bounds."""
    lines: list[str] = []
    while (line := read_line(file, "header line")) not in {b"\r\n", b"\n", b""}:
        lines.append(line.decode("iso-8859-1"))
        if len(lines) >= MOST_HEADERS:
            raise http.client.HTTPException(f"got more than {MOST_HEADERS} headers")
    pairs = []
    for text in lines:
        name, colon, value = text.partition(":")
        if not colon or not name.isascii() or not name.isprintable() or " " in name or not name:
            return _folded(lines)
        pairs.append((name.lower(), value.strip(" \t\r\n")))
    return Headers(tuple(pairs))


def read_line(file: BinaryIO, kind: str) -> bytes:
    line = file.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise http.client.LineTooLong(kind)
    return line


def _folded(lines: list[str]) -> Headers:
    """Headers over several lines and other rarities, as Python's own HTTP reads them."""
    message = email.parser.Parser(_class=http.client.HTTPMessage).parsestr("".join(lines))
    return Headers(tuple((name.lower(), value) for name, value in message.items()))
