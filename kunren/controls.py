"""Negative controls: drills run on a simulated lab with one mutation each, which a drill has to detect.

A mutation is detected when the first chapter to fail is one that covers the mutation's point of the guide.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from drills.reading import PlannedDrill
from journal.course import Environment, NegativeControls, Outcome
from kunren import __version__
from kunren.exits import Exit, Stop
from kunren.terminal import tell
from lab.clock import SystemClock
from lab.errors import SiteError
from lab.simulator.mutations.catalogue import CATALOGUE, chosen
from lab.simulator.mutations.declaration import Mutation
from lab.site.file import SIMULATED, load_site
from lab.site.terms import By
from reports import RecordUnreadable, judge
from reports.load import load_record
from words import Language, Listed, Quoted, Told, sentence

RESULT = "controls.json"
AT_ONCE = 2
TOO_BRIEF_FOR_PEOPLE = frozenset({"changes-left-unsent"})
"""Mutations that no drill detects where people look, as what they look at has passed; the words say why of each."""
SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Red:
    """The first step of a run that did not pass, and the points its chapter carries."""

    chapter: str
    guide: tuple[str, ...]
    step: str
    outcome: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One drill, on a lab with or without a mutation."""

    drill: str
    code: int
    outcome: str
    red: Red | None
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A mutation and what the drills that show its point made of it; `why` it counts as caught or not.

    `excused` where it cannot be noticed by people.
    """

    mutation: Mutation
    runs: tuple[Run, ...]
    caught: bool
    why: Told
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """`whole` when every mutation of the catalogue was tried on every drill; only then it speaks for the drills."""

    date: datetime
    whole: bool
    drills: Mapping[str, str]
    baseline: tuple[Run, ...]
    controls: tuple[Control, ...]

    @property
    def caught(self) -> int:
        return sum(control.caught for control in self.controls)

    @property
    def excused(self) -> int:
        return sum(control.excused for control in self.controls)

    @property
    def sound(self) -> bool:
        """Everything passes on a lab that behaves, and every mutation is caught that can be noticed."""
        return all(run.code == Exit.PASSED for run in self.baseline) and all(
            control.caught or control.excused for control in self.controls
        )


Found = TypeVar("Found", Run, Control)


def judged(mutation: Mutation, runs: Sequence[Run], by: By = By.POWERSHELL) -> Control:
    """The one expectation of tests and command."""

    def control(*, caught: bool, why: Told) -> Control:
        return Control(mutation=mutation, runs=tuple(runs), caught=caught, why=why)

    if not runs:
        return control(caught=False, why=sentence("controls.not_covered", point=mutation.point))
    noticed = [(run, run.red) for run in runs if run.red is not None]
    for run, red in noticed:
        if mutation.point not in red.guide:
            about = {"drill": run.drill, "points": red.guide, "step": red.step}
            return control(caught=False, why=sentence("controls.failed_elsewhere", **about))
        if red.outcome != Outcome.FAILED.value:
            outcome = sentence(f"verdict_line.{red.outcome}")
            why = sentence("controls.not_failed", drill=run.drill, step=red.step, outcome=outcome)
            return control(caught=False, why=why)
    if not noticed and by is By.OPERATOR and mutation.name in TOO_BRIEF_FOR_PEOPLE:
        why = sentence(f"controls.too_brief.{mutation.name}")
        return Control(mutation=mutation, runs=tuple(runs), caught=False, why=why, excused=True)
    if not noticed:
        return control(caught=False, why=sentence("controls.not_detected", drills=tuple(run.drill for run in runs)))
    return control(
        caught=True, why=Listed(tuple(Quoted(f"{run.drill} › {red.step}: {red.seen}") for run, red in noticed))
    )


def drills_for(mutation: Mutation, drills: Sequence[PlannedDrill]) -> tuple[PlannedDrill, ...]:
    """Those that show the mutation's point."""
    return tuple(drill for drill in drills if mutation.point in drill.guide)


def perform_control(drill: str, site_file: str, folder: Path, language: Language) -> Run:
    """Runs the drill as a user does, in a process of its own, on the simulated lab; `folder` is made for it."""
    folder.mkdir(parents=True)
    site, record = folder / "site.toml", folder / "record"
    site.write_text(site_file, encoding="utf-8")
    command = [sys.executable, "-m", "kunren", "drill", drill, "--lang", language]
    done = subprocess.run(  # noqa: S603  # this very interpreter, and names of drills
        [*command, "--site", str(site), "--out", str(record)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return read_run(drill, done.returncode, record, done.stderr)


def mutated_site(mutation: Mutation | None, by: By = By.POWERSHELL) -> str:
    """The simulated site, whose last table is the simulation's."""
    text = f'rha.by = "{by.value}"\n{SIMULATED.read_text(encoding="utf-8")}'
    return text if mutation is None else f'{text}mutations = ["{mutation.name}"]\n'


def read_run(drill: str, code: int, record: Path, said: str) -> Run:
    """What the record tells of the run; a run without one is unknown, and says why."""
    try:
        loaded = load_record(record)
    except RecordUnreadable as error:
        red = Red(chapter="", guide=(), step="", outcome=Outcome.UNKNOWN.value, seen=said.strip() or str(error))
        return Run(drill=drill, code=code, outcome=Outcome.UNKNOWN.value, red=red, record=str(record))
    verdict = judge.verdict(loaded)
    trouble = verdict.trouble
    return Run(
        drill=drill,
        code=code,
        outcome=verdict.outcome.value,
        red=None if trouble is None else _red(trouble, said, loaded.language),
        record=str(record),
    )


def _red(trouble: judge.Trouble, said: str, language: Language) -> Red:
    step = trouble.step
    seen = step.seen or (step.error.text if step.error else None)
    return Red(
        chapter=trouble.chapter.name.in_(language),
        guide=trouble.guide,
        step=f"{trouble.step.keyword.in_(language)} {trouble.step.text.in_(language)}",
        outcome=trouble.outcome.value,
        seen=seen.in_(language) if seen else said.strip(),
    )


def make_controls(
    drills: Sequence[PlannedDrill],
    mutations: Sequence[Mutation],
    folder: Path,
    *,
    whole: bool,
    by: By = By.POWERSHELL,
    language: Language,
    told: Callable[[Run | Control], None],
) -> Controls:
    """Runs everything, two at a time; `told` hears of each baseline run and each control in their order."""
    date = SystemClock().now()
    pool = ThreadPoolExecutor(AT_ONCE)

    def begin(drill: PlannedDrill, mutation: Mutation | None) -> Callable[[], Run]:
        target = folder / ("baseline" if mutation is None else mutation.name) / drill.name
        return pool.submit(perform_control, drill.name, mutated_site(mutation, by), target, language).result

    def hear(found: Found) -> Found:
        told(found)
        return found

    try:
        begun = [begin(drill, None) for drill in drills]
        tried = [
            (mutation, [begin(drill, mutation) for drill in drills_for(mutation, drills)]) for mutation in mutations
        ]
        return Controls(
            date=date,
            whole=whole,
            drills={drill.name: drill.sha256 for drill in drills},
            baseline=tuple(hear(result()) for result in begun),
            controls=tuple(hear(judged(mutation, [result() for result in results], by)) for mutation, results in tried),
        )
    finally:
        pool.shutdown(cancel_futures=True)


def keep(controls: Controls, folder: Path) -> Path:
    """Writes the result into its folder and, when it is whole, beside the records, where later runs cite it."""
    text = json.dumps(_facts(controls), ensure_ascii=False, indent=1) + "\n"
    result = folder / RESULT
    for path in (result, folder.parent / RESULT) if controls.whole else (result,):
        path.write_text(text, encoding="utf-8", newline="\n")
    return result


def last_controls(records: Path) -> NegativeControls | None:
    """What a new record beside others cites: the date and digest of the last whole result, and what it came to."""
    path = records / RESULT
    if not path.is_file():
        return None
    try:
        content = path.read_bytes()
        facts = json.loads(content)
        return NegativeControls(
            date=datetime.fromisoformat(facts["date"]),
            sha256=hashlib.sha256(content).hexdigest(),
            caught=int(facts["caught"]),
            mutations=len(facts["mutations"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stop(Exit.USAGE, sentence("controls.not_a_result", file=path)) from error


def _facts(controls: Controls) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "kunren": __version__,
        "environment": Environment.SIMULATED.value,
        "date": controls.date.isoformat(timespec="seconds"),
        "seed": load_site(SIMULATED, os.environ).seed,
        "whole": controls.whole,
        "sound": controls.sound,
        "caught": controls.caught,
        "excused": controls.excused,
        "drills": controls.drills,
        "baseline": [asdict(run) for run in controls.baseline],
        "mutations": [
            {
                **asdict(control.mutation),
                "caught": control.caught,
                "excused": control.excused,
                "why": str(control.why),
                "runs": [asdict(run) for run in control.runs],
            }
            for control in controls.controls
        ],
    }


def chosen_mutations(names: Sequence[str]) -> tuple[Mutation, ...]:
    """Those of these names, in the catalogue's order; all of them without names."""
    try:
        wanted = chosen(names, CATALOGUE)
    except SiteError as error:
        raise Stop(Exit.USAGE, *error.sentences) from error
    return tuple(mutation for mutation in CATALOGUE.values() if mutation in wanted or not names)


def tell_found(found: Run | Control) -> None:
    """One line of progress."""
    if isinstance(found, Run):
        mark = "✓" if found.code == Exit.PASSED else "✗"
        outcome = sentence(f"verdict_line.{found.outcome}")
        tell(sentence("controls.no_mutation", mark=mark, drill=found.drill, outcome=outcome))
    else:
        mark = "✓" if found.caught else "–" if found.excused else "✗"
        about = {"name": found.mutation.name, "point": found.mutation.point, "why": found.why}
        tell(sentence("controls.mutation", mark=mark, **about))
