"""None"""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from lab.model.bounds import Bounds, Length
from lab.model.canaries import Fate
from lab.model.outages import Outage
from reports.charts import availability, recoveries, split
from reports.charts.availability import TELLING, Lane, outage_bars
from reports.charts.drawing import LEFT, RIGHT, Axis, text_width
from tests.reports.journals import probed
from tests.reports.measured import FAULT, MENDED, write_measured
from words import words_of


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everything_lies_within_its_row_and_the_picture(measured, language):
    drill, found, site = measured
    picture = availability.lay_out(drill, found, site, words_of(language))
    for row in (*picture.rows, picture.strip.row):
        assert row.y + row.height <= picture.height
        assert text_width(row.name) < LEFT
        for bar in row.bars:
            assert bar.x >= LEFT
            assert bar.x + bar.width <= RIGHT + 2
            assert row.y <= bar.y
            assert bar.y + bar.height <= row.y + row.height
    for flag in (*picture.flags, *picture.strip.flags):
        assert 0 <= flag.y <= picture.height


def test_fault_command_events_and_the_return_of_users_are_marked(tmp_path):
    write_measured("measured-en", tmp_path)
    drill, found, site = probed(tmp_path)
    placed = availability.lay_out(drill, found, site, words_of("en")).flags
    assert [flag.label for flag in placed] == [
        "Fault",
        "Detected",
        "Countdown",
        "Switchover",
        "Completed",
        "Users served",
        "Fault ended",
        "Command",
        "Ended by the restoration",
    ]
    axis = Axis(drill.began.lab, drill.last.lab)
    at = {flag.label: flag.x for flag in placed}
    assert at["Fault"] == axis.x(drill.began.lab + timedelta(seconds=FAULT - 2))
    assert at["Fault ended"] == axis.x(drill.began.lab + timedelta(seconds=MENDED - 2))


@pytest.mark.parametrize(("name", "label"), [("open-en", "Ended by the restoration"), ("open-ja", "復元により復旧")])
def test_what_the_restoration_ended_is_drawn_apart_and_users_are_not_served(name, label, tmp_path):
    write_measured(name, tmp_path)
    drill, found, site = probed(tmp_path)
    words = words_of(name[-2:])
    picture = availability.lay_out(drill, found, site, words)
    labels = [flag.label for flag in picture.flags]
    assert label in labels
    assert words("flag.served") not in labels
    (row,) = [row for row in picture.rows if row.name == words("layer.write")]
    down, after = [next(bar for bar in row.bars if bar.style == style) for style in ("down", "after")]
    assert down.x + down.width == pytest.approx(after.x, abs=0.2)
    assert down.x + down.width == pytest.approx(picture.band.x, abs=0.2)
    (recovery,) = recoveries.of_drill(drill, found, site)
    split_up = split.lay_out(recovery, found, words)
    assert label in [flag.label for flag in split_up.flags]
    assert words("milestone.users served") not in [flag.label for flag in split_up.flags]
    assert [name for name, _ in split_up.sums] == [words("split.human"), words("split.outage")]


START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
AXIS = Axis(START, START + timedelta(minutes=20))


def test_an_outage_is_solid_where_it_is_certain_and_hatched_where_it_may_have_been(tmp_path):
    write_measured("measured-en", tmp_path)
    drill, found, site = probed(tmp_path)
    picture = availability.lay_out(drill, found, site, words_of("en"))
    row = next(row for row in picture.rows if row.name == "Write")
    assert [bar.style for bar in row.bars] == ["up", "edge", "edge", "down", "edge", "edge", "down"]
    _, began, ended, down, *_ = row.bars
    assert down.label == "7 min 27 s – 7 min 41 s"
    assert began.x + began.width == pytest.approx(down.x, abs=0.2)
    assert down.x + down.width == pytest.approx(ended.x, abs=0.2)


def test_an_outage_whose_end_was_not_seen_is_not_known_after_the_last_probe_that_failed(tmp_path):
    write_measured("unproven-en", tmp_path)
    drill, found, site = probed(tmp_path)
    picture = availability.lay_out(drill, found, site, words_of("en"))
    rows = {row.name: row for row in picture.rows}
    assert [bar.style for bar in rows["Write"].bars] == ["up", "unclear", "unclear", "edge", "down"]
    assert [bar.style for bar in rows["Host replica"].bars] == ["up", "unclear"]


def test_an_outage_too_short_to_be_certain_is_hatched_as_a_whole(tmp_path):
    write_measured("unhurt-en", tmp_path)
    _, found, _ = probed(tmp_path)
    outage = Outage(
        began=Bounds(10.0, 16.0), ended=Bounds(14.0, 20.0), length=Length(0.0, 10.0), failed=1, good=0, unknown=0
    )
    (bar,) = outage_bars(outage, Lane(0.0, AXIS, found.probing, words_of("en")), 0.0, 100.0)
    assert bar.style == "edge"


def test_every_canary_is_in_the_strip_and_the_telling_ones_are_called_out(measured):
    drill, found, site = measured
    strip = availability.lay_out(drill, found, site, words_of("en")).strip
    bars = strip.row.bars
    assert sum(int(bar.title.split(" ")[0]) for bar in bars) == len(found.canaries)
    for left, right in pairwise(bars):
        assert left.x <= right.x
    telling = [canary.fate for canary in found.canaries if canary.fate in TELLING]
    assert bool(strip.flags) == bool(telling)
    assert sum(int(flag.label.split(" ")[0]) for flag in strip.flags) == len(telling)


def test_lost_canaries_lie_just_before_the_fault(tmp_path):
    write_measured("missed-ja", tmp_path)
    drill, found, site = probed(tmp_path)
    strip = availability.lay_out(drill, found, site, words_of("en")).strip
    (lost,) = [flag for flag in strip.flags if flag.style == Fate.LOST.value]
    assert lost.label == "6 lost"
    axis = Axis(drill.began.lab, drill.last.lab)
    assert lost.x < axis.x(drill.began.lab + timedelta(seconds=FAULT - 2))
