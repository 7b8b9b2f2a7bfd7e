"""A record that cannot be written any more ends the run in one sentence, with the lab put back."""

import errno
import os
from functools import partial

import pytest

from drills.dead_journal import left_behind
from drills.restoration import Restoration
from journal.writer import JournalFile
from lab.errors import OperationRefused
from lab.model.undertakings import Change
from tests.kunren.commands import run
from tests.kunren.visitor import without_browser
from tests.representatives import standing_for_all
from words import Quoted

FEATURE = """Feature: Room runs out

  Scenario: Switch over
    Given the replication scenario runs from the master host to the replica host
    When the switchover is performed and confirmed
    Then the virtual machine is registered and "running" on the replica host
"""
ROOM = 50_000
"""The switchover has been commanded by then, and has not ended."""


class Full:
    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, line):
        self._room -= len(line)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(line)

    def __getattr__(self, name):
        return getattr(self._file, name)


def leave_room(room):
    begin = JournalFile.__init__

    def begin_with_little_room(journal, *arguments, **named):
        begin(journal, *arguments, **named)
        journal._file = Full(journal._file, room)

    JournalFile.__init__ = begin_with_little_room


def no_way_back():
    def refused(_):
        raise OperationRefused(Quoted("no way back"))

    Restoration._switch_back = refused


def drill_with_room(folder, room, *arguments, before=()):
    """As on a disk on which a journal of so many bytes has room."""
    features = [folder / f"{name}.feature" for name in ("one", "two")]
    for feature in features:
        feature.write_text(FEATURE)
    before = [without_browser, partial(leave_room, room), *before]
    return run("drill", *features, *arguments, "--out", folder / "record", before=before)


@pytest.mark.browser
@pytest.mark.parametrize("at_once", standing_for_all(["1", "2"], "1"))
def test_a_journal_that_cannot_grow_stops_the_run_and_not_the_restoration(tmp_path, at_once):
    done = drill_with_room(tmp_path, ROOM, "--at-once", at_once)
    assert done.returncode == 70, done.stderr
    *restoring, said = done.stderr.splitlines()  # of many drills at a time each tells what its restoration is doing
    assert all(line.startswith(("kunren: one: under way: ", "kunren: two: under way: ")) for line in restoring)
    assert "The record cannot be written any more: No space left on device." in said
    assert said.endswith("The lab is as it was before.")
    journal = (tmp_path / "record" / "journal.jsonl").read_bytes()
    assert ROOM - 1_000 < len(journal) <= ROOM
    assert (b'"change": "switch over"' in journal, b"restore.began" in journal) == (True, False)
    report = run("report", tmp_path / "record")
    assert report.returncode == 0, report.stderr


def test_a_lab_that_is_not_as_before_is_told_also_where_the_record_is_lost(tmp_path):
    done = drill_with_room(tmp_path, ROOM, "--at-once", "1", before=[no_way_back])
    assert done.returncode == 5, done.stderr
    [said] = done.stderr.splitlines()
    assert "The record cannot be written any more: No space left on device." in said
    assert said.endswith("THE LAB IS NOT AS IT WAS BEFORE.")
    assert "no way back" in done.stdout
    left = left_behind(tmp_path / "record")
    assert (left.unrestored, left.begun[-1].change) == (True, Change.SWITCH_OVER)


def test_where_not_even_the_first_entry_has_room_nothing_is_begun(tmp_path):
    done = drill_with_room(tmp_path, 100)
    assert done.returncode == 2, done.stderr
    lost = "The record cannot be written any more: No space left on device."
    assert done.stderr == f"kunren: {lost} No action was started on the lab.\n"
