"""pywinrm's protocol and transport, each request within a budget and answered by what belongs to it."""

from __future__ import annotations

import http.client
import math
import re
import ssl
import struct
from typing import Any
from xml.etree.ElementTree import ParseError

import requests
from requests.auth import AuthBase
from requests_ntlm import HttpNtlmAuth
from spnego.exceptions import SpnegoError
from urllib3.exceptions import HTTPError
from winrm.exceptions import (
    InvalidCredentialsError,
    WinRMError,
    WinRMOperationTimeoutError,
    WinRMTransportError,
)
from winrm.protocol import Protocol
from winrm.transport import Transport

from lab.drivers.bounded_http import BoundedAdapter, Budget
from lab.drivers.winrm import envelopes
from lab.drivers.winrm.call_timer import CallTimer
from lab.drivers.winrm.envelopes import Received
from lab.drivers.winrm.line import Line
from lab.errors import NotStarted
from lab.model.endpoints import Authentication, Endpoint
from lab.plain_xml import Element, descendant, parse
from lab.tls import context_of
from words import Explained, reason, sentence

LONGEST_OPERATION = 20
"""Seconds (whole ones, MS-WSMV) a host may hold back its answer to one request."""
_TIMEOUT = 10.0
"""Wall seconds a request may take beyond that before the connection counts as lost: in total, however it comes."""
_GRACE = 5.0
"""Wall seconds beyond the deadline of the call itself."""
LARGEST_ENVELOPE = 1 << 20
"""Bytes of one exchange, its login included; an envelope is asked to be of 150 KB at the most."""
_SCHEME = re.compile(r"(?:^|,)\s*(Basic|Negotiate|NTLM|Kerberos|CredSSP|Digest)\b", re.IGNORECASE)
"""Where a listener names the methods that it offers (RFC 9110, 11.6.1)."""
_SCHEMES = {"basic": {"basic"}, "ntlm": {"negotiate", "ntlm"}, "kerberos": {"negotiate", "kerberos"}}
"""What a method of a site file is called there."""
_MESSAGE_ID = re.compile(r"<a:MessageID>([^<]+)</a:MessageID>")


class LoginNotOffered(InvalidCredentialsError):
    """The listener offers other methods of logging in, so that no password was judged."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__("the login method is not offered")
        self.offered = offered


class NotItsAnswer(Explained, WinRMError):
    """The answer does not belong to the message that was sent."""


UNEXPECTED = (AssertionError, AttributeError, StopIteration, TypeError, ValueError, LookupError, struct.error)
"""What pywinrm, its logins and its sealing meet in an answer without what they look for."""
# pywinrm lets errors of all its layers through: requests, NTLM, sealing and XML.
WIRE_ERRORS = (
    OSError,
    requests.RequestException,
    HTTPError,
    http.client.HTTPException,
    WinRMError,
    WinRMTransportError,
    WinRMOperationTimeoutError,
    SpnegoError,
    ParseError,
    *UNEXPECTED,
)


class _LoggedIn(AuthBase):
    """NTLM on a connection that has been let in: nothing more is sent, and a refusal is not answered with a login."""

    def __init__(self, login: HttpNtlmAuth) -> None:
        self._login = login

    @property
    def session_security(self) -> Any:
        """Seals messages."""
        return self._login.session_security

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Connection"] = "Keep-Alive"
        return request


class _Transport(Transport):
    """pywinrm's transport within a budget: no proxy, no redirect, nothing compressed, no document without bounds."""

    def __init__(self, budget: Budget, context: ssl.SSLContext | None, **settings: Any) -> None:
        super().__init__(**settings)
        self.budget = budget
        self._context = context
        self._line: Line | None = None

    def build_session(self) -> requests.Session:
        session = super().build_session()
        self._bound(session)
        return session

    def setup_encryption(self, session: requests.Session) -> None:
        self._bound(session)
        super().setup_encryption(session)

    def _bound(self, session: requests.Session) -> None:
        """Binds a session to the budget, once; proxies and authorities of the environment do not count."""
        if not isinstance(session.get_adapter(self.endpoint), BoundedAdapter):
            session.trust_env = False
            session.proxies = {}
            session.verify = True
            for scheme in ("http://", "https://"):
                session.mount(scheme, BoundedAdapter(self.budget, context=self._context))

    def _send_message_request(
        self, session: requests.Session, prepared_request: requests.PreparedRequest
    ) -> requests.Response:
        response = self._accepted(session.send(prepared_request, timeout=self.budget.left(), allow_redirects=False))
        if isinstance(session.auth, HttpNtlmAuth):
            if session.auth.session_security is None:  # what answers without asking for the login is no WinRM
                raise NotItsAnswer(sentence("reason.no_winrm"))
            session.auth = _LoggedIn(session.auth)
            adapter = session.get_adapter(self.endpoint)
            assert isinstance(adapter, BoundedAdapter)
            self._line = Line(adapter, self.endpoint, session.headers)
        return response

    def send_message(self, message: str | bytes) -> bytes:
        session = self.build_session()
        if self._line is None or not self._line.stands:
            return super().send_message(message)
        content = message.encode() if isinstance(message, str) else message
        seal = None if self.encryption is None else session.auth.session_security  # type: ignore[union-attr]  # NTLM's
        return self._get_message_response_text(self._accepted(self._line.post(content, seal)))

    def _accepted(self, response: requests.Response) -> requests.Response:
        if response.status_code == 401:
            offered = tuple(dict.fromkeys(_SCHEME.findall(response.headers.get("WWW-Authenticate", ""))))
            if offered and not _SCHEMES[str(self.auth_method)].intersection(map(str.casefold, offered)):
                raise LoginNotOffered(offered)
            raise InvalidCredentialsError("the login was refused")
        if not response.ok:
            raise WinRMTransportError("http", response.status_code, self._get_message_response_text(response).decode())
        return response

    def _get_message_response_text(self, response: requests.Response) -> bytes:
        """A sealed connection takes sealed messages only; what HTTP itself says of a failure is not read at all."""
        if self.encryption is None:
            return response.content
        if response.headers.get("Content-Type", "").startswith("multipart/"):
            unsealed: bytes = self.encryption.parse_encrypted_response(response)
            return unsealed
        if response.ok:
            raise NotItsAnswer(sentence("reason.not_sealed"))
        return b""


class Wire(Protocol):
    """pywinrm's protocol, counting its requests, each within a budget and answered by what belongs to it."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None) -> None:
        plain = endpoint.url.lower().startswith("http:")
        sealed = plain and endpoint.authentication is not Authentication.BASIC
        read_timeout = math.ceil(LONGEST_OPERATION + _TIMEOUT)
        super().__init__(
            endpoint.url,
            transport=endpoint.authentication.value,
            username=endpoint.user,
            password=endpoint.password,
            operation_timeout_sec=LONGEST_OPERATION,
            read_timeout_sec=read_timeout,
        )
        self.sent = 0
        self.seconds = LONGEST_OPERATION + _TIMEOUT
        self._budget = Budget()
        self.transport = _Transport(
            self._budget,
            context,
            endpoint=endpoint.url,
            auth_method=endpoint.authentication.value,
            message_encryption="always" if sealed else "never",
            read_timeout_sec=read_timeout,
            ca_trust_path=None,
            service="HTTP",
            proxy=None,
            username=endpoint.user,
            password=endpoint.password,
        )

    def within(self, account: CallTimer) -> None:
        """Limits the next requests, on the host and here, so that the call ends at its deadline."""
        left = max(0.0, account.left.total_seconds())
        self.operation_timeout_sec = max(1, min(LONGEST_OPERATION, math.ceil(left)))
        self.seconds = min(self.operation_timeout_sec + _TIMEOUT, left + _GRACE)

    def hurry(self) -> None:
        """Limits the requests that end a shell."""
        self.seconds = _GRACE / 2

    def put_in(self, shell: str, command: str, piece: bytes) -> None:
        """Sends a piece of standard input, which stays open."""
        self._exchange(envelopes.send(shell, command, piece, seconds=self.operation_timeout_sec))

    def take_out(self, shell: str, command: str) -> Received:
        """Raises WinRMOperationTimeoutError when nothing has come in time."""
        _, answer = self._exchange(envelopes.receive(shell, command, seconds=self.operation_timeout_sec))
        return envelopes.received(answer)

    def send_message(self, message: str) -> bytes:
        return self._exchange(message)[0]

    def _exchange(self, message: str) -> tuple[bytes, Element]:
        """The answer, which names the message it belongs to (WS-Addressing, RelatesTo), and what it holds."""
        self.sent += 1
        self._budget.begin(seconds=self.seconds, most=LARGEST_ENVELOPE)
        answer: bytes = super().send_message(message)
        root = parse(answer)
        asked, told = _MESSAGE_ID.search(message), descendant(root, "RelatesTo")
        if asked is None or told is None or (told.text or "").strip().casefold() != asked.group(1).casefold():
            raise NotItsAnswer(sentence("reason.unrelated"))
        return answer, root


def context_for(endpoint: Endpoint) -> ssl.SSLContext | None:
    if not endpoint.url.lower().startswith("https:"):
        return None
    try:
        return context_of(endpoint.certificate_authority)
    except OSError as error:
        about = {"file": endpoint.certificate_authority, "table": endpoint.table, "reason": reason(error)}
        raise NotStarted(sentence("errors.winrm.authority", **about)) from error
