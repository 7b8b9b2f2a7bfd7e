"""A machine without a browser or a Japanese font is found out before anything is touched."""

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kunren.machine import system
from tests.kunren.commands import REPOSITORY, run
from tests.representatives import standing_for_all


def only(folder, *programs):
    """A PATH with nothing but these programs of the machine's."""
    path = folder / "bin"
    path.mkdir()
    for program in programs:
        (path / program).symlink_to(
            next(Path(place, program) for place in ("/usr/bin", "/bin") if Path(place, program).exists())
        )
    return path


@pytest.mark.parametrize(("programs", "said"), [(("fc-list",), "no browser"), ((), "no Japanese font")])
def test_the_lab_is_not_ready_and_says_what_to_install(tmp_path, monkeypatch, programs, said):
    monkeypatch.setenv("PATH", str(only(tmp_path, *programs)))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    done = run("drill", "4-1-clean-switchover", "--out", tmp_path / "record")
    assert done.returncode == 3, done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert '"changes": true' not in (tmp_path / "record" / "journal.jsonl").read_text()
    assert (tmp_path / "record" / "report.html").is_file()


def drill_in(folder, shell, environment=os.environ):
    """The drill as a shell starts it, after the commands that limit it."""
    command = f"{shell}{sys.executable} -m kunren drill 2-readiness --lang ja --out {folder / 'record'}"
    return subprocess.run(
        ["sh", "-c", command],
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def refused(done, folder, *said):
    assert done.returncode == 3, done.stderr
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("kunren: ")
    for text in said:
        assert text in sentence
    assert not (folder / "record").exists()


@pytest.mark.parametrize("files", standing_for_all([20, 64, 255], 255))
def test_too_few_files_are_found_out_before_a_record_is_begun(files, tmp_path):
    done = drill_in(tmp_path, f"ulimit -n {files} && ")
    refused(done, tmp_path, f"開けるファイルは {files} 個", "256", "ulimit -n")


@pytest.mark.controls
@pytest.mark.parametrize("space", [1_500_000, 20_000_000])
def test_too_little_address_space_is_found_out_before_a_record_is_begun(space, tmp_path):
    refused(drill_in(tmp_path, f"ulimit -v {space} && "), tmp_path, "アドレス空間", "96 GiB", "ulimit -v unlimited")


@pytest.mark.controls
@pytest.mark.browser
def test_without_home_terminal_or_locale_and_with_limits_that_can_be_raised_a_machine_drills_as_any_other(tmp_path):
    """As cron starts it."""
    cron = {"PATH": os.environ["PATH"], "LANG": "C"}
    done = drill_in(tmp_path, "ulimit -S -n 20 && ulimit -S -v 20000000 && ", cron)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("space", standing_for_all([40_000, 70_000, 100_000, 150_000], 70_000))
def test_a_process_without_memory_fails_of_itself_and_never_as_a_drill_does(space):
    shell = f"ulimit -v {space} && {sys.executable} -m kunren coverage"
    done = subprocess.run(["sh", "-c", shell], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in {0, 70}
    assert "Traceback" not in done.stderr


def take_temporary_folders():
    tempfile.tempdir = None
    tempfile._candidate_tempdir_list = lambda: ["/proc"]


def test_a_machine_without_a_folder_for_temporary_files_is_not_ready(tmp_path):
    done = run("drill", "2-readiness", "--out", tmp_path / "record", before=[take_temporary_folders])
    refused(done, tmp_path, "no writable folder for temporary files", "TMPDIR")


def test_the_system_is_told_without_another_program(monkeypatch):
    def starts(*_, **__):
        raise AssertionError("a program is started")

    as_platform_tells = platform.platform()
    monkeypatch.setattr(platform, "_uname_cache", None)
    monkeypatch.setattr(platform, "_platform_cache", {})
    monkeypatch.setattr(subprocess, "Popen", starts)
    assert system() == as_platform_tells
