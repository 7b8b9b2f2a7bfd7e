"""Findings of a preflight check: what was seen, what to do, and how much it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from drills.preflight.changes import Former
from lab.model.state import Difference
from lab.model.tasks import Person
from words import Listed, Sentence, Told, sentence


class Severity(Enum):
    """Only an error keeps a site from being ready."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a drill should not begin with; `todo` is None where what was seen says it already."""

    id: str
    severity: Severity
    seen: Told
    todo: Told | None = None
    point: str = ""
    host: str = ""

    @property
    def told(self) -> Told:
        """What was seen and what to do, one after the other."""
        return self.seen if self.todo is None else Listed((self.seen, self.todo), "report.between_sentences")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotChecked:
    """What could not be looked at and why, where people look for it, and how much it would matter."""

    id: str
    why: Told
    look: Told | None = None
    severity: Severity = Severity.NOTE
    point: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """What a person says of something that could not be looked at: whether it is sound, and what is shown there.

    Kunren has not seen it, so it is neither a finding nor keeps a site from being ready.
    """

    of: NotChecked
    sound: bool
    by: Person
    at: datetime
    said: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a former record."""

    former: Former
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that a check has found, the worst first."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    since: Since | None = None
    attested: tuple[Attested, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def ready(self) -> bool:
        return not self.of(Severity.ERROR)


POINTS: Mapping[str, str] = MappingProxyType(
    {
        "garoon": "2.P1",
        "login_refused": "2.P1",
        "guest_elsewhere": "2.P1",
        "heartbeat": "2.P1",
        "control_missing": "2.P2",
        "control_stopped": "2.P2",
        "engine_missing": "2.P3",
        "engine_stopped": "2.P3",
        "accounts": "2.P4",
        "powershell_old": "2.P5",
        "powershell_untried": "2.P5",
        "port": "2.P3",
        "engine_versions": "3.N6",
        "releases": "3.N6",
        "licence": "3.S14",
        "guest_disk": "3.S7",
        "mapping": "3.N10",
        "antivirus": "1-3.B2",
        "antivirus_untold": "1-3.B2",
        "spool": "3.S8-S9",
        "spool_moved": "3.S8-S9",
        "restart_pending": "6-2.B0",
        "updates": "6-2.B0",
        "updates_old": "6-2.B0",
        "updates_waiting": "6-2.B0",
        "builds": "2.P5",
        "dns_ttl": "4-1.S5",
        "dns_differs": "4-1.S5",
        "connect": "4-1.S5",
        "unresolved": "4-1.S5",
        "notification": "4-2.B5",
        "last_test": "6-1.S1-S2",
        "test_old": "6-1.S1-S2",
        "product": "3.S4",
        "no_integrity_test": "3.S4",
        "no_scenarios": "3.S1-S3",
        "misnamed": "3.N5",
        "exchanged": "3.N5",
        "one_windows": "3.S5",
        "one_windows_control": "3.S5",
        "other_hosts": "3.S5",
        "unprotected": "3.S7",
        "unconnected": "3.N10",
        "no_network": "3.N10",
        "switchover_manual": "3.N11",
        "reverse_automatic": "3.S11",
        "not_running": "3.S14",
        "not_watched": "3.S17",
        "business_hours": "3.N16a",
    }
)
"""The points of the guide, by finding."""


OTHER_IDS: Mapping[str, str] = MappingProxyType({"errors.winrm.login_refused": "host_login_refused"})
"""Of sentences whose last part is that of another finding."""


def error(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.ERROR, host, about)


def warning(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.WARNING, host, about)


def note(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.NOTE, host, about)


def unknown(name: str, severity: Severity, /, *, host: str = "", **about: object) -> NotChecked:
    """What no question of Kunren's has answered."""
    return NotChecked(
        id=name,
        why=sentence(f"check.untold.{name}", host=host, **about),
        look=sentence(f"check.look.{name}", host=host, **about),
        severity=severity,
        point=POINTS.get(name, ""),
        host=host,
    )


def stated(seen: Told, severity: Severity) -> Finding:
    """A finding in a sentence that says what to do as well; it is known by the last part of the sentence's key."""
    name, host = "lab", ""
    if isinstance(seen, Sentence):
        name = OTHER_IDS.get(seen.key) or seen.key.rpartition(".")[2]
        host = str(dict(seen.data).get("host", ""))
    return Finding(id=name, severity=severity, seen=seen, point=POINTS.get(name, ""), host=host)


def _finding(name: str, severity: Severity, host: str, about: Mapping[str, object]) -> Finding:
    return Finding(
        id=name,
        severity=severity,
        seen=sentence(f"check.seen.{name}", host=host, **about),
        todo=sentence(f"check.todo.{name}", host=host, **about),
        point=POINTS.get(name, ""),
        host=host,
    )
