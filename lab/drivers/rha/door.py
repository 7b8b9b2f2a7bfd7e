"""The connection to RHA's Control Service that the product's commands want, where its profile has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.errors import AuthenticationRefused, LabError, NotStarted, ScriptFailed
from lab.model.endpoints import Login
from lab.model.scripts import JsonValue
from lab.ports import Clock
from lab.site.profile import Connection
from words import Quoted, sentence

FAILED = "RhaConnectionFailed"
"""With what Invoke-RhaCommand says that no connection came about, so that nothing was begun."""
PAUSE = 60.0
"""Seconds of the lab between two attempts: a service that starts is given time, and an account is not locked."""
MOST = 3
"""Attempts in a row that may fail: a login may be refused, and no text of the product's is known by which to tell."""


@dataclass(slots=True, kw_only=True)
class Door:
    """Made once a process of the host; `anew` after a question that failed, since a connection may end."""

    connection: Connection
    host: str
    login: Login
    clock: Clock
    _failures: int = field(default=0, init=False)
    _tried: float | None = field(default=None, init=False)
    _anew: bool = field(default=False, init=False)

    def arguments(self) -> Mapping[str, JsonValue]:
        """Raises what keeps another attempt from being made now."""
        if self._failures >= MOST:
            raise AuthenticationRefused(sentence("errors.rha.connection_given_up", n=MOST, **self._about))
        if self._failures and not self._rested:
            raise NotStarted(sentence("errors.rha.connection_later", seconds=f"{PAUSE:g}", **self._about))
        names = self.connection.parameters
        host = {names["host"]: self.host} if "host" in names else {}
        return {
            "Connection": {
                "Command": self.connection.command,
                "Parameters": {**host, **self.connection.values},
                "Credential": names.get("credential", ""),
                "User": self.login.user,
                "Anew": str(self._anew),
            }
        }

    def secrets(self) -> Mapping[str, str]:
        return {"Secret": self.login.password} if "credential" in self.connection.parameters else {}

    def answered(self) -> None:
        self._failures, self._anew = 0, False

    def may_have_closed(self) -> bool:
        """After an error of a command: whether the next one connects anew, at most once a minute."""
        if self._anew or not self._rested:
            return False
        self._anew, self._tried = True, self.clock.monotonic()
        return True

    def failed(self, error: ScriptFailed) -> LabError:
        self._failures += 1
        self._tried = self.clock.monotonic()
        said = Quoted(error.error_id.removeprefix(f"{FAILED}: "))
        return NotStarted(sentence("errors.rha.not_connected", error=said, user=self.login.user, **self._about))

    @property
    def _rested(self) -> bool:
        return self._tried is None or self.clock.monotonic() - self._tried >= PAUSE

    @property
    def _about(self) -> Mapping[str, str]:
        return {"command": self.connection.command, "host": self.host}
