"""A host's channel into its guests: PowerShell Direct, which needs no network of the guest."""

from __future__ import annotations

import base64
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from lab.answers import ask, only
from lab.errors import AnswerUnreadable
from lab.model.endpoints import GuestLogin
from lab.model.limits import Limits
from lab.model.scripts import JsonValue, ScriptCall
from lab.model.undertakings import Change, Undertaking
from lab.ports import HostSession

LINES = 3
"""Requests a page may have under way at once; each needs a PowerShell of its own on the host."""


@dataclass(frozen=True, slots=True)
class GuestRequest:
    """An HTTP request to localhost in a guest; `header` are lines that end with CRLF, among them Connection: close."""

    method: str
    path: str
    header: str
    body: bytes = b""


class GuestChannel:
    """One guest on one host. May be used by several threads: each call has a line of its own."""

    def __init__(self, open_session: Callable[[], HostSession], guest: str, login: GuestLogin, limits: Limits) -> None:
        self._open_session = open_session
        self._guest = guest
        self._login: dict[str, JsonValue] = {"user": login.user, "password": login.password}
        self._limit: timedelta = limits.question
        self._idle: queue.LifoQueue[HostSession | None] = queue.LifoQueue()
        for _ in range(LINES):
            self._idle.put(None)

    def computer_name(self) -> str:
        """The name the guest gives to who has logged on to it."""
        call = ScriptCall("Get-GuestName", {"Name": self._guest, "Login": self._login})
        with self._line() as session:
            return only(ask(session, call, self._limit), f"The answer of {call.script}").name("Name")

    def exchange(self, port: int, request: GuestRequest) -> bytes:
        """The whole answer as it came over the wire. A request other than GET or HEAD is never sent twice."""
        arguments: dict[str, JsonValue] = {
            "Name": self._guest,
            "Login": self._login,
            "Port": port,
            "Method": request.method,
            "Path": request.path,
            "Header": request.header,
            "Body": base64.b64encode(request.body).decode("ascii"),
        }
        harmless = request.method in {"GET", "HEAD"}
        using = None if harmless else Undertaking(Change.USE_TEST_GUEST, self._guest)
        call = ScriptCall("Invoke-GuestRequest", arguments, using)
        with self._line() as session:
            answer = only(ask(session, call, self._limit), f"The answer of {call.script}").text("Body")
        try:
            return base64.b64decode(answer, validate=True)
        except ValueError as error:
            raise AnswerUnreadable(f"The answer of {call.script} on {session.host} is not base64.") from error

    def close(self) -> None:
        """Ends the lines that nobody uses."""
        while not self._idle.empty():
            session = self._idle.get()
            if session is not None:
                session.close()

    @contextmanager
    def _line(self) -> Iterator[HostSession]:
        session = self._idle.get() or self._open_session()
        try:
            yield session
        finally:
            self._idle.put(session)
