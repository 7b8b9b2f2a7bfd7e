"""The command as a user drives it: every mistake is one sentence and a documented exit code, and nothing is touched."""

import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import pytest

from guide import guide
from journal.masking import Masking
from kunren.cli import main
from kunren.ending import failed
from kunren.running.drill import new_record_folder
from kunren.terminal import READER, say
from lab.model.zones import TimeZone
from lab.simulator.mutations.catalogue import CATALOGUE
from lab.site.file import RealAccess, simulated_site
from words import Quoted

REPOSITORY = Path(__file__).parents[2]


def kunren(*arguments, cwd):
    """The command in this process: to start a Python for each mistake costs more than to make it."""
    out, err = StringIO(), StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(args=[str(argument) for argument in arguments], prog_name="kunren")
    return subprocess.CompletedProcess(arguments, ended.value.code, out.getvalue(), err.getvalue())


def refused(done, code, *said):
    assert done.returncode == code, done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("kunren: ")
    for text in said:
        assert text in lines[0]
    assert "Traceback" not in done.stdout


def test_an_unknown_drill_names_the_nearest(tmp_path):
    refused(kunren("drill", "4-1-clean", cwd=tmp_path), 2, "no drill 4-1-clean", "4-1-clean-switchover")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("option", ["--takeover", "--in-business-hours"])
def test_a_reason_that_is_recorded_is_no_blank(option, tmp_path):
    refused(kunren("drill", "4-1-clean-switchover", option, " ", cwd=tmp_path), 2, option, "reason")


@pytest.mark.parametrize("number", ["nan", "inf", "1e999", "0", "-1", "ten"])
def test_a_limit_beyond_reason_is_no_limit(number, tmp_path):
    for command in (("drill", "2-readiness", "--at-most"), ("lab", "--speed")):
        refused(kunren(*command, number, cwd=tmp_path), 2, command[-1], "choose a number from")


@pytest.mark.parametrize(("locale", "said"), [("ja_JP.UTF-8", "パスを確認してください"), ("C.UTF-8", "check the path")])
def test_without_a_site_the_language_is_that_of_the_machine(locale, said, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", locale)
    refused(kunren("check", "--site", "nowhere.toml", cwd=tmp_path), 2, said)


def test_the_command_in_a_process_of_its_own(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "kunren", "drill", "4-1-clean"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    refused(done, 2, "no drill 4-1-clean", "4-1-clean-switchover")


def test_an_unknown_option_says_where_to_look(tmp_path):
    refused(kunren("drill", "--fast", cwd=tmp_path), 2, "--fast", "kunren --help")


def test_a_site_file_that_is_not_there(tmp_path):
    refused(kunren("drill", "--site", "none.toml", cwd=tmp_path), 2, "none.toml", "cannot be read")


def test_a_site_file_that_is_not_toml(tmp_path):
    (tmp_path / "site.toml").write_text("hosts = [")
    refused(kunren("drill", "--site", "site.toml", cwd=tmp_path), 2, "site.toml", "not valid TOML")


def test_an_unknown_mutation_in_the_site_file(tmp_path):
    simulated = (REPOSITORY / "lab/site/simulated.toml").read_text()
    (tmp_path / "site.toml").write_text(simulated + 'mutations = ["nonsense"]\n')
    refused(kunren("drill", "--site", "site.toml", cwd=tmp_path), 2, "nonsense")


def test_an_output_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    refused(kunren("drill", "--out", "file/record", cwd=tmp_path), 2, "file/record", "cannot be written")


def test_a_record_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "journal.jsonl").write_text("precious")
    refused(kunren("drill", "--out", "record", cwd=tmp_path), 2, "not empty")
    assert (tmp_path / "record" / "journal.jsonl").read_text() == "precious"


def test_a_feature_with_an_unknown_step(tmp_path):
    (tmp_path / "my.feature").write_text("Feature: F\n  Scenario: S\n    Given Garoon was in use at its original URL\n")
    refused(kunren("drill", "my.feature", cwd=tmp_path), 2, "unknown", "Garoon is available at its original URL")


@pytest.mark.parametrize("record", ["nothing", "empty"])
def test_a_record_that_is_none(tmp_path, record):
    (tmp_path / "empty").mkdir()
    refused(kunren("report", record, cwd=tmp_path), 2, record)


def test_no_guide_section(tmp_path):
    refused(kunren("drill", "--guide", "9-9", cwd=tmp_path), 2, "9-9")


def test_the_mutations_are_listed_with_their_points(tmp_path):
    listed = [line.split("\t") for line in kunren("controls", "--list", cwd=tmp_path).stdout.splitlines()]
    assert [name for name, _, _ in listed] == list(CATALOGUE)
    assert all(point in guide().points and effect.endswith(".") for _, point, effect in listed)
    assert not list(tmp_path.iterdir())


def test_the_drills_are_listed_in_both_languages(tmp_path):
    assert "4-1-clean-switchover\tPlanned switchover" in kunren("drill", "--list", cwd=tmp_path).stdout
    assert "正常時のスイッチオーバー" in kunren("drill", "--list", "--lang", "ja", cwd=tmp_path).stdout


def test_records_that_begin_in_the_same_second_lie_side_by_side(tmp_path):
    site = simulated_site()
    folders = [new_record_folder(site, tmp_path / "records") for _ in range(3)]
    assert len(set(folders)) == 3
    assert all(folder.is_dir() for folder in folders)
    assert {folder.name[15:] for folder in folders} <= {"", "-2", "-3"}


def test_a_record_folder_has_the_time_of_the_site(tmp_path, monkeypatch):
    tokyo = TimeZone("+09:00", timezone(timedelta(hours=9)))
    site = replace(simulated_site(), time_zone=tokyo, access=RealAccess({}, None, None, None, None))
    named = new_record_folder(site, tmp_path).name
    there = datetime.strptime(f"{named[:15]} +0900", "%Y%m%d-%H%M%S %z")
    assert abs(datetime.now(UTC) - there) < timedelta(minutes=1)


def test_no_password_is_told_on_stderr_or_in_a_traceback(monkeypatch, capsys):
    secrets = Masking(["lab-2012"])
    monkeypatch.setattr("kunren.terminal.MASKING", secrets)
    monkeypatch.setattr("kunren.ending.MASKING", secrets)
    monkeypatch.setattr(READER, "chosen", "en")
    say(Quoted("REPLICA: login lab-2012 fails (bGFiLTIwMTI=)"))
    failed(ValueError("login lab-2012"))
    told = capsys.readouterr().err
    assert "REPLICA: login ●●● fails (●●●)" in told
    trace = Path(told.rpartition("please report ")[2].strip().removesuffix("."))
    traced = trace.read_text(encoding="utf-8")
    trace.unlink()
    assert "lab-2012" not in told + traced
    assert "ValueError: login ●●●" in traced


def test_what_no_killed_run_has_left_is_refused_in_one_sentence(tmp_path):
    site, ours = REPOSITORY / "lab" / "site" / "simulated.toml", tmp_path / "ja.toml"
    ours.write_text('language = "ja"\n', encoding="utf-8")
    for arguments, said in {
        ("restore", tmp_path, "--yes"): "journal.jsonl cannot be read",
        ("resume", tmp_path): "journal.jsonl cannot be read",
        ("restore", tmp_path, "--yes", "--site", ours): "を読み取れません",
        ("status", "--site", site): "is a simulated site, which exists only while its run does.",
    }.items():
        done = kunren(*arguments, cwd=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert said in done.stderr
