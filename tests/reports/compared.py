"""Sample runs to hold against the one that passed: the same a month later, slower, and one that behaves otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from journal.record import DrillRecord
from reports.acceptance import Acceptance, Tolerance, Verdict, compare
from reports.load import load_record
from tests.reports.journals import rewrite
from tests.reports.measured import FEATURE_SHA256
from tests.reports.recorded import recorded, write_lines
from tests.reports.samples import lines_of_sample

START = 6
"""The step in which the guest starts on the replica host."""
TWINS = {
    frozenset(recorded(name)[0]["drills"][0]["sha256"] for name in ("passed-en", "passed-ja")),
    frozenset({FEATURE_SHA256}),
}
MONTH = timedelta(days=30)


def later(lines: list[dict], by: timedelta = MONTH) -> list[dict]:
    """The same at another time of the wall's clock."""
    return [line | {"wall": _text(datetime.fromisoformat(line["wall"]) + by)} for line in lines]


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def otherwise(lines: list[dict]) -> list[dict]:
    """The switchover is commanded with another option, its completion is a warning, and something else is asked."""
    commanded = next(line for line in lines if line.get("arguments", {}).get("Command", "").startswith("Switchover-"))
    given = commanded["arguments"]
    asked = commanded | {"script": "Get-Switch", "arguments": {}, "changes": False, "answer": None}
    commanded["arguments"] = given | {"Parameters": given["Parameters"] | {"RunReverse": True}}
    for line in lines:
        if line.get("kind") == "switchover_completed":
            completed = line["message"].replace("しました。", "しましたが、警告があります。")
            line |= {"kind": "", "message": completed}
    (waited,) = (line for line in lines if line["what"] == "wait" and "スイッチオーバーが完了" in line["condition"])
    waited["seen"] = completed
    place = lines.index(commanded) + 1
    return [*lines[:place], asked, *lines[place:]]


def written(
    folder: Path, sample: str = "passed-en", change: Callable[[list[dict]], list[dict] | None] = later
) -> DrillRecord:
    lines = lines_of_sample(sample)
    write_lines(folder, lines)
    rewrite(folder, change(lines) or lines)
    return load_record(folder)


def held(record: DrillRecord, baseline: DrillRecord, tolerance: Tolerance | None = None) -> Acceptance:
    return compare(record, baseline, tolerance or Tolerance(), TWINS)


def steps(found):
    return [step for drill in found.drills for chapter in drill.chapters for step in chapter.steps]


def verdicts(found):
    """Of the steps that are not the same, by their number in the record."""
    return {step.numbers.record: step.verdict for step in steps(found) if step.verdict is not Verdict.SAME}


def weighing(found):
    everywhere = [
        *(finding for step in steps(found) for finding in step.findings),
        *(finding for drill in found.drills for finding in drill.findings),
    ]
    return {finding.topic for finding in everywhere if finding.verdict}


def changed(folder, change):
    """The passed sample of another day, with its journal's lines changed."""

    def both(lines):
        lines = later(lines)
        return change(lines) or lines

    return written(folder, change=both)
