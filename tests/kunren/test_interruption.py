"""A run that is stopped puts the lab back first; one that is killed leaves a journal that still makes a report."""

import json
import signal
import subprocess
import sys

import pytest

from tests.kunren.conftest import REPOSITORY


def started(folder):
    return subprocess.Popen(
        [sys.executable, "-m", "kunren", "drill", "4-1-clean-switchover", "--out", str(folder)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(run, line):
    """Reads what the run prints up to the line that says where it is."""
    assert run.stdout is not None
    for printed in run.stdout:
        if line in printed:
            return
    pytest.fail(f"the run ended before «{line}»")


def journal(folder):
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


@pytest.mark.browser
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_restores_the_lab_and_ends_130(tmp_path, number):
    with started(tmp_path / "record") as run:
        wait_for(run, "When the switchover is performed and confirmed")
        run.send_signal(number)
        run.communicate(timeout=60)
    assert run.returncode == 130
    entries = journal(tmp_path / "record")
    assert [entry["restored"] for entry in entries if entry["what"] == "restore.ended"] == [True]
    assert entries[-1]["reason"] == "interrupted"
    assert (tmp_path / "record" / "report.html").is_file()


@pytest.mark.browser
def test_a_killed_run_still_makes_an_honest_report(tmp_path):
    with started(tmp_path / "record") as run:
        wait_for(run, "When the switchover is performed and confirmed")
        run.kill()
        run.communicate(timeout=60)
    assert not (tmp_path / "record" / "report.html").exists()
    rewritten = subprocess.run(
        [sys.executable, "-m", "kunren", "report", str(tmp_path / "record")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert rewritten.returncode == 0, rewritten.stderr
    record = json.loads((tmp_path / "record" / "record.json").read_text())
    report = (tmp_path / "record" / "report.html").read_text()
    assert "And a new entry can be made".removeprefix("And ") in report
    assert record["verdict"]["outcome"] != "passed"
    assert record["verdict"]["interrupted"] is True
