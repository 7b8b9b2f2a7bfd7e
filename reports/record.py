"""The record as JSON: the journal's content put in order, with its verdicts, for other programs to read."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias

from journal.course import Digests, NegativeControls, Outcome, Site
from journal.entries import Activity
from journal.entry import Entry, Instant
from journal.measured import CanariesRead
from journal.record import Chapter, Drill, DrillRecord, Restoration, StepResult
from journal.seen import Call
from lab.model.canaries import Fate
from lab.model.json_values import indented
from lab.model.objectives import Attained
from lab.model.outages import Outage
from lab.model.probing import Acknowledgement
from lab.model.recovery import Recovery
from reports import coverage, judge
from reports.charts import recoveries
from reports.findings import Findings, findings_of
from reports.owning import environment_of
from reports.page import fields, figures, people
from words import Quoted, Text, words_of

Otherwise: TypeAlias = Mapping[type, Callable[[Any, "Otherwise"], Any]]
"""How objects of a class are told that are not told field by field, and all that is in them; LEFT_OUT if not at all."""

AS_IT_IS: Otherwise = MappingProxyType({})

SCHEMA = 1
ONLY_IF_ANY = ("limit_from", "without_result", "cause")
"""Of a wait: told where there is something to tell."""


def to_json(record: DrillRecord) -> Iterator[str]:
    """In parts. The same journal always gives the same text; of a very large one the journal alone has the calls."""
    otherwise = OTHERWISE if figures.detailed(record) else {Call: lambda *_: LEFT_OUT, **OTHERWISE}
    before = "{"
    for name, value in _fields(record, otherwise):
        yield f'{before}\n "{name}": '
        yield from _items(value) if isinstance(value, Iterator) else (indented(value, 1),)
        before = ","
    yield "\n}\n"


def _items(values: Iterator[Any]) -> Iterator[str]:
    before = "["
    for value in values:
        yield f"{before}\n  {indented(value, 2)}"
        before = ","
    yield "[]" if before == "[" else "\n ]"


def _fields(record: DrillRecord, otherwise: Otherwise) -> Iterator[tuple[str, Any]]:
    """The drills come one by one."""
    yield "schema", SCHEMA
    yield "record", record.id
    yield "environment", environment_of(record).value
    yield "language", record.language
    yield "verdict", _verdict(judge.verdict(record))
    yield "figures", _figures(figures.count(record))
    yield from _of(record, "began", "last", "ending", "site", "time_zone", "operator").items()
    yield "digests", record.digests and _digests(record.digests)
    yield from _of(record, "tools").items()
    yield "objectives", record.objectives
    yield "controls", _controls(record.controls)
    yield "coverage", [_coverage(line) for line in coverage.of_record(record)]
    yield "drills", (_drill(drill, record.site, otherwise) for drill in record.drills)
    if record.plan is not None:
        yield "plan", record.plan.to_json()
    yield "fields", fields.standings(record, words_of(record.language))
    if (found := people.people_of(record)).any:
        yield "people", _people(found)
    yield "activities", plain(record.activities, otherwise)
    yield from _of(record, "journal").items()


def _digests(digests: Digests) -> dict[str, Any]:
    """Without a plan, and in a journal of an older Kunren, some are not there."""
    return {name: value for name, value in plain(digests).items() if value or name not in ("plan", "preregistration")}


def _people(found: people.People) -> dict[str, Any]:
    return {**_of(found, "participants"), "requests": [_asked(each) for each in found.requests]} | _of(
        found, "notes", "late", "pauses", "stops"
    )


def _asked(request: people.AskedOfPeople) -> dict[str, Any]:
    """Without an answer nothing is told of one."""
    asked, reply = request.asked, request.reply
    told = {**_of(request, "drill", "step"), **_of(asked, "number", "kind", "operation", "subject", "host")}
    told["asked"] = instant(asked.at)
    if reply is not None:
        told |= {"answered": instant(reply.at)} | _of(reply, "took", "outcome", "by", "role", "done", "rows", "remark")
    return told


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
        **({"attested": counted.attested} if counted.attested else {}),
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


def _drill(drill: Drill, site: Site, otherwise: Otherwise) -> dict[str, Any]:
    restoration = _restoration(drill.restoration, otherwise)
    return {
        "drill": drill.id,
        **_of(drill, "title", "file", "sha256", "guide"),
        "outcome": judge.drill(drill).value,
        **_of(drill, "began", "last", "ending", "ending_text"),
        "restoration": {"outcome": judge.restoration(drill).value, **restoration},
        "measured": measured(drill, site),
        **fields_of(drill, "activities", "chapters", otherwise=otherwise),
    }


def _restoration(restoration: Restoration | None, otherwise: Otherwise) -> dict[str, Any]:
    if restoration is None:
        return {"began": None, "ended": None, "differences": [], "permitted": [], "stays": [], "activities": []}
    attested = {"attested": restoration.by} if restoration.by else {}
    names = ("began", "ended", "differences", "permitted", "stays", "activities")
    return fields_of(restoration, *names, otherwise=otherwise) | attested


def _chapter(chapter: Chapter, otherwise: Otherwise) -> dict[str, Any]:
    outcome = judge.chapter(chapter).value
    told = fields_of(chapter, "activities", "steps", otherwise=otherwise)
    return {**_of(chapter, "name", "guide", "left_out"), "outcome": outcome, **told}


def _step(step: StepResult, otherwise: Otherwise) -> dict[str, Any]:
    return {
        **_of(step, "number", "keyword", "text"),
        "outcome": judge.step(step).value,
        **({"fact": fact.value} if (fact := judge.fact(step)) else {}),
        **({"attested": by} if (by := judge.attested(step)) else {}),
        **_of(step, "began", "ended", "expected", "seen", "error", "checks"),
        "activities": plain(step.activities, otherwise),
    }


def _activity(activity: Activity, _: Otherwise) -> dict[str, Any]:
    fields = {name: value for name, value in _of(activity).items() if value or name not in ONLY_IF_ANY}
    return {"what": activity.what, **fields}


# -- what was measured, and what it proves: figures and bounds, not each probe ----------------------------------------


def measured(drill: Drill, site: Site) -> dict[str, Any] | None:
    """None where nothing was measured. Seconds count from the origin of probing, as in the journal."""
    if drill.measurement is None:
        return None
    found = findings_of(drill)
    return {
        "marks": [
            {"at": plain(each.at.lab), "kind": plain(each.mark), "text": plain(each.text)}
            for each in drill.measurement.marks
        ],
        "clock_offsets": [
            {"host": each.host, "moment": plain(each.moment), **plain(each.comparison)}
            for each in drill.measurement.clocks
        ],
        "probed": _probed(found, recoveries.of_drill(drill, found, site)) if found else None,
    }


def _probed(found: Findings, recovered: tuple[Recovery, ...]) -> dict[str, Any]:
    probing = found.probing
    return {
        "origin": plain(probing.origin),
        **plain(probing.schedule),
        "ended": plain(probing.ended),
        "problem": plain(probing.problem),
        "tracks": [
            {**plain(track), "interval": probing.every[track], **plain(availability, OTHERWISE)}
            for track, availability in found.tracks.items()
        ],
        "users": _of(found, "during", "restoring"),
        "restoration": found.restoration,
        **_of(found, "rto", "rpo"),
        "recoveries": plain(recovered, OTHERWISE),
        "canaries": _canaries(found),
    }


def _read(read: CanariesRead | None) -> dict[str, Any] | None:
    return None if read is None else {"at": plain(read.at.lab), "problem": plain(read.problem)}


def _with_open(found: Outage | Attained, _: Otherwise) -> dict[str, Any]:
    return {**_of(found), "open": found.open}


def _canaries(found: Findings) -> dict[str, Any]:
    told = Counter(canary.acknowledgement for canary in found.canaries)
    fates = Counter(canary.fate for canary in found.canaries)
    removed = found.measurement.removed
    return {
        "written": len(found.canaries),
        **{each.value: told[each] for each in Acknowledgement},
        "fates": {fate.value: fates[fate] for fate in Fate},
        **plain(found.loss),
        "lost_titles": [canary.title for canary in found.canaries if canary.fate is Fate.LOST],
        "read": _read(found.read),
        "read_after": _read(found.read_after),
        "lost_in_restoration": found.lost_in_restoration,
        "removed": removed and _of(removed, "removed", "left", "problem"),
    }


OTHERWISE: Otherwise = {
    Chapter: _chapter,
    StepResult: _step,
    Entry: _activity,
    Outage: _with_open,
    Attained: _with_open,
}


# -- values as JSON has them ------------------------------------------------------------------------------------------


LEFT_OUT = object()
_AS_JSON_HAS_THEM = frozenset({str, int, bool, type(None)})


def _all(values: Iterable[Any], otherwise: Otherwise) -> list[Any]:
    return [told for value in values if (told := plain(value, otherwise)) is not LEFT_OUT]


_BY_KIND: Otherwise = {
    Text: lambda value, _: {"en": value.en, "ja": value.ja},
    Quoted: lambda value, _: value.text,
    Instant: lambda value, _: instant(value),
    timedelta: lambda value, _: value.total_seconds(),
    datetime: lambda value, _: value.isoformat(timespec="milliseconds"),
    float: lambda value, _: round(value, 6),
    list: _all,
    tuple: _all,
}


def plain(value: Any, otherwise: Otherwise = AS_IT_IS) -> Any:
    """Lengths of time become seconds, moments ISO 8601; everything else keeps its shape and its names."""
    if type(value) in _AS_JSON_HAS_THEM:
        return value
    if told := _BY_KIND.get(type(value)):
        return told(value, otherwise)
    for kind, told in otherwise.items():
        if isinstance(value, kind):
            return told(value, otherwise)
    match value:
        case Enum():
            return value.value
        case Mapping():
            return {key: plain(inner, otherwise) for key, inner in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return fields_of(value, otherwise=otherwise)
        case _:
            return value


def fields_of(value: Any, *names: str, otherwise: Otherwise = AS_IT_IS) -> dict[str, Any]:
    """These fields of a dataclass, or all."""
    return {name: plain(getattr(value, name), otherwise) for name in names or _names(value.__class__)}


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def instant(moment: Instant | None) -> dict[str, str] | None:
    return None if moment is None else {"lab": plain(moment.lab), "wall": plain(moment.wall)}
