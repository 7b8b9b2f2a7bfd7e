"""Checks before a run on a real site: permission in the site file and confirmation by the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drills.reading import PlannedDrill
from kunren.dry_run import UNDONE_BY
from kunren.exits import Exit, Stop
from lab.drivers.rha.commands import CHANGES
from lab.model.undertakings import Change, Need
from lab.opening import performed_by_commands
from lab.site.discovery import usable_operations
from lab.site.file import RealAccess, Site
from lab.site.terms import By
from words import Listed, Told, sentence

ALWAYS_LOOKED_UP = "list_scenarios"
"""The operation of RHA without which no drill begins."""


def require_offered(site: Site, drills: Sequence[PlannedDrill]) -> None:
    """Raises Stop, before any access to the site, if its file lacks what a drill needs."""
    lacking = [problem for drill in drills for problem in _lacking(site, drill)]
    if lacking:
        untouched = sentence("permission.untouched")
        raise Stop(Exit.USAGE, Listed((*lacking, untouched), "report.between_sentences"))


def require_permission(site: Site, word: str | None) -> None:
    if site.simulated:
        return
    if not site.permissions.drills:
        raise Stop(Exit.USAGE, sentence("permission.drills", site=site.name))
    if word != site.name:
        raise Stop(Exit.USAGE, sentence("permission.confirm", site=site.name))


def asks_people(drill: PlannedDrill, site: Site) -> bool:
    """Whether a drill asks people for something on a real site."""
    return asked_of_people(site, drill.changes, faults=Need.FAULTS in drill.needs)


def asked_of_people(site: Site, changes: frozenset[Change], *, faults: bool = False) -> bool:
    """Whether people are asked for something in a run that makes these changes on a real site, and undoes them."""
    if site.simulated or site.by is By.POWERSHELL:
        return False
    missing = site.profile.operations.keys() - performed_by_commands(
        site, usable_operations(site.profile, site.discovery)
    )
    if not changes:
        return ALWAYS_LOOKED_UP in missing
    undone = {each for change in changes for each in UNDONE_BY.get(change, ())}
    return faults or any(CHANGES.get(name) in {None, *changes, *undone} for name in missing)


def way_of(site: Site, drill: PlannedDrill) -> Told:
    """How a drill would be performed at a site: by commands of RHA, by people, or not at all, and why."""
    for problem in _lacking(site, drill):
        return sentence("drill.not_here", problem=problem)
    by_commands = performed_by_commands(site, usable_operations(site.profile, site.discovery))
    if by_commands >= frozenset(site.profile.operations):
        return sentence("drill.by_commands")
    tasks = [name for name, change in CHANGES.items() if change in drill.changes and name not in by_commands]
    named = tuple(sentence(f"operator.operation.{name}") for name in tasks)
    return sentence("drill.by_people_too", operations=Listed(named)) if named else sentence("drill.by_people")


def _lacking(site: Site, drill: PlannedDrill) -> Iterator[Told]:
    needs = drill.needs
    if isinstance(site.access, RealAccess):
        if Need.SIMULATOR in needs:
            yield sentence("permission.simulator", drill=drill.name)
        elif Need.FAULTS in needs and (not site.permissions.faults or site.by is By.POWERSHELL):
            yield sentence("permission.faults", drill=drill.name)
        if Need.GUEST_LOGIN in needs and site.access.guest is None:
            yield sentence("permission.guest_login", drill=drill.name)
    if Need.BUSINESS_HOURS in needs and site.business_hours is None:
        yield sentence("permission.business_hours", drill=drill.name)
