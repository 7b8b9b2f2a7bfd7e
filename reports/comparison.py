"""Before and after, side by side: what each host and the replication scenarios were, and pictures of Garoon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lab.model.activities import Activity, LabState, MachineSeen, Phase, ScenarioSeen, ServiceSeen, SwitchSeen
from reports.evidence import CheckedEvidence
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One property of one thing at each look, the first of which is the one before."""

    place: str
    name: str
    aspect: str
    values: tuple[str, ...]

    def differs(self, look: int) -> bool:
        return self.values[look] != self.values[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Looks at the lab, and what they show, line by line."""

    looks: tuple[LabState, ...]
    lines: tuple[Line, ...]

    def changes(self, look: int) -> int:
        return sum(line.differs(look) for line in self.lines)


def compare(activities: Iterable[Activity], words: Words) -> Comparison | None:
    """The first look before, the last after, and the last after putting back; None when there is nothing to compare."""
    taken = [each for each in activities if isinstance(each, LabState)]
    before = [look for look in taken if look.moment is Phase.BEFORE][:1]
    later = [[look for look in taken if look.moment is phase][-1:] for phase in (Phase.AFTER, Phase.RESTORED)]
    looks = (*before, *later[0], *later[1])
    return Comparison(looks, tuple(_lines(looks, words))) if before and len(looks) > 1 else None


def picture_pairs(
    checked: Sequence[CheckedEvidence],
) -> tuple[tuple[CheckedEvidence | None, CheckedEvidence | None], ...]:
    """Pictures taken before beside those taken after, in the order they were taken."""
    pictures = [each for each in checked if each.evidence.kind == "screenshot"]
    before = [each for each in pictures if each.evidence.moment is Phase.BEFORE]
    after = [each for each in pictures if each.evidence.moment is Phase.AFTER]
    return tuple(zip_longest(before, after))


def _lines(looks: Sequence[LabState], words: Words) -> Iterator[Line]:
    hosts = sorted({host for look in looks for host in look.machines})
    for host in hosts:
        guests = [{guest.name: _machine(guest, words) for guest in look.machines.get(host, ())} for look in looks]
        yield from _things(host, guests, {"state": words("state.absent")}, words)
        switches = [{each.name: _switch(each, words) for each in look.switches.get(host, ())} for look in looks]
        yield from _things(host, switches, {"switch": words("state.not_there")}, words)
        services = [{each.name: _service(each, words) for each in look.services.get(host, ())} for look in looks]
        yield from _things(host, services, {"service": words("state.not_there")}, words)
    scenarios = [{scenario.name: _scenario(scenario, words) for scenario in look.scenarios} for look in looks]
    yield from _things(words("state.scenarios"), scenarios, {"state": words("state.absent")}, words)


def _things(
    place: str, looks: Sequence[Mapping[str, Mapping[str, str]]], absent: Mapping[str, str], words: Words
) -> Iterator[Line]:
    """`absent` is what is said of a thing that a look does not show."""
    for name in sorted({name for look in looks for name in look}):
        found = [look.get(name, absent) for look in looks]
        for aspect in max(found, key=len):
            yield Line(place, name, words(f"aspect.{aspect}"), tuple(each.get(aspect, "") for each in found))


def _machine(machine: MachineSeen, words: Words) -> dict[str, str]:
    return {
        "state": words.known("state", machine.state),
        "heartbeat": words.known("heartbeat", machine.heartbeat),
        "network": ", ".join(adapter.switch for adapter in machine.adapters),
        "address": ", ".join(address for adapter in machine.adapters for address in adapter.addresses if address),
    }


def _switch(switch: SwitchSeen, words: Words) -> dict[str, str]:
    return {"switch": words.known("switch", switch.type)}


def _service(service: ServiceSeen, words: Words) -> dict[str, str]:
    return {"service": words.known("state", "running" if service.running else "stopped")}


def _scenario(scenario: ScenarioSeen, words: Words) -> dict[str, str]:
    return {
        "state": words.known("state", scenario.state),
        "direction": words.known("direction", scenario.direction),
        "hosts": f"{scenario.master} → {scenario.replica}",
    }
