"""Before and after, side by side: what each host and the replication scenarios were, and pictures of Garoon."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias, TypeVar

from journal.entries import Activity
from journal.seen import Evidence, MachineSeen, Phase, ScenarioSeen, ServiceSeen, StateSeen, SwitchSeen
from words import Words

_NUMBER = re.compile(r"(?<==)[0-9-]+")
Told: TypeAlias = Mapping[str, str]
"""Aspects of a thing, and their values."""

T = TypeVar("T", SwitchSeen, ServiceSeen)


@dataclass(frozen=True, slots=True)
class StateRow:
    """One property of one thing at each look, the first of which is the one before; None where it was not queried."""

    place: str
    name: str
    aspect: str
    values: tuple[str | None, ...]

    @property
    def changed(self) -> bool:
        return any(map(self.differs, range(len(self.values))))

    def differs(self, look: int) -> bool:
        return self.values[look] is not None and self.values[look] != self.values[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Looks at the lab, and what they show, row by row."""

    looks: tuple[StateSeen, ...]
    rows: tuple[StateRow, ...]

    @property
    def left(self) -> tuple[StateRow, ...]:
        """What the last look shows otherwise than the first."""
        return tuple(row for row in self.rows if row.differs(-1))

    @property
    def returned(self) -> tuple[StateRow, ...]:
        """What was otherwise in between, and is as it was."""
        return tuple(row for row in self.rows if row.changed and not row.differs(-1))

    @property
    def unchanged(self) -> tuple[StateRow, ...]:
        return tuple(row for row in self.rows if not row.changed)

    @property
    def unchanged_by_thing(self) -> Iterator[tuple[str, str, tuple[StateRow, ...]]]:
        for (place, name), rows in groupby(self.unchanged, lambda row: (row.place, row.name)):
            yield place, name, tuple(rows)


def compare(activities: Iterable[Activity], words: Words) -> Comparison | None:
    """The first look before, the last after, and the last after putting back; None when there is nothing to compare."""
    taken = [each for each in activities if isinstance(each, StateSeen)]
    before = [look for look in taken if look.moment is Phase.BEFORE][:1]
    later = [[look for look in taken if look.moment is phase][-1:] for phase in (Phase.AFTER, Phase.RESTORED)]
    looks = (*before, *later[0], *later[1])
    return Comparison(looks, tuple(_rows(looks, words))) if before and len(looks) > 1 else None


def picture_pairs(evidence: Iterable[Evidence]) -> tuple[tuple[Evidence, Evidence], ...]:
    """Of each page that was pictured before and after, the last picture before beside the last after."""
    pictures = [each for each in evidence if each.kind == "screenshot"]
    before, after = (
        {_page(each.address): each for each in pictures if each.moment is phase}
        for phase in (Phase.BEFORE, Phase.AFTER)
    )
    return tuple((picture, after[page]) for page, picture in before.items() if page in after)


def _page(address: str) -> str:
    """The same for pages that differ in nothing but numbers of entries and dates."""
    return _NUMBER.sub("", address)


def _rows(looks: Sequence[StateSeen], words: Words) -> Iterator[StateRow]:
    hosts = sorted({host for look in looks for host in look.machines})
    for host in hosts:
        guests = [{guest.name: _machine(guest, words) for guest in look.machines.get(host, ())} for look in looks]
        yield from _things(host, guests, {"state": words("state.absent")}, words)
        switches = [_named(look.switches.get(host), _switch, words) for look in looks]
        yield from _things(host, switches, {"switch": words("state.not_there")}, words)
        services = [_named(look.services.get(host), _service, words) for look in looks]
        yield from _things(host, services, {"service": words("state.not_there")}, words)
    scenarios = [{scenario.name: _scenario(scenario, words) for scenario in look.scenarios} for look in looks]
    yield from _things(words("state.scenarios"), scenarios, {"state": words("state.absent")}, words)
    yield from _things(
        words("state.garoon"), [_entries(look, words) for look in looks], {"entry": words("state.not_there")}, words
    )


def _named(things: Sequence[T] | None, told: Callable[[T, Words], Told], words: Words) -> Mapping[str, Told] | None:
    return None if things is None else {thing.name: told(thing, words) for thing in things}


def _entries(look: StateSeen, words: Words) -> Mapping[str, Told] | None:
    """Asked for after the restoration; before a drill it has none."""
    if look.moment not in {Phase.BEFORE, Phase.RESTORED}:
        return None
    return {title: {"entry": words("state.left")} for title in look.entries}


def _things(place: str, looks: Sequence[Mapping[str, Told] | None], absent: Told, words: Words) -> Iterator[StateRow]:
    """`absent` is what is said of a thing that a look does not show; a look that is None did not ask."""
    for name in sorted({name for look in looks if look is not None for name in look}):
        found = [None if look is None else look.get(name, absent) for look in looks]
        for aspect in max((each for each in found if each is not None), key=len):
            values = tuple(None if each is None else each.get(aspect, "") for each in found)
            yield StateRow(place, name, words(f"aspect.{aspect}"), values)


def _machine(machine: MachineSeen, words: Words) -> Told:
    return {
        "state": words.known("state", machine.state),
        "heartbeat": words.known("heartbeat", machine.heartbeat),
        "network": ", ".join(adapter.switch for adapter in machine.adapters),
        "address": ", ".join(address for adapter in machine.adapters for address in adapter.addresses if address),
    }


def _switch(switch: SwitchSeen, words: Words) -> Told:
    return {"switch": words.known("switch", switch.type)}


def _service(service: ServiceSeen, words: Words) -> Told:
    return {"service": words.known("state", "running" if service.running else "stopped")}


def _scenario(scenario: ScenarioSeen, words: Words) -> Told:
    return {
        "state": words.known("state", scenario.state),
        "direction": words.known("direction", scenario.direction),
        "hosts": f"{scenario.master} → {scenario.replica}",
        **{aspect: value for aspect, value in _settings(scenario, words).items() if value},
    }


def _settings(scenario: ScenarioSeen, words: Words) -> Told:
    """What an older journal does not have."""
    assured = {None: "", True: words("state.yes"), False: words("state.no")}
    return {
        "guests": ", ".join(scenario.guests),
        "assured_recovery": assured[scenario.assured_recovery],
        "switchover": words.known("initiation", scenario.switchover),
        "reverse_replication": words.known("initiation", scenario.reverse_replication),
    }
