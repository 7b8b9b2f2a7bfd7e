"""Probes of the hosts: whether WinRM responds, and whether either host reports a guest heartbeat."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from threading import Lock
from urllib.parse import urlsplit

from lab.drivers.http_connection import HttpConnection
from lab.drivers.hyperv import HyperVHost
from lab.errors import LabError
from lab.logins import NotTried
from lab.model.endpoints import Endpoint
from lab.model.limits import Limits
from lab.model.machines import Pulse
from lab.model.probing import Layer, Result, Track
from lab.ports import HostSession
from lab.probes.prober import Deadline, NotSent, ProbeResult, why_not
from words import Term, Told, sentence

ASKS_FOR_LOGIN = 401


@dataclass(frozen=True, slots=True)
class WinRmProbe:
    """A request without a login, which only a WinRM listener answers with a demand for one."""

    endpoint: Endpoint
    rounds = 1

    @property
    def track(self) -> Track:
        return Track(Layer.HOST, self.endpoint.host)

    def take(self, number: int, deadline: Deadline) -> ProbeResult:  # noqa: ARG002  # each is like the other
        path = urlsplit(self.endpoint.url).path
        with HttpConnection(self.endpoint.url, authority=self.endpoint.certificate_authority) as connection:
            deadline.guard(connection)
            try:
                answer = connection.ask("POST", path, headers={"Content-Length": "0"})
            except (OSError, http.client.HTTPException) as error:
                return ProbeResult(Result.FAILED, why_not(error))
        sound = answer.status == ASKS_FOR_LOGIN and "www-authenticate" in answer.headers
        return ProbeResult(Result.OK if sound else Result.FAILED, sentence("probe.status", status=answer.status))


class HeartbeatProbe:
    """Queries the hosts over `sessions`, first the one that reported the heartbeat last; one query at a time."""

    rounds = 3
    """A script on a host costs more than a request, and its answer changes less often."""

    def __init__(self, sessions: Sequence[HostSession], guest: str) -> None:
        self._sessions = list(sessions)
        self._guest = guest
        self._asking = Lock()

    @property
    def track(self) -> Track:
        return Track(Layer.HEARTBEAT)

    def take(self, number: int, deadline: Deadline) -> ProbeResult:  # noqa: ARG002  # each is like the other
        if not self._asking.acquire(blocking=False):
            raise NotSent(sentence("probe.under_way"))
        try:
            return self._asked(timedelta(seconds=deadline.seconds / len(self._sessions)))
        finally:
            self._asking.release()

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    def _asked(self, within: timedelta) -> ProbeResult:
        """Failed when every host has answered and none hears it; a host that does not answer leaves it unknown."""
        told: list[Told] = []
        unanswered = False
        for session in tuple(self._sessions):
            try:
                pulse = HyperVHost(session, Limits(question=within)).pulse(self._guest)
            except NotTried:
                told.append(_of(session, sentence("probe.not_tried")))
                unanswered = True
                continue
            except LabError as error:
                told.append(_of(session, error.why))
                unanswered = True
                continue
            if pulse is not None and pulse.healthy:
                self._sessions.remove(session)
                self._sessions.insert(0, session)
                return ProbeResult(Result.OK, sentence("probe.heard", host=session.host))
            told.append(_of(session, sentence("probe.not_there") if pulse is None else _pulse(pulse)))
        return ProbeResult(Result.UNKNOWN if unanswered else Result.FAILED, reduce(_and, told))


def _pulse(pulse: Pulse) -> Told:
    heartbeat = Term("heartbeat", pulse.heartbeat.value)
    return sentence("probe.pulse", state=Term("state", pulse.state.value), heartbeat=heartbeat)


def _of(session: HostSession, seen: Told) -> Told:
    return sentence("probe.of_host", host=session.host, seen=seen)


def _and(first: Told, rest: Told) -> Told:
    return sentence("probe.several", first=first, rest=rest)
