"""Reports: the record in, files out. Everything is computed from the journal, so it can be done again years later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports.html import render
from reports.journal import RecordUnreadable
from reports.load import load
from reports.record import to_json
from reports.words import words

__all__ = ["RecordUnreadable", "Written", "write_reports"]


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written."""

    record: Path
    html: Path


def write_reports(folder: Path, language: str) -> Written:
    """Writes record.json and report.html beside the journal in `folder`. Raises RecordUnreadable."""
    record = load(folder)
    written = Written(folder / "record.json", folder / "report.html")
    written.record.write_text(to_json(record), encoding="utf-8", newline="\n")
    written.html.write_text(render(record, folder, words(language)), encoding="utf-8", newline="\n")
    return written
