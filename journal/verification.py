"""What of a record shows that it is as its run left it: its chain, and its seal. Nothing of it is believed before."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from journal.chain import LONGEST, Chain, lines_of
from journal.course import Environment, RunBegan, RunEnded
from journal.entry import SCHEMA
from journal.files import open_file
from journal.reader import JournalText
from journal.seal import (
    JOURNAL,
    SEAL,
    Seal,
    SealedFile,
    SealedJournal,
    SealUnreadable,
    Signed,
    content_of,
    is_sealed,
    kinds_in,
    read_seal,
)
from journal.seen import HostSeen
from lab.model.hosts import SIMULATED
from words import Explained, Told, reason, sentence


class Mark(Enum):
    """What is known of a question; `TOLD` is of one that no record can answer, or none has to."""

    PROVEN = "✓"
    ALTERED = "✕"
    UNKNOWN = "?"
    TOLD = "–"


class Topic(Enum):
    CONSISTENT = "consistent"
    COMPLETE = "complete"
    SEALED = "sealed"
    TIMED = "timed"
    ANNOTATED = "annotated"
    RENDERED = "rendered"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class Finding:
    topic: Topic
    mark: Mark
    told: Told


class NotARecord(Explained):
    """There is nothing to verify, or nothing that this Kunren can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A journal as far as its seal covers it; `flaw` is of the first line that is none."""

    journal: SealedJournal
    broken: int | None
    unchained: bool
    whole: bool
    flaw: Told | None
    record: str = ""
    environment: str = ""
    site: str = ""
    simulated_host: bool = False
    ended: bool = False

    @property
    def simulated(self) -> bool:
        return self.environment == Environment.SIMULATED.value or self.simulated_host


class _Facts:
    """What lines say that a seal says as well."""

    def __init__(self) -> None:
        self.record = self.environment = self.site = ""
        self.simulated_host = self.ended = False

    def take(self, number: int, fields: Mapping[str, Any]) -> None:
        what = fields.get("what")
        self.ended = what == RunEnded.what
        if number == 1 and what == RunBegan.what:
            site = fields.get("site")
            self.record, self.environment = str(fields.get("record") or ""), str(fields.get("environment"))
            self.site = str(site.get("name")) if isinstance(site, dict) else ""
            schema = fields.get("schema")
            if isinstance(schema, int) and schema > SCHEMA:
                raise NotARecord(sentence("verify.newer_journal", schema=schema, known=SCHEMA))
        elif what == HostSeen.what:
            self.simulated_host = self.simulated_host or SIMULATED in str(fields.get("os"))

    def all(self) -> dict[str, Any]:
        return dict(vars(self))


def journal_of(text: JournalText, size: int) -> Journal:
    """Of one that has been read already."""
    facts = _Facts()
    for line in text.lines:
        facts.take(line.number, line.fields)
    return Journal(
        journal=SealedJournal(entries=text.entries, size=size, head=text.head, sha256=text.sha256),
        broken=text.broken,
        unchained=text.unchained,
        whole=text.whole,
        flaw=None,
        **facts.all(),
    )


def read_journal(path: Path) -> Journal:
    """Line by line, however long it is. Raises NotARecord and OSError."""
    digest, chain, facts = hashlib.sha256(), Chain(), _Facts()
    entries = size = 0
    whole, flaw = True, None
    with open_file(path) as file:
        for number, line in enumerate(lines_of(file), 1):
            digest.update(line)
            size += len(line)
            whole = line.endswith(b"\n")
            if not whole and len(line) == LONGEST:
                raise NotARecord(sentence("errors.journal.too_long", number=number, file=path))
            if not whole:
                continue
            entries = number
            fields = _fields(line)
            if flaw is None and (fields is None or fields.get("n") != number):
                flaw = sentence("verify.no_line", number=number)
            fields = fields or {}
            facts.take(number, fields)
            chain.take(line[:-1], fields.get("prev"))
    return Journal(
        journal=SealedJournal(entries=entries, size=size, head=chain.head, sha256=digest.hexdigest()),
        broken=chain.broken,
        unchained=chain.unchained,
        whole=whole,
        flaw=flaw,
        **facts.all(),
    )


def _fields(line: bytes) -> Mapping[str, Any] | None:
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


# -- the chain ---------------------------------------------------------------------------------------------------------


def consistent(journal: Journal) -> Finding:
    """Whether each line follows from the one before it."""
    topic = Topic.CONSISTENT
    if journal.flaw is not None:
        return Finding(topic, Mark.ALTERED, journal.flaw)
    if journal.broken is not None:
        return Finding(topic, Mark.ALTERED, sentence("verify.broken", line=journal.broken))
    if journal.unchained:
        return Finding(topic, Mark.UNKNOWN, sentence("verify.unchained"))
    return Finding(topic, Mark.PROVEN, sentence("verify.consistent", n=journal.journal.entries))


# -- the seal ----------------------------------------------------------------------------------------------------------


def seal_of(folder: Path) -> Signed | Told | None:
    """The seal of a record, None where there is none, or why what is there is none."""
    if not is_sealed(folder):
        return None
    try:
        return read_seal(folder)
    except SealUnreadable as error:
        return error.why
    except OSError as error:
        return sentence("verify.unreadable", file=SEAL, reason=reason(error))


def complete(folder: Path, journal: Journal | None, seal: Seal | None) -> Iterator[Finding]:
    """Whether all is there, and nothing else: the journal to its end, and the files that the seal names."""
    topic = Topic.COMPLETE
    if seal is None:
        ended = journal is not None and journal.ended and journal.whole
        yield Finding(topic, Mark.UNKNOWN, sentence("verify.ended_unsealed" if ended else "verify.cut"))
        return
    found = (*_of_journal(journal, seal), *_of_files(folder, seal))
    yield from (Finding(topic, Mark.ALTERED, told) for told in found)
    if not found:
        n = len(seal.files) + len(seal.rendered.files)
        yield Finding(topic, Mark.PROVEN, sentence("verify.complete", entries=seal.journal.entries, n=n))


def _of_journal(journal: Journal | None, seal: Seal) -> Iterator[Told]:
    if journal is None:
        yield sentence("verify.missing", file=JOURNAL)
        return
    if journal.journal != seal.journal:
        about = {"entries": journal.journal.entries, "sealed": seal.journal.entries}
        yield sentence("verify.other_journal", **about)
    if (journal.record, journal.site) != (seal.record, seal.site) or journal.environment != seal.environment.value:
        yield sentence("verify.other_run")
    if journal.simulated is not seal.simulated:
        yield sentence("verify.claims_real" if journal.simulated else "verify.claims_simulated")


def _of_files(folder: Path, seal: Seal) -> Iterator[Told]:
    covered, rendered = kinds_in(folder)
    yield from _compared(folder, seal.files, covered)
    yield from (sentence("verify.extra", file=_shown(name)) for name in sorted(covered.keys() - seal.files.keys()))
    yield from _compared(folder, seal.rendered.files, rendered)


def _compared(folder: Path, sealed: Mapping[str, SealedFile], present: Mapping[str, bool]) -> Iterator[Told]:
    for name, content in sorted(sealed.items()):
        if name not in present:
            yield sentence("verify.missing", file=_shown(name))
        elif not present[name] or _content_of(folder / name, content.size) != content:
            yield sentence("verify.altered", file=_shown(name))


def uncovered(folder: Path, seal: Seal) -> Iterable[str]:
    """Reports that were written after the seal. Raises OSError."""
    _, rendered = kinds_in(folder)
    return sorted(rendered.keys() - seal.rendered.files.keys())


def _content_of(path: Path, size: int) -> SealedFile | None:
    """Not read at all where it has another size, which may be one of gigabytes."""
    try:
        return content_of(path) if path.lstat().st_size == size else None
    except OSError:
        return None


def _shown(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def sealed(found: Signed | Told | None, journal: Journal | None, trusted: Mapping[str, str]) -> Iterator[Finding]:
    """By whom it was sealed; `trusted` has the names of known keys by their ids."""
    topic = Topic.SEALED
    if found is None:
        cut = journal is None or not (journal.ended and journal.whole)
        yield Finding(topic, Mark.UNKNOWN, sentence("verify.not_sealed_cut" if cut else "verify.not_sealed"))
        return
    if not isinstance(found, Signed):
        yield Finding(topic, Mark.ALTERED, found)
        return
    seal, key = found.seal, found.seal.public_key
    flaws = [] if found.signed else [sentence("verify.unsigned", file=SEAL)]
    flaws += [] if found.key_file else [sentence("verify.other_key_file")]
    if key.of_simulated_runs is not seal.simulated or (seal.environment is Environment.SIMULATED) > seal.simulated:
        flaws.append(sentence("verify.wrong_kind_of_key"))
    yield from (Finding(topic, Mark.ALTERED, each) for each in flaws)
    if flaws:
        return
    about = {"id": key.id, "at": seal.sealed.isoformat(timespec="seconds"), "record": seal.record}
    if key.of_simulated_runs:
        yield Finding(topic, Mark.PROVEN, sentence("verify.by_simulated", **about))
    elif key.id in trusted:
        yield Finding(topic, Mark.PROVEN, sentence("verify.by_known", name=trusted[key.id], **about))
    else:
        yield Finding(topic, Mark.UNKNOWN, sentence("verify.by_unknown", **about))


def seal_contradicts(folder: Path, text: JournalText) -> bool:
    """Whether the seal of a record that has been read shows that it is not as its run left it."""
    if not is_sealed(folder):
        return False
    try:
        journal = journal_of(text, os.lstat(text.path).st_size)
        found = seal_of(folder)
        seal = found.seal if isinstance(found, Signed) else None
        told = (*complete(folder, journal, seal), *sealed(found, journal, {}))
    except (OSError, NotARecord):
        return True
    return any(each.mark is Mark.ALTERED for each in told)
