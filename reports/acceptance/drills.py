"""A drill of two runs, chapter by chapter, with what belongs to no step, and with the restoration."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from journal.course import Ending, Outcome, Site
from journal.entries import Activity
from journal.record import Chapter, Drill, Restoration, StepResult
from lab.model.bounds import Length, over
from reports import judge
from reports.acceptance.behaviour import Reader
from reports.acceptance.measures import compare_measures
from reports.acceptance.result import (
    ComparedChapter,
    ComparedDrill,
    ComparedRestoration,
    Finding,
    Pair,
    Tolerance,
    Topic,
    Verdict,
    aligned,
    pace,
    together,
)
from reports.acceptance.steps import (
    UNRUN,
    EventsApart,
    Means,
    apart,
    behaviour,
    compare_steps,
    events_apart,
    lengths,
    of_restoration,
    whole,
)
from words import Language, Told


def compare_drills(
    drills: Pair[Drill],
    sites: Pair[Site],
    languages: Pair[Language],
    tolerance: Tolerance,
    others: Sequence[Drill] = (),
) -> ComparedDrill:
    """Drills of two languages are twins: their chapters and steps belong together by their places.

    `others` are the baseline's drill, of the same text, in further runs: what took times in them widens the baseline.
    """
    baseline, record = drills.baseline, drills.record
    one_language, told_in = languages.baseline == languages.record, languages.record
    readers = Pair(Reader(sites.baseline, sites.record, told_in), Reader(sites.record, sites.baseline, told_in))
    events = events_apart(drills, readers)
    means = Means(
        readers=readers,
        events=events,
        lengths=Pair(_over_runs(lengths(each) for each in (baseline, *others)), lengths(record)),
        tolerance=tolerance,
        one_language=one_language,
    )
    chapters = tuple(
        _chapter(one, other, means)
        for one, other in aligned(baseline.chapters, record.chapters, *_chapter_keys(drills, means))
    )
    restoration = _restoration(drills, readers, tolerance, others)
    findings = tuple(_outside(drills, readers, events))
    changed = one_language and baseline.sha256 != record.sha256
    took = Pair(_over([whole(each) for each in (baseline, *others)]), whole(record))
    speed = _pace(drills, took, tolerance)
    measures = compare_measures(drills, sites, tolerance, others)
    return ComparedDrill(
        drill=record.id,
        changed=changed,
        seconds=took,
        pace=speed,
        measures=measures,
        chapters=chapters,
        restoration=restoration,
        findings=findings,
        finished=_finished(drills),
        verdict=together(
            [
                *(chapter.verdict for chapter in chapters),
                *(finding.verdict for finding in findings if finding.verdict),
                *(measure.verdict for measure in measures if measure.verdict),
                *([restoration.verdict] if restoration else []),
                *([Verdict.DIFFERENT] if changed else []),
                *([speed] if speed else []),
                *([] if _finished(drills) else [Verdict.UNKNOWN]),
            ]
        ),
    )


def _over(lengths: Sequence[Length | None]) -> Length | None:
    """Of those that are known, if that of the baseline, the first, is."""
    known = [each for each in lengths if each is not None]
    return over(known) if lengths[0] is not None else None


def _over_runs(runs: Iterable[Mapping[int, Length]]) -> Mapping[int, Length]:
    first, *others = runs
    return {
        number: over([took, *(each[number] for each in others if number in each)]) for number, took in first.items()
    }


def _finished(drills: Pair[Drill]) -> bool:
    return drills.baseline.ending is Ending.FINISHED and drills.record.ending is Ending.FINISHED


def _pace(drills: Pair[Drill], took: Pair[Length | None], tolerance: Tolerance) -> Verdict | None:
    """Many steps that are a little slower each make a drill slower."""
    if took.baseline and took.record and _all_run(drills.baseline) and _all_run(drills.record):
        return pace(took.baseline, took.record, tolerance)
    return None


def _all_run(drill: Drill) -> bool:
    return all(judge.step(step) not in UNRUN for step in drill.steps)


def _chapter(baseline: Chapter | None, record: Chapter | None, means: Means) -> ComparedChapter:
    one, other = (each.steps if each else () for each in (baseline, record))
    told = record or baseline
    assert told is not None
    keys = Pair(*(_step_keys(each, means) for each in (one, other)))
    steps = tuple(compare_steps(*pair, means) for pair in aligned(one, other, keys.baseline, keys.record))
    return ComparedChapter(
        chapter=means.readers.record.told(told.name), steps=steps, verdict=together(step.verdict for step in steps)
    )


def _chapter_keys(drills: Pair[Drill], means: Means) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    keys = [
        [_key(chapter.name, place, means) for place, chapter in enumerate(drill.chapters)]
        for drill in (drills.baseline, drills.record)
    ]
    return keys[0], keys[1]


def _step_keys(steps: Sequence[StepResult], means: Means) -> Sequence[Hashable]:
    return [_key(step.text, place, means) for place, step in enumerate(steps)]


def _key(text: Told, place: int, means: Means) -> Hashable:
    return means.readers.record.told(text) if means.one_language else place


def _outside(drills: Pair[Drill], readers: Pair[Reader], events: EventsApart) -> Iterator[Finding]:
    """What was done and what came outside the steps. A drill that was not run to its end lacks what came after."""
    weighed = Verdict.DIFFERENT if _all_run(drills.baseline) and _all_run(drills.record) else None
    for finding in behaviour(_between_steps(drills.baseline), _between_steps(drills.record), readers):
        yield Finding(finding.topic, finding.baseline, finding.record, weighed)
    missing, added = events.missing.get(None, ()), events.added.get(None, ())
    if missing or added:
        yield Finding(Topic.EVENTS, missing, added, weighed)
    yield from events.often


def _between_steps(drill: Drill) -> list[Activity]:
    return [*drill.activities, *(each for chapter in drill.chapters for each in chapter.activities)]


def _restoration(
    drills: Pair[Drill], readers: Pair[Reader], tolerance: Tolerance, others: Sequence[Drill]
) -> ComparedRestoration | None:
    outcomes = Pair(judge.restoration(drills.baseline), judge.restoration(drills.record))
    if outcomes == Pair(Outcome.NOT_RUN, Outcome.NOT_RUN):
        return None
    one, other = drills.baseline.restoration, drills.record.restoration
    before = _over([of_restoration(each) for each in (one, *(run.restoration for run in others))])
    took = Pair(before, of_restoration(other))
    findings = tuple(_restored(outcomes, one, other, readers))
    verdicts = [finding.verdict for finding in findings if finding.verdict]
    if took.baseline and took.record and Verdict.UNKNOWN not in verdicts:
        verdicts.append(pace(took.baseline, took.record, tolerance))
    return ComparedRestoration(outcomes=outcomes, seconds=took, findings=findings, verdict=together(verdicts))


def _restored(
    outcomes: Pair[Outcome], baseline: Restoration | None, record: Restoration | None, readers: Pair[Reader]
) -> Iterator[Finding]:
    told = Pair((outcomes.baseline.value,), (outcomes.record.value,))
    if baseline is None or record is None or Outcome.UNKNOWN in (outcomes.baseline, outcomes.record):
        yield Finding(Topic.OUTCOME, told.baseline, told.record, Verdict.UNKNOWN)
        return
    if outcomes.baseline is not outcomes.record:
        yield Finding(Topic.OUTCOME, told.baseline, told.record, Verdict.DIFFERENT)
    yield from behaviour(baseline.activities, record.activities, readers)
    left = Pair(*(tuple(map(readers.record.told, each.differences)) for each in (baseline, record)))
    yield from apart(Topic.SEEN, left.baseline, left.record, None)
