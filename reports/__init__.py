"""Reports: the record in, files out. Everything is computed from the journal, so it can be done again years later."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from journal.annotations import Annotations
from journal.files import write_bytes, write_file
from journal.reader import RecordUnreadable
from journal.record import DrillRecord
from reports import judge
from reports.judge import Verdict
from reports.load import load_record
from reports.owning import RECORD
from reports.page.annotated import NONE
from reports.page.html import STYLE, stream, style_of
from reports.page.pictures import Gallery
from reports.record import to_json
from words import words_of

__all__ = ["RecordUnreadable", "Written", "file_name", "write", "write_folder", "write_reports"]


def file_name(language: str, of_run: str) -> str:
    """The report in the run's own language is report.html; one in another lies beside it under its own name."""
    return "report.html" if language == of_run else f"report.{language}.html"


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and the verdict they tell."""

    record: Path
    html: Path
    verdict: Verdict


def write_reports(
    folder: Path, language: str | None = None, *, into: Path | None = None, first: bool = False
) -> Written:
    """Writes record.json and the report of the journal in `folder`, there or `into` another. Raises RecordUnreadable.

    Without a language the report is in that of the run, whose own `first` writing this may be.
    """
    return write(load_record(folder, first=first), folder, into or folder, language)


def write_folder(
    record: DrillRecord, folder: Path, into: Path, language: str | None, annotations: Annotations = NONE
) -> Written:
    """The report as a page with its style and its pictures beside it, for servers that allow none inside a page."""
    words = words_of(language or record.language)
    gallery = Gallery(record, folder)
    page = into / file_name(words.language, record.language).replace("report", "index")
    for name, content in gallery.files():
        write_bytes(into / name, content)
    write_file(into / STYLE, style_of(record, words))
    write_file(page, stream(record, gallery, words, annotations, linked=True))
    return Written(folder / RECORD, page, judge.verdict(record))


def write(
    record: DrillRecord, folder: Path, into: Path, language: str | None, annotations: Annotations = NONE
) -> Written:
    """The same of a record that has been read from `folder` already, with what people have added to it since."""
    words = words_of(language or record.language)
    html = into / file_name(words.language, record.language)
    written = Written(into / RECORD, html, judge.verdict(record))
    write_file(written.record, to_json(record))
    write_file(written.html, stream(record, Gallery(record, folder), words, annotations))
    return written
