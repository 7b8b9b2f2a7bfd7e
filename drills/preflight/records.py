"""What former records tell of a site: what it was the last time, and when its integrity test was made last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drills.preflight.changes import FACTS, Former, SiteFacts
from journal.course import Environment, RunBegan
from journal.reader import RecordUnreadable, first_line, read_journal
from journal.seen import EventSeen
from words import Quoted, sentence

JOURNAL = "journal.jsonl"
KINDS = frozenset(kind.what for kind in FACTS)
READY = "assured_recovery_ready"
"""The event that an integrity test of Assured Recovery is ready, as profiles call it."""
TEST = "6-1."
"""What points of the guide about it begin with."""


@dataclass(frozen=True, slots=True)
class SiteRecords:
    """The records in a folder that are of one site, but for this run's own; one that cannot be read is none."""

    folder: Path
    site: str
    simulated: bool
    own: Path | None = None

    def newest(self) -> Former | None:
        """The newest whose run has seen the state of the site; else the newest whose run has asked it.

        A run that found a host silent was told too little for a comparison to show anything.
        """
        asked: Former | None = None
        for _, record in self.newest_first():
            try:
                found = former(record)
            except RecordUnreadable:
                continue
            if found is not None and found.facts.state is not None:
                return found
            asked = asked or found
        return asked

    def tested(self) -> datetime | None:
        """When a run has seen last that an integrity test was ready, by that run's clock."""
        for began, record in self.newest_first():
            if not any(point.startswith(TEST) for drill in began.drills for point in drill.guide):
                continue
            try:
                entries = [line.entry() for line in read_journal(record / JOURNAL).lines if line.what == EventSeen.what]
            except RecordUnreadable:
                continue
            seen = [each.at.lab for each in entries if isinstance(each, EventSeen) and each.kind == READY]
            if seen:
                return max(seen)
        return None

    def has(self, began: RunBegan) -> bool:
        simulated = began.environment is Environment.SIMULATED
        return (began.site.name, simulated) == (self.site, self.simulated)

    def newest_first(self) -> list[tuple[RunBegan, Path]]:
        return sorted(self._readable(), key=lambda each: each[0].at.wall, reverse=True)

    def _readable(self) -> Iterator[tuple[RunBegan, Path]]:
        for record in (journal.parent for journal in self.folder.glob(f"*/{JOURNAL}")):
            try:
                began = beginning(record)
            except RecordUnreadable:
                continue
            if record != self.own and self.has(began):
                yield began, record


def former(record: Path) -> Former | None:
    """Of one record; None where its run had not asked the site. Raises RecordUnreadable."""
    journal = read_journal(record / JOURNAL)
    facts = SiteFacts()
    for line in journal.lines:
        if line.what in KINDS and (entry := line.entry()) is not None:
            try:
                facts.take(entry)
            except ValueError as error:  # a term of another Kunren
                raise line.unreadable(Quoted(str(error))) from error
    return Former(record, journal.lines[0].instant().wall, facts) if facts.groups else None


def beginning(record: Path) -> RunBegan:
    """Raises RecordUnreadable."""
    line = first_line(record / JOURNAL)
    began = line.entry()
    if not isinstance(began, RunBegan):
        raise RecordUnreadable(sentence("errors.journal.no_beginning", file=line.journal))
    return began
