"""A record that cannot be written any more ends the run in one sentence, with the lab put back."""

import errno
import os
from functools import partial

import pytest

from journal.writer import JournalFile
from tests.kunren.commands import run
from tests.kunren.visitor import without_browser
from tests.representatives import standing_for_all

FEATURE = """Feature: Room runs out

  Scenario: Create and run
    Given the replication scenario runs from the master host to the replica host
    Then the virtual machine is "running" on the master host
"""


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


def drill_with_room(folder, room, *arguments):
    """As on a disk on which a journal of so many bytes has room."""
    features = [folder / f"{name}.feature" for name in ("one", "two")]
    for feature in features:
        feature.write_text(FEATURE)
    return run(
        "drill", *features, *arguments, "--out", folder / "record", before=[without_browser, partial(leave_room, room)]
    )


@pytest.mark.browser
@pytest.mark.parametrize("at_once", standing_for_all(["1", "2"], "1"))
def test_a_journal_that_cannot_grow_stops_the_run_and_not_the_restoration(tmp_path, at_once):
    done = drill_with_room(tmp_path, 30_000, "--at-once", at_once)
    assert done.returncode == 70, done.stderr
    *restoring, said = done.stderr.splitlines()  # of many drills at a time each tells what its restoration is doing
    assert all(line.startswith(("kunren: one: under way: ", "kunren: two: under way: ")) for line in restoring)
    assert "The record cannot be written any more: No space left on device." in said
    assert said.endswith("The lab is as it was before.")
    journal = (tmp_path / "record" / "journal.jsonl").read_bytes()
    assert 29_000 < len(journal) <= 30_000
    report = run("report", tmp_path / "record")
    assert report.returncode == 0, report.stderr
