"""The command that reads a folder of records over time."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kunren.commands.options import language_option, speak_as
from kunren.ending import Misused
from kunren.signals import loading
from kunren.terminal import READER, tell
from words import sentence


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("records"), metavar="[DIR]")
@click.option("--site", type=click.Path(path_type=Path), help="Site file: this site only, with its intervals.")
@click.option(
    "--to",
    "form",
    type=click.Choice(["text", "html", "csv"]),
    default="text",
    help="Text, one page with pictures, or a table for spreadsheets (default: text).",
)
@click.option("--out", type=click.Path(path_type=Path), help="File (default: history.html or history.csv).")
@click.option(
    "--require",
    "required",
    type=click.Choice(["proofs", "drills", "actions"]),
    multiple=True,
    help="Exit code 1 if a point is not proven, a drill or a corrective action is overdue; may be repeated.",
)
@click.option("--thorough", is_flag=True, help="Read every record again, whatever its size and times.")
@click.option("--index", type=click.Path(path_type=Path), help="File of the index (default: DIR/history.sqlite).")
@language_option(help="Language (default: that of the site file).", expose_value=False)
def history(
    *,
    folder: Path,
    site: Path | None,
    form: Literal["text", "html", "csv"],
    out: Path | None,
    required: tuple[Literal["proofs", "drills", "actions"], ...],
    thorough: bool,
    index: Path | None,
) -> int:
    """Tell what the records below DIR (default: records) show over time.

    Trends of RTO, RPO and durations with their bounds, the last proof of each point of the guide and whether it still
    holds, changes found on hosts, overdue drills, open corrective actions, retention. Only records that changed are
    read again. Simulated and real runs are never mixed. Nothing is deleted, and no record is written to. Exit codes:
    0; 1 what --require names is not so; 2 usage; 4 a record is altered, gone, unreadable, of a newer Kunren or from
    the future, or it is not known whether what --require names is so.
    """
    with loading():
        from kunren.console import terminal
        from kunren.records import uncollected
        from kunren.records.history import Wanted, exit_of, look, now, require_intervals, show, write
        from words import words_of

    if form == "text" and out is not None:
        raise Misused(sentence("history.out_needed"))
    speak_as(site)
    known = now()
    if site is not None:
        with loading():
            from kunren.records.history_site import of_site

        known = of_site(known, site)
    words = words_of(READER.language)
    with uncollected():
        found = look(Wanted(folder=folder, now=known, index=index, thorough=thorough))
        require_intervals(found, required)
        if form == "text":
            show(found, words, terminal())
        else:
            out = out or Path(f"history.{form}")
            write(found, words, form, out)
            tell(f"history: {out}")
        return exit_of(found, required)
