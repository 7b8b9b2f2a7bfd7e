"""Looks at the hosts: whether WinRM answers, and whether Hyper-V on either hears the guest's heart."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from urllib.parse import urlsplit

from lab.drivers.http_connection import HttpLine
from lab.drivers.hyperv import HyperVHost
from lab.errors import LabError
from lab.logins import NotTried
from lab.model.endpoints import Endpoint
from lab.model.limits import Limits
from lab.model.probing import Layer, Result, Track
from lab.ports import HostSession
from lab.probes.prober import Deadline, NotSent, Sight, why_not

ASKS_FOR_LOGIN = 401


@dataclass(frozen=True, slots=True)
class WinRmLook:
    """A request without a login: only WinRM's own listener answers that it wants one."""

    endpoint: Endpoint
    rounds = 1

    @property
    def track(self) -> Track:
        return Track(Layer.HOST, self.endpoint.host)

    def take(self, number: int, deadline: Deadline) -> Sight:  # noqa: ARG002  # each is like the other
        path = urlsplit(self.endpoint.url).path
        with HttpLine(self.endpoint.url, authority=self.endpoint.certificate_authority) as line:
            deadline.guard(line)
            try:
                answer = line.ask("POST", path, headers={"Content-Length": "0"})
            except (OSError, http.client.HTTPException) as error:
                return Sight(Result.FAILED, why_not(error))
        sound = answer.status == ASKS_FOR_LOGIN and "www-authenticate" in answer.headers
        return Sight(Result.OK if sound else Result.FAILED, f"status {answer.status}")


class HeartbeatLook:
    """Asks the hosts by `sessions` of its own, where the guest was heard last first; one question at a time."""

    rounds = 3
    """A script on a host costs more than a request, and its answer changes less often."""

    def __init__(self, sessions: Sequence[HostSession], guest: str) -> None:
        self._sessions = list(sessions)
        self._guest = guest
        self._asking = Lock()

    @property
    def track(self) -> Track:
        return Track(Layer.HEARTBEAT)

    def take(self, number: int, deadline: Deadline) -> Sight:  # noqa: ARG002  # each is like the other
        if not self._asking.acquire(blocking=False):
            raise NotSent("the one before is still under way")
        try:
            return self._asked(timedelta(seconds=deadline.seconds / len(self._sessions)))
        finally:
            self._asking.release()

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    def _asked(self, within: timedelta) -> Sight:
        """Failed when every host has answered and none hears it; a host that does not answer leaves it unknown."""
        told: list[str] = []
        unanswered = False
        for session in tuple(self._sessions):
            try:
                pulse = HyperVHost(session, Limits(question=within)).pulse(self._guest)
            except NotTried:
                told.append(f"{session.host}: not tried: login refused")
                unanswered = True
                continue
            except LabError as error:
                told.append(f"{session.host}: {error}")
                unanswered = True
                continue
            if pulse is not None and pulse.healthy:
                self._sessions.remove(session)
                self._sessions.insert(0, session)
                return Sight(Result.OK, f"heard on {session.host}")
            state = "not there" if pulse is None else f"{pulse.state.value}, {pulse.heartbeat.value}"
            told.append(f"{session.host}: {state}")
        return Sight(Result.UNKNOWN if unanswered else Result.FAILED, "; ".join(told))
