"""What was seen of a guest or a replication scenario, and when: the timeline draws nothing that nobody saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lab.model.activities import Activity, Call, Effect, EventSeen, LabState
from lab.model.recovery import GuestLook
from lab.model.scripts import JsonValue

MACHINE_SCRIPT = "Get-Machine"
RHA_SCRIPT = "Invoke-RhaCommand"
UNDER_WAY = frozenset({"running", "starting"})
EVENT_TIME = "%Y/%m/%d %H:%M:%S"
# The manager's words in answers of the Control Service, as lab/profiles has them, and the model's for the same states.
MANAGER_STATES = {
    "編集中": "editing",
    "同期中": "synchronizing",
    "実行中": "running",
    "スイッチオーバー中": "switching over",
    "停止": "stopped",
}


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


def of_guest(guest: str, host: str, activities: Iterable[Activity]) -> tuple[Sighting, ...]:
    return tuple(_guest_sightings(guest, host, activities))


def of_scenario(scenario: str, activities: Iterable[Activity]) -> tuple[Sighting, ...]:
    return tuple(_scenario_sightings(scenario, activities))


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
    try:
        return datetime.strptime(event.time, EVENT_TIME).replace(tzinfo=event.at.lab.tzinfo)
    except ValueError:
        return None


def looks(guest: str, activities: Iterable[Activity], origin: datetime) -> Iterator[GuestLook]:
    """Answers to whether a host runs the guest, or has begun to start it; in seconds from `origin`."""
    for each in activities:
        match each:
            case Call(script=script, effect=Effect.ANSWERED) if script == MACHINE_SCRIPT:
                states = [str(row.get("state", "")) for row in _rows(each.answer) if row.get("name") == guest]
                ended = (each.at.lab - origin).total_seconds()
                yield GuestLook(
                    host=each.host,
                    running=bool(states) and states[0].casefold() in UNDER_WAY,
                    sent=ended - each.lab_took.total_seconds(),
                    ended=ended,
                )
            case _:
                pass


def control_service(activities: Iterable[Activity]) -> str:
    """The host that RHA's commands were given on, empty where there were none."""
    return next((each.host for each in activities if isinstance(each, Call) and each.script == RHA_SCRIPT), "")


def _guest_sightings(guest: str, host: str, activities: Iterable[Activity]) -> Iterator[Sighting]:
    for each in activities:
        match each:
            case LabState(machines=machines) if host in machines:
                states = [machine.state for machine in machines[host] if machine.name == guest]
                yield Sighting(each.at.lab, states[0] if states else "")
            case Call(script=script, effect=Effect.ANSWERED) if script == MACHINE_SCRIPT and each.host == host:
                rows = [row for row in _rows(each.answer) if row.get("name") == guest]
                yield Sighting(each.at.lab, str(rows[0].get("state", "")) if rows else "")
            case _:
                pass


def _scenario_sightings(scenario: str, activities: Iterable[Activity]) -> Iterator[Sighting]:
    for each in activities:
        match each:
            case LabState(scenarios=scenarios):
                states = [found.state for found in scenarios if found.name == scenario]
                yield Sighting(each.at.lab, states[0] if states else "")
            case Call(effect=Effect.ANSWERED, changes=False):
                rows = [row for row in _rows(each.answer) if row.get("name") == scenario and "direction" in row]
                if rows:
                    state = str(rows[0].get("state", ""))
                    yield Sighting(each.at.lab, MANAGER_STATES.get(state, state.casefold()))
            case _:
                pass


def _rows(answer: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    """The objects of an answer; PowerShell does not mind the case of a property's name."""
    for row in answer if isinstance(answer, list) else [answer]:
        if isinstance(row, Mapping):
            yield {key.casefold(): value for key, value in row.items()}
