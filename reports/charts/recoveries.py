"""What a recovery is told from, gathered from the record: marks, events, looks at the guest, people, pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from journal.course import Site
from journal.entries import Activity
from journal.measured import ClockCompared
from journal.people import Answered, PauseBegan, PauseEnded, PersonAnswered, PersonAsked
from journal.record import Drill, Probing, StepResult
from journal.seen import EventSeen, OperatorAnswer
from lab.model.bounds import Bounds
from lab.model.clocks import ClockOffset, on_lab_clock
from lab.model.recovery import Held, PlacedMark, ProductEvent, Prompt, Recovery, RecoveryInput, recoveries
from reports.charts.sightings import control_service, looks, stamp
from reports.findings import Findings

STAMPED_TO = 1.0
"""Seconds; the Control Service's times have none finer."""


def of_drill(drill: Drill, found: Findings, site: Site) -> tuple[Recovery, ...]:
    """One for each outage of writing that began in the drill, and not during the restoration."""
    every = recoveries(course_of(drill, found, site))
    return tuple(recovery for recovery in every if recovery.outage in found.during)


def course_of(drill: Drill, found: Findings, site: Site) -> RecoveryInput:
    everything, probing = drill.everything, found.probing
    return RecoveryInput(
        marks=[PlacedMark(mark.mark, _at(mark.at.lab, probing)) for mark in found.measurement.marks],
        events=sorted(_events(everything, found), key=_latest),
        looks=list(looks(site.guest, everything, probing.origin)),
        prompts=list(_prompts(drill.steps, probing)),
        layers={track.layer: availability.outages for track, availability in found.tracks.items()},
        pauses=list(_pauses(everything, probing)),
        restoration=found.restoration,
    )


def _pauses(everything: Iterable[Activity], probing: Probing) -> Iterator[Held]:
    """One at a time; the last may not have ended."""
    began: float | None = None
    for each in everything:
        if isinstance(each, PauseBegan):
            began = probing.seconds(each.at.lab)
        elif isinstance(each, PauseEnded) and began is not None:
            yield Held(began, probing.seconds(each.at.lab))
            began = None
    if began is not None:
        yield Held(began, None)


def _events(everything: Sequence[Activity], found: Findings) -> Iterator[ProductEvent]:
    offsets = tuple(_offsets(found.measurement.clocks, control_service(everything)))
    for event in everything:
        if isinstance(event, EventSeen) and event.kind:
            yield ProductEvent(event.kind, _placed(event, found.probing, offsets), attested=bool(event.by))


def _placed(event: EventSeen, probing: Probing, offsets: Sequence[ClockOffset]) -> Bounds:
    read, stamped = probing.seconds(event.at.lab), stamp(event)
    if stamped is None:
        return Bounds(None, read)
    return on_lab_clock(probing.seconds(stamped), resolution=STAMPED_TO, read=read, offsets=offsets)


def _offsets(compared: Iterable[ClockCompared], host: str) -> Iterator[ClockOffset]:
    """Those of the Control Service's host; of every host where it is not known which that was."""
    return (each.comparison for each in compared if each.comparison and host in {"", each.host})


def _prompts(steps: Iterable[StepResult], probing: Probing) -> Iterator[Prompt]:
    """A question is noted with its answer: it was asked at some moment since its step began."""
    for step in steps:
        yield from _requests(step.activities, probing)
        for each in step.activities:
            if isinstance(each, OperatorAnswer) and step.began:
                answered = probing.seconds(each.at.lab)
                asked = Bounds(probing.seconds(step.began.lab), answered)
                yield Prompt(asked, Bounds(answered, answered) if each.answered else None)


def _requests(activities: Iterable[Activity], probing: Probing) -> Iterator[Prompt]:
    """Requests to people, each with its answer."""
    asked: dict[int, Bounds] = {}
    for each in activities:
        if isinstance(each, PersonAsked):
            asked[each.number] = _at(each.at.lab, probing)
        elif isinstance(each, PersonAnswered) and each.number in asked:
            answered = None if each.outcome is Answered.NO_ANSWER else _at(each.at.lab, probing)
            yield Prompt(asked[each.number], answered)


def _at(moment: datetime, probing: Probing) -> Bounds:
    second = probing.seconds(moment)
    return Bounds(second, second)


def _latest(event: ProductEvent) -> float:
    return event.at.latest or 0.0
