"""The command line: what each command takes. Each loads what it works with when it is called: all begin at once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drills.interruption import Stops
from kunren import __version__
from kunren.ending import Kunren
from kunren.exits import Exit, Stop
from kunren.signals import loading
from kunren.terminal import MASKING, say, say_at_once, tell
from lab.site.built_in import SIMULATED, simulated_language
from words import LANGUAGES, Language

if TYPE_CHECKING:
    from lab.site.file import Site

SITE = click.option("--site", type=click.Path(path_type=Path), help="Site file; the simulated lab when left out.")
LANGUAGE = click.option("--lang", "language", type=click.Choice(LANGUAGES), help="The site's own when left out.")


def _amount(unit: str) -> Callable[[click.Context, click.Parameter, str], float]:
    """Reads an option's number with its unit, which may be left out."""

    def read(context: click.Context, option: click.Parameter, value: str) -> float:
        found = re.fullmatch(rf"(\d{{1,7}}(?:\.\d{{1,3}})?) *{unit}?", value.strip(), re.ASCII)
        if found is None:
            raise click.BadParameter(f"{value!r} is no such amount; write it like 10{unit}.", context, option)
        return float(found[1])

    return read


@click.group(cls=Kunren, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kunren")
def main() -> None:
    """Failover drills for Cybozu Garoon on Hyper-V, protected by Arcserve High Availability.

    Exit codes: 0 passed, 1 a drill failed, 2 usage, site file or feature, 3 lab not ready and nothing touched,
    4 verdict unknown, 5 lab not restored or not known to be (outranks all others), 70 Kunren itself failed,
    130 stopped by the operator after the restore.
    """


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SITE
@LANGUAGE
@click.option("--guide", help="Only drills that show a point of this section of the guide, e.g. 4-1.")
@click.option("--out", type=click.Path(path_type=Path), help="Record folder; records/<time> when left out.")
@click.option("--confirm", metavar="SITE", help="The operator's word on a real site: its name, written out.")
@click.option("--from", "begin", metavar="CHAPTER", help="Begin one drill at this chapter: its number or its name.")
@click.option("--chapter", "only", metavar="CHAPTER", multiple=True, help="Run this chapter of one drill; repeatable.")
@click.option(
    "--in-business-hours", metavar="REASON", default="", help="Why this run may work in business hours; recorded."
)
@click.option(
    "--restore",
    "restore",
    type=click.Choice(["auto", "ask", "never"]),
    default="auto",
    show_default=True,
    help="Whether what a drill has begun is undone: by itself, after a question, or not at all (then only compared).",
)
@click.option(
    "--stay", is_flag=True, help="Leave the guest on the host a drill has moved it to, if it runs well there."
)
@click.option("--takeover", metavar="REASON", default="", help="Why the lease of another run is replaced; recorded.")
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    help="How many drills of the simulated lab go on at a time; one a processor when left out.",
)
@click.option("--list", "listing", is_flag=True, help="List the drills, or the chapters of the named ones, and stop.")
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
    listing: bool,
    as_json: bool,
) -> int:
    """Run drills and leave a record with its report.

    NAME is a drill that `--list` names, or the path of a feature of your own; on the simulated lab all drills when
    left out. On a real site drills are named, the plan is shown first, and nothing begins without --confirm.
    A drill of which chapters are left out has not passed, whatever the others show: its verdict is unknown.
    """
    if listing and as_json:
        tell(_listing_as_json(names))
        return Exit.PASSED
    if listing:
        tell(*_listing(names, _spoken(language, site), guide=guide, begin=begin, only=only))
        return Exit.PASSED
    with loading():
        from kunren.chapters import part_of
        from kunren.console import terminal
        from kunren.drill import new_record_folder, perform
        from kunren.drills import choose
        from kunren.performing import Circumstances
        from kunren.permission import require_offered, require_permission
        from kunren.plan import plan_sheet, way_back

    chosen = _site(site)
    spoken = language or chosen.language
    if not names and guide is None and not chosen.simulated:
        raise Stop(Exit.USAGE, f"{chosen.name} is a real site: name the drills; `kunren drill --list` lists them.")
    drills = part_of(choose(names, spoken, guide), begin=begin, only=only)
    require_offered(chosen, drills)
    if not chosen.simulated:
        tell(*plan_sheet(drills, chosen, spoken, stay=stay, restore=restore))
    require_permission(chosen, confirm)
    folder, stops = out or new_record_folder(chosen), _stops()
    under = Circumstances(
        site=chosen,
        language=spoken,
        in_business_hours=in_business_hours,
        confirmed=confirm,
        way_back=way_back(restore, spoken, stops, stay=stay),
        takeover=takeover,
        record=folder,
        stops=stops,
    )
    performed = perform(drills, under, folder, terminal(), at_once or os.cpu_count() or 1)
    for finding in performed.not_ready:
        say(finding)
    tell(*performed.verdict, f"report: {performed.report}", performed.lab)
    return performed.code


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON: endpoints and logins.")
@click.option("--speed", type=click.FloatRange(min=0.1, max=3600), default=60.0, help="Lab seconds a second.")
@SITE
def lab(*, as_json: bool, speed: float, site: Path | None) -> int:
    """Serve the simulated lab until stopped."""
    with loading():
        from kunren.lab import serve_lab

    serve_lab(_site(site), speed=speed, as_json=as_json)
    return Exit.PASSED


@main.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file of a real site.")
@click.option("--confirm", metavar="SITE", help="The operator's word: the name of the site, written out.")
@click.option("--list", "listing", is_flag=True, help="Only list what is left.")
@LANGUAGE
def clean(*, site: Path, confirm: str | None, listing: bool, language: Language | None) -> int:
    """Find and remove what killed runs have left in Garoon: canary entries, and entries of drills.

    Only entries with exactly a drill's title that are for the drill's own user alone. They are listed first, and
    removed with --confirm. Ends with 0 when nothing is left, with 2 when nothing was removed for want of a permission
    or the word, with 3 when Garoon does not answer or a drill is under way, with 4 when it is not known what is left,
    with 5 when something could not be removed.
    """
    with loading():
        from kunren.clean import clean as clean_garoon

    chosen = _site(site)
    return clean_garoon(chosen, confirm, language or chosen.language, listing=listing)


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Language; the run's own when left out.")
@click.option("--to", type=click.Choice(["html"]), default="html", expose_value=False, help="Form of the report.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the report; the record itself when left out.")
def report(*, record: Path, language: Language | None, out: Path | None) -> int:
    """Write the report of a RECORD again, from its journal and its evidence.

    In the language of the run it is report.html, in another report.<language>.html. Ends with 0 whatever the verdict
    of the run; with 2 when record.json is not of this journal, which only --out accepts; with 4 when evidence is not
    as it was kept, or the journal not the run's own.
    """
    with loading():
        from kunren.report import rewrite

    written = rewrite(record, language, out)
    tell(*written.verdict, f"report: {written.html}")
    return written.code


@main.command("compare")
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("baseline", type=click.Path(path_type=Path))
@click.option(
    "--tolerance",
    "percent",
    callback=_amount("%"),
    metavar="PERCENT",
    default="10%",
    show_default=True,
    help="What part of the baseline a difference in time has to exceed to count.",
)
@click.option(
    "--at-least",
    "seconds",
    callback=_amount("s"),
    metavar="SECONDS",
    default="5s",
    show_default=True,
    help="How many seconds it has to exceed as well.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Language; the record's own when left out.")
def compare_records(
    *, record: Path, baseline: Path, percent: float, seconds: float, as_json: bool, language: Language | None
) -> int:
    """Hold a RECORD against a BASELINE, step by step: same, faster, slower, or behaves differently.

    For acceptance after patches and changes. Ends with 0 when it is the same or faster, with 1 when it is slower
    or behaves differently, with 2 when the two cannot be compared, with 4 when that is not known.
    """
    with loading():
        from kunren.compare import EXITS, hold_against, show
        from kunren.console import terminal
        from reports.acceptance import Tolerance
        from reports.acceptance.as_json import to_json
        from reports.acceptance.result import Pair
        from words import words_of

    found = hold_against(record, baseline, Tolerance(share=percent / 100, seconds=seconds))
    if as_json:
        tell(to_json(found))
    else:
        words = words_of(language or found.runs.record.language)
        show(found, Pair(baseline, record), words, terminal())
    return EXITS[found.verdict]


@main.command()
@LANGUAGE
@click.argument("records", nargs=-1, type=click.Path(path_type=Path), metavar="[RECORD]...")
def coverage(*, language: Language | None, records: tuple[Path, ...]) -> int:
    """Tell which chapters show each point of the guide, and how they last ended, on real hosts and SIMULATED apart.

    Outcomes are those of the RECORDs, or of what is below records/. Ends with 1 when a point has no chapter.
    """
    with loading():
        from kunren.coverage import coverage_of, coverage_sheet, read_records

    spoken = _spoken(language)
    found = read_records(records)
    lines = coverage_of(spoken, found)
    tell(*coverage_sheet(lines, spoken, found))
    return Exit.FAILED if any(line.missing for line in lines) else Exit.PASSED


@main.command()
@LANGUAGE
@click.option("--all", "both", is_flag=True, help="Both languages, as in docs/steps.md.")
def steps(*, language: Language | None, both: bool) -> int:
    """List the steps drills are written with, as a table in Markdown."""
    with loading():
        from kunren.catalogue import document, table
        from steps.modules import vocabulary

    known = vocabulary()
    tell(*(document(known).splitlines() if both else table(known, _spoken(language))))
    return Exit.PASSED


@main.command()
@click.option("--drill", "drill_names", multiple=True, help="Only this drill; may be given more than once.")
@click.option("--mutation", "mutations", multiple=True, help="Only this mutation; may be given more than once.")
@LANGUAGE
@click.option("--out", type=click.Path(path_type=Path), help="Folder; records/controls-<time> when left out.")
@click.option("--list", "list_only", is_flag=True, help="Only tell the mutations, their points and what they do.")
def controls(
    *,
    drill_names: tuple[str, ...],
    mutations: tuple[str, ...],
    language: Language | None,
    out: Path | None,
    list_only: bool,
) -> int:
    """Hold the drills against a simulated lab that misbehaves, one way at a time.

    Each mutation has to turn red a chapter that shows its point of the guide, before any other. Ends with 1
    when one is not caught so, or when a drill does not pass on a lab that behaves.
    """
    with loading():
        from kunren.controls import chosen_mutations, drills_for, keep, make_controls, tell_found
        from kunren.drill import make_record_folder, new_record_folder
        from kunren.drills import choose

    spoken = _spoken(language)
    if list_only:
        tell(*(f"{each.name}\t{each.point}\t{each.effect}" for each in chosen_mutations(mutations)))
        return Exit.PASSED
    folder = out or new_record_folder(_site(None), prefix="controls-")
    make_record_folder(folder)
    drills, tried = choose(drill_names, spoken, None), chosen_mutations(mutations)
    if drill_names:
        tried = tuple(mutation for mutation in tried if mutations or drills_for(mutation, drills))
    whole = not drill_names and not mutations
    _stops().listeners.append(lambda: say_at_once("stopping; drills under way end first."))
    made = make_controls(drills, tried, folder, whole=whole, language=spoken, told=tell_found)
    tell(f"{made.caught} of {len(made.controls)} mutations caught (SIMULATED); result: {keep(made, folder)}")
    return Exit.PASSED if made.sound else Exit.FAILED


def _listing(
    names: tuple[str, ...], language: Language, *, guide: str | None, begin: str | None, only: tuple[str, ...]
) -> Iterator[str]:
    """The drills that travel with Kunren, or the chapters of the named ones."""
    with loading():
        from kunren.chapters import part_of
        from kunren.drills import choose, listed, shipped_drills

    if not names:
        yield from (listed(each, language) for each in shipped_drills(language))
        return
    for drill in part_of(choose(names, language, guide), begin=begin, only=only):
        yield from (f"{drill.name}\t{number}\t{part.name}" for number, part in enumerate(drill.chapters, 1))


def _listing_as_json(names: tuple[str, ...]) -> str:
    with loading():
        from kunren.drills import described

    return json.dumps([described(Path(name)) for name in names])


def _stops() -> Stops:
    """The requests to stop this process, which its group listens to."""
    return click.get_current_context().ensure_object(Stops)


def _spoken(chosen: Language | None, site: Path | None = None) -> Language:
    """The chosen language, or else that of the site, or of the simulated lab where no site is named."""
    return chosen or (simulated_language() if site is None else _site(site).language)


def _site(path: Path | None) -> Site:
    """Read and found right to the last key, the simulator's own included."""
    with loading():
        from lab.simulator.mutations.catalogue import mutated
        from lab.site.file import load_site

    site = load_site(path or SIMULATED, os.environ)
    MASKING.hide(site.secrets())
    mutated(site.simulation.mutations if site.simulation else ())
    return site
