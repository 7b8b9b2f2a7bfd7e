"""Hyper-V on the simulated hosts: power, registration and adapters of guests, by the declared transitions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lab.model.hosts import HYPERV_SERVICE
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState
from lab.simulator.hosts.host import HyperVHost, Registration
from lab.simulator.transitions import HyperVRefusal, PowerAction, Transition, transition, unknown
from lab.simulator.world import World


def service_stopped(host: str) -> HyperVRefusal:
    """The refusal of Hyper-V's cmdlets on a host whose Virtual Machine Management service does not run."""
    return HyperVRefusal(
        f"Hyper-V encountered an error trying to access an object on computer '{host}' because the object was not "
        "found. The object might have been deleted. Verify that the Virtual Machine Management service on the "
        "computer is running. If the service is running, try to perform the task again by using Run as Administrator.",
        "ObjectNotFound",
        "ObjectNotFound",
    )


class HyperV:
    """Actions start something and return the instant at which it will be done; refusals are HyperVRefusal."""

    def __init__(self, world: World) -> None:
        self._world = world

    def start(self, guest: str, host: str) -> datetime:
        with self._world.acting():
            registration = self.registration(guest, host)
            step = self._begin(registration, PowerAction.START)
            return self._end_later(registration, step, lambda: self._powered_on(registration))

    def shut_down(self, guest: str, host: str) -> datetime:
        """Asks the guest to shut itself down, which it can only do while its integration services answer."""
        with self._world.acting():
            registration = self.registration(guest, host)
            transition(guest, registration.state, PowerAction.SHUT_DOWN)
            if registration.heartbeat is not Heartbeat.OK:
                # What Stop-VM says over WinRM: it would ask whether to turn the guest off, and cannot ask.
                raise HyperVRefusal(
                    "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.",
                    "InvalidOperation",
                )
            self._world.end_application(registration)
            registration.heartbeat = Heartbeat.LOST
            step = self._begin(registration, PowerAction.SHUT_DOWN)
            return self._end_later(registration, step, lambda: self._world.halt(registration))

    def turn_off(self, guest: str, host: str) -> datetime:
        with self._world.acting():
            registration = self.registration(guest, host)
            transition(guest, registration.state, PowerAction.TURN_OFF)
            self._world.halt(registration)
            return self._world.now()

    def register(
        self, guest: str, host: str, adapters: tuple[NetworkAdapter, ...], *, disk: Path | None = None
    ) -> None:
        """Lists the guest on the host, off, from `disk`: its own one in the host's storage unless another is named."""
        with self._world.acting():
            there = self.host(host)
            disk = disk or there.disk_folder(guest)
            if guest in there.registrations:
                raise HyperVRefusal(f"A virtual machine with the name '{guest}' is already registered.")
            if not disk.is_dir():
                raise HyperVRefusal(
                    f"The virtual hard disk of '{guest}' was not found in {disk.name}.", "ObjectNotFound"
                )
            for adapter in adapters:
                self._known_switch(there, adapter.switch)
            there.registrations[guest] = Registration(
                guest=self._world.guests[guest], host=host, disk=disk, adapters=adapters
            )
            there.moved[guest] = self._world.now()
            self._world.changed()

    def unregister(self, guest: str, host: str) -> None:
        """The guest disappears from the host's Hyper-V Manager; its disk stays."""
        with self._world.acting():
            registration = self.registration(guest, host)
            if not registration.off:
                raise HyperVRefusal(
                    f"'{guest}' could not be removed.\r\n"
                    "The operation cannot be performed while the virtual machine is in its current state."
                )
            del self.host(host).registrations[guest]
            self.host(host).moved[guest] = self._world.now()
            self._world.changed()

    def connect(self, guest: str, host: str, adapter: str, switch: str) -> None:
        """Hangs the adapter on a switch; an empty switch takes it off the one it is on."""
        with self._world.acting():
            registration = self.registration(guest, host)
            self._known_switch(self.host(host), switch)
            registration.adapters = tuple(
                replace(each, switch=switch) if each.name == adapter else each for each in registration.adapters
            )
            self._world.changed()

    def host(self, name: str) -> HyperVHost:
        host = self._world.hosts[name]
        if not host.powered:
            raise HyperVRefusal(f"{name} does not answer.")
        if not host.service_runs(HYPERV_SERVICE):
            raise service_stopped(name)
        return host

    def registration(self, guest: str, host: str) -> Registration:
        found = self.host(host).registrations.get(guest)
        if found is None:
            raise unknown("machine", guest)
        return found

    def _known_switch(self, host: HyperVHost, switch: str) -> None:
        if switch and switch not in host.switches:
            raise unknown("switch", switch)

    def _begin(self, registration: Registration, action: PowerAction) -> Transition:
        step = transition(registration.guest.name, registration.state, action)
        registration.state = step.passing
        self._world.changed()
        return step

    def _end_later(self, registration: Registration, step: Transition, end: Callable[[], None]) -> datetime:
        duration = step.duration(self._world.settings)
        registration.coming.append(self._world.later(duration, end))
        return self._world.now() + duration

    def _powered_on(self, registration: Registration) -> None:
        settings = self._world.settings
        registration.state = PowerState.RUNNING
        registration.heartbeat = Heartbeat.NO_CONTACT
        registration.running_since = self._world.now()
        self._world.changed()
        if registration.guest.name in self._world.hosts[registration.host].damaged:
            return
        registration.coming[:] = [
            self._world.later(settings.heartbeat_delay, lambda: self._heard_of(registration)),
            self._world.later(settings.boot_time, lambda: self._world.boot(registration)),
        ]

    def _heard_of(self, registration: Registration) -> None:
        registration.heartbeat = Heartbeat.OK
        self._world.changed()
