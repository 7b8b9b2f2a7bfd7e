"""A connection whose login has been accepted: each further message goes straight over it.

The layers that made it, requests and urllib3, take longer for a message than a host on this machine takes to answer.
"""

from __future__ import annotations

import http.client
import io
import struct
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from lab.drivers.bounded_http import BoundedAdapter
from lab.drivers.http_answer import read_body, read_head, written

_SEALED = b"application/HTTP-SPNEGO-session-encrypted"
_BOUNDARY = b"--Encrypted Boundary"
_MULTIPART = f'multipart/encrypted;protocol="{_SEALED.decode()}";boundary="Encrypted Boundary"'


class Seal(Protocol):
    """NTLM's sealing, in its order."""

    def wrap(self, message: bytes) -> tuple[bytes, bytes]:
        """The sealed message and its signature."""


class Line:
    """What `adapter` has connected; RequestException for whatever breaks it, as requests would say it."""

    def __init__(self, adapter: BoundedAdapter, url: str, headers: Mapping[str, str | bytes]) -> None:
        self._adapter = adapter
        self._asked = requests.PreparedRequest()
        self._asked.url = url
        parts = urlsplit(url)
        self._target = parts.path or "/"
        self._headers = {
            "Host": parts.netloc,
            **{name: value if isinstance(value, str) else value.decode("latin-1") for name, value in headers.items()},
            "Accept-Encoding": "identity",
            "Connection": "Keep-Alive",
        }

    @property
    def stands(self) -> bool:
        """False when the other side has ended it, or has said something unasked."""
        connection = self._adapter.connection
        return connection is not None and connection.is_connected

    def post(self, message: bytes, seal: Seal | None) -> requests.Response:
        """Sends the message, sealed where there is a seal, and returns the whole answer."""
        connection = self._adapter.connection
        assert connection is not None
        assert connection.sock is not None
        headers, body = self._headers, message
        if seal is not None:
            headers, body = {**headers, "Content-Type": _MULTIPART}, _sealed(message, seal)
        answer = requests.Response()
        answer.request, answer.url = self._asked, str(self._asked.url)
        try:
            connection.sock.sendall(written("POST", self._target, headers, body))
            with connection.sock.makefile("rb") as file:
                head = read_head(file)
                answer.status_code, answer.headers = head.status, CaseInsensitiveDict(head.headers.pairs)
                self._adapter.check(answer)
                answer.raw = io.BytesIO(read_body(file, head))
        except BaseException as error:
            connection.close()
            if isinstance(error, TimeoutError):
                raise requests.ReadTimeout(error) from error
            broken = isinstance(error, OSError | http.client.HTTPException)
            if broken and not isinstance(error, requests.RequestException):
                raise requests.ConnectionError(error) from error
            raise
        if head.closes:
            connection.close()
        return answer


def _sealed(message: bytes, seal: Seal) -> bytes:
    """The message as [MS-WSMV] 2.2.9.1 has it, in the words of pywinrm."""
    sealed, signature = seal.wrap(message)
    return b"".join(
        (
            *(_BOUNDARY, b"\r\n\tContent-Type: ", _SEALED),
            *(b"\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n" % len(message),),
            *(_BOUNDARY, b"\r\n\tContent-Type: application/octet-stream\r\n"),
            *(struct.pack("<i", len(signature)), signature, sealed),
            *(_BOUNDARY, b"--\r\n"),
        )
    )
