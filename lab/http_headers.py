"""The headers of one HTTP message, read without a tree of e-mail parts, which takes longer than an answer does."""

from __future__ import annotations

import email.parser
import http.client
import re
from dataclasses import dataclass
from typing import BinaryIO, overload

LONGEST_LINE = 65536
MOST_HEADERS = 100
_ENDS = (b"\r\n", b"\n", b"")
_USUAL = re.compile(r"(?:[!#-'*+.^_`|~0-9A-Za-z-]+:[^\n]*\n)*")


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
    head = bytearray()
    for _ in range(MOST_HEADERS):
        line = read_line(file, "header line")
        if line in _ENDS:
            break
        head += line
    else:
        raise http.client.HTTPException(f"got more than {MOST_HEADERS} headers")
    text = head.decode("iso-8859-1")
    if _USUAL.fullmatch(text) is None:
        return _rare(text)
    fields = (line.partition(":") for line in text.split("\n")[:-1])
    return Headers(tuple((name.lower(), value.strip(" \t\r")) for name, _, value in fields))


def read_line(file: BinaryIO, kind: str) -> bytes:
    line = file.readline(LONGEST_LINE + 1)
    if len(line) > LONGEST_LINE:
        raise http.client.LineTooLong(kind)
    return line


def _rare(text: str) -> Headers:
    """Headers over several lines and the like, as Python's own HTTP reads them."""
    message = email.parser.Parser(_class=http.client.HTTPMessage).parsestr(text)
    return Headers(tuple((name.lower(), value) for name, value in message.items()))
