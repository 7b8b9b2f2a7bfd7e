"""A step of two runs: what came of it, what was done and seen in it, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from journal.course import Outcome
from journal.entries import Activity
from journal.record import StepResult
from journal.seen import Call
from lab.model.bounds import Length
from reports import judge
from reports.acceptance.behaviour import Reader, alike
from reports.acceptance.events import EventsApart
from reports.acceptance.pairing import only_in
from reports.acceptance.result import ComparedStep, Finding, Pair, Sent, Topic
from reports.acceptance.verdicts import Tolerance, Verdict, pace, together

UNRUN = (Outcome.SKIPPED, Outcome.NOT_RUN)
WITH_TIMES = tuple(Pair(outcome, outcome) for outcome in (Outcome.PASSED, Outcome.FAILED))


@dataclass(frozen=True, slots=True)
class Means:
    """What the steps of a drill are compared with; texts of Kunren's own only where both runs speak one language."""

    readers: Pair[Reader]
    events: EventsApart
    lengths: Pair[Mapping[int, Length]]
    tolerance: Tolerance
    one_language: bool


def compare_steps(baseline: StepResult | None, record: StepResult | None, means: Means) -> ComparedStep:
    outcomes = Pair(_outcome(baseline), _outcome(record))
    took = Pair(_length(baseline, means.lengths.baseline), _length(record, means.lengths.record))
    findings = tuple(_findings(baseline, record, outcomes, means))
    verdicts = [finding.verdict for finding in findings if finding.verdict]
    if outcomes in WITH_TIMES and took.baseline and took.record:
        verdicts.append(pace(took.baseline, took.record, means.tolerance))
    told, reader = record or baseline, means.readers.record
    assert told is not None
    return ComparedStep(
        numbers=Pair(baseline.number if baseline else None, record.number if record else None),
        step=f"{reader.told(told.keyword)} {reader.told(told.text)}",
        outcomes=outcomes,
        seconds=took,
        sent=Pair(_sent(baseline), _sent(record)),
        findings=findings,
        verdict=together(verdicts),
    )


def behaviour(baseline: Iterable[Activity], record: Iterable[Activity], readers: Pair[Reader]) -> Iterator[Finding]:
    """What was done: the same things in the same order, to the same effect."""
    one, other = tuple(baseline), tuple(record)
    kinds = (
        (Topic.ACTIONS, Reader.actions),
        (Topic.GAROON, Reader.garoon),
        (Topic.RESTORATION, Reader.restoration),
    )
    for topic, read in kinds:
        yield from apart(topic, read(readers.baseline, one), read(readers.record, other), Verdict.DIFFERENT)


def apart(
    topic: Topic, baseline: tuple[str, ...], record: tuple[str, ...], verdict: Verdict | None
) -> Iterator[Finding]:
    missing, added = only_in(baseline, record)
    if missing or added:
        yield Finding(topic, missing, added, verdict)


def _findings(
    baseline: StepResult | None, record: StepResult | None, outcomes: Pair[Outcome | None], means: Means
) -> Iterator[Finding]:
    if baseline is None or record is None:
        yield Finding(Topic.NEW if baseline is None else Topic.MISSING, (), (), Verdict.DIFFERENT)
        yield from _events(baseline, record, means, Verdict.DIFFERENT)
        return
    told = Pair(*((each.value,) if each else () for each in (outcomes.baseline, outcomes.record)))
    if outcomes.baseline in UNRUN or outcomes.record in UNRUN:
        yield Finding(Topic.NOT_RUN, told.baseline, told.record, Verdict.UNKNOWN)
        return
    known = Outcome.UNKNOWN not in (outcomes.baseline, outcomes.record)
    if not known or outcomes.baseline is not outcomes.record:
        yield Finding(Topic.OUTCOME, told.baseline, told.record, Verdict.DIFFERENT if known else Verdict.UNKNOWN)
    weighed = Verdict.DIFFERENT if known else None
    yield from (
        Finding(each.topic, each.baseline, each.record, weighed)
        for each in behaviour(baseline.activities, record.activities, means.readers)
    )
    yield from _events(baseline, record, means, weighed)
    yield from _failure(baseline, record, means)
    yield from _aside(baseline, record, means)


def _events(
    baseline: StepResult | None, record: StepResult | None, means: Means, verdict: Verdict | None
) -> Iterator[Finding]:
    missing = means.events.missing.get(baseline.number, ()) if baseline else ()
    added = means.events.added.get(record.number, ()) if record else ()
    if missing or added:
        yield Finding(Topic.EVENTS, missing, added, verdict)


def _failure(baseline: StepResult, record: StepResult, means: Means) -> Iterator[Finding]:
    """A step that fails in both runs may yet fail otherwise."""
    if judge.step(baseline) is not Outcome.FAILED or judge.step(record) is not Outcome.FAILED:
        return
    kinds = Pair(*(each.error.kind if each.error else "" for each in (baseline, record)))
    texts = Pair(_failed_with(baseline, means.readers.baseline), _failed_with(record, means.readers.record))
    if kinds.baseline != kinds.record or (means.one_language and not alike(texts.baseline, texts.record)):
        yield Finding(Topic.FAILURE, texts.baseline, texts.record, Verdict.DIFFERENT)


def _failed_with(step: StepResult, reader: Reader) -> tuple[str, ...]:
    texts = (step.seen, step.error and f"{step.error.kind}: {reader.text(step.error.text)}")
    return tuple(reader.text(text) for text in texts if text)


def _aside(baseline: StepResult, record: StepResult, means: Means) -> Iterator[Finding]:
    """What a reader should know, and what alone shows no other behaviour."""
    one, other = means.readers.baseline, means.readers.record
    yield from apart(Topic.QUESTIONS, one.questions(baseline.activities), other.questions(record.activities), None)
    if not means.one_language:
        return
    yield from apart(Topic.OPERATOR, one.operator(baseline.activities), other.operator(record.activities), None)
    seen = Pair(one.seen(baseline.activities), other.seen(record.activities))
    if not alike(seen.baseline, seen.record):
        yield from apart(Topic.SEEN, seen.baseline, seen.record, None)


def _outcome(step: StepResult | None) -> Outcome | None:
    return judge.step(step) if step else None


def _sent(step: StepResult | None) -> Sent | None:
    if step is None:
        return None
    calls = [each for each in step.activities if isinstance(each, Call)]
    return Sent(
        calls=len(calls),
        actions=sum(call.changes for call in calls),
        round_trips=sum(call.round_trips for call in calls),
    )


def _length(step: StepResult | None, lengths: Mapping[int, Length]) -> Length | None:
    return lengths.get(step.number) if step else None
