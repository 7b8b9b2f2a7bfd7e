"""The lines of a journal are a chain: each has the digest of the one before it."""

import hashlib
import json

import pytest

from drills.dead_journal import left_behind
from journal.chain import FIRST, LONGEST
from journal.reader import RecordUnreadable, read_journal
from journal.seen import Note
from journal.writer import JournalFile
from lab.clock import SystemClock
from tests.reports.recorded import chained, recorded
from words import Quoted


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(chained(recorded("passed-en"))))
    return path


def test_each_line_has_the_digest_of_the_one_before_without_its_newline(tmp_path):
    with JournalFile(tmp_path, clock=SystemClock(), wall=SystemClock()) as journal:
        for text in ("一", "two", "three"):
            journal.write(Note(text=Quoted(text)))
    lines = journal.path.read_bytes().splitlines()
    assert [list(json.loads(line))[:2] for line in lines[:3]] == [["n", "prev"]] * 3
    digests = [FIRST, *(hashlib.sha256(line).hexdigest() for line in lines)]
    found = read_journal(journal.path)
    assert [line.fields["prev"] for line in found.lines[:3]] == digests[:3]
    assert (found.head, found.unchained) == (digests[-1], False)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda lines: [*lines[:4], lines[4].replace(b"2026", b"2027"), *lines[5:]], 6),
        (lambda lines: [lines[0].replace(b'"seed": 1', b'"seed": 2'), *lines[1:]], 2),
        (lambda lines: [lines[0].replace(FIRST.encode(), b"1" * 64), *lines[1:]], 1),
        (lambda lines: [*lines[:4], lines[4].replace(b'"prev": ', b'"prev":  '), *lines[5:]], 6),
        (lambda lines: [*lines[:4], b'{"n": 5, ' + lines[4].partition(b'", ')[2], *lines[5:]], 5),
    ],
)
def test_the_first_line_that_does_not_follow_is_named(journal, change, broken):
    assert read_journal(journal).broken is None
    lines = journal.read_bytes().splitlines(keepends=True)
    changed = change(lines)
    assert changed != lines
    journal.write_bytes(b"".join(changed))
    found = read_journal(journal)
    assert (found.broken, found.unchained, len(found.lines)) == (broken, False, len(lines))
    with pytest.raises(RecordUnreadable, match=f"Line {broken} of .* does not follow"):
        found.require_unchanged()


def test_nothing_is_undone_because_of_a_journal_that_was_changed(journal):
    assert left_behind(journal.parent) is not None
    journal.write_bytes(journal.read_bytes().replace(b'"phase": "begun"', b'"phase": "doubtful"', 1))
    with pytest.raises(RecordUnreadable, match="nothing is done because of it"):
        left_behind(journal.parent)


def test_a_journal_of_an_older_kunren_has_no_chain_and_is_read(journal):
    lines = [json.loads(line) for line in journal.read_bytes().splitlines()]
    for line in lines:
        del line["prev"]
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = read_journal(journal)
    assert (found.broken, found.unchained) == (None, True)
    found.require_unchanged()


def test_a_line_without_end_is_refused_before_all_of_it_is_read(journal):
    with journal.open("ab") as file:
        file.truncate(journal.stat().st_size + 40 * LONGEST)
    with pytest.raises(RecordUnreadable, match="more than 16 MiB"):
        read_journal(journal)
