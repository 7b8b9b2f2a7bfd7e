"""A small HTTP server on loopback that hands each request on into a guest, through its host.

The browser believes it talks to http://localhost inside the guest, and it does: only the way there is not a network.
"""

from __future__ import annotations

import http.client
import io
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from lab.drivers.powershell_direct import GuestRequest
from lab.errors import LabError

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 1 << 20
# RFC 9110, section 7.6.1: what is meant for one connection only is not handed on.
HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length")
)


class Channel(Protocol):
    """A way into the guest."""

    def exchange(self, port: int, request: GuestRequest) -> bytes: ...


class GuestRelay:
    """Serves from its construction until `close`. What the channel refuses is answered with 502 and its reason."""

    def __init__(self, channel: Channel, *, port: int = 80) -> None:
        self._server = _Server((LOOPBACK, 0), _Handler)
        self._server.channel = channel
        self._server.guest_port = port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="relay", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """The relay's own "address:port"."""
        return f"{LOOPBACK}:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    channel: Channel
    guest_port: int

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that disconnects before the response is not an error."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the browser, kept alive; answers are buffered and sent without Nagle's delay."""

    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 75

    def do_GET(self) -> None:
        self._hand_on()

    def do_HEAD(self) -> None:
        self._hand_on()

    def do_POST(self) -> None:
        self._hand_on()

    def _hand_on(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" not in self.headers and not (length.isascii() and length.isdigit() and len(length) < 19):
            self.close_connection = True
            self._refuse(400, "the Content-Length is not a number of bytes")
            return
        if "Transfer-Encoding" in self.headers or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._refuse(413, "the relay carries bodies of a stated length of up to 1 MiB")
            return
        body = self.rfile.read(int(length))
        lines = [*_end_to_end(self.headers.items()), ("Connection", "close")]
        if body or self.command == "POST":
            lines.append(("Content-Length", str(len(body))))
        header = "".join(f"{name}: {value}\r\n" for name, value in lines)
        request = GuestRequest(self.command, self.path, header, body)
        try:
            answer = _read(self.server.channel.exchange(self.server.guest_port, request), self.command)
        except LabError as error:
            self._refuse(502, str(error))
        except (http.client.HTTPException, ValueError) as error:
            self._refuse(502, f"the guest's answer is no HTTP ({type(error).__name__}: {error})")
        else:
            self._send(*answer)

    def _refuse(self, status: int, reason: str) -> None:
        body = f"Kunren's relay: {reason}\n".encode()
        self._send(status, [("Content-Type", "text/plain; charset=UTF-8")], body)

    def _send(self, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        """Prints nothing: the journal has each request as a call of its script."""


class _Received(io.BytesIO):
    """An answer that has already come, where `http.client` expects a socket."""

    def makefile(self, *_: object, **__: object) -> _Received:
        return self


def _read(raw: bytes, method: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers that are the guest's to say, and the body, whichever way its length was told."""
    response = http.client.HTTPResponse(_Received(raw), method=method)  # type: ignore[arg-type]  # only makefile is used
    response.begin()
    body = response.read()
    return response.status, list(_end_to_end(response.getheaders())), body


def _end_to_end(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in HOP_BY_HOP)
