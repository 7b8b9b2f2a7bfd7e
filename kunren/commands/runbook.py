"""The command that writes the runbook for people."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kunren.commands.options import language_option, speak_as
from kunren.signals import loading
from kunren.terminal import READER, tell


@click.command()
@click.argument("drills", nargs=-1, metavar="[DRILL]…")
@click.option("--site", type=click.Path(path_type=Path), help="Site file: its names, contacts, owner and revision.")
@click.option("--records", type=click.Path(path_type=Path), help="Folder of records: usual times and last proofs.")
@click.option("--since", type=click.Path(path_type=Path), help="An earlier runbook, for the list of changes.")
@click.option(
    "--to",
    "form",
    type=click.Choice(["html", "pdf", "md"]),
    default="html",
    help="One page that needs no network, A4 pages, or Markdown (default: html).",
)
@click.option("--out", type=click.Path(path_type=Path), help="File (default: runbook.html, .pdf or .md).")
@language_option(help="Language (default: that of the site file).", expose_value=False)
def runbook(
    *,
    drills: tuple[str, ...],
    site: Path | None,
    records: Path | None,
    since: Path | None,
    form: Literal["html", "pdf", "md"],
    out: Path | None,
) -> int:
    """Write the runbook: what people do by hand for each DRILL (default: all that people can perform).

    A page that leads from what is seen to the procedure; for each step who, where, clicks, what to expect with limit
    and usual time, what not to do, what to do if it is not so, and when it was proven last. Without --site it has
    placeholders for names. Beside the file another one (.json) keeps what --since compares with. Nothing is sent to a
    host, and no password is needed. Exit codes: 0 written; 2 usage; 3 no browser can print.
    """
    with loading():
        from kunren.records.runbook import Wanted, look, write
        from words import words_of

    speak_as(site)
    words = words_of(READER.language)
    told = look(Wanted(drills=drills, site=site, records=records, since=since), words)
    out = out or Path(f"runbook.{form}")
    write(told, words, form, out)
    tell(f"runbook: {out}")
    return 0
