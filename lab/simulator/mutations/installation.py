"""Mutations of what is installed before a drill begins (guide 2 and 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from lab.model.hosts import SIMULATED
from lab.model.replication import ScenarioPlan
from lab.simulator.garoon.settings import GaroonSettings
from lab.simulator.hosts.host import MASTER, REPLICA, HyperVHost, WindowsRelease
from lab.simulator.hosts.inventory import INTERNAL, SCENARIO_NAME, VERIFICATION, Inventory
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.world import World
from lab.site.profile import RhaProfile

OUTDATED_ENGINE = "16.0.1"
OUTDATED_GAROON = "2.5.2"
WINDOWS_2008 = WindowsRelease(
    f"Microsoft® Windows Server® 2008 Standard ({SIMULATED})", "6.0.6002", "4.0", service_pack="2.0"
)
"""Its newest PowerShell is 3.0, which the engine does not speak; 4.0 is the nearest."""


@mutation("2.P1")
class GaroonOutdated(Inventory):
    """The Garoon version is older than that of the guide."""

    def garoon(self) -> GaroonSettings:
        return replace(super().garoon(), version=OUTDATED_GAROON)


@mutation("2.P2")
class ControlServiceOnMaster(ControlService):
    """The Control Service runs on the master host and is lost with it."""

    hosts: ClassVar = dict.fromkeys(ControlService.hosts, MASTER)


@mutation("2.P3")
class MasterEngineStopped(ControlService):
    """The engine on the master host is installed but not running."""

    def _install_services(self) -> None:
        super()._install_services()
        services, engine = self._world.hosts[MASTER].services, self.profile.engine_service.name
        services[engine] = replace(services[engine], running=False)


@mutation("2.P4")
class ServiceAccountsDiffer(ControlService):
    """The engine on the master host runs under a different account."""

    def _install_services(self) -> None:
        super()._install_services()
        services, engine = self._world.hosts[MASTER].services, self.profile.engine_service.name
        services[engine] = replace(services[engine], account="LocalSystem")


@mutation("2.P5")
class MasterWindowsOutdated(Inventory):
    """The Windows version of the master host is older than that of the guide."""

    def master(self) -> HyperVHost:
        master = super().master()
        master.windows = WINDOWS_2008
        return master


@mutation("3.S1-S3")
class ScenarioLeftOver(ControlService):
    """A replication scenario exists before any has been created."""

    def __init__(self, world: World, profile: RhaProfile) -> None:
        super().__init__(world, profile)
        plan = ScenarioPlan(name=SCENARIO_NAME, master=MASTER, replica=REPLICA, guests=())
        self.create(plan, profile.server_type)


@mutation("3.S6")
class ReplicaEngineOutdated(Inventory):
    """The engine on the replica host is older than that on the master host."""

    def replica(self) -> HyperVHost:
        replica = super().replica()
        replica.engine_version = OUTDATED_ENGINE
        return replica


@mutation("3.N10")
class ReplicaNetworkMissing(Inventory):
    """The replica host has several virtual networks, but none with the name used on the master host."""

    def replica(self) -> HyperVHost:
        replica = super().replica()
        replica.switches = {each.switch.name: each for each in (VERIFICATION, INTERNAL)}
        return replica
