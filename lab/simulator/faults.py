"""Fault injection into the simulated lab: what befalls the master host, or Garoon's guest on it, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lab.model.faults import Fault
from lab.model.hosts import HYPERV_SERVICE
from lab.model.machines import Heartbeat, PowerState
from lab.simulator.hosts.host import MASTER, Registration
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.world import World


class SimulatedFaults:
    """Faults strike at once; after their end hosts and guests recover in their own time."""

    def __init__(self, world: World, guest: str) -> None:
        self._world = world
        self._guest = guest
        self._begin: dict[Fault, Callable[[], None]] = {
            Fault.POWER_CUT: lambda: world.power_off(MASTER),
            Fault.GUEST_CRASH: self._crash,
            Fault.GUEST_DAMAGE: self._damage,
            Fault.GUEST_HANG: self._hang,
            Fault.HYPERV_SERVICE_STOPPED: lambda: self._run_hyperv_service(running=False),
            Fault.LINE_CUT: lambda: self._cut_line(cut=True),
        }
        self._end: dict[Fault, Callable[[], None]] = {
            Fault.POWER_CUT: lambda: world.power_on(MASTER),
            Fault.GUEST_CRASH: self._nothing_more,
            Fault.GUEST_DAMAGE: self._repair,
            Fault.GUEST_HANG: self._reset_if_silent,
            Fault.HYPERV_SERVICE_STOPPED: lambda: self._run_hyperv_service(running=True),
            Fault.LINE_CUT: lambda: self._cut_line(cut=False),
        }

    def begin(self, fault: Fault) -> None:
        with self._world.acting():
            self._begin[fault]()

    def end(self, fault: Fault) -> None:
        with self._world.acting():
            self._end[fault]()

    def _registration(self) -> Registration | None:
        return self._world.hosts[MASTER].registrations.get(self._guest)

    def _crash(self) -> None:
        registration = self._registration()
        if registration is not None:
            self._world.halt(registration)

    def _nothing_more(self) -> None:
        """A crash is over once the guest is off."""

    def _damage(self) -> None:
        self._crash()
        self._world.hosts[MASTER].damaged.add(self._guest)

    def _repair(self) -> None:
        self._world.hosts[MASTER].damaged.discard(self._guest)
        self._reset_if_silent()

    def _hang(self) -> None:
        """Connections are still accepted, as by a kernel, but get no response."""
        registration = self._registration()
        if registration is not None and registration.state is PowerState.RUNNING:
            if registration.instance is not None:
                registration.instance.application.hang()
            registration.heartbeat = Heartbeat.LOST
            self._world.changed()

    def _reset_if_silent(self) -> None:
        """A reset: a guest that runs without having booted boots again."""
        registration = self._registration()
        if registration is None or registration.state is not PowerState.RUNNING or registration.healthy:
            return
        self._world.halt(registration)
        HyperV(self._world).start(self._guest, MASTER)

    def _run_hyperv_service(self, *, running: bool) -> None:
        services = self._world.hosts[MASTER].services
        services[HYPERV_SERVICE] = replace(services[HYPERV_SERVICE], running=running)
        self._world.changed()

    def _cut_line(self, *, cut: bool) -> None:
        self._world.hosts[MASTER].cut_off = cut
        self._world.changed()
