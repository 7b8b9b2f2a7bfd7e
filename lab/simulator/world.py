"""The simulated world: two hosts, their guests and the network, changed under one lock and told to who subscribes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import RLock

from lab.model.endpoints import Login
from lab.model.machines import Heartbeat, PowerState, VirtualMachine
from lab.simulator.garoon.settings import new_password
from lab.simulator.hosts.consistency import refuse_impossible
from lab.simulator.hosts.disk import BLOCK, GuestDisk
from lab.simulator.hosts.host import PRODUCTION_LAN, Guest, GuestApplication, HyperVHost, Registration, RunningGuest
from lab.simulator.hosts.inventory import (
    GUEST_ADMINISTRATOR,
    GUEST_UPTIME,
    GUESTS,
    INITIALLY_RUNNING,
    Inventory,
    initial_adapters,
)
from lab.simulator.parts import Parts
from lab.simulator.timeline import Appointment, Timeline
from lab.site.simulation import SimulationSettings

SYSTEM_DISK_BLOCKS = 16


class SilentApplication:
    """The application of a guest without one: it does not answer."""

    def hang(self) -> None: ...

    def close(self) -> None: ...


class World:
    """Everything in the lab that is not PowerShell, WinRM or a page. Every public method takes the lock.

    Applications are closed and subscribers are called when a change is complete and the lock is free again,
    so that neither can wait for a thread that waits for the world.
    """

    def __init__(
        self, timeline: Timeline, settings: SimulationSettings, inventory: Inventory, parts: Parts | None = None
    ) -> None:
        self.timeline = timeline
        self.settings = settings
        self.parts = parts or Parts()
        self.lock = RLock()
        self.hosts: Mapping[str, HyperVHost] = {host.name: host for host in inventory.hosts()}
        self.guest_windows = inventory.windows
        self.guest_login = Login(GUEST_ADMINISTRATOR, new_password("guest"))
        """Of every guest."""
        self.rha_login: Login | None = None
        """Of RHA's Control Service."""
        self.guests: Mapping[str, Guest] = {guest.name: guest for guest in GUESTS}
        self.applications: dict[str, Callable[[GuestDisk], GuestApplication]] = {}
        self._subscribers: list[Callable[[], None]] = []
        self._write_watchers: list[Callable[[str, str], None]] = []
        self._effects: list[Callable[[], None]] = []
        self._depth = 0
        self._changed = False
        self._install_guests()

    def begin(self) -> None:
        """Brings up the guests that have been running for a while; their applications must be declared before."""
        with self.acting():
            for guest in INITIALLY_RUNNING:
                registration = self.hosts[guest.home].registrations[guest.name]
                registration.state = PowerState.RUNNING
                registration.running_since = self.now() - GUEST_UPTIME
                registration.heartbeat = Heartbeat.OK
                self.boot(registration)

    def close(self) -> None:
        """Ends every application."""
        with self.acting():
            for host in self.hosts.values():
                for registration in host.registrations.values():
                    self.end_application(registration)

    def now(self) -> datetime:
        return self.timeline.now()

    def now_on(self, host: str) -> datetime:
        """The time on the host's own clock."""
        return self.now() + self.hosts[host].clock_skew

    # Watching -------------------------------------------------------------------------------------------------------

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Called after every change of what runs where or of the network."""
        with self.lock:
            self._subscribers.append(callback)

    def watch_writes(self, callback: Callable[[str, str], None]) -> None:
        """Called with guest and host, under the lock, after every write a guest has committed to its disk."""
        with self.lock:
            self._write_watchers.append(callback)

    def running(self, guest: str, host: str) -> RunningGuest | None:
        """The guest's instance on that host, once it has booted."""
        with self.lock:
            registration = self.hosts[host].registrations.get(guest)
            return registration.instance if registration is not None else None

    def at_address(self, address: str) -> RunningGuest | None:
        """The guest that answers at an address of the production network; of two with one address, that up longer."""
        with self.lock:
            found = [
                (registration.running_since or self.now(), registration.instance)
                for host in self._reachable()
                for registration in host.registrations.values()
                if registration.instance is not None
                and registration.guest.address == address
                and host.on_lan(registration, PRODUCTION_LAN)
            ]
            return min(found, key=lambda each: each[0])[1] if found else None

    def guest_name(self, registration: Registration) -> str:
        """The guest's name as its host passes it on (Hyper-V's key-value exchange)."""
        return registration.told_name

    def directly(self, registration: Registration) -> RunningGuest | None:
        """The guest as its host reaches it without a network (PowerShell Direct), unless it hangs."""
        return None if registration.heartbeat is Heartbeat.LOST else registration.instance

    def machines(self, host: str) -> tuple[VirtualMachine, ...]:
        with self.lock:
            return tuple(each.machine(self.now()) for each in self.hosts[host].registrations.values())

    def machine(self, guest: str, host: str) -> VirtualMachine | None:
        with self.lock:
            registration = self.hosts[host].registrations.get(guest)
            return registration.machine(self.now()) if registration is not None else None

    def host_called(self, name: str) -> HyperVHost | None:
        """A host by name, in any case, or by address."""
        with self.lock:
            return next(
                (host for host in self.hosts.values() if name.casefold() in {host.name.casefold(), host.address}), None
            )

    def afterwards(self, effect: Callable[[], None]) -> None:
        """Registers, while acting, an effect for when the change is complete and the lock is free again."""
        self._effects.append(effect)

    # Changing -------------------------------------------------------------------------------------------------------

    @contextmanager
    def acting(self) -> Iterator[None]:
        """A change of the world. The outermost one checks it and, with the lock free again, tells of it."""
        effects: list[Callable[[], None]] = []
        try:
            with self.lock:
                self._depth += 1
                try:
                    yield
                    if self._depth == 1 and self._changed:
                        refuse_impossible(tuple(self.hosts.values()))
                finally:
                    self._depth -= 1
                    if self._depth == 0:
                        effects = self._take_effects()
        finally:
            for effect in effects:
                effect()

    def changed(self) -> None:
        """Marks, while acting, that what runs where, or the network, has changed."""
        self._changed = True

    def later(self, delay: timedelta, action: Callable[[], None]) -> Appointment:
        """The action is due after `delay` and is then a change of the world."""

        def due() -> None:
            with self.acting():
                action()

        return self.timeline.after(delay, due)

    def boot(self, registration: Registration) -> None:
        """The guest's operating system is up: its application opens the disk of this host."""
        guest, host = registration.guest, registration.host
        open_application = self.applications.get(guest.name)
        disk = GuestDisk(
            registration.disk,
            lambda: self._written(guest.name, host),
            read_only=registration.write_protected,
        )
        application = open_application(disk) if open_application is not None else SilentApplication()
        registration.instance = RunningGuest(guest=guest, host=host, disk=disk, application=application)
        self.changed()

    def end_application(self, registration: Registration) -> None:
        """Ends the guest's application, and the rest of its power-up."""
        for appointment in registration.coming:
            appointment.cancel()
        registration.coming.clear()
        instance, registration.instance = registration.instance, None
        if instance is not None:
            self._effects += [instance.application.close, instance.disk.written]
        self.changed()

    def halt(self, registration: Registration) -> None:
        """The guest is off from now on."""
        self.end_application(registration)
        registration.state = PowerState.OFF
        registration.heartbeat = Heartbeat.NONE
        registration.running_since = None

    def power_off(self, host: str) -> None:
        """The host loses its power, and with it every guest it runs."""
        with self.acting():
            lost = self.hosts[host]
            if lost.starting is not None:
                lost.starting.cancel()
                lost.starting = None
            lost.powered = False
            for registration in lost.registrations.values():
                self.halt(registration)
            self.changed()

    def power_on(self, host: str) -> None:
        """The host starts; it is there after its boot time, its guests off."""
        with self.acting():
            dark = self.hosts[host]
            if not dark.powered and dark.starting is None:
                dark.starting = self.later(self.settings.host_boot_time, lambda: self._host_is_up(dark))

    def _host_is_up(self, host: HyperVHost) -> None:
        host.starting = None
        host.powered = True
        host.booted = self.now()
        host.boots += 1
        host.first_process = self.now_on(host.name)
        self.changed()

    def _reachable(self) -> Iterable[HyperVHost]:
        """The hosts whose guests the production network leads to."""
        return self.hosts.values()

    def _written(self, guest: str, host: str) -> None:
        with self.acting():
            if self.hosts[host].powered:
                for watcher in self._write_watchers:
                    watcher(guest, host)

    def _take_effects(self) -> list[Callable[[], None]]:
        effects, self._effects = self._effects, []
        if self._changed:
            self._changed = False
            effects += self._subscribers
        return effects

    def _install_guests(self) -> None:
        """Each guest is registered on its home host, off, with a system disk that the seed determines."""
        generator = random.Random(self.settings.seed)  # noqa: S311 - contents of a disk, not a secret
        for guest in self.guests.values():
            host = self.hosts[guest.home]
            disk = host.disk_folder(guest.name)
            disk.mkdir(parents=True)
            (disk / "system.vhd").write_bytes(generator.randbytes(SYSTEM_DISK_BLOCKS * BLOCK))
            host.registrations[guest.name] = Registration(
                guest=guest, host=host.name, disk=disk, adapters=initial_adapters(guest)
            )
