"""The command line. Commands import their modules when called, so that `kunren --version` starts quickly."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from drills.interruption import Stops
from kunren import __version__
from kunren.answers import ASKED, option_of
from kunren.ending import Kunren, Misused
from kunren.exits import Exit, Stop
from kunren.signals import loading
from kunren.terminal import MASKING, READER, say, say_at_once, tell
from lab.site.built_in import SIMULATED, written_language
from words import LANGUAGES, Language, sentence

if TYPE_CHECKING:
    from kunren.boarding import RunBoard
    from lab.site.file import Site

SITE = click.option("--site", type=click.Path(path_type=Path), help="Site file (default: built-in simulated lab).")


def _choose_language(_context: click.Context, _option: click.Parameter, value: Language | None) -> Language | None:
    READER.chosen = value
    return value


def _language(**settings: Any) -> Callable[[Any], Any]:
    """The option by which a reader chooses a language."""
    return click.option("--lang", "language", type=click.Choice(LANGUAGES), callback=_choose_language, **settings)


LANGUAGE = _language(help="Language (default: the site's).")


def _board_options(command: Any) -> Any:
    """The options that open a drill board and invite people to it."""
    options = (
        click.option(
            "--board",
            metavar="[ADDRESS]",
            is_flag=False,
            flag_value="",
            help="Open the drill board: on this machine, or at HOST:PORT for browsers on the network.",
        ),
        click.option(
            "--board-certificate", type=click.Path(path_type=Path), help="PEM certificate of the board's address."
        ),
        click.option("--board-key", type=click.Path(path_type=Path), help="Its key, PEM."),
        click.option(
            "--person", "people", metavar="NAME=ROLE", multiple=True, help="Invite to the board (repeatable)."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _amount(unit: str) -> Callable[[click.Context, click.Parameter, str], float]:
    """A callback that reads a number with an optional unit."""

    def read(_context: click.Context, _option: click.Parameter, value: str) -> float:
        found = re.fullmatch(rf"(\d{{1,7}}(?:\.\d{{1,3}})?) *{unit}?", value.strip(), re.ASCII)
        if found is None:
            raise Misused(sentence("usage.amount", value=value, unit=unit))
        return float(found[1])

    return read


@click.group(cls=Kunren, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kunren")
def main() -> None:
    """Failover drills for Cybozu Garoon on Hyper-V, protected by Arcserve High Availability.

    Exit codes: 0 passed, 1 a drill failed, 2 usage, site file or feature, 3 lab not ready and untouched, 4 verdict
    unknown, 5 lab not restored or its state unknown (takes precedence), 70 Kunren itself failed, 130 stopped by the
    operator, lab restored.
    """


def _answers(command: Callable[..., int]) -> Callable[..., int]:
    """An option for each answer that a site file needs."""
    for key, asked in reversed(tuple(ASKED.items())):
        command = click.option(option_of(key), key.replace(".", "__"), metavar="TEXT", help=asked.help)(command)
    return command


@main.command("init")
@click.argument("file", type=click.Path(path_type=Path), default="site.toml")
@_language(help="Language of the questions, the comments and the site.")
@_answers
@click.option("--yes", is_flag=True, help="Ask nothing: the options are the answers.")
@click.option(
    "--schema/--no-schema", default=True, show_default=True, help="Name the JSON Schema for editors, and write it."
)
def new_site(*, file: Path, language: Language | None, yes: bool, schema: bool, **given: str | None) -> int:
    """Ask for the data of a site and write a commented site FILE (default: site.toml) that permits nothing.

    Each answer is tried at once, without changing anything: name resolution, port, login, virtual machines, Garoon.
    An existing file is never overwritten. Exit codes: 0 written, 2 usage, 130 stopped; nothing is written on 2 and 130.
    """
    with loading():
        from kunren.init import new_site_file, write

    answers = {key.replace("__", "."): text for key, text in given.items() if text is not None}
    try:
        text = new_site_file(file, answers, language, attended=not yes, schema=schema)
    except KeyboardInterrupt:
        raise Stop(Exit.STOPPED, sentence("init.stopped")) from None
    _stops().hold()
    write(file, text, schema=schema)
    return Exit.PASSED


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SITE
@LANGUAGE
@click.option("--guide", help="Only drills that cover this section of the guide, e.g. 4-1.")
@click.option("--out", type=click.Path(path_type=Path), help="Record folder (default: records/<time>).")
@click.option("--confirm", metavar="SITE", help="Confirm a run on a real site by repeating its name.")
@click.option("--from", "begin", metavar="CHAPTER", help="Start at this chapter (number or name).")
@click.option("--chapter", "only", metavar="CHAPTER", multiple=True, help="Run only this chapter (repeatable).")
@click.option(
    "--in-business-hours", metavar="REASON", default="", help="Permit the run during business hours; recorded."
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
@click.option("--takeover", metavar="REASON", default="", help="Replace the lease of another run; recorded.")
@click.option(
    "--at-once", type=click.IntRange(min=1), help="Simulated drills to run in parallel (default: one per CPU)."
)
@_board_options
@click.option("--pause", metavar="POINTS", default="", help="Hold at the board: after-fault,before-restoration.")
@click.option(
    "--at-most",
    type=click.FloatRange(min=1),
    metavar="MINUTES",
    help="Stop a drill after so long, and restore the lab.",
)
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
    board: str | None,
    board_certificate: Path | None,
    board_key: Path | None,
    people: tuple[str, ...],
    pause: str,
    at_most: float | None,
    dry: bool,
    listing: bool,
    as_json: bool,
) -> int:
    """Run drills and write a record with its report.

    NAME is a drill of `--list` or the path of a feature file (default on the simulated lab: all drills). On a real
    site drills have to be named, the plan is shown first, and --confirm is required to start. The verdict of a drill
    with skipped chapters is at best unknown.
    """
    if listing and as_json:
        tell(_listing_as_json(names))
        return Exit.PASSED
    if listing:
        at = _site(site) if site is not None and not names else None
        tell(*_listing(names, _spoken(language, site), guide=guide, begin=begin, only=only, at=at))
        return Exit.PASSED
    with loading():
        from kunren.drills import choose, part_of

    chosen = _site(site)
    spoken = language or chosen.language
    if not names and guide is None and not chosen.simulated:
        raise Stop(Exit.USAGE, sentence("usage.name_drills", site=chosen.name))
    drills = part_of(choose(names, spoken, guide), begin=begin, only=only)
    if dry:
        with loading():
            from kunren.dry_run import dry_run
        tell(*dry_run(drills, chosen, spoken))
        return Exit.PASSED
    with loading():
        from kunren.console import terminal
        from kunren.drill import new_record_folder, perform
        from kunren.performing import RunOptions
        from kunren.permission import require_offered, require_permission
        from kunren.plan import plan_sheet, way_back
        from lab.opening import load_simulator

        if chosen.simulated:
            load_simulator()
    require_offered(chosen, drills)
    if not chosen.simulated:
        tell(*plan_sheet(drills, chosen, spoken, stay=stay, restore=restore))
    require_permission(chosen, confirm)
    stops = _stops()
    opened = _board(board, certificate=board_certificate, key=board_key, people=people, pause=pause)
    folder = out or new_record_folder(chosen)
    under = RunOptions(
        site=chosen,
        language=spoken,
        in_business_hours=in_business_hours,
        confirmed=confirm,
        way_back=way_back(restore, stops, stay=stay),
        takeover=takeover,
        record=folder,
        stops=stops,
        board=opened,
        at_most=None if at_most is None else timedelta(minutes=at_most),
    )
    many = 1 if opened is not None else at_once or os.cpu_count() or 1
    with opened or nullcontext():
        performed = perform(drills, under, folder, terminal(), many)
        if opened is not None:
            opened.end((*performed.verdict, performed.lab.in_(spoken)))
    for finding in performed.not_ready:
        say(finding)
    tell(*performed.verdict, f"report: {performed.report}", performed.lab)
    return performed.code


@main.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file.")
@click.option("--out", type=click.Path(path_type=Path), help="Discovery file (default: beside the site file).")
@click.option("--replace", is_flag=True, help="Replace a discovery file that is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@_language(help="Language (default: the site's).", expose_value=False)
def discover(*, site: Path, out: Path | None, replace: bool, as_json: bool) -> int:
    """Find Arcserve RHA's commands on the hosts of a site.

    Only reads. Writes a discovery file, and once a site profile beside the site file to correct by hand; says for each
    operation whether the site confirms it. Exit codes: 0 all are confirmed, 4 something is missing or different,
    3 a host does not respond.
    """
    with loading():
        from kunren.discover import discover as discover_rha

    return discover_rha(_site(site, to_discover=True), out, replace=replace, as_json=as_json)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON: endpoints and logins.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=3600),
    default=60.0,
    show_default=True,
    help="Time scale: lab seconds per wall-clock second.",
)
@SITE
def lab(*, as_json: bool, speed: float, site: Path | None) -> int:
    """Serve the simulated lab until stopped."""
    with loading():
        from kunren.lab import serve_lab

    serve_lab(_site(site), speed=speed, as_json=as_json)
    return Exit.PASSED


@main.command()
@SITE
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def check(*, site: Path | None, language: Language | None, as_json: bool) -> int:
    """Check whether a site is ready for drills: reads only, nothing is changed.

    Hosts, RHA's services and scenario, the virtual machine and its networks, Garoon, and this machine. Exit codes:
    0 ready, 2 usage or site file, 3 not ready.
    """
    with loading():
        from kunren import check as preflight
        from kunren.machine import require_machine

    chosen = _site(site)
    spoken = language or chosen.language
    require_machine()
    found = preflight.check(chosen, spoken)
    if as_json:
        tell(preflight.as_json(found, chosen, spoken))
    else:
        tell(*preflight.sheet(found, chosen, spoken))
    return preflight.exit_of(found)


@main.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file of a real site.")
@click.option("--confirm", metavar="SITE", help="Confirm the removal by repeating the name of the site.")
@click.option("--list", "listing", is_flag=True, help="List the entries and exit.")
@_language(help="Language (default: the site's).", expose_value=False)
def clean(*, site: Path, confirm: str | None, listing: bool) -> int:
    """Find and remove canary and drill entries that killed runs have left in Garoon.

    Only entries with the exact title of a drill that are private to the drill's user. They are listed first and
    removed with --confirm. Exit codes: 0 no entries are left, 2 permission or confirmation is missing, 3 Garoon does
    not respond or a drill is in progress, 4 the remaining entries are unknown, 5 entries could not be removed.
    """
    with loading():
        from kunren.clean import clean as clean_garoon

    chosen = _site(site)
    return clean_garoon(chosen, confirm, listing=listing)


@main.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file of a real site.")
@_language(help="Language (default: the site's).", expose_value=False)
def status(*, site: Path) -> int:
    """Tell who holds a site, what a run that died there left behind, and where the virtual machine runs.

    Only asks. Exit codes: 0 nothing is left, 3 the host with the lease does not respond, 5 a run has left something.
    """
    with loading():
        from kunren.afterwards import status as site_status

    return site_status(_site(site))


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--site", type=click.Path(path_type=Path), help="Site file (default: that of the run's command line).")
@LANGUAGE
@click.option("--yes", is_flag=True, help="Restore without a question.")
@click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)
@_board_options
def restore(
    *,
    record: Path,
    site: Path | None,
    language: Language | None,
    yes: bool,
    stay: bool,
    board: str | None,
    board_certificate: Path | None,
    board_key: Path | None,
    people: tuple[str, ...],
) -> int:
    """Undo what the run of a RECORD had begun on a real site when it died.

    Looks first, tells what is left, and asks. Only what this run had begun is undone; the record of the restoration
    is a folder beside RECORD. Exit codes: 0 the lab is as it was before the run, 2 usage, 3 not ready and untouched,
    5 the lab is not as it was, or that is not known.
    """
    with loading():
        from kunren.afterwards import new_folder, read, require_same, restoring, site_of
        from kunren.afterwards import restore as restore_lab
        from kunren.console import terminal
        from kunren.performing import RunOptions

    left = read(record)
    file = site or site_of(left.run)
    chosen, stops = _site(file), _stops()
    require_same(left, chosen, file)
    back = restoring(stops, yes=yes, stay=stay)
    opened = _board(board, certificate=board_certificate, key=board_key, people=people, pause="")
    under = RunOptions(
        site=chosen,
        language=language or chosen.language,
        stops=stops,
        way_back=back,
        record=new_folder(left.record),
        left=left,
        board=opened,
    )
    with opened or nullcontext():
        return restore_lab(left, under, terminal())


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--site", type=click.Path(path_type=Path), help="Site file (default: that of the run's command line).")
@click.option("--confirm", metavar="SITE", help="Confirm by repeating the name of the site.")
@click.option(
    "--in-business-hours", metavar="REASON", default="", help="Permit the run during business hours; recorded."
)
@click.option(
    "--stay", is_flag=True, help="Leave the virtual machine on the host it was moved to, if it is healthy there."
)
@_board_options
def resume(
    *,
    record: Path,
    site: Path | None,
    confirm: str | None,
    in_business_hours: str,
    stay: bool,
    board: str | None,
    board_certificate: Path | None,
    board_key: Path | None,
    people: tuple[str, ...],
) -> int:
    """Go on with the drill of a RECORD whose run died on a real site, from the chapter in which it died.

    As with `drill --from`, the lab has to be as that chapter begins, and the verdict is at best unknown; otherwise
    nothing is touched, and `restore` undoes what was begun. In the end the lab is restored to the state before RECORD.
    """
    with loading():
        from kunren.afterwards import RESUMES, new_folder, read, require_same, rest_of, site_of
        from kunren.console import terminal
        from kunren.drill import perform
        from kunren.performing import RunOptions
        from kunren.permission import require_offered, require_permission
        from kunren.plan import plan_sheet, way_back

    left = read(record)
    file = site or site_of(left.run)
    chosen, stops = _site(file), _stops()
    require_same(left, chosen, file)
    drill = rest_of(left)
    require_offered(chosen, (drill,))
    tell(*left.told(), *plan_sheet((drill,), chosen, drill.language, stay=stay, restore="auto"))
    require_permission(chosen, confirm)
    opened = _board(board, certificate=board_certificate, key=board_key, people=people, pause="")
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
    )
    with opened or nullcontext():
        performed = perform((drill,), under, under.record, terminal(), 1)
        if opened is not None:
            opened.end((*performed.verdict, performed.lab.in_(drill.language)))
    for finding in (
        *performed.not_ready,
        *([sentence("left_behind.point", record=left.record)] * bool(performed.not_ready)),
    ):
        say(finding)
    tell(*performed.verdict, f"report: {performed.report}", performed.lab)
    return performed.code


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@_language(help="Language (default: that of the run).")
@click.option("--to", type=click.Choice(["html"]), default="html", expose_value=False, help="Report format.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the report (default: the record).")
def report(*, record: Path, language: Language | None, out: Path | None) -> int:
    """Write the report of a RECORD again, from its journal and evidence.

    The file is report.html in the language of the run, report.<language>.html otherwise. Exit codes: 0 written,
    whatever the verdict of the run; 2 record.json does not match the journal (use --out); 4 written, but the evidence
    was altered or the journal is not that of the run.
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
    help="Relative tolerance for times.",
)
@click.option(
    "--at-least",
    "seconds",
    callback=_amount("s"),
    metavar="SECONDS",
    default="5s",
    show_default=True,
    help="Absolute tolerance; a difference must exceed both.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@_language(help="Language (default: that of the record).")
def compare_records(
    *, record: Path, baseline: Path, percent: float, seconds: float, as_json: bool, language: Language | None
) -> int:
    """Compare a RECORD with a BASELINE, step by step: same, faster, slower, or behaves differently.

    For acceptance after patches and changes. Exit codes: 0 same or faster, 1 slower or behaves differently,
    2 not comparable, 4 unknown.
    """
    with loading():
        from kunren.compare import EXITS, compare_folders, show
        from kunren.console import terminal
        from reports.acceptance import Tolerance
        from reports.acceptance.as_json import to_json
        from reports.acceptance.result import Pair
        from words import words_of

    found = compare_folders(record, baseline, Tolerance(share=percent / 100, seconds=seconds))
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
    """List the chapters that cover each point of the guide, with their last outcomes on real and SIMULATED hosts.

    Outcomes are read from the RECORDs (default: all below records/). Exit code 1 if a point has no chapter.
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
    """List the steps for writing drills, as Markdown tables."""
    with loading():
        from kunren.catalogue import document, tables

    tell(*(document() if both else tables(_spoken(language))))
    return Exit.PASSED


@main.command()
@click.option("--drill", "drill_names", multiple=True, help="Only this drill (repeatable).")
@click.option("--mutation", "mutations", multiple=True, help="Only this mutation (repeatable).")
@LANGUAGE
@click.option("--out", type=click.Path(path_type=Path), help="Result folder (default: records/controls-<time>).")
@click.option("--by", type=click.Choice(["powershell", "operator"]), default="powershell", help="Who operates RHA.")
@click.option("--list", "list_only", is_flag=True, help="List mutations and exit.")
def controls(
    *,
    drill_names: tuple[str, ...],
    mutations: tuple[str, ...],
    language: Language | None,
    out: Path | None,
    by: str,
    list_only: bool,
) -> int:
    """Mutation-test the drills: inject one simulator defect at a time.

    The first chapter to fail has to be one that covers the mutation's point of the guide. Exit code 1 if a mutation
    is not detected in this way, or if a drill fails on a lab without mutations.
    """
    with loading():
        from kunren.controls import chosen_mutations, drills_for, keep, make_controls, tell_found
        from kunren.drill import make_record_folder, new_record_folder
        from kunren.drills import choose
        from lab.site.terms import By

    spoken = _spoken(language)
    if list_only:
        tell(*(f"{each.name}\t{each.point}\t{each.effect}" for each in chosen_mutations(mutations)))
        return Exit.PASSED
    folder = out or new_record_folder(_site(None), prefix="controls-")
    make_record_folder(folder)
    drills, tried = choose(drill_names, spoken, None), chosen_mutations(mutations)
    if drill_names:
        tried = tuple(mutation for mutation in tried if mutations or drills_for(mutation, drills))
    whole = not drill_names and not mutations and by == "powershell"
    stopping = sentence("controls.stopping").in_(spoken)
    _stops().listeners.append(lambda: say_at_once(stopping))
    made = make_controls(drills, tried, folder, whole=whole, by=By(by), language=spoken, told=tell_found)
    tell(sentence("controls.result", n=made.caught, all=len(made.controls), file=keep(made, folder)))
    return Exit.PASSED if made.sound else Exit.FAILED


def _listing(
    names: tuple[str, ...],
    language: Language,
    *,
    guide: str | None,
    begin: str | None,
    only: tuple[str, ...],
    at: Site | None,
) -> Iterator[str]:
    """Lines of the shipped drills, with how the site performs each, or of the chapters of the named ones."""
    with loading():
        from kunren.drills import choose, listed, part_of, shipped_drills

    if at is not None:
        from kunren.permission import way_of

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


def _board(
    address: str | None, *, certificate: Path | None, key: Path | None, people: tuple[str, ...], pause: str
) -> RunBoard | None:
    """The drill board that was asked for; options that need one are refused without."""
    if address is None:
        given = {"--board-certificate": certificate, "--board-key": key, "--person": people, "--pause": pause}
        for option, value in given.items():
            if value:
                raise Stop(Exit.USAGE, sentence("board.not_offered.no_board", option=option))
        return None
    with loading():
        from kunren.boarding import BoardOptions, RunBoard

    return RunBoard(BoardOptions(address=address, certificate=certificate, key=key, people=people, pause=pause))


def _stops() -> Stops:
    """The stop requests of this process."""
    return click.get_current_context().ensure_object(Stops)


def _spoken(chosen: Language | None, site: Path | None = None) -> Language:
    """The chosen language, else that of the site."""
    return chosen or ((written_language(SIMULATED) or "en") if site is None else _site(site).language)


def _site(path: Path | None, *, to_discover: bool = False) -> Site:
    """Load and validate a site file, including its simulator table."""
    with loading():
        from lab.simulator.mutations.catalogue import mutated
        from lab.site.file import load_site

    READER.of_site = written_language(path or SIMULATED) or READER.of_site
    site = load_site(path or SIMULATED, os.environ, to_discover=to_discover)
    MASKING.hide(site.secrets())
    mutated(site.simulation.mutations if site.simulation else ())
    return site
