"""The report in a page of Markdown, for a ticket or `$GITHUB_STEP_SUMMARY`: verdict, objectives, failures, chapters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from journal.annotations import Annotations
from journal.course import Outcome
from journal.record import Drill, DrillRecord
from lab.model.text import one_line
from reports import judge
from reports.page import annotated, first_page, sentences
from reports.page.annotated import NONE
from words import Told, Words

MOST_BYTES = 900_000
"""GitHub takes 1,024 kB of summary for a step."""
MOST_CHARACTERS = 2_000
"""Of one text, which may come from a host."""
MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✕", Outcome.UNKNOWN: "?"}
HTML = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("@"): "@<!-- -->"}
"""What follows an `@` would be told of it, as a user's name."""
MEANING = re.compile(
    r"[\\`*_{}\[\]|~$^]"
    r"|^(?:[-+=#]|\d+(?=[.)]))"  # what begins a line of its own, or a list in a list
    r"|:(?=[/+a-z])|(?<=www)\.",  # addresses, pictures by name
    re.IGNORECASE,
)


def summary(record: DrillRecord, words: Words, annotations: Annotations = NONE) -> str:
    """Of a run that is too large for a page of GitHub's its beginning, which says so."""
    told: list[str] = []
    size = 0
    for line in _lines(record, words, annotations):
        size += len(line.encode()) + 1
        if size > MOST_BYTES:
            told += ["", plain(words("summary.more"))]
            break
        told.append(line)
    return "\n".join(told) + "\n"


def plain(text: str) -> str:
    """The text as Markdown that shows it and means nothing: no link, picture, heading, table, HTML, or mention."""
    shown = one_line(text).strip()
    if len(shown) > MOST_CHARACTERS:
        shown = shown[:MOST_CHARACTERS] + "…"
    return MEANING.sub(_escaped, shown.translate(HTML))


def _escaped(found: re.Match[str]) -> str:
    """A number that begins a list is told apart from it by no escape of its own."""
    text = found.group()
    return f"{text}<!-- -->" if text.isdigit() else f"\\{text}"


def _lines(record: DrillRecord, words: Words, annotations: Annotations) -> Iterator[str]:
    verdict = judge.verdict(record)
    simulated = [words("report.simulated")] if record.simulated else []
    title = [sentences.headline(record, words), words(f"outcome.{verdict.outcome.value}"), *simulated]
    yield f"# {_mark(verdict.outcome)} {plain(' – '.join(title))}"
    if record.simulated:
        yield from ("", f"**{plain(words('report.simulated'))}** {plain(words('report.simulated_sentence'))}")
    yield ""
    yield from (f"- **✕ {plain(alarm)}**" for alarm in sentences.alarms(record, verdict, words))
    yield from (f"- {plain(each.text)}" for each in sentences.below_verdict(record, verdict, words))
    restored = f"{words('figure.restoration')}: {words(f'restoration.{verdict.restoration.value}')}"
    yield f"- {_mark(verdict.restoration)} {plain(restored)}"
    yield from _objectives(record, words)
    yield from ("", "| | |", "| --- | --- |")
    for each in first_page.particulars(record, words, annotations):
        yield f"| {plain(each.name)} | {plain(each.told)} |"
    yield f"| {plain(words('environment.journal'))} | SHA-256 `{record.journal.sha256}` |"
    for drill in record.drills:
        yield from _chapters(drill, words)
    if annotations.entries:
        yield from ("", f"## {plain(words('section.annotations'))}", "")
        yield from (f"- {plain(words.value(line))}" for line in annotated.lines(annotations))


def _objectives(record: DrillRecord, words: Words) -> Iterator[str]:
    for bar in first_page.objective_bars(record, words):
        target, measured = (
            words("objective.target", target=bar.target),
            words("objective.measured", measured=bar.measured),
        )
        drill = "" if bar.drill is None else f" ({_told(bar.drill, words)})"
        judged = f"{_mark(bar.told.outcome)} {plain(bar.told.text)}"
        yield f"- **{plain(bar.name)}** {plain(target)}, {plain(measured)}. {judged}{drill}"


def _chapters(drill: Drill, words: Words) -> Iterator[str]:
    outcome = judge.drill(drill)
    yield from ("", f"## {_mark(outcome)} {_told(drill.title, words)} – {plain(words(f'outcome.{outcome.value}'))}", "")
    for chapter in drill.chapters:
        shown = judge.shown(chapter)
        guide = ", ".join(chapter.guide)
        points = f" ({plain(guide)})" if guide else ""
        yield f"- {_mark(shown)} {_told(chapter.name, words)}{points} – {plain(words(f'outcome.{shown.value}'))}"


def _mark(outcome: Outcome | None) -> str:
    return MARKS.get(outcome, "–") if outcome is not None else ""


def _told(text: Told | str, words: Words) -> str:
    return plain(words.value(text))
