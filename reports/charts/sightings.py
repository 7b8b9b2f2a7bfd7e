"""What was seen of a guest or a replication scenario, and when: the timeline draws observations only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from journal.entries import Activity
from journal.seen import EventSeen, GuestAsked, ScenarioAsked, StateSeen
from lab.model.machines import PowerState
from lab.model.recovery import GuestLook
from lab.model.replication import event_time

UNDER_WAY = frozenset({PowerState.RUNNING.value, PowerState.STARTING.value})
UNTOLD = PowerState.OTHER.value
"""A state of Hyper-V's that says neither that the guest runs nor that it does not."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A state at one moment; empty where the guest or scenario was looked for and not there."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one sighting to another. `before` and `after` agree, or it changed somewhere in between."""

    begin: datetime
    end: datetime
    before: str
    after: str

    @property
    def steady(self) -> bool:
        return self.before == self.after


def of_guest(guest: str, host: str, activities: Iterable[Activity]) -> Iterator[Sighting]:
    for each in activities:
        match each:
            case StateSeen(machines=machines) if host in machines:
                states = [machine.state for machine in machines[host] if machine.name == guest]
                yield Sighting(each.at.lab, states[0] if states else "")
            case GuestAsked(host=asked, guest=name) if (asked, name) == (host, guest):
                yield Sighting(each.at.lab, each.state)
            case _:
                pass


def of_scenario(scenario: str, activities: Iterable[Activity]) -> Iterator[Sighting]:
    for each in activities:
        match each:
            case StateSeen(scenarios=scenarios):
                states = [found.state for found in scenarios if found.name == scenario]
                yield Sighting(each.at.lab, states[0] if states else "")
            case ScenarioAsked(name=name) if name == scenario:
                yield Sighting(each.at.lab, each.state)
            case _:
                pass


def stretches(sightings: Iterable[Sighting]) -> tuple[Stretch, ...]:
    """Joins neighbours that agree; between two that differ lies a stretch in which it changed."""
    joined: list[Stretch] = []
    for earlier, later in pairwise(sightings):
        if joined and joined[-1].steady and earlier.state == later.state:
            joined[-1] = Stretch(joined[-1].begin, later.at, later.state, later.state)
        else:
            joined.append(Stretch(earlier.at, later.at, earlier.state, later.state))
    return tuple(joined)


def when(event: EventSeen, soonest: datetime) -> datetime:
    """When the Control Service says it was, if that can be read and lies in the drill; else when it was read."""
    moment = stamp(event)
    return moment if moment and soonest <= moment <= event.at.lab else event.at.lab


def stamp(event: EventSeen) -> datetime | None:
    """What the Control Service says, taken to have the lab's offset from UTC; None if that cannot be read."""
    stamped = event_time(event.time)
    return stamped and stamped.replace(tzinfo=event.at.lab.tzinfo)


def looks(guest: str, activities: Iterable[Activity], origin: datetime) -> Iterator[GuestLook]:
    """Answers to whether a host runs the guest, or has begun to start it; in seconds from `origin`."""
    for each in activities:
        if isinstance(each, GuestAsked) and each.guest == guest and each.state != UNTOLD:
            ended = (each.at.lab - origin).total_seconds()
            yield GuestLook(
                host=each.host,
                running=each.state in UNDER_WAY,
                sent=ended - each.took.total_seconds(),
                ended=ended,
            )


def control_service(activities: Iterable[Activity]) -> str:
    """The Control Service's host, empty where it was never asked."""
    return next((each.host for each in activities if isinstance(each, ScenarioAsked)), "")


def understood(activities: Iterable[Activity]) -> bool:
    """Whether the journal tells what hosts were understood to answer; that of an older Kunren does not."""
    return any(isinstance(each, GuestAsked | ScenarioAsked) for each in activities)
