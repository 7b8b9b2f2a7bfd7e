"""Checks before a run on a real site: permission in the site file and confirmation by the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drills.reading import PlannedDrill
from kunren.exits import Exit, Stop
from kunren.running.operations import ALWAYS, OPERATIONS, by_commands, needed, undone_by
from lab.model.undertakings import Change, Need
from lab.site.file import RealAccess, Site
from lab.site.terms import By
from words import Listed, Term, Told, sentence


def require_offered(site: Site, drills: Sequence[PlannedDrill]) -> None:
    """Raises Stop, before any access to the site, if its file lacks what a drill needs."""
    lacking = [problem for drill in drills for problem in (*_lacking(site, drill), *_unpermitted(site, drill))]
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
    if site.simulated or site.by is By.POWERSHELL:
        return False
    by_hand = drill.needs & {Need.FAULTS, Need.PEOPLE}
    return bool(by_hand) or not by_commands(site).issuperset(needed(drill, site).every)


def restored_by_people(site: Site, changes: frozenset[Change], *, doubtful: bool = False) -> bool:
    """Whether people are asked for something where these changes are undone on a real site.

    What is `doubtful` is for people to tell, also where commands undo it; raises Stop where none may be asked.
    """
    if site.by is By.POWERSHELL and doubtful:
        raise Stop(Exit.USAGE, sentence("left_behind.doubtful", site=site.name))
    if site.simulated or site.by is By.POWERSHELL:
        return False
    if doubtful:
        return True
    undoing = {OPERATIONS[change] for change in undone_by(changes) if change in OPERATIONS}
    return Change.INJECT_FAULT in changes or not by_commands(site).issuperset({*ALWAYS, *undoing})


def way_of(site: Site, drill: PlannedDrill) -> Told:
    """How a drill would be performed at a site: what by people, all else by commands; or why it cannot be."""
    for problem in (*_lacking(site, drill), *_unconfirmed(site, drill)):
        return sentence("drill.not_here", problem=problem)
    need, commands = needed(drill, site), by_commands(site)
    asked = [name for name in need.asked if name != "list_events" or need.awaits_events]

    def people(operations: Sequence[str]) -> tuple[Told, ...]:
        return tuple(sentence(f"operator.operation.{name}") for name in operations if name not in commands)

    faults = (Term("change", Change.INJECT_FAULT.value),) if Need.FAULTS in drill.needs and not site.simulated else ()
    mail = (sentence("operator.operation.notification_mail"),) if Need.PEOPLE in drill.needs else ()
    parts = {
        "tasks": (*people(need.changing), *faults),
        "undoing": people(need.undoing),
        "questions": (*people(asked), *(() if site.simulated else mail)),
    }
    told = [sentence(f"drill.people.{part}", operations=Listed(named)) for part, named in parts.items() if named]
    if not told:
        return sentence("drill.by_commands")
    sent = tuple(sentence(f"operator.operation.{name}") for name in need.every if name in commands)
    if sent:
        told.append(sentence("drill.people.commands", operations=Listed(sent)))
    if any(_unpermitted(site, drill)):
        told.append(sentence("drill.people.first"))
    return sentence("drill.by_people", parts=Listed(tuple(told), "drill.between_parts"))


def _lacking(site: Site, drill: PlannedDrill) -> Iterator[Told]:
    needs = drill.needs
    if isinstance(site.access, RealAccess):
        if Need.SIMULATOR in needs:
            yield sentence("permission.simulator", drill=drill.name)
        if Need.FAULTS in needs and site.by is By.POWERSHELL:
            yield sentence("permission.faults_by_people", drill=drill.name)
        if Need.PEOPLE in needs and site.by is By.POWERSHELL:
            yield sentence("permission.people", drill=drill.name)
        if Need.GUEST_LOGIN in needs and site.access.guest is None:
            yield sentence("permission.guest_login", drill=drill.name)
    if Need.BUSINESS_HOURS in needs and site.business_hours is None:
        yield sentence("permission.business_hours", drill=drill.name)


def _unpermitted(site: Site, drill: PlannedDrill) -> Iterator[Told]:
    """What the site file lets nobody do yet, though it has all that the drill needs."""
    if isinstance(site.access, RealAccess) and Need.FAULTS in drill.needs and not site.permissions.faults:
        yield sentence("permission.faults", drill=drill.name)


def _unconfirmed(site: Site, drill: PlannedDrill) -> Iterator[Told]:
    """What has no confirmed command, where the site file lets people do nothing."""
    commands = by_commands(site)
    lacking = tuple(
        sentence(f"operator.operation.{each}") for each in needed(drill, site).every if each not in commands
    )
    if lacking and site.by is By.POWERSHELL and not site.simulated:
        yield sentence("permission.no_command", drill=drill.name, operations=Listed(lacking))
