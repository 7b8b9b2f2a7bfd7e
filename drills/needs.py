"""What the steps of a drill declare together: what it begins on a site, and what the site has to offer before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from drills.reading import PlannedDrill, PlannedStep
from lab.model.undertakings import QUIET_HOURS_FOR, STATES, Change, Need


def performed_steps(drill: PlannedDrill) -> Iterator[PlannedStep]:
    """Those of the chapters that were not left out, in their order."""
    for chapter in drill.chapters:
        if not chapter.left_out:
            yield from chapter.steps


def changing_steps(drill: PlannedDrill) -> tuple[PlannedStep, ...]:
    return tuple(step for step in performed_steps(drill) if declared_changes(step))


def changes_of(drill: PlannedDrill) -> frozenset[Change]:
    return frozenset(change for step in performed_steps(drill) for change in declared_changes(step))


def needs_of(drill: PlannedDrill) -> frozenset[Need]:
    """Of a site's states those that the first chapter begins with: to later ones the drill leads itself."""
    at_first = takewhile(lambda step: step.kind == "given", performed_steps(drill))
    begins_with = {need for step in at_first for need in declared_needs(step)} & STATES
    always = {need for step in performed_steps(drill) for need in declared_needs(step)} - STATES
    created = {Need.NO_SCENARIO} if Change.CREATE_SCENARIO in changes_of(drill) else set()
    return frozenset(begins_with | always | created)


def wants_quiet_hours(drill: PlannedDrill) -> bool:
    """It synchronises or switches over, which the guide does not want in business hours."""
    return bool(changes_of(drill) & QUIET_HOURS_FOR) and Need.BUSINESS_HOURS not in needs_of(drill)


def declared_changes(step: PlannedStep) -> frozenset[Change]:
    return frozenset() if step.phrase is None else step.phrase.changes


def declared_needs(step: PlannedStep) -> frozenset[Need]:
    return frozenset() if step.phrase is None else step.phrase.needs
