"""`kunren report --to junit` and others: where they go, and that no other file is overwritten."""

import pytest

from kunren.exits import Exit, Stop
from kunren.records import exporting
from kunren.records.report import rewrite
from tests.reports.samples import write_sample

FILES = [
    ("junit", "junit.xml"),
    ("csv", "steps.csv"),
    ("cucumber", "cucumber.ndjson"),
    ("cucumber-json", "cucumber.json"),
    ("openmetrics", "kunren.prom"),
]


@pytest.fixture
def record(tmp_path):
    write_sample("passed-en", tmp_path / "rec")
    return tmp_path / "rec"


@pytest.mark.parametrize(("form", "name"), FILES)
def test_an_export_lies_beside_the_record_and_overwrites_its_own_kind_only(form, name, record):
    before = sorted(record.rglob("*"))
    path = rewrite(record, None, None, form).html
    assert path == record.with_name("rec-report") / name
    rewrite(record, "ja", None, form)
    assert sorted(record.rglob("*")) == before
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(Stop) as stop:
        rewrite(record, None, None, form)
    assert stop.value.code == Exit.USAGE
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_summary_is_appended_where_github_wants_it_if_there_is_room(record, tmp_path, monkeypatch):
    monkeypatch.delenv(exporting.SUMMARY, raising=False)
    with pytest.raises(Stop, match="GITHUB_STEP_SUMMARY"):
        rewrite(record, None, None, "summary")
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv(exporting.SUMMARY, str(path))
    rewrite(record, None, None, "summary")
    kept = path.read_text(encoding="utf-8")
    assert kept.startswith("before\n\n# ✓ ")
    monkeypatch.setattr(exporting, "MOST_BYTES", len(kept))
    with pytest.raises(Stop):
        rewrite(record, None, None, "summary")
    assert path.read_text(encoding="utf-8") == kept


def test_what_no_cutting_makes_small_enough_for_gitlab_is_not_written(record, monkeypatch):
    monkeypatch.setattr(exporting.junit, "MOST_BYTES", 1_000)
    with pytest.raises(Stop, match="too large for JUnit XML"):
        rewrite(record, None, None, "junit")
    assert not (record.with_name("rec-report") / "junit.xml").exists()


def test_results_for_allure_stand_beside_those_of_other_runs_and_their_own_are_replaced(record):
    results = rewrite(record, None, None, "allure").html
    (results / "0-result.json").write_text("{}", encoding="utf-8")
    before = sorted(results.iterdir())
    assert len(before) > 5
    rewrite(record, "ja", None, "allure")
    assert sorted(results.iterdir()) == before
    (results / "environment.properties").write_text("mine=1\n", encoding="utf-8")
    with pytest.raises(Stop):
        rewrite(record, None, None, "allure")
