"""The state of a lab at one moment, as far as a drill must put it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lab.model.hosts import Service
from lab.model.machines import VirtualMachine, VirtualSwitch
from lab.model.replication import ReplicationScenario, ScenarioState
from words import Language, Listed, Quoted, Told, sentence

Facets: TypeAlias = tuple[Told, ...]
"""What is compared of one thing. [0]: label; [1:]: details shown only when they differ."""

SCENARIOS = "RHA"
ENTRIES = "Garoon/"
ABSENT = Quoted("—")


@dataclass(frozen=True, slots=True)
class LabState:
    """Guests by host, and the replication scenarios; what changes by itself (uptime) takes no part in comparing.

    Switches and services are those of the hosts that were asked for them. `entries` are the titles of the drill's own
    entries that are still in Garoon or, where their writing was not answered, may be.
    """

    machines: Mapping[str, tuple[VirtualMachine, ...]]
    scenarios: tuple[ReplicationScenario, ...]
    switches: Mapping[str, tuple[VirtualSwitch, ...]] = field(default_factory=dict)
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    entries: tuple[str, ...] = ()

    def machine(self, host: str, name: str) -> VirtualMachine | None:
        return next((machine for machine in self.machines[host] if machine.name == name), None)

    def scenario(self, name: str) -> ReplicationScenario | None:
        return next((scenario for scenario in self.scenarios if scenario.name == name), None)

    def running_on(self, name: str) -> tuple[str, ...]:
        """The hosts on which the guest runs."""
        return tuple(
            host
            for host, machines in self.machines.items()
            if any(machine.name == name and machine.running for machine in machines)
        )

    def told_by(self, hosts: Collection[str], *, scenarios: bool) -> LabState:
        """The part of it that these hosts tell, with or without the scenarios of the Control Service."""
        return replace(
            self,
            machines={host: found for host, found in self.machines.items() if host in hosts},
            switches={host: found for host, found in self.switches.items() if host in hosts},
            services={host: found for host, found in self.services.items() if host in hosts},
            scenarios=self.scenarios if scenarios else (),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as it was: where, as a site file names it, and the two values."""

    subject: str
    before: Told
    after: Told

    @property
    def of_entry(self) -> bool:
        """It is an entry of the drill that may still be in Garoon."""
        return self.subject.startswith(ENTRIES)

    def in_(self, language: Language) -> str:
        told = sentence("differences.changed", subject=self.subject, before=self.before, after=self.after)
        return told.in_(language)

    def __str__(self) -> str:
        return self.in_("en")


def differences(before: LabState, after: LabState) -> tuple[Difference, ...]:
    """Compares two states: what has changed, what is gone and what is new."""
    was, now = _things(before), _things(after)
    return tuple(
        _difference(subject, was.get(subject, []), now.get(subject, []))
        for subject in sorted(was.keys() | now.keys())
        if was.get(subject) != now.get(subject)
    )


def settled(before: LabState, now: LabState) -> LabState:
    """`before`, in which a synchronisation that was under way has ended where it did, by itself, meanwhile."""

    def later(scenario: ReplicationScenario) -> ReplicationScenario:
        there = now.scenario(scenario.name)
        ended = (
            scenario.state is ScenarioState.SYNCHRONIZING
            and there is not None
            and there.state is ScenarioState.RUNNING
            and there.direction is scenario.direction
        )
        return replace(scenario, state=ScenarioState.RUNNING) if ended else scenario

    return replace(before, scenarios=tuple(later(scenario) for scenario in before.scenarios))


def may_name(subject: str, hosts: Collection[str]) -> bool:
    """Whether a difference beyond the drill's own entries can have this subject."""
    kinds = {SCENARIOS, *(f"{host}{kind}" for host in hosts for kind in ("", " switch", " service"))}
    kind, slash, name = subject.partition("/")
    return kind in kinds and bool(slash and name.strip())


def _difference(subject: str, was: list[Facets], now: list[Facets]) -> Difference:
    """Tells only the facets that differ of one thing; several things of one name are told whole."""
    if len(was) == len(now) == 1:
        changed = [pair for pair in zip(was[0], now[0], strict=True) if pair[0] != pair[1]]
        return Difference(subject, *map(_listed, zip(*changed, strict=True)))
    return Difference(subject, *(_listed(tuple(facets[0] for facets in things)) for things in (was, now)))


def _listed(terms: tuple[Told, ...]) -> Told:
    return Listed(terms, "report.between_terms") if terms else ABSENT


def _things(state: LabState) -> Mapping[str, list[Facets]]:
    """Facets by subject; Hyper-V lets several guests of a host have one name."""
    found: defaultdict[str, list[Facets]] = defaultdict(list)
    for subject, facets in _each(state):
        found[subject].append(facets)
    return {subject: sorted(things, key=lambda facets: tuple(map(str, facets))) for subject, things in found.items()}


def _each(state: LabState) -> Iterator[tuple[str, Facets]]:
    for host, machines in state.machines.items():
        for machine in machines:
            yield f"{host}/{machine.name}", _machine(machine)
    for host, switches in state.switches.items():
        for switch in switches:
            yield f"{host} switch/{switch.name}", (sentence(f"switch.{switch.type.value}"),)
    for host, services in state.services.items():
        for service in services:
            yield (
                f"{host} service/{service.name}",
                (sentence(f"differences.service_{'running' if service.running else 'stopped'}"),),
            )
    for scenario in state.scenarios:
        yield f"{SCENARIOS}/{scenario.name}", _scenario(scenario)
    for title in state.entries:
        yield f"{ENTRIES}{title}", (sentence("differences.entry_left"),)


def _machine(machine: VirtualMachine) -> Facets:
    """A running guest without a heartbeat is a difference; the heartbeat of one that is off is not compared."""
    about = {
        "state": sentence(f"power_state.{machine.state.value}"),
        "switches": tuple(adapter.switch or ABSENT for adapter in machine.adapters),
    }
    if machine.running and not machine.healthy:
        heartbeat = sentence(f"heartbeat.{machine.heartbeat.value}")
        return (sentence("differences.guest_without_heartbeat", heartbeat=heartbeat, **about),)
    return (sentence("differences.guest", **about),)


def _scenario(scenario: ReplicationScenario) -> Facets:
    way = sentence(f"direction.{scenario.direction.value}")
    return (
        sentence("differences.scenario", state=sentence(f"scenario_state.{scenario.state.value}"), direction=way),
        sentence("differences.hosts", master=scenario.master, replica=scenario.replica),
        sentence("differences.guests", guests=tuple(sorted(scenario.guests)) or ABSENT),
        sentence(f"differences.assured_recovery_{'on' if scenario.assured_recovery else 'off'}"),
        sentence("differences.switchover", start=sentence(f"initiation.{scenario.switchover.value}")),
        sentence("differences.reverse_replication", start=sentence(f"initiation.{scenario.reverse_replication.value}")),
    )
