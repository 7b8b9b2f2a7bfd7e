"""The `EventLog` port: what the product wrote into the event log of one host."""

from __future__ import annotations

from lab.drivers.rows import ask
from lab.model.limits import Limits
from lab.model.notification import LogEntry
from lab.model.scripts import JsonValue, ScriptCall
from lab.ports import HostSession
from lab.site.profile import EventLogSource

LEVELS = {"1": "critical", "2": "error", "3": "warning", "4": "information", "0": "information"}
"""Windows' level numbers; their display names depend on the host's language."""


class HostEventLog:
    """Asks for one source's entries; changes nothing."""

    def __init__(self, session: HostSession, source: EventLogSource, limits: Limits) -> None:
        self._session = session
        self._source = source
        self._limits = limits

    def entries(self, hours: int) -> tuple[LogEntry, ...]:
        """Those of the last hours, oldest first."""
        arguments: dict[str, JsonValue] = {
            "LogName": self._source.log,
            "ProviderName": self._source.provider,
            "Hours": hours,
        }
        found = [
            LogEntry(
                number=row.whole("Number"),
                level=LEVELS.get(row.text("Level"), "unknown"),
                time=row.text("Time"),
                message=row.text("Message"),
            )
            for row in ask(self._session, ScriptCall("Get-LogEntry", arguments), self._limits.question)
        ]
        return tuple(sorted(found, key=lambda entry: entry.number))
