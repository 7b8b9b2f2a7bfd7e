"""What has changed on a site since a former record: versions, updates, settings, hardware, and the state of the lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from drills.observation import Writes
from journal.checked import HardwareSeen, HostChecked
from journal.entry import Entry
from journal.seen import HostSeen, Phase, ProductSeen, StateSeen
from lab.model.state import ABSENT, Difference, LabState, differences
from words import Quoted, Told, sentence

GIB = 1 << 30
FACTS = (HostSeen, HostChecked, ProductSeen, StateSeen)


@dataclass(slots=True)
class SiteFacts:
    """What a site has told; `groups` are compared each as a whole, and only where both sides were told."""

    groups: dict[str, Mapping[str, Told]] = field(default_factory=dict)
    state: LabState | None = None
    scenarios: bool = True
    """Whether the state has the scenarios of the Control Service."""

    def take(self, entry: Entry) -> None:
        match entry:
            case HostSeen():
                told = {"Windows": f"{entry.os} {entry.os_version}", "PowerShell": entry.powershell_version}
                self._tell(entry.host, told)
            case HostChecked():
                self._take_checked(entry)
            case ProductSeen():
                self._tell(f"product {entry.name} {entry.host}", {f"{entry.name} ({entry.host})": entry.version}, "")
            case StateSeen(moment=Phase.BEFORE | Phase.RESTORED):
                self.state = entry.state

    def _take_checked(self, entry: HostChecked) -> None:
        of = f"{entry.host} "
        if entry.build:
            self._tell(f"{of}build", {"Windows build": entry.build}, of)
        self._tell(f"{of}updates", {f"update/{name}": day or "?" for name, day in entry.updates.items()}, of)
        self._tell(f"{of}quotas", {f"WinRM/{name}": str(value) for name, value in entry.quotas.items()}, of)
        if entry.excluded is not None:
            self._tell(f"{of}excluded", {"Defender": ", ".join(entry.excluded) or "-"}, of)
        if entry.addresses:
            self._tell(f"{of}addresses", {"DNS": ", ".join(entry.addresses)}, of)
        self._tell(f"{of}programs", {f"program/{name}": version for name, version in entry.programs.items()}, of)
        self._tell(f"{of}disks", {f"disk/{name}": _gib(size) for name, size in entry.disks.items()}, of)
        if entry.hardware is not None:
            self.groups[f"{of}hardware"] = dict(_hardware(entry.host, entry.hardware))
            self._tell_components(entry.host, entry.hardware)
        if (computer := entry.computer) is not None:
            about = {"model": Quoted(computer.model), "processors": computer.processors}
            self.groups[f"{of}computer"] = {
                f"{of}computer": sentence("changes.computer", **about, memory=_gib(computer.memory))
            }
        if (system := entry.system) is not None:
            told = {"Windows": f"{system.os} {system.os_version}".strip(), "services": system.integration_services}
            for name, value in told.items():
                self._tell(f"guest {name}", {f"guest/{name}": value} if value else {}, "")

    def _tell_components(self, host: str, hardware: HardwareSeen) -> None:
        """A record of an older Kunren has none."""
        if hardware.components:
            on = ", ".join(name for name, enabled in sorted(hardware.components.items()) if enabled) or "-"
            name = f"{host}/{hardware.guest} (integration)"
            self.groups[f"{host} components"] = {name: Quoted(on)}

    def _tell(self, group: str, told: Mapping[str, str], of: str | None = None) -> None:
        """An empty group is one that was not told."""
        if told:
            before = f"{group} " if of is None else of
            self.groups[group] = {f"{before}{name}": Quoted(value) for name, value in told.items()}


def changes(before: SiteFacts, now: SiteFacts) -> Iterator[Difference]:
    for group in now.groups:
        was, there = before.groups.get(group), now.groups[group]
        if was is None:
            continue
        for subject in dict.fromkeys((*was, *there)):
            if was.get(subject, ABSENT) != there.get(subject, ABSENT):
                yield Difference(subject, was.get(subject, ABSENT), there.get(subject, ABSENT))
    if before.state is not None and now.state is not None:
        states = before.state, now.state
        answering = frozenset.intersection(*(frozenset((*each.machines, *each.services)) for each in states))
        listed = before.scenarios and now.scenarios
        yield from differences(*(each.told_by(answering, scenarios=listed) for each in states))


@dataclass(frozen=True, slots=True)
class Former:
    """What the site told a former run, the last time it was asked in it."""

    record: Path
    began: datetime
    facts: SiteFacts

    def changes(self, now: SiteFacts) -> tuple[Difference, ...]:
        return tuple(changes(self.facts, now))


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A journal whose entries are facts of a site as well."""

    journal: Writes
    facts: SiteFacts

    def write(self, entry: Entry) -> None:
        self.journal.write(entry)
        self.facts.take(entry)


def _hardware(host: str, seen: HardwareSeen) -> Iterator[tuple[str, Told]]:
    about = {"processors": seen.processors, "memory": _gib(seen.memory), "generation": seen.generation}
    yield f"{host}/{seen.guest} (Hyper-V)", sentence("changes.hardware", **about)
    yield f"{host}/{seen.guest} (checkpoint)", Quoted(seen.checkpoint) if seen.checkpoint else ABSENT
    for place, disk in seen.disks.items():
        yield f"{host}/{seen.guest} {place}", Quoted(disk)


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
