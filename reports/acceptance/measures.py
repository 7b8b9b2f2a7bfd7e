"""What users had of two drills: how long they were without Garoon, where that time went, and what they lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from journal.course import Site
from journal.record import Drill
from lab.model.bounds import NOTHING, Length, over
from lab.model.canaries import Fate
from lab.model.objectives import Attained, Attainment
from lab.model.recovery import Milestone, Reached, Recovery
from reports.acceptance.responses import compare_responses
from reports.acceptance.result import ComparedMeasure, Measure, Pair, Tolerance, Verdict, pace
from reports.charts import recoveries
from reports.findings import Findings, findings_of

OF_LOSS = {Verdict.SLOWER: Verdict.DIFFERENT, Verdict.FASTER: Verdict.SAME}


def compare_measures(
    drills: Pair[Drill], sites: Pair[Site], tolerance: Tolerance, others: Sequence[Drill] = ()
) -> tuple[ComparedMeasure, ...]:
    """Nothing of two drills that were not probed. What one of them does not know is not known of the comparison.

    `others` are the drill in further runs of the baseline, which widen it.
    """
    baseline, record = findings_of(drills.baseline), findings_of(drills.record)
    if baseline is None and record is None:
        return ()
    probed = Pair(_probed(baseline), _probed(record))
    unknown = [] if probed == Pair("whole", "whole") else [_told(Measure.PROBING, probed, Verdict.UNKNOWN)]
    if baseline is None or record is None:
        return tuple(unknown)
    found = Pair(baseline, record)
    recovered = Pair(
        recoveries.of_drill(drills.baseline, baseline, sites.baseline),
        recoveries.of_drill(drills.record, record, sites.record),
    )
    before = [each for other in others if (each := findings_of(other)) is not None]
    return (
        *unknown,
        *_outages(found, tolerance, before),
        *_recoveries(recovered, tolerance),
        *_losses(found, tolerance),
        *_objectives(found),
        *compare_responses(found.baseline.probing, found.record.probing, tolerance, [each.probing for each in before]),
    )


def _probed(found: Findings | None) -> str:
    if found is None:
        return "not"
    return "whole" if found.complete else "early"


def _outages(found: Pair[Findings], tolerance: Tolerance, others: Sequence[Findings]) -> Iterator[ComparedMeasure]:
    """The longest, counting one that may have gone unseen between probes; how many were seen is left to chance.

    To leave users without Garoon until the restoration is another behaviour than to serve them.
    """
    before = over([found.baseline.rto.measured, *(each.rto.measured for each in others)])
    longest = Pair(before, found.record.rto.measured)
    opened = Pair(bool(found.baseline.cut_off), bool(found.record.cut_off))
    verdict = pace(longest.baseline, longest.record, tolerance)
    if opened.record and not opened.baseline:
        verdict = Verdict.DIFFERENT
    yield replace(_took(Measure.OUTAGE, longest, verdict), open=opened)
    seen = Pair(str(len(found.baseline.during)), str(len(found.record.during)))
    if seen.baseline != seen.record:
        yield _told(Measure.OUTAGES, seen, None)


def _recoveries(recovered: Pair[tuple[Recovery, ...]], tolerance: Tolerance) -> Iterator[ComparedMeasure]:
    """Where both runs had as many outages. Time that people took is told, and says nothing about the lab."""
    if len(recovered.baseline) != len(recovered.record):
        return
    for baseline, record in zip(recovered.baseline, recovered.record, strict=True):
        people = baseline.human != NOTHING or record.human != NOTHING
        waited = people or baseline.paused != NOTHING or record.paused != NOTHING
        one, other = _stretches(baseline), _stretches(record)
        for ends in (ends for ends in one if ends in other):
            took = Pair(one[ends], other[ends])
            yield _took(Measure.STRETCH, took, None if waited else _known(took, tolerance), ends)
        if people:
            yield _took(Measure.HUMAN, Pair(baseline.human, record.human), None)
        if baseline.machine and record.machine:
            machine = Pair(baseline.machine, record.machine)
            yield _took(Measure.MACHINE, machine, _known(machine, tolerance))


def _stretches(recovery: Recovery) -> Mapping[tuple[str, str], Length]:
    between = zip(recovery.stretches, pairwise(recovery.passed), strict=True)
    return {(_name(start), _name(end)): stretch.length for stretch, (start, end) in between}


def _name(passed: Reached) -> str:
    """Of a cause what it was."""
    return passed.name if passed.milestone is Milestone.CAUSED else passed.milestone.value


def _known(took: Pair[Length], tolerance: Tolerance) -> Verdict | None:
    """A stretch of the outage with an open end weighs nothing: the outage itself is weighed."""
    verdict = pace(took.baseline, took.record, tolerance)
    return None if verdict is Verdict.UNKNOWN else verdict


def _losses(found: Pair[Findings], tolerance: Tolerance) -> Iterator[ComparedMeasure]:
    """To lose entries where none was lost is another behaviour; to lose less than before is not."""
    lost = Pair(found.baseline.loss.lost, found.record.loss.lost)
    seconds = Pair(found.baseline.loss.seconds, found.record.loss.seconds)
    told = Pair(*("" if count is None else str(count) for count in (lost.baseline, lost.record)))
    if lost.baseline is None or lost.record is None:
        yield _told(Measure.LOST, told, Verdict.UNKNOWN)
        return
    yield _told(Measure.LOST, told, Verdict.DIFFERENT if lost.record and not lost.baseline else Verdict.SAME)
    farther = pace(seconds.baseline, seconds.record, tolerance)
    yield _took(Measure.LOSS, seconds, OF_LOSS.get(farther, farther))
    doubled = Pair(_doubled(found.baseline), _doubled(found.record))
    if doubled.baseline != doubled.record:
        verdict = Verdict.DIFFERENT if doubled.record and not doubled.baseline else None
        yield _told(Measure.DUPLICATED, Pair(str(doubled.baseline), str(doubled.record)), verdict)


def _doubled(found: Findings) -> int:
    return sum(canary.fate is Fate.DUPLICATED for canary in found.canaries)


def _objectives(found: Pair[Findings]) -> Iterator[ComparedMeasure]:
    for measure, baseline, record in (
        (Measure.RTO, found.baseline.rto, found.record.rto),
        (Measure.RPO, found.baseline.rpo, found.record.rpo),
    ):
        if baseline.objective is not None or record.objective is not None:
            told = Pair(baseline.attainment.value, record.attainment.value)
            yield _told(measure, told, _attained(baseline, record))


def _attained(baseline: Attained, record: Attained) -> Verdict | None:
    """Two objectives that are not the same cannot be compared in how they were met."""
    if baseline.objective != record.objective:
        return None
    if Attainment.UNPROVEN in (baseline.attainment, record.attainment):
        return Verdict.UNKNOWN
    return Verdict.SAME if baseline.attainment is record.attainment else Verdict.DIFFERENT


def _took(
    measure: Measure, took: Pair[Length], verdict: Verdict | None, ends: tuple[str, str] | None = None
) -> ComparedMeasure:
    return ComparedMeasure(
        measure=measure, ends=ends, seconds=Pair(took.baseline, took.record), told=Pair("", ""), verdict=verdict
    )


def _told(measure: Measure, told: Pair[str], verdict: Verdict | None) -> ComparedMeasure:
    return ComparedMeasure(measure=measure, ends=None, seconds=Pair(None, None), told=told, verdict=verdict)
