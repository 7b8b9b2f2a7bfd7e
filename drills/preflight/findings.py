"""Findings of a preflight check: what was seen, what to do, and how much it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

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
    """What could not be looked at, and why."""

    id: str
    why: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that a check has found, the worst first."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is severity)

    @property
    def ready(self) -> bool:
        return not self.of(Severity.ERROR)


POINTS: Mapping[str, str] = MappingProxyType(
    {
        "garoon": "2.P1",
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
        "product": "3.S4",
        "no_integrity_test": "3.S4",
        "misnamed": "3.N5",
        "exchanged": "3.N5",
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


def error(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.ERROR, host, about)


def warning(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.WARNING, host, about)


def note(name: str, /, *, host: str = "", **about: object) -> Finding:
    return _finding(name, Severity.NOTE, host, about)


def stated(seen: Told, severity: Severity) -> Finding:
    """A finding in a sentence that says what to do as well; it is known by the last part of the sentence's key."""
    name, host = "lab", ""
    if isinstance(seen, Sentence):
        name = seen.key.rpartition(".")[2]
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
