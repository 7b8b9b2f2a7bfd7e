"""One HTTP request over its own connection, which another thread can cut at any time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from lab.drivers.http_answer import read_body, read_head, written

_LAST_RESORT = 120.0
"""Wall-clock seconds after which a connection that was not cut releases its thread."""


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """Status, headers by their names in lower case (of several of one name the last), cookies set, and body."""

    status: int
    headers: Mapping[str, str]
    cookies: frozenset[str]
    body: bytes


class ConnectionCut(Exception):
    """The connection was cut before the response arrived."""


class HttpConnection:
    """A connection to the host of `url`, or to `connect` ("address:port") in its place, for one request.

    `authority` is a PEM file that vouches for TLS; empty: this machine's authorities. Raises OSError and
    http.client.HTTPException as they come; ConnectionCut when `cut` was the reason.
    """

    def __init__(self, url: str, *, connect: str = "", authority: str = "") -> None:
        self._parts = urlsplit(url)
        self._connect = urlsplit(f"//{connect}") if connect else self._parts
        self._authority = authority
        self._socket: socket.socket | None = None
        self._cut = False
        self._lock = threading.Lock()

    def connect(self) -> None:
        """Returns when the connection stands, with TLS where the URL asks for it."""
        port = self._connect.port or self._parts.port or (443 if self._secure else 80)
        found = socket.getaddrinfo(self._connect.hostname, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        connection = socket.socket(family, kind, protocol)
        self._keep(connection)
        connection.settimeout(_LAST_RESORT)
        try:
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._secure:
                context = ssl.create_default_context(cafile=self._authority or None)
                self._keep(context.wrap_socket(connection, server_hostname=self._parts.hostname))
        except OSError as error:
            raise self._reason(error) from error

    def ask(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes | None = None) -> WebAnswer:
        """Connects where that has not been done, and returns the whole answer."""
        if self._socket is None:
            self.connect()
        assert self._socket is not None
        host = self._parts.netloc
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        sent = {"Host": host, "Accept-Encoding": "identity", "Connection": "close", **headers}
        try:
            self._socket.sendall(written(method, target, sent, body))
            with self._socket.makefile("rb") as file:
                head = read_head(file)
                return WebAnswer(
                    status=head.status,
                    headers=dict(head.headers.pairs),
                    cookies=frozenset(value.partition("=")[0] for value in head.headers.all("set-cookie")),
                    body=read_body(file, head),
                )
        except (OSError, http.client.HTTPException) as error:
            raise self._reason(error) from error

    def cut(self) -> None:
        """Called from another thread: ends the wait of the thread in `ask`."""
        with self._lock:
            self._cut = True
            if self._socket is not None:
                with suppress(OSError):  # it may have ended by itself
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _secure(self) -> bool:
        return self._parts.scheme == "https"

    def _keep(self, connection: socket.socket) -> None:
        with self._lock:
            self._socket = connection
            if self._cut:
                raise ConnectionCut

    def _reason(self, error: Exception) -> Exception:
        return ConnectionCut() if self._cut else error
