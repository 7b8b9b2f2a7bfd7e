"""RHA's events of a drill: which came in one run alone. Which step noted one depends on when it looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from journal.entries import Activity
from journal.record import Drill
from journal.seen import EventSeen
from reports.acceptance.behaviour import Event, Reader
from reports.acceptance.result import Finding, Pair, Topic


@dataclass(frozen=True, slots=True)
class EventsApart:
    """Events of one run alone, by the number of the step that noted them there; None: no step did.

    `often` tells of events that both runs have, and one of them more often.
    """

    missing: Mapping[int | None, tuple[str, ...]]
    added: Mapping[int | None, tuple[str, ...]]
    often: tuple[Finding, ...]


def events_apart(drills: Pair[Drill], readers: Pair[Reader]) -> EventsApart:
    baseline = _events(drills.baseline, readers.baseline)
    record = _events(drills.record, readers.record)
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


def _events(drill: Drill, reader: Reader) -> dict[Event, list[_Sighting]]:
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
        if event not in others:
            places[first.place] = (*places.get(first.place, ()), first.text)
    return places


def _times(sightings: list[_Sighting]) -> str:
    return f"{sightings[0].text} ×{len(sightings)}"
