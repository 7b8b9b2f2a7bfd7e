"""Meaning of errors of the wire: whether the host refused the request, and why, in a few words."""

from __future__ import annotations

import ssl
from pathlib import Path

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError
from winrm.exceptions import AuthenticationError, WinRMOperationTimeoutError, WinRMTransportError, WSManFaultError

from lab.drivers.bounded_http import Redirected, TooLarge, causes, trouble
from lab.drivers.winrm.wire import UNEXPECTED, LoginNotOffered, NotItsAnswer
from lab.errors import AuthenticationRefused, HostUnreachable, NotStarted
from lab.model.endpoints import Endpoint
from lab.plain_xml import UnreadableXml
from lab.tls import tls_trouble, unvouched
from words import Quoted, Told, sentence

_REFUSING_STATUSES = (400, 401, 403, 404, 503)
"""400 is also what a host says to a message that was sealed for a connection which is no more."""
_ACCESS_DENIED = 5
_OPERATION_ABORTED = 995


def not_begun(endpoint: Endpoint, error: Exception) -> NotStarted:
    """The error for a resident that could not be started."""
    about = {"host": endpoint.host, "url": endpoint.url}
    if isinstance(error, LoginNotOffered):
        methods = {"method": endpoint.authentication.value, "offered": error.offered, "table": endpoint.table}
        return NotStarted(sentence("errors.winrm.not_offered", **about, **methods))
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
        return HostUnreachable(sentence("errors.winrm.no_answer", **about, reason=reason_of(error)))
    return NotStarted(sentence("errors.winrm.no_powershell", **about, reason=reason_of(error)))


def was_refused(error: Exception) -> bool:
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


def reason_of(error: Exception) -> Told:
    """The reason in a few words, without anything of the login."""
    if isinstance(error, WSManFaultError):
        return Quoted(" ".join(error.reason.split()).rstrip("."))
    if isinstance(error, WinRMTransportError):
        return sentence("reason.status", code=error.code)
    if isinstance(error, Redirected):
        return sentence("reason.redirects", target=error.target)
    if isinstance(error, UnreadableXml | NotItsAnswer):
        return error
    if isinstance(error, AuthenticationError):
        return sentence("reason.logged_out")
    if isinstance(error, WinRMOperationTimeoutError):
        return sentence("reason.no_answer")
    if (found := trouble(error)) is not None:
        return found
    meaning = next((meaning for sign, meaning in _SIGNS.items() if sign in str(error)), None)
    if meaning is None and isinstance(error, UNEXPECTED):
        meaning = "no_winrm"
    return sentence(f"reason.{meaning}") if meaning else Quoted(type(error).__name__)


_SIGNS = {"support": "no_sealing", "pykerberos": "no_kerberos"}
