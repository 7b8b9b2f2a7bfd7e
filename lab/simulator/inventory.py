"""The simulated lab as it stands before anything happens: two hosts, two guests, and what they hang on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lab.model.hosts import HYPERV_SERVICE, HostRole, Service
from lab.model.machines import NetworkAdapter, SwitchType, VirtualSwitch
from lab.simulator.faults import MASTER_WINDOWS_OUTDATED, REPLICA_ENGINE_OUTDATED, REPLICA_NETWORK_MISSING
from lab.simulator.hosts import (
    MASTER,
    PRODUCTION_LAN,
    REPLICA,
    VERIFICATION_LAN,
    WINDOWS_2008,
    WINDOWS_2016,
    Guest,
    HostSwitch,
    HyperVHost,
)
from lab.simulator.settings import SimulationSettings

PRODUCTION_NETWORK = "本番ネットワーク"
VERIFICATION_NETWORK = "検証ネットワーク"
SCENARIO_NAME = "CybozuGaroonHyper-V"
OUTDATED_ENGINE = "16.0.1"
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

_PRODUCTION = HostSwitch(VirtualSwitch(PRODUCTION_NETWORK, SwitchType.EXTERNAL), PRODUCTION_LAN)
_VERIFICATION = HostSwitch(VirtualSwitch(VERIFICATION_NETWORK, SwitchType.EXTERNAL), VERIFICATION_LAN)
_INTERNAL = HostSwitch(VirtualSwitch("テスト内部ネットワーク", SwitchType.INTERNAL))
_VMMS = Service(HYPERV_SERVICE, "Hyper-V Virtual Machine Management", running=True, account="LocalSystem")


def hosts(settings: SimulationSettings, folder: Path) -> tuple[HyperVHost, HyperVHost]:
    """MASTER and REPLICA, powered, without guests."""
    replica_switches: tuple[HostSwitch, ...] = (_PRODUCTION, _VERIFICATION, _INTERNAL)
    if settings.one_network:
        replica_switches = (_PRODUCTION,)
    if REPLICA_NETWORK_MISSING in settings.misbehaviour:
        replica_switches = (_VERIFICATION, _INTERNAL)
    outdated = REPLICA_ENGINE_OUTDATED in settings.misbehaviour
    booted = settings.start - HOST_UPTIME
    return (
        HyperVHost(
            name=MASTER,
            role=HostRole.MASTER,
            address="192.0.2.1",
            storage=folder / MASTER,
            switches=_by_name(_PRODUCTION),
            engine_version=settings.master_engine,
            booted=booted,
            windows=WINDOWS_2008 if MASTER_WINDOWS_OUTDATED in settings.misbehaviour else WINDOWS_2016,
            clock_skew=settings.clock_skews.get(MASTER, timedelta()),
            services={_VMMS.name: _VMMS},
        ),
        HyperVHost(
            name=REPLICA,
            role=HostRole.REPLICA,
            address="192.0.2.2",
            storage=folder / REPLICA,
            switches=_by_name(*replica_switches),
            engine_version=OUTDATED_ENGINE if outdated else settings.replica_engine,
            booted=booted,
            clock_skew=settings.clock_skews.get(REPLICA, timedelta()),
            services={_VMMS.name: _VMMS},
        ),
    )


def initial_adapters(guest: Guest) -> tuple[NetworkAdapter, ...]:
    return (NetworkAdapter("Network Adapter", PRODUCTION_NETWORK, guest.mac_address),)


def _by_name(*switches: HostSwitch) -> dict[str, HostSwitch]:
    return {each.switch.name: each for each in switches}
