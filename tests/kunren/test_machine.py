"""A machine without a browser or a Japanese font is found out before anything is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kunren.conftest import REPOSITORY


def drill_with_path(folder, path):
    return subprocess.run(
        [sys.executable, "-m", "kunren", "drill", "4-1-clean-switchover", "--out", str(folder / "record")],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": str(path), "PLAYWRIGHT_BROWSERS_PATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


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
def test_the_lab_is_not_ready_and_says_what_to_install(tmp_path, programs, said):
    done = drill_with_path(tmp_path, only(tmp_path, *programs))
    assert done.returncode == 3, done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert '"changes": true' not in (tmp_path / "record" / "journal.jsonl").read_text()
    assert (tmp_path / "record" / "report.html").is_file()
