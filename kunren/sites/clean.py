"""`kunren clean`: finds, lists and removes entries that killed runs have left in Garoon."""

from __future__ import annotations

from contextlib import closing

from kunren.exits import Exit, Stop
from kunren.terminal import say, tell
from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.garoon.remains import GaroonRemains, Remains
from lab.errors import LabError
from lab.model.entry_titles import kind_of
from lab.model.garoon import OwnAppointment
from lab.site.file import RealAccess, Site
from words import Told, sentence


def clean(site: Site, word: str | None, *, listing: bool) -> Exit:
    """Lists what is left; removes it when the site file permits changes and `word` is the site's name."""
    access = site.access
    if not isinstance(access, RealAccess):
        raise Stop(Exit.USAGE, sentence("clean.simulated", site=site.name))
    clock = SystemClock()
    with closing(GaroonHttp(access.garoon, clock)) as garoon:
        remains = GaroonRemains(garoon, clock)
        found = remains.find()
        tell(*(_line("found", entry) for entry in found.entries))
        if not found.entries:
            tell(sentence("clean.nothing", user=access.garoon.user))
        if listing or not found.entries:
            return Exit.PASSED
        _require_word(site, word)
        _require_quiet(site, remains, found)
        return _remove(remains, found)


def _remove(remains: GaroonRemains, found: Remains) -> Exit:
    try:
        left = remains.remove(found.entries, say)
    except LabError as error:
        raise Stop(Exit.UNKNOWN, sentence("clean.unknown", error=error)) from error
    for entry in found.entries:
        tell(_line("left" if entry in left else "removed", entry))
    return Exit.NOT_RESTORED if left else Exit.PASSED


def _line(what: str, entry: OwnAppointment) -> Told:
    kind = kind_of(entry.title)
    assert kind is not None, "only entries of drills are found"
    told = sentence(f"clean.entry.{kind.name.lower()}")
    return sentence(f"clean.{what}", kind=told, number=entry.event_id, title=entry.title, starts=entry.starts)


def _require_word(site: Site, word: str | None) -> None:
    if not site.permissions.changes:
        raise Stop(Exit.USAGE, sentence("clean.not_permitted", site=site.name))
    if word != site.name:
        raise Stop(Exit.USAGE, sentence("clean.confirm", site=site.name))


def _require_quiet(site: Site, remains: GaroonRemains, found: Remains) -> None:
    """A drill that is under way writes canaries, and would count removed ones as lost."""
    schedule = site.probing
    if remains.written_meanwhile(found, 2 * schedule.interval + schedule.timeout):
        raise Stop(Exit.NOT_READY, sentence("clean.in_progress"))
