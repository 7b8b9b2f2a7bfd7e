"""Hyper-V hosts of the simulated lab: their switches, their Windows services, and the guests registered on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from lab.model.hosts import SIMULATED, HostRole, Service
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, VirtualMachine, VirtualSwitch
from lab.simulator.hosts.disk import GuestDisk
from lab.simulator.timeline import Appointment
from lab.site.simulation import WINDOWS_BUILDS

MASTER = "MASTER"
REPLICA = "REPLICA"
CONTROL = "CONTROL"
"""A host of the Control Service alone."""
PRODUCTION_LAN = "production"
VERIFICATION_LAN = "verification"


class GuestApplication(Protocol):
    """The application of a booted guest; `close` ends it when the guest goes down."""

    def hang(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A virtual machine, independent of its registrations; `home` is the host it was installed on."""

    name: str
    id: str
    computer_name: str
    address: str
    mac_address: str
    home: str


@dataclass(frozen=True, slots=True)
class HostSwitch:
    """A virtual switch and the LAN its host's network card leads to; Internal and Private ones lead nowhere."""

    switch: VirtualSwitch
    lan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningGuest:
    """A booted guest on one host."""

    guest: Guest
    host: str
    disk: GuestDisk
    application: GuestApplication


@dataclass(slots=True, kw_only=True)
class Registration:
    """A guest as one host's Hyper-V Manager lists it."""

    guest: Guest
    host: str
    disk: Path
    adapters: tuple[NetworkAdapter, ...]
    state: PowerState = PowerState.OFF
    heartbeat: Heartbeat = Heartbeat.NONE
    running_since: datetime | None = None
    write_protected: bool = False
    instance: RunningGuest | None = None
    coming: list[Appointment] = field(default_factory=list)
    """What the guest's power-up has still to bring: Running, the heartbeat, the application."""

    @property
    def off(self) -> bool:
        return self.state is PowerState.OFF

    @property
    def running(self) -> bool:
        return self.state is PowerState.RUNNING

    @property
    def healthy(self) -> bool:
        return self.running and self.heartbeat is Heartbeat.OK

    @property
    def told_name(self) -> str:
        """The guest's fully qualified name, which it tells only while its integration services answer."""
        return self.guest.computer_name if self.healthy else ""

    def machine(self, now: datetime) -> VirtualMachine:
        """Hyper-V's view of it; the guest's addresses only while its integration services answer."""
        told = (self.guest.address,) if self.healthy and self.guest.address else ()
        return VirtualMachine(
            name=self.guest.name,
            host=self.host,
            state=self.state,
            heartbeat=self.heartbeat,
            uptime_seconds=(now - self.running_since).total_seconds() if self.running_since is not None else 0.0,
            adapters=tuple(
                NetworkAdapter(adapter.name, adapter.switch, adapter.mac_address, told) for adapter in self.adapters
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """An entry of the management OS's event log; `level` is Windows' number (2 error, 3 warning, 4 information)."""

    log: str
    provider: str
    level: int
    time: datetime
    message: str


@dataclass(frozen=True, slots=True)
class WindowsRelease:
    """One Windows: what the management OS calls itself, to CIM, to cmd.exe, to WinRM and in PowerShell."""

    caption: str
    version: str
    powershell: str
    service_pack: str = "0.0"
    revision: int = 5006
    """Raised by each month's update."""

    @property
    def build(self) -> str:
        return self.version.rpartition(".")[2]

    @property
    def banner(self) -> str:
        """The line that `ver` prints."""
        return f"Microsoft Windows [Version {self.version}]"

    @property
    def product_version(self) -> str:
        """The product version of WS-Management's Identify."""
        return f"OS: {self.version} SP: {self.service_pack} Stack: 3.0"


WINDOWS_2016 = WindowsRelease(f"Microsoft Windows Server 2016 Standard ({SIMULATED})", "10.0.14393", "5.1.14393.206")


def windows_of(build: str) -> WindowsRelease:
    """The Windows of a build and its revision, such as 20348.3091; without one, that which the lab comes with."""
    if not build:
        return WINDOWS_2016
    number, _, revision = build.partition(".")
    caption = f"Microsoft Windows Server {WINDOWS_BUILDS[number]} Standard ({SIMULATED})"
    return WindowsRelease(caption, f"10.0.{number}", f"5.1.{build}", revision=int(revision))


@dataclass(slots=True, kw_only=True)
class HyperVHost:
    """A physical host: its management OS and what Hyper-V on it knows."""

    name: str
    role: HostRole | None
    """None: it is neither the master nor the replica host, and has no Hyper-V."""
    address: str
    storage: Path
    switches: dict[str, HostSwitch]
    engine_version: str
    booted: datetime
    windows: WindowsRelease = WINDOWS_2016
    clock_skew: timedelta = timedelta()
    """Its clock less the lab's."""
    boots: int = 0
    first_process: datetime | None = None
    """What its clock said when the first process of this boot was stamped; it is never moved."""
    powered: bool = True
    cut_off: bool = False
    """Its line to the other host is cut; it is still reached from elsewhere."""
    services: dict[str, Service] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    starting: Appointment | None = None
    damaged: set[str] = field(default_factory=set)
    """Guests that do not boot here: their disks on this host are damaged."""
    event_log: list[LoggedEvent] = field(default_factory=list)
    moved: dict[str, datetime] = field(default_factory=dict)
    """When guests were last registered or taken off here."""
    files: dict[str, str] = field(default_factory=dict)
    """Text by path, in small letters; they survive a restart."""
    stopping: Appointment | None = None
    """Its management OS has been told to restart and is still up."""

    def disk_folder(self, guest: str) -> Path:
        return self.storage / guest

    def service_runs(self, name: str) -> bool:
        return self.powered and name in self.services and self.services[name].running

    def on_lan(self, registration: Registration, lan: str) -> bool:
        """Whether one of the guest's adapters leads to that LAN."""
        return any(
            adapter.switch in self.switches and self.switches[adapter.switch].lan == lan
            for adapter in registration.adapters
        )
