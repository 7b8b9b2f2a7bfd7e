"""The simulated lab put together: the world, its hosts behind WinRM, and Garoon behind the production network."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial

from lab.errors import SiteError
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login
from lab.model.hosts import HostRole
from lab.scratch import ScratchFolder
from lab.simulator.cmdlets import powershell_of
from lab.simulator.faults import SimulatedFaults
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.database import Database
from lab.simulator.garoon.front import WebFront
from lab.simulator.garoon.installation import install
from lab.simulator.garoon.settings import new_password
from lab.simulator.hosts import inventory
from lab.simulator.mutations.catalogue import mutated
from lab.simulator.operator import ManagerConsole, SimulatedOperator
from lab.simulator.rha.control_service import ControlService
from lab.simulator.timeline import Jumping, Pace, Scaled, SimulatedClock, Timeline
from lab.simulator.timetable import Patience, SimulatedTimetable
from lab.simulator.winrm.authentication import Account
from lab.simulator.winrm.listener import WinRmListener
from lab.simulator.world import World
from lab.site.profile import load_profile
from lab.site.simulation import SimulationSettings
from words import reason, sentence

USER = "kunren"
GAROON_URL = "http://cybozu.ca.com/scripts/cbgrn/grn.exe"
PROFILE = "arcserve_rha"


class SimulatedLab:
    """A lab from its construction until `close`. Time jumps when `speed` is None; else it is lab seconds per second.

    Raises SiteError for a mutation there is not, and for a port that cannot be opened.
    """

    def __init__(self, settings: SimulationSettings, *, speed: float | None = None) -> None:
        self._parts = mutated(settings.mutations)
        self._folder = ScratchFolder("lab")
        self._account = Account(USER, new_password("lab"))
        self._following = threading.Lock()
        self._closed = False
        timeline = Timeline(settings.start)
        self._scaled = None if speed is None else Scaled(timeline, speed)
        jumping = Jumping(timeline)
        pace: Pace = self._scaled or jumping
        self.clock = SimulatedClock(timeline, pace)
        self.timetable = SimulatedTimetable(timeline, jumping)
        lab = self._parts.of(inventory.Inventory)(settings, self._folder.path)
        self.world = self._parts.of(World)(timeline, settings, lab, self._parts)
        self.world.rha_login = Login(self._account.user, self._account.password)
        self.faults = SimulatedFaults(self.world, inventory.GAROON.name)
        self._control_service = self._parts.of(ControlService)(self.world, load_profile(PROFILE))
        self.console = ManagerConsole(self._control_service, self.faults)
        self.operator = SimulatedOperator(self.console, self.clock, settings)
        self._garoon_settings = lab.garoon()
        with _port_wanted(settings.garoon_port):
            self._front = WebFront(Patience(self.clock, self.timetable), port=settings.garoon_port)
        self._listeners = {host.name: self._listener(host.name, settings) for host in self.world.hosts.values()}
        self._install_garoon()
        self.world.subscribe(self._follow)
        self.world.begin()
        if self._scaled is not None:
            self._scaled.start()

    @property
    def endpoints(self) -> Mapping[HostRole, Endpoint]:
        return {host.role: self._endpoint(host.name) for host in self.world.hosts.values() if host.role}

    @property
    def control(self) -> Endpoint:
        """The Control Service's host, which may be one of the others."""
        return self._endpoint(self._control_service.home.name)

    @property
    def garoon(self) -> GaroonEndpoint:
        return GaroonEndpoint(
            url=GAROON_URL,
            connect=f"127.0.0.1:{self._front.port}",
            user=self._garoon_settings.login_name,
            password=self._garoon_settings.password,
        )

    @property
    def guest_name(self) -> str:
        """The name of the virtual machine that Garoon runs in."""
        return inventory.GAROON.name

    @property
    def guest(self) -> Login:
        return self.world.guest_login

    def close(self) -> None:
        """Afterwards no port, thread or file of the lab is left, and what still changes in its world opens none."""
        if self._scaled is not None:
            self._scaled.stop()
        with self._following:
            self._closed = True
        for listener in self._listeners.values():
            listener.close()
        self._front.close()
        self.world.close()
        self._folder.close()

    def _endpoint(self, host: str) -> Endpoint:
        url = self._listeners[host].url
        return Endpoint(host=host, url=url, user=self._account.user, password=self._account.password)

    def _listener(self, host: str, settings: SimulationSettings) -> WinRmListener:
        powershell = cache(partial(powershell_of, self.world, self._control_service, host, self.clock))
        return WinRmListener(
            powershell(64),
            host,
            self._account,
            self.clock,
            port=settings.winrm_ports.get(host, 0),
            allow_unencrypted=self._scaled is not None,  # as on a host prepared for trying clients, whichever they are
            alarm=self.world.timeline.after if self._scaled is not None else None,
            folder=self._folder.path,
            windows=self.world.hosts[host].windows,
            narrow=None if settings.narrow_fails else partial(powershell, 32),
        )

    def _install_garoon(self) -> None:
        guest = inventory.GAROON
        install(self.world.hosts[guest.home].disk_folder(guest.name), self.clock, self._garoon_settings)
        database = self._parts.of(Database)
        self.world.applications[guest.name] = lambda disk: GaroonApplication(
            disk, self.clock, self._garoon_settings, database
        )

    def _follow(self) -> None:
        """Lets sockets follow the world: a host without power refuses connections, and so does an unused address."""
        with self._following:
            if not self._closed:
                self._follow_hosts()
                self._follow_garoon()

    def _follow_hosts(self) -> None:
        for host in self.world.hosts.values():
            listener = self._listeners[host.name]
            if host.powered:
                with _port_wanted(listener.port):
                    listener.open()
            else:
                listener.suspend()

    def _follow_garoon(self) -> None:
        instance = self.world.at_address(inventory.GAROON.address)
        application = instance.application if instance is not None else None
        self._front.point_at(application if isinstance(application, GaroonApplication) else None)


@contextmanager
def _port_wanted(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SiteError(sentence("site.port", port=port, reason=reason(error))) from error
