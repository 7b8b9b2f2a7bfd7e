"""`kunren history`: what a folder of records tells over time, as text, as a page and as a table for spreadsheets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from guide import Shown
from journal.course import Environment, Outcome
from journal.files import open_file, write_file
from journal.seal import JOURNAL
from kunren.exits import Exit, Stop
from kunren.records.keys import known_keys
from kunren.running.shipped import feature_digests
from kunren.terminal import say
from lab.clock import SystemClock
from lab.model.text import one_line
from reports.history import History, Now, StepOf, Usual, last_proven, read_history, rows, usual_times
from reports.history.course import Site
from reports.history.folder import Listed
from reports.history.index import FILE, Index, IndexUnusable, can_be_kept
from reports.history.page import GENERATOR, stream
from reports.history.proofs import Proof, State
from reports.history.sheet import Sheet
from reports.history.summary import Standing
from reports.page.rows import Table
from words import LANGUAGES, Words, reason, sentence, words_of

Form = Literal["text", "html", "csv"]
Required = Literal["proofs", "drills", "actions"]
HARMLESS = frozenset({Standing.COPY, Standing.COUNTED})
BEGINNING = 4096
"""Bytes of a file in which it says who has written it."""
TELL_EVERY = 100
MARKS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.PASSED: ("green", "✓"),
    Outcome.FAILED: ("red", "✗"),
    Outcome.UNKNOWN: ("yellow", "?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A folder, and what is known now; with a path the index is kept there."""

    folder: Path
    now: Now
    index: Path | None = None
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class SiteHistory:
    """What the records of one site tell of its procedures: usual times of steps, and the last proof of each point.

    `amiss` are records that do not count.
    """

    times: Mapping[StepOf, Usual]
    proofs: Mapping[str, Proof]
    amiss: tuple[Listed, ...] = ()


def site_history(folder: Path, known: Now) -> SiteHistory:
    """Of the site of `known` (`of_site(now(), file)`), from the records below a folder. Raises Stop.

    Both are empty where the site has no records. Real and SIMULATED runs of one name are different sites.
    """
    site = known.site
    if site is None:
        raise Stop(Exit.USAGE, sentence("history.no_site"))
    with _read(Wanted(folder=folder, now=known)) as (history, index):
        return SiteHistory(usual_times(history, index, site), last_proven(history, site), history.amiss)


def look(wanted: Wanted) -> History:
    """Reads what has changed. Raises Stop."""
    with _read(wanted) as (history, _):
        return history


@contextmanager
def _read(wanted: Wanted) -> Iterator[tuple[History, Index]]:
    folder = wanted.folder
    if (folder / JOURNAL).exists():
        raise Stop(Exit.USAGE, sentence("history.is_record", folder=folder))
    path = wanted.index or folder / FILE
    try:
        os.scandir(folder).close()
        if not can_be_kept(path):
            say(sentence("history.unkept", file=path))
        with Index(path if can_be_kept(path) else None) as index:
            if index.rebuilt:
                say(sentence("history.rebuilt"))
            yield read_history(folder, index, wanted.now, thorough=wanted.thorough, progress=_progress), index
    except IndexUnusable as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        told = sentence("history.no_folder", folder=error.filename or folder, reason=reason(error))
        raise Stop(Exit.USAGE, told) from error


def _progress(done: int, all_of_them: int) -> None:
    if done % TELL_EVERY == 0:
        say(sentence("history.reading", n=done, all=all_of_them))


def now() -> Now:
    """Without a site file."""
    keys = frozenset(each.key.id for each in known_keys())
    return Now(moment=SystemClock().now().astimezone(), features=feature_digests(), keys=keys)


# -- how it ends -------------------------------------------------------------------------------------------------------


def exit_of(history: History, required: Iterable[Required]) -> Exit:
    """What is required and is not so outranks records that do not count, and what is not known."""
    found = {code for each in required for code in _required(history, each)}
    if Exit.FAILED in found:
        return Exit.FAILED
    gone = any(each.standing not in HARMLESS and not each.may_be_gone(history.now.moment) for each in history.amiss)
    return Exit.UNKNOWN if gone or found else Exit.PASSED


def _required(history: History, what: Required) -> Iterator[Exit]:
    moment = history.now.moment
    match what:
        case "proofs":
            proofs = tuple(_judged(history))
            yield from () if proofs else (Exit.UNKNOWN,)
            for proof in proofs:
                if proof.state is not State.PROVEN:
                    yield Exit.UNKNOWN if proof.state is State.UNKNOWN else Exit.FAILED
        case "drills":
            yield from (Exit.FAILED for each in history.drills if each.overdue(moment))
        case "actions":
            yield from (Exit.FAILED for each in history.actions if each.overdue(moment))


def _judged(history: History) -> Iterator[Proof]:
    """Proofs of the wanted site; else of all real ones, which alone show anything about real hosts."""
    of: dict[Site, Iterable[Proof]] = dict(history.proofs)
    wanted = [history.now.site] if history.now.site else [each for each in of if each[1] is Environment.REAL]
    return (proof for site in wanted for proof in of.get(site, ()) if proof.point.shown is Shown.DRILL)


def require_intervals(history: History, required: Iterable[Required]) -> None:
    if "drills" in required and not history.now.intervals:
        raise Stop(Exit.USAGE, sentence("history.no_interval" if history.now.site else "history.no_site"))


# -- as text -----------------------------------------------------------------------------------------------------------


def show(history: History, words: Words, console: Console) -> None:
    """Tables in a terminal, a line for each row elsewhere."""
    sheet = Sheet(history, words)
    _lines(console, sheet.heading, *sheet.remarks, *sheet.alarms, *sheet.said)
    _table(console, sheet.amiss)
    for site in sheet.sites:
        console.print()
        console.print(Text(one_line(site.title), "bold reverse" if site.simulated else "bold"))
        if site.simulated:
            _lines(console, words("history.simulated_sentence"))
        _lines(console, *site.lines)
        for table in site.tables:
            _table(console, table)
        if site.never:
            _lines(console, site.never)
    console.print()
    for table in sheet.last:
        if table.name != "records":
            _table(console, table)


def _lines(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(Text(one_line(line)), soft_wrap=True)


def _table(console: Console, table: Table) -> None:
    """Columns that are empty are left out, and points that were never proven: a line has them."""
    rows = [row for row in table.rows if row.outcome is not Outcome.NOT_RUN]
    kept = [place for place in range(len(table.head)) if any(row.cells[place] for row in rows)]
    if not rows:
        return
    if not console.is_terminal:
        told = ("  ".join(filter(None, row.cells)) for row in rows)
        _lines(console, table.title, *(f"  {_mark(row.outcome)}{each}" for row, each in zip(rows, told, strict=True)))
        return
    grid = Grid(title=Text(table.title, "bold"), title_justify="left", expand=True)
    for place in kept:
        grid.add_column(Text(table.head[place]), overflow="fold")
    for row in rows:
        colour = MARKS[row.outcome][0] if row.outcome and row.outcome in MARKS else ""
        first, *rest = (row.cells[place] for place in kept)
        grid.add_row(Text(one_line(f"{_mark(row.outcome)}{first}"), colour), *(Text(one_line(each)) for each in rest))
    console.print(grid)


def _mark(outcome: Outcome | None) -> str:
    return f"{MARKS[outcome][1] if outcome in MARKS else '·'} " if outcome else ""


# -- as a file ---------------------------------------------------------------------------------------------------------


def write(history: History, words: Words, form: Literal["html", "csv"], out: Path) -> None:
    """Writes it in place of one that Kunren has written. Raises Stop where another's file has the name."""
    parts = stream(Sheet(history, words), words) if form == "html" else rows.stream(history, words)
    try:
        if os.path.lexists(out) and not _own(out, form):
            raise Stop(Exit.USAGE, sentence("history.not_own", file=out))
        out.parent.mkdir(parents=True, exist_ok=True)
        write_file(out, parts)
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("history.unwritable", file=out, reason=reason(error))) from error


def _own(path: Path, form: Literal["html", "csv"]) -> bool:
    with open_file(path) as file:
        begins = file.read(BEGINNING)
    if form == "html":
        return f'<meta name="generator" content="{GENERATOR} '.encode() in begins
    return any(begins.startswith(rows.header(words_of(each)).encode()) for each in LANGUAGES)
