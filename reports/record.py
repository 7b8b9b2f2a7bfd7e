"""The record as JSON: the journal's content put in order, with its verdicts, for other programs to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from journal.entries import (
    Activity,
    NegativeControls,
    Outcome,
    Site,
)
from journal.record import Chapter, Drill, DrillRecord, Restoration, StepResult
from reports import coverage, figures, judge
from reports.measured_record import measured
from reports.owning import environment_of
from reports.plain import instant, plain

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
        "began": instant(record.began),
        "last": instant(record.last),
        "ending": plain(record.ending),
        "site": plain(record.site),
        "time_zone": record.time_zone,
        "operator": plain(record.operator),
        "digests": plain(record.digests),
        "tools": plain(record.tools),
        "objectives": record.objectives,
        "controls": _controls(record.controls),
        "coverage": [_coverage(line) for line in coverage.of_record(record)],
        "drills": [_drill(drill, record.site) for drill in record.drills],
        "activities": _activities(record.activities),
        "journal": plain(record.journal),
    }


def _verdict(verdict: judge.Verdict) -> dict[str, Any]:
    trouble = verdict.trouble
    return {
        "outcome": verdict.outcome.value,
        "restoration": verdict.restoration.value,
        "not_ready": verdict.not_ready,
        "interrupted": verdict.interrupted,
        "partial": verdict.partial,
        "altered": [{"file": each.file, "condition": each.condition.value} for each in verdict.altered],
        "trouble": trouble
        and {
            "drill": trouble.drill.id,
            "chapter": trouble.chapter.name,
            "step": trouble.step.number,
            "outcome": trouble.outcome.value,
            "guide": list(trouble.guide),
        },
        "shortfalls": [
            {"drill": each.drill.id, "of": each.subject.value, "outcome": each.outcome.value}
            for each in verdict.shortfalls
        ],
    }


def _figures(counted: figures.Figures) -> dict[str, Any]:
    def by_outcome(counts: Mapping[Outcome, int]) -> dict[str, int]:
        return {outcome.value: counts[outcome] for outcome in Outcome}

    return {
        "lab_seconds": counted.lab_took.total_seconds(),
        "wall_seconds": counted.wall_took.total_seconds(),
        "drills": by_outcome(counted.drills),
        "steps": by_outcome(counted.steps),
        "calls": counted.calls,
        "actions": counted.actions,
        "round_trips": counted.round_trips,
        "evidence": counted.evidence,
    }


def _controls(controls: NegativeControls | None) -> dict[str, Any] | None:
    if controls is None:
        return None
    return {**plain(controls), "date": controls.date.isoformat(timespec="seconds")}


def _coverage(line: coverage.PointCoverage) -> dict[str, Any]:
    return {
        "point": line.point.id,
        "kind": line.point.kind.value,
        "shown": line.point.shown.value,
        "standing": line.standing,
        "chapters": [
            {
                "drill": showing.drill,
                "number": showing.number,
                "chapter": showing.chapter,
                "outcome": (showing.outcome or Outcome.NOT_RUN).value,
            }
            for showing in line.chapters
        ],
    }


def _drill(drill: Drill, site: Site) -> dict[str, Any]:
    return {
        "drill": drill.id,
        "title": drill.title,
        "file": drill.file,
        "sha256": drill.sha256,
        "guide": list(drill.guide),
        "outcome": judge.drill(drill).value,
        "began": instant(drill.began),
        "last": instant(drill.last),
        "ending": plain(drill.ending),
        "ending_text": drill.ending_text,
        "restoration": {"outcome": judge.restoration(drill).value, **_restoration(drill.restoration)},
        "measured": measured(drill, site),
        "activities": _activities(drill.activities),
        "chapters": [_chapter(chapter) for chapter in drill.chapters],
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    return {
        "name": chapter.name,
        "guide": list(chapter.guide),
        "left_out": chapter.left_out,
        "outcome": judge.chapter(chapter).value,
        "activities": _activities(chapter.activities),
        "steps": [_step(step) for step in chapter.steps],
    }


def _step(step: StepResult) -> dict[str, Any]:
    return {
        "number": step.number,
        "keyword": step.keyword,
        "text": step.text,
        "outcome": judge.step(step).value,
        "began": instant(step.began),
        "ended": instant(step.ended),
        "expected": step.expected,
        "seen": step.seen,
        "error": plain(step.error),
        "checks": plain(step.checks),
        "activities": _activities(step.activities),
    }


def _restoration(restoration: Restoration | None) -> dict[str, Any]:
    if restoration is None:
        return {"began": None, "ended": None, "differences": [], "permitted": [], "stays": [], "activities": []}
    return {
        "began": instant(restoration.began),
        "ended": instant(restoration.ended),
        "differences": list(restoration.differences),
        "permitted": list(restoration.permitted),
        "stays": list(restoration.stays),
        "activities": _activities(restoration.activities),
    }


def _activities(activities: tuple[Activity, ...]) -> list[dict[str, Any]]:
    return [{"what": each.what, **_fields(each)} for each in activities]


def _fields(activity: Activity) -> dict[str, Any]:
    return {name: value for name, value in plain(activity).items() if value or name not in ONLY_IF_ANY}
