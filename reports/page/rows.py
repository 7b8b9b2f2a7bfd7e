"""Tables of documents that are made of rows of plain texts."""

from __future__ import annotations

from dataclasses import dataclass

from journal.course import Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of a table; `outcome` is the mark of its first."""

    cells: tuple[str, ...]
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
