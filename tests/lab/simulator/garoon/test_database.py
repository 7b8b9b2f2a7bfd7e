import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from lab.simulator.garoon.database import Appointment, Database, DatabaseUnavailable
from lab.simulator.garoon.installation import FIRST_EVENT_ID, install
from lab.simulator.garoon.settings import GaroonSettings
from tests.garoon_stand import PASSWORD, START, Disk, HandSetClock

SETTINGS = GaroonSettings(password=PASSWORD)


@pytest.fixture
def disk(tmp_path):
    install(tmp_path, HandSetClock(), SETTINGS)
    return Disk(tmp_path)


def appointment(title="訓練"):
    return Appointment(detail=title, starts=START, ends=START + timedelta(hours=1), members=(2,))


def test_each_write_is_committed_before_the_disk_is_told(disk):
    seen = []

    class Watching(Disk):
        def written(self):
            with closing(sqlite3.connect(self.folder / "garoon.sqlite")) as other:
                seen.append(other.execute("SELECT count(*) FROM events WHERE detail = '訓練'").fetchone()[0])

    database = Database(Watching(disk.folder), HandSetClock())
    (event,) = database.add([appointment()], creator=2)
    database.remove([event.id])
    assert seen == [1, 0]


def test_the_database_is_one_file_once_a_write_is_done(disk):
    Database(disk, HandSetClock()).add([appointment()], creator=2)
    assert [path.name for path in disk.folder.iterdir()] == ["garoon.sqlite"]


def test_ids_ascend_and_are_not_given_twice(disk):
    database = Database(disk, HandSetClock())
    (first,) = database.add([appointment()], creator=2)
    database.remove([first.id])
    (second,) = database.add([appointment()], creator=2)
    assert FIRST_EVENT_ID < first.id < second.id


def test_the_version_is_the_unix_time_of_the_change(disk):
    clock = HandSetClock(START + timedelta(seconds=77))
    (event,) = Database(disk, clock).add([appointment()], creator=2)
    assert event.version == int(START.timestamp()) + 77


def test_two_installations_at_one_time_are_the_same_bytes_and_a_second_changes_nothing(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        install(folder, HandSetClock(), SETTINGS)
    install(folders[1], HandSetClock(START + timedelta(days=3)), SETTINGS)
    first, second = ((folder / "garoon.sqlite").read_bytes() for folder in folders)
    assert first == second


def test_a_read_only_disk_is_read_and_refuses_writes(disk):
    before = (disk.folder / "garoon.sqlite").read_bytes()
    damaged = Disk(disk.folder, read_only=True)
    database = Database(damaged, HandSetClock())
    assert database.authenticated("kunren", PASSWORD) is not None
    with pytest.raises(DatabaseUnavailable, match="readonly"):
        database.add([appointment()], creator=2)
    assert damaged.writes == 0
    assert (disk.folder / "garoon.sqlite").read_bytes() == before


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 1000])
def test_a_database_that_is_missing_or_broken_is_said_to_be_so(tmp_path, content):
    if content is not None:
        (tmp_path / "garoon.sqlite").write_bytes(content)
    with pytest.raises(DatabaseUnavailable):
        Database(Disk(tmp_path), HandSetClock()).users()


def test_a_colleague_without_a_password_cannot_log_in(disk):
    database = Database(disk, HandSetClock())
    assert database.authenticated("sato", "") is None
    assert database.authenticated("sato", PASSWORD) is None
