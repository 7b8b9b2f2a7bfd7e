"""Every point of the guide has a chapter, in both languages."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from kunren.coverage import coverage_of, coverage_sheet, last_outcomes
from kunren.drills import choose
from lab.guide import guide
from lab.model.record import Outcome
from reports.coverage import Showing, matrix
from tests.kunren.conftest import drill
from tests.kunren.test_cli import kunren


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_point_has_a_chapter(language):
    assert [line.point.id for line in coverage_of(language) if line.missing] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_tag_names_a_point_of_the_guide(language):
    assert {point for each in choose((), language, None) for point in each.guide} <= guide().points.keys()


def test_the_command_names_the_chapters_of_each_point(tmp_path):
    done = kunren("coverage", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{len(guide().points)} shown by chapters, 0 untested" in done.stdout
    assert "4-1-clean-switchover › 1. Perform the switchover  (no record)" in done.stdout


def test_the_command_ends_with_1_when_a_point_has_no_chapter(tmp_path, monkeypatch):
    monkeypatch.setattr("kunren.cli.coverage_of", lambda *_: matrix([]))
    assert kunren("coverage", cwd=tmp_path).returncode == 1


@pytest.mark.browser
def test_the_command_tells_how_a_chapter_ended_when_it_was_last_run(tmp_path):
    run = drill(tmp_path / "records" / "one", "4-1-clean-switchover", "--chapter", "1")
    assert run.code == 4, run.stderr
    told = kunren("coverage", "--lang", "ja", cwd=tmp_path).stdout
    assert "4-1-clean-switchover › 1. スイッチオーバーを実行する  (合格)" in told
    assert "4-1-clean-switchover › 2. マスタ ホストの停止を確認する  (記録なし)" in told
    assert told == kunren("coverage", "--lang", "ja", "records/one", cwd=tmp_path).stdout


def test_a_record_that_is_none_is_one_sentence(tmp_path):
    done = kunren("coverage", "nothing", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def showing(number=1, outcome=None, points=("4-1.S4",)):
    return Showing(drill="d", number=number, chapter="c", guide=points, outcome=outcome)


def standing(point, *chapters):
    return next(line.standing for line in matrix(chapters) if line.point.id == point)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), "untested"),
        ((None,), "not run"),
        ((Outcome.PASSED,), "passed"),
        ((Outcome.PASSED, None), "unknown"),
        ((Outcome.PASSED, Outcome.SKIPPED), "unknown"),
        ((Outcome.PASSED, Outcome.FAILED), "failed"),
    ],
)
def test_a_point_stands_as_its_chapters_do_taken_together(outcomes, expected):
    assert standing("4-1.S4", *(showing(outcome=outcome) for outcome in outcomes)) == expected


def test_a_point_for_a_person_is_no_gap_and_a_chapter_may_show_it_all_the_same():
    assert standing("4-1.N0") == "manual"
    assert standing("4-1.N0", showing(outcome=Outcome.PASSED, points=("4-1.N0",))) == "passed"


def test_the_sheet_adds_up():
    *_, total = coverage_sheet(matrix([showing(outcome=Outcome.PASSED)]), "en")
    assert total.startswith(f"{len(guide().points)} points: 1 shown by chapters")


def record(day, outcome, sha256="now"):
    step = SimpleNamespace(reported=outcome, began=True)
    chapter = SimpleNamespace(name="c", guide=("4-1.S4",), steps=(step,))
    began = SimpleNamespace(wall=datetime(2026, 1, day, tzinfo=UTC))
    return SimpleNamespace(began=began, drills=(SimpleNamespace(id="d", sha256=sha256, chapters=(chapter,)),))


def test_the_latest_record_counts_and_an_older_text_of_the_drill_does_not():
    records = [record(3, Outcome.PASSED, "before"), record(2, Outcome.FAILED), record(1, Outcome.PASSED)]
    assert last_outcomes(records, {"now"}) == {("d", 1): Outcome.FAILED}


def test_a_chapter_that_was_left_out_keeps_its_last_outcome():
    records = [record(1, Outcome.PASSED), record(2, Outcome.SKIPPED)]
    assert last_outcomes(records, {"now"}) == {("d", 1): Outcome.PASSED}
