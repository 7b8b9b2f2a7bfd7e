"""The report for paper and for tickets: report.pdf, which Chromium prints, and report.md."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Literal

from journal.annotations import Annotations
from journal.files import read_file, write_bytes, write_file
from journal.record import DrillRecord
from kunren.exits import Exit, Stop
from lab.errors import SiteError
from reports import Written, file_name, judge
from reports.owning import RECORD
from reports.page.html import stream
from reports.page.pictures import Gallery
from reports.page.summary import summary
from words import Language, Words, sentence, words_of

Paper = Literal["pdf", "md"]
MARKS = {"pdf": (b"% kunren ", b""), "md": (b"<!-- kunren ", b" -->")}
"""What surrounds the digest in the last line of a file that nobody has changed or signed since Kunren wrote it."""


def write_summary(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, annotations: Annotations
) -> Written:
    """Raises Stop where another's file has the name."""
    words = words_of(language or record.language)
    path = _free(record, into, words, "md")
    write_bytes(path, _marked(summary(record, words, annotations).encode(), "md"))
    return Written(folder / RECORD, path, judge.verdict(record))


def write_pdf(
    record: DrillRecord, folder: Path, into: Path, language: Language | None, annotations: Annotations
) -> Written:
    """Raises Stop also where no browser can print."""
    words = words_of(language or record.language)
    path = _free(record, into, words, "pdf")
    write_bytes(path, _marked(_printed(record, folder, words, annotations), "pdf"))
    return Written(folder / RECORD, path, judge.verdict(record))


def _free(record: DrillRecord, into: Path, words: Words, form: Paper) -> Path:
    path = into / Path(file_name(words.language, record.language)).with_suffix(f".{form}")
    if os.path.lexists(path) and not _own(read_file(path), form):
        raise Stop(Exit.USAGE, sentence("rewrite.not_own", file=path))
    return path


def _printed(record: DrillRecord, folder: Path, words: Words, annotations: Annotations) -> bytes:
    from lab.drivers.garoon.printing import pdf_of  # noqa: PLC0415 (Playwright takes long to load)

    with tempfile.TemporaryDirectory(prefix="kunren-") as scratch:
        page = Path(scratch) / "report.html"
        write_file(page, stream(record, Gallery(record, folder), words, annotations))
        try:
            return pdf_of(page)
        except SiteError as error:
            raise Stop(Exit.NOT_READY, *error.sentences) from error


def _marked(content: bytes, form: Paper) -> bytes:
    before, after = MARKS[form]
    content += b"" if content.endswith(b"\n") else b"\n"
    return content + before + hashlib.sha256(content).hexdigest().encode() + after + b"\n"


def _own(kept: bytes, form: Paper) -> bool:
    content, end, _ = kept[:-1].rpartition(b"\n")
    return _marked(content + end, form) == kept
