"""What users really got of the simulated Garoon, instant by instant: the reference for measurements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from lab.model.machines import Heartbeat
from lab.simulator.hosts.host import RunningGuest
from lab.simulator.world import World


class Service(IntEnum):
    """How far a user gets at the production address; each includes those before it."""

    NONE = 0
    """Connections are refused."""

    SILENT = 1
    """Connections come about, and no request is answered."""

    READING = 2
    """Everything but a write succeeds."""

    WRITING = 3


@dataclass(frozen=True, slots=True)
class Since:
    instant: datetime
    service: Service


@dataclass(frozen=True, slots=True)
class Without:
    """A time in which users did not get as far as they need.

    `ended` is when they were served again, None where that was not before the lab began to be restored.
    """

    began: datetime
    ended: datetime | None


class ServiceHistory:
    """Every change of the service at one address, from its construction on."""

    def __init__(self, world: World, address: str) -> None:
        self._world = world
        self._address = address
        self._changes: list[Since] = []
        world.subscribe(self._look)
        self._look()

    def _look(self) -> None:
        service = self._service(self._world.at_address(self._address))
        if not self._changes or self._changes[-1].service is not service:
            self._changes.append(Since(self._world.now(), service))

    def without(self, needed: Service, restoration: datetime | None = None) -> tuple[Without, ...]:
        """Of an address that was served up to `needed` once; what began after the restoration is its own."""
        found: list[Without] = []
        since: datetime | None = None
        for change in self._changes:
            if change.service < needed:
                since = since or change.instant
            elif since is not None:
                found.append(Without(since, change.instant))
                since = None
        if since is not None:
            found.append(Without(since, None))
        return tuple(_until(each, restoration) for each in found)

    def _service(self, instance: RunningGuest | None) -> Service:
        if instance is None:
            return Service.NONE
        machine = self._world.machine(instance.guest.name, instance.host)
        if machine is not None and machine.heartbeat is Heartbeat.LOST:
            return Service.SILENT
        return Service.READING if instance.disk.read_only else Service.WRITING


def _until(without: Without, restoration: datetime | None) -> Without:
    if restoration is None or without.began >= restoration:
        return without
    late = without.ended is None or without.ended > restoration
    return Without(without.began, None) if late else without
