"""`kunren drill`: performs drills on a site and leaves a record with its report."""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

import reports
from kunren.beginning import plan_of, told_openly
from kunren.controls import last_controls
from kunren.exits import Exit, Stop
from kunren.performing import Circumstances, Ended, clock_before, perform_drill
from kunren.progress import Progress
from kunren.side_by_side import SideBySide
from kunren.stopping import Notice
from kunren.verdict import exit_of, verdict_lines
from lab.clock import SystemClock
from lab.evidence import EvidenceStore
from lab.garoon.browser import BrowserDriver
from lab.journal import JournalFile
from lab.secrets import Masking
from reports.judge import Verdict
from steps.reading import PlannedDrill
from steps.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Performed:
    """What a run came to, and where its report is."""

    code: Exit
    report: Path
    verdict: tuple[str, ...]
    not_ready: str


def perform(
    drills: Sequence[PlannedDrill],
    under: Circumstances,
    folder: Path,
    console: Console,
    at_once: int,
) -> Performed:
    """`at_once` many at a time where labs are simulated and the system can divide a process."""
    site, stops = under.site, under.stops
    stops.hold()
    notice = Notice(stops, under.language)
    controls = last_controls(folder.parent)
    make_record_folder(folder)
    masking = Masking(site.secrets(), said=told_openly(drills, site))
    zone = None if site.simulated else site.time_zone
    gc.freeze()  # what is loaded by now stays; looking for rubbish in it takes longer than any step
    with JournalFile(folder, clock=clock_before(site), wall=SystemClock(), masking=masking, zone=zone) as journal:
        stops.listeners.append(notice)
        restored = Restored()
        journal.listen(restored)
        journal.listen(Progress(drills, under.language, console))
        journal.write("run.began", **plan_of(drills, site, under.language, controls))
        if under.in_business_hours:
            journal.write("operator", asked="planned work in business hours", answered=under.in_business_hours)
        if at_once > 1 and len(drills) > 1 and site.simulated and hasattr(os, "fork"):
            ended = SideBySide(drills, under, journal, folder, at_once).run()
        else:
            ended = one_by_one(drills, under, journal, folder)
        notice.ending = True
        stopped = any(each.stopped for each in ended) or (stops.asked and len(ended) < len(drills))
        journal.must_keep = False
        journal.write("run.ended", reason="interrupted" if stopped else "finished")
    lost = journal.lost or next((each.record_lost for each in ended if each.record_lost), "")
    if lost:
        raise Stop(Exit.INTERNAL, f"{lost} The run was stopped, and {restored.told}; what was kept is in {folder}.")
    failures = [each.internal_error for each in ended if each.internal_error]
    if failures:
        trace = folder / "internal-error.txt"
        trace.write_text("\n\n".join(failures), encoding="utf-8")
        raise Stop(Exit.INTERNAL, f"Kunren itself failed; please report {trace} with the journal beside it.")
    report, verdict = written(folder, under.language)
    code = Exit.STOPPED if stopped else exit_of(verdict)
    not_ready = next((each.not_ready for each in ended if each.not_ready), "")
    return Performed(code, report, tuple(verdict_lines(verdict, under.language)), not_ready)


class Restored:
    """Listens to a journal for whether labs were put back, for when the journal cannot tell it any more."""

    def __init__(self) -> None:
        self._outcomes: list[bool | None] = []

    def __call__(self, entry: Mapping[str, Any]) -> None:
        if entry["what"] == "restore.ended":
            self._outcomes.append(entry["restored"])

    @property
    def told(self) -> str:
        if not self._outcomes:
            return "no lab had to be put back"
        return "the lab was put back" if all(self._outcomes) else "WHETHER THE LAB WAS PUT BACK IS NOT KNOWN: look"


def written(folder: Path, language: Language) -> tuple[Path, Verdict]:
    try:
        files = reports.write_reports(folder, language, first=True)
    except OSError as error:
        sentence = f"The report cannot be written: {error.strerror}. The journal is whole: `kunren report {folder}`."
        raise Stop(Exit.INTERNAL, sentence) from error
    return files.html, files.verdict


def one_by_one(
    drills: Sequence[PlannedDrill], under: Circumstances, journal: JournalFile, folder: Path
) -> Sequence[Ended]:
    evidence = EvidenceStore(folder, journal)
    ended: list[Ended] = []
    with BrowserDriver().kept() as browser_driver:
        for drill in drills:
            ended.append(perform_drill(drill, under, browser_driver, journal, evidence))
            if ended[-1].ends_the_run:
                break
    return ended


def make_record_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Stop(Exit.USAGE, f"The record folder {folder} is not empty; name a new one with --out.")
        (folder / "evidence").mkdir()
    except OSError as error:
        raise Stop(Exit.USAGE, f"The record folder {folder} cannot be written: {error.strerror}.") from error
