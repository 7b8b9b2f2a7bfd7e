"""The record as JSON: the journal's content put in order, with its verdicts, for other programs to read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from lab.model.activities import (
    Activity,
    Call,
    EventSeen,
    Evidence,
    GaroonAct,
    Instant,
    LabState,
    Note,
    OperatorAnswer,
    RestoreAct,
    Wait,
)
from lab.model.record import Chapter, Drill, DrillRecord, NegativeControls, Outcome, Restoration, StepResult
from reports import coverage, figures, judge

SCHEMA = 1
KINDS: Mapping[type[Activity], str] = {
    Call: "call",
    GaroonAct: "garoon",
    Wait: "wait",
    Evidence: "evidence",
    LabState: "state",
    EventSeen: "rha.event",
    OperatorAnswer: "operator",
    Note: "note",
    RestoreAct: "restore.act",
}


def to_json(record: DrillRecord) -> str:
    """The same journal always gives the same text."""
    return json.dumps(_record(record), ensure_ascii=False, indent=1) + "\n"


def _record(record: DrillRecord) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "environment": record.environment.value,
        "language": record.language,
        "verdict": _verdict(judge.verdict(record)),
        "figures": _figures(figures.count(record)),
        "began": _instant(record.began),
        "last": _instant(record.last),
        "ending": _value(record.ending),
        "site": _value(record.site),
        "tools": _value(record.tools),
        "objectives": record.objectives,
        "controls": _controls(record.controls),
        "coverage": [_coverage(line) for line in coverage.of_record(record)],
        "drills": [_drill(drill) for drill in record.drills],
        "activities": _activities(record.activities),
        "journal": _value(record.journal),
    }


def _verdict(verdict: judge.Verdict) -> dict[str, Any]:
    trouble = verdict.trouble
    return {
        "outcome": verdict.outcome.value,
        "restoration": verdict.restoration.value,
        "not_ready": verdict.not_ready,
        "interrupted": verdict.interrupted,
        "partial": verdict.partial,
        "trouble": trouble
        and {
            "drill": trouble.drill.id,
            "chapter": trouble.chapter.name,
            "step": trouble.step.number,
            "outcome": trouble.outcome.value,
            "guide": list(trouble.guide),
        },
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
    return {**_value(controls), "date": controls.date.isoformat(timespec="seconds")}


def _coverage(line: coverage.Line) -> dict[str, Any]:
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


def _drill(drill: Drill) -> dict[str, Any]:
    return {
        "drill": drill.id,
        "title": drill.title,
        "file": drill.file,
        "sha256": drill.sha256,
        "guide": list(drill.guide),
        "outcome": judge.drill(drill).value,
        "began": _instant(drill.began),
        "last": _instant(drill.last),
        "ending": _value(drill.ending),
        "ending_text": drill.ending_text,
        "restoration": {"outcome": judge.restoration(drill).value, **_restoration(drill.restoration)},
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
        "began": _instant(step.began),
        "ended": _instant(step.ended),
        "expected": step.expected,
        "seen": step.seen,
        "error": _value(step.error),
        "activities": _activities(step.activities),
    }


def _restoration(restoration: Restoration | None) -> dict[str, Any]:
    if restoration is None:
        return {"began": None, "ended": None, "differences": [], "permitted": [], "activities": []}
    return {
        "began": _instant(restoration.began),
        "ended": _instant(restoration.ended),
        "differences": list(restoration.differences),
        "permitted": list(restoration.permitted),
        "activities": _activities(restoration.activities),
    }


def _activities(activities: tuple[Activity, ...]) -> list[dict[str, Any]]:
    return [{"what": KINDS[type(each)], **_value(each)} for each in activities]


def _instant(moment: Instant | None) -> dict[str, str] | None:
    if moment is None:
        return None
    return {
        "lab": moment.lab.isoformat(timespec="milliseconds"),
        "wall": moment.wall.isoformat(timespec="milliseconds"),
    }


def _value(value: Any) -> Any:
    """Lengths of time become seconds; everything else keeps its shape and its names."""
    match value:
        case Instant():
            return _instant(value)
        case Enum():
            return value.value
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {key: _value(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_value(inner) for inner in value]
        case _ if dataclasses.is_dataclass(value):
            return {field.name: _value(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return value
