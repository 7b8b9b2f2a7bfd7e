from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.bounds import Bounds, Length
from lab.model.canaries import Fate
from lab.model.outages import Outage
from lab.model.probing import Layer, Track
from reports import availability, flags, recoveries, split
from reports.canaries import TELLING
from reports.drawing import LEFT, RIGHT, WIDTH, Axis, text_width
from reports.layers import Lane, outage_bars
from reports.words import words_of
from tests.reports.journals import probed
from tests.reports.measured import FAULT, MENDED, varied, write_measured

START = datetime(2012, 9, 25, 22, 0, tzinfo=timezone(timedelta(hours=9)))
AXIS = Axis(START, START + timedelta(minutes=20))


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


@given(st.lists(st.tuples(st.integers(0, 1200), st.text("mW復旧", max_size=12)), max_size=25), st.booleans())
def test_labels_never_cover_each_other(moments, upwards):
    events = [flags.Event(START + timedelta(seconds=second), "event", label, "") for second, label in moments]
    placed = (flags.above if upwards else flags.below)(events, AXIS, 20.0)
    spans = []
    for flag in placed.flags:
        assert 20.0 <= flag.y <= placed.bottom
        width = text_width(flag.label)
        begin = flag.x - 7 if flag.anchor == "start" else flag.text_x - width
        spans.append((flag.y, begin, begin + width + flags.SYMBOL if flag.anchor == "start" else flag.x + 7))
        assert spans[-1][2] <= WIDTH + flags.SYMBOL
    for one in spans:
        for other in spans:
            if one is not other and one[0] == other[0]:
                assert one[2] <= other[1] + 0.5 or other[2] <= one[1] + 0.5


def bar_of(folder, language="en"):
    drill, found, site = probed(folder)
    (recovery,) = recoveries.of_drill(drill, found, site)
    return split.lay_out(recovery, found, words_of(language))


def test_a_recovery_is_cut_at_its_milestones(tmp_path):
    write_measured("measured-en", tmp_path)
    picture = bar_of(tmp_path)
    assert [flag.label for flag in picture.flags] == [
        "Fault",
        "Detected",
        "Decided",
        "Started",
        "Technically up",
        "Users served",
    ]
    assert [(line.name, line.took) for line in picture.lines] == [
        ("Fault → Detected", "29 s – 31 s"),
        ("Detected → Decided", "5 min 3 s – 5 min 7 s"),
        ("Decided → Started", "3.7 s – 13 s"),
        ("Started → Technically up", "7.1 s – 21 s"),
        ("Technically up → Users served", "1 min 33 s – 1 min 44 s"),
    ]
    assert picture.lines[2].witness == "REPLICA says that the guest runs"
    assert dict(picture.sums)["Human time"] == "0 s"
    assert picture.rows[2].bars == ()


@pytest.mark.parametrize(
    ("rto", "beyond", "inside"), [(300.0, False, True), (600.0, False, False), (36000.0, True, False)]
)
def test_the_objective_stands_against_the_outage(rto, beyond, inside, tmp_path):
    varied("measured-en", tmp_path, rto=rto)
    picture = bar_of(tmp_path)
    outage = picture.rows[1].bars
    assert picture.objective.beyond is beyond
    assert (picture.objective.x < max(bar.x + bar.width for bar in outage)) is inside
    assert picture.objective.x <= RIGHT


def test_without_an_objective_there_is_no_line(tmp_path):
    varied("measured-en", tmp_path, rto=None)
    assert bar_of(tmp_path).objective is None


def test_time_that_people_took_stands_apart(tmp_path):
    varied("measured-en", tmp_path, called=(140.0, 240.0))
    picture = bar_of(tmp_path)
    assert dict(picture.sums)["Human time"] == "1 min 38 s – 1 min 40 s"
    assert [bar.style for bar in picture.rows[2].bars] == ["people", "edge"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_bars_of_a_recovery_lie_within_the_picture(measured, language):
    drill, found, site = measured
    for recovery in recoveries.of_drill(drill, found, site):
        picture = split.lay_out(recovery, found, words_of(language))
        for row in picture.rows:
            assert text_width(row.name) < LEFT
            for bar in row.bars:
                assert bar.x >= LEFT
                assert bar.x + bar.width <= RIGHT + 2


def test_outages_while_the_lab_was_put_back_are_no_recovery_of_the_drill(tmp_path):
    write_measured("measured-en", tmp_path)
    drill, found, site = probed(tmp_path)
    assert len(found.tracks[Track(Layer.WRITE)].outages) == 2
    assert (len(found.during), len(found.restoring)) == (1, 1)
    assert len(recoveries.of_drill(drill, found, site)) == 1
