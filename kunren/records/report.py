"""`kunren report`: writes the report of a record again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import reports
from journal.annotations import Annotations, AnnotationsUnreadable, read_annotations
from journal.files import write_bytes
from journal.record import Contradiction, DrillRecord
from journal.seal import SealUnreadable, content_of, is_sealed, read_seal
from kunren.exits import Exit, Stop
from kunren.records import Form, exporting, uncollected
from kunren.records.one_page import write_pdf, write_summary
from kunren.running.verdict import verdict_lines, verdict_told
from kunren.terminal import say
from reports import RecordUnreadable
from reports.load import JOURNAL, load_record
from reports.owning import RECORD
from reports.page.annotated import NONE
from words import Language, Listed, reason, sentence

REASONS = (
    Contradiction.CHAIN,
    Contradiction.SEAL,
    Contradiction.JOURNAL,
    Contradiction.ENVIRONMENT,
    Contradiction.SITE,
    Contradiction.UNREADABLE,
)
"""Why a record is not one that its run has left."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Where the report is, the lines that tell its verdict, and how the command ends."""

    html: Path
    verdict: tuple[str, ...]
    code: Exit


Writer = Callable[[DrillRecord, Path, Path, Language | None, Annotations], reports.Written]
"""Of the record in a folder, into another, in a language, with what people have added."""
BESIDE: Mapping[str, Writer] = {
    "folder": reports.write_folder,
    "junit": exporting.write_junit,
    "csv": exporting.write_tables,
    "cucumber": exporting.write_messages,
    "cucumber-json": exporting.write_cucumber_json,
    "allure": exporting.write_allure,
    "openmetrics": exporting.write_metrics,
}
"""Forms that are written beside the record, which verifies as it was."""
WITHIN: Mapping[str, Writer] = {"pdf": write_pdf, "md": write_summary, "summary": exporting.append_summary}


def rewrite(folder: Path, language: Language | None, out: Path | None, form: Form = "html") -> Rewritten:
    """Into the record itself, or `out`; a folder of a page and its pictures, and exports, beside the record.

    What is not as the run left it makes the verdict, and so the code, unknown.
    """
    if form in BESIDE and out is None:
        out = folder.resolve().with_name(f"{folder.resolve().name}-report")
    try:
        with uncollected():
            record = load_record(folder)
        into = folder if out is None else _other(out)
        if out is None:
            _require_owned(record, folder)
        added = NONE if into == folder else _added(folder, record)
        write = _writer(form, sealed=out is None and is_sealed(folder))
        written = write(record, folder, into, language, added)
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        raise Stop(Exit.USAGE, sentence("rewrite.unwritable", folder=out or folder, reason=reason(error))) from error
    spoilt = written.verdict.altered or written.verdict.contradictions
    if is_sealed(folder):
        _tell_of_key(folder)
    spoken = language or record.language
    return Rewritten(
        written.html, verdict_lines(verdict_told(written.verdict), spoken), Exit.UNKNOWN if spoilt else Exit.PASSED
    )


def _tell_of_key(folder: Path) -> None:
    from kunren.records.verify import unknown_key  # noqa: PLC0415  # with it comes what sites are made of

    if key := unknown_key(folder):
        say(sentence("rewrite.unknown_key", id=key))


def _writer(form: Form, *, sealed: bool) -> Writer:
    if form == "html":
        return _write_sealed if sealed else reports.write
    return BESIDE.get(form) or WITHIN[form]


def _added(folder: Path, record: DrillRecord) -> Annotations:
    """What people have added, for a report beside the one that the seal covers; what was altered is left out."""
    try:
        return read_annotations(folder, record.journal.head)
    except AnnotationsUnreadable as error:
        say(error.why)
        return NONE


def _write_sealed(
    record: DrillRecord, folder: Path, _into: Path, language: Language | None, _added: Annotations
) -> reports.Written:
    """What was sealed is never written again with other bytes; what was not there is added."""
    try:
        sealed = read_seal(folder).seal.rendered.files
    except SealUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    with tempfile.TemporaryDirectory() as scratch:
        written = reports.write(record, folder, Path(scratch), language)
        for path in (written.record, written.html):
            own, kept = content_of(path), folder / path.name
            if path.name in sealed and {own, *([content_of(kept)] if kept.exists() else [])} != {sealed[path.name]}:
                raise Stop(Exit.USAGE, sentence("rewrite.sealed", file=kept, folder=folder))
        for path in (written.record, written.html):
            write_bytes(folder / path.name, path.read_bytes())
    return replace(written, record=folder / written.record.name, html=folder / written.html.name)


def _require_owned(record: DrillRecord, folder: Path) -> None:
    reasons = tuple(
        sentence(f"rewrite.{each.value}", file=folder / RECORD, line=record.journal.broken)
        for each in REASONS
        if each in record.journal.contradictions
    )
    if reasons:
        raise Stop(
            Exit.USAGE, Listed((*reasons, sentence("rewrite.changed", folder=folder)), "report.between_sentences")
        )


def _other(out: Path) -> Path:
    """A folder for reports that is not itself a record, so that no record is overwritten."""
    out.mkdir(parents=True, exist_ok=True)
    if (out / JOURNAL).exists():
        raise Stop(Exit.USAGE, sentence("rewrite.record", folder=out))
    return out
