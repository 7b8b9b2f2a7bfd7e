"""A password that is an everyday word damages neither a run nor its record nor a comparison."""

import json
import shutil
from datetime import datetime, timedelta

import pytest

from drills.reading import read_drill, twin_of
from journal.entries import KINDS, entry_of
from journal.masking import Masking
from journal.writer import JournalFile
from kunren.running.beginning import OWN_WORDS, told_openly
from kunren.running.drills import features_folder
from lab.model.calls import MASK
from lab.site.file import simulated_site
from reports.acceptance import Tolerance, Verdict, compare
from reports.judge import verdict
from reports.load import load_record
from steps.modules import vocabulary
from tests.journal.validation import validate
from tests.representatives import standing_for_all

EVERYDAY = (
    "20",
    "passed",
    "Garoon",
    "e",
    "drill",
    "2026",
    "2012",
    "running",
    "MASTER",
    "ok",
    "entry",
    "done",
    "SIMULATED",
)


class At:
    """A clock that stands where it is set."""

    def __init__(self):
        self.moment = datetime.now().astimezone()

    def now(self):
        return self.moment


def rewritten(run, folder, secret):
    """The same entries, written where this is a password."""
    journal, head = run.journal, run.journal[0]
    said = [*OWN_WORDS, *head["site"].values()]
    said += [step["text"] for each in head["drills"] for chapter in each["chapters"] for step in chapter["steps"]]
    said += [text for phrase in vocabulary().phrases for text in (phrase.en, phrase.ja)]
    folder.mkdir()
    shutil.copytree(run.folder / "evidence", folder / "evidence")
    lab, wall = At(), At()
    with JournalFile(folder, clock=lab, wall=wall, masking=Masking([secret], said=said)) as masked:
        for entry in journal:
            lab.moment = datetime.fromisoformat(entry["at"])
            wall.moment = datetime.fromisoformat(entry["wall"]) + timedelta(days=1)
            masked.write(entry_of(entry))
    return load_record(folder)


@pytest.mark.browser
@pytest.mark.parametrize("secret", standing_for_all(EVERYDAY, "20", "passed", "Garoon", "e", "running"))
def test_a_record_with_an_everyday_password_says_the_same(clean_switchover, tmp_path, secret):
    before = load_record(clean_switchover.folder)
    after = rewritten(clean_switchover, tmp_path / "masked", secret)
    assert verdict(after) == verdict(before)
    assert compare(after, before, Tolerance(share=0.1, seconds=5), twins={}).verdict is Verdict.SAME


@pytest.mark.browser
def test_a_password_that_hosts_do_say_is_masked_and_the_record_stays_readable(clean_switchover, tmp_path):
    """Microsoft stands in the name of the operating system, and in no word of Kunren's."""
    after = rewritten(clean_switchover, tmp_path / "masked", "Microsoft")
    assert verdict(after) == verdict(load_record(clean_switchover.folder))
    hosts = [json.loads(line) for line in (tmp_path / "masked" / "journal.jsonl").read_text().splitlines()]
    assert all(MASK in entry["os"] for entry in hosts if entry["what"] == "host")


@pytest.mark.browser
def test_every_entry_of_a_drill_is_of_a_kind_that_says_what_of_it_is_from_outside(clean_switchover):
    assert {entry["what"] for entry in clean_switchover.journal} <= KINDS.keys()


@pytest.mark.browser
def test_every_entry_of_a_drill_is_read_back_whole_and_is_as_the_schema_has_it(clean_switchover):
    for entry in clean_switchover.journal:
        validate(entry)
        assert {**entry, **entry_of(entry).to_json()} == entry


def test_what_the_twin_of_a_drill_says_is_told_openly_as_well():
    drill = read_drill(features_folder() / "en" / "2-readiness.feature", vocabulary())
    twin = twin_of(drill, vocabulary())
    said = set(told_openly([drill], simulated_site()))
    assert {twin.title, *(chapter.name for chapter in twin.chapters)} <= said
