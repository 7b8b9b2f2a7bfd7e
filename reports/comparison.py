"""Before and after, side by side: guests on both hosts, replication scenarios, and pictures of Garoon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from lab.model.record import Activity, LabState, MachineSeen, Phase, ScenarioSeen
from reports.evidence import CheckedEvidence
from reports.words import Words


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one thing, before and after."""

    place: str
    name: str
    aspect: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two looks at the lab and what they show, line by line; `changes` counts the lines that differ."""

    before: LabState
    after: LabState
    lines: tuple[Difference, ...]

    @property
    def changes(self) -> int:
        return sum(line.changed for line in self.lines)


def compare(activities: Iterable[Activity], words: Words) -> Comparison | None:
    """The first look before against the last look after; None when one of them was never taken."""
    looks = [each for each in activities if isinstance(each, LabState)]
    before = [look for look in looks if look.moment is Phase.BEFORE]
    after = [look for look in looks if look.moment is Phase.AFTER]
    if not before or not after:
        return None
    return Comparison(before[0], after[-1], tuple(_lines(before[0], after[-1], words)))


def picture_pairs(
    checked: Sequence[CheckedEvidence],
) -> tuple[tuple[CheckedEvidence | None, CheckedEvidence | None], ...]:
    """Pictures taken before beside those taken after, in the order they were taken."""
    pictures = [each for each in checked if each.evidence.kind == "screenshot"]
    before = [each for each in pictures if each.evidence.moment is Phase.BEFORE]
    after = [each for each in pictures if each.evidence.moment is Phase.AFTER]
    return tuple(zip_longest(before, after))


def _lines(before: LabState, after: LabState, words: Words) -> Iterator[Difference]:
    for host in sorted(before.machines.keys() | after.machines.keys()):
        were = {machine.name: _machine(machine, words) for machine in before.machines.get(host, ())}
        are = {machine.name: _machine(machine, words) for machine in after.machines.get(host, ())}
        yield from _aspects(host, were, are, words)
    were = {scenario.name: _scenario(scenario, words) for scenario in before.scenarios}
    are = {scenario.name: _scenario(scenario, words) for scenario in after.scenarios}
    yield from _aspects(words("state.scenarios"), were, are, words)


def _aspects(
    place: str, were: Mapping[str, Mapping[str, str]], are: Mapping[str, Mapping[str, str]], words: Words
) -> Iterator[Difference]:
    for name in sorted(were.keys() | are.keys()):
        was, is_now = were.get(name, {}), are.get(name, {})
        absent = {"state": words("state.absent")}
        for aspect in was or is_now:
            left = (was or absent).get(aspect, "")
            right = (is_now or absent).get(aspect, "")
            yield Difference(place, name, words(f"aspect.{aspect}"), left, right)


def _machine(machine: MachineSeen, words: Words) -> dict[str, str]:
    return {
        "state": words.known("state", machine.state),
        "heartbeat": words.known("heartbeat", machine.heartbeat),
        "network": ", ".join(adapter.switch for adapter in machine.adapters),
        "address": ", ".join(address for adapter in machine.adapters for address in adapter.addresses if address),
    }


def _scenario(scenario: ScenarioSeen, words: Words) -> dict[str, str]:
    return {
        "state": words.known("state", scenario.state),
        "direction": words.known("direction", scenario.direction),
        "hosts": f"{scenario.master} → {scenario.replica}",
    }
