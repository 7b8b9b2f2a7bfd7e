"""Garoon's database: one SQLite file on the guest's disk, one transaction a write, told to the disk once committed."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from lab.simulator.garoon.settings import JAPAN, Disk, GuestClock

FILE_NAME = "garoon.sqlite"
HASH_ROUNDS = 1000

SCHEMA = """
CREATE TABLE users (
    id INTEGER PRIMARY KEY, login_name TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password BLOB NOT NULL);
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT, plan TEXT NOT NULL, detail TEXT NOT NULL, description TEXT NOT NULL,
    public INTEGER NOT NULL, starts INTEGER NOT NULL, ends INTEGER NOT NULL, allday INTEGER NOT NULL,
    start_only INTEGER NOT NULL, creator INTEGER NOT NULL REFERENCES users (id), version INTEGER NOT NULL);
CREATE TABLE members (
    event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE, user INTEGER NOT NULL REFERENCES users (id),
    position INTEGER NOT NULL, PRIMARY KEY (event, user));
CREATE TABLE bulletins (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, author INTEGER NOT NULL REFERENCES users (id),
    posted INTEGER NOT NULL);
"""
NOT_AWAITED = "PRAGMA synchronous = OFF"
"""A simulated disk survives the simulated power cut, so that nobody waits for this machine's own."""
INSERT = """
INSERT INTO events (plan, detail, description, public, starts, ends, allday, start_only, creator, version)
    VALUES (:plan, :detail, :description, :public, :starts, :ends, :allday, :start_only, :creator, :version)
"""


class DatabaseUnavailable(Exception):
    """The database cannot be read, or does not take the write."""


@dataclass(frozen=True, slots=True)
class User:
    id: int
    login_name: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A user's entry, in Garoon's words: `plan` is the event menu, `detail` the title, `description` the memo."""

    detail: str
    starts: datetime
    ends: datetime
    members: tuple[int, ...]
    plan: str = ""
    description: str = ""
    public: bool = True
    allday: bool = False
    start_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Appointment):
    """An appointment in the database; `version` is the Unix time of its last change."""

    id: int
    creator: int
    version: int
    attendees: tuple[User, ...] = field(default=())

    @property
    def title(self) -> str:
        """`menu:title`, or `--` when both are empty."""
        return ":".join(part for part in (self.plan, self.detail) if part) or "--"

    def readable_by(self, user: User) -> bool:
        return self.public or user.id in self.members or user.id == self.creator


@dataclass(frozen=True, slots=True)
class Bulletin:
    title: str
    author: str
    posted: datetime


class Database:
    """Opened anew for each question and each change, or for each request, so that the file alone is the truth."""

    def __init__(self, disk: Disk, clock: GuestClock) -> None:
        self._disk = disk
        self._clock = clock
        self._uri = f"{(disk.folder / FILE_NAME).resolve().as_uri()}?mode={'ro' if disk.read_only else 'rw'}"
        self._keeping = False
        self._kept: sqlite3.Connection | None = None

    @contextmanager
    def one_request(self) -> Iterator[None]:
        """What it asks and changes goes over one connection; there is one request at a time."""
        self._keeping = True
        try:
            yield
        finally:
            self._keeping = False
            self._close()

    def users(self) -> tuple[User, ...]:
        with self._open() as connection:
            return tuple(User(*row) for row in connection.execute("SELECT id, login_name, name FROM users ORDER BY id"))

    def user(self, user_id: int) -> User | None:
        return next((user for user in self.users() if user.id == user_id), None)

    def authenticated(self, login_name: str, password: str) -> User | None:
        with self._open() as connection:
            row = connection.execute(
                "SELECT id, login_name, name, password FROM users WHERE login_name = ?", (login_name,)
            ).fetchone()
        if row is None or not hmac.compare_digest(row[3], password_hash(login_name, password)):
            return None
        return User(*row[:3])

    def bulletins(self) -> tuple[Bulletin, ...]:
        query = "SELECT title, name, posted FROM bulletins JOIN users ON users.id = author ORDER BY posted DESC"
        with self._open() as connection:
            return tuple(Bulletin(title, name, _instant(posted)) for title, name, posted in connection.execute(query))

    def event(self, event_id: int) -> Event | None:
        return next(iter(self._events("WHERE id = ?", (event_id,))), None)

    def events_between(self, begin: datetime, end: datetime) -> tuple[Event, ...]:
        """Everything that touches the half-open time from `begin` to `end`, in order of its start."""
        span = (int(end.timestamp()), int(begin.timestamp()))
        return self._events("WHERE starts < ?1 AND (ends > ?2 OR starts >= ?2)", span)

    def add(self, appointments: Sequence[Appointment], creator: int) -> tuple[Event, ...]:
        with self._change() as connection:
            ids = [insert_event(connection, each, creator, self._version()) for each in appointments]
        return tuple(event for event in map(self.event, ids) if event is not None)

    def remove(self, event_ids: Sequence[int]) -> None:
        with self._change() as connection:
            connection.executemany("DELETE FROM events WHERE id = ?", [(event_id,) for event_id in event_ids])

    def _events(self, where: str, values: tuple[int, ...]) -> tuple[Event, ...]:
        with self._open() as connection:
            rows = connection.execute(
                f"SELECT * FROM events {where} ORDER BY starts, ends, id",  # noqa: S608 (constants of this class)
                values,
            ).fetchall()
            return tuple(_event(row, _members(connection, row["id"])) for row in rows)

    def _version(self) -> int:
        return int(self._clock.now().timestamp())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._connection()
        except BaseException as error:
            self._close()
            if isinstance(error, sqlite3.Error | OverflowError):
                raise DatabaseUnavailable(str(error)) from error
            raise
        if not self._keeping:
            self._close()

    def _connection(self) -> sqlite3.Connection:
        if self._kept is None:
            self._kept = sqlite3.connect(self._uri, uri=True, isolation_level=None)
            self._kept.row_factory = sqlite3.Row
        return self._kept

    def _close(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._open() as connection:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(NOT_AWAITED)
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        self._disk.written()


def create(path: Path) -> sqlite3.Connection:
    """A new, empty database inside an open transaction; the caller commits and closes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(NOT_AWAITED)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    return connection


def insert_event(connection: sqlite3.Connection, appointment: Appointment, creator: int, version: int) -> int:
    values = {name: _stored(value) for name, value in asdict(appointment).items()}
    event_id = connection.execute(INSERT, {**values, "creator": creator, "version": version}).lastrowid
    assert event_id is not None
    members = [(event_id, user, position) for position, user in enumerate(appointment.members)]
    connection.executemany("INSERT INTO members (event, user, position) VALUES (?, ?, ?)", members)
    return event_id


@lru_cache(maxsize=64)
def password_hash(login_name: str, password: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), login_name.encode(), HASH_ROUNDS)


def _members(connection: sqlite3.Connection, event_id: int) -> tuple[User, ...]:
    query = (
        "SELECT users.id, login_name, name FROM members JOIN users ON users.id = user WHERE event = ? ORDER BY position"
    )
    return tuple(User(*row) for row in connection.execute(query, (event_id,)))


def _event(row: sqlite3.Row, attendees: tuple[User, ...]) -> Event:
    values: dict[str, Any] = dict(row)
    values |= {name: bool(values[name]) for name in ("public", "allday", "start_only")}
    values |= {name: _instant(values[name]) for name in ("starts", "ends")}
    return Event(**values, members=tuple(user.id for user in attendees), attendees=attendees)


def _stored(value: Any) -> Any:
    """Moments as Unix time."""
    return int(value.timestamp()) if isinstance(value, datetime) else value


def _instant(unix_time: int) -> datetime:
    return datetime.fromtimestamp(unix_time, JAPAN)
