"""Virtual machines and virtual networks in Hyper-V's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from words import Told


class PowerState(Enum):
    """State names of `Get-VM`; numbers differ between Windows versions, names do not."""

    RUNNING = "Running"
    OFF = "Off"
    STARTING = "Starting"
    STOPPING = "Stopping"
    SAVED = "Saved"
    PAUSED = "Paused"
    OTHER = "Other"


class Heartbeat(Enum):
    """Reports of the heartbeat integration service, reduced to what a drill asks."""

    OK = "Ok"
    NO_CONTACT = "NoContact"
    LOST = "LostCommunication"
    NONE = "None"


class SwitchType(Enum):
    EXTERNAL = "External"
    INTERNAL = "Internal"
    PRIVATE = "Private"


class StopMode(Enum):
    """Ways to stop a virtual machine: by its guest, or by turning it off."""

    SHUT_DOWN = "shut down"
    TURN_OFF = "turn off"


@dataclass(frozen=True, slots=True)
class VirtualSwitch:
    name: str
    type: SwitchType


@dataclass(frozen=True, slots=True)
class NetworkAdapter:
    """A guest's adapter; `switch` is empty when it is not connected."""

    name: str
    switch: str
    mac_address: str
    ip_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulse:
    """Whether a guest lives: what Hyper-V says of its power, and of its heartbeat."""

    state: PowerState
    heartbeat: Heartbeat

    @property
    def healthy(self) -> bool:
        return self.state is PowerState.RUNNING and self.heartbeat is Heartbeat.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualMachine:
    """One registration of a guest on one host."""

    name: str
    host: str
    state: PowerState
    heartbeat: Heartbeat
    uptime_seconds: float = 0.0
    adapters: tuple[NetworkAdapter, ...] = field(default=())
    problem: Told | None = None
    """Why Hyper-V could not tell of this guest; its state is unknown then."""

    @property
    def running(self) -> bool:
        return self.state is PowerState.RUNNING

    @property
    def networks(self) -> list[str]:
        """The virtual networks its adapters are connected to."""
        return sorted({adapter.switch for adapter in self.adapters if adapter.switch})

    @property
    def at_rest(self) -> bool:
        """Off or saved, so that it loses nothing when its host goes down; false for an unknown state."""
        return self.state in {PowerState.OFF, PowerState.SAVED}

    @property
    def healthy(self) -> bool:
        """Running, and the guest's integration services answer."""
        return self.running and self.heartbeat is Heartbeat.OK
