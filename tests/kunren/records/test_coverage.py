"""Every point of the guide has a chapter, in both languages."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from guide import guide
from journal.course import Outcome
from kunren.records.coverage import Found, coverage_of, coverage_sheet, last_outcomes
from kunren.running.drills import choose
from reports import write_reports
from reports.coverage import Showing, matrix
from reports.load import JOURNAL
from tests.kunren.conftest import drill_without_browser
from tests.kunren.test_cli import kunren
from tests.reports.journals import chained_anew, lines_of, rewrite
from tests.reports.samples import write_sample
from words import Quoted


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_point_has_a_chapter(language):
    assert [line.point.id for line in coverage_of(language) if line.missing] == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_tag_names_a_point_of_the_guide(language):
    assert {point for each in choose((), language, None) for point in each.guide} <= guide().points.keys()


def test_the_command_names_the_chapters_of_each_point(tmp_path):
    done = kunren("coverage", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{len(guide().points)} covered by chapters, 0 untested" in done.stdout
    assert "4-1-clean-switchover › 1. Perform the switchover\n          no record\n" in done.stdout
    assert "4-1.S5\treal hosts: no record\tSIMULATED: no record\t" in done.stdout


def test_the_command_ends_with_1_when_a_point_has_no_chapter(tmp_path, monkeypatch):
    monkeypatch.setattr("kunren.records.coverage.coverage_of", lambda *_: matrix([]))
    assert kunren("coverage", cwd=tmp_path).returncode == 1


@pytest.mark.browser
def test_the_command_tells_how_a_chapter_ended_when_it_was_last_run(tmp_path):
    run = drill_without_browser(tmp_path / "records" / "one", "2-readiness", "--chapter", "3")
    assert run.code == 4, run.stderr
    told = kunren("coverage", "--lang", "ja", cwd=tmp_path).stdout
    first = told[told.index("2-readiness › 3. 両方のホストにエンジンがある\n") :].splitlines()[1].strip()
    assert first.startswith("模擬環境 SIMULATED: 合格（simulated、20")
    assert first.endswith("、records/one）")
    assert "4-1-clean-switchover › 1. スイッチオーバーを実行する\n          記録なし\n" in told
    assert told == kunren("coverage", "--lang", "ja", "records/one", cwd=tmp_path).stdout


def kept(folder, *changes, outcome="passed", day="30"):
    """A record of the shipped drill 4-1, of which each step ended so on that day of November 2026."""
    (planned,) = choose(("4-1-clean-switchover",), "en", None)
    write_sample("passed-en", folder)
    path = folder / JOURNAL
    digest = lines_of(folder)[0]["drills"][0]["sha256"]
    text = path.read_text(encoding="utf-8").replace(digest, planned.sha256)
    for old, new in (("2026-01-15T", f"2026-11-{day}T"), ('"outcome": "passed"', f'"outcome": "{outcome}"'), *changes):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    rewrite(folder, lines_of(folder))
    return folder


def with_one_clock(folder):
    """As on a real site, where the lab's time is the wall's."""
    rewrite(folder, [line | {"at": line["wall"]} for line in lines_of(folder)])


REAL = (
    ('"environment": "simulated"', '"environment": "real"'),
    ('"name": "simulated"', '"name": "tokyo"'),
    (" (SIMULATED)", ""),
)


def block(told, chapter):
    """The lines that tell how a chapter ended."""
    lines = told.splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip().endswith(chapter))
    return [line.strip() for line in lines[place + 1 : place + 3]]


@pytest.mark.parametrize("order", [("29", "30"), ("30", "29")])
def test_a_failure_on_real_hosts_is_never_covered_by_what_passed_in_the_simulated_lab(tmp_path, order):
    kept(tmp_path / "records" / "a", *REAL, outcome="failed", day=order[0])
    kept(tmp_path / "records" / "b", day=order[1])
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: FAILED\tSIMULATED: passed\t" in told
    real, simulated = block(told, "4-1-clean-switchover › 1. Perform the switchover")
    assert real == f"real hosts: FAILED  (tokyo, 2026-11-{order[0]} 12:04:05 UTC+09:00, records/a)"
    assert simulated == f"SIMULATED: passed  (simulated, 2026-11-{order[1]} 12:04:05 UTC+09:00, records/b)"
    assert "last passed on real hosts: 0 of" in told


def test_what_passed_at_one_site_does_not_cover_what_failed_at_another(tmp_path):
    with_one_clock(kept(tmp_path / "records" / "a", *REAL, outcome="failed", day="29"))
    with_one_clock(kept(tmp_path / "records" / "b", *REAL, ('"name": "tokyo"', '"name": "osaka"')))
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: FAILED\tSIMULATED: no record\t" in told
    assert [line.split(",")[0] for line in block(told, "› 1. Perform the switchover")] == [
        "real hosts: passed  (osaka",
        "real hosts: FAILED  (tokyo",
    ]


def test_a_rehearsal_that_claims_real_hosts_has_not_passed_there(tmp_path):
    kept(tmp_path / "records" / "a", *REAL)
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: UNKNOWN\tSIMULATED: no record\t" in told
    assert "records/a: the record claims real hosts, but its clocks differ as only those of a simulated lab do" in told


def test_the_time_is_that_of_the_site(tmp_path):
    kept(tmp_path / "records" / "a", ('"time_zone": "+09:00"', '"time_zone": "America/New_York"'))
    assert "(simulated, 2026-11-29 22:04:05 UTC-05:00, records/a)" in kunren("coverage", cwd=tmp_path).stdout


def test_no_chapter_of_a_drill_with_altered_evidence_counts_as_passed(tmp_path):
    folder = kept(tmp_path / "records" / "a")
    (folder / "evidence" / "0002-screenshot.png").unlink()
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: no record\tSIMULATED: UNKNOWN\t" in told
    assert "records/a: evidence was altered (evidence/0002-screenshot.png)" in told


def test_no_chapter_counts_as_passed_where_record_json_is_of_another_journal(tmp_path):
    folder = kept(tmp_path / "records" / "a")
    write_reports(folder)
    path = folder / JOURNAL
    path.write_text(path.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 7'), encoding="utf-8")
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: no record\tSIMULATED: UNKNOWN\t" in told
    assert "records/a: line 2 of the journal does not follow from the line before it" in told
    chained_anew(folder)
    told = kunren("coverage", cwd=tmp_path).stdout
    assert "4-1.S1\treal hosts: no record\tSIMULATED: UNKNOWN\t" in told
    assert "records/a: what lies beside the journal contradicts it" in told


def test_a_record_that_is_none_is_one_sentence(tmp_path):
    done = kunren("coverage", "nothing", cwd=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_the_sheet_adds_up():
    chapter = Showing(drill="d", number=1, chapter=Quoted("c"), guide=("4-1.S4",), outcome=Outcome.PASSED)
    *_, total = coverage_sheet(matrix([chapter]), "en")
    assert total.startswith(f"{len(guide().points)} points: 1 covered by chapters")


def record(day, outcome, sha256="now"):
    step = SimpleNamespace(reported=outcome, began=True, activities=(), checks=())
    chapter = SimpleNamespace(name="c", guide=("4-1.S4",), steps=(step,))
    began = SimpleNamespace(wall=datetime(2026, 1, day, tzinfo=UTC))
    planned = SimpleNamespace(id="d", sha256=sha256, chapters=(chapter,), everything=())
    return Found(
        Path(f"records/{day}"),
        SimpleNamespace(
            began=began,
            drills=(planned,),
            simulated=True,
            journal=SimpleNamespace(contradictions=()),
            site=SimpleNamespace(name="simulated"),
            local=lambda moment: moment,
        ),
    )


def outcomes(*records):
    return {place: [each.outcome for each in ended] for place, ended in last_outcomes(records, {"now"}).items()}


def test_the_latest_record_counts_and_an_older_text_of_the_drill_does_not():
    records = [record(3, Outcome.PASSED, "before"), record(2, Outcome.FAILED), record(1, Outcome.PASSED)]
    assert outcomes(*records) == {("d", 1, False): [Outcome.FAILED]}


def test_a_chapter_that_was_left_out_keeps_its_last_outcome():
    assert outcomes(record(1, Outcome.PASSED), record(2, Outcome.SKIPPED)) == {("d", 1, False): [Outcome.PASSED]}
