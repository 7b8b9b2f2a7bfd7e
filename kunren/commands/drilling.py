"""The command that performs drills, lists them, and prints what they would send."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kunren.commands.options import LANGUAGE, SITE, site_of, spoken_of, stops_of_run
from kunren.commands.run_options import (
    BoardAsked,
    ConsentAsked,
    CourseAsked,
    PartAsked,
    PlanAsked,
    board_options,
    consent_options,
    course_options,
    grouped,
    part_options,
    plan_options,
)
from kunren.exits import Exit, Mistakes, Stop
from kunren.signals import loading
from kunren.terminal import say, tell
from words import Language, sentence

if TYPE_CHECKING:
    from kunren.running.ahead import BrowserAhead
    from lab.site.file import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInstead:
    """What is printed in place of a run."""

    dry: bool
    listing: bool
    as_json: bool


shown_options = grouped(
    ShownInstead,
    "shown",
    click.option("--dry-run", "dry", is_flag=True, help="Print what each step would send, and to whom, and exit."),
    click.option("--list", "listing", is_flag=True, help="List drills (or chapters of the named drills) and exit."),
    click.option(
        "--json", "as_json", is_flag=True, help="With --list and features: one line of JSON, mistakes included."
    ),
)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SITE
@LANGUAGE
@part_options
@click.option("--out", type=click.Path(path_type=Path), help="Record folder (default: records/<time>).")
@consent_options
@course_options
@board_options
@plan_options
@shown_options
def drill(
    *,
    names: tuple[str, ...],
    site: Path | None,
    language: Language | None,
    part: PartAsked,
    out: Path | None,
    consent: ConsentAsked,
    course: CourseAsked,
    board: BoardAsked,
    planned: PlanAsked,
    shown: ShownInstead,
) -> int:
    """Run drills and write a record with its report.

    NAME is a drill of `--list` or the path of a feature file (default on the simulated lab: all drills). On a real
    site drills have to be named, the plan is shown first, and --confirm is required to start. The verdict of a drill
    with skipped chapters is at best unknown.
    """
    if shown.listing:
        tell(*([_listing_as_json(names)] if shown.as_json else _listing(names, language, site, part)))
        return Exit.PASSED
    chosen = course.limited(site_of(site))
    spoken = language or chosen.language
    exercise = planned.exercise()
    names = names or planned.names(exercise, part.guide)
    if not names and part.guide is None and not chosen.simulated:
        raise Stop(Exit.USAGE, sentence("usage.name_drills", site=chosen.name))
    drills = part.chosen(names, spoken)
    if shown.dry:
        with loading():
            from kunren.running.dry_run import dry_run
        tell(*dry_run(drills, chosen, spoken))
        return Exit.PASSED
    ahead = _simulator_loaded(chosen, alone=len(drills) == 1) if chosen.simulated else None
    with loading():
        from drills.performance import WayBack
        from kunren.console import terminal
        from kunren.machine import require_machine
        from kunren.running.drill import new_record_folder, perform, require_empty
        from kunren.running.performing import RunOptions
        from kunren.running.permission import asks_people, require_offered, require_permission
        from kunren.running.plan import plan_sheet
        from kunren.running.verdict import verdict_lines

    stops, mistakes = stops_of_run(), Mistakes()
    asked = any(asks_people(each, chosen) for each in drills)
    mistakes.of(lambda: require_offered(chosen, drills))
    mistakes.of(lambda: None if out is None else require_empty(out))
    registration = mistakes.of(lambda: planned.registration(drills, chosen, exercise, out))
    places = mistakes.of(lambda: planned.places(chosen, spoken))
    back = mistakes.of(lambda: course.way_back(stops))
    with mistakes.of(lambda: board.opened(course.pause)) or nullcontext() as opened:
        mistakes.require_none()
        if not chosen.simulated:
            tell(*plan_sheet(drills, chosen, spoken, stay=course.stay, restore=course.restore))
            _point_to_last(chosen)
        require_permission(chosen, consent.confirm)
        at_terminal = board.at_terminal(spoken, stops, asked=asked, pause=course.pause)
        require_machine()
        folder = out or new_record_folder(chosen)
        under = RunOptions(
            site=chosen,
            language=spoken,
            in_business_hours=consent.in_business_hours,
            confirmed=consent.confirm,
            way_back=back or WayBack(),
            takeover=consent.takeover,
            exercise=exercise,
            registration=registration,
            register_to=places or (),
            record=folder,
            stops=stops,
            board=opened,
            terminal=at_terminal,
            browser=ahead,
        )
        at_once = 1 if under.one_by_one else course.at_once or os.cpu_count() or 1
        performed = perform(drills, under, folder, terminal(), at_once)
        if opened is not None:
            opened.end(performed.at_board)
    for finding in performed.not_ready:
        say(finding)
    tell(*verdict_lines(performed.verdict, spoken), f"report: {performed.report}", performed.lab)
    return performed.code


def _point_to_last(site: Site) -> None:
    """Where the last run has not restored the lab."""
    with loading():
        from kunren.running.afterwards import last_left

    left = last_left(site)
    if left is not None:
        say(sentence("plan.left", record=left.record, site=site.name))


def _simulator_loaded(site: Site, *, alone: bool) -> BrowserAhead | None:
    """Meanwhile the browser of a drill that is `alone` starts; it ends with the command, if no drill takes it."""
    with loading():
        from kunren.machine import require_machine
        from kunren.running.ahead import BrowserAhead
        from lab.opening import load_simulator

        if not alone:
            load_simulator()
            return None
        require_machine()
        ahead = BrowserAhead()
        click.get_current_context().call_on_close(ahead.close)
        ahead.begin(site.subject.garoon_url)
    return ahead


def _listing(names: Sequence[str], chosen: Language | None, site: Path | None, part: PartAsked) -> Iterator[str]:
    """Lines of the shipped drills, with how the site performs each, or of the chapters of the named ones."""
    with loading():
        from kunren.running.drills import listed, shipped_drills

    language = spoken_of(chosen, site)
    if names:
        for drill in part.chosen(names, language):
            yield from (f"{drill.name}\t{number}\t{each.name}" for number, each in enumerate(drill.chapters, 1))
    elif site is None:
        yield from (listed(each, language) for each in shipped_drills(language))
    else:
        with loading():
            from kunren.running.permission import way_of

        at = site_of(site)
        yield from (listed(each, language, way_of(at, each)) for each in shipped_drills(language))


def _listing_as_json(names: Sequence[str]) -> str:
    with loading():
        from kunren.running.drills import described

    return json.dumps([described(Path(name)) for name in names])
