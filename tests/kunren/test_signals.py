"""Signals at any instant of the command: one sentence, the documented code, no traceback, and no process is left."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kunren.commands import REPOSITORY, WITHOUT_BROWSER, Command
from tests.representatives import standing_for_all

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
STOPS = [(number, at_once) for number in NUMBERS for at_once in ("1", "2")]
PASSING = """Feature: One look

  Scenario: Look
    Then the virtual machine is "running" on the master host
"""


def begun(*arguments, cwd=REPOSITORY, **options):
    """A process that has come as far as Kunren's own first line: from there on signals are its own affair."""
    run = subprocess.Popen(
        [sys.executable, "-m", "kunren", *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        **options,
    )
    return hearing(run)


def divided(*arguments, cwd):
    """The same, in a process in which all has been loaded."""
    return hearing(Command(*arguments, cwd=cwd, before=[os.setsid]))


def hearing(run):
    while not heard(run.pid, signal.SIGTERM):
        assert run.poll() is None, run.communicate()
        time.sleep(0.001)
    return run


def heard(pid, number):
    """Whether the process has a handler of its own for the signal."""
    with suppress(FileNotFoundError, ProcessLookupError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        caught = next((int(line.split()[1], 16) for line in lines if line.startswith("SigCgt")), 0)
        return bool(caught >> (number - 1) & 1)
    return False


def left_of(session):
    """Processes of that session that are still there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            name, _, rest = (folder / "stat").read_text().rpartition(") ")
            state, _parent, _group, of = rest.split()[:4]
            if int(of) == session and state != "Z":
                found.append(name)
    return found


def quiet(said):
    """Only sentences of Kunren's own, or the line that follows ^C."""
    return all(not line or line.startswith("kunren: ") for line in said.splitlines())


@pytest.mark.parametrize("number", standing_for_all(NUMBERS, signal.SIGINT), ids=lambda number: number.name)
def test_a_stop_at_any_instant_of_the_start_ends_with_130(number):
    codes = []
    for instant in range(6):
        with begun("steps") as run:
            time.sleep(instant * 0.05)
            run.send_signal(number)
            _, said = run.communicate(timeout=30)
        assert quiet(said), said
        codes.append(run.returncode)
    assert codes[:2] == [130, 130]
    assert set(codes) <= {130, 0}


def test_stops_that_do_not_cease_leave_the_end_of_the_command_in_peace():
    with begun("steps", "--all") as run:
        assert run.stdout.readline()
        while run.poll() is None:
            run.send_signal(signal.SIGINT)
            time.sleep(0.002)
        _, said = run.communicate(timeout=30)
    assert quiet(said), said
    assert run.returncode in {0, 130}


@pytest.mark.browser
@pytest.mark.parametrize("late", standing_for_all([0.0, 0.05, 0.15], 0.05))
def test_a_stop_after_the_lab_is_as_it_was_costs_neither_verdict_nor_report(late, tmp_path):
    (tmp_path / "my.feature").write_text(PASSING)
    with divided("drill", "my.feature", "--out", "record", cwd=tmp_path) as run:
        run.await_line("the lab is as it was before")
        time.sleep(late)
        run.send_signal(signal.SIGINT)
        told, said = run.communicate(timeout=30)
    assert quiet(said), said
    assert run.returncode in {0, 130}
    assert "verdict: " in told
    assert "report: " in told
    assert (tmp_path / "record" / "report.html").is_file()
    assert left_of(run.pid) == []


@pytest.mark.browser
@pytest.mark.parametrize(("number", "at_once"), standing_for_all(STOPS, (signal.SIGTERM, "2")))
def test_a_stop_at_any_instant_of_drills_leaves_no_process_and_no_traceback(number, at_once, tmp_path):
    """As a terminal does it: to the whole group, browser and helpers included."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.feature").write_text(PASSING)
    for turn, (start, instant) in enumerate(((begun, 0.7), (divided, 1.0))):
        arguments = ["drill", "one.feature", "two.feature", "--at-once", at_once, "--out", f"record-{turn}"]
        with start(*arguments, cwd=tmp_path) as run:
            time.sleep(instant)
            with suppress(ProcessLookupError):
                os.killpg(run.pid, number)
            _, said = run.communicate(timeout=60)
        assert quiet(said), said
        assert run.returncode in {0, 130}
        assert left_of(run.pid) == []


@pytest.mark.parametrize("closed", standing_for_all([">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"], "<&- >&- 2>&-"))
def test_closed_streams_change_no_exit_code(closed, tmp_path):
    for arguments, code in (("steps", 0), ("drill none", 2)):
        shell = f"{sys.executable} -m kunren {arguments} {closed}"
        done = subprocess.run(["sh", "-c", shell], cwd=REPOSITORY, capture_output=True, timeout=60, check=False)
        assert done.returncode == code


@pytest.mark.browser
def test_a_drill_with_closed_streams_writes_its_record_into_files_of_its_own(tmp_path):
    (tmp_path / "my.feature").write_text(PASSING)
    shell = f"{shlex.join([*WITHOUT_BROWSER, 'drill', 'my.feature', '--out', 'record'])} <&- >&- 2>&-"
    env = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=env, timeout=60, check=False)
    assert done.returncode == 0
    lines = (tmp_path / "record" / "journal.jsonl").read_text().splitlines()
    assert all(line.startswith('{"n": ') for line in lines)
    assert (tmp_path / "record" / "report.html").is_file()


@pytest.mark.browser
@pytest.mark.controls
def test_stopped_controls_say_that_drills_under_way_end_first_and_leave_no_process(tmp_path):
    arguments = [
        "controls",
        "--drill",
        "2-readiness",
        "--mutation",
        "database-read-only",
        "--out",
        tmp_path / "controls",
    ]
    with divided(*arguments, cwd=tmp_path) as run:
        while not list(tmp_path.glob("controls/*/*/record/journal.jsonl")):
            assert run.poll() is None, run.communicate()
            time.sleep(0.01)
        run.send_signal(signal.SIGTERM)
        _, said = run.communicate(timeout=60)
    assert (run.returncode, said.strip()) == (130, "kunren: stopping; drills in progress are completed first.")
    assert left_of(run.pid) == []
