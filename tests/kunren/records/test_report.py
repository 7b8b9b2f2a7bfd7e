"""`kunren report` on a record that may come from anyone: what it refuses, what it tells, and what it never touches."""

import json
import os
import shutil
from pathlib import Path

import pytest

from reports import write_reports
from tests.kunren.test_cli import kunren, refused
from tests.reports.journals import chained_anew
from tests.reports.pages import Page
from tests.reports.samples import write_sample


@pytest.fixture
def record(tmp_path):
    """Of hosts that do not say that they are simulated."""
    folder = tmp_path / "rec"
    write_sample("passed-en", folder)
    replaced_well(folder, " (SIMULATED)", "")
    write_reports(folder)
    return folder


def texts(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def replaced(folder, old, new):
    path = folder / "journal.jsonl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def replaced_well(folder, old, new):
    """By one who knows how lines are chained."""
    replaced(folder, old, new)
    chained_anew(folder)


def shown(path):
    return " ".join("".join(Page(path.read_text(encoding="utf-8")).text).split())


def test_a_report_is_written_again_byte_for_byte_and_its_verdict_is_told(record):
    before = texts(record)
    done = kunren("report", record, cwd=record)
    assert done.returncode == 0, done.stderr
    assert texts(record) == before
    assert "verdict: passed, lab restored (SIMULATED)" in done.stdout


def test_a_report_in_the_other_language_lies_beside_that_of_the_run(record):
    before = texts(record)
    done = kunren("report", record, "--lang", "ja", cwd=record)
    assert done.returncode == 0, done.stderr
    assert f"report: {record / 'report.ja.html'}" in done.stdout
    assert "判定: 合格" in done.stdout
    after = texts(record)
    assert '<html lang="ja">' in after.pop("report.ja.html").decode()
    assert after == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"outcome": "passed"', '"outcome": "skipped"', "another SHA-256"),
        ('"environment": "simulated"', '"environment": "real"', "another environment"),
        ('"name": "simulated"', '"name": "tokyo"', "another site"),
    ],
)
def test_a_journal_that_record_json_does_not_name_is_refused_and_nothing_is_overwritten(record, old, new, said):
    replaced_well(record, old, new)
    before = texts(record)
    refused(kunren("report", record, cwd=record), 2, said, "Nothing was written", "--out DIR")
    assert texts(record) == before


def test_a_line_that_does_not_follow_from_the_one_before_is_named_and_nothing_is_overwritten(record, tmp_path):
    for name in ("record.json", "report.html"):
        (record / name).unlink()
    replaced(record, '"outcome": "passed"', '"outcome": "skipped"')
    before = texts(record)
    lines = before["journal.jsonl"].splitlines()
    changed = next(n for n, line in enumerate(lines, 1) if b'"outcome": "skipped"' in line)
    refused(kunren("report", record, cwd=record), 2, f"Line {changed + 1} of the journal does not follow")
    assert texts(record) == before
    assert kunren("report", record, "--out", tmp_path / "elsewhere", cwd=record).returncode == 4
    told = json.loads((tmp_path / "elsewhere" / "record.json").read_text(encoding="utf-8"))
    assert (told["journal"]["broken"], told["journal"]["contradictions"]) == (changed + 1, ["chain"])
    assert "A line of the journal does not follow" in shown(tmp_path / "elsewhere" / "report.html")
    compared = kunren("compare", record, baseline(tmp_path), cwd=record)
    assert (compared.returncode, "A journal is not that of its run" in compared.stdout) == (4, True)


def test_a_rehearsal_from_which_the_word_simulated_was_taken_out_is_refused(record):
    replaced_well(record, '"os_version"', '"os": "Windows Server 2016 (SIMULATED)", "os_version"')
    write_reports(record, first=True)
    replaced_well(record, " (SIMULATED)", "")
    refused(kunren("report", record, cwd=record), 2, "another SHA-256")


def test_a_changed_journal_is_reported_elsewhere_and_the_report_says_so(record, tmp_path):
    replaced_well(record, '"environment": "simulated"', '"environment": "real"')
    before = texts(record)
    done = kunren("report", record, "--out", tmp_path / "elsewhere", cwd=record)
    assert (done.returncode, texts(record)) == (4, before)
    assert "verdict: unknown" in done.stdout
    text = shown(tmp_path / "elsewhere" / "report.html")
    assert "What lies beside the journal of this report contradicts it" in text
    assert "The SHA-256 of the journal differs from that in record.json" in text
    assert "its lab clock does not run with the controller clock" in text
    told = json.loads((tmp_path / "elsewhere" / "record.json").read_text(encoding="utf-8"))
    assert told["verdict"]["outcome"] == "unknown"
    assert told["journal"]["contradictions"] == ["journal", "environment", "clocks"]


def test_a_report_is_not_written_over_another_record(record, tmp_path):
    write_sample("failed-en", tmp_path / "other")
    refused(kunren("report", record, "--out", tmp_path / "other", cwd=record), 2, "is itself a record")
    assert not (tmp_path / "other" / "report.html").exists()


def test_a_record_without_record_json_as_a_killed_run_leaves_it_is_reported(record):
    for name in ("record.json", "report.html"):
        (record / name).unlink()
    assert kunren("report", record, cwd=record).returncode == 0


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda files: files[0].unlink(), "MISSING"),
        (lambda files: files[0].write_bytes(files[0].read_bytes()[:-1] + b"\0"), "ALTERED"),
        (lambda files: (files[0].rename("swap"), files[1].rename(files[0]), Path("swap").rename(files[1])), "ALTERED"),
        (lambda files: (files[0].unlink(), os.mkfifo(files[0])), "ALTERED"),
        (lambda files: (files[0].unlink(), files[0].symlink_to("/etc/hostname")), "NOT OPENED"),
    ],
)
def test_evidence_that_is_not_as_it_was_kept_makes_the_verdict_unknown(record, tmp_path, monkeypatch, spoil, word):
    monkeypatch.chdir(tmp_path)
    spoil(sorted((record / "evidence").iterdir()))
    done = kunren("report", record, cwd=record)
    assert done.returncode == 4, done.stderr
    assert "verdict: unknown, evidence was altered, lab restored (SIMULATED)" in done.stdout
    html = (record / "report.html").read_text(encoding="utf-8")
    alarms = html[html.index('<div class="alarms">') :]
    assert "evidence/0001-screenshot.png" in alarms[: alarms.index("</div>")]
    assert word in alarms[: alarms.index("</div>")]
    told = json.loads((record / "record.json").read_text(encoding="utf-8"))
    assert told["verdict"]["outcome"] == "unknown"
    assert told["drills"][0]["outcome"] == "unknown"
    assert told["verdict"]["altered"][0]["file"] == "evidence/0001-screenshot.png"
    again = kunren("compare", record, baseline(tmp_path), cwd=record)
    assert again.returncode == 4
    assert "evidence/0001-screenshot.png" in again.stdout


def baseline(folder):
    """The same drill on another day."""
    write_sample("passed-en", folder / "base")
    replaced_well(folder / "base", "2026-01-15T", "2026-01-14T")
    return folder / "base"


def test_an_evidence_folder_that_leads_elsewhere_is_not_followed(record, tmp_path):
    shutil.move(record / "evidence", tmp_path / "elsewhere")
    (record / "evidence").symlink_to(tmp_path / "elsewhere")
    done = kunren("report", record, cwd=record)
    assert done.returncode == 4
    assert "outside the record" in shown(record / "report.html")
    assert "<image" not in (record / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["report.html", "report.ja.html"])
def test_a_link_in_the_place_of_a_report_is_replaced_and_what_it_leads_to_is_left_alone(record, tmp_path, name):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (record / name).unlink(missing_ok=True)
    (record / name).symlink_to(victim)
    assert kunren("report", record, "--lang", "ja" if "ja" in name else "en", cwd=record).returncode == 0
    assert victim.read_text() == "precious"
    assert not (record / name).is_symlink()


def test_a_link_in_the_place_of_record_json_is_refused(record, tmp_path):
    (tmp_path / "victim").write_text("precious")
    (record / "record.json").unlink()
    (record / "record.json").symlink_to(tmp_path / "victim")
    refused(kunren("report", record, cwd=record), 2, "record.json cannot be read")
    assert (tmp_path / "victim").read_text() == "precious"


def test_a_journal_that_is_a_link_or_a_pipe_is_refused_at_once(record, tmp_path):
    journal = record / "journal.jsonl"
    shutil.move(journal, tmp_path / "journal.jsonl")
    journal.symlink_to(tmp_path / "journal.jsonl")
    refused(kunren("report", record, cwd=record), 2, "it is a symbolic link")
    journal.unlink()
    os.mkfifo(journal)
    refused(kunren("report", record, cwd=record), 2, "it is a pipe, a socket or a device")
    refused(kunren("coverage", record, cwd=record), 2, "it is a pipe, a socket or a device")


def test_nothing_but_the_report_is_left_in_the_folder(record):
    (record / "report.html").unlink()
    (record / "report.html").mkdir()
    refused(kunren("report", record, cwd=record), 2, "cannot be written")
    assert {path.name for path in record.iterdir()} == {"journal.jsonl", "record.json", "report.html", "evidence"}
