"""What one clean switchover sends over the wire, and what it costs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from tests.kunren.conftest import drill


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = drill(Path(folder) / "record", "4-1-clean-switchover")
        assert run.code == 0, run.stdout + run.stderr
        calls = run.entries("call")
    by_script: dict[str, list[float]] = {}
    for call in calls:
        by_script.setdefault(call["script"], []).append(call["wall_ms"])
    trips = sum(call["round_trips"] for call in calls)
    spent = sum(call["wall_ms"] for call in calls)
    print("4-1-clean-switchover on the simulated lab, NTLM sealed, one process, one run")
    print(f"  {len(calls)} calls, {trips} round trips: 2 a call, and {trips - 2 * len(calls)} to start the residents")
    print(f"  {spent / 1000:.2f} s in calls ({spent / len(calls):.1f} ms a call), {run.seconds:.2f} s in all")
    for script, times in sorted(by_script.items()):
        print(f"  {script:22} {len(times):4} calls   median {median(times):6.1f} ms   longest {max(times):7.1f} ms")
