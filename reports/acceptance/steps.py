"""A step of two runs: what came of it, what was done and seen in it, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from journal.course import Outcome
from journal.entries import Activity
from journal.record import Chapter, Drill, Restoration, StepResult
from journal.seen import Call, EventSeen, Wait
from lab.model.bounds import Length
from reports import judge
from reports.acceptance.behaviour import Event, Reader, alike
from reports.acceptance.result import (
    ComparedStep,
    Finding,
    Pair,
    Sent,
    Tolerance,
    Topic,
    Verdict,
    only_in,
    pace,
    together,
)

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


def lengths(drill: Drill) -> Mapping[int, Length]:
    """Of the steps that ended, by number.

    A step that waits ends late, by up to the last interval of looking. What steps after it wait for was then already
    on its way, so that they may seem as much shorter, until one acts itself.
    """
    found: dict[int, Length] = {}
    began_late = 0.0
    for step in drill.steps:
        took = _took(step)
        if took is None:
            continue
        ended_late = lateness(step.activities)
        if _acts(step):
            began_late = 0.0
        found[step.number] = Length(max(0.0, took - ended_late), took + (began_late if ended_late else 0.0))
        began_late = max(began_late, ended_late)
    return found


def whole(part: Drill | Chapter) -> Length | None:
    """From the beginning of the first step to the end of the last, each wait of which may have ended late."""
    ended = [step for step in part.steps if step.began and step.ended]
    if not ended:
        return None
    first, last = ended[0].began, ended[-1].ended
    assert first is not None
    assert last is not None
    took = max(0.0, (last.lab - first.lab).total_seconds())
    return Length(max(0.0, took - sum(lateness(step.activities) for step in ended)), took)


def of_restoration(restoration: Restoration | None) -> Length | None:
    if restoration is None or restoration.ended is None:
        return None
    took = max(0.0, (restoration.ended.lab - restoration.began.lab).total_seconds())
    return Length(max(0.0, took - lateness(restoration.activities)), took)


def lateness(activities: Iterable[Activity]) -> float:
    """How much later than they came true conditions that were met may have been seen."""
    return sum(
        (each.took - each.not_yet).total_seconds()
        for each in activities
        if isinstance(each, Wait) and each.met and each.not_yet is not None
    )


def _took(step: StepResult) -> float | None:
    if step.began is None or step.ended is None:
        return None
    return max(0.0, (step.ended.lab - step.began.lab).total_seconds())


def _acts(step: StepResult) -> bool:
    return any(isinstance(each, Call) and each.changes for each in step.activities)


@dataclass(frozen=True, slots=True)
class EventsApart:
    """Events of one run alone, by the number of the step that noted them there; None: no step did.

    `often` tells of events that both runs have, and one of them more often.
    """

    missing: Mapping[int | None, tuple[str, ...]]
    added: Mapping[int | None, tuple[str, ...]]
    often: tuple[Finding, ...]


def events_apart(drills: Pair[Drill], readers: Pair[Reader]) -> EventsApart:
    baseline = _sightings(drills.baseline, readers.baseline)
    record = _sightings(drills.record, readers.record)
    return EventsApart(
        missing=_by_place(baseline, record),
        added=_by_place(record, baseline),
        often=tuple(
            Finding(Topic.OFTEN, (_times(sightings),), (_times(record[event]),), None)
            for event, sightings in baseline.items()
            if event in record and len(sightings) != len(record[event])
        ),
    )


@dataclass(frozen=True, slots=True)
class _Sighting:
    place: int | None
    text: str


def _sightings(drill: Drill, reader: Reader) -> dict[Event, list[_Sighting]]:
    found: dict[Event, list[_Sighting]] = {}
    for place, activity in sorted(_placed(drill), key=lambda placed: placed[1].n):
        if isinstance(activity, EventSeen):
            said = f"{activity.code} {activity.message} ({activity.severity})".lstrip()
            found.setdefault(reader.event(activity), []).append(_Sighting(place, said))
    return found


def _placed(drill: Drill) -> Iterator[tuple[int | None, Activity]]:
    """What a chapter notes outside its steps, it notes when they are over."""
    for chapter in drill.chapters:
        for step in chapter.steps:
            yield from ((step.number, each) for each in step.activities)
        last = chapter.steps[-1].number if chapter.steps else None
        yield from ((last, each) for each in chapter.activities)
    yield from ((None, each) for each in drill.activities)
    yield from ((None, each) for each in (drill.restoration.activities if drill.restoration else ()))


def _by_place(
    events: Mapping[Event, list[_Sighting]], others: Mapping[Event, list[_Sighting]]
) -> dict[int | None, tuple[str, ...]]:
    places: dict[int | None, tuple[str, ...]] = {}
    for event, (first, *_) in events.items():
        if not any(event.is_like(other) for other in others):
            places[first.place] = (*places.get(first.place, ()), first.text)
    return places


def _times(sightings: list[_Sighting]) -> str:
    return f"{sightings[0].text} ×{len(sightings)}"
