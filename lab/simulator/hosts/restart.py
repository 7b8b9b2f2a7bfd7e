"""Restarting the management OS of a simulated host, as its operator does: it shuts down, and is back after its boot."""

from __future__ import annotations

from collections.abc import Sequence

from lab.model.machines import PowerState
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.world import World


class ShutdownInProgress(Exception):
    """Windows has been told before; the text is that of system error 1115."""

    def __init__(self) -> None:
        super().__init__("A system shutdown is in progress.")


class Restart:
    """Restarts one host of the world.

    Guests that run when the host goes down run again when it is back (AutomaticStartAction StartIfRunning, Hyper-V's
    default); those that are off stay off. Their saved state is not simulated: they boot.
    """

    def __init__(self, world: World, host: str) -> None:
        self._world = world
        self._hyperv = HyperV(world)
        self._host = host

    def begin(self) -> None:
        """Returns at once; the host answers until it is down. Raises ShutdownInProgress."""
        with self._world.acting():
            host = self._hyperv.host(self._host)
            if host.stopping is not None:
                raise ShutdownInProgress
            host.stopping = self._world.later(self._world.settings.host_shutdown_time, self._down)

    def _down(self) -> None:
        host = self._world.hosts[self._host]
        host.stopping = None
        if not host.powered:
            return  # it lost its power meanwhile
        running = [each.guest.name for each in host.registrations.values() if each.state is PowerState.RUNNING]
        self._world.power_off(self._host)
        self._world.power_on(self._host)
        self._world.later(self._world.settings.host_boot_time, lambda: self._start(running))

    def _start(self, guests: Sequence[str]) -> None:
        host = self._world.hosts[self._host]
        for guest in guests:
            registration = host.registrations.get(guest)
            if host.powered and registration is not None and registration.off:
                self._hyperv.start(guest, self._host)
