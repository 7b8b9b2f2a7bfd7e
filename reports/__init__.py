"""Reports: the record in, files out. Everything is computed from the journal, so it can be done again years later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reports import judge
from reports.html import render
from reports.journal import RecordUnreadable
from reports.judge import Verdict
from reports.load import load_record
from reports.record import to_json
from reports.words import words_of

__all__ = ["RecordUnreadable", "Written", "write_reports"]


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and the verdict they tell."""

    record: Path
    html: Path
    verdict: Verdict


def write_reports(folder: Path, language: str | None = None) -> Written:
    """Writes record.json and report.html beside the journal in `folder`. Raises RecordUnreadable.

    Without a language the report is in that of the run.
    """
    record = load_record(folder)
    written = Written(folder / "record.json", folder / "report.html", judge.verdict(record))
    written.record.write_text(to_json(record), encoding="utf-8", newline="\n")
    html = render(record, folder, words_of(language or record.language))
    written.html.write_text(html, encoding="utf-8", newline="\n")
    return written
