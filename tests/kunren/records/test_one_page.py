"""`kunren report --to pdf` and `--to md`: their own files, and nobody else's."""

import re
import shutil
import subprocess

import pytest

from kunren.exits import Exit
from kunren.records.verify import verify
from lab.drivers.garoon import printing
from lab.drivers.garoon.printing import pdf_of
from lab.errors import SiteError
from lab.model.signing import simulated_key
from reports import write_reports
from tests.kunren import commands
from tests.kunren.sealed import seal_anew, write_record
from tests.reports.samples import write_sample
from words import words_of


def with_reports(folder, name="passed-en"):
    """A sealed record with the reports that its run leaves."""
    record = write_record(folder, name=name)
    (record / "record.json").unlink()
    write_reports(record, first=True)
    seal_anew(record, simulated_key())
    return record


def report(folder, *arguments):
    return commands.run("report", folder, *arguments)


@pytest.mark.browser
def test_a_pdf_has_bookmarks_and_the_record_and_that_it_was_simulated_on_every_page(tmp_path):
    record = with_reports(tmp_path / "record", "failed-ja")
    done = report(record, "--to", "pdf", "--lang", "en")
    assert done.returncode == 0, done.stderr
    pdf = (record / "report.en.pdf").read_bytes()
    pages = len(re.findall(rb"/Type ?/Page\b", pdf))
    assert 2 <= pages <= 8
    assert b"/Outlines" in pdf
    assert b"/Title (Environment and tools)" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/JavaScript" not in pdf
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", record / "report.en.pdf", "-"], capture_output=True, check=True).stdout
        sheets = text.decode().split("\f")[:-1]
        assert len(sheets) == pages
        for number, sheet in enumerate(sheets, 1):
            assert "SIM-simulated-20260115-120405-00c0de" in sheet
            assert "SIMULATED" in sheet
            assert f"{number}/{pages}" in sheet.replace(" ", "")
    assert report(record, "--to", "pdf", "--lang", "en").returncode == 0


@pytest.mark.browser
def test_an_old_browser_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "OLDEST", 9_999)
    with pytest.raises(SiteError, match="version 9999 or later is needed for a PDF"):
        pdf_of(tmp_path / "page.html")


def test_without_a_browser_there_is_one_sentence_and_no_file(tmp_path, monkeypatch):
    write_sample("passed-en", tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "fc-list").symlink_to(shutil.which("fc-list"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    done = report(tmp_path, "--to", "pdf")
    assert done.returncode == Exit.NOT_READY
    assert done.stderr.count("\n") == 1
    assert "no browser on this machine" in done.stderr
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize("form", ["md", "pdf"])
def test_what_is_not_kunrens_own_is_never_overwritten(form, tmp_path):
    write_sample("passed-en", tmp_path)
    assert report(tmp_path, "--to", "md").returncode == 0
    path = tmp_path / f"report.{form}"
    changed = (tmp_path / "report.md").read_bytes().replace(b"Passed", b"passed", 1)
    path.write_bytes(changed)
    done = report(tmp_path, "--to", form)
    assert done.returncode == Exit.USAGE
    assert "is not as Kunren wrote it" in done.stderr
    assert path.read_bytes() == changed


def test_a_summary_in_a_sealed_record_is_verified_and_one_by_somebody_else_is_not(tmp_path):
    sealed = with_reports(tmp_path / "record")
    assert report(sealed, "--to", "md").returncode == 0
    (sealed / "report.pdf").write_bytes(b"%PDF-1.4")
    found = verify(sealed, None)
    told = "\n".join(found.lines(words_of("en")))
    assert found.code == Exit.PASSED, told
    assert "report.pdf was written after the seal" in told
    (sealed / "report.md").write_text("# Passed\n")
    assert verify(sealed, None).code == Exit.UNKNOWN
