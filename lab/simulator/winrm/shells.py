"""The shells of one host: which are open, who may open more, and when an idle one is taken away."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from lab.simulator.hosts.exchange import Alarm, Received
from lab.simulator.hosts.host import WindowsRelease
from lab.simulator.winrm.faults import (
    TOO_MANY_OPERATIONS,
    TOO_MANY_SHELLS,
    UNEXPECTED_SELECTORS,
    Fault,
    WsManFault,
)
from lab.simulator.winrm.operations import Command, Receive, Send, Signal
from powershell import Clock, PowerShellEngine

MAX_SHELLS_PER_USER: Final = 30
MAX_OPERATIONS_PER_USER: Final = 1500
"""WinRS never gives the count of a finished command back, so a shell kept for long ends at this one."""
IDLE_TIMEOUT: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The simulated Windows machine behind a listener, as its processes know it."""

    name: str
    user: str
    """As the account is written: `user` or `DOMAIN\\user`."""
    engine: PowerShellEngine
    clock: Clock
    alarm: Alarm | None
    windows: WindowsRelease
    narrow: Callable[[], PowerShellEngine] | None = None
    """Gives that of 32 bits."""


class Shell(Protocol):
    """A WinRS shell or a PSRP runspace pool; each method is one operation and raises WsManFault."""

    @property
    def resource_uri(self) -> str: ...

    @property
    def streams(self) -> tuple[str, str]:
        """The names of the input and of the output streams."""

    def run(self, command: Command, options: Mapping[str, str]) -> str:
        """Starts a command; returns its id."""

    def receive(self, receive: Receive, within: timedelta, limit: int) -> Received | None: ...

    def send(self, send: Send) -> None: ...

    def signal(self, signal: Signal) -> None: ...

    def close(self) -> None: ...


class _Open:
    """A shell in the table, with what the table keeps about it."""

    def __init__(self, shell: Shell, idle_timeout: timedelta, now: datetime) -> None:
        self.shell = shell
        self.idle_timeout = idle_timeout
        self.last_used = now
        self.requests = 0
        self.operations = 0

    def is_idle(self, now: datetime) -> bool:
        return self.requests == 0 and now - self.last_used > self.idle_timeout


class Shells:
    """All shells of a host's one user."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()

    def check_room(self) -> None:
        """Raises the quota's fault when the user may not open another shell."""
        self._close_idle()
        with self._lock:
            if len(self._open) >= MAX_SHELLS_PER_USER:
                raise _exceeded(TOO_MANY_SHELLS, MAX_SHELLS_PER_USER)

    def add(self, shell: Shell, proposed_id: str | None, idle_timeout: timedelta | None) -> str:
        """Keeps the shell under the client's id for it, or a new one."""
        shell_id = proposed_id or new_id()
        with self._lock:
            if shell_id.upper() in self._open:
                raise WsManFault(UNEXPECTED_SELECTORS)
            self._open[shell_id.upper()] = _Open(shell, idle_timeout or IDLE_TIMEOUT, self._clock.now())
        return shell_id

    @contextmanager
    def using(self, shell_id: str | None) -> Iterator[Shell]:
        """The shell of that id, not idle meanwhile."""
        self._close_idle()
        with self._lock:
            found = self._find(shell_id)
            found.requests += 1
        try:
            yield found.shell
        finally:
            with self._lock:
                found.requests -= 1
                found.last_used = self._clock.now()

    def count_operation(self, shell_id: str | None) -> None:
        """One more command, against the quota of the user."""
        with self._lock:
            if sum(known.operations for known in self._open.values()) >= MAX_OPERATIONS_PER_USER:
                raise _exceeded(TOO_MANY_OPERATIONS, MAX_OPERATIONS_PER_USER)
            self._find(shell_id).operations += 1

    def delete(self, shell_id: str | None) -> None:
        with self._lock:
            found = self._find(shell_id)
            self._open = {known: shell for known, shell in self._open.items() if shell is not found}
        found.shell.close()

    def close(self) -> None:
        with self._lock:
            closing, self._open = list(self._open.values()), {}
        for known in closing:
            known.shell.close()

    def _find(self, shell_id: str | None) -> _Open:
        found = self._open.get((shell_id or "").upper())
        if found is None:
            raise WsManFault(UNEXPECTED_SELECTORS)
        return found

    def _close_idle(self) -> None:
        now = self._clock.now()
        with self._lock:
            idle = {shell_id: known for shell_id, known in self._open.items() if known.is_idle(now)}
            for shell_id in idle:
                del self._open[shell_id]
        for known in idle.values():
            known.shell.close()


def new_id() -> str:
    return str(uuid.uuid4()).upper()


def _exceeded(fault: Fault, limit: int) -> WsManFault:
    return WsManFault(fault, fault.message.format(limit=limit))
