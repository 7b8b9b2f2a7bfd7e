"""The guard between drivers and hosts: a call that changes something is sent only if it is permitted and asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from lab.errors import NoAnswer, NotStarted, OperationRefused, Refused
from lab.model.scripts import ScriptCall, ScriptResult
from lab.model.undertakings import Change, ChangeStage, Doubt, Undertaking
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
        self._doubtful: list[Doubt] = []

    @property
    def begun(self) -> tuple[Undertaking, ...]:
        return tuple(self._begun)

    @property
    def doubtful(self) -> tuple[Doubt, ...]:
        """Of what was begun, what may not have been."""
        return tuple(self._doubtful)

    def adopt(self, undertakings: Sequence[Undertaking], doubtful: Sequence[Doubt] = ()) -> None:
        """What a run that has died had begun counts as begun here, in its order."""
        self._begun[:0] = undertakings
        self._doubtful[:0] = doubtful

    def settle(self, doubt: Doubt, *, begun: bool) -> None:
        """People have told whether it was begun."""
        self._doubtful.remove(doubt)
        if not begun:
            self._begun.remove(doubt.undertaking)
            self.note(doubt.undertaking, doubt.host, ChangeStage.NOT_BEGUN)

    def has_begun(self, *changes: Change, subject: str | None = None, certain: bool = False) -> bool:
        """Where it has to be `certain`, what may not have been begun does not count."""
        left_out = [each.undertaking for each in self._doubtful] if certain else []
        among = [each for each in self._begun if each.change in changes and subject in {None, each.subject}]
        return any(among.count(each) > left_out.count(each) for each in among)

    def doubts(self, change: Change) -> bool:
        return any(each.undertaking.change is change for each in self._doubtful)

    def send(self, session: HostSession, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        if call.undertaking is None:
            return session.run(call, within=within)
        self._require(session.host, call.script)
        return self._begin(call.undertaking, session.host, lambda: session.run(call, within=within))

    def undertake(
        self,
        undertaking: Undertaking,
        host: str,
        act: Callable[[], T],
        doubt: Callable[[Undertaking, str], Doubt],
    ) -> T:
        """The same of a change that people make; where they do not tell, or are not waited for, it is in doubt."""
        self._require(host, undertaking.change.value)
        try:
            return self._begin(undertaking, host, act)
        except (KeyboardInterrupt, NoAnswer) as error:
            if not (isinstance(error, NoAnswer) and error.begun):
                self._doubtful.append(doubt(undertaking, host))
                self.note(undertaking, host, ChangeStage.DOUBTFUL)
            raise

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
