"""Hyper-V hosts and the Windows services that matter on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

HYPERV_SERVICE = "vmms"
SIMULATED = "SIMULATED"
"""In the caption of a simulated host's Windows, so that no record can take it for a real one."""


class HostRole(Enum):
    """The role a host has in the site file; it does not change when the replica becomes active."""

    MASTER = "master"
    REPLICA = "replica"


@dataclass(frozen=True, slots=True)
class Service:
    """A Windows service as `Get-Service` shows it."""

    name: str
    display_name: str
    running: bool
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RhaServices:
    """Names of the Windows services that RHA lives on: the engine's on both hosts, the Control Service's on one."""

    engine: str
    control: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """A host's description of itself; `os` is the caption of its Windows."""

    name: str
    os: str
    os_version: str
    powershell_version: str
    boot_time: str
    clock: str
    boot: str = ""
    """Which boot of the host this is: the same text until it starts again, whatever its clock does; empty if untold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Rights of a session's logon on a host; an administrator with a filtered token does not count as one."""

    administrator: bool
    hyperv_administrator: bool

    @property
    def may_manage_hyperv(self) -> bool:
        """The right without which Hyper-V may list no guests, without an error."""
        return self.administrator or self.hyperv_administrator


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A fixed disk with a letter; sizes are in bytes."""

    name: str
    size: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The file that a Windows service runs; path and version are empty where they cannot be read."""

    service: str
    path: str
    version: str

    @property
    def folder(self) -> str:
        return self.path.rpartition("\\")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestDisk:
    """A virtual disk; sizes are in bytes, None of a disk that is no file."""

    place: str
    path: str
    size: int | None
    used: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestHardware:
    """What Hyper-V gives a guest; memory is in bytes, at its start."""

    processors: int
    memory: int
    generation: int
    disks: tuple[GuestDisk, ...]
    components: Mapping[str, bool] = field(default_factory=dict)
    """Of its integration services by name, and whether each is switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestSystem:
    """What a guest says of itself; what it does not say is empty."""

    os: str
    os_version: str
    integration_services: str
    """Their version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computer:
    """A machine as its Windows tells it; memory is in bytes."""

    model: str
    processors: int
    """Logical ones."""
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCondition:
    """What of a host may keep a drill from going well."""

    utc_offset: timedelta
    disks: tuple[Disk, ...]
    restart_pending: bool
    programs: tuple[Program, ...]
    checkpoint: str
    """The checkpoint the guest runs on, empty for none or without the guest."""
    clustered: bool
    """The guest is a role of a failover cluster."""
    hardware: GuestHardware | None
    """Of the guest; None where it is not registered."""
    computer: Computer | None = None

    def program(self, service: str) -> Program | None:
        return next((each for each in self.programs if each.service.casefold() == service.casefold()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """An update of Windows; its day is None where Windows does not tell it."""

    name: str
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defender:
    """Microsoft Defender: whether it scans what is read and written, and the folders that it leaves out."""

    real_time: bool
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSettings:
    """What is set on a host; None is what its Windows did not tell."""

    today: date
    """By its own clock."""
    build: str
    updates: tuple[Update, ...] | None
    quotas: Mapping[str, int] | None
    """Of WinRM, by their names there."""
    defender: Defender | None
    addresses: Mapping[str, timedelta] | None
    """Of a name in DNS, each with the time for which it may still be kept; None for no such name as well."""
    defender_known: bool
    """Windows has a command that tells it."""
    untold: Mapping[str, str]
    """Why it was not told, in Windows' words, by the name of the field."""


def rebooted(before: HostFacts, now: HostFacts) -> bool | None:
    """Whether the host has started anew between two answers of its; None where either does not tell its boot.

    Not judged by times: Windows moves its boot time when the clock is corrected, and a clock may be set back.
    """
    if not before.boot or not now.boot:
        return None
    return before.boot != now.boot


def same_windows(one: HostFacts, other: HostFacts) -> bool:
    """Whether two addresses have led to the same Windows: it has one name, and one boot where both tell theirs.

    A copy of an installation has the identifiers of its original, but not its boot.
    """
    return one.name.casefold() == other.name.casefold() and rebooted(one, other) is not True
