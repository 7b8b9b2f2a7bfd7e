"""The report as HTML: one file that needs nothing else, or a folder for servers that allow no style inside a page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from guide import guide
from journal.annotations import Annotations
from journal.course import ActOutcome, Outcome, RestoreAct, RestoreWaiting
from journal.record import Drill, DrillRecord
from journal.seen import Call, EventSeen, Evidence, GuestAsked, ScenarioAsked, StateSeen
from lab.model.text import visible
from reports import coverage, judge, remedies
from reports.charts import availability, recoveries, split, timeline
from reports.findings import findings_of
from reports.page import (
    annotated,
    answers,
    comparison,
    fields,
    figures,
    first_page,
    people,
    places,
    quotes,
    sentences,
    tables,
)
from reports.page.annotated import NONE
from reports.page.answers import brief
from reports.page.facts import facts, host_told
from reports.page.moments import ran_by
from reports.page.pictures import Gallery, by_id, file_name
from words import Quoted, Text, Told, Words, templates

JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_WIDE = r"\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
IN_JAPANESE = re.compile(f"[{_WIDE}](?:[ {_WIDE}]*[{_WIDE}])?")
"""Japanese with its own punctuation; no character that is spelt in HTML is any of these."""
STYLE, STYLES = "style.css", ("style.css", "measured.css")
SPELT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
CHUNK = 65_536
"""Characters that are written at once."""
ORDER = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)


@dataclass(frozen=True, slots=True)
class DrillView:
    """What a drill's part of the report shows beside its steps; `number` is its place in the plan."""

    number: int
    drill: Drill
    outcome: Outcome
    open: bool
    answers: Sequence[answers.Answer]
    measured: tables.Tables | None
    picture: timeline.TimelineChart | None
    availability: availability.AvailabilityChart | None
    recoveries: Sequence[split.RecoveryChart]
    comparison: comparison.Comparison | None
    pairs: Sequence[tuple[Evidence, Evidence]]


def render(record: DrillRecord, folder: Path, words: Words) -> str:
    """`folder` is the record's, for its evidence."""
    return "".join(stream(record, Gallery(record, folder), words))


def stream(
    record: DrillRecord, gallery: Gallery, words: Words, annotations: Annotations = NONE, *, linked: bool = False
) -> Iterator[str]:
    """The same bit by bit. With `linked` style and pictures stand beside the page, and it has no script."""
    environment = environment_of(words)
    environment.globals |= {**_tools(record, gallery, words), "linked": linked}
    parts: list[str] = []
    size = 0
    for part in environment.get_template("report.html.jinja").generate(**_shown(record, words, annotations)):
        parts.append(part)
        size += len(part)
        if size >= CHUNK:
            yield "".join(parts)
            parts, size = [], 0
    yield "".join(parts)


@cache
def style() -> str:
    return "".join(_resource(name) for name in STYLES)


def style_of(record: DrillRecord, words: Words) -> str:
    """With what every printed page bears: the record's id or digest, and of a simulated one that it is.

    What stands above every list of checks is told once, here.
    """
    margins = {"top-left": record.id or record.journal.sha256} | (
        {"top-right": words("report.simulated")} if record.simulated else {}
    )
    told = " ".join(f"@{place} {{ content: {css_text(text)}; }}" for place, text in margins.items())
    checks = f".checks::before {{ content: {css_text(words('step.checked'))}; }}"
    return f"{style()}@page {{ {told} }}\n{checks}\n"


def css_text(text: str) -> str:
    """As a string of a style sheet inside a page; letters, digits, spaces and hyphens alone mean nothing to either."""
    return (
        '"' + "".join(each if each.isalnum() or each in " -" else f"\\{ord(each):x} " for each in visible(text)) + '"'
    )


@cache
def script() -> str:
    return _resource("report.js")


def script_digest() -> str:
    """As a Content Security Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode()).digest()).decode("ascii")


def _resource(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def _shown(record: DrillRecord, words: Words, annotations: Annotations) -> Mapping[str, Any]:
    verdict = judge.verdict(record)
    outcomes = [judge.drill(drill) for drill in record.drills]
    detailed = figures.detailed(record)
    order = sorted(range(len(outcomes)), key=lambda each: _rank(outcomes[each]))
    return {
        "record": record,
        "verdict": verdict,
        "headline": sentences.headline(record, words),
        "alarms": sentences.alarms(record, verdict, words),
        "sentences": sentences.below_verdict(record, verdict, words),
        "bars": first_page.objective_bars(record, words),
        "particulars": first_page.particulars(record, words, annotations),
        "annotations": annotated.lines(annotations),
        "fields": fields.fields_of(record, words, annotations),
        "renderer": version("kunren"),
        "began": first_page.began(record, words),
        "ran_by": ran_by(record, words),
        "briefs": [(each + 1, brief(record.drills[each], words)) for each in order],
        "first_answers": answers.answers(record.drills[0], words) if len(record.drills) == 1 else (),
        "views": (_view(each, record, words, detailed=detailed) for each in order),
        "unrun": judge.unrun(record),
        "coverage": coverage.of_record(record),
        "sections": guide().sections,
        "events": [each for drill in record.drills for each in drill.everything if isinstance(each, EventSeen)],
        "facts": facts(record, words),
        "people": people.people_of(record),
    }


def _rank(outcome: Outcome) -> int:
    return ORDER.index(outcome) if outcome in ORDER else len(ORDER)


def _tools(record: DrillRecord, gallery: Gallery, words: Words) -> Mapping[str, Any]:
    """What templates ask of everything that they show."""
    spots = places.spots(record)
    of_hosts = quotes.Quotes()
    return {
        "quotes": of_hosts,
        "beside_calls": lambda activities: [each for each in activities if not isinstance(each, Call)],
        "told_alike": lambda looks: quotes.told_alike(looks, words),
        "grouped": lambda calls: quotes.grouped(calls, of_hosts),
        "detailed": figures.detailed(record),
        "advice": {anchor: remedies.advice(each, record.site) for anchor, each in sentences.anchored(record)},
        "w": words,
        "judge": judge,
        "style": Markup(style_of(record, words)),  # noqa: S704 (Kunren's own)
        "script": Markup(script()),  # noqa: S704
        "script_digest": script_digest(),
        "call_name": timeline.call_name,
        "host_told": lambda each: host_told(each, words),
        "took": figures.took,
        "lang": lambda text: _lang(text, words),
        "spoken": lambda text: _spoken(text, record, words),
        "many": len(record.drills) > 1,
        "gallery": gallery,
        "record_drills": record.drills,
        "garoon_url": record.site.garoon_url,
        "file_name": file_name,
        "kept": by_id(gallery.evidence),
        "spot": spots.get,
        "step_anchor": places.step_anchor,
        "chapter_anchor": places.chapter_anchor,
        "drill_number": {drill.id: number for number, drill in enumerate(record.drills, 1)},
    }


def _view(place: int, record: DrillRecord, words: Words, *, detailed: bool) -> DrillView:
    """Of a very large run the timelines of drills that passed are left out."""
    drill = record.drills[place]
    found = findings_of(drill)
    everything = drill.everything
    outcome = judge.drill(drill)
    return DrillView(
        number=place + 1,
        drill=drill,
        outcome=outcome,
        open=len(record.drills) == 1 or outcome in {Outcome.FAILED, Outcome.UNKNOWN},
        answers=answers.answers(drill, words),
        measured=tables.tables(drill, record.site, words),
        picture=timeline.lay_out(drill, record.site, words) if detailed or outcome is not Outcome.PASSED else None,
        availability=availability.lay_out(drill, found, record.site, words) if found else None,
        recoveries=[
            split.lay_out(recovery, found, words) for recovery in recoveries.of_drill(drill, found, record.site)
        ]
        if found
        else [],
        comparison=comparison.compare(everything, words),
        pairs=comparison.picture_pairs(each for each in everything if isinstance(each, Evidence)),
    )


def environment_of(words: Words) -> Environment:
    """What every page of Kunren is made with: texts from outside cannot disguise themselves in it."""
    environment = templates.environment(
        PackageLoader("reports"),
        finalize=lambda value: _visible(value, words),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests |= {
        "call": lambda each: isinstance(each, Call),
        "evidence": lambda each: isinstance(each, Evidence),
        "state": lambda each: isinstance(each, StateSeen),
        "understood": lambda each: isinstance(each, GuestAsked | ScenarioAsked),
        "needless": _needless,
        "restore_wait": lambda each: isinstance(each, RestoreWaiting),
        "aside": lambda each: _needless(each) or isinstance(each, RestoreWaiting),
    }
    environment.filters |= {"inside": _inside, "bare": lambda value: _bare(value, words)}
    environment.globals["kind"] = lambda each: type(each).__name__
    return environment


def _inside(text: str) -> Markup:
    """Between tags, where quotation marks mean nothing."""
    return Markup(visible(text).translate(SPELT))  # noqa: S704 (every character that means something is spelt)


def _needless(each: object) -> bool:
    """An act of the restoration that had nothing to do, and no reason to tell for it."""
    return isinstance(each, RestoreAct) and each.outcome is ActOutcome.NEEDLESS and not each.because


def _spoken(text: object, record: DrillRecord, words: Words) -> Markup:
    """The attribute that tells of a text of the drill in the language of the run, where that is not the report's."""
    other = not isinstance(text, Text) and record.language != words.language
    return Markup(f' lang="{record.language}"') if other else Markup("")  # noqa: S704 (one of LANGUAGES)


def _lang(text: Told | str, words: Words) -> Markup:
    """The attribute that tells a reader's voice, and fonts, of Japanese in a report of another language."""
    return Markup(' lang="ja"') if words.language != "ja" and JAPANESE.search(words.value(text)) else Markup("")


def _visible(value: Any, words: Words) -> Any:
    """Names control characters and changes of writing direction: no text can disguise itself.

    Japanese in a report of another language is marked as such, also in the midst of a sentence.
    """
    if isinstance(value, Text | Quoted):
        value = value.in_(words.language)
    if isinstance(value, float):
        return round(value)
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    shown = visible(value)
    if words.language == "ja" or shown.isascii() or not JAPANESE.search(shown):
        return shown
    return Markup(IN_JAPANESE.sub(r'<span lang="ja">\g<0></span>', str(escape(shown))))  # noqa: S704 (escaped)


def _bare(value: Any, words: Words) -> Markup:
    """For attributes and drawings, in which there is no markup."""
    return escape(visible(words.value(value)))
