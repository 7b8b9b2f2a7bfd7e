"""The journal is written as things happen, hides secrets, and never overwrites another."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from lab.errors import SiteError
from lab.evidence import EvidenceStore
from lab.journal import JournalFile
from lab.model.calls import MASK
from lab.secrets import Masking
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline


@pytest.fixture
def clock():
    timeline = Timeline(datetime(2012, 9, 25, 13, tzinfo=UTC))
    return SimulatedClock(timeline, Jumping(timeline))


@pytest.fixture
def journal(tmp_path, clock):
    with JournalFile(tmp_path, clock=clock, wall=clock, masking=Masking(("s3cret", "passed", "20", ""))) as journal:
        yield journal


def entries(journal):
    return [json.loads(line) for line in journal.path.read_text(encoding="utf-8").splitlines()]


def test_an_entry_is_in_the_file_before_the_next_thing_happens(journal):
    journal.write("note", text="一")
    assert entries(journal) == [
        {
            "n": 1,
            "at": "2012-09-25T13:00:00.000+00:00",
            "wall": "2012-09-25T13:00:00.000+00:00",
            "what": "note",
            "text": "一",
        }
    ]


def test_secrets_are_masked_in_what_comes_from_outside(journal):
    journal.write(
        "call",
        host="s3cret",
        arguments={"a": ["xs3cretx"], "s3cret": {"c": "s3cret"}},
        answer=("s3cret",),
        round_trips=3,
    )
    [entry] = entries(journal)
    assert entry["arguments"] == {"a": [f"x{MASK}x"], MASK: {"c": MASK}}
    assert (entry["answer"], entry["round_trips"]) == ([MASK], 3)
    assert entry["host"] == "s3cret"  # a name of the site file


def test_kunrens_own_words_stay_whatever_a_password_is(journal):
    journal.write("step.ended", outcome="passed", error={"kind": "passed", "text": "login passed at 20"}, seen="passed")
    [entry] = entries(journal)
    assert (entry["outcome"], entry["error"]["kind"]) == ("passed", "passed")
    assert (entry["error"]["text"], entry["seen"]) == (f"login {MASK} at 20", MASK)
    assert entry["at"].startswith("2012")


def test_a_long_answer_is_cut_when_it_has_been_masked(journal):
    journal.write("call", answer=["y" * 397 + "s3cret"])
    assert entries(journal)[0]["answer"] == ["y" * 397 + MASK]


def test_listeners_hear_what_was_written_masked(journal):
    heard = []
    journal.listen(heard.append)
    journal.write("note", text="s3cret")
    assert [entry["text"] for entry in heard] == [MASK]


def test_a_journal_that_exists_is_left_alone(tmp_path, journal, clock):
    journal.write("note", text="first")
    with pytest.raises(SiteError, match=r"journal\.jsonl cannot be written"):
        JournalFile(tmp_path, clock=clock, wall=clock)
    assert entries(journal)[0]["text"] == "first"


def test_a_picture_is_kept_under_its_number_and_known_by_its_digest(tmp_path, journal):
    store = EvidenceStore(tmp_path, journal)
    store.picture(b"png", caption="Garoon", moment="before", address="http://x/")
    entry = entries(journal)[0]
    assert (tmp_path / entry["file"]).read_bytes() == b"png"
    assert entry["file"] == "evidence/0001-screenshot.png"
    assert entry["sha256"] == hashlib.sha256(b"png").hexdigest()
    assert entry["bytes"] == 3
