"""How long steps took on the lab's clock: at least and at most, since what is waited for is seen late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from journal.entries import Activity
from journal.record import Drill, Restoration, StepResult
from journal.seen import Call, Wait
from lab.model.bounds import Length


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


def whole(drill: Drill) -> Length | None:
    """From the beginning of the first step to the end of the last, each wait of which may have ended late."""
    ended = [step for step in drill.steps if step.began and step.ended]
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
