"""A host's channel into its guests: PowerShell Direct, which needs no network of the guest."""

from __future__ import annotations

import base64
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from lab.drivers.rows import Row, answer_of, ask, only
from lab.errors import AnswerUnreadable, AuthenticationRefused, ScriptFailed
from lab.logins import RefusedLogins
from lab.model.endpoints import Login
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import HostSession
from words import sentence

INVALID_CREDENTIAL = ("credential is invalid", "資格情報が無効")
"""PowerShell Direct's own words (PSDirectException), whose error id says only that the session is broken."""
CONNECTIONS = 3
"""Requests a page may have under way at once; each needs a PowerShell of its own on the host."""


@dataclass(frozen=True, slots=True)
class GuestRequest:
    """An HTTP request to localhost in a guest; `header` are lines that end with CRLF, among them Connection: close."""

    method: str
    path: str
    header: str
    body: bytes = b""


class GuestChannel:
    """One guest on one host. May be used by several threads: each call has a line of its own.

    A login that the guest refuses is not tried again, here or by another channel that shares `logins`.
    """

    def __init__(
        self,
        open_session: Callable[[], HostSession],
        guest: str,
        login: Login,
        limits: Limits,
        logins: RefusedLogins | None = None,
    ) -> None:
        self._logins = logins or RefusedLogins()
        self._open_session = open_session
        self._guest = guest
        self._user = login.user
        self._secret = {"Secret": login.password}
        self._limit: timedelta = limits.question
        self._idle: queue.LifoQueue[HostSession | None] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put(None)

    def computer_name(self) -> str:
        """The name that the guest shows after a logon."""
        call = ScriptCall("Get-GuestName", {"Name": self._guest, "User": self._user}, secrets=self._secret)
        with self._connection() as session:
            return only(self._asked(session, call), sentence("answers.of_script", script=call.script)).name("Name")

    def exchange(self, port: int, request: GuestRequest) -> bytes:
        """The whole answer as it came over the wire. A request other than GET or HEAD is never sent twice."""
        arguments: dict[str, JsonValue] = {
            "Name": self._guest,
            "User": self._user,
            "Port": port,
            "Method": request.method,
            "Path": request.path,
            "Header": request.header,
            "Body": base64.b64encode(request.body).decode("ascii"),
        }
        harmless = request.method in {"GET", "HEAD"}
        using = None if harmless else Undertaking(Change.USE_TEST_GUEST, self._guest)
        call = ScriptCall("Invoke-GuestRequest", arguments, using, self._secret)
        with self._connection() as session:
            answer = only(self._asked(session, call), sentence("answers.of_script", script=call.script)).text("Body")
        try:
            return base64.b64decode(answer, validate=True)
        except ValueError as error:
            raise AnswerUnreadable(sentence("answers.no_base64", where=answer_of(call.script, session.host))) from error

    def close(self) -> None:
        """Ends the idle connections."""
        while not self._idle.empty():
            session = self._idle.get()
            if session is not None:
                session.close()

    def _asked(self, session: HostSession, call: ScriptCall) -> tuple[Row, ...]:
        self._logins.check(self._guest, self._user)
        try:
            return ask(session, call, self._limit)
        except ScriptFailed as error:
            if not any(words in str(error) for words in INVALID_CREDENTIAL):
                raise
            refusal = AuthenticationRefused(
                sentence("errors.guest.login_refused", guest=self._guest, user=self._user),
                host=error.host,
                operation=error.operation,
            )
            self._logins.refused(self._guest, self._user, refusal)
            raise refusal from error

    @contextmanager
    def _connection(self) -> Iterator[HostSession]:
        session = self._idle.get() or self._open_session()
        try:
            yield session
        finally:
            self._idle.put(session)
