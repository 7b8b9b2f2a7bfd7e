"""A run seals its record at its end: a simulated one with the key of those, a real one with the site's, or not."""

import errno
import json
import os
from types import SimpleNamespace

import pytest

import reports
from journal.seal import KEY, SEAL, SIGNATURE, read_seal
from kunren.sealing import Ended, new_id, seal_record
from kunren.verify import verify
from lab.model.signing import PrivateKey, simulated_key
from lab.model.zones import TimeZone
from reports import judge, write_reports
from reports.load import load_record
from tests.kunren.conftest import drill_without_browser, site_with
from tests.kunren.sealed import REAL, offline, restored
from tests.kunren.test_cli import kunren
from tests.reports.journals import chained_anew
from tests.reports.samples import write_sample
from words import words_of

SITE_KEY = PrivateKey.new()
SEALS = {SEAL, SIGNATURE, KEY}


def ended(folder, *replaced):
    """A run whose report has been written."""
    write_sample("passed-en", folder)
    text = (folder / "journal.jsonl").read_text(encoding="utf-8")
    for old, new in replaced:
        text = text.replace(old, new)
    (folder / "journal.jsonl").write_text(text, encoding="utf-8")
    chained_anew(folder)
    written = write_reports(folder, first=True)
    record = load_record(folder, first=True)
    return Ended(
        folder=folder, record=record, verdict=judge.verdict(record), report=written.html, language=record.language
    )


def site(key=None, name="tokyo", *, simulated=False):
    return SimpleNamespace(name=name, key=key, simulated=simulated, time_zone=TimeZone("UTC", None))


@pytest.mark.browser
def test_a_simulated_run_leaves_a_record_that_is_verified_with_its_report(clean_switchover):
    found = verify(clean_switchover.folder, None)
    assert found.code == 0, list(found.lines(words_of("en")))
    told = "\n".join(found.lines(words_of("en")))
    assert "report.html is what this Kunren writes from the journal" in told
    assert offline()(clean_switchover.folder)[0] == 0
    seal = read_seal(clean_switchover.folder).seal
    assert seal.record == clean_switchover.journal[0]["record"]
    assert seal.record.startswith("SIM-simulated-20")
    told = json.loads((clean_switchover.folder / "record.json").read_text(encoding="utf-8"))
    assert (told["record"], told["journal"]["head"]) == (seal.record, seal.journal.head)
    assert (seal.verdict.outcome.value, seal.simulated, seal.key.kind) == ("passed", True, "simulated")


@pytest.mark.browser
def test_a_simulated_run_is_sealed_with_the_key_of_those_whatever_its_site_file_names(tmp_path):
    path = site_with(tmp_path, '\n[seal]\nprivate = "KUNREN_NO_SUCH_KEY"\n')
    run = drill_without_browser(tmp_path / "record", "2-readiness", "--site", path)
    assert (run.code, run.stderr) == (0, "")
    assert read_seal(run.folder).seal.public_key == simulated_key().public


def test_a_real_run_is_sealed_with_the_key_of_its_site(tmp_path):
    run = ended(tmp_path, *REAL)
    assert seal_record(run, site(SITE_KEY)) is None
    found = read_seal(tmp_path)
    assert (found.signed, found.seal.public_key, found.seal.simulated) == (True, SITE_KEY.public, False)
    assert set(found.seal.rendered.files) == {"record.json", "report.html"}


def test_a_real_run_without_a_key_is_not_sealed_and_says_so(tmp_path):
    told = seal_record(ended(tmp_path, *REAL), site())
    assert told.in_("en") == "The record is not sealed: the site file names no key for tokyo (docs/site-file.md)."
    assert not SEALS & {each.name for each in tmp_path.iterdir()}


@pytest.mark.parametrize("name", [SEAL, SIGNATURE, KEY, "verify.py"])
def test_a_disk_that_is_full_leaves_no_half_seal_and_is_told(tmp_path, monkeypatch, name):
    run = ended(tmp_path)
    from journal import files

    write = files.write_bytes

    def full(path, content):
        if path.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr("journal.seal.write_bytes", full)
    monkeypatch.setattr("kunren.sealing.write_bytes", full)
    assert "could not be sealed" in seal_record(run, site(simulated=True)).in_("en")
    assert not SEALS & {each.name for each in tmp_path.iterdir()}
    assert verify(tmp_path, None).code == 4


def test_identities_tell_runs_apart_and_a_real_site_never_looks_simulated():
    assert new_id(site(simulated=True)) != new_id(site(simulated=True))
    assert new_id(site(simulated=True)).startswith("SIM-tokyo-20")
    for name in ("SIM-tokyo", "sim", "本社 サーバ室", "../..", "x" * 99, 'a"b\n'):
        found = new_id(site(name=name))
        assert not found.upper().startswith("SIM")
        assert set(found) & set('/\\" \n') == set()
        assert len(found) < 70


# -- reports of a sealed record ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    run = ended(tmp_path_factory.mktemp("kept") / "record")
    assert seal_record(run, site(simulated=True)) is None
    return run.folder


def texts(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_sealed_report_is_written_again_byte_for_byte_and_another_language_is_added(kept, tmp_path):
    folder = restored(kept, tmp_path / "record")
    assert kunren("report", folder, cwd=tmp_path).returncode == 0
    assert texts(folder) == texts(kept)
    assert kunren("report", folder, "--lang", "ja", cwd=tmp_path).returncode == 0
    assert texts(folder).keys() - texts(kept).keys() == {"report.ja.html"}
    assert verify(folder, None).code == 0
    (folder / "report.ja.html").write_bytes((folder / "report.ja.html").read_bytes().replace("合格".encode(), b"?", 1))
    found = verify(folder, None)
    assert found.code == 4
    assert "report.ja.html is not what this Kunren writes" in "\n".join(found.lines(words_of("en")))


@pytest.mark.parametrize("name", ["report.html", "record.json", "evidence/0001-screenshot.png", "VERIFY.md"])
def test_nothing_of_a_sealed_record_that_was_changed_is_overwritten(kept, tmp_path, name):
    folder = restored(kept, tmp_path / "record")
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    before = texts(folder)
    done = kunren("report", folder, cwd=tmp_path)
    assert (done.returncode, texts(folder)) == (2, before)
    assert done.stderr.count("\n") == 1
    assert kunren("report", folder, "--out", tmp_path / "other", cwd=tmp_path).returncode in (0, 4)
    assert texts(folder) == before


def test_a_report_that_another_version_has_written_is_kept(kept, tmp_path, monkeypatch):
    folder = restored(kept, tmp_path / "record")
    monkeypatch.setattr("kunren.verify.renderer", lambda: "9")
    assert verify(folder, None).code == 0
    render = reports.stream
    monkeypatch.setattr("reports.stream", lambda *given: (*render(*given), " "))
    found = verify(folder, None)
    assert found.code == 0
    assert "report.html was written by another version of Kunren" in "\n".join(found.lines(words_of("en")))
