"""Mutations that no point of the guide is about: the lab is not as it was, and only comparing its states can tell.

All but one act when a scenario is removed, which is the last that a restoration does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lab.model.machines import SwitchType
from lab.simulator.garoon.database import Database
from lab.simulator.hosts.host import MASTER, REPLICA, HyperVHost, Registration
from lab.simulator.hosts.inventory import GAROON, VERIFICATION_NETWORK, initial_adapters
from lab.simulator.mutations.declaration import mutation
from lab.simulator.rha.control_service import ControlService
from lab.simulator.rha.scenarios import ScenarioRecord


@mutation()
class SwitchVanishes(ControlService):
    """The removal of a scenario takes a virtual network of the replica host with it."""

    def remove(self, name: str) -> None:
        with self._world.acting():
            super().remove(name)
            self._world.hosts[REPLICA].switches.pop(VERIFICATION_NETWORK, None)
            self._world.changed()


@mutation()
class EngineLeftStopped(ControlService):
    """The removal of a scenario stops the engine on the master host."""

    def remove(self, name: str) -> None:
        with self._world.acting():
            super().remove(name)
            _stop_service(self._world.hosts[MASTER], self.profile.engine_service.name)
            self._world.changed()


@mutation()
class ControlServiceLeftStopped(ControlService):
    """The removal of a scenario stops the Control Service."""

    def remove(self, name: str) -> None:
        with self._world.acting():
            super().remove(name)
            _stop_service(self._home, self.profile.control_service.name)
            self._world.changed()


def _stop_service(host: HyperVHost, name: str) -> None:
    if name in host.services:
        host.services[name] = replace(host.services[name], running=False)


@mutation()
class TestGuestLeft(ControlService):
    """The removal of a scenario lets a guest reappear on the replica host as for a test."""

    def remove(self, name: str) -> None:
        """Registers it off and on an internal network, from the replica's own disk."""
        with self._world.acting():
            super().remove(name)
            host = self._world.hosts[REPLICA]
            network = next(
                each.switch.name for each in host.switches.values() if each.switch.type is SwitchType.INTERNAL
            )
            host.registrations[GAROON.name] = Registration(
                guest=GAROON,
                host=host.name,
                disk=host.disk_folder(GAROON.name),
                adapters=tuple(replace(adapter, switch=network) for adapter in initial_adapters(GAROON)),
            )
            self._world.changed()


@mutation()
class GuestUnplugged(ControlService):
    """The removal of a scenario takes the guest on the master host off its network."""

    def remove(self, name: str) -> None:
        with self._world.acting():
            super().remove(name)
            registration = self._world.hosts[MASTER].registrations.get(GAROON.name)
            if registration is not None:
                registration.adapters = tuple(replace(adapter, switch="") for adapter in registration.adapters)
            self._world.changed()


@mutation()
class ScenarioStays(ControlService):
    """A scenario that is removed stays."""

    def _forget(self, record: ScenarioRecord) -> None:
        pass


@mutation()
class EntriesStay(Database):
    """Garoon says that it deletes an entry, and keeps it."""

    def remove(self, event_ids: Sequence[int]) -> None:
        pass
