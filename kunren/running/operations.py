"""Operations of RHA that a drill needs, from its steps, and how each would be performed at a site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drills.reading import PlannedDrill
from lab.drivers.rha.commands import CHANGES
from lab.model.undertakings import Change
from lab.opening import performed_by_commands
from lab.site.discovery import usable_operations
from lab.site.file import Site

OPERATIONS = {change: operation for operation, change in CHANGES.items()}
ALWAYS = ("list_scenarios", "list_events", "engine_version")
"""What each drill asks for before it begins."""
FIGURES_BEFORE = frozenset({Change.PREPARE_REBOOT, Change.RESTART_HOST, Change.START_TEST})
"""Changes before which the statistics are read, to be compared later."""
UNDONE_BY = {
    Change.CREATE_SCENARIO: (Change.STOP_SCENARIO, Change.REMOVE_SCENARIO),
    Change.RUN_SCENARIO: (Change.STOP_SCENARIO,),
    Change.STOP_SCENARIO: (Change.RUN_SCENARIO,),
    Change.SWITCH_OVER: (Change.START_GUEST, Change.RUN_SCENARIO, Change.SWITCH_OVER),
    Change.PREPARE_REBOOT: (Change.STOP_SCENARIO, Change.RUN_SCENARIO, Change.START_GUEST),
    Change.RESTART_HOST: (Change.START_GUEST, Change.RUN_SCENARIO),
    Change.START_TEST: (Change.STOP_TEST,),
    Change.STOP_GUEST: (Change.START_GUEST,),
    Change.INJECT_FAULT: (
        Change.INJECT_FAULT,
        Change.STOP_SCENARIO,
        Change.STOP_GUEST,
        Change.START_GUEST,
        Change.RUN_SCENARIO,
        Change.SWITCH_OVER,
    ),
}
"""What a restoration may send for each change that a drill has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Operations by the profile's names, in its order: those that ask, that change, and that only undo."""

    asked: tuple[str, ...]
    changing: tuple[str, ...]
    undoing: tuple[str, ...]
    awaits_events: bool
    """People read the events only where a step waits for one."""

    @property
    def every(self) -> tuple[str, ...]:
        return (*self.changing, *self.undoing, *self.asked)


def undone_by(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What a restoration may send after them."""
    undoing = {undone for change in changes for undone in UNDONE_BY.get(change, ())}
    return tuple(change for change in Change if change in undoing)


def needed(drill: PlannedDrill, site: Site) -> Needed:
    asked = {*ALWAYS, *(operation for step in drill.performed for operation in step.phrase.asks)}
    nouns = {noun for step in drill.performed for noun in step.nouns}
    if drill.changes & FIGURES_BEFORE or "spool" in nouns:
        asked.add("statistics")
    changing = {OPERATIONS[change] for change in drill.changes if change in OPERATIONS}
    undoing = {OPERATIONS[change] for change in undone_by(drill.changes) if change in OPERATIONS} - changing

    def ordered(names: set[str]) -> tuple[str, ...]:
        return tuple(name for name in site.profile.operations if name in names)

    return Needed(
        asked=ordered(asked),
        changing=ordered(changing),
        undoing=ordered(undoing),
        awaits_events=bool(nouns & {"event_view", "maintenance"}),
    )


def by_commands(site: Site) -> frozenset[str]:
    """The operations that commands are sent for at a site."""
    return performed_by_commands(site, usable_operations(site.profile, site.discovery))
