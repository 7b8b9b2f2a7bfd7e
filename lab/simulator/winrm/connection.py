"""One HTTP connection of the WinRM listener: login, sealed or plain body, status codes as Windows gives them."""

from __future__ import annotations

import socket
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from lab.simulator.http_requests import RequestHandler
from lab.simulator.winrm.authentication import Login, Refused
from lab.simulator.winrm.sealing import CONTENT_TYPE, NotSealed, seal, unseal
from lab.simulator.winrm.service import WsManService
from lab.simulator.winrm.wsman import MAX_ENVELOPE_SIZE

PATH: Final = "/wsman"
_SOAP: Final = "application/soap+xml;charset=UTF-8"
_MAX_BODY: Final = MAX_ENVELOPE_SIZE + 4096
"""Bytes: an envelope and the frame of its seal."""


class Connection(RequestHandler):
    """Answers request after request until one side closes; made, it has run."""

    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def __init__(
        self,
        connection: socket.socket,
        address: tuple[str, int],
        service: WsManService,
        login: Login,
        *,
        allow_unencrypted: bool,
    ) -> None:
        self._service = service
        self._login = login
        self._allow_unencrypted = allow_unencrypted
        super().__init__(connection, address, None)  # type: ignore[arg-type] # HTTP needs nothing of a server object

    def do_POST(self) -> None:  # noqa: N802 - the name http.server looks for
        body = self._body()
        if body is None:
            return
        try:
            path = urlsplit(self.path).path
        except ValueError:
            self._reply(HTTPStatus.BAD_REQUEST)
            return
        if path.rstrip("/").lower() != PATH:
            self._reply(HTTPStatus.NOT_FOUND)
            return
        greeting = self._log_in()
        if greeting is not None:
            self._answer(body, greeting)

    def do_GET(self) -> None:  # noqa: N802
        self._reply(HTTPStatus.METHOD_NOT_ALLOWED, ("Allow", "POST"))

    do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

    def handle_expect_100(self) -> bool:
        """The client waits for this line before it sends its body, so it must not stay in the buffer."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Logs nothing of what a client sends."""

    def _body(self) -> bytes | None:
        """The request's body; None when it cannot be had and the client has been told."""
        written = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not written:
            wrong = HTTPStatus.LENGTH_REQUIRED
        elif not (written.isascii() and written.isdigit() and len(written) < 19):
            wrong = HTTPStatus.BAD_REQUEST
        elif int(written) > _MAX_BODY:
            wrong = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        else:
            return self.rfile.read(int(written))
        self.close_connection = True
        self._reply(wrong, ("Connection", "close"))
        return None

    def _log_in(self) -> tuple[tuple[str, str], ...] | None:
        """The headers a client that is let in is owed; None when it is not (yet), and has been told."""
        authorization = self.headers.get("Authorization")
        if authorization is None and self._login.established:
            return ()
        challenges = self._login.offers
        if authorization is not None:
            try:
                step = self._login.step(authorization)
            except Refused:
                pass_on = None
            else:
                pass_on = step.header
                if step.established:
                    return (("WWW-Authenticate", pass_on),) if pass_on else ()
            challenges = (pass_on,) if pass_on else challenges
        self._reply(HTTPStatus.UNAUTHORIZED, *(("WWW-Authenticate", challenge) for challenge in challenges))
        return None

    def _answer(self, body: bytes, greeting: tuple[tuple[str, str], ...]) -> None:
        sealed = self.headers.get("Content-Type", "").lower().startswith("multipart/")
        if not body:
            self._reply(HTTPStatus.OK, *greeting)
        elif sealed:
            self._answer_sealed(body, greeting)
        elif self._allow_unencrypted:
            answered = self._service.answer(body)
            self._reply(answered.status, ("Content-Type", _SOAP), *greeting, body=answered.envelope)
        else:
            self._reply(HTTPStatus.INTERNAL_SERVER_ERROR, *greeting)

    def _answer_sealed(self, body: bytes, greeting: tuple[tuple[str, str], ...]) -> None:
        try:
            envelope = unseal(body, self._login)
        except NotSealed:
            self._reply(HTTPStatus.BAD_REQUEST, *greeting)
            return
        answered = self._service.answer(envelope)
        sealed = seal(answered.envelope, self._login)
        self._reply(answered.status, ("Content-Type", CONTENT_TYPE), *greeting, body=sealed)

    def _reply(self, status: int, *headers: tuple[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
