"""Sample runs to hold against the one that passed: the same a month later, slower, and one that behaves otherwise."""

import shutil
from datetime import timedelta
from pathlib import Path

from journal.record import DrillRecord
from reports.acceptance import Acceptance, Tolerance, Verdict, compare
from reports.load import load_record
from tests.reports.journals import lines_of, rewrite
from tests.reports.samples import SAMPLES, SCENARIO, SampleRun

START = 6
"""The step in which the guest starts on the replica host."""

TWINS = {frozenset({"5f1c0d9e" * 8})}


class Later(SampleRun):
    """The same at another time of the wall's clock."""

    def __init__(self, folder: Path, sample):
        super().__init__(folder, sample)
        self.journal.wall += timedelta(days=30)


class Slower(Later):
    """The guest takes longer to start on the replica host."""

    def start(self) -> None:
        for state in ("", "", "Starting", "Running", "Running"):
            self.replica = state
            self.machines("REPLICA")
            self.journal.spend(61)
        self.journal.wait(self.texts["waits"][1], "Running, Ok", limit=600, took=305.4, not_yet=244.3)


class Faster(Later):
    def start(self) -> None:
        self.replica = "Running"
        self.machines("REPLICA")
        self.journal.wait(self.texts["waits"][1], "Running, Ok", limit=600, took=0.08, not_yet=0)


class Otherwise(Later):
    """The switchover is commanded with another option, its completion is a warning, and something else is asked."""

    def switch_over(self) -> None:
        self.journal.call(
            "REPLICA",
            "Invoke-RhaCommand",
            {"accepted": True, "note": self.sample.spite},
            arguments={"Command": "Switchover-Scenario", "Parameters": {"Name": SCENARIO, "RunReverse": True}},
            changes=True,
            took=1.1,
        )
        self.journal.call("REPLICA", "Get-Switch")
        self.event(1879, "スイッチオーバーを開始しました。", code="SR00202")

    def complete(self) -> None:
        self.journal.spend(12)
        self.scenario = "stopped"
        self.event(1880, "スイッチオーバーが完了しましたが、警告があります。" + self.sample.spite)
        self.state("during")
        self.journal.wait(self.texts["waits"][2], "警告", limit=600, took=12, not_yet=0)


def written(folder: Path, sample: str = "passed-en", kind: type[SampleRun] = Later) -> DrillRecord:
    folder.mkdir(parents=True, exist_ok=True)
    kind(folder, SAMPLES[sample]).write()
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


def changed(tmp_path, change):
    """The passed sample of another day, with its journal's lines changed."""
    written(tmp_path / "plain")
    lines = lines_of(tmp_path / "plain")
    lines = change(lines) or lines
    shutil.copytree(tmp_path / "plain" / "evidence", tmp_path / "changed" / "evidence")
    rewrite(tmp_path / "changed", lines)
    return load_record(tmp_path / "changed")
