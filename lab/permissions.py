"""The interlock of a site file that does not permit changes: actions end before anything is sent."""

from __future__ import annotations

from datetime import timedelta

from lab.errors import OperationRefused
from lab.model.scripts import ScriptCall, ScriptResult
from lab.ports import HostSession


class ReadOnlySession:
    """A session that only asks."""

    def __init__(self, session: HostSession) -> None:
        self._session = session

    @property
    def host(self) -> str:
        return self._session.host

    def run(self, call: ScriptCall, *, within: timedelta) -> ScriptResult:
        if call.changes:
            text = f"The site file permits no changes, so {call.script} was not sent to {self.host}."
            raise OperationRefused(text, host=self.host, operation=call.script)
        return self._session.run(call, within=within)

    def allow_login_again(self) -> None:
        self._session.allow_login_again()

    def close(self) -> None:
        self._session.close()
