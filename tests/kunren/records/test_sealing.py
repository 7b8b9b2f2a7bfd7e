"""A run seals its record at its end: a simulated one with the key of those, a real one with the site's, or not."""

import errno
import json
import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

import reports
from journal.seal import KEY, SEAL, SIGNATURE, read_seal
from journal.verification import Topic
from kunren.records.sealing import Ended, new_id, seal_record
from kunren.records.verify import verify
from lab.model.endpoints import StampAuthority
from lab.model.signing import PrivateKey, simulated_key
from lab.model.zones import TimeZone
from lab.site.file import load_site
from reports import judge, write_reports
from reports.load import load_record
from tests.kunren.conftest import site_with
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
    return SimpleNamespace(name=name, key=key, simulated=simulated, time_zone=TimeZone("UTC", None), stamps=None)


@pytest.fixture(scope="module")
def run_of_all(tmp_path_factory):
    run = ended(tmp_path_factory.mktemp("kept") / "record")
    assert seal_record(run, site(simulated=True)) is None
    return run


@pytest.fixture(scope="module")
def kept(run_of_all):
    return run_of_all.folder


@pytest.fixture
def again(run_of_all):
    """The same run, whose record is in another folder and not yet sealed."""

    def copied(folder):
        shutil.copytree(run_of_all.folder, folder)
        for name in SEALS:
            (folder / name).unlink()
        return replace(run_of_all, folder=folder)

    return copied


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


def test_a_simulated_run_is_sealed_with_the_key_of_those_whatever_its_site_file_names(again, tmp_path):
    named = load_site(site_with(tmp_path, '\n[seal]\nprivate = "KUNREN_NO_SUCH_KEY"\n'))
    assert (named.simulated, named.key) == (True, None)
    run = again(tmp_path / "record")
    assert seal_record(run, site(SITE_KEY)) is None
    assert read_seal(run.folder).seal.public_key == simulated_key().public


def test_a_real_run_is_sealed_with_the_key_of_its_site_or_says_that_there_is_none(tmp_path):
    run = ended(tmp_path, *REAL)
    told = seal_record(run, site())
    assert told.in_("en") == "The record is not sealed: the site file names no key for tokyo (docs/site-file.md)."
    assert not SEALS & {each.name for each in tmp_path.iterdir()}
    assert seal_record(run, site(SITE_KEY)) is None
    found = read_seal(tmp_path)
    assert (found.signed, found.seal.public_key, found.seal.simulated) == (True, SITE_KEY.public, False)
    assert set(found.seal.rendered.files) == {"record.json", "report.html"}


def test_a_record_whose_authority_does_not_answer_is_sealed_all_the_same_and_says_why(tmp_path):
    run, named = ended(tmp_path, *REAL), site(SITE_KEY)
    named.stamps = StampAuthority(url="http://127.0.0.1:9/", roots="roots.pem")
    assert "could not be time-stamped" in seal_record(run, named).in_("en")
    assert read_seal(tmp_path).signed
    findings = verify(tmp_path, None, rendering=False).findings
    [told] = [each.told.in_("en") for each in findings if each.topic is Topic.TIMED]
    assert told.startswith("Not time-stamped, because: There is no seal.tsr")


@pytest.mark.parametrize("name", [SEAL, SIGNATURE, KEY, "verify.py"])
def test_a_disk_that_is_full_leaves_no_half_seal_and_is_told(again, tmp_path, monkeypatch, name):
    run = again(tmp_path / "record")
    from journal import files

    write = files.write_bytes

    def full(path, content):
        if path.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr("journal.seal.write_bytes", full)
    monkeypatch.setattr("kunren.records.sealing.write_bytes", full)
    assert "could not be sealed" in seal_record(run, site(simulated=True)).in_("en")
    assert not SEALS & {each.name for each in run.folder.iterdir()}
    assert verify(run.folder, None, rendering=False).code == 4


def test_identities_tell_runs_apart_and_a_real_site_never_looks_simulated():
    assert new_id(site(simulated=True)) != new_id(site(simulated=True))
    assert new_id(site(simulated=True)).startswith("SIM-tokyo-20")
    for name in ("SIM-tokyo", "sim", "本社 サーバ室", "../..", "x" * 99, 'a"b\n'):
        found = new_id(site(name=name))
        assert not found.upper().startswith("SIM")
        assert set(found) & set('/\\" \n') == set()
        assert len(found) < 70


# -- reports of a sealed record ----------------------------------------------------------------------------------------


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


def test_a_report_that_another_version_has_written_is_kept(kept, tmp_path, monkeypatch):
    folder = restored(kept, tmp_path / "record")
    monkeypatch.setattr("kunren.records.verify.renderer", lambda: "9")
    assert verify(folder, None).code == 0
    render = reports.stream
    monkeypatch.setattr("reports.stream", lambda *given: (*render(*given), " "))
    found = verify(folder, None)
    assert found.code == 0
    assert "report.html was written by another version of Kunren" in "\n".join(found.lines(words_of("en")))
