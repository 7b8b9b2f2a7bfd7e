"""Records of many runs, made from recorded ones, and what their history costs: `python -m tests.bench.many_records`.

A folder after it is where they are made and kept, and two numbers are other counts of records and of drills in each.
"""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reports.recorded import write_lines
from tests.reports.runs import recorded_drill, run_of

RECORDS, DRILLS = 2000, 16
WHOLE = 100
"""Records that hold every drill, each of which has as much to read as 16 of one drill."""
TEMPLATES = ("switchover-en", "host-failure-ja")
BEGAN = datetime.fromisoformat("2021-01-05T10:00:00+09:00")
EVERY = timedelta(hours=21)
SITES = ("tokyo", "osaka")
BUILDS = ("14393.6709", "14393.6796", "14393.7070")


def lines_of_run(number: int, drills: int = 1) -> list[dict]:
    """One run of `drills` of the 16 drills, with an identity, a moment and a Windows build of its own."""
    template = TEMPLATES[number % len(TEMPLATES)]
    names = [f"{recorded_drill(template)}-{(number + each) % DRILLS}" for each in range(drills)]
    return run_of(
        template,
        record=f"R-{number:05}",
        began=BEGAN + number * EVERY,
        site=SITES[number // DRILLS % len(SITES)],
        build=BUILDS[number // 700 % len(BUILDS)],
        drills=names,
    )


def make(folder: Path, records: int, drills: int) -> None:
    for number in range(records):
        write_lines(folder / f"run-{number:05}", lines_of_run(number, drills))


def measure(folder: Path, *options: str) -> tuple[float, float]:
    """Wall seconds, and CPU seconds of all its processes."""
    before, began = os.times(), time.monotonic()
    command = [sys.executable, "-m", "kunren", "history", str(folder), *options]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, command
    wall, after = time.monotonic() - began, os.times()
    return wall, after.children_user - before.children_user + after.children_system - before.children_system


def costs(folder: Path, records: int, drills: int) -> str:
    if not folder.exists():
        make(folder, records, drills)
    (folder / "history.sqlite").unlink(missing_ok=True)
    runs = {
        "first": (),
        "again": (),
        "as HTML": ("--to", "html", "--out", str(folder / "history.html")),
    }
    told = [
        f"{name} {wall:.1f} s ({cpu:.1f} s of CPU)" for name, of in runs.items() for wall, cpu in [measure(folder, *of)]
    ]
    return f"history of {records} records of {drills} of {DRILLS} drills: {', '.join(told)}"


def main() -> None:
    with TemporaryDirectory() as scratch:
        print(costs(Path(scratch) / "records", RECORDS, 1))
        print(costs(Path(scratch) / "of-all-drills", WHOLE, DRILLS))


if __name__ == "__main__":
    if sys.argv[1:]:
        print(costs(Path(sys.argv[1]), *map(int, sys.argv[2:4])))
    else:
        main()
