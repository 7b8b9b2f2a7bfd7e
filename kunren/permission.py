"""Checks before a run on a real site: permission in the site file and confirmation by the operator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drills.reading import PlannedDrill
from kunren.exits import Exit, Stop
from lab.model.undertakings import Need
from lab.site.file import RealAccess, Site


def require_offered(site: Site, drills: Sequence[PlannedDrill]) -> None:
    """Raises Stop, before any access to the site, if its file lacks what a drill needs."""
    lacking = [sentence for drill in drills for sentence in _lacking(site, drill)]
    if lacking:
        raise Stop(Exit.USAGE, " ".join([*lacking, "Nothing was touched."]))


def require_permission(site: Site, word: str | None) -> None:
    if site.simulated:
        return
    if not site.permissions.drills:
        raise Stop(Exit.USAGE, f"The site file of {site.name} does not permit drills; set permissions.drills = true.")
    if word != site.name:
        raise Stop(
            Exit.USAGE,
            f"{site.name} is a real site: confirm with --confirm {site.name!r}. Nothing was touched.",
        )


def _lacking(site: Site, drill: PlannedDrill) -> Iterator[str]:
    needs = drill.needs
    if isinstance(site.access, RealAccess):
        if Need.SIMULATOR in needs:
            yield f"{drill.name} injects faults or tests Kunren itself; run it on the simulated lab."
        if Need.GUEST_LOGIN in needs and site.access.guest is None:
            yield f"{drill.name} logs on to the guest: set user and password_from in [guest] of the site file."
    if Need.BUSINESS_HOURS in needs and site.business_hours is None:
        yield f"{drill.name} needs business hours: add a table [business_hours] to the site file."
