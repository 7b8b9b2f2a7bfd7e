"""Switchovers that never gave Garoon back: what the restoration ended afterwards is told as that, in every output."""

import json
import re

import pytest

from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.test_cli import kunren

CLEAN = "4-1-clean-switchover"
MUTATIONS = ("database-read-only", "completion-without-start", "url-still-points-to-master")
REPORTS = {"en": "report.html", "ja": "report.ja.html"}
SERVED = {"en": "users served", "ja": "利用再開"}
ENDED = {"en": "ended by the restoration", "ja": "復元により復旧"}
MET = {"en": r"\b(RTO|RPO)\b(?! is not proven)[^.<]*\bmet\b", "ja": r"(RTO|RPO)[^。<]*[^未]達成。"}


def sample():
    for mutation in MUTATIONS:
        yield pytest.param(mutation, marks=() if mutation == MUTATIONS[0] else pytest.mark.controls)


@pytest.mark.browser
@pytest.mark.parametrize("mutation", list(sample()))
def test_a_switchover_that_only_the_restoration_ended_serves_nobody_and_meets_nothing(
    mutation, clean_switchover, tmp_path
):
    site = site_with(tmp_path, f'mutations = ["{mutation}"]\n')
    run = drill_without_browser(tmp_path / "record", CLEAN, "--site", site, probed=True)
    assert run.code == 1
    assert "RTO not proven, RPO not proven, an outage was still open" in run.stdout
    assert_record(run)
    for language in ("en", "ja"):
        assert kunren("report", run.folder, "--lang", language, cwd=tmp_path).returncode == 0
        assert_report(run.folder / REPORTS[language], language)
    assert_compared(kunren("compare", run.folder, clean_switchover.folder, "--json", cwd=tmp_path))


def assert_record(run):
    (told,) = json.loads((run.folder / "record.json").read_text(encoding="utf-8"))["drills"]
    probed = told["measured"]["probed"]
    first, *_ = probed["users"]["during"]
    (restoration,) = run.entries("restore.began")
    began = first["began"]["latest"]
    assert (first["open"], first["ended"]["latest"], first["length"]["upper"]) == (True, None, None)
    assert first["length"]["lower"] == pytest.approx(probed["restoration"] - began)
    assert first["returned"]["latest"] > probed["restoration"]
    assert restoration["n"] < run.entries("canaries.read")[0]["n"], "what nobody could use was not read before"
    for objective in ("rto", "rpo"):
        assert (probed[objective]["attainment"], probed[objective]["open"]) == ("unproven", True)
    for recovery in probed["recoveries"]:
        assert "users served" not in [passed["milestone"] for passed in recovery["passed"]]
        assert all(passed["at"]["latest"] <= probed["restoration"] for passed in recovery["passed"])
        assert (recovery["whole"], recovery["machine"]) == (None, None)


def assert_report(file, language):
    report = file.read_text(encoding="utf-8")
    assert SERVED[language] not in report.lower()
    assert ENDED[language] in report.lower()
    assert re.search(MET[language], report) is None


def assert_compared(done):
    found = json.loads(done.stdout)
    measures = {measure["measure"]: measure for measure in found["drills"][0]["measures"]}
    assert (done.returncode, measures["outage"]["verdict"]) == (1, "behaves differently")
    assert measures["outage"]["open"] == {"baseline": False, "record": True}
    assert measures["outage"]["seconds"]["record"]["upper"] is None
    assert (measures["rto"]["told"]["record"], measures["rpo"]["told"]["record"]) == ("unproven", "unproven")
    assert "users served" not in [end for measure in found["drills"][0]["measures"] for end in measure["ends"] or ()]


@pytest.mark.browser
def test_a_switchover_in_good_health_says_what_the_others_must_not(clean_switchover):
    """The control: the words that are looked for are those of a report."""
    assert SERVED["en"] in clean_switchover.report.lower()
    assert re.search(MET["en"], clean_switchover.report)


@pytest.mark.browser
def test_the_words_that_are_looked_for_in_japanese_are_those_of_a_report(clean_switchover_ja):
    assert SERVED["ja"] in clean_switchover_ja.report
    assert re.search(MET["ja"], clean_switchover_ja.report)
