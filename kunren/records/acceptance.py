"""What `kunren compare` compares with, what is expected of it, and the document for a change ticket."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from journal.course import RunBegan
from journal.entry import Instant
from journal.files import open_file, write_bytes, write_file
from journal.reader import first_line
from journal.record import DrillRecord
from journal.seal import JOURNAL
from kunren.exits import Exit, Stop
from kunren.terminal import say
from lab.clock import SystemClock
from lab.errors import SiteError
from lab.site.acceptance_terms import read_acceptances
from reports import RecordUnreadable
from reports.acceptance.differences import Expected
from reports.acceptance.document import GENERATOR, html, markdown
from reports.acceptance.sheet import Held, Sheet, passed
from reports.history.folder import SLACK
from reports.load import load_record
from reports.owning import environment_of
from words import Words, reason, sentence

Form = Literal["text", "html", "pdf", "md"]
BEGINNING = 4096
"""Bytes of a file in which it says who has written it."""
END_OF_PDF = b"% " + GENERATOR.encode() + b"\n"


def read_expected(path: Path | None) -> tuple[Expected, ...]:
    """Raises Stop with one sentence for each mistake of the file."""
    if path is None:
        return ()
    try:
        found = read_acceptances(path)
    except SiteError as error:
        raise Stop(Exit.USAGE, *error.sentences) from error
    return tuple(
        Expected(
            difference=each.difference,
            who=each.who,
            why=each.why,
            until=date.fromisoformat(each.until),
            drill=each.drill,
            step=each.step,
            texts=each.texts,
        )
        for each in found
    )


def last_passed(folder: Path, record: Path, count: int) -> tuple[tuple[Path, DrillRecord], ...]:
    """The latest first: runs of the record's site and drills before it that passed. Raises Stop without any."""
    try:
        like = load_record(record)
        next(folder.iterdir(), None)
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("history.no_folder", folder=folder, reason=reason(error))) from error
    left_out: Counter[str] = Counter(unread=0, altered=0, others=0)
    found: dict[str, tuple[Path, DrillRecord]] = {}
    for path in _earlier(folder, like, left_out):
        if len(found) == count:
            break
        try:
            run = load_record(path)
        except RecordUnreadable:
            left_out["unread"] += 1
            continue
        if run.journal.contradictions:
            left_out["altered"] += 1
        elif environment_of(run) is environment_of(like) and passed(run):
            found.setdefault(run.journal.sha256, (path, run))
        else:
            left_out["others"] += 1
    if not found:
        raise Stop(Exit.USAGE, sentence("acceptance.refused.none_passed", folder=folder, **left_out))
    if any(left_out.values()):
        say(sentence("acceptance.left_out", folder=folder, **left_out))
    return tuple(found.values())


def _earlier(folder: Path, like: DrillRecord, left_out: Counter[str]) -> Iterator[Path]:
    """Records of this site and these drills before the run, as their first lines have it; the latest first."""
    found: list[tuple[datetime, Path]] = []
    for path in sorted(each.parent for each in folder.glob(f"**/{JOURNAL}")):
        try:
            began = first_line(path / JOURNAL).entry()
        except RecordUnreadable:
            began = None
        if not isinstance(began, RunBegan):
            left_out["unread"] += 1
        elif (began.record, began.at) == (like.id, like.began):
            continue
        elif _alike(began, like) and not _ahead(began.at):
            found.append((began.at.wall, path))
        else:
            left_out["others"] += 1
    yield from (path for _, path in sorted(found, key=lambda each: each[0], reverse=True))


def _alike(began: RunBegan, like: DrillRecord) -> bool:
    drills = [drill.drill for drill in began.drills] == [drill.id for drill in like.drills]
    return drills and began.site == like.site and began.at.wall < like.began.wall


def from_the_future(run: DrillRecord) -> bool:
    """By the clock of this machine, beyond what clocks differ by."""
    return _ahead(run.began)


def _ahead(began: Instant) -> bool:
    return began.wall > SystemClock().now() + SLACK


def write(held: Held, words: Words, form: Form, out: Path) -> None:
    """Writes the document in place of one that Kunren has written. Raises Stop where another's file has the name."""
    sheet = Sheet(held, words)
    try:
        if os.path.lexists(out) and not _own(out):
            raise Stop(Exit.USAGE, sentence("acceptance.refused.not_own", file=out))
        out.parent.mkdir(parents=True, exist_ok=True)
        match form:
            case "pdf":
                write_bytes(out, _printed(sheet, words) + END_OF_PDF)
            case "md":
                write_file(out, markdown(sheet, words))
            case _:
                write_file(out, html(sheet, words))
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("history.unwritable", file=out, reason=reason(error))) from error


def _own(path: Path) -> bool:
    with open_file(path) as file:
        content = file.read()
    return GENERATOR.encode() in content[:BEGINNING] or content.endswith(END_OF_PDF)


def _printed(sheet: Sheet, words: Words) -> bytes:
    from lab.drivers.garoon.printing import pdf_of  # noqa: PLC0415 (Playwright takes long to load)

    with tempfile.TemporaryDirectory(prefix="kunren-") as scratch:
        page = Path(scratch) / "comparison.html"
        write_file(page, html(sheet, words))
        try:
            return pdf_of(page)
        except SiteError as error:
            raise Stop(Exit.NOT_READY, *error.sentences) from error
