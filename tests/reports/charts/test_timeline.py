import pytest

from reports.charts.drawing import LEFT, RIGHT
from reports.charts.timeline import lay_out
from reports.load import load_record
from tests.reports.samples import SAMPLES, write_sample
from words import words_of


@pytest.fixture
def picture(request, tmp_path):
    write_sample(request.param, tmp_path)
    record = load_record(tmp_path)
    return lay_out(record.drills[0], record.site, words_of("en"))


@pytest.mark.parametrize("picture", SAMPLES, indirect=True)
def test_everything_lies_within_the_picture_and_no_box_covers_another(picture):
    for row in picture.rows:
        for bar in row.bars:
            assert bar.x >= LEFT
            assert bar.x + bar.width <= 1000
            assert row.y <= bar.y
            assert bar.y + bar.height <= row.y + row.height
        for mark in row.marks:
            assert LEFT <= mark.x <= RIGHT
    boxes = picture.rows[0].bars
    for one in boxes:
        for other in boxes:
            if one is not other and one.y == other.y:
                assert one.x + one.width <= other.x or other.x + other.width <= one.x


@pytest.mark.parametrize("picture", ["failed-en"], indirect=True)
def test_a_failed_step_is_never_hidden_in_a_box_with_others(picture):
    (failed,) = [bar for bar in picture.rows[0].bars if bar.style == "failed"]
    assert "amiss" in [mark.style for mark in next(row for row in picture.rows if row.name == "Garoon").marks]
    assert failed.label == "✕ 9"
    assert "the entry made on the master host is present" in failed.title


@pytest.mark.parametrize("picture", ["passed-en"], indirect=True)
def test_rows_tell_what_was_seen(picture):
    rows = {row.name: row for row in picture.rows}
    assert [bar.style for bar in rows["Guest on REPLICA"].bars][:2] == ["absent", "changed"]
    assert [bar.label for bar in rows["Guest on MASTER"].bars if bar.style == "off"] == ["Off"]
    assert "Switchover-Scenario" in rows["Actions"].marks[1].title
    assert [mark.style for mark in rows["Garoon"].marks] == ["visit", "visit", "visit", "gone"]
    assert picture.band
    assert picture.band.style == "restore"
