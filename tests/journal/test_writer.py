"""The journal is written as things happen, hides secrets, and never overwrites another."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from journal.course import Outcome, RestoreBegan, StepEnded
from journal.entry import Error
from journal.evidence import EvidenceStore
from journal.masking import Masking
from journal.seen import NO_SUCH_ENTRY, AdapterSeen, GaroonAct, MachineSeen, Note, Phase, StateSeen
from journal.writer import JournalFile, JournalUnwritable
from lab.model.calls import MASK
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from tests.journal.sample_entries import call
from words import Quoted


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
    journal.write(Note(text=Quoted("一")))
    assert entries(journal) == [
        {
            "n": 1,
            "prev": "0" * 64,
            "at": "2012-09-25T13:00:00.000+00:00",
            "wall": "2012-09-25T13:00:00.000+00:00",
            "what": "note",
            "text": "一",
        }
    ]


def test_secrets_are_masked_in_what_comes_from_outside(journal):
    journal.write(call(host="s3cret", arguments={"a": ["xs3cretx"], "s3cret": {"c": "s3cret"}}, answer=("s3cret",)))
    [entry] = entries(journal)
    assert entry["arguments"] == {"a": [f"x{MASK}x"], MASK: {"c": MASK}}
    assert (entry["answer"], entry["round_trips"]) == ([MASK], 3)
    assert entry["host"] == "s3cret"  # a name of the site file


def test_kunrens_own_words_stay_whatever_a_password_is(journal):
    error = Error("passed", Quoted("login passed at 20"))
    journal.write(StepEnded(drill="d", chapter=0, step=0, outcome=Outcome.PASSED, error=error, seen=Quoted("passed")))
    [entry] = entries(journal)
    assert (entry["outcome"], entry["error"]["kind"]) == ("passed", "passed")
    assert (entry["error"]["text"], entry["seen"]) == (f"login {MASK} at 20", MASK)
    assert entry["at"].startswith("2012")


def test_what_garoon_is_noted_to_have_done_stays_and_what_it_said_is_masked(tmp_path, clock):
    with JournalFile(tmp_path, clock=clock, wall=clock, masking=Masking(["s3cret", "ok"])) as journal:
        for problem in (None, NO_SUCH_ENTRY, Quoted("no s3cret here")):
            journal.write(GaroonAct(act="find", by="http", url="", detail="", problem=problem))
    assert [entry["outcome"] for entry in entries(journal)] == ["ok", "no such entry", f"no {MASK} here"]


def test_what_is_from_outside_is_masked_however_deep_it_stands(journal):
    machine = MachineSeen(name="s3cret", state="passed", heartbeat="", adapters=(AdapterSeen("s3cret", ("s3cret",)),))
    lab = {"switches": {}, "services": {}, "scenarios": (), "entries": ()}
    journal.write(StateSeen(moment=Phase.BEFORE, machines={"s3cret": (machine,)}, **lab))
    assert entries(journal)[0]["machines"] == {
        "s3cret": [{"name": MASK, "state": "passed", "heartbeat": "", "adapters": [{"switch": MASK, "ip": [MASK]}]}]
    }


def test_a_long_answer_is_cut_when_it_has_been_masked(journal):
    journal.write(call(answer=["y" * 397 + "s3cret"]))
    assert entries(journal)[0]["answer"] == ["y" * 397 + MASK]


def test_listeners_hear_what_was_written_masked(journal):
    heard = []
    journal.listen(heard.append, Note)
    journal.write(RestoreBegan(mode="auto", acts=()))
    journal.write(Note(text=Quoted("s3cret")))
    assert [(entry.n, entry.text) for entry in heard] == [(2, Quoted(MASK))]


def test_a_journal_that_exists_is_left_alone(tmp_path, journal, clock):
    journal.write(Note(text=Quoted("first")))
    with pytest.raises(JournalUnwritable, match=r"journal\.jsonl cannot be written"):
        JournalFile(tmp_path, clock=clock, wall=clock)
    assert entries(journal)[0]["text"] == "first"


def test_a_picture_is_kept_under_its_number_and_known_by_its_digest(tmp_path, journal):
    store = EvidenceStore(tmp_path, journal)
    store.picture(b"png", caption="Garoon", moment=Phase.BEFORE, address="http://x/")
    entry = entries(journal)[0]
    assert (tmp_path / entry["file"]).read_bytes() == b"png"
    assert entry["file"] == "evidence/0001-screenshot.png"
    assert entry["sha256"] == hashlib.sha256(b"png").hexdigest()
    assert entry["bytes"] == 3
