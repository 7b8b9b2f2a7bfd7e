"""The `HostSession` over WinRM: one shell and one resident PowerShell a host, one Send and one Receive a call."""

from __future__ import annotations

import base64
import http.client
import math
import re
import secrets
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import requests
from requests.auth import AuthBase
from requests_ntlm import HttpNtlmAuth
from spnego.exceptions import SpnegoError
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError
from winrm.exceptions import (
    AuthenticationError,
    InvalidCredentialsError,
    WinRMError,
    WinRMOperationTimeoutError,
    WinRMTransportError,
    WSManFaultError,
)
from winrm.protocol import Protocol
from winrm.transport import Transport

from lab.drivers.bounded_http import BoundedAdapter, Budget, Redirected, TooLarge, Unwanted, causes
from lab.drivers.call_stats import CallTimer
from lab.drivers.resident import DEEPEST, MAXIMUM_OUTPUT, Answer, Conversation, Flooded, TooDeep, TooOld, pieces
from lab.errors import (
    AnswerUnreadable,
    AuthenticationRefused,
    ConnectionLost,
    HostUnreachable,
    Indeterminate,
    LabError,
    NotStarted,
    ScriptFailed,
    ScriptTimedOut,
)
from lab.logins import RefusedLogins
from lab.model.calls import CallRecord
from lab.model.endpoints import Authentication, Endpoint
from lab.model.scripts import ScriptCall, ScriptResult
from lab.plain_xml import UnreadableXml, descendant, parse
from lab.ports import CallObserver, Clock
from lab.scripts import RESIDENT, load_script
from lab.tls import context_of, tls_trouble, unvouched
from words import Explained, Quoted, Told, sentence

LONGEST_OPERATION = 20
"""Seconds (whole ones, MS-WSMV) a host may hold back its answer to one request."""
_PATIENCE = 10.0
"""Wall seconds a request may take beyond that before the connection counts as lost: in total, however it comes."""
_GRACE = 5.0
"""Wall seconds beyond the deadline of the call itself; what ends a shell is given no more either."""
LARGEST_ENVELOPE = 1 << 20
"""Bytes of one exchange, its login included; an envelope is asked to be of 150 KB at the most."""
_IDLE = "PT900S"
"""How long a host keeps an idle shell, such as one whose connection was lost."""
POWERSHELL_OPTIONS = (
    *("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "RemoteSigned"),
    # Without these powershell.exe reads standard input itself, and writes warnings to standard error as CLIXML.
    *("-InputFormat", "None", "-OutputFormat", "Text"),
)
_REFUSING_STATUSES = (400, 401, 403, 404, 503)
"""400 is also what a host says to a message that was sealed for a connection which is no more."""
_ACCESS_DENIED = 5
_OPERATION_ABORTED = 995
_MESSAGE_ID = re.compile(r"<a:MessageID>([^<]+)</a:MessageID>")


class _NotItsAnswer(Explained, WinRMError):
    """What came back does not belong to the message that was sent."""


# pywinrm lets errors of all its layers through: requests, NTLM, sealing (KeyError, IndexError, ValueError,
# struct.error), XML, and what it meets in an answer without the elements it looks for.
_WIRE_ERRORS = (
    OSError,
    requests.RequestException,
    HTTPError,
    http.client.HTTPException,
    WinRMError,
    WinRMTransportError,
    WinRMOperationTimeoutError,
    SpnegoError,
    ParseError,
    AssertionError,
    AttributeError,
    StopIteration,
    TypeError,
    ValueError,
    LookupError,
    struct.error,
)


class WinRmSession:
    """A connection to one host, kept open between calls; for one thread, as pywinrm is.

    On any error the resident process is discarded; the next call starts a new one. A query is repeated once after a
    lost connection; an action that may have reached the host never is. A refused login is not tried again, by this
    session or by another that shares `logins`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        clock: Clock,
        wall: Clock,
        observer: CallObserver | None = None,
        maximum_output: int = MAXIMUM_OUTPUT,
        logins: RefusedLogins | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._logins = logins or RefusedLogins()
        self._clock = clock
        self._wall = wall
        self._observer = observer
        self._maximum_output = maximum_output
        self._resident: _Resident | None = None

    def __repr__(self) -> str:
        return f"<WinRmSession {self.host} {self._endpoint.url}>"

    @property
    def host(self) -> str:
        return self._endpoint.host

    def run(self, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        """The script's output objects as a list; `within` is lab time and includes the start of a resident."""
        account = CallTimer(self._clock, self._wall, within)
        try:
            result = self._run(call, account)
        except LabError as error:
            error.host, error.operation = self.host, call.script
            self._tell(account.record(self.host, call, error=error))
            raise
        except KeyboardInterrupt:
            stopped = Indeterminate(sentence("errors.winrm.stopped", script=call.script, host=self.host))
            self._tell(account.record(self.host, call, error=stopped))
            raise
        self._tell(account.record(self.host, call, answer=result.value))
        return result

    def allow_login_again(self) -> None:
        self._logins.allow_again(self.host, self._endpoint.user)

    def close(self) -> None:
        """Ends the resident and its shell on the host, if the host can be reached."""
        resident, self._resident = self._resident, None
        if resident is not None:
            resident.end()

    def _run(self, call: ScriptCall, account: CallTimer) -> ScriptResult:
        answer = self._answer(call, account)
        if answer.error is not None:
            text = " ".join(answer.error.message.split()) or answer.error.error_id
            place = " ".join(answer.error.position.splitlines()[:1])
            at = f", {place}" if place else ""
            said = sentence("errors.winrm.script", host=self.host, text=text, script=call.script, place=at)
            raise ScriptFailed(said, error_id=answer.error.error_id, stray=account.stray)
        return ScriptResult(
            value=answer.output, stray=account.stray, took=account.took, round_trips=account.round_trips
        )

    def _answer(self, call: ScriptCall, account: CallTimer) -> Answer:
        try:
            return self._ask(call, account)
        except _NotDelivered:
            return self._ask_anew(call, account)
        except ConnectionLost:
            if call.changes or account.left <= timedelta():
                raise
            return self._ask_anew(call, account)

    def _ask_anew(self, call: ScriptCall, account: CallTimer) -> Answer:
        try:
            return self._ask(call, account)
        except _NotDelivered as error:
            raise NotStarted(sentence("errors.winrm.not_taken", host=self.host, reason=error)) from error

    def _ask(self, call: ScriptCall, account: CallTimer) -> Answer:
        if self._endpoint.authentication is Authentication.BASIC:  # which logs in with every request
            self._logins.check(self.host, self._endpoint.user)
        resident = self._resident or self._start(account)
        self._resident = None  # until it has answered: whatever ends a call early, the next one starts anew
        try:
            with resident.counting(account):
                answer = resident.answer(call, account)
        finally:
            account.stray = resident.stray
            if resident.refusal is not None:
                self._logins.refused(self.host, self._endpoint.user, resident.refusal)
        self._resident = resident
        return answer

    def _start(self, account: CallTimer) -> _Resident:
        self._logins.check(self.host, self._endpoint.user)
        resident = _Resident(self._endpoint, self._maximum_output)
        try:
            with resident.counting(account):
                resident.start(account)
        except AuthenticationRefused as refusal:
            self._logins.refused(self.host, self._endpoint.user, refusal)
            raise
        return resident

    def _tell(self, record: CallRecord) -> None:
        if self._observer is not None:
            self._observer.called(record)


class _NotDelivered(Explained):
    """The host refused the request, or no connection was made: nothing was begun."""


class _LoggedIn(AuthBase):
    """NTLM on a connection that has been let in: nothing more is sent, and a refusal is not answered with a login."""

    def __init__(self, login: HttpNtlmAuth) -> None:
        self._login = login

    @property
    def session_security(self) -> Any:
        """What seals messages."""
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

    def build_session(self) -> requests.Session:
        session = super().build_session()
        self._bound(session)
        return session

    def setup_encryption(self, session: requests.Session) -> None:
        self._bound(session)
        super().setup_encryption(session)

    def _bound(self, session: requests.Session) -> None:
        """Once a session; whatever the environment says of proxies and authorities does not count."""
        if not isinstance(session.get_adapter(self.endpoint), BoundedAdapter):
            session.trust_env = False
            session.proxies = {}
            session.verify = True
            for scheme in ("http://", "https://"):
                session.mount(scheme, BoundedAdapter(self.budget, context=self._context))

    def _send_message_request(
        self, session: requests.Session, prepared_request: requests.PreparedRequest
    ) -> requests.Response:
        response = session.send(prepared_request, timeout=self.budget.left(), allow_redirects=False)
        if response.status_code == 401:
            raise InvalidCredentialsError("the login was refused")
        if not response.ok:
            raise WinRMTransportError("http", response.status_code, self._get_message_response_text(response).decode())
        if isinstance(session.auth, HttpNtlmAuth):
            session.auth = _LoggedIn(session.auth)
        return response

    def _get_message_response_text(self, response: requests.Response) -> bytes:
        """A sealed connection takes sealed messages only; what HTTP itself says of a failure is not read at all."""
        if self.encryption is None:
            return response.content
        if response.headers.get("Content-Type", "").startswith("multipart/"):
            unsealed: bytes = self.encryption.parse_encrypted_response(response)
            return unsealed
        if response.ok:
            raise _NotItsAnswer(sentence("reason.not_sealed"))
        return b""


class _Wire(Protocol):
    """pywinrm's protocol, counting its requests, each within a budget and answered by what belongs to it."""

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None) -> None:
        plain = endpoint.url.lower().startswith("http:")
        sealed = plain and endpoint.authentication is not Authentication.BASIC
        read_timeout = math.ceil(LONGEST_OPERATION + _PATIENCE)
        super().__init__(
            endpoint.url,
            transport=endpoint.authentication.value,
            username=endpoint.user,
            password=endpoint.password,
            operation_timeout_sec=LONGEST_OPERATION,
            read_timeout_sec=read_timeout,
        )
        self.sent = 0
        self.seconds = LONGEST_OPERATION + _PATIENCE
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
        """What the next requests may take, that the call ends at its deadline: on the host, and here."""
        left = max(0.0, account.left.total_seconds())
        self.operation_timeout_sec = max(1, min(LONGEST_OPERATION, math.ceil(left)))
        self.seconds = min(self.operation_timeout_sec + _PATIENCE, left + _GRACE)

    def send_message(self, message: str) -> bytes:
        self.sent += 1
        self._budget.begin(seconds=self.seconds, most=LARGEST_ENVELOPE)
        answer: bytes = super().send_message(message)
        _check_answer(answer, message)
        return answer


def _check_answer(answer: bytes, message: str) -> None:
    """An answer names the message it belongs to (WS-Addressing, RelatesTo)."""
    asked = _MESSAGE_ID.search(message)
    told = descendant(parse(answer), "RelatesTo")
    if asked is None or told is None or (told.text or "").strip().casefold() != asked.group(1).casefold():
        raise _NotItsAnswer(sentence("reason.unrelated"))


class _Resident:
    """One resident PowerShell in one shell on one connection; after an error it is not used again."""

    def __init__(self, endpoint: Endpoint, maximum_output: int) -> None:
        self._endpoint = endpoint
        self._host = endpoint.host
        self._wire = _Wire(endpoint, _context(endpoint))
        self._shell = ""
        self._command = ""
        self.refusal: AuthenticationRefused | None = None
        """Of a login that had been accepted before, by a request of Basic."""
        self._conversation = Conversation(secrets.token_hex(8), maximum_output=maximum_output)

    @property
    def stray(self) -> tuple[str, ...]:
        return self._conversation.stray

    @contextmanager
    def counting(self, account: CallTimer) -> Iterator[None]:
        before = self._wire.sent
        try:
            yield
        finally:
            account.round_trips += self._wire.sent - before

    def start(self, account: CallTimer) -> None:
        """Opens the shell and starts the resident; nothing of any call has been sent when this fails."""
        text = load_script(RESIDENT).text
        encoded = base64.b64encode(text.encode("utf-16-le")).decode()
        try:
            self._wire.within(account)
            self._shell = self._wire.open_shell(codepage=65001, noprofile=True, idle_timeout=_IDLE)
            self._wire.within(account)
            self._command = self._wire.run_command(
                self._shell, "powershell", (*POWERSHELL_OPTIONS, "-EncodedCommand", encoded), console_mode_stdin=False
            )
        except _WIRE_ERRORS as error:
            self._note_refusal(error)
            self.end()
            raise self._not_begun(error) from error

    def answer(self, call: ScriptCall, account: CallTimer) -> Answer:
        line = self._conversation.ask(load_script(call.script).text, call.arguments, call.secrets)
        *first, last = pieces(line)
        for piece in first:
            self._send(piece, account, begins=False)
        self._send(last, account, begins=True)
        return self._hear(call, account)

    def end(self) -> None:
        """Ends process and shell as far as the host still answers; a host that is gone has nothing to end."""
        self._wire.seconds = _GRACE / 2
        with suppress(*_WIRE_ERRORS):
            if self._command and self.refusal is None:
                self._wire.cleanup_command(self._shell, self._command)
            if self._shell and self.refusal is None:
                self._wire.close_shell(self._shell)
        self._wire.transport.close_session()

    def _send(self, piece: bytes, account: CallTimer, *, begins: bool) -> None:
        self._wire.within(account)
        try:
            self._wire.send_command_input(self._shell, self._command, piece)
        except _WIRE_ERRORS as error:
            self._wire.transport.close_session()
            self._note_refusal(error)
            if self.refusal is not None:
                raise self.refusal from error
            reason = _reason(error)
            if not begins or _refused(error):
                raise _NotDelivered(reason) from error
            raise ConnectionLost(sentence("errors.winrm.sending_broke", host=self._host, reason=reason)) from error

    def _hear(self, call: ScriptCall, account: CallTimer) -> Answer:
        while account.left > timedelta():
            self._wire.within(account)
            try:
                output, errors, exit_code, ended = self._wire.get_command_output_raw(self._shell, self._command)
            except WinRMOperationTimeoutError:
                continue
            except _WIRE_ERRORS as error:
                self._wire.transport.close_session()
                self._note_refusal(error)
                about = {"host": self._host, "script": call.script, "reason": _reason(error)}
                raise ConnectionLost(sentence("errors.winrm.waiting_broke", **about)) from error
            self._conversation.hear_error(errors)
            answer = self._listen(call, output)
            if answer is not None:
                return answer
            if ended:
                self._conversation.fall_silent()
                self.end()
                how = {"script": call.script, "host": self._host, "code": exit_code}
                if self.stray:
                    raise AnswerUnreadable(sentence("errors.winrm.ended_saying", **how, said=self.stray[0]))
                raise AnswerUnreadable(sentence("errors.winrm.ended", **how))
        self.end()
        seconds = f"{account.within.total_seconds():g}"
        raise ScriptTimedOut(sentence("errors.winrm.timed_out", script=call.script, host=self._host, seconds=seconds))

    def _note_refusal(self, error: Exception) -> None:
        basic = self._endpoint.authentication is Authentication.BASIC
        if basic and isinstance(error, AuthenticationError):
            refusal = self._not_begun(error)
            assert isinstance(refusal, AuthenticationRefused)
            self.refusal = refusal

    def _listen(self, call: ScriptCall, output: bytes) -> Answer | None:
        try:
            return self._conversation.hear(output)
        except Flooded as error:
            self.end()
            raise AnswerUnreadable(sentence("errors.winrm.flooded", script=call.script, host=self._host)) from error
        except TooDeep as error:
            self.end()
            said = sentence("errors.winrm.too_deep", script=call.script, host=self._host, deepest=DEEPEST)
            raise AnswerUnreadable(said) from error
        except TooOld as error:
            self.end()
            raise NotStarted(sentence("errors.winrm.too_old", host=self._host, version=error)) from error

    def _not_begun(self, error: Exception) -> NotStarted:
        endpoint = self._endpoint
        about = {"host": self._host, "url": endpoint.url}
        if isinstance(error, AuthenticationError):
            return AuthenticationRefused(sentence("errors.winrm.login_refused", **about, user=endpoint.user))
        if isinstance(error, WSManFaultError) and error.wsman_fault_code == _ACCESS_DENIED:
            return AuthenticationRefused(sentence("errors.winrm.no_right", **about, user=endpoint.user))
        if isinstance(error, Redirected):
            redirected = {"target": error.target, "table": endpoint.table}
            return NotStarted(sentence("errors.winrm.redirects", **about, **redirected))
        tls = next((each for each in causes(error) if isinstance(each, ssl.SSLError)), None)
        if tls is not None:
            authority = Path(endpoint.certificate_authority).name
            trouble = unvouched(tls_trouble(tls), table=endpoint.table, address="winrm", authority=authority)
            return HostUnreachable(sentence("errors.winrm.tls", **about, trouble=trouble))
        if isinstance(error, requests.RequestException) and not _unusable(error):
            return HostUnreachable(sentence("errors.winrm.no_answer", **about, reason=_reason(error)))
        return NotStarted(sentence("errors.winrm.no_powershell", **about, reason=_reason(error)))


def _context(endpoint: Endpoint) -> ssl.SSLContext | None:
    if not endpoint.url.lower().startswith("https:"):
        return None
    try:
        return context_of(endpoint.certificate_authority)
    except OSError as error:
        about = {"file": endpoint.certificate_authority, "table": endpoint.table, "reason": error.strerror}
        raise NotStarted(sentence("errors.winrm.authority", **about)) from error


def _refused(error: Exception) -> bool:
    """Whether the host has answered that it did not take the request, or no connection to it was made at all."""
    if isinstance(error, WSManFaultError):
        return error.wsman_fault_code != _OPERATION_ABORTED
    if isinstance(error, WinRMTransportError):
        return error.code in _REFUSING_STATUSES
    if isinstance(error, AuthenticationError | requests.ConnectTimeout | Redirected):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _unusable(error: Exception) -> bool:
    """Whether there was an answer, but one that Kunren does not read."""
    unread = (TooLarge, requests.exceptions.ContentDecodingError)
    return any(isinstance(each, unread) for each in causes(error))


def _reason(error: Exception) -> Told:
    """Why, in a few words and without anything of the login."""
    if isinstance(error, WSManFaultError):
        return Quoted(" ".join(error.reason.split()).rstrip("."))
    if isinstance(error, WinRMTransportError):
        return sentence("reason.status", code=error.code)
    if isinstance(error, Redirected):
        return sentence("reason.redirects", target=error.target)
    if isinstance(error, UnreadableXml | _NotItsAnswer | Unwanted):
        return error
    if isinstance(error, AuthenticationError):
        return sentence("reason.logged_out")
    found = tuple(causes(error))
    if isinstance(error, WinRMOperationTimeoutError) or any(isinstance(each, TimeoutError) for each in found):
        return sentence("reason.no_answer")
    if any(isinstance(each, TooLarge) for each in found):
        return sentence("reason.too_large")
    if any(isinstance(each, ssl.SSLError) for each in found):
        return sentence("reason.tls")
    text = str(error)
    for sign, meaning in _SIGNS.items():
        if sign in text:
            return sentence(f"reason.{meaning}")
    return Quoted(type(error).__name__)


_SIGNS = {
    "Connection refused": "refused",
    "Name or service not known": "name",
    "Failed to resolve": "name",
    "No route to host": "route",
    "Network is unreachable": "network",
    "reset by peer": "reset",
    "without response": "closed",
    "Broken pipe": "closed",
    "support": "no_sealing",
    "pykerberos": "no_kerberos",
}
