"""A host may have more guests than the journal keeps of an answer; the parsed state of Garoon's guest is kept."""

from dataclasses import replace
from functools import partial

import pytest

from lab.simulator import world
from lab.simulator.hosts.inventory import DC1, GAROON
from reports.charts.timeline import lay_out
from reports.load import load_record
from tests.kunren.conftest import drill_without_browser
from tests.representatives import standing_for_all
from words import words_of


def add_guests(count):
    others = [
        replace(DC1, name=f"A{n:03}", id=f"a4c1d7f3-02b8-4e57-8f6e-{n:012}", mac_address=f"00155D{n:06X}")
        for n in range(count)
    ]
    world.GUESTS = (*others, GAROON)


def guest_rows(folder):
    """What the timeline draws of the guest on either host: style and label of each bar."""
    record = load_record(folder)
    picture = lay_out(record.drills[0], record.site, words_of("en"))
    return {
        row.name: [(bar.style, bar.label) for bar in row.bars]
        for row in picture.rows
        if row.name.startswith("Guest on ")
    }


@pytest.mark.browser
@pytest.mark.parametrize("count", standing_for_all([45, 500], 45))
def test_garoons_guest_is_drawn_right_among_so_many_that_answers_are_cut(count, clean_switchover, tmp_path):
    run = drill_without_browser(tmp_path / "record", "4-1-clean-switchover", before=[partial(add_guests, count)])
    assert run.code == 0, run.stderr
    cut = [call for call in run.entries("call") if call["script"] == "Get-Machine" and "more)" in str(call["answer"])]
    assert cut
    assert all("Garoon" not in str(call["answer"]) for call in cut if call["host"] == "MASTER")
    rows = guest_rows(run.folder)
    assert rows == guest_rows(clean_switchover.folder)
    assert ("on", "Running") in rows["Guest on MASTER"]
    assert ("off", "Off") in rows["Guest on MASTER"]


@pytest.mark.browser
def test_each_question_about_the_guest_is_one_small_line(clean_switchover):
    understood = clean_switchover.entries("guest") + clean_switchover.entries("scenario")
    asked = [call for call in clean_switchover.entries("call") if not call["changes"]]
    assert 0 < len(understood) <= len(asked)
    assert max(len(str(entry)) for entry in understood) < 400
    assert {entry["host"] for entry in clean_switchover.entries("scenario")} == {"REPLICA"}
