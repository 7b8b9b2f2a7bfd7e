"""The exercise plan of a run: what no machine knows of it, as people wrote it before the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Annotated, TypeAlias

from journal.form import IF_ANY, OUTSIDE, Written

Said: TypeAlias = Annotated[str, OUTSIDE, IF_ANY]
SaidEach: TypeAlias = Annotated[tuple[str, ...], OUTSIDE, IF_ANY]
MAY_BE_EMPTY = frozenset({"site", "drills", "change", "retests"})
"""Keys for which many exercises have nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective(Written):
    """What the exercise is to show, and by what that is judged."""

    text: Said = ""
    criterion: Said = ""
    origin: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Written):
    """Who was to take part; `attendance` is present, on call, absent or absent on purpose."""

    name: Said = ""
    role: Said = ""
    affiliation: Said = ""
    attendance: Annotated[str, IF_ANY] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Written):
    """Who has agreed to the exercise, and where that can be seen."""

    name: Said = ""
    role: Said = ""
    date: Annotated[str, "as 2026-12-31", IF_ANY] = ""
    evidence: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExercisePlan(Written):
    """What people wrote; whatever they left empty is missing."""

    site: Said = ""
    drills: SaidEach = ()
    title: Said = ""
    type: Annotated[str, IF_ANY] = ""
    form: Annotated[str, IF_ANY] = ""
    reason: Said = ""
    change: Said = ""
    retests: Said = ""
    place: Said = ""
    window_begin: Annotated[str, "the site's time, if there is no offset", IF_ANY] = ""
    window_end: Annotated[str, IF_ANY] = ""
    scope: Said = ""
    excluded: SaidEach = ()
    scenario: Said = ""
    assumptions: SaidEach = ()
    risk: Said = ""
    rto_origin: Said = ""
    rpo_origin: Said = ""
    procedure: Said = ""
    procedure_revision: Said = ""
    procedure_changes: Said = ""
    backups_confirmed_by: Said = ""
    stop_criteria: SaidEach = ()
    escalation: Said = ""
    classification: Said = ""
    distribution: SaidEach = ()
    retention_years: Annotated[int, IF_ANY] = 0
    storage: Said = ""
    objectives: Annotated[tuple[Objective, ...], IF_ANY] = ()
    participants: Annotated[tuple[Participant, ...], IF_ANY] = ()
    approvals: Annotated[tuple[Approval, ...], IF_ANY] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys that are empty, such as `title` and `participants[2].role`, in the order of the file."""
        return tuple(_missing(self))


def _missing(part: Written, where: str = "") -> Iterator[str]:
    for key in (each.name for each in fields(part)):  # type: ignore[arg-type]  # every Written is a dataclass
        value = getattr(part, key)
        if not value and key not in MAY_BE_EMPTY:
            yield f"{where}{key}"
        elif isinstance(value, tuple):
            for number, each in enumerate(value, 1):
                if isinstance(each, Written):
                    yield from _missing(each, f"{key}[{number}].")
