"""A comparison as lines in one language, for a terminal, a log or a page; no text in them can disguise itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from journal.course import ActOutcome, Outcome
from journal.record import DrillRecord
from lab.model.bounds import Length
from lab.model.objectives import Attainment
from lab.model.probing import Mark
from lab.model.text import DISGUISES
from reports import judge
from reports.acceptance.differences import Difference, Expected, Ruling
from reports.acceptance.result import (
    Acceptance,
    ComparedDrill,
    ComparedMeasure,
    ComparedRestoration,
    ComparedStep,
    ComparedSurrounding,
    Finding,
    Measure,
    Pair,
    Remark,
    Topic,
    Verdict,
    together,
)
from reports.acceptance.spread import Part, Spread, Standing
from reports.acceptance.surroundings import of_both
from words import Words

FEW = 4
"""Changes of the environment that can be named in a sentence."""
_DIGEST = re.compile(r"\b([0-9a-f]{16})[0-9a-f]{48}\b")
_HIDDEN = re.compile(f"{DISGUISES.pattern}|[\t\n]")
_EFFECT = re.compile(r"(?P<before>.* → )(?P<word>not started|refused|indeterminate)(?P<after>: .*)")
_SEVERITY = re.compile(r"(?P<before>.* \()(?P<word>\w+)(?P<after>\).*)")
_ACT = re.compile(r"(?P<before>)(?P<word>[^(]+?)(?P<after> \(.*)")
_TERMS = {
    Topic.ACTIONS: (_EFFECT, "effect"),
    Topic.EVENTS: (_SEVERITY, "severity"),
    Topic.OFTEN: (_SEVERITY, "severity"),
    Topic.GAROON: (_ACT, "garoon"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A drill, a chapter, a step or a finding, at depths 0 to 3; `verdict` is None where there is nothing to weigh."""

    depth: int
    text: str
    baseline: str
    record: str
    verdict: Verdict | None


def visible(text: str) -> str:
    """Names what a terminal would obey or not show."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


def head(acceptance: Acceptance, folders: Pair[str], words: Words) -> Iterator[str]:
    """What a reader has to know first."""
    runs, tolerance = acceptance.runs, acceptance.tolerance
    for name, folder, run in (
        ("baseline", folders.baseline, runs.baseline),
        ("record", folders.record, runs.record),
    ):
        yield visible(f"{words(f'acceptance.{name}')}: {_run(folder, run, words)}")
    least = words.given(tolerance.seconds)
    if acceptance.among > 1:
        yield words("acceptance.among", n=acceptance.among)
    yield words("acceptance.tolerance", share=f"{tolerance.share * 100:g} %", least=least)
    for remark, pair in acceptance.remarks.items():
        yield visible(_remark(remark, pair, words))


def environment(acceptance: Acceptance, words: Words) -> Iterator[str]:
    """What differs in the environment, and what is not known of it; or in what both records agree."""
    groups: dict[bool | None, list[ComparedSurrounding]] = {True: [], None: [], False: []}
    for each in of_both(acceptance.surroundings):
        groups[each.differs].append(each)
    yield words("acceptance.environment.differs" if groups[True] else "acceptance.environment.same")
    for each in groups[True]:
        yield visible(f"  ≠ {_surrounding(each, words)}: {_values(each, words)}")
    for each in groups[None]:
        yield visible(f"  ? {_surrounding(each, words)}: {_values(each, words)}")
    if groups[False]:
        agreeing = _together([_surrounding(each, words) for each in groups[False]], words)
        yield visible(f"  = {agreeing}")


def beside_verdict(acceptance: Acceptance, words: Words) -> str:
    """What the verdict was reached in, where that is not the environment of the baseline or not known to be it."""
    changed = [_surrounding(each, words) for each in of_both(acceptance.surroundings) if each.differs]
    if len(changed) > FEW:
        return words("acceptance.environment.many", n=len(changed))
    if changed:
        return visible(words("acceptance.environment.changed", what=_together(changed, words)))
    if any(each.differs is None for each in acceptance.surroundings):
        return words("acceptance.environment.unknown")
    return ""


def _surrounding(compared: ComparedSurrounding, words: Words) -> str:
    of = [words.known("acceptance.place", each) for each in compared.of]
    return words(f"acceptance.surrounding.{compared.what.value}", of=of[0] if of else "", place=of[-1] if of else "")


def _values(compared: ComparedSurrounding, words: Words) -> str:
    _, before, after = surrounding_cells(compared, words)
    return f"{before} → {after}"


def surrounding_cells(compared: ComparedSurrounding, words: Words) -> tuple[str, str, str]:
    """A digest by its beginning; as JSON it is whole."""
    none = words("acceptance.environment.untold")
    before, after = (_DIGEST.sub(r"\1…", each) or none for each in (compared.told.baseline, compared.told.record))
    return _surrounding(compared, words), before, after


def _together(terms: list[str], words: Words) -> str:
    return words("report.between_terms").join(terms)


def rows(acceptance: Acceptance, words: Words) -> Iterator[Row]:
    titles = {drill.id: words.value(drill.title) for drill in acceptance.runs.record.drills}
    for drill in acceptance.drills:
        yield Row(0, visible(f"{drill.drill}  {titles[drill.drill]}"), "", "", drill.verdict)
        yield from _drill(drill, words)
    for name in acceptance.missing:
        yield Row(0, visible(name), "", words("acceptance.missing_drill"), Verdict.UNKNOWN)
    for name in acceptance.added:
        yield Row(0, visible(name), words("acceptance.added_drill"), "", Verdict.UNKNOWN)


def figures(acceptance: Acceptance, words: Words) -> Iterator[Row]:
    """Counts of the whole runs; how often hosts are asked follows from how long it takes."""
    one, other = acceptance.figures.baseline, acceptance.figures.record
    yield Row(1, words("acceptance.figure.lab"), words.length(one.lab_took), words.length(other.lab_took), None)
    for name, before, after in (
        ("calls", one.calls, other.calls),
        ("actions", one.actions, other.actions),
        ("trips", one.round_trips, other.round_trips),
    ):
        yield Row(1, words(f"acceptance.figure.{name}"), f"{before:,}", f"{after:,}", None)


def differing(found: Difference, words: Words) -> Row:
    """What a difference is, with the values of both runs."""
    if found.measure is not None:
        return measure(found.measure, words)
    if found.finding is not None:
        return _finding(found.finding, words)
    before, after = lengths(found.seconds, words) if found.seconds else ("", "")
    return Row(3, words(f"acceptance.difference.{found.what.replace(' ', '_')}"), before, after, found.verdict)


def place(found: Difference, words: Words) -> str:
    """Where in its drill a difference is."""
    if found.step is not None:
        return visible(words("acceptance.first", drill=found.drill, number=found.step, text=found.text))
    if found.restoring:
        return visible(f"{found.drill}: {words('acceptance.restoration')}")
    return visible(f"{found.drill}: {words('acceptance.users')}" if found.measure else found.drill)


def changes(ruling: Ruling, words: Words) -> Iterator[Row]:
    """Only what differs: each cause at depth 1, and below it what follows from it."""
    for cause in ruling.causes:
        yield _change(1, cause.difference, words)
        if cause.consequences:
            yield Row(2, words("acceptance.follows"), "", "", None)
        yield from (_change(3, each, words) for each in cause.consequences)


def _change(depth: int, found: Difference, words: Words) -> Row:
    row = differing(found, words)
    return Row(depth, f"{place(found, words)} – {row.text}", row.baseline, row.record, found.verdict)


def accepted(ruling: Ruling, words: Words) -> Iterator[str]:
    """What was accepted and by whom, and what acceptances did nothing."""
    for found, by in ruling.accepted:
        row = differing(found, words)
        what = f"{place(found, words)} – {row.text}: {row.baseline} → {row.record}"
        yield visible(words("acceptance.accepted", what=what, who=by.who, why=by.why, until=by.until.isoformat()))
    for key, each in (("unused", ruling.unused), ("expired", ruling.expired)):
        for one in each:
            yield visible(
                words(f"acceptance.{key}", what=_named(one), who=one.who, why=one.why, until=one.until.isoformat())
            )


def _named(expected: Expected) -> str:
    where = (expected.drill, str(expected.step) if expected.step else "", expected.difference)
    return " ".join(filter(None, where))


def spread(found: Sequence[Spread], words: Words) -> Iterator[tuple[str, ...]]:
    """Rows of what parts took in the runs before: all but steps, and of steps those that are not as they were."""
    several = len({each.drill for each in found}) > 1
    for each in found:
        standing = each.standing
        if each.part is Part.STEP and standing not in (Standing.LONGER, Standing.SHORTER):
            continue
        layer = words(f"layer.{each.of}") if each.part is Part.RESPONSE else ""
        part = words(f"acceptance.spread.{each.part.value}", of=each.of, layer=layer, name=each.name)
        among = words("acceptance.no_spread") if standing is Standing.ALONE else _length(each.range, words)
        values = (_length(each.median, words), among, _length(each.record, words))
        told_of = words(f"acceptance.standing.{standing.value}", n=len(each.runs))
        yield (f"{each.drill}: {part}" if several else part, str(len(each.runs)), *values, told_of)


def told(verdict: Verdict, words: Words) -> str:
    return words(f"acceptance.known.{verdict.value}")


def first(acceptance: Acceptance, ruling: Ruling, words: Words) -> str:
    """Where the verdict shows first, and in how many of several drills; empty where it is of everything or no part."""
    verdict = ruling.verdict
    if not acceptance.owned:
        return words("acceptance.not_owned")
    if verdict in (Verdict.SAME, Verdict.ACCEPTED):
        return ""
    if ruling.accepted:
        every = (each for drill in acceptance.drills for each in ruling.of(drill.drill))
        found = next((place(each, words) for each in every if each.verdict is verdict), "")
    else:
        every_place = (each for drill in acceptance.drills for each in _places(drill, verdict, words))
        found = next(map(visible, every_place), "")
    of = sum(ruling.verdict_of(drill) is verdict for drill in acceptance.drills)
    if not found or len(acceptance.drills) == 1:
        return found
    return words("acceptance.first_of", first=found, n=of, all=len(acceptance.drills))


def _places(drill: ComparedDrill, verdict: Verdict, words: Words) -> Iterator[str]:
    for step in (step for chapter in drill.chapters for step in chapter.steps):
        if step.verdict is verdict:
            number = step.numbers.baseline if step.numbers.record is None else step.numbers.record
            yield words("acceptance.first", drill=drill.drill, number=number, text=step.step)
    if verdict in (each.verdict for each in drill.measures):
        yield f"{drill.drill}: {words('acceptance.users')}"
    if drill.pace is verdict:
        yield f"{drill.drill}: {words('acceptance.whole')}"
    if drill.restoration and drill.restoration.verdict is verdict:
        yield f"{drill.drill}: {words('acceptance.restoration')}"
    if drill.verdict is verdict:
        yield drill.drill


def _run(folder: str, run: DrillRecord, words: Words) -> str:
    there = run.local(run.began.wall)
    began = f"{words.moment(there)} ({words.offset(there)})"
    outcome = words(f"outcome.{judge.verdict(run).outcome.value}")
    return words("acceptance.run", folder=folder, began=began, outcome=outcome)


def _remark(remark: Remark, pair: Pair[str], words: Words) -> str:
    baseline, record = pair.baseline, pair.record
    if remark is Remark.LANGUAGES:
        baseline, record = words(f"language.{baseline}"), words(f"language.{record}")
    return words(f"acceptance.remark.{remark.value}", baseline=baseline, record=record)


def _drill(drill: ComparedDrill, words: Words) -> Iterator[Row]:
    if drill.changed:
        yield Row(3, words("acceptance.changed"), "", "", Verdict.DIFFERENT)
    for number, chapter in enumerate(drill.chapters, 1):
        yield Row(1, visible(f"{number}. {chapter.chapter}"), "", "", chapter.verdict)
        for step in chapter.steps:
            yield from _step(step, words)
    yield Row(1, words("acceptance.whole"), *lengths(drill.seconds, words), drill.pace)
    yield from (_finding(finding, words) for finding in drill.findings)
    if drill.measures:
        verdicts = [measure.verdict for measure in drill.measures if measure.verdict]
        yield Row(1, words("acceptance.users"), "", "", together(verdicts))
        yield from (measure(each, words) for each in drill.measures)
    if drill.restoration:
        yield from _restoration(drill.restoration, words)


def _step(step: ComparedStep, words: Words) -> Iterator[Row]:
    yield Row(2, visible(step.step), *lengths(step.seconds, words), step.verdict)
    yield from (_finding(finding, words) for finding in step.findings)


def _restoration(restoration: ComparedRestoration, words: Words) -> Iterator[Row]:
    yield Row(1, words("acceptance.restoration"), *lengths(restoration.seconds, words), restoration.verdict)
    yield from (_finding(finding, words) for finding in restoration.findings)


def measure(compared: ComparedMeasure, words: Words) -> Row:
    layer = words(f"layer.{compared.layer}") if compared.layer else ""
    name = words(f"acceptance.measure.{compared.measure.value}", layer=layer)
    if compared.ends:
        start, end = (_milestone(name, words) for name in compared.ends)
        name = words("split.stretch", start=start, end=end)
    if compared.verdict is None:
        name = words("acceptance.unweighed", topic=name)
    if compared.seconds.baseline or compared.seconds.record:
        before = _outage(compared.seconds.baseline, words, is_open=compared.open.baseline)
        after = _outage(compared.seconds.record, words, is_open=compared.open.record)
        return Row(2, name, before, after, compared.verdict)
    baseline, record = (_told(compared.measure, text, words) for text in (compared.told.baseline, compared.told.record))
    return Row(2, name, baseline, record, compared.verdict)


def _outage(length: Length | None, words: Words, *, is_open: bool) -> str:
    if is_open and length is not None:
        return words("acceptance.open", lower=words.at_least(length.lower))
    return _length(length, words)


def _milestone(name: str, words: Words) -> str:
    """A cause has the name of what it was."""
    return words.known("flag", name) if name in {mark.value for mark in Mark} else words(f"milestone.{name}")


def _told(measure: Measure, text: str, words: Words) -> str:
    match measure:
        case Measure.PROBING:
            return words(f"acceptance.probed.{text}")
        case Measure.RTO | Measure.RPO:
            return words(f"attainment.{text}") if text != Attainment.NONE.value else words("acceptance.nothing")
        case _:
            return text or words("acceptance.known.unknown")


def _finding(finding: Finding, words: Words) -> Row:
    topic = words(f"acceptance.topic.{finding.topic.value}")
    if finding.verdict is None:
        topic = words("acceptance.unweighed", topic=topic)
    baseline, record = (_items(finding.topic, items, words) for items in (finding.baseline, finding.record))
    if finding.topic in (Topic.MISSING, Topic.NEW):
        baseline = record = ""
    return Row(3, topic, baseline, record, finding.verdict)


def _items(topic: Topic, items: tuple[str, ...], words: Words) -> str:
    return visible("; ".join(_item(topic, item, words) for item in items)) or words("acceptance.nothing")


def _item(topic: Topic, item: str, words: Words) -> str:
    if topic in (Topic.OUTCOME, Topic.NOT_RUN):
        return words(f"outcome.{Outcome(item).value}")
    if topic is Topic.RESTORATION:
        return _restored(item, words)
    pattern, group = _TERMS.get(topic, (None, ""))
    found = pattern.fullmatch(item) if pattern else None
    return f"{found['before']}{words.known(group, found['word'])}{found['after']}" if found else item


def _restored(item: str, words: Words) -> str:
    act, _, outcome = item.rpartition(": ")
    word = "outcome.failed" if outcome == ActOutcome.FAILED.value else f"restoration.{outcome}"
    return f"{words.known('restore', act)}: {words(word)}"


def lengths(took: Pair[Length | None], words: Words) -> tuple[str, str]:
    return _length(took.baseline, words), _length(took.record, words)


def _length(length: Length | None, words: Words) -> str:
    if length is None:
        return ""
    if length.lower == length.upper:
        return words.length(timedelta(seconds=length.lower))
    return words.between(length.lower, length.upper)
