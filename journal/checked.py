"""What a preflight check has read of the hosts, so that a later one can tell what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Self

from journal.entry import Entry
from journal.form import OUTSIDE, Written
from lab.model.hosts import Computer, GuestHardware, GuestSystem, HostCondition, HostSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareSeen(Written):
    """What Hyper-V gives a guest."""

    guest: str
    processors: int
    memory: Annotated[int, "in bytes, at its start"]
    generation: int
    disks: Annotated[Mapping[str, str], "path and size in bytes, by controller and place", OUTSIDE]
    checkpoint: Annotated[str, "that it runs on, empty for none", OUTSIDE]
    components: Annotated[
        Mapping[str, bool], "of its integration services, and whether each is switched on", OUTSIDE
    ] = field(default_factory=dict)

    @classmethod
    def of(cls, guest: str, hardware: GuestHardware, checkpoint: str) -> Self:
        return cls(
            guest=guest,
            processors=hardware.processors,
            memory=hardware.memory,
            generation=hardware.generation,
            disks={disk.place: f"{disk.path} {disk.size or ''}".rstrip() for disk in hardware.disks},
            checkpoint=checkpoint,
            components=dict(hardware.components),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputerSeen(Written):
    """A machine, as its Windows tells it."""

    model: Annotated[str, "with its maker", OUTSIDE]
    processors: Annotated[int, "logical ones"]
    memory: Annotated[int, "in bytes"]

    @classmethod
    def of(cls, computer: Computer) -> Self:
        return cls(model=computer.model, processors=computer.processors, memory=computer.memory)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSeen(Written):
    """What a guest said of itself through its integration services; what it did not say is empty."""

    os: Annotated[str, OUTSIDE]
    os_version: Annotated[str, OUTSIDE]
    integration_services: Annotated[str, "their version", OUTSIDE]

    @classmethod
    def of(cls, system: GuestSystem) -> Self:
        return cls(os=system.os, os_version=system.os_version, integration_services=system.integration_services)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostChecked(Entry, what="host.checked"):
    """What the preflight check read of a host beyond its versions; what it did not tell is empty.

    Labs that are made for a run are not asked.
    """

    host: str
    build: Annotated[str, "of Windows", OUTSIDE] = ""
    updates: Annotated[Mapping[str, str], "the day of each, empty where it is not told", OUTSIDE] = field(
        default_factory=dict
    )
    quotas: Annotated[Mapping[str, int], "of WinRM"] = field(default_factory=dict)
    excluded: Annotated[
        tuple[str, ...] | None, "folders that Microsoft Defender leaves out; null where it does not scan", OUTSIDE
    ] = None
    addresses: Annotated[tuple[str, ...], "of Garoon's name in DNS", OUTSIDE] = ()
    programs: Annotated[Mapping[str, str], "version of the file that each service runs", OUTSIDE] = field(
        default_factory=dict
    )
    disks: Annotated[Mapping[str, int], "sizes in bytes", OUTSIDE] = field(default_factory=dict)
    free: Annotated[Mapping[str, int], "in bytes", OUTSIDE] = field(default_factory=dict)
    hardware: Annotated[HardwareSeen | None, "of the drill's guest; null where it is not registered"] = None
    computer: Annotated[ComputerSeen | None, "the host itself"] = None
    system: Annotated[GuestSeen | None, "of the drill's guest; null where it did not tell"] = None

    @classmethod
    def of(
        cls,
        host: str,
        guest: str,
        condition: HostCondition | None,
        settings: HostSettings | None,
        system: GuestSystem | None = None,
    ) -> Self:
        told: dict[str, Any] = {"system": system and GuestSeen.of(system)}
        if condition is not None:
            told |= {
                "programs": {each.service: each.version for each in condition.programs},
                "disks": {disk.name: disk.size for disk in condition.disks},
                "free": {disk.name: disk.free for disk in condition.disks},
                "hardware": condition.hardware and HardwareSeen.of(guest, condition.hardware, condition.checkpoint),
                "computer": condition.computer and ComputerSeen.of(condition.computer),
            }
        if settings is not None:
            defender = settings.defender
            told |= {
                "build": settings.build,
                "updates": {each.name: each.day.isoformat() if each.day else "" for each in settings.updates or ()},
                "quotas": dict(settings.quotas or {}),
                "excluded": defender.excluded if defender is not None and defender.real_time else None,
                "addresses": tuple(sorted(settings.addresses or ())),
            }
        return cls(host=host, **told)
