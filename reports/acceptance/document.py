"""The document for a change ticket: one HTML file that needs nothing else, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import version

from markupsafe import Markup

from journal.course import Outcome
from reports.acceptance.sheet import Sheet
from reports.page.html import css_text, environment_of, style
from reports.page.rows import Row, Table
from reports.page.summary import MARKS, plain
from words import Words

GENERATOR = "Kunren comparison"
"""What a document says that it was made by: one without it is not overwritten."""
OF_A_LIST = re.compile(r"(?<=\d)<!-- -->(?=[.)])")
"""What keeps a number from beginning a list, which none does in a table."""


def html(sheet: Sheet, words: Words) -> Iterator[str]:
    environment = environment_of(words)
    sheets = resources.files("reports").joinpath("templates")
    own = "".join(sheets.joinpath(f"{name}.css").read_text(encoding="utf-8") for name in ("history", "acceptance"))
    margins = f"@top-left {{ content: {css_text(sheet.title)}; }}"
    if sheet.simulated:
        margins += f" @top-right {{ content: {css_text(words('report.simulated'))}; }}"
    styled = Markup(f"{style()}{own}@page {{ {margins} }}\n")  # noqa: S704 (Kunren's own)
    environment.globals |= {"w": words, "style": styled, "generator": GENERATOR}
    yield from environment.get_template("acceptance.html.jinja").generate(sheet=sheet, renderer=version("kunren"))


def markdown(sheet: Sheet, words: Words) -> Iterator[str]:
    yield f"<!-- {GENERATOR} {version('kunren')} -->\n"
    simulated = f" – {words('report.simulated')}" if sheet.simulated else ""
    yield f"# {MARKS[sheet.outcome]} {plain(f'{sheet.title} – {sheet.verdict}{simulated}')}\n\n"
    if sheet.simulated:
        yield f"**{plain(words('acceptance.simulated'))}**\n\n"
    yield from (f"- {plain(line)}\n" for line in sheet.said)
    if sheet.nothing:
        yield f"\n{plain(sheet.nothing)}\n"
    for table in sheet.tables:
        yield from _table(table)
    if sheet.pictures_told:
        yield f"\n{plain(sheet.pictures_told)}\n"
    yield from _table(sheet.sign_off)


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {plain(table.title)}\n\n"
    yield f"| {' | '.join(map(plain, table.head))} |\n|{' --- |' * len(table.head)}\n"
    yield from (f"| {' | '.join(_cells(row))} |\n" for row in table.rows)


def _cells(row: Row) -> Iterator[str]:
    mark = f"{MARKS[row.outcome]} " if row.outcome in MARKS and isinstance(row.outcome, Outcome) else ""
    first, *rest = (OF_A_LIST.sub("", plain(cell)) for cell in row.cells)
    yield f"{mark}{first}"
    yield from rest
