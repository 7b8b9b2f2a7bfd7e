from datetime import datetime, timedelta, timezone

import pytest

from lab.model.bounds import Bounds, Length
from lab.model.outages import Outage
from reports import availability
from reports.drawing import Axis
from reports.layers import Lane, outage_bars
from tests.reports.journals import probed
from tests.reports.measured import write_measured
from words import words_of

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
