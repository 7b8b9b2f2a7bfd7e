"""No script freezes the lab or takes its memory: what is too large is refused, and the other host answers meanwhile."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from powershell import budget
from powershell.engine import PipelineCommand, TerminatingError
from powershell.errors import OutsideSubset, PipelineStopped
from powershell.matching import compiled
from tests.powershell.engine_under_test import CollectedStreams, another_host_at_work, run_script, stand_in_engine

ROOT = Path(__file__).parents[2]
LARGE_VALUES = [
    "1..2000000000",
    "0..[int]::MaxValue | Select-Object -First 1",
    "'a' * 2000000000",
    "'a'.PadLeft(2000000000)",
    "'a'.PadRight(2000000000)",
    "'{0,1000000000}' -f 1",
    "'{0:D999999999}' -f 1",
    "'{0:F999999999}' -f 1.5",
    "(1).ToString('N99999999')",
]
GROWING_VALUES = [
    "$a = 'x'; while ($true) { $a = $a + $a }",
    "$a = 'x'; while ($true) { $a = \"$a$a\" }",
    "$a = 'x'; while ($true) { $a = $a, $a -join '' }",
    "$a = 'x'; while ($true) { $a = $a.Replace('x', 'xx') }",
    "$a = 'x'; while ($true) { $a = '{0}{0}' -f $a }",
    "$a = @(1); while ($true) { $a += $a }",
    "$a = @(1, 1); 1..40 | ForEach-Object { $a = @($a, $a) }; $a | ConvertTo-Json -Depth 100",
    "$h = @{}; while ($true) { $h.Add(\"$($h.Count)\", 'x' * 60000) }",
    "$s = 'x' * 16000000; $l = 1..200 | ForEach-Object { $s.ToUpper() }",
    "function f { f } f",
    "& ([scriptblock]::Create('1+' * 20000 + '1'))",
]
EACH_IN_A_CHILD = """
import json, os, resource, sys, time
from tests.powershell.engine_under_test import run_script
for script in json.load(sys.stdin):
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3,) * 2)
        ended = run_script(script).ended_by
        print(f"{ended.id} {ended.message}".splitlines()[0] if ended else "ended well", end="", flush=True)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(f" (code {status} after {time.monotonic() - began:.1f} s)", flush=True)
"""


@pytest.fixture
def other_host():
    with another_host_at_work() as longest_wait:
        yield longest_wait


@pytest.mark.parametrize("script", LARGE_VALUES)
def test_a_value_too_large_for_the_lab_is_refused_before_it_is_made(script):
    began = time.monotonic()
    ended_by = run_script(script).ended_by
    assert ended_by is not None
    assert ended_by.id == "OutsideSubset"
    assert "the lab allows" in ended_by.message
    assert time.monotonic() - began < 1


@pytest.fixture(scope="module")
def ends():
    """How each script ended in a process of its own with little memory."""
    done = subprocess.run(
        [sys.executable, "-c", EACH_IN_A_CHILD],
        cwd=ROOT,
        input=json.dumps(GROWING_VALUES),
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    return dict(zip(GROWING_VALUES, done.stdout.splitlines(), strict=True))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no such limit on a process")
@pytest.mark.parametrize("script", GROWING_VALUES)
def test_values_that_grow_without_end_are_refused_within_a_limited_memory(script, ends):
    ended, seconds = re.fullmatch(r"(.*) \(code 0 after (.+) s\)", ends[script]).groups()
    assert ended.startswith("OutsideSubset")
    assert "takes all memory" not in ended
    assert "the engine failed" not in ended
    assert float(seconds) < 20


@pytest.mark.parametrize(
    "script", ["while ($true) { }", "do { } until ($false)", "for (;;) { }", "& { while (1) { $i++ } }"]
)
def test_a_loop_without_end_lets_the_other_host_answer_and_stops_at_once(script, other_host):
    runspace = stand_in_engine().open_runspace()
    stopped = threading.Event()

    def work():
        try:
            runspace.invoke([PipelineCommand(text=script, is_script=True)], CollectedStreams())
        except PipelineStopped:
            stopped.set()

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    assert thread.is_alive()
    runspace.stop()
    assert stopped.wait(2)
    thread.join()
    assert other_host() < 1.5


def test_a_pipeline_that_takes_too_much_memory_is_refused(monkeypatch):
    monkeypatch.setattr(budget, "MOST_MEMORY", 32 * 1024**2)
    runspace = stand_in_engine().open_runspace()
    with pytest.raises(TerminatingError, match="more than 32 MB of memory"):
        runspace.invoke(
            [PipelineCommand(text="$l = 1..2000 | ForEach-Object { 'x' * 1000 + 'y' * 100000 }", is_script=True)],
            CollectedStreams(),
        )


def test_many_matches_of_a_pattern_are_counted_while_they_are_collected(monkeypatch):
    monkeypatch.setattr(budget, "MOST_ITEMS", 20_000)
    with pytest.raises(OutsideSubset, match="a collection of 30,000 items"):
        compiled("x").matches("x" * 50_000)


def test_what_everyday_scripts_need_fits():
    script = (
        "$a = @(); foreach ($i in 1..5000) { $a += $i }; $s = ''; foreach ($i in 1..20000) { $s += 'x' }; "
        "$l = 1..200000; $t = 'abc' * 1000000; \"$($a.Count) $($s.Length) $($l.Count) $($t.Length)\"; "
        "('x' * 100000) -replace 'x', 'yy' -match '^(y+)$'"
    )
    assert run_script(script).text == "5000 20000 200000 3000000\nTrue\n"
