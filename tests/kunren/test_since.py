"""What has changed on a site since a record of it: told by `kunren check --since`, and by a drill at its beginning."""

import json

import pytest

from tests.kunren.commands import run
from tests.kunren.conftest import SIMULATED, drill_without_browser, site_with
from tests.kunren.real_lab import real_lab
from tests.kunren.visitor import without_browser

UPDATED = ["low-quotas", "old-updates", "no-exclusions", "long-ttl"]


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The record of a drill that only asks, on a site as it was."""
    folder = tmp_path_factory.mktemp("before")
    with real_lab(folder) as lab:
        lab.create()
        done = drill_without_browser(
            folder / "records" / "one", "2-readiness", "--site", lab.site(), "--confirm", "tokyo"
        )
    assert done.code == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def later(tmp_path_factory, before):
    """The same site, on which much has changed; without its scenario."""
    folder = tmp_path_factory.mktemp("later")
    with real_lab(folder, "--site", site_with(folder, f"unfit = {json.dumps(UPDATED)}\n")) as lab:
        yield lab


def check(*arguments, cwd=None):
    done = run("check", *arguments, before=[without_browser], **({} if cwd is None else {"cwd": cwd}))
    assert done.stderr == ""
    return done


def test_a_drill_journals_what_its_preflight_check_read(before):
    checked = {entry["host"]: entry for entry in before.entries("host.checked")}
    assert checked["MASTER"]["build"] == "14393.5006"
    assert checked["MASTER"]["hardware"]["disks"] == {"IDE 0:0": "C:\\Hyper-V\\Garoon\\Garoon.vhdx 19327352832"}
    assert checked["REPLICA"]["hardware"] is None
    assert checked["REPLICA"]["quotas"]["MaxMemoryPerShellMB"] == 1024
    assert [entry for entry in before.entries("note") if "Changed since" in str(entry["text"])] == []


def test_check_tells_what_has_changed_since_a_record(before, later):
    found = json.loads(check("--site", later.site(), "--since", before.folder, "--json").stdout)
    assert found["since"]["record"] == str(before.folder)
    told = {each["subject"]: (each["before"], each["after"]) for each in found["since"]["changes"]}
    assert told.pop("RHA/CybozuGaroonHyper-V")[1] == "—"
    assert told == {
        "REPLICA update/KB3192137": ("2011-08-22", "2011-02-03"),
        "REPLICA update/KB5049993": ("2012-09-12", "2012-02-25"),
        "REPLICA WinRM/MaxMemoryPerShellMB": ("1024", "150"),
        "REPLICA WinRM/MaxShellsPerUser": ("30", "5"),
        "REPLICA Defender": ("C:\\Program Files\\CA\\ARCserve RHA", "-"),
    }


def test_the_newest_record_below_records_is_taken_and_told_in_japanese(before, later):
    told = check("--site", later.site(), "--lang", "ja", cwd=before.folder.parents[1]).stdout.splitlines()
    [title] = [line for line in told if "からの変更:" in line]
    assert "records/one（" in title
    assert "      REPLICA WinRM/MaxShellsPerUser: 30 → 5" in told[told.index(title) :]


def test_the_next_drill_notes_what_has_changed(before, later):
    later.create()
    folder = before.folder.parent / "two"
    given = ("2-readiness", "--site", later.site(), "--confirm", "tokyo")
    done = drill_without_browser(folder, *given)
    assert done.code == 0, done.stdout + done.stderr
    notes = [note["text"] for note in done.entries("note")]
    assert f"Changed since {before.folder}: REPLICA WinRM/MaxShellsPerUser: 30 → 5" in notes
    again = drill_without_browser(before.folder.parent / "three", *given)
    assert [note for note in again.entries("note") if "Changed since" in note["text"]] == []


def test_a_record_of_another_site_is_refused(before, tmp_path):
    for record, said in ((before.folder, "does not tell of the site simulated"), (tmp_path, "journal.jsonl")):
        done = run("check", "--site", SIMULATED, "--since", record, before=[without_browser])
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stdout == ""
