"""The simulated lab as it stands before anything happens: two hosts, two guests, and what they hang on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lab.model.hosts import HYPERV_SERVICE, HostRole, Service
from lab.model.machines import NetworkAdapter, SwitchType, VirtualSwitch
from lab.simulator.garoon.settings import GaroonSettings
from lab.simulator.hosts.host import (
    CONTROL,
    MASTER,
    PRODUCTION_LAN,
    REPLICA,
    VERIFICATION_LAN,
    Guest,
    HostSwitch,
    HyperVHost,
    WindowsRelease,
    windows_of,
)
from lab.site.simulation import SimulationSettings

PRODUCTION_NETWORK = "本番ネットワーク"
VERIFICATION_NETWORK = "検証ネットワーク"
SCENARIO_NAME = "CybozuGaroonHyper-V"
HOST_UPTIME = timedelta(days=3, hours=4)
GUEST_UPTIME = timedelta(days=1, hours=2)

GAROON = Guest(
    name="Garoon",
    id="5f0b6f2e-7d1c-4c39-9a53-3c1e2f7d9a10",
    computer_name="cybozu.ca.com",
    address="192.0.2.10",
    mac_address="00155D0A0A10",
    home=MASTER,
)
DC1 = Guest(
    name="DC1",
    id="a4c1d7f3-02b8-4e57-8f6e-61b0c4d92e11",
    computer_name="dc1.ca.com",
    address="192.0.2.11",
    mac_address="00155D0A0A11",
    home=MASTER,
)
GUESTS = (GAROON, DC1)
GUEST_ADMINISTRATOR = "Administrator"
INITIALLY_RUNNING = (GAROON,)

PRODUCTION = HostSwitch(VirtualSwitch(PRODUCTION_NETWORK, SwitchType.EXTERNAL), PRODUCTION_LAN)
VERIFICATION = HostSwitch(VirtualSwitch(VERIFICATION_NETWORK, SwitchType.EXTERNAL), VERIFICATION_LAN)
INTERNAL = HostSwitch(VirtualSwitch("テスト内部ネットワーク", SwitchType.INTERNAL))
_VMMS = Service(HYPERV_SERVICE, "Hyper-V Virtual Machine Management", running=True, account="LocalSystem")


class Inventory:
    """The beginning of a lab of these settings; its disks are below `folder`."""

    def __init__(self, settings: SimulationSettings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder

    def hosts(self) -> tuple[HyperVHost, ...]:
        """MASTER, REPLICA and perhaps a host of the Control Service, powered, without guests."""
        apart = (self.control(),) if self._settings.control_service == "control" else ()
        return (self.master(), self.replica(), *apart)

    @property
    def windows(self) -> WindowsRelease:
        """Of hosts and guests."""
        return windows_of(self._settings.windows_build)

    def master(self) -> HyperVHost:
        return self._host(MASTER, HostRole.MASTER, "192.0.2.1", self._settings.master_engine, PRODUCTION)

    def replica(self) -> HyperVHost:
        others = () if self._settings.one_network else (VERIFICATION, INTERNAL)
        return self._host(REPLICA, HostRole.REPLICA, "192.0.2.2", self._settings.replica_engine, PRODUCTION, *others)

    def control(self) -> HyperVHost:
        return self._host(CONTROL, None, "192.0.2.3", "")

    def garoon(self) -> GaroonSettings:
        return GaroonSettings(seed=self._settings.seed)

    def _host(self, name: str, role: HostRole | None, address: str, engine: str, *switches: HostSwitch) -> HyperVHost:
        return HyperVHost(
            name=name,
            role=role,
            address=address,
            storage=self._folder / name,
            switches={each.switch.name: each for each in switches},
            engine_version=engine,
            windows=self.windows,
            booted=self._settings.start - HOST_UPTIME,
            clock_skew=self._settings.clock_skews.get(name, timedelta()),
            services={_VMMS.name: _VMMS} if role else {},
        )


def initial_adapters(guest: Guest) -> tuple[NetworkAdapter, ...]:
    return (NetworkAdapter("Network Adapter", PRODUCTION_NETWORK, guest.mac_address),)
