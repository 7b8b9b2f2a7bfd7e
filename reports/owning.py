"""Whether a journal is the run's own: its chain and seal, record.json beside it, and its clocks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from journal.course import Environment
from journal.entry import Instant
from journal.files import read_file
from journal.reader import JournalText
from journal.record import Contradiction, DrillRecord
from journal.verification import seal_contradicts

RECORD = "record.json"
APART = timedelta(minutes=1)
"""On a real site both clocks are this machine's, read one after the other."""


def environment_of(record: DrillRecord) -> Environment:
    """Simulated also where only a host says so."""
    return Environment.SIMULATED if record.simulated else record.environment


class Clocks:
    """Whether both clocks of a journal's entries run together."""

    def __init__(self) -> None:
        self._all = self._apart = 0

    def take(self, moment: Instant) -> None:
        self._all += 1
        self._apart += not -APART <= moment.lab - moment.wall <= APART

    @property
    def apart(self) -> bool:
        """As those of a simulated lab alone are."""
        return 2 * self._apart > self._all


def owned(record: DrillRecord, folder: Path, journal: JournalText, clocks: Clocks) -> DrillRecord:
    """The record, read from this journal, with what contradicts it."""
    found = (
        *record.journal.contradictions,
        *([Contradiction.SEAL] if seal_contradicts(folder, journal) else []),
        *_told_otherwise(record, folder),
        *_virtual(record, clocks),
    )
    return replace(record, journal=replace(record.journal, contradictions=found))


def _told_otherwise(record: DrillRecord, folder: Path) -> Iterator[Contradiction]:
    path = folder / RECORD
    if not os.path.lexists(path):
        return
    try:
        told = json.loads(read_file(path))
    except (OSError, ValueError, RecursionError):
        yield Contradiction.UNREADABLE
        return
    if _at(told, "journal", "sha256") != record.journal.sha256:
        yield Contradiction.JOURNAL
    if _at(told, "environment") != environment_of(record).value:
        yield Contradiction.ENVIRONMENT
    if _at(told, "site", "name") != record.site.name:
        yield Contradiction.SITE


def _virtual(record: DrillRecord, clocks: Clocks) -> Iterator[Contradiction]:
    if environment_of(record) is Environment.REAL and clocks.apart:
        yield Contradiction.CLOCKS


def _at(told: Any, *path: str) -> Any:
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told
