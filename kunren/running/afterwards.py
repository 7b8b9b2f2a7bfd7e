"""`kunren status` and `kunren restore`: what a run that has ended before its restoration left, and undoing it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from rich.console import Console

from drills.dead_journal import RESTORES, beginning, left_behind
from drills.identities import CONTROL, entries, misnamed
from drills.interruption import Stops
from drills.left_behind import ALIVE, LeftBehind
from drills.performance import WayBack
from drills.reading import PlannedDrill
from journal.course import Environment, RunBegan
from journal.reader import RecordUnreadable
from kunren.exits import Exit, Stop
from kunren.running.drill import Performed, claimed, perform
from kunren.running.drills import choose
from kunren.running.performing import RunOptions
from kunren.running.permission import restored_by_people
from kunren.running.plan import way_back
from kunren.sites.check import records_of
from kunren.terminal import say, tell
from lab.errors import LabError, NotStarted, OperationUnavailable
from lab.model.lease import Lease
from lab.opening import Lab, open_lab
from lab.site.file import Site
from lab.site.terms import By
from words import Language, Sentence, Told, sentence

SITE_OPTION = "--site"
RESUMES = "-resume"
"""After the name of a record, that of the record of its continuation."""

# -- status ------------------------------------------------------------------------------------------------------------


def status(site: Site) -> Exit:
    """Only asks; NOT_RESTORED where a run has left something, else UNKNOWN where the lab could not be read."""
    if site.simulated:
        raise Stop(Exit.USAGE, sentence("status.simulated", site=site.name))
    with open_lab(site) as lab:
        lab.safety.guard.asked = False
        silent = _require_own_names(site, lab)
        home = CONTROL if site.control_service is None else site.control_service.value
        if home in silent:
            raise Stop(Exit.NOT_READY, silent[home])
        lease = lab.safety.lease
        assert lease is not None, "a real site has one"
        other, forsaken = lease.other(), lease.forsaken
        if other is not None:
            tell(sentence("status.alive", site=site.name, lease=other))
        elif forsaken is not None:
            tell(sentence("status.forsaken", site=site.name, lease=forsaken))
        else:
            tell(sentence("status.free", site=site.name))
        left = None if other or forsaken else last_left(site)
        if left is not None:
            tell(*left.told())
        if forsaken is not None:
            tell(*_of_record(forsaken))  # what a run that is alive has left is not known before it ends
        unread: list[Told] = []
        explained = other is not None or forsaken is not None or left is not None
        tell(*_now(site, lab, silent, unread.append, explained=explained))
    record = forsaken.record if forsaken is not None else None if left is None else left.record
    if record is None:
        return Exit.UNKNOWN if unread else Exit.PASSED
    tell(sentence("status.restore", record=record, board=" --board" * _by_people(site, Path(record))))
    return Exit.NOT_RESTORED


def last_left(site: Site) -> LeftBehind | None:
    """What the last run that has begun something on a real site left, by its record below records/; None if nothing."""
    for _, record in records_of(site).newest_first():
        try:
            left = left_behind(record)
        except RecordUnreadable:
            continue
        if left is not None and (left.restored or left.unrestored):
            return left if left.unrestored else None
    return None


def _by_people(site: Site, record: Path) -> bool:
    """Whether the restoration of this record asks people; not where its journal cannot be read."""
    if site.by is By.POWERSHELL:
        return False
    try:
        left = left_behind(record)
    except RecordUnreadable:
        return False
    begun = frozenset(() if left is None else (each.change for each in left.begun))
    return left is not None and restored_by_people(site, begun, doubtful=bool(left.doubtful))


def _require_own_names(site: Site, lab: Lab) -> Mapping[str, LabError]:
    """Raises Stop where a host that answers is not the one of the site file; why others do not answer, by table."""
    known, facts = entries(site.subject, lab.hosts, lab.rha.apart), {}
    silent: dict[str, LabError] = {}
    for entry in known:
        try:
            facts[entry.table] = entry.windows.facts()
        except LabError as error:
            silent[entry.table] = error
    if found := misnamed(known, facts):
        raise Stop(Exit.NOT_READY, *found)
    return silent


def _of_record(lease: Lease) -> Iterator[Told]:
    record = Path(lease.record)
    try:
        left = left_behind(record)
    except RecordUnreadable as error:
        yield sentence("status.no_record", record=record, why=error, controller=lease.controller)
        return
    if left is None:
        yield sentence("left_behind.no_drill", record=record)
    else:
        yield from left.told()


def _now(
    site: Site, lab: Lab, asleep: Mapping[str, LabError], unread: Callable[[Told], None], *, explained: bool
) -> Iterator[Told]:
    """Each host and the Control Service by itself: what cannot be read is told, and keeps nothing else from it.

    What the site offers no command for, so that people look it up, is no lack of the lab. A guest that is not on the
    master host alone counts like what cannot be read, unless a run has been told of that may have moved it.
    """
    running: list[str] = []
    silent = False
    for role, host in lab.hosts.items():
        try:
            if role.value in asleep:
                raise asleep[role.value]
            found = host.hyperv.machine(site.subject.guest)
            if found is None and not host.windows.rights().may_manage_hyperv:
                raise NotStarted(sentence("readiness.no_right", host=host.hyperv.host))
        except LabError as error:
            silent = True
            unread(error)
            yield sentence("differences.unread", error=error)
            continue
        running += [host.hyperv.host] if found is not None and found.running else []
    if running or not silent:
        hosts = tuple(running) or sentence("left_behind.no_host")
        yield sentence("left_behind.guest", guest=site.subject.guest, hosts=hosts)
    if not (explained or silent) and running != [site.subject.master]:
        elsewhere = sentence("status.elsewhere", master=site.subject.master)
        unread(elsewhere)
        yield elsewhere
    try:
        scenario = lab.rha.replication.scenario(site.subject.scenario)
    except LabError as error:
        if isinstance(error, OperationUnavailable):
            yield sentence("status.scenario_by_people", scenario=site.subject.scenario)
        else:
            unread(error)
            yield sentence("differences.unread", error=error)
        return
    if scenario is None:
        yield sentence("status.no_scenario", scenario=site.subject.scenario)
        return
    yield sentence(
        "status.scenario",
        scenario=scenario.name,
        state=sentence(f"scenario_state.{scenario.state.value}"),
        direction=sentence(f"direction.{scenario.direction.value}"),
    )


# -- restore -----------------------------------------------------------------------------------------------------------


def read(record: Path) -> LeftBehind:
    """Raises Stop where there is nothing that could be restored."""
    try:
        if beginning(record).environment is Environment.SIMULATED:
            raise Stop(Exit.USAGE, sentence("left_behind.simulated", record=record))
        left = left_behind(record)
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    if left is None:
        raise Stop(Exit.PASSED, sentence("left_behind.no_drill", record=record))
    return left


def site_of(run: RunBegan) -> Path:
    """The site file that the command line of the run names. Raises Stop where there is none."""
    line = () if run.operator is None else run.operator.command_line
    named = [after for word, after in pairwise(line) if word == SITE_OPTION]
    named += [word.removeprefix(f"{SITE_OPTION}=") for word in line if word.startswith(f"{SITE_OPTION}=")]
    if not named or not Path(named[-1]).is_file():
        raise Stop(Exit.USAGE, sentence("left_behind.no_site", file=named[-1] if named else SITE_OPTION))
    return Path(named[-1])


def restoring(stops: Stops, *, yes: bool, stay: bool) -> WayBack:
    """Raises Stop where no person can be asked."""
    if not yes and (sys.stdin is None or not sys.stdin.isatty()):
        raise Stop(Exit.USAGE, sentence("left_behind.no_terminal"))
    return way_back("auto" if yes else "ask", stops, stay=stay)


def restore(left: LeftBehind, under: RunOptions, console: Console) -> Exit:
    """Undoes what the run had begun, as its own restoration would have, and leaves a record beside its record."""
    performed = perform((_nothing_more(left, under.language),), under, under.record, console, 1)
    if under.board is not None:
        under.board.end((*performed.not_ready, performed.lab))
    for finding in performed.not_ready:
        say(finding)
    tell(*reported(performed, under.record), performed.lab)
    return Exit.PASSED if performed.code is Exit.UNKNOWN else performed.code


def reported(performed: Performed, folder: Path) -> tuple[str, ...]:
    """Where the report is; an attempt that has found the site not ready has touched nothing, and leaves no record."""
    if performed.code is not Exit.NOT_READY:
        return (f"report: {performed.report}",)
    shutil.rmtree(folder)
    return ()


def instead(not_ready: Sequence[Told], left: LeftBehind) -> Iterator[Told]:
    """What to do where a run cannot be resumed; while it is alive, nothing else is to be done either."""
    if not_ready and not any(isinstance(each, Sentence) and each.key == ALIVE for each in not_ready):
        yield sentence("left_behind.point", record=left.record)


def require_same(left: LeftBehind, site: Site, file: Path) -> None:
    """Raises Stop for the file of another site, or of one that permits no change."""
    of, subject = left.run.site, site.subject
    was = (of.master, of.replica, of.guest, of.scenario)
    names = (subject.master, subject.replica, subject.guest, subject.scenario)
    if (of.name, was) != (site.name, names):
        about = {"record": left.record, "of": of.name, "told": was, "file": file, "site": site.name, "names": names}
        raise Stop(Exit.USAGE, sentence("left_behind.other_site", **about))
    if not site.permissions.changes:
        raise Stop(Exit.USAGE, sentence("left_behind.not_permitted", site=site.name))


def new_folder(record: Path, after: str = RESTORES) -> Path:
    """The next one beside the record, which itself is not touched."""
    number, folder = 1, record.with_name(f"{record.name}{after}")
    while not claimed(folder):
        number += 1
        folder = record.with_name(f"{record.name}{after}-{number}")
    return folder


def rest_of(left: LeftBehind) -> PlannedDrill:
    """What the run had not ended, from the chapter on in which it died. Raises Stop where that is not to be resumed."""
    about = {"record": left.record, "drill": left.plan.drill}
    if left.restored:
        raise Stop(Exit.USAGE, sentence("left_behind.over", **about))
    if left.restoring or left.restored is not None:
        raise Stop(Exit.USAGE, sentence("left_behind.restoring", **about))
    if left.before is None:
        raise Stop(Exit.USAGE, sentence("left_behind.anew", **about))
    [drill] = choose((left.plan.drill,), left.run.language, None)
    planned = next(each for each in left.run.drills if each.drill == left.plan.drill)
    if drill.sha256 != planned.sha256:
        raise Stop(Exit.USAGE, sentence("left_behind.other_feature", file=drill.file, **about))
    chapters = tuple(
        replace(chapter, left_out=was.left_out or number < left.next_chapter)
        for number, (chapter, was) in enumerate(zip(drill.chapters, planned.chapters, strict=True))
    )
    if all(each.left_out for each in chapters):
        raise Stop(Exit.USAGE, sentence("left_behind.ended", **about))
    return replace(drill, chapters=chapters)


def _nothing_more(left: LeftBehind, language: Language) -> PlannedDrill:
    """The drill that is restored, of which nothing more is performed."""
    plan = left.plan
    return PlannedDrill(
        name=plan.drill,
        title=plan.title.in_(language),
        description="",
        language=language,
        file=Path(plan.file),
        sha256=plan.sha256,
        chapters=(),
    )
