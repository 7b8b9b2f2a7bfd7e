"""Nothing changes a real site without the site file's permission and the operator's word."""

from __future__ import annotations

from kunren.exits import Exit, Stop
from lab.site import Site


def require_permission(site: Site, word: str | None) -> None:
    if site.simulated:
        return
    if not site.permissions.drills:
        raise Stop(Exit.USAGE, f"The site file of {site.name} does not permit drills; set permissions.drills = true.")
    if word != site.name:
        raise Stop(
            Exit.USAGE,
            f"{site.name} is a real site: say that you mean it with --confirm {site.name!r}. Nothing was touched.",
        )
