"""The production network's way to Garoon: one listening socket on loopback, pointed at whichever guest answers there.

While no guest answers, connections are refused by the kernel and the port stays ours: a second socket holds it, bound
with SO_REUSEADDR and never listening.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Protocol
from urllib.parse import unquote, urlsplit

from lab.simulator.garoon.exchange import ApplicationClosed, GuestSilent, Request, Response
from lab.simulator.http_requests import RequestHandler

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 1 << 20
HOST_NAMES = frozenset({"cybozu.ca.com", "localhost"})


GIVES_UP_AFTER = timedelta(seconds=30)
"""How long a visitor who drives the lab waits for a silent guest, on the lab's clock."""


class Answering(Protocol):
    def answer(self, request: Request) -> Response: ...


class Visitor(Protocol):
    """A visitor for whom a guest's silence need not be waited out: time goes on without it."""

    def wait(self) -> None: ...

    def join(self) -> None:
        """Returns when he has gone."""


class Patience(Protocol):
    """The wait of a silent guest's visitors; `visitor` is None while the drill itself asks."""

    @property
    def visitor(self) -> Visitor | None: ...

    def spend(self, duration: timedelta) -> None: ...


class WebFront:
    """A request for none of `host_names` gets 400, as from a web server without a binding of that name."""

    def __init__(self, patience: Patience, *, port: int = 0, host_names: frozenset[str] = HOST_NAMES) -> None:
        self._patience = patience
        self._host_names = host_names
        self._reservation = _bound(port)
        self.port: int = self._reservation.getsockname()[1]
        self._lock = threading.Lock()
        self._application: Answering | None = None
        self._listener: socket.socket | None = None
        self._connections: set[socket.socket] = set()
        self._unanswered: dict[socket.socket, Visitor] = {}

    def point_at(self, application: Answering | None) -> None:
        """Lets `application` answer from now on; cuts connections to another one, and refuses new ones for None."""
        with self._lock:
            if application is self._application:
                return
            self._application = application
            unanswered = dict(self._unanswered)
            for connection in self._connections - unanswered.keys():
                _cut(connection)
            if application is None:
                self._stop_listening()
            elif self._listener is None:
                self._start_listening()
        for connection, visitor in unanswered.items():  # one after the other: two runs then hear of them in one order
            _cut(connection)
            visitor.join()

    def close(self) -> None:
        self.point_at(None)
        self._reservation.close()

    def _start_listening(self) -> None:
        listener = _bound(self.port)
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name=f"garoon:{self.port}", daemon=True).start()

    def _stop_listening(self) -> None:
        if self._listener is not None:
            _cut(self._listener)  # wakes the thread in accept(), which close() alone would not
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, address = listener.accept()
            except OSError:  # the listener was shut down
                return
            with self._lock:
                application = self._application
                if application is None or listener is not self._listener:
                    connection.close()
                    continue
                self._connections.add(connection)
            threading.Thread(
                target=self._serve, args=(connection, address, application), name="garoon request", daemon=True
            ).start()

    def _serve(self, connection: socket.socket, address: tuple[str, int], application: Answering) -> None:
        try:
            _Exchange(connection, address, application.answer, self._host_names)
        except GuestSilent:
            self._leave_unanswered(connection)
        except (ConnectionError, TimeoutError, ApplicationClosed):
            pass  # the visitor or the guest has gone
        finally:
            with self._lock:
                self._connections.discard(connection)
                self._unanswered.pop(connection, None)
                connection.close()

    def _leave_unanswered(self, connection: socket.socket) -> None:
        """Waits until either side cuts the connection, or a visitor who drives the lab gives up."""
        visitor = self._patience.visitor
        if visitor is None:
            self._patience.spend(GIVES_UP_AFTER)
            return
        with self._lock:
            self._unanswered[connection] = visitor
        visitor.wait()
        with suppress(OSError):  # cut is cut
            while connection.recv(4096):
                continue


def answer_bytes(application: Answering, request: bytes) -> bytes:
    """The bytes that answer a request over the wire; raises ApplicationClosed."""
    wire = _Wire(request)
    _Exchange(wire, (LOOPBACK, 0), application.answer, HOST_NAMES)  # type: ignore[arg-type]  # as much of a socket
    return bytes(wire.sent)


class _Wire:
    """A connection inside one machine: all of the request is there, and the answer is kept."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.sent = bytearray()

    def makefile(self, mode: str, _size: int) -> io.BytesIO:
        return io.BytesIO(self._request) if "r" in mode else _Kept(self.sent)

    def settimeout(self, _seconds: float) -> None: ...

    def setsockopt(self, *_option: object) -> None: ...


class _Kept(io.BytesIO):
    """Hands on what was written when it is closed."""

    def __init__(self, sent: bytearray) -> None:
        super().__init__()
        self._sent = sent

    def close(self) -> None:
        if not self.closed:
            self._sent += self.getvalue()
        super().close()


class _Exchange(RequestHandler):
    """One connection, kept alive; answers are buffered and sent without Nagle's delay."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 75

    def __init__(
        self,
        connection: socket.socket,
        address: tuple[str, int],
        answer: Callable[[Request], Response],
        host_names: frozenset[str],
    ) -> None:
        self._answer = answer
        self._host_names = host_names
        super().__init__(connection, address, None)  # type: ignore[arg-type]  # no socketserver behind it

    def _exchange(self) -> None:
        if self._host_name() not in self._host_names:
            self._refuse(400, "no site of this name here")
            return
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            self._refuse(411, "a Content-Length is needed")
            return
        if not (length.isascii() and length.isdigit() and len(length) < 19):
            self._refuse(400, "the Content-Length is not a number of bytes")
            return
        if int(length) > LARGEST_BODY:
            self._refuse(413, "the body is too large")
            return
        try:
            parts = urlsplit(self.path)
        except ValueError:
            self._refuse(400, "the target is not a path")
            return
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )
        self._send(self._answer(request))

    do_GET = do_POST = do_HEAD = _exchange  # noqa: N815 - the names http.server looks for

    def _host_name(self) -> str:
        host, _, _ = self.headers.get("Host", "").partition(":")
        return host.strip().lower()

    def _refuse(self, status: int, reason: str) -> None:
        self.close_connection = True
        text = f"SIMULATED web server: {reason}.\n"
        self._send(Response(status=status, content_type="text/plain; charset=UTF-8", body=text.encode()))

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it)
        """Prints nothing: what matters is in the drill's journal."""


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, port))
    return bound


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side had gone already
