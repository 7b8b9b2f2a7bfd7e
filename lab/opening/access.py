"""Access to the hosts and to Garoon: the only place that knows whether a site is real or simulated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from lab.clock import SystemClock, SystemTimetable
from lab.drivers.mailbox import LoopbackMailbox
from lab.drivers.winrm.session import WinRmSession
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login
from lab.model.hosts import HostRole
from lab.opening.opened import SimulatedOnly
from lab.ports import Attendant, CallObserver, Clock, Timetable
from lab.site.discovery import usable_operations
from lab.site.file import RealAccess, Site
from lab.site.simulation import SimulationSettings
from lab.site.terms import By


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Access to a site, from which drivers are built, and parts that only a simulated site has."""

    clock: Clock
    endpoints: Mapping[HostRole, Endpoint]
    control: Endpoint
    rha: Login
    garoon: GaroonEndpoint
    guest: Login | None
    usable: frozenset[str]
    timetable: Callable[[int], Timetable]
    logins: RefusedLogins
    simulated: SimulatedOnly | None = None
    operator: Attendant | None = None
    """The simulated operator of a simulated site, who works where no other person attends."""

    def session(self, endpoint: Endpoint, observer: CallObserver | None = None, bits: int = 64) -> WinRmSession:
        """A separate connection to a host; refused logins are shared with all other connections."""
        return WinRmSession(
            endpoint, clock=self.clock, wall=SystemClock(), observer=observer, logins=self.logins, bits=bits
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Its passwords, which no record may tell."""
        guest = () if self.guest is None else (self.guest.password,)
        hosts = (endpoint.password for endpoint in (*self.endpoints.values(), self.control))
        return (*hosts, self.rha.password, self.garoon.password, *guest)


def access_to(site: Site, resources: ExitStack, *, garoon_port: int = 0) -> Access:
    """A simulated Garoon is at `garoon_port`, unless the site file has another."""
    match site.access:
        case RealAccess() as given:
            return Access(
                clock=SystemClock(site.time_zone),
                endpoints=given.endpoints,
                control=given.control,
                rha=given.rha,
                garoon=given.garoon,
                guest=given.guest,
                usable=usable_operations(site.profile, site.discovery),
                timetable=SystemTimetable,
                logins=given.logins,
            )
        case SimulationSettings() as settings:
            port = settings.garoon_port or garoon_port
            return _simulated(site, settings.model_copy(update={"garoon_port": port}), resources)


def _simulated(site: Site, settings: SimulationSettings, resources: ExitStack) -> Access:
    from lab.simulator.serving import SimulatedLab  # noqa: PLC0415  # a real site never loads the simulator

    lab = SimulatedLab(settings)
    resources.callback(lab.close)
    # The simulator speaks the very profile that comes with Kunren, unless its settings say otherwise.
    usable = frozenset(site.profile.operations)
    if site.discovery is not None:
        usable = usable_operations(site.profile, site.discovery)
    mailbox = LoopbackMailbox(lab.clock)
    resources.callback(mailbox.close)

    def keep_whole(whole: Callable[[], AbstractContextManager[None]]) -> None:
        lab.world.timeline.whole = whole

    return Access(
        clock=lab.clock,
        endpoints=lab.endpoints,
        control=lab.control,
        rha=Login(lab.control.user, lab.control.password),
        garoon=lab.garoon,
        guest=lab.guest,
        usable=usable,
        timetable=lambda _: lab.timetable,
        logins=RefusedLogins(),
        simulated=SimulatedOnly(
            faults=lab.faults,
            mailbox=mailbox,
            manager=lab.operator,
            keep_whole=keep_whole,
            tells_of_windows=settings.tells_of_windows,
        ),
        operator=lab.operator if site.by is not By.POWERSHELL else None,
    )


def load_simulator() -> None:
    """Imports what opening a simulated lab takes, at an instant when a stop does no harm.

    A KeyboardInterrupt amid the making of a class makes Python end the process by SIGINT, even if it is caught.
    """
    import lab.simulator.serving  # noqa: F401, PLC0415  # a real site never loads the simulator
