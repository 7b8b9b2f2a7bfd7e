"""Commands that perform drills, and that go on or undo after a run that died."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kunren.commands.options import (
    LANGUAGE,
    SITE,
    BoardAsked,
    Number,
    PlanAsked,
    board_options,
    plan_options,
    reason,
    site_of,
    speak_as,
    spoken_of,
    stops_of_run,
)
from kunren.exits import Exit, Mistakes, Stop
from kunren.signals import loading
from kunren.terminal import say, tell
from words import Language, sentence

if TYPE_CHECKING:
    from kunren.ahead import BrowserAhead
    from lab.site.file import Site

LONGEST_RUN = 60 * 24 * 30
"""Minutes of --at-most."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SITE
@LANGUAGE
@click.option("--guide", help="Only drills that cover this section of the guide, e.g. 4-1.")
@click.option("--out", type=click.Path(path_type=Path), help="Record folder (default: records/<time>).")
@click.option("--confirm", metavar="SITE", help="Confirm a run on a real site by repeating its name.")
@click.option("--from", "begin", metavar="CHAPTER", help="Start at this chapter (number or name).")
@click.option("--chapter", "only", metavar="CHAPTER", multiple=True, help="Run only this chapter (repeatable).")
@click.option(
    "--in-business-hours", metavar="REASON", callback=reason, help="Permit the run during business hours; recorded."
)
@click.option(
    "--restore",
    "restore",
    type=click.Choice(["auto", "ask", "never"]),
    default="auto",
    show_default=True,
    help="Restore the lab after a drill: automatically, after a question, or never (differences are reported).",
)
@click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)
@click.option("--takeover", metavar="REASON", callback=reason, help="Replace the lease of another run; recorded.")
@click.option(
    "--at-once", type=click.IntRange(min=1), help="Simulated drills to run in parallel (default: one per CPU)."
)
@board_options
@click.option(
    "--pause",
    metavar="POINTS",
    default="",
    help="Hold at the board, or at the terminal: after-fault,before-restoration.",
)
@click.option(
    "--at-most",
    type=Number(min=1, max=LONGEST_RUN),
    metavar="MINUTES",
    help="Stop a drill after so long, and restore the lab.",
)
@plan_options
@click.option("--dry-run", "dry", is_flag=True, help="Print what each step would send, and to whom, and exit.")
@click.option("--list", "listing", is_flag=True, help="List drills (or chapters of the named drills) and exit.")
@click.option("--json", "as_json", is_flag=True, help="With --list and features: one line of JSON, mistakes included.")
def drill(
    *,
    names: tuple[str, ...],
    site: Path | None,
    language: Language | None,
    guide: str | None,
    out: Path | None,
    confirm: str | None,
    begin: str | None,
    only: tuple[str, ...],
    in_business_hours: str,
    restore: str,
    stay: bool,
    takeover: str,
    at_once: int | None,
    board: BoardAsked,
    pause: str,
    at_most: float | None,
    planned: PlanAsked,
    dry: bool,
    listing: bool,
    as_json: bool,
) -> int:
    """Run drills and write a record with its report.

    NAME is a drill of `--list` or the path of a feature file (default on the simulated lab: all drills). On a real
    site drills have to be named, the plan is shown first, and --confirm is required to start. The verdict of a drill
    with skipped chapters is at best unknown.
    """
    if listing:
        lines = _listing(names, language, site, guide=guide, begin=begin, only=only)
        tell(*([_listing_as_json(names)] if as_json else lines))
        return Exit.PASSED
    with loading():
        from kunren.drills import choose, part_of

    chosen = _limited(site_of(site), at_most)
    spoken = language or chosen.language
    exercise = planned.exercise()
    names = names or planned.names(exercise, guide)
    if not names and guide is None and not chosen.simulated:
        raise Stop(Exit.USAGE, sentence("usage.name_drills", site=chosen.name))
    drills = part_of(choose(names, spoken, guide), begin=begin, only=only)
    if dry:
        with loading():
            from kunren.dry_run import dry_run
        tell(*dry_run(drills, chosen, spoken))
        return Exit.PASSED
    ahead = _simulator_loaded(chosen, alone=len(drills) == 1) if chosen.simulated else None
    with loading():
        from drills.performance import WayBack
        from kunren.console import terminal
        from kunren.drill import new_record_folder, perform, require_empty
        from kunren.machine import require_machine
        from kunren.performing import RunOptions
        from kunren.permission import asks_people, require_offered, require_permission
        from kunren.plan import plan_sheet, way_back
        from kunren.verdict import verdict_lines

    stops, mistakes = stops_of_run(), Mistakes()
    asked = any(asks_people(each, chosen) for each in drills)
    mistakes.of(lambda: require_offered(chosen, drills))
    mistakes.of(lambda: None if out is None else require_empty(out))
    registration = mistakes.of(lambda: planned.registration(drills, chosen, exercise, out))
    back = mistakes.of(lambda: way_back(restore, stops, stay=stay))
    with mistakes.of(lambda: board.opened(pause)) or nullcontext() as opened:
        mistakes.require_none()
        if not chosen.simulated:
            tell(*plan_sheet(drills, chosen, spoken, stay=stay, restore=restore))
            _point_to_last(chosen)
        require_permission(chosen, confirm)
        at_terminal = board.at_terminal(spoken, stops, asked=asked, pause=pause)
        require_machine()
        folder = out or new_record_folder(chosen)
        under = RunOptions(
            site=chosen,
            language=spoken,
            in_business_hours=in_business_hours,
            confirmed=confirm,
            way_back=back or WayBack(),
            takeover=takeover,
            exercise=exercise,
            registration=registration,
            register_to=planned.register_to,
            record=folder,
            stops=stops,
            board=opened,
            terminal=at_terminal,
            browser=ahead,
        )
        performed = perform(
            drills, under, folder, terminal(), 1 if under.one_by_one else at_once or os.cpu_count() or 1
        )
        if opened is not None:
            opened.end(performed.at_board)
    for finding in performed.not_ready:
        say(finding)
    tell(*verdict_lines(performed.verdict, spoken), f"report: {performed.report}", performed.lab)
    return performed.code


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--site", type=click.Path(path_type=Path), help="Site file (default: that of the run's command line).")
@LANGUAGE
@click.option("--yes", is_flag=True, help="Restore without a question.")
@click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)
@board_options
def restore(
    *,
    record: Path,
    site: Path | None,
    language: Language | None,
    yes: bool,
    stay: bool,
    board: BoardAsked,
) -> int:
    """Undo what the run of a RECORD had begun on a real site when it died.

    Looks first, tells what is left, and asks. Only what this run had begun is undone; the record of the restoration
    is a folder beside RECORD. Exit codes: 0 the lab is as it was before the run, 2 usage, 3 not ready and untouched,
    5 the lab is not as it was, or that is not known.
    """
    with loading():
        from drills.performance import WayBack
        from kunren.afterwards import new_folder, read, require_same, restoring
        from kunren.afterwards import restore as restore_lab
        from kunren.afterwards import site_of as named_site
        from kunren.console import terminal
        from kunren.machine import require_machine
        from kunren.performing import RunOptions
        from kunren.permission import restored_by_people

    speak_as(site)
    left = read(record)
    file = site or named_site(left.run)
    chosen, stops, mistakes = site_of(file), stops_of_run(), Mistakes()
    require_same(left, chosen, file)
    back = mistakes.of(lambda: restoring(stops, yes=yes, stay=stay))
    spoken = language or chosen.language
    begun = frozenset(each.change for each in left.begun)
    asked = mistakes.of(lambda: restored_by_people(chosen, begun, doubtful=bool(left.doubtful))) or False
    with mistakes.of(board.opened) or nullcontext() as opened:
        mistakes.require_none()
        at_terminal = board.at_terminal(spoken, stops, asked=asked)
        require_machine()
        under = RunOptions(
            site=chosen,
            language=spoken,
            stops=stops,
            way_back=back or WayBack(),
            record=new_folder(left.record),
            left=left,
            board=opened,
            terminal=at_terminal,
        )
        return restore_lab(left, under, terminal())


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--site", type=click.Path(path_type=Path), help="Site file (default: that of the run's command line).")
@click.option("--confirm", metavar="SITE", help="Confirm by repeating the name of the site.")
@click.option(
    "--in-business-hours", metavar="REASON", callback=reason, help="Permit the run during business hours; recorded."
)
@click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)
@board_options
def resume(
    *,
    record: Path,
    site: Path | None,
    confirm: str | None,
    in_business_hours: str,
    stay: bool,
    board: BoardAsked,
) -> int:
    """Go on with the drill of a RECORD whose run died on a real site, from the chapter in which it died.

    As with `drill --from`, the lab has to be as that chapter begins, and the verdict is at best unknown; otherwise
    nothing is touched, and `restore` undoes what was begun. In the end the lab is restored to the state before RECORD.
    """
    with loading():
        from kunren.afterwards import RESUMES, new_folder, read, reported, require_same, rest_of
        from kunren.afterwards import site_of as named_site
        from kunren.console import terminal
        from kunren.drill import perform
        from kunren.machine import require_machine
        from kunren.performing import RunOptions
        from kunren.permission import asks_people, require_offered, require_permission
        from kunren.plan import plan_sheet, way_back
        from kunren.verdict import verdict_lines

    speak_as(site)
    left = read(record)
    file = site or named_site(left.run)
    chosen, stops = site_of(file), stops_of_run()
    require_same(left, chosen, file)
    drill = rest_of(left)
    mistakes, asked = Mistakes(), asks_people(drill, chosen)
    mistakes.of(lambda: require_offered(chosen, (drill,)))
    with mistakes.of(board.opened) or nullcontext() as opened:
        mistakes.require_none()
        tell(*left.told(), *plan_sheet((drill,), chosen, drill.language, stay=stay, restore="auto"))
        require_permission(chosen, confirm)
        at_terminal = board.at_terminal(drill.language, stops, asked=asked)
        require_machine()
        under = RunOptions(
            site=chosen,
            language=drill.language,
            in_business_hours=in_business_hours,
            confirmed=confirm,
            way_back=way_back("auto", stops, stay=stay),
            record=new_folder(left.record, RESUMES),
            stops=stops,
            left=left,
            board=opened,
            terminal=at_terminal,
        )
        performed = perform((drill,), under, under.record, terminal(), 1)
        if opened is not None:
            opened.end(performed.at_board)
    for finding in (
        *performed.not_ready,
        *([sentence("left_behind.point", record=left.record)] * bool(performed.not_ready)),
    ):
        say(finding)
    tell(*verdict_lines(performed.verdict, drill.language), *reported(performed, under.record), performed.lab)
    return performed.code


def _limited(site: Site, minutes: float | None) -> Site:
    """With the time that the command line gives a drill in place of the site's."""
    if minutes is None:
        return site
    return replace(site, limits=replace(site.limits, drill=timedelta(minutes=minutes)))


def _point_to_last(site: Site) -> None:
    """Where the last run has not restored the lab."""
    with loading():
        from kunren.afterwards import last_left

    left = last_left(site)
    if left is not None:
        say(sentence("plan.left", record=left.record, site=site.name))


def _simulator_loaded(site: Site, *, alone: bool) -> BrowserAhead | None:
    """Meanwhile the browser of a drill that is `alone` starts; it ends with the command, if no drill takes it."""
    with loading():
        from kunren.ahead import BrowserAhead
        from kunren.machine import require_machine
        from lab.opening import load_simulator

        if not alone:
            load_simulator()
            return None
        require_machine()
        ahead = BrowserAhead()
        click.get_current_context().call_on_close(ahead.close)
        ahead.begin(site.subject.garoon_url)
    return ahead


def _listing(
    names: tuple[str, ...],
    chosen: Language | None,
    site: Path | None,
    *,
    guide: str | None,
    begin: str | None,
    only: tuple[str, ...],
) -> Iterator[str]:
    """Lines of the shipped drills, with how the site performs each, or of the chapters of the named ones."""
    with loading():
        from kunren.drills import choose, listed, part_of, shipped_drills

    language = spoken_of(chosen, site)
    if site is not None and not names:
        from kunren.permission import way_of

        at = site_of(site)
        yield from (listed(each, language, way_of(at, each)) for each in shipped_drills(language))
        return
    if not names:
        yield from (listed(each, language) for each in shipped_drills(language))
        return
    for drill in part_of(choose(names, language, guide), begin=begin, only=only):
        yield from (f"{drill.name}\t{number}\t{part.name}" for number, part in enumerate(drill.chapters, 1))


def _listing_as_json(names: tuple[str, ...]) -> str:
    with loading():
        from kunren.drills import described

    return json.dumps([described(Path(name)) for name in names])
