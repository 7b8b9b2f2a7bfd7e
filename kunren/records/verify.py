"""`kunren verify`: what of a record is proven, each question by itself, and what no record proves."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

import reports
from journal.annotations import AnnotationsUnreadable, read_annotations
from journal.record import Contradiction
from journal.seal import JOURNAL, Seal, Signed, content_of, is_sealed
from journal.verification import (
    Finding,
    Mark,
    NotARecord,
    Topic,
    complete,
    consistent,
    read_journal,
    seal_of,
    sealed,
    uncovered,
)
from kunren.exits import Exit, Stop
from kunren.records.keys import known_keys, public_key
from kunren.records.one_page import write_summary
from kunren.records.sealing import renderer
from kunren.records.stamping import roots_in, stamped
from reports import RecordUnreadable, judge
from reports.load import load_record
from reports.page.annotated import NONE
from words import LANGUAGES, Language, Words, reason, sentence

NOT_PROVEN = ("hosts", "clock", "others", "holder")
_REPORTS = {f"report.{language}.html": language for language in LANGUAGES}
_SUMMARIES: Mapping[str, Language | None] = {
    "report.md": None,
    **{f"report.{language}.md": language for language in LANGUAGES},
}
_PRINTED = frozenset({"report.pdf", *(f"report.{language}.pdf" for language in LANGUAGES)})
"""A browser does not write the same bytes twice."""


def unknown_key(folder: Path) -> str:
    """The id of the key that has sealed a record that says it is real, where nobody here knows that key."""
    found = seal_of(folder)
    if not isinstance(found, Signed) or found.seal.simulated:
        return ""
    key = found.seal.public_key
    return "" if any(each.key == key for each in known_keys()) else key.id


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, in the order of its topics."""

    findings: tuple[Finding, ...]

    @property
    def code(self) -> Exit:
        """What is altered outranks what is not known; what no record can prove does not count."""
        marks = {each.mark for each in self.findings}
        if Mark.ALTERED in marks:
            return Exit.FAILED
        return Exit.UNKNOWN if Mark.UNKNOWN in marks else Exit.PASSED

    def lines(self, words: Words) -> Iterator[str]:
        for each in self.findings:
            yield words(
                "verify.line",
                mark=each.mark.value,
                topic=words(f"verify.topic.{each.topic.value}"),
                said=each.told.in_(words.language),
            )
        yield words("verify.not_proven", things=words.together(words(f"verify.never.{each}") for each in NOT_PROVEN))
        yield words(f"verify.verdict.{self.code.name.lower()}")


@dataclass(frozen=True, slots=True)
class Known:
    """Names of keys by their ids, and the certificates that vouch for time-stamp authorities."""

    trusted: Mapping[str, str]
    roots: tuple[x509.Certificate, ...] = ()


def verify(folder: Path, key: Path | None, tsa: Path | None = None, *, rendering: bool = True) -> Verified:
    """`key` is known beside those of this machine, `tsa` has roots of time-stamp authorities. Raises Stop: no record.

    Without `rendering` the report is not written again to be compared, which takes most of the time.
    """
    trusted = {each.key.id: each.name for each in known_keys()}
    if key is not None:
        trusted[public_key(key).id] = key.name
    try:
        known = Known(trusted, () if tsa is None else roots_in(tsa))
        return Verified(tuple(_findings(folder, known, rendering=rendering)))
    except NotARecord as error:
        raise Stop(Exit.USAGE, error.why) from error
    except OSError as error:
        told = sentence("verify.unreadable", file=error.filename or folder, reason=reason(error))
        raise Stop(Exit.USAGE, told) from error


def _findings(folder: Path, known: Known, *, rendering: bool) -> Iterator[Finding]:
    there = os.path.lexists(folder / JOURNAL)
    if not there and not is_sealed(folder):
        raise NotARecord(sentence("verify.no_record", folder=folder))
    journal = read_journal(folder / JOURNAL) if there else None
    found = seal_of(folder)
    seal = found.seal if isinstance(found, Signed) else None
    so_far = [] if journal is None else [consistent(journal)]
    so_far += [*complete(folder, journal, seal), *sealed(found, journal, known.trusted)]
    if found is None:
        so_far += _unsealed(folder)
    yield from so_far
    if seal is not None:
        yield from stamped(folder, known.roots, simulated=seal.simulated)
    if journal is not None:
        yield from _annotated(folder, journal.journal.head, known.trusted)
    if journal is not None and rendering and not any(each.mark is Mark.ALTERED for each in so_far):
        yield from _rendered(folder, seal)


def _unsealed(folder: Path) -> Iterator[Finding]:
    """What shows without a seal: evidence that the journal has otherwise, record.json, and the clocks."""
    try:
        verdict = judge.verdict(load_record(folder))
    except RecordUnreadable as error:
        yield Finding(Topic.COMPLETE, Mark.UNKNOWN, error.why)
        return
    for each in verdict.altered:
        yield Finding(Topic.COMPLETE, Mark.ALTERED, sentence("verify.evidence", file=each.file))
    for contradiction in verdict.contradictions:
        if contradiction is not Contradiction.CHAIN:
            yield Finding(Topic.COMPLETE, Mark.ALTERED, sentence(f"alarm.{contradiction.value}"))


def _annotated(folder: Path, head: str, trusted: Mapping[str, str]) -> Iterator[Finding]:
    """Whether what people have added follows from the run, and who has signed it."""
    try:
        entries = read_annotations(folder, head).entries
    except AnnotationsUnreadable as error:
        yield Finding(Topic.ANNOTATED, Mark.ALTERED, error.why)
        return
    if not entries:
        yield Finding(Topic.ANNOTATED, Mark.TOLD, sentence("verify.no_annotations"))
        return
    yield Finding(Topic.ANNOTATED, Mark.PROVEN, sentence("verify.annotations", n=len(entries)))
    signed = Counter(each.key for each in entries)
    for key, n in signed.items():
        about: dict[str, object] = {"n": n, **({} if key is None else {"id": key.id, "name": trusted.get(key.id, "")})}
        if key is None:
            told = "verify.annotations_unsigned"
        else:
            told = "verify.annotations_by_known" if key.id in trusted else "verify.annotations_by_unknown"
        yield Finding(Topic.ANNOTATED, Mark.TOLD, sentence(told, **about))


def _rendered(folder: Path, seal: Seal | None) -> Iterator[Finding]:
    """Whether the report is what comes out of the journal, as far as this version can tell."""
    later = () if seal is None else uncovered(folder, seal)
    for name in later:
        if name not in _REPORTS and name not in _SUMMARIES:
            mark = Mark.TOLD if name in _PRINTED else Mark.UNKNOWN
            yield Finding(Topic.RENDERED, mark, sentence("verify.uncovered", file=name))
    another = seal is not None and seal.rendered.renderer != renderer()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            record = load_record(folder)
        except RecordUnreadable as error:
            yield Finding(Topic.RENDERED, Mark.ALTERED, error.why)
            return
        for language in dict.fromkeys((None, *(_REPORTS[name] for name in later if name in _REPORTS))):
            written = reports.write(record, folder, Path(scratch), language)
            for path in (written.html, *([written.record] if language is None else [])):
                mark = Mark.TOLD if another and path.name not in later else Mark.UNKNOWN
                yield from _equal(folder / path.name, path, mark)
        for name in later:
            if name in _SUMMARIES:
                summary = write_summary(record, folder, Path(scratch), _SUMMARIES[name], NONE)
                yield from _equal(folder / name, summary.html, Mark.UNKNOWN)


def _equal(kept: Path, written: Path, otherwise: Mark) -> Iterator[Finding]:
    """What differs may have been written by another renderer."""
    if not os.path.lexists(kept):
        return
    if content_of(kept) == content_of(written):
        yield Finding(Topic.RENDERED, Mark.PROVEN, sentence("verify.as_rendered", file=kept.name))
    else:
        told = "verify.other_renderer" if otherwise is Mark.TOLD else "verify.not_as_rendered"
        yield Finding(Topic.RENDERED, otherwise, sentence(told, file=kept.name))
