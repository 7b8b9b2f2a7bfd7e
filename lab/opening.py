"""Opening a lab: the only place that knows whether a site is real or simulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from lab.clock import SystemClock, SystemTimetable
from lab.drivers.garoon.browser import GaroonBrowser
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.garoon.remains import GaroonRemains
from lab.drivers.guest import IntegrationServices
from lab.drivers.hyperv import HyperVHost
from lab.drivers.mailbox import LoopbackMailbox
from lab.drivers.operator.attention import Attention
from lab.drivers.operator.desk import Desk
from lab.drivers.operator.faults import OperatorFaults
from lab.drivers.operator.mail import OperatorMailbox
from lab.drivers.operator.operations import OperatorOperations
from lab.drivers.powershell_direct import GuestChannel
from lab.drivers.relay import GuestRelay
from lab.drivers.rha.commands import MixedOperations, RhaCommands, RhaOperations, Ways
from lab.drivers.rha.control_service import (
    ControlService,
    IntegrityTest,
    MaintenanceWizard,
    NotificationSettings,
    Properties,
    StatisticsPane,
    Wizard,
)
from lab.drivers.rha.door import Door
from lab.drivers.rha.search import RhaSearch
from lab.drivers.windows import WindowsHost
from lab.drivers.winrm.session import WinRmSession
from lab.errors import OperationUnavailable, SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login, local_url
from lab.model.hosts import HYPERV_SERVICE, HostRole, RhaServices
from lab.model.hours import BusinessHours
from lab.model.limits import Limits
from lab.ports import (
    AssuredRecovery,
    Attendant,
    CallObserver,
    Clock,
    ControlHost,
    FaultInjection,
    Guests,
    HostMaintenance,
    HostSession,
    HyperV,
    Mailbox,
    Manager,
    Measurement,
    Notifications,
    Replication,
    ScenarioProperties,
    ScenarioWizard,
    Statistics,
    Timetable,
    Windows,
)
from lab.probes.canaries import GaroonCanaries
from lab.probes.measurement import LabMeasurement
from lab.safety.interlocks import (
    InterlockedAssuredRecovery,
    InterlockedMaintenance,
    InterlockedProperties,
    InterlockedReplication,
    InterlockedWizard,
    RuleContext,
)
from lab.safety.lease import LeaseFile, SiteLease
from lab.safety.permissions import ChangeGuard, GuardedSession
from lab.site.discovery import usable_operations
from lab.site.file import RealAccess, Site
from lab.site.simulation import SimulationSettings
from lab.site.terms import By
from words import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class LabHost:
    """Ports of one host, and the names of the Windows services that the lab relies on there."""

    windows: Windows
    hyperv: HyperV
    guests: Guests
    services: tuple[str, ...]
    channel: GuestChannel | None

    def guest_channel(self) -> GuestChannel:
        """PowerShell Direct into Garoon's guest on this host; SiteError where the site file has no login for it."""
        if self.channel is None:
            raise SiteError(sentence("errors.guest.no_login"))
        return self.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rha:
    """Arcserve RHA's Control Service. `restoring` is exempt from business hours; all else asks the interlocks first.

    Commands are sent for the operations `by_commands`; people perform the others, or they are refused.
    """

    replication: Replication
    restoring: Replication
    wizard: ScenarioWizard
    properties: ScenarioProperties
    statistics: Statistics
    notifications: Notifications
    maintenance: HostMaintenance
    assured_recovery: AssuredRecovery
    services: RhaServices
    home: ControlHost
    by_commands: frozenset[str]
    searched: Mapping[str, Mapping[str, str]]
    """The versions of the product's services by host, for which commands were confirmed; none where none is sent."""

    @property
    def apart(self) -> ControlHost | None:
        """The host of a Control Service on neither of the two."""
        return self.home if self.home.apart else None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaroonClients:
    """Clients of Garoon; their sessions end with the lab."""

    endpoint: GaroonEndpoint
    logins: RefusedLogins
    browser_driver: BrowserDriver
    clock: Clock
    resources: ExitStack

    def browser(self) -> GaroonBrowser:
        """A browser client; Chromium starts when it is first used."""
        return self._browser(self.endpoint)

    def http(self) -> GaroonHttp:
        """An HTTP client."""
        client = GaroonHttp(self.endpoint, self.clock, logins=self.logins)
        self.resources.callback(client.close)
        return client

    def remains(self) -> GaroonRemains:
        """Entries that drills have left."""
        return GaroonRemains(self.http(), self.clock)

    def in_guest(self, channel: GuestChannel) -> GaroonBrowser:
        """A browser client inside the guest, at the URL in use with localhost for its host (guide 6-1, step 6).

        The browser runs on the controller; a relay carries its requests into the guest.
        """
        parts = urlsplit(self.endpoint.url)
        if parts.scheme != "http":
            raise OperationUnavailable(sentence("errors.guest.http_only", url=self.endpoint.url))
        relay = GuestRelay(channel, port=parts.port or 80)
        self.resources.callback(relay.close)
        return self._browser(replace(self.endpoint, url=local_url(self.endpoint.url), connect=relay.address))

    def _browser(self, endpoint: GaroonEndpoint) -> GaroonBrowser:
        client = GaroonBrowser(endpoint, driver=self.browser_driver, logins=self.logins)
        self.resources.callback(client.close)
        return client


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguards:
    """Safeguards of the lab. `may_differ` after a drill is named as a comparison prints it."""

    guard: ChangeGuard
    lease: SiteLease | None
    """None in a disposable lab, which no other run can reach."""
    business_hours: BusinessHours | None
    hours_to_avoid: BusinessHours | None
    """The same, unless the operator overrides the business-hours interlocks for this run."""
    may_differ: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedOnly:
    """Simulated sites only: fault injection, a mailbox on the loopback of the controller, and RHA's manager."""

    faults: FaultInjection
    mailbox: Mailbox
    manager: Manager
    keep_whole: Callable[[Callable[[], AbstractContextManager[None]]], None]
    """Gives what its world does to a guard against signals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """An open lab. Actions ask Kunren's interlocks first; `secrets` are its passwords, which no record may tell."""

    clock: Clock
    limits: Limits
    hosts: Mapping[HostRole, LabHost]
    rha: Rha
    garoon: GaroonClients
    measurement: Measurement
    safety: Safeguards
    faults: FaultInjection | None
    """None where neither the simulator nor people bring them about."""
    mailbox: Mailbox | None
    """The simulator's, or the site's as people look into it."""
    people: OperatorOperations | None
    """Who does what no command may be sent for; None without attendants."""
    simulated: SimulatedOnly | None
    resources: ExitStack
    secrets: tuple[str, ...] = ()

    @property
    def disposable(self) -> bool:
        """Whether the lab was made for this run and is gone with it: there, preconditions may be brought about."""
        return self.simulated is not None

    def close(self) -> None:
        self.resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Access:
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
    """The simulated operator of a simulated site, who works where nobody else attends."""

    def session(self, endpoint: Endpoint, observer: CallObserver | None = None, bits: int = 64) -> WinRmSession:
        """A separate connection to a host; refused logins are shared with all other connections."""
        return WinRmSession(
            endpoint, clock=self.clock, wall=SystemClock(), observer=observer, logins=self.logins, bits=bits
        )


def open_lab(
    site: Site,
    *,
    observer: CallObserver | None = None,
    in_business_hours: bool = False,
    browser_driver: BrowserDriver | None = None,
    attendants: Sequence[Attendant] = (),
) -> Lab:
    """Opens a lab without touching a host; a simulated lab begins to exist. Close it in any case.

    `in_business_hours` is the operator's word that the guide's advice about them does not hold this time;
    `browser_driver` is shared with labs that are opened later; `attendants`
    lead to the people who do what no command may be sent for.
    """
    with ExitStack() as resources:
        browser_driver = browser_driver or BrowserDriver()
        access = _access(site, resources, garoon_port=browser_driver.port)
        sessions = {role: access.session(endpoint, observer) for role, endpoint in access.endpoints.items()}
        for session in sessions.values():
            resources.callback(session.close)
        guard = ChangeGuard(permitted=site.permissions.changes, asked=True)
        lease = _lease(site, access, resources)
        if lease is not None:
            guard.require = lease.require
        permitted = {role: GuardedSession(session, guard) for role, session in sessions.items()}
        channels = _channels(site, access, observer, guard)
        for channel in channels.values():
            resources.callback(channel.close)
        hyperv: dict[HostRole, HyperV] = {
            role: HyperVHost(session, site.limits, access.clock) for role, session in permitted.items()
        }
        usable = performed_by_commands(site, access.usable)

        def own(bits: int) -> GuardedSession:
            session = access.session(access.control, observer, bits)
            resources.callback(session.close)
            return GuardedSession(session, guard)

        home = own(64) if site.control_service is None else permitted[site.control_service]
        narrow = site.discovery is not None and site.discovery.bits == 32
        commands: RhaOperations = RhaCommands(
            own(32) if narrow else home, site.profile, _ways(site, access, usable), site.limits
        )
        windows = {
            role: WindowsHost(session, site.profile.event_log, site.limits) for role, session in permitted.items()
        }
        control_host = ControlHost(
            name=site.control_host,
            windows=WindowsHost(home, site.profile.event_log, site.limits),
            services=(site.profile.control_service.name,),
            apart=site.control_service is None,
        )
        desk = _desk(site, access, attendants)
        people = None
        if desk is not None:
            people = OperatorOperations(
                desk=desk,
                profile=site.profile,
                subject=site.subject,
                host=site.control_host,
                limits=site.limits,
                undertake=partial(guard.undertake, doubt=desk.doubt),
                hyperv=hyperv,
                windows=control_host.windows,
                attention=Attention(access.clock),
                clock=access.clock,
            )
            commands = MixedOperations(usable, commands, people, people.look_anew)
        control_service = ControlService(commands, _names_of_hosts(access.endpoints.values()))
        guests = {role: IntegrationServices(session, site.limits) for role, session in permitted.items()}
        rule_context = RuleContext(
            subject=site.subject,
            profile=site.profile,
            replication=control_service,
            hyperv=hyperv,
            guests=guests,
            clock=access.clock,
            business_hours=None if in_business_hours else site.business_hours,
        )
        measurement = _measurement(site, access, resources)
        opened = resources.pop_all()
        return Lab(
            clock=access.clock,
            limits=site.limits,
            hosts={
                role: LabHost(
                    windows=windows[role],
                    hyperv=hyperv[role],
                    guests=guests[role],
                    services=_services(site, role),
                    channel=channels.get(role),
                )
                for role, session in permitted.items()
            },
            rha=Rha(
                replication=InterlockedReplication(control_service, rule_context),
                restoring=InterlockedReplication(control_service, rule_context, to_restore=True),
                wizard=InterlockedWizard(Wizard(commands), rule_context),
                properties=InterlockedProperties(Properties(commands), rule_context),
                statistics=StatisticsPane(commands),
                notifications=NotificationSettings(commands),
                maintenance=InterlockedMaintenance(MaintenanceWizard(commands, control_service), rule_context),
                assured_recovery=InterlockedAssuredRecovery(IntegrityTest(commands), rule_context),
                services=RhaServices(
                    engine=site.profile.engine_service.name, control=site.profile.control_service.name
                ),
                home=control_host,
                by_commands=usable,
                searched=site.discovery.versions if site.discovery and usable else {},
            ),
            garoon=GaroonClients(
                endpoint=access.garoon,
                logins=access.logins,
                browser_driver=browser_driver,
                clock=access.clock,
                resources=opened,
            ),
            measurement=measurement,
            safety=Safeguards(
                guard=guard,
                lease=lease,
                business_hours=site.business_hours,
                hours_to_avoid=rule_context.business_hours,
                may_differ=site.may_differ,
            ),
            faults=_faults(site, access, people),
            mailbox=_mailbox(access, people),
            people=people,
            simulated=access.simulated,
            resources=opened,
            secrets=_secrets(access),
        )


@contextmanager
def searching(site: Site) -> Iterator[Mapping[str, RhaSearch]]:
    """Searches for Arcserve RHA on the hosts of a site, that of the Control Service first; they change nothing."""
    with ExitStack() as resources:
        access = _access(site, resources)
        endpoints = {each.host: each for each in (access.control, *access.endpoints.values())}
        sessions = {host: access.session(endpoint) for host, endpoint in endpoints.items()}
        for session in sessions.values():
            resources.callback(session.close)
        guard = ChangeGuard(permitted=False)
        narrow = access.session(access.control, bits=32)
        resources.callback(narrow.close)
        yield {
            host: RhaSearch(
                GuardedSession(session, guard), site.profile, site.limits, narrow=GuardedSession(narrow, guard)
            )
            for host, session in sessions.items()
        }


def load_simulator() -> None:
    """Imports what opening a simulated lab takes, at an instant when a stop does no harm.

    A KeyboardInterrupt amid the making of a class makes Python end the process by SIGINT, even if it is caught.
    """
    import lab.simulator.serving  # noqa: F401, PLC0415  # a real site never loads the simulator


def _names_of_hosts(endpoints: Iterable[Endpoint]) -> Mapping[str, str]:
    """Names of hosts in the site file, by each name or address, in small letters, that leads to one host alone."""
    hosts = [(urlsplit(each.url).hostname or "", each.host) for each in endpoints]
    reached_by = Counter(address for address, _ in hosts)
    return {address: host for address, host in hosts if address and reached_by[address] == 1}


def _desk(site: Site, access: _Access, attendants: Sequence[Attendant]) -> Desk | None:
    """Where people are asked to do and to look up what no command may be sent for; None without attendants."""
    present = attendants or (() if access.operator is None else (access.operator,))
    if site.by is By.POWERSHELL or not present:
        return None
    desk = Desk(access.clock)
    for attendant in present:
        desk.attend(attendant)
    return desk


def _faults(site: Site, access: _Access, people: OperatorOperations | None) -> FaultInjection | None:
    """By people where they attend, on a real site only if its file permits it."""
    if people is not None and site.permissions.faults:
        return OperatorFaults(people)
    return access.simulated.faults if access.simulated is not None else None


def _mailbox(access: _Access, people: OperatorOperations | None) -> Mailbox | None:
    if access.simulated is not None:
        return access.simulated.mailbox
    return None if people is None else OperatorMailbox(people)


def performed_by_commands(site: Site, usable: frozenset[str]) -> frozenset[str]:
    """The operations of RHA that commands are sent for; people do the others, or they are refused.

    Mail server and recipient of a real site are for people to know.
    """
    if site.by is By.OPERATOR:
        return frozenset()
    return usable if site.simulated else usable - {"set_notification"}


def _ways(site: Site, access: _Access, usable: frozenset[str]) -> Ways:
    """What the profile says of a connection, and what a search of the site has found."""
    door, connection, found = None, site.profile.connection, site.discovery
    if connection.command:
        door = Door(connection=connection, host=site.control_host, login=access.rha, clock=access.clock)
    return Ways(
        usable=usable,
        snap_ins=found.snap_ins if found else (),
        door=door,
        connecting=found.connecting if found else "",
    )


def _lease(site: Site, access: _Access, resources: ExitStack) -> SiteLease | None:
    """A lease over its own connection, since it is renewed while calls are under way on the others."""
    if site.simulated:
        return None
    session = access.session(access.control)
    resources.callback(session.close)
    guard = ChangeGuard(permitted=site.permissions.changes, asked=True)
    lease = SiteLease(LeaseFile(GuardedSession(session, guard), site.limits), SystemClock())
    resources.callback(lease.abandon)
    return lease


def _measurement(site: Site, access: _Access, resources: ExitStack) -> LabMeasurement:
    """A measurement over separate connections to both hosts; the journal records probe results, not every call."""
    garoon = GaroonHttp(access.garoon, access.clock, logins=access.logins)
    resources.callback(garoon.close)
    measurement = LabMeasurement(
        site.probing,
        clock=access.clock,
        timetable=access.timetable,
        hosts=tuple(access.endpoints.values()),
        sessions=[
            GuardedSession(access.session(endpoint), ChangeGuard(permitted=False))
            for endpoint in access.endpoints.values()
        ],
        guest=site.subject.guest,
        garoon=access.garoon,
        canaries=GaroonCanaries(garoon, access.clock.now()),
        logins=access.logins,
    )
    resources.callback(measurement.end)
    return measurement


def _access(site: Site, resources: ExitStack, *, garoon_port: int = 0) -> _Access:
    """A simulated Garoon is at `garoon_port`, unless the site file has another."""
    match site.access:
        case RealAccess() as given:
            return _Access(
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


def _simulated(site: Site, settings: SimulationSettings, resources: ExitStack) -> _Access:
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

    return _Access(
        clock=lab.clock,
        endpoints=lab.endpoints,
        control=lab.control,
        rha=Login(lab.control.user, lab.control.password),
        garoon=lab.garoon,
        guest=lab.guest,
        usable=usable,
        timetable=lambda _: lab.timetable,
        logins=RefusedLogins(),
        simulated=SimulatedOnly(faults=lab.faults, mailbox=mailbox, manager=lab.operator, keep_whole=keep_whole),
        operator=lab.operator if site.by is not By.POWERSHELL else None,
    )


def _secrets(access: _Access) -> tuple[str, ...]:
    guest = () if access.guest is None else (access.guest.password,)
    hosts = (endpoint.password for endpoint in (*access.endpoints.values(), access.control))
    return (*hosts, access.rha.password, access.garoon.password, *guest)


def _channels(
    site: Site, access: _Access, observer: CallObserver | None, guard: ChangeGuard
) -> dict[HostRole, GuestChannel]:
    """One a host, each call over a line of its own; none without a login for the guest."""

    def line(endpoint: Endpoint) -> HostSession:
        return GuardedSession(access.session(endpoint, observer), guard)

    guest = access.guest
    if guest is None:
        return {}
    return {
        role: GuestChannel(partial(line, endpoint), site.subject.guest, guest, site.limits, access.logins)
        for role, endpoint in access.endpoints.items()
    }


def _services(site: Site, role: HostRole) -> tuple[str, ...]:
    control = (site.profile.control_service.name,) if role is site.control_service else ()
    return (HYPERV_SERVICE, site.profile.engine_service.name, *control)
