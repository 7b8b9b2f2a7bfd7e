"""The guard between drivers and hosts: a call that changes something is sent only if it is permitted and asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from lab.errors import NotStarted, OperationRefused, Refused
from lab.model.scripts import ScriptCall, ScriptResult
from lab.model.undertakings import Change, ChangeStage, Undertaking
from lab.ports import HostSession
from words import sentence


class ChangeGuard:
    """What a drill has begun on the hosts of one lab, and whether it may begin anything now.

    `permitted` is the site file's word, `asked` the plan's: true while a step that declares changes is performed, and
    while the lab is restored. `note` is told before anything is sent, so that a journal knows it if the process dies;
    `require` may object before that, as when another run has taken the site over.
    """

    def __init__(self, *, permitted: bool, asked: bool = False) -> None:
        self.asked = asked
        self.note: Callable[[Undertaking, str, ChangeStage], None] = _not_noted
        self.require: Callable[[], None] = _nothing_required
        self._permitted = permitted
        self._begun: list[Undertaking] = []

    @property
    def begun(self) -> tuple[Undertaking, ...]:
        return tuple(self._begun)

    def has_begun(self, *changes: Change, subject: str | None = None) -> bool:
        return any(each.change in changes and subject in {None, each.subject} for each in self._begun)

    def send(self, session: HostSession, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        undertaking = call.undertaking
        if undertaking is None:
            return session.run(call, within=within)
        self._require(session.host, call)
        self.require()
        self.note(undertaking, session.host, ChangeStage.BEGUN)
        self._begun.append(undertaking)
        try:
            return session.run(call, within=within)
        except (NotStarted, Refused):
            self._begun.remove(undertaking)
            self.note(undertaking, session.host, ChangeStage.NOT_BEGUN)
            raise

    def _require(self, host: str, call: ScriptCall) -> None:
        if not self._permitted:
            said = sentence("errors.guard.no_changes", script=call.script, host=host)
            raise OperationRefused(said, host=host, operation=call.script)
        if not self.asked:
            said = sentence("errors.guard.only_looks", script=call.script, host=host)
            raise OperationRefused(said, host=host, operation=call.script)


class GuardedSession:
    """A session whose changing calls go through the guard."""

    def __init__(self, session: HostSession, guard: ChangeGuard) -> None:
        self._session = session
        self._guard = guard

    @property
    def host(self) -> str:
        return self._session.host

    def run(self, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        return self._guard.send(self._session, call, within=within)

    def allow_login_again(self) -> None:
        self._session.allow_login_again()

    def close(self) -> None:
        self._session.close()


def _not_noted(_undertaking: Undertaking, _host: str, _stage: ChangeStage) -> None:
    """Where no journal listens."""


def _nothing_required() -> None:
    """Where no other run can be there."""
