"""The record as JSON: the journal's content put in order, with its verdicts, for other programs to read."""

from __future__ import annotations

import json
from typing import Any

from journal.course import NegativeControls, Outcome, Site
from journal.entries import Activity
from journal.entry import Entry
from journal.record import Chapter, Drill, DrillRecord, Restoration, StepResult
from reports import coverage, figures, judge
from reports.measured_record import measured
from reports.owning import environment_of
from reports.plain import Otherwise, fields_of, plain

SCHEMA = 1
ONLY_IF_ANY = ("limit_from", "without_result", "cause")
"""Of a wait: told where there is something to tell."""


def to_json(record: DrillRecord) -> str:
    """The same journal always gives the same text."""
    return json.dumps(_record(record), ensure_ascii=False, indent=1) + "\n"


def _record(record: DrillRecord) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "environment": environment_of(record).value,
        "language": record.language,
        "verdict": _verdict(judge.verdict(record)),
        "figures": _figures(figures.count(record)),
        **_of(record, "began", "last", "ending", "site", "time_zone", "operator", "digests", "tools"),
        "objectives": record.objectives,
        "controls": _controls(record.controls),
        "coverage": [_coverage(line) for line in coverage.of_record(record)],
        "drills": [_drill(drill, record.site) for drill in record.drills],
        **_of(record, "activities", "journal"),
    }


def _of(value: Any, *names: str) -> dict[str, Any]:
    return fields_of(value, *names, otherwise=OTHERWISE)


def _verdict(verdict: judge.Verdict) -> dict[str, Any]:
    trouble = verdict.trouble
    return {
        **_of(verdict, "outcome", "restoration", "not_ready", "interrupted", "partial"),
        "altered": [_of(each, "file", "condition") for each in verdict.altered],
        "trouble": trouble
        and {
            "drill": trouble.drill.id,
            "chapter": plain(trouble.chapter.name),
            "step": trouble.step.number,
            **_of(trouble, "outcome", "guide"),
        },
        "shortfalls": [
            {"drill": each.drill.id, "of": each.subject.value, "outcome": each.outcome.value}
            for each in verdict.shortfalls
        ],
    }


def _figures(counted: figures.Figures) -> dict[str, Any]:
    return {
        "lab_seconds": counted.lab_took.total_seconds(),
        "wall_seconds": counted.wall_took.total_seconds(),
        "drills": {outcome.value: counted.drills[outcome] for outcome in Outcome},
        "steps": {outcome.value: counted.steps[outcome] for outcome in Outcome},
        **_of(counted, "calls", "actions", "round_trips", "evidence"),
    }


def _controls(controls: NegativeControls | None) -> dict[str, Any] | None:
    if controls is None:
        return None
    return {**plain(controls), "date": controls.date.isoformat(timespec="seconds")}


def _coverage(line: coverage.PointCoverage) -> dict[str, Any]:
    return {
        "point": line.point.id,
        **_of(line.point, "kind", "shown"),
        "standing": line.standing,
        "chapters": [
            {**_of(showing, "drill", "number", "chapter"), "outcome": (showing.outcome or Outcome.NOT_RUN).value}
            for showing in line.chapters
        ],
    }


def _drill(drill: Drill, site: Site) -> dict[str, Any]:
    return {
        "drill": drill.id,
        **_of(drill, "title", "file", "sha256", "guide"),
        "outcome": judge.drill(drill).value,
        **_of(drill, "began", "last", "ending", "ending_text"),
        "restoration": {"outcome": judge.restoration(drill).value, **_restoration(drill.restoration)},
        "measured": measured(drill, site),
        **_of(drill, "activities", "chapters"),
    }


def _restoration(restoration: Restoration | None) -> dict[str, Any]:
    if restoration is None:
        return {"began": None, "ended": None, "differences": [], "permitted": [], "stays": [], "activities": []}
    return _of(restoration, "began", "ended", "differences", "permitted", "stays", "activities")


def _chapter(chapter: Chapter) -> dict[str, Any]:
    outcome = judge.chapter(chapter).value
    return {**_of(chapter, "name", "guide", "left_out"), "outcome": outcome, **_of(chapter, "activities", "steps")}


def _step(step: StepResult) -> dict[str, Any]:
    return {
        **_of(step, "number", "keyword", "text"),
        "outcome": judge.step(step).value,
        **_of(step, "began", "ended", "expected", "seen", "error", "checks", "activities"),
    }


def _activity(activity: Activity) -> dict[str, Any]:
    fields = {name: value for name, value in _of(activity).items() if value or name not in ONLY_IF_ANY}
    return {"what": activity.what, **fields}


OTHERWISE: Otherwise = {Chapter: _chapter, StepResult: _step, Entry: _activity}
