"""HTTP by `requests` within bounds that no answer can stretch: wall time in total, bytes received, nothing unpacked."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from lab.clock import SystemClock
from words import Explained, Told, reason, sentence


class TooLarge(OSError):
    """More came than an answer may take."""


class OutOfTime(TimeoutError):
    """The exchange took longer than it may in total."""


class Redirected(requests.RequestException):
    """The other side sends its visitor elsewhere; it is not followed."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(f"{source} redirects to {target}")
        self.source = source
        self.target = target


class Unwanted(Explained, requests.exceptions.ContentDecodingError):
    """An answer that is not read, for its form or its announced size."""


class Budget:
    """Wall seconds and bytes that one exchange may take, over every connection and request it needs."""

    def __init__(self) -> None:
        self._now = SystemClock().monotonic
        self._ends = 0.0
        self._bytes = 0

    def begin(self, *, seconds: float, most: int) -> None:
        self._ends = self._now() + seconds
        self._bytes = most

    def left(self) -> float:
        """Seconds; OutOfTime when there are none."""
        left = self._ends - self._now()
        if left <= 0:
            raise OutOfTime("the exchange took longer than it may in total")
        return left

    def check(self, announced: int) -> None:
        """Raises TooLarge before a body of that stated length is read."""
        if announced > self._bytes:
            raise TooLarge(f"{announced} bytes are announced, more than an answer may take")

    def received(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise TooLarge("more came than an answer may take")


class BoundedAdapter(HTTPAdapter):
    """Carries requests whose every send and receive is charged to `budget`.

    `connect` ("address:port") is where the URL's host is reached; its name stays in URL, Host header and TLS.
    Redirects and compressed answers come back as errors where `redirects` is false.
    """

    def __init__(
        self, budget: Budget, *, context: ssl.SSLContext | None = None, connect: str = "", redirects: bool = False
    ) -> None:
        self._budget = budget
        self._context = context
        self._connect = urlsplit(f"//{connect}") if connect else None
        self._redirects = redirects
        self.connection: HTTPConnection | None = None
        """That of the last request, which has been kept if the other side agreed."""
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: FBT001, FBT002 (the base class's)
        if self._context is not None:
            self._context.sslsocket_class = _sealed(self._budget)
            more["ssl_context"] = self._context
        super().init_poolmanager(connections, maxsize, block, **more)
        self.poolmanager.pool_classes_by_scheme = _pools(self._budget)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context says which authorities are trusted; none are added."""

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,  # noqa: FBT001 (the base class names it)
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002 (no proxy is ever used)
        cert: Any = None,
    ) -> HTTPConnectionPool:
        host, tls = self.build_connection_pool_key_attributes(request, True if verify is None else verify, cert)
        options: dict[str, Any] = {**tls}
        address: str | None = host["host"]
        port: int | None = host["port"]
        if self._connect is not None:
            request.headers.setdefault("Host", str(urlsplit(request.url or "").netloc))
            if host["scheme"] == "https":
                options["server_hostname"] = address
            address, port = self._connect.hostname, self._connect.port
        pool: HTTPConnectionPool = self.poolmanager.connection_from_host(
            address, port, scheme=host["scheme"], pool_kwargs=options
        )
        return pool

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]  # handed on
        request.headers["Accept-Encoding"] = "identity"
        more["timeout"] = self._budget.left()
        answer = super().send(request, **more)
        self.connection = answer.raw.connection
        try:
            self.check(answer)
        except BaseException:
            answer.close()
            raise
        return answer

    def check(self, answer: requests.Response) -> None:
        """Raises RequestException for an answer whose body is not to be read."""
        if not self._redirects and 300 <= answer.status_code < 400:
            raise Redirected(answer.url, urljoin(answer.url, answer.headers.get("Location", "nowhere")))
        coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in {"", "identity"}:
            raise Unwanted(sentence("reason.compressed", coding=coding[:20]))
        length = answer.headers.get("Content-Length", "").strip()
        if length.isascii() and length.isdigit():
            try:
                self._budget.check(int(length[:20]))
            except TooLarge as error:
                raise Unwanted(sentence("reason.announced", n=int(length[:20]))) from error


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, through the wrappings of urllib3 and requests, which keep causes as arguments."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]


def trouble(error: BaseException) -> Told | None:
    """Why an exchange did not come about, without anything of the login; None where there are no words for it."""
    found = tuple(causes(error))

    def came_of(*kinds: type[BaseException]) -> BaseException | None:
        return next((each for each in found if isinstance(each, kinds)), None)

    if isinstance(error, Unwanted):
        return error
    if came_of(TimeoutError):
        return sentence("reason.no_answer")
    if came_of(TooLarge):
        return sentence("reason.too_large")
    if came_of(ssl.SSLError):
        return sentence("reason.tls")
    if came_of(http.client.RemoteDisconnected):
        return sentence("reason.closed")
    if came_of(http.client.HTTPException):
        return sentence("reason.no_http")
    for each in found:
        if isinstance(each, OSError) and each.errno:
            return reason(each)
    return sentence("reason.name") if came_of(NameResolutionError) else None


def _pools(budget: Budget) -> dict[str, type[HTTPConnectionPool]]:
    plain = type("BoundedConnection", (_Connection, HTTPConnection), {"budget": budget})
    sealed = type("BoundedTlsConnection", (_Connection, HTTPSConnection), {"budget": budget})
    return {
        "http": type("BoundedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("BoundedTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": sealed}),
    }


class _Connection:
    """Makes a connection of urllib3's over a socket of ours, all addresses of a name within one budget."""

    budget: Budget
    host: str
    port: int
    _dns_host: str

    def _new_conn(self) -> socket.socket:
        try:
            found = socket.getaddrinfo(self._dns_host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            problem = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, problem) from error  # type: ignore[arg-type]  # a mixin of one
        failure: OSError = OSError("the name has no address")
        for family, kind, protocol, _, address in found:
            connection = _Plain(family, kind, protocol)
            connection.budget = self.budget
            try:
                connection.settimeout(self.budget.left())
                connection.connect(address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from failure
        raise NewConnectionError(self, f"no connection: {failure}") from failure  # type: ignore[arg-type]  # a mixin of one


class _Plain(socket.socket):
    budget: Budget

    def recv_into(self, *args: Any) -> int:
        self.settimeout(self.budget.left())
        count = super().recv_into(*args)
        self.budget.received(count)
        return count

    def send(self, *args: Any) -> int:
        self.settimeout(self.budget.left())
        return super().send(*args)

    def sendall(self, *args: Any) -> None:
        self.settimeout(self.budget.left())
        super().sendall(*args)


def _sealed(budget: Budget) -> type[ssl.SSLSocket]:
    class Sealed(ssl.SSLSocket):
        def recv_into(self, *args: Any, **more: Any) -> int:
            self.settimeout(budget.left())
            count = super().recv_into(*args, **more)
            budget.received(count)
            return count

        def send(self, *args: Any) -> int:
            self.settimeout(budget.left())
            return super().send(*args)

    return Sealed
