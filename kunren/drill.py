"""`kunren drill`: performs drills on a site and leaves a record with its report."""

from __future__ import annotations

import gc
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

import reports
from kunren import __version__
from kunren.controls import last_controls
from kunren.exits import Exit, Stop
from kunren.interruption import terminating_like_interrupt
from kunren.progress import Progress
from lab.clock import SystemClock
from lab.evidence import EvidenceStore
from lab.garoon.browser import BrowserDriver
from lab.journal import Journal
from lab.model.record import Outcome
from lab.opening import open_lab
from lab.ports import Clock
from lab.simulator.settings import SimulationSettings
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline
from lab.site import Site
from reports.judge import Subject, Verdict
from steps.plugin import STEP_MODULES, DrillPlugin
from steps.reading import PlannedDrill
from steps.vocabulary import Language

SHORT = {
    (Subject.RTO, Outcome.FAILED): "RTO missed",
    (Subject.RTO, Outcome.UNKNOWN): "RTO not proven",
    (Subject.RPO, Outcome.FAILED): "RPO missed",
    (Subject.RPO, Outcome.UNKNOWN): "RPO not proven",
    (Subject.CANARIES, Outcome.UNKNOWN): "test entries not read back",
}


@dataclass(frozen=True, slots=True)
class Performed:
    """What a run came to, and where its report is."""

    code: Exit
    report: Path
    verdict: str
    not_ready: str


def perform(
    drills: Sequence[PlannedDrill],
    site: Site,
    language: Language,
    folder: Path,
    console: Console,
    *,
    in_business_hours: str = "",
) -> Performed:
    """`in_business_hours` is the operator's reason to override the guide's advice about them; it is recorded."""
    wall = SystemClock()
    controls = last_controls(folder.parent)
    make_record_folder(folder)
    with (
        Journal(folder, clock=clock_before(site), wall=wall, secrets=site.secrets()) as journal,
        BrowserDriver().kept() as browser_driver,
    ):
        journal.listen(Progress(drills, language, console))
        evidence = EvidenceStore(folder, journal)
        journal.write("run.began", **plan_of(drills, site, language, controls))
        if in_business_hours:
            journal.write("operator", asked="planned work in business hours", answered=in_business_hours)
        plugin = DrillPlugin(
            drills=drills,
            open_lab=lambda observer: open_lab(
                site,
                observer=observer,
                in_business_hours=bool(in_business_hours),
                browser_driver=browser_driver,
            ),
            subject=site.subject,
            language=language,
            journal=journal,
            evidence=evidence,
        )
        stopped = run_pytest(plugin, drills)
        journal.write("run.ended", reason="interrupted" if stopped else "finished")
    if plugin.internal_error is not None:
        trace = folder / "internal-error.txt"
        trace.write_text(plugin.internal_error, encoding="utf-8")
        raise Stop(Exit.INTERNAL, f"Kunren itself failed; please report {trace} with the journal beside it.")
    written = reports.write_reports(folder, language)
    code = Exit.STOPPED if stopped else exit_of(written.verdict)
    return Performed(code, written.html, verdict_line(written.verdict, site), plugin.not_ready or "")


def clock_before(site: Site) -> Clock:
    """The lab's clock before the lab is opened: a simulated one still stands at its first instant."""
    if not site.simulated:
        return SystemClock()
    timeline = Timeline(SimulationSettings.from_toml(site.simulation).start)
    return SimulatedClock(timeline, Jumping(timeline))


def make_record_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Stop(Exit.USAGE, f"The record folder {folder} is not empty; name a new one with --out.")
        (folder / "evidence").mkdir()
    except OSError as error:
        raise Stop(Exit.USAGE, f"The record folder {folder} cannot be written: {error.strerror}.") from error


def plan_of(
    drills: Sequence[PlannedDrill], site: Site, language: Language, controls: dict[str, Any] | None
) -> dict[str, Any]:
    """What the journal begins with; `controls` is the last negative control, if there was one."""
    return {
        "schema": 1,
        "kunren": __version__,
        "language": language,
        "environment": "simulated" if site.simulated else "real",
        "site": {
            "name": site.name,
            "master": site.subject.master,
            "replica": site.subject.replica,
            "garoon_url": site.subject.garoon_url,
            "guest": site.subject.guest,
            "scenario": site.subject.scenario,
        },
        "seed": site.seed,
        "objectives": objectives_of(drills, site),
        "controls": controls,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "drills": [
            {
                "drill": drill.name,
                "title": drill.title,
                "file": drill.file.name,
                "sha256": drill.sha256,
                "guide": list(drill.guide),
                "chapters": [
                    {
                        "name": chapter.name,
                        "guide": list(chapter.guide),
                        "left_out": chapter.left_out,
                        "steps": [{"keyword": step.keyword, "text": step.text} for step in chapter.steps],
                    }
                    for chapter in drill.chapters
                ],
            }
            for drill in drills
        ],
    }


def objectives_of(drills: Sequence[PlannedDrill], site: Site) -> dict[str, Any]:
    """Fixed before the run: a digest over them and over what will be drilled."""
    fixed = site.objectives
    return {
        "rto_s": fixed.rto_s,
        "rpo_s": fixed.rpo_s,
        "sha256": fixed.sha256([drill.sha256 for drill in drills]),
    }


def run_pytest(plugin: DrillPlugin, drills: Sequence[PlannedDrill]) -> bool:
    """Whether the operator stopped the run. pytest is told to read nobody's configuration and to say nothing."""
    with tempfile.TemporaryDirectory(prefix="kunren-") as scratch:
        arguments = [
            str(bind(drills, Path(scratch))),
            "--import-mode=importlib",
            f"--rootdir={scratch}",
            f"--config-file={os.devnull}",
            "--override-ini=python_files=*.py",
            "--capture=no",
            "--assert=plain",  # steps judge by `observation`; rewriting every module would take seconds
            "--disable-plugin-autoload",
            "-Werror::RuntimeWarning",  # an `async def` step would pass without having run
            "-Werror::pytest.PytestUnraisableExceptionWarning",
            *(f"-pno:{name}" for name in ("terminal", "cacheprovider", "junitxml", "logging", "faulthandler")),
            "-ppytest_bdd.plugin",
            *(f"-p{module.__name__}" for module in STEP_MODULES),
        ]
        gc.freeze()  # what is loaded by now stays; looking for rubbish in it takes longer than any step
        with terminating_like_interrupt():
            outcome = pytest.main(arguments, plugins=[plugin])
    return outcome == pytest.ExitCode.INTERRUPTED


def bind(drills: Sequence[PlannedDrill], scratch: Path) -> Path:
    """The module pytest collects: the scenarios of these drills and of no others."""
    binding = scratch / "drills.py"
    files = [str(drill.file.resolve()) for drill in drills]
    binding.write_text(f"from pytest_bdd import scenarios\n\nscenarios(*{files!r})\n", encoding="utf-8")
    return binding


def verdict_line(verdict: Verdict, site: Site) -> str:
    """In the words of the exit codes, for people and for logs that are searched."""
    restored = "lab restored" if verdict.restoration is Outcome.PASSED else f"restoration {verdict.restoration.value}"
    part = ", only a part was run" if verdict.partial else ""
    short = "".join(dict.fromkeys(f", {SHORT[each.subject, each.outcome]}" for each in verdict.shortfalls))
    return f"{verdict.outcome.value}{part}{short}, {restored}{' (SIMULATED)' if site.simulated else ''}"


def exit_of(verdict: Verdict) -> Exit:
    if verdict.not_ready:
        return Exit.NOT_READY
    match verdict.outcome:
        case Outcome.FAILED:
            return Exit.FAILED
        case Outcome.PASSED:
            return Exit.PASSED if verdict.restoration is Outcome.PASSED else Exit.NOT_RESTORED
        case _:
            return Exit.UNKNOWN
