"""An HTTP/1.1 request in bytes, and its answer as it comes: a head, and a body of stated length, in chunks, or open."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from lab.http_headers import Headers, read_headers, read_line

MOST = 8 << 20
"""Bytes of a body that are read."""
_WITHOUT_BODY = (204, 304)
_NOT_IN_A_TARGET = re.compile("[\x00-\x20\x7f]")


def written(method: str, target: str, headers: Mapping[str, str], body: bytes | None = None) -> bytes:
    """The request as it is sent; the length of a body is stated."""
    if _NOT_IN_A_TARGET.search(target):
        raise http.client.InvalidURL(f"{target!r} is no target of a request")
    stated = {} if body is None else {"Content-Length": str(len(body))}
    lines = (f"{name}: {value}\r\n" for name, value in {**headers, **stated}.items())
    return f"{method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode("latin-1") + (body or b"")


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers; `closes`: nothing can be asked over this connection afterwards."""

    status: int
    headers: Headers
    closes: bool

    @property
    def length(self) -> int | None:
        """The stated length of the body; None: as much as comes until the end."""
        stated = self.headers.get("content-length", "").strip()
        return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else None

    @property
    def chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").lower() == "chunked"


def read_head(file: BinaryIO) -> Head:
    """The next head that is not "100 Continue"; raises http.client's errors, as does `read_body`."""
    while True:
        version, status = _status(file)
        headers = read_headers(file)
        if status != http.client.CONTINUE:
            break
    keeping = headers.get("connection", "").lower()
    closes = "close" in keeping if version != "HTTP/1.0" else "keep-alive" not in keeping
    return Head(status, headers, closes)


def read_body(file: BinaryIO, head: Head, most: int = MOST) -> bytes:
    """The body, or its first `most` bytes."""
    if head.status in _WITHOUT_BODY:
        return b""
    if head.chunked:
        return _chunks(file, most)
    if head.length is None:
        return file.read(most)
    return _exactly(file, min(head.length, most))


def _status(file: BinaryIO) -> tuple[str, int]:
    line = read_line(file, "status line").decode("iso-8859-1")
    if not line:
        raise http.client.RemoteDisconnected("Remote end closed connection without response")
    version, status, *_ = *line.split(None, 2), "", ""
    if not version.startswith("HTTP/") or not (status.isascii() and status.isdigit() and len(status) == 3):
        raise http.client.BadStatusLine(line)
    if not version.startswith(("HTTP/1.", "HTTP/0.9")):
        raise http.client.UnknownProtocol(version)
    return version, int(status)


def _chunks(file: BinaryIO, most: int) -> bytes:
    body = bytearray()
    while (size := _size(file, bytes(body))) and len(body) < most:
        body += _exactly(file, min(size, most - len(body)))
        read_line(file, "chunk end")
    if not size:
        read_headers(file)
    return bytes(body)


def _size(file: BinaryIO, before: bytes) -> int:
    written = read_line(file, "chunk size").partition(b";")[0].strip()
    try:
        size = int(written, 16)
    except ValueError:
        size = -1
    if size < 0:
        raise http.client.IncompleteRead(before)
    return size


def _exactly(file: BinaryIO, count: int) -> bytes:
    read = file.read(count)
    if len(read) < count:
        raise http.client.IncompleteRead(read, count - len(read))
    return read
