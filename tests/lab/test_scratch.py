"""Folders of a run: private, gone when closed, and swept once they are not held."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lab.scratch import ScratchFolder, sweep

HOLDS = """
import sys
from lab.scratch import ScratchFolder
folder = ScratchFolder("lab")
(folder.path / "secret").write_text("password")
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    tempfile.tempdir = None


@pytest.fixture
def held(temporary):
    """A folder that another process holds, and that process."""
    command = [sys.executable, "-c", HOLDS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        yield Path(holder.stdout.readline().strip()), holder
        holder.kill()


def test_a_folder_is_private_and_gone_when_it_is_closed(temporary):
    with ScratchFolder("lab") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "x").mkdir()
    assert list(temporary.iterdir()) == []


def test_a_folder_that_is_held_stays_and_is_swept_when_its_process_was_killed(temporary, held):
    folder, holder = held
    sweep(temporary)
    assert (folder / "secret").exists()
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    sweep(temporary)
    assert not folder.exists()


def test_what_is_not_ours_stays(temporary, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / ".kunren-scratch").touch()
    (temporary / "kunren-lab-linklink").symlink_to(elsewhere)
    for name in ("kunren-notes", "kunren-lab-mynotes1", "kunren-lab-abcdefghi", "other-lab-abcdefgh"):
        (temporary / name).mkdir()
        (temporary / name / "mine").touch()
    (temporary / "kunren-run-abcdefgh").touch()
    sweep(temporary)
    assert (elsewhere / ".kunren-scratch").exists()
    assert len(list(temporary.iterdir())) == 6
    assert all((each / "mine").exists() for each in temporary.iterdir() if each.name.endswith(("notes", "mynotes1")))


def test_an_empty_folder_of_a_run_that_was_killed_at_once_is_swept(temporary):
    (temporary / "kunren-lab-abcdefgh").mkdir()
    sweep(temporary)
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another user")
def test_a_folder_of_another_user_stays(temporary):
    folder = temporary / "kunren-lab-abcdefgh"
    folder.mkdir()
    (folder / ".kunren-scratch").touch()
    os.chown(folder, 12345, 12345)
    sweep(temporary)
    assert folder.exists()


def test_a_folder_that_was_swept_before_it_was_locked_is_made_anew(temporary, monkeypatch):
    real = tempfile.mkdtemp
    made = []

    def mkdtemp(**settings):
        made.append(real(**settings))
        if len(made) == 1:
            Path(made[0]).rmdir()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    with ScratchFolder("run") as folder:
        assert folder == Path(made[1])
