"""The index of a folder of records: SQLite beside them, made again from the records whenever it is not there.

`known` outlives every form of the index: it alone tells of a record that has vanished, or was another before.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Self

from journal.codecs import NotAsPromised
from journal.files import open_file
from reports.history.summary import Reading, StepTime
from words import Explained, Quoted, reason, sentence

FILE = "history.sqlite"
APPLICATION = 0x4B554E52
"""Marks a file as Kunren's; SQLite keeps it for that."""
VERSION = 3
"""Of what is read of a record: another version reads every record again."""
PATIENCE = 20.0
"""Seconds to wait for another process that writes."""
TABLES: Mapping[str, str] = {
    "known": "place TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, seal TEXT, record TEXT, site TEXT, environment TEXT,"
    " began TEXT, retention_years INTEGER, first TEXT",
    "reading": "place TEXT PRIMARY KEY, look TEXT, told TEXT, steps TEXT",
}


class IndexUnusable(Explained):
    """A file that has the index's name is not one, or cannot be read or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a record was when the index first had it: `first` is when that was."""

    place: str
    sha256: str
    size: int
    seal: str
    record: str
    site: str
    environment: str
    began: str
    retention_years: int
    first: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a record when its files looked so."""

    look: str
    reading: Reading


COLUMNS = tuple(each.name for each in fields(Known))
READ = "place,look,told"


class Index:
    """Use as a context; what is written is there after `commit`, or not at all."""

    def __init__(self, path: Path | None) -> None:
        """Without a path it is forgotten with the process."""
        self._path = path
        self.rebuilt = False
        """Whether there was one of another version, whose readings are made again."""
        self._base = self._opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def known(self) -> dict[str, Known]:
        with self._explained():
            rows = self._base.execute(f"SELECT {', '.join(COLUMNS)} FROM known").fetchall()  # noqa: S608 (own names)
        found = {row[0]: Known(**dict(zip(COLUMNS, row, strict=True))) for row in rows}
        if not all(map(_plausible, found.values())):
            raise IndexUnusable(sentence("history.not_an_index", file=self._path))
        return found

    def kept(self) -> dict[str, Kept]:
        """A reading that is not as this version writes it is none: its record is read again."""
        with self._explained():
            rows = self._base.execute(f"SELECT {READ} FROM reading").fetchall()  # noqa: S608
        found = {}
        for place, look, told in rows:
            try:
                found[place] = Kept(look, Reading.from_json(json.loads(told)))
            except (ValueError, TypeError, NotAsPromised):
                continue
        return found

    def steps(self, places: Iterable[str]) -> Iterator[StepTime]:
        for place in places:
            with self._explained():
                row = self._base.execute("SELECT steps FROM reading WHERE place = ?", (place,)).fetchone()
            yield from (StepTime.from_json(each) for each in json.loads(row[0])) if row else ()

    def keep(self, place: str, look: str, told: str, steps: str) -> None:
        with self._explained():
            self._base.execute("REPLACE INTO reading VALUES (?, ?, ?, ?)", (place, look, told, steps))

    def forget(self, place: str) -> None:
        """Its reading; what was known of it stays."""
        with self._explained():
            self._base.execute("DELETE FROM reading WHERE place = ?", (place,))

    def know(self, known: Known, *, instead_of: str = "") -> None:
        with self._explained():
            self._base.execute("DELETE FROM known WHERE place = ?", (instead_of,))
            values = tuple(getattr(known, name) for name in COLUMNS)
            self._base.execute(f"REPLACE INTO known VALUES ({', '.join('?' * len(values))})", values)  # noqa: S608

    def commit(self) -> None:
        with self._explained():
            self._base.commit()

    def _opened(self, path: Path | None) -> sqlite3.Connection:
        if path is not None and os.path.lexists(path):
            try:
                open_file(path).close()
            except OSError as error:
                raise IndexUnusable(sentence("history.index_unreadable", file=path, reason=reason(error))) from error
        with self._explained():
            base = sqlite3.connect(":memory:" if path is None else path, timeout=PATIENCE)
        try:
            with self._explained():
                self._prepare(base)
        except BaseException:
            base.close()
            raise
        return base

    def _prepare(self, base: sqlite3.Connection) -> None:
        """A file that others may have made is asked for nothing but tables of our own."""
        base.execute("PRAGMA trusted_schema = OFF")
        there = self._tables(base)
        if self._current(base, there):
            return
        base.execute("BEGIN IMMEDIATE")
        there = self._tables(base)  # another process may have been first
        if not self._current(base, there):
            self.rebuilt = bool(there)
            base.execute("DROP TABLE IF EXISTS reading")
            for name in TABLES:
                if name not in there or name == "reading":
                    base.execute(_statement(name))
            base.execute(f"PRAGMA application_id = {APPLICATION}")
            base.execute(f"PRAGMA user_version = {VERSION}")
        base.commit()

    def _tables(self, base: sqlite3.Connection) -> Mapping[str, str]:
        """Their statements by name. Raises IndexUnusable for a file that has others, or that is not Kunren's."""
        (application,) = base.execute("PRAGMA application_id").fetchone()
        every = base.execute("SELECT * FROM sqlite_master").fetchall()
        found = [(kind, name, sql) for kind, name, _, _, sql in every if kind != "index"]
        there = {name: sql for _, name, sql in found}
        strange = any(kind != "table" or name not in TABLES for kind, name, _ in found)
        if found and (strange or application != APPLICATION or there.get("known") != _statement("known")):
            raise IndexUnusable(sentence("history.not_an_index", file=self._path))
        return there

    @staticmethod
    def _current(base: sqlite3.Connection, there: Mapping[str, str]) -> bool:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        return bool(version == VERSION and there.get("reading") == _statement("reading"))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexUnusable(
                sentence("history.index_unreadable", file=self._path or "-", reason=Quoted(str(error)))
            ) from error


def _plausible(known: Known) -> bool:
    """Whether the types and times are those that `know` has written."""
    if not all(isinstance(getattr(known, each.name), int if each.type == "int" else str) for each in fields(Known)):
        return False
    try:
        return not known.began or datetime.fromisoformat(known.began).tzinfo is not None
    except ValueError:
        return False


def _statement(name: str) -> str:
    return f"CREATE TABLE {name} ({TABLES[name]})"


def can_be_kept(path: Path) -> bool:
    """Whether an index can be written there, in a file or beside it."""
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
