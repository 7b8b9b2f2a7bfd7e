"""The report as one HTML file that needs nothing else: no network, no script, every picture inside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from guide import guide
from journal.course import ActOutcome, Outcome, RestoreAct, RestoreWaiting
from journal.record import Drill, DrillRecord
from journal.seen import (
    Call,
    Condition,
    EventSeen,
    Evidence,
    GuestAsked,
    HostSeen,
    ProductSeen,
    ScenarioAsked,
    StateSeen,
)
from lab.model.json_values import indented
from lab.model.scripts import JsonValue
from lab.model.text import visible
from reports import (
    answers,
    availability,
    comparison,
    coverage,
    figures,
    judge,
    people,
    recoveries,
    sentences,
    split,
    tables,
    timeline,
)
from reports.answers import brief
from reports.evidence import CheckedEvidence, check
from reports.findings import findings_of
from words import Quoted, Text, Told, Words, templates

JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class DrillView:
    """What a drill's part of the report shows beside its steps."""

    drill: Drill
    answers: Sequence[answers.Answer]
    measured: tables.Tables | None
    picture: timeline.TimelineChart | None
    availability: availability.AvailabilityChart | None
    recoveries: Sequence[split.RecoveryChart]
    comparison: comparison.Comparison | None
    pairs: Sequence[tuple[CheckedEvidence, CheckedEvidence]]


def render(record: DrillRecord, folder: Path, words: Words) -> str:
    """`folder` is the record's, for its evidence."""
    checked = {each.n: check(folder, each) for each in record.everything if isinstance(each, Evidence)}
    verdict = judge.verdict(record)
    environment = _environment(words)
    environment.globals |= {
        "w": words,
        "judge": judge,
        "call_name": timeline.call_name,
        "host_told": lambda each: host_told(each, words),
        "took": figures.took,
        "lang": lambda text: _lang(text, words),
        "spoken": lambda text: words.language if isinstance(text, Text) else record.language,
        "many": len(record.drills) > 1,
        "checked": checked,
        "kept": {each.evidence.id: each for each in checked.values()},
        "anchors": {id(trouble.step): anchor for anchor, trouble in sentences.anchored(record)},
        "identity": id,
    }
    return environment.get_template("report.html.jinja").render(
        record=record,
        verdict=verdict,
        headline=sentences.headline(record, words),
        alarms=sentences.alarms(record, verdict, words),
        sentences=sentences.below_verdict(record, verdict, words),
        figures=figures.count(record),
        renderer=version("kunren"),
        began=_moment(record.began.wall, record, words),
        ran_by=_ran_by(record, words),
        briefs=[brief(drill, words) for drill in record.drills],
        views=[_view(drill, record, checked, words) for drill in record.drills],
        outcomes=tuple(Outcome),
        evidence=tuple(checked.values()),
        verified=sum(each.condition is Condition.VERIFIED for each in checked.values()),
        unrun=judge.unrun(record),
        coverage=coverage.of_record(record),
        sections=guide().sections,
        events=[
            (number, each)
            for number, drill in enumerate(record.drills, 1)
            for each in drill.everything
            if isinstance(each, EventSeen)
        ],
        facts=_facts(record, words),
        people=people.people_of(record),
    )


def _view(drill: Drill, record: DrillRecord, checked: Mapping[int, CheckedEvidence], words: Words) -> DrillView:
    found = findings_of(drill)
    own = [checked[each.n] for each in drill.everything if isinstance(each, Evidence)]
    return DrillView(
        drill=drill,
        answers=answers.answers(drill, words),
        measured=tables.tables(drill, record.site, words),
        picture=timeline.lay_out(drill, record.site, words),
        availability=availability.lay_out(drill, found, record.site, words) if found else None,
        recoveries=[
            split.lay_out(recovery, found, words) for recovery in recoveries.of_drill(drill, found, record.site)
        ]
        if found
        else [],
        comparison=comparison.compare(drill.everything, words),
        pairs=comparison.picture_pairs(own),
    )


def host_told(seen: HostSeen, words: Words) -> str:
    return words(
        "environment.host_told",
        host=seen.host,
        os=seen.os,
        version=seen.os_version,
        powershell=seen.powershell_version,
        booted=seen.boot_time,
    )


def _environment(words: Words) -> Environment:
    environment = templates.environment(
        PackageLoader("reports"),
        finalize=lambda value: _visible(value, words),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["plain_json"] = _plain_json
    environment.tests |= {
        "call": lambda each: isinstance(each, Call),
        "evidence": lambda each: isinstance(each, Evidence),
        "state": lambda each: isinstance(each, StateSeen),
        "understood": lambda each: isinstance(each, GuestAsked | ScenarioAsked),
        "needless": _needless,
        "restore_wait": lambda each: isinstance(each, RestoreWaiting),
        "aside": lambda each: _needless(each) or isinstance(each, RestoreWaiting),
    }
    environment.globals["kind"] = lambda each: type(each).__name__
    return environment


def _needless(each: object) -> bool:
    """An act of the restoration that had nothing to do, and no reason to tell for it."""
    return isinstance(each, RestoreAct) and each.outcome is ActOutcome.NEEDLESS and not each.because


def _lang(text: Told | str, words: Words) -> Markup:
    """The attribute that tells a reader's voice, and fonts, of Japanese in a report of another language."""
    return Markup(' lang="ja"') if words.language != "ja" and JAPANESE.search(words.value(text)) else Markup("")


def _visible(value: Any, words: Words) -> Any:
    """Names control characters and changes of writing direction: no text can disguise itself."""
    if isinstance(value, Text | Quoted):
        value = value.in_(words.language)
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(value)


def _plain_json(value: JsonValue) -> str:
    return value if isinstance(value, str) else indented(value)


def _facts(record: DrillRecord, words: Words) -> Mapping[str, str]:
    site, tools = record.site, record.tools
    facts = {
        "site": site.name,
        "kind": words("report.simulated" if record.simulated else "report.real"),
        "master": _host(record, site.master, words),
        "replica": _host(record, site.replica, words),
        "guest": site.guest,
        "scenario": site.scenario,
        "garoon": site.garoon_url,
        "began": _moment(record.began.wall, record, words),
        "last": _moment(record.last.wall, record, words),
        "time_zone": record.time_zone,
        "lab_clock": _lab_clock(record, words),
        "language": words.known("language", record.language),
        "kunren": tools.kunren,
        "renderer": version("kunren"),
        "python": tools.python,
        "platform": tools.platform,
        "controls": _controls(record, words),
        "objectives": _objectives(record, words),
        "seed": words("report.none") if tools.seed is None else str(tools.seed),
        **_operator(record, words),
        **_digests(record),
        "journal": f"{words('evidence.entries', n=record.journal.entries)}, SHA-256 {record.journal.sha256}",
    }
    told = {words(f"environment.{name}"): value for name, value in facts.items() if value}
    return told | {
        words("environment.product", name=each.name, host=each.host or "–"): each.version
        for each in record.everything
        if isinstance(each, ProductSeen)
    }


def _moment(moment: datetime, record: DrillRecord, words: Words) -> str:
    """In the site's time zone, with its offset from UTC."""
    there = record.local(moment)
    return f"{words.moment(there)} ({words.offset(there)})"


def _operator(record: DrillRecord, words: Words) -> Mapping[str, str]:
    if record.operator is None:
        return {}
    return {
        "operator": _ran_by(record, words),
        "command_line": " ".join(record.operator.command_line),
        "confirmed": record.operator.confirmed or words("report.none"),
    }


def _ran_by(record: DrillRecord, words: Words) -> str:
    operator = record.operator
    return words("environment.operator_told", login=operator.login, controller=operator.controller) if operator else ""


def _digests(record: DrillRecord) -> Mapping[str, str]:
    found = record.digests
    if found is None:
        return {}
    told = {"site_file": found.site_file, "discovery_file": found.discovery_file}
    return {name: f"SHA-256 {digest}" for name, digest in told.items() if digest}


def _host(record: DrillRecord, name: str, words: Words) -> str:
    """With what it said of itself last, where it was asked."""
    told = [each for each in record.everything if isinstance(each, HostSeen) and each.host == name]
    return host_told(told[-1], words) if told else name


def _objectives(record: DrillRecord, words: Words) -> str:
    """As the journal has them; those of an older Kunren have no digest and names of their own."""
    fixed = dict(record.objectives)
    digest = fixed.pop("sha256", None)
    if digest is None:
        return ", ".join(f"{name}: {value}" for name, value in fixed.items()) or words("report.none")
    lengths = {"RTO": fixed.get("rto_s"), "RPO": fixed.get("rpo_s")}
    told = [f"{name} {words.given(value)}" for name, value in lengths.items() if isinstance(value, int | float)]
    return f"{', '.join(told) or words('report.none')}, SHA-256 {digest}"


def _controls(record: DrillRecord, words: Words) -> str:
    """The last controls: drills on simulators with a mutation."""
    last = record.controls
    if last is None:
        return words("report.none")
    moment = f"{words.moment(last.date)} ({words.offset(last.date)})"
    return words("environment.controls_made", date=moment, caught=last.caught, n=last.mutations, sha256=last.sha256)


def _lab_clock(record: DrillRecord, words: Words) -> str:
    """From when to when the lab's clock ran; drills of one run may each have had a lab, and a clock, of their own."""
    return "; ".join(
        f"{words.moment(drill.began.lab)} – {words.moment(drill.last.lab)} ({words.offset(drill.last.lab)})"
        for drill in record.drills
        if drill.began and drill.last
    )
