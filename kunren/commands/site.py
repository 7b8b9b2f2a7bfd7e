"""Commands for a site: its file, what is found there, whether it is ready, who holds it, what was left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kunren.commands.options import LANGUAGE, SITE, Number, language_option, site_of, stops_of_run
from kunren.exits import Exit, Stop
from kunren.signals import loading
from kunren.sites.answers import ASKED, option_of
from kunren.terminal import tell
from words import Language, sentence

if TYPE_CHECKING:
    from kunren.people.interview import Interview
    from lab.site.file import Site


def _answers(command: Callable[..., int]) -> Callable[..., int]:
    """An option for each answer that a site file needs."""
    for key, asked in reversed(tuple(ASKED.items())):
        command = click.option(option_of(key), key.replace(".", "__"), metavar="TEXT", help=asked.help)(command)
    return command


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default="site.toml")
@language_option(help="Language of the questions, the comments and the site.")
@_answers
@click.option("--yes", is_flag=True, help="Ask nothing: the options are the answers.")
@click.option(
    "--schema/--no-schema", default=True, show_default=True, help="Name the JSON Schema for editors, and write it."
)
def init(*, file: Path, language: Language | None, yes: bool, schema: bool, **given: str | None) -> int:
    """Ask for the data of a site and write a commented site FILE (default: site.toml) that permits nothing.

    Each answer is tried at once, without changing anything: name resolution, port, login, virtual machines, Garoon.
    An existing file is never overwritten. Exit codes: 0 written, 2 usage, 130 stopped; nothing is written on 2 and 130.
    """
    with loading():
        from kunren.sites.init import new_site_file, write

    answers = {key.replace("__", "."): text for key, text in given.items() if text is not None}
    try:
        text = new_site_file(file, answers, language, attended=not yes, schema=schema)
    except KeyboardInterrupt:
        raise Stop(Exit.STOPPED, sentence("init.stopped")) from None
    stops_of_run().hold()
    write(file, text, schema=schema)
    return Exit.PASSED


@click.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file.")
@click.option("--out", type=click.Path(path_type=Path), help="Discovery file (default: beside the site file).")
@click.option("--replace", is_flag=True, help="Replace a discovery file that is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@language_option(help="Language (default: the site's).", expose_value=False)
def discover(*, site: Path, out: Path | None, replace: bool, as_json: bool) -> int:
    """Find Arcserve RHA's commands on the hosts of a site.

    Only reads. Writes a discovery file, and once a site profile beside the site file to correct by hand; says for each
    operation whether the site confirms it. Exit codes: 0 all are confirmed, 4 something is missing or different,
    3 a host does not respond.
    """
    with loading():
        from kunren.sites.discover import discover as discover_rha

    return discover_rha(site_of(site, to_discover=True), out, replace=replace, as_json=as_json)


@click.command()
@SITE
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="RECORD",
    help="Tell what has changed since (default: the newest record of the site below records/).",
)
@click.option("--ask", is_flag=True, help="Ask at this terminal what only people can see, once the rest is checked.")
def check(*, site: Path | None, language: Language | None, as_json: bool, since: Path | None, ask: bool) -> int:
    """Check whether a site is ready for drills: reads only, nothing is changed.

    Hosts, RHA's services and scenario, the virtual machine and its networks, Garoon, and this machine. With --ask
    what people say is told as theirs, and changes no exit code. Exit codes: 0 ready, 2 usage or site file, 3 not
    ready.
    """
    with loading():
        from kunren.machine import require_machine
        from kunren.sites import check as preflight

    chosen = site_of(site)
    spoken = language or chosen.language
    interview = _interview(chosen, as_json=as_json) if ask else None
    require_machine()
    found = preflight.check(chosen, spoken, preflight.former_of(chosen, since))
    if interview is not None:
        found = interview.held(found)
    if as_json:
        tell(preflight.as_json(found, chosen, spoken))
    else:
        tell(*preflight.sheet(found, chosen, spoken))
    return preflight.exit_of(found)


def _interview(site: Site, *, as_json: bool) -> Interview:
    """Raises Stop where no person can be asked."""
    with loading():
        from kunren.console import terminal
        from kunren.people.interview import Interview, require_terminal
        from lab.clock import SystemClock

    if as_json:
        raise Stop(Exit.USAGE, sentence("check.ask.with_json"))
    require_terminal()
    return Interview(limit=site.limits.answer, now=SystemClock(site.time_zone).now, console=terminal())


@click.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file of a real site.")
@click.option("--confirm", metavar="SITE", help="Confirm the removal by repeating the name of the site.")
@click.option("--list", "listing", is_flag=True, help="List the entries and exit.")
@language_option(help="Language (default: the site's).", expose_value=False)
def clean(*, site: Path, confirm: str | None, listing: bool) -> int:
    """Find and remove canary and drill entries that killed runs have left in Garoon.

    Only entries with the exact title of a drill that are private to the drill's user. They are listed first and
    removed with --confirm. Exit codes: 0 no entries are left, 2 permission or confirmation is missing, 3 Garoon does
    not respond or a drill is in progress, 4 the remaining entries are unknown, 5 entries could not be removed.
    """
    with loading():
        from kunren.sites.clean import clean as clean_garoon

    chosen = site_of(site)
    return clean_garoon(chosen, confirm, listing=listing)


@click.command()
@click.option("--site", type=click.Path(path_type=Path), required=True, help="Site file of a real site.")
@language_option(help="Language (default: the site's).", expose_value=False)
def status(*, site: Path) -> int:
    """Tell who holds a site, what a run that died there left behind, and where the virtual machine runs.

    Only asks, and reads what the last run left in its record below records/. Exit codes: 0 no run has left anything,
    3 the host with the lease does not respond, 4 as 0, but a host or the Control Service could not be read, or the
    virtual machine does not run on the master host alone, 5 a run
    that died has left something, or the last one a lab that is not as it was before.
    """
    with loading():
        from kunren.running.afterwards import status as site_status

    return site_status(site_of(site))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON: endpoints and logins.")
@click.option(
    "--speed",
    type=Number(min=0.1, max=3600),
    default=60.0,
    show_default=True,
    help="Time scale: lab seconds per wall-clock second.",
)
@SITE
def lab(*, as_json: bool, speed: float, site: Path | None) -> int:
    """Serve the simulated lab until stopped."""
    with loading():
        from kunren.sites.lab import serve_lab

    serve_lab(site_of(site), speed=speed, as_json=as_json)
    return Exit.PASSED
