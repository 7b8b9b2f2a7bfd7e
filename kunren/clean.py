"""`kunren clean`: finds, lists and removes entries that killed runs have left in Garoon."""

from __future__ import annotations

from contextlib import closing

from drills.wording import Text
from kunren.exits import Exit, Stop
from kunren.terminal import say, tell
from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.garoon.remains import GaroonRemains, Remains
from lab.errors import LabError
from lab.model.entry_titles import EntryKind, kind_of
from lab.model.garoon import OwnAppointment
from lab.site.file import RealAccess, Site
from words import Language, sentence

KINDS = {
    EntryKind.CANARY: Text("canary entry", "確認用の予定"),
    EntryKind.DRILL: Text("entry of a drill", "訓練で登録した予定"),
    EntryKind.INTEGRITY_TEST: Text("entry of an integrity test", "整合性テストで登録した予定"),
}
FOUND = Text(
    "found {kind} {number} «{title}» at {starts}", "{kind}（番号 {number}、日時 {starts}）「{title}」があります。"
)
REMOVED = Text("removed {kind} {number} «{title}»", "{kind}（番号 {number}）「{title}」を削除しました。")
LEFT = Text(
    "could not remove {kind} {number} «{title}»", "{kind}（番号 {number}）「{title}」は削除できず、残っています。"
)
NOTHING = Text("Garoon holds no entries of drills by {user}.", "{user} の訓練で登録した予定は残っていません。")


def clean(site: Site, word: str | None, language: Language, *, listing: bool) -> Exit:
    """Lists what is left; removes it when the site file permits changes and `word` is the site's name."""
    access = site.access
    if not isinstance(access, RealAccess):
        raise Stop(Exit.USAGE, f"{site.name} is a simulated site; its entries end with the run.")
    clock = SystemClock()
    with closing(GaroonHttp(access.garoon, clock)) as garoon:
        remains = GaroonRemains(garoon, clock)
        found = remains.find()
        tell(*(_line(FOUND, entry, language) for entry in found.entries))
        if not found.entries:
            tell(NOTHING.in_(language).format(user=access.garoon.user))
        if listing or not found.entries:
            return Exit.PASSED
        _require_word(site, word)
        _require_quiet(site, remains, found)
        return _remove(remains, found, language)


def _remove(remains: GaroonRemains, found: Remains, language: Language) -> Exit:
    try:
        left = remains.remove(found.entries, say)
    except LabError as error:
        raise Stop(Exit.UNKNOWN, sentence("clean.unknown", error=error)) from error
    for entry in found.entries:
        tell(_line(LEFT if entry in left else REMOVED, entry, language))
    return Exit.NOT_RESTORED if left else Exit.PASSED


def _line(text: Text, entry: OwnAppointment, language: Language) -> str:
    kind = kind_of(entry.title)
    assert kind is not None, "only entries of drills are found"
    return text.in_(language).format(
        kind=KINDS[kind].in_(language), number=entry.event_id, title=entry.title, starts=entry.starts
    )


def _require_word(site: Site, word: str | None) -> None:
    if not site.permissions.changes:
        sentence = f"The site file of {site.name} does not permit changes; set permissions.changes = true."
        raise Stop(Exit.USAGE, f"{sentence} Nothing was removed.")
    if word != site.name:
        sentence = f"{site.name} is a real site: confirm with --confirm {site.name!r}."
        raise Stop(Exit.USAGE, f"{sentence} Nothing was removed.")


def _require_quiet(site: Site, remains: GaroonRemains, found: Remains) -> None:
    """A drill that is under way writes canaries, and would count removed ones as lost."""
    schedule = site.probing
    if remains.written_meanwhile(found, 2 * schedule.interval + schedule.timeout):
        sentence = "New entries are being written: a drill of this site is in progress; wait until it ends."
        raise Stop(Exit.NOT_READY, f"{sentence} Nothing was removed.")
