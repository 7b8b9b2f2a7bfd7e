"""Drills that SIGKILL ends at random instants: `python -m tests.kunren.sweep` tries as many as there is time for."""

import random

import pytest

from tests.kunren.sweep.__main__ import Results, sweep, table
from tests.kunren.sweep.instants import Course, Stretch
from tests.kunren.sweep.play import DRILLS, Kill, Played
from tests.kunren.sweep.stage import MODES

COURSE = Course(seconds={stretch.value: 10.0 for stretch in Stretch}, acts=4, tasks=7)
KILLS = 40
FEW = 3


def swept(folder, kills):
    lines = []
    played = sweep(
        Results(folder / "kills.jsonl"),
        kills=kills,
        seed=folder.name,
        modes=tuple(MODES),
        folder=folder,
        tell=lines.append,
    )
    assert [each.wrong for each in played if each.wrong] == [], "\n".join(lines)
    return played


def test_kills_are_told_by_seed_and_number_and_reach_each_stretch_drill_and_mode():
    kills = [Kill.of(1, number, tuple(MODES)) for number in range(400)]
    assert kills == [Kill.of(1, number, tuple(MODES)) for number in range(400)]
    assert {each.stretch for each in kills} == set(Stretch)
    assert {(each.mode, each.drill) for each in kills} == {(mode, drill) for mode in MODES for drill in DRILLS}
    instants = [each.at(COURSE) for each in kills]
    assert {each.nth for each in instants if each.stretch is Stretch.ACT} == set(range(1, 5))
    assert {each.nth for each in instants if each.stretch is Stretch.TASK} == set(range(1, 8))
    assert all(0 <= each.after <= 10 for each in instants)


def test_a_sweep_goes_on_where_it_was_ended(tmp_path):
    first = Results(tmp_path / "kills.jsonl")
    first.note_course("operator", DRILLS[0][0], COURSE)
    first.note(Played(1, "operator", DRILLS[0][0], "act in flight 2 +0.10 s", killed=True, as_before=True))
    again = Results(tmp_path / "kills.jsonl")
    assert (again.courses, again.played) == (first.courses, first.played)
    told = list(table(list(again.played.values())))
    assert told[-1] == "act in flight: 1"
    assert told[-2].split() == ["all", "1", "1", "0", "0"]


@pytest.mark.browser
@pytest.mark.controls
def test_a_few_kills_leave_the_lab_as_it_was_or_are_told(tmp_path):
    played = swept(tmp_path, FEW)
    assert sum(each.killed for each in played) == FEW


@pytest.mark.controls
def test_many_kills_leave_the_lab_as_it_was_or_are_told(tmp_path):
    folder = tmp_path / str(random.randrange(10**6))
    folder.mkdir()
    swept(folder, KILLS)
