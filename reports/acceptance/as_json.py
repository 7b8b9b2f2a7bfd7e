"""A comparison as one object of JSON, for programs; its shape is reports/schema/comparison.schema.json."""

from __future__ import annotations

import json
from typing import Any

from lab.model.bounds import Length
from lab.model.record import DrillRecord, Outcome
from reports import judge
from reports.acceptance.result import (
    Acceptance,
    ComparedChapter,
    ComparedDrill,
    ComparedMeasure,
    ComparedRestoration,
    ComparedStep,
    ComparedSurrounding,
    Finding,
    Pair,
)
from reports.figures import Figures
from reports.owning import environment_of
from reports.plain import plain

SCHEMA = 1


def to_json(acceptance: Acceptance) -> str:
    """One line; ASCII, so that nothing in it can be taken for a command by a terminal."""
    return json.dumps(_acceptance(acceptance), ensure_ascii=True)


def _acceptance(acceptance: Acceptance) -> dict[str, Any]:
    runs, counted = acceptance.runs, acceptance.figures
    return {
        "schema": SCHEMA,
        "environment": environment_of(runs.record).value,
        "verdict": acceptance.verdict.value,
        "tolerance": {"share": acceptance.tolerance.share, "seconds": acceptance.tolerance.seconds},
        "baseline": _run(runs.baseline, counted.baseline),
        "record": _run(runs.record, counted.record),
        "surroundings": [_surrounding(each) for each in acceptance.surroundings],
        "remarks": [remark.value for remark in acceptance.remarks],
        "drills": [_drill(drill) for drill in acceptance.drills],
        "missing": list(acceptance.missing),
        "added": list(acceptance.added),
    }


def _surrounding(compared: ComparedSurrounding) -> dict[str, Any]:
    return {
        "what": compared.what.value,
        "of": list(compared.of),
        "baseline": compared.told.baseline or None,
        "record": compared.told.record or None,
        "differs": compared.differs,
    }


def _run(run: DrillRecord, counted: Figures) -> dict[str, Any]:
    return {
        "journal": run.journal.sha256,
        "began": run.began.wall.isoformat(timespec="milliseconds"),
        "language": run.language,
        "kunren": run.tools.kunren,
        "outcome": judge.verdict(run).outcome.value,
        "lab_seconds": counted.lab_took.total_seconds(),
        "calls": counted.calls,
        "actions": counted.actions,
        "round_trips": counted.round_trips,
    }


def _drill(drill: ComparedDrill) -> dict[str, Any]:
    return {
        "drill": drill.drill,
        "verdict": drill.verdict.value,
        "changed": drill.changed,
        "seconds": _lengths(drill.took),
        "pace": drill.pace and drill.pace.value,
        "measures": [_measure(measure) for measure in drill.measures],
        "chapters": [_chapter(chapter) for chapter in drill.chapters],
        "restoration": drill.restoration and _restoration(drill.restoration),
        "findings": _findings(drill.findings),
    }


def _chapter(chapter: ComparedChapter) -> dict[str, Any]:
    return {
        "chapter": chapter.name,
        "verdict": chapter.verdict.value,
        "steps": [_step(step) for step in chapter.steps],
    }


def _step(step: ComparedStep) -> dict[str, Any]:
    return {
        "step": step.text,
        "numbers": {"baseline": step.numbers.baseline, "record": step.numbers.record},
        "verdict": step.verdict.value,
        "outcomes": _outcomes(step.outcomes.baseline, step.outcomes.record),
        "seconds": _lengths(step.took),
        "sent": {"baseline": plain(step.sent.baseline), "record": plain(step.sent.record)},
        "findings": _findings(step.findings),
    }


def _measure(measure: ComparedMeasure) -> dict[str, Any]:
    return {
        "measure": measure.measure.value,
        "ends": measure.ends and list(measure.ends),
        "seconds": _lengths(measure.took),
        "open": {"baseline": measure.open.baseline, "record": measure.open.record},
        "told": {"baseline": measure.told.baseline, "record": measure.told.record},
        "verdict": measure.verdict and measure.verdict.value,
    }


def _restoration(restoration: ComparedRestoration) -> dict[str, Any]:
    return {
        "verdict": restoration.verdict.value,
        "outcomes": _outcomes(restoration.outcomes.baseline, restoration.outcomes.record),
        "seconds": _lengths(restoration.took),
        "findings": _findings(restoration.findings),
    }


def _outcomes(baseline: Outcome | None, record: Outcome | None) -> dict[str, str | None]:
    return {"baseline": baseline and baseline.value, "record": record and record.value}


def _findings(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [
        {
            "topic": finding.topic.value,
            "baseline": list(finding.baseline),
            "record": list(finding.record),
            "verdict": finding.verdict and finding.verdict.value,
        }
        for finding in findings
    ]


def _lengths(took: Pair[Length | None]) -> dict[str, dict[str, float | None] | None]:
    return {"baseline": _length(took.baseline), "record": _length(took.record)}


def _length(length: Length | None) -> dict[str, float | None] | None:
    if length is None:
        return None
    upper = None if length.upper is None else round(length.upper, 3)
    return {"lower": round(length.lower, 3), "upper": upper}
