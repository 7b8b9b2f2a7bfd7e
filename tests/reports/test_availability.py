from datetime import timedelta

import pytest

from reports import availability, recoveries, split
from reports.drawing import LEFT, RIGHT, Axis, text_width
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
