"""The guard between drivers and hosts: a call that changes something is sent only if it is permitted and asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from lab.errors import NotStarted, OperationRefused, Refused
from lab.model.scripts import ScriptCall, ScriptResult
from lab.model.undertakings import Change, ChangeStage, Undertaking
from lab.ports import HostSession
from words import sentence

T = TypeVar("T")


class ChangeGuard:
    """Changes that a drill has begun on the hosts of one lab, and whether it may begin one now.

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

    def adopt(self, undertakings: Sequence[Undertaking]) -> None:
        """What a run that has died had begun counts as begun here, in its order."""
        self._begun[:0] = undertakings

    def has_begun(self, *changes: Change, subject: str | None = None) -> bool:
        return any(each.change in changes and subject in {None, each.subject} for each in self._begun)

    def send(self, session: HostSession, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        if call.undertaking is None:
            return session.run(call, within=within)
        self._require(session.host, call.script)
        return self._begin(call.undertaking, session.host, lambda: session.run(call, within=within))

    def undertake(self, undertaking: Undertaking, host: str, act: Callable[[], T]) -> T:
        """The same of a change that people make."""
        self._require(host, undertaking.change.value)
        return self._begin(undertaking, host, act)

    def _begin(self, undertaking: Undertaking, host: str, act: Callable[[], T]) -> T:
        self.require()
        self.note(undertaking, host, ChangeStage.BEGUN)
        self._begun.append(undertaking)
        try:
            return act()
        except (NotStarted, Refused):
            self._begun.remove(undertaking)
            self.note(undertaking, host, ChangeStage.NOT_BEGUN)
            raise

    def _require(self, host: str, what: str) -> None:
        if not self._permitted:
            raise OperationRefused(
                sentence("errors.guard.no_changes", script=what, host=host), host=host, operation=what
            )
        if not self.asked:
            raise OperationRefused(
                sentence("errors.guard.only_looks", script=what, host=host), host=host, operation=what
            )


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
    """Notes nothing, where no journal listens."""


def _nothing_required() -> None:
    """Requires nothing, where another run cannot be there."""
