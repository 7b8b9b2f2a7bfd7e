"""Trends are of intervals: nothing is called longer that may not be."""

from dataclasses import replace
from datetime import timedelta
from math import inf

import pytest

from journal.course import Environment, Outcome
from lab.model.bounds import Length
from lab.model.objectives import Attainment
from reports.history.picture import BOTTOM, TOP, lay_out
from reports.history.sheet import Sheet
from reports.history.trends import Measure, Measured, Series, Tendency
from reports.history.trends import series as series_of
from tests.reports.history.folders import FIRST, add, history_of
from words import Text, words_of


def series(*lengths, objective=None):
    points = tuple(
        Measured(FIRST + timedelta(days=30 * number), f"r{number}", Length(lower, upper), Outcome.PASSED)
        for number, (lower, upper) in enumerate(lengths)
    )
    return Series(
        site="tokyo",
        environment=Environment.REAL,
        drill="4-1",
        title=Text("Switchover", "スイッチオーバー"),
        measure=Measure.RTO,
        objective=objective,
        points=points,
        of=len(points) + 1,
        patches=(),
    )


@pytest.mark.parametrize(
    ("lengths", "former", "trend"),
    [
        ([(20, 30)], Tendency.TOO_FEW, Tendency.TOO_FEW),
        ([(20, 30), (31, 40)], Tendency.LONGER, Tendency.TOO_FEW),
        ([(20, 30), (30, 40)], Tendency.SAME, Tendency.TOO_FEW),
        ([(20, None), (90, 99)], Tendency.SAME, Tendency.TOO_FEW),
        ([(50, 60), (20, 30)], Tendency.SHORTER, Tendency.TOO_FEW),
        ([*[(20, 30)] * 4, *[(31, 40)] * 4], Tendency.SAME, Tendency.LONGER),
        ([*[(20, 30)] * 4, *[(31, 40)] * 3, (30, 40)], Tendency.SAME, Tendency.SAME),
        ([(1, 2), *[(50, 60)] * 4, *[(20, 30)] * 4], Tendency.SAME, Tendency.SHORTER),
    ],
)
def test_a_tendency_is_one_that_no_value_within_the_bounds_contradicts(lengths, former, trend):
    found = series(*lengths)
    assert (found.against_former, found.trend) == (former, trend)


def test_median_and_range_are_intervals_too_and_may_be_open():
    found = series((10, 20), (30, 50), (20, None))
    assert (found.median, found.range) == (Length(20, 50), Length(10, None))
    assert series((10, None), (30, None)).median == Length(20, None)


def test_each_run_is_held_to_the_objective_that_it_had():
    found = series((10, 20), (30, 50), (70, None))
    points = tuple(replace(point, objective=goal) for point, goal in zip(found.points, (20, 40, 60), strict=True))
    assert replace(found, points=points).attained == {
        Attainment.MET: 1,
        Attainment.UNPROVEN: 1,
        Attainment.MISSED: 1,
    }
    assert found.attained == {}


def test_another_text_of_the_drill_is_marked_in_its_pictures_alone(tmp_path):
    for day, text in enumerate(("a" * 64, "a" * 64, "b" * 64)):
        add(tmp_path, f"r{day}", day, text=text)
    add(tmp_path, "other", 4, template="host-failure-ja", text="a" * 64)
    found = history_of(tmp_path)
    (course,) = found.courses
    marked = {each.drill: len(each.patches) - len(course.patches) for each in series_of(course)}
    assert marked == {"4-1-clean-switchover": 1, "4-2-host-failure": 0}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_picture_says_its_result_and_shows_each_interval_to_scale(language, tmp_path):
    words = words_of(language)
    found = series((600, 900), (0, 300), (500, None), objective=1200)
    picture = lay_out(found, Sheet(history_of(tmp_path), words), words)
    assert "n = 3" in picture.line
    assert len(picture.bars) == found.n
    wide, low, open_ = picture.bars
    assert wide.height == pytest.approx(low.height, abs=0.2)
    assert (low.y + low.height, open_.y) == (pytest.approx(BOTTOM), TOP)
    assert (wide.open, open_.open) == (False, True)
    assert picture.objective is not None
    assert picture.objective.x < wide.y < inf
