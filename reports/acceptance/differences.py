"""What differs between two runs, one thing each: causes with what follows from them, and which of it is expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lab.model.bounds import Length
from reports.acceptance.result import (
    Acceptance,
    ComparedDrill,
    ComparedMeasure,
    ComparedStep,
    Finding,
    Pair,
    Tolerance,
    Topic,
    Verdict,
    pace,
    together,
)
from reports.acceptance.steps import WITH_TIMES

WEIGHING = (Verdict.DIFFERENT, Verdict.SLOWER, Verdict.UNKNOWN)
TIME, WHOLE, CHANGED, UNKNOWN = "time", "whole", "drill changed", "unknown"
RESTORATION = "restoration"
BREAKING = (Topic.OUTCOME.value, Topic.FAILURE.value, Topic.NOT_RUN.value)
"""What keeps a drill from going on as it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that weighs. `step` is its number in the record, or in the baseline where only that has it.

    `what` is the value of a topic or measure, or one of the names above; `restoring`: it is of the restoration.
    """

    drill: str
    what: str
    verdict: Verdict
    step: int | None = None
    text: str = ""
    seconds: Pair[Length | None] | None = None
    finding: Finding | None = None
    measure: ComparedMeasure | None = None
    restoring: bool = False

    @property
    def items(self) -> tuple[str, ...]:
        return (*self.finding.baseline, *self.finding.record) if self.finding else ()


@dataclass(frozen=True, slots=True)
class Cause:
    """A difference, and those that follow from it."""

    difference: Difference
    consequences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An accepted difference: of any drill or step where none is named, with any text where none is."""

    difference: str
    who: str
    why: str
    until: date
    drill: str = ""
    step: int = 0
    texts: tuple[str, ...] = ()

    def covers(self, found: Difference) -> bool:
        """What is unknown cannot be accepted; each text of both runs has to contain one of those named."""
        if found.verdict is Verdict.UNKNOWN or self.difference != found.what:
            return False
        if self.drill not in ("", found.drill) or self.step not in (0, found.step):
            return False
        named = all(any(text in item for text in self.texts) for item in found.items)
        return not self.texts or (bool(found.items) and named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What differs and was not accepted, what was and by whom, and acceptances that did nothing."""

    causes: tuple[Cause, ...]
    accepted: tuple[tuple[Difference, Expected], ...]
    unused: tuple[Expected, ...]
    expired: tuple[Expected, ...]
    verdict: Verdict

    def of(self, drill: str) -> tuple[Difference, ...]:
        """What was not accepted of a drill."""
        every = (one for each in self.causes for one in (each.difference, *each.consequences))
        return tuple(each for each in every if each.drill == drill)

    def verdict_of(self, drill: ComparedDrill) -> Verdict:
        if all(found.drill != drill.drill for found, _ in self.accepted):
            return drill.verdict
        return together([Verdict.ACCEPTED, *(each.verdict for each in self.of(drill.drill))])


def rule(acceptance: Acceptance, expected: Sequence[Expected] = ()) -> Ruling:
    """An acceptance holds for records that began on its last day at the latest."""
    record = acceptance.runs.record
    day = record.local(record.began.wall).date()
    valid = [each for each in expected if day <= each.until]
    accepted: list[tuple[Difference, Expected]] = []
    causes: list[Cause] = []
    for drill in acceptance.drills:
        left: list[Difference] = []
        for each in differences(drill, acceptance.tolerance):
            by = next((one for one in valid if one.covers(each)), None)
            if by is None:
                left.append(each)
            else:
                accepted.append((each, by))
        causes += _grouped(left)
    used = {id(by) for _, by in accepted}
    return Ruling(
        causes=tuple(causes),
        accepted=tuple(accepted),
        unused=tuple(each for each in valid if id(each) not in used),
        expired=tuple(each for each in expected if each.until < day),
        verdict=_verdict(acceptance, causes) if accepted else acceptance.verdict,
    )


def _verdict(acceptance: Acceptance, causes: Sequence[Cause]) -> Verdict:
    if not acceptance.owned:
        return Verdict.UNKNOWN
    left = [each.verdict for cause in causes for each in (cause.difference, *cause.consequences)]
    return together([*left, Verdict.ACCEPTED, *([] if acceptance.settled else [Verdict.UNKNOWN])])


def differences(drill: ComparedDrill, tolerance: Tolerance) -> Iterator[Difference]:
    """In the order of the drill. Together they have the verdict of the drill, unless that is same or faster."""
    if drill.changed:
        yield Difference(drill=drill.drill, what=CHANGED, verdict=Verdict.DIFFERENT)
    for step in (step for chapter in drill.chapters for step in chapter.steps):
        yield from _of_step(drill.drill, step, tolerance)
    yield from (_of_finding(drill.drill, each) for each in drill.findings if each.verdict)
    if drill.pace in WEIGHING:
        yield Difference(drill=drill.drill, what=WHOLE, verdict=drill.pace, seconds=drill.seconds)
    for measure in drill.measures:
        if measure.verdict in WEIGHING:
            yield Difference(drill=drill.drill, what=measure.measure.value, verdict=measure.verdict, measure=measure)
    yield from _of_restoration(drill, tolerance)
    if not drill.finished:
        yield Difference(drill=drill.drill, what=UNKNOWN, verdict=Verdict.UNKNOWN)


def _of_finding(drill: str, finding: Finding, step: ComparedStep | None = None) -> Difference:
    assert finding.verdict is not None
    return Difference(
        drill=drill,
        what=finding.topic.value,
        verdict=finding.verdict,
        step=_number(step) if step else None,
        text=step.step if step else "",
        finding=finding,
    )


def _number(step: ComparedStep) -> int | None:
    return step.numbers.baseline if step.numbers.record is None else step.numbers.record


def _of_step(drill: str, step: ComparedStep, tolerance: Tolerance) -> Iterator[Difference]:
    if step.verdict not in WEIGHING:
        return
    yield from (_of_finding(drill, each, step) for each in step.findings if each.verdict)
    timed = step.outcomes in WITH_TIMES
    what, verdict = TIME, _pace(step.seconds, tolerance) if timed else None
    if verdict is None and not any(each.verdict for each in step.findings):
        what, verdict = UNKNOWN, Verdict.UNKNOWN
    if verdict in WEIGHING:
        yield Difference(
            drill=drill, what=what, verdict=verdict, step=_number(step), text=step.step, seconds=step.seconds
        )


def _pace(seconds: Pair[Length | None], tolerance: Tolerance) -> Verdict | None:
    return pace(seconds.baseline, seconds.record, tolerance) if seconds.baseline and seconds.record else None


def _of_restoration(drill: ComparedDrill, tolerance: Tolerance) -> Iterator[Difference]:
    found = drill.restoration
    if found is None or found.verdict not in WEIGHING:
        return
    weighed = [each for each in found.findings if each.verdict]
    for each in weighed:
        assert each.verdict is not None
        yield Difference(drill=drill.drill, what=RESTORATION, verdict=each.verdict, finding=each, restoring=True)
    verdict = _pace(found.seconds, tolerance)
    known = all(each.verdict is not Verdict.UNKNOWN for each in weighed)
    if not weighed and verdict is None:
        verdict = Verdict.UNKNOWN
    if known and verdict in WEIGHING:
        yield Difference(drill=drill.drill, what=RESTORATION, verdict=verdict, seconds=found.seconds, restoring=True)


def _grouped(left: Sequence[Difference]) -> Iterator[Cause]:
    """Each cause is the first of its kind in a drill: a step that ended otherwise, or that was slower."""
    lead = next((each for each in left if each.step and each.what in BREAKING), None) or next(
        (each for each in left if each.step and each.verdict is Verdict.SLOWER), None
    )
    follows = [each for each in left if lead is not None and each is not lead and _follows(each, lead, left)]
    for each in left:
        if each is lead:
            yield Cause(each, tuple(follows))
        elif not any(each is one for one in follows):
            yield Cause(each, ())


def _follows(found: Difference, lead: Difference, left: Sequence[Difference]) -> bool:
    """Of a step that ended otherwise what was then not known or not reached, what users had, and the restoration."""
    if lead.what in BREAKING:
        later = left.index(found) > left.index(lead)
        return later and (found.step is None or found.verdict is Verdict.UNKNOWN)
    return found.step is None and not found.restoring and found.verdict is Verdict.SLOWER
