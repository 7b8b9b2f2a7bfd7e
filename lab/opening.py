"""Opening a lab: the only place that knows whether a site is real or simulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType, TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from lab.clock import SystemClock, SystemTimetable
from lab.drivers.event_log import HostEventLog
from lab.drivers.garoon.browser import BrowserDriver, GaroonBrowser
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.guest import IntegrationServices
from lab.drivers.hyperv import HyperVHost, PatientHyperV
from lab.drivers.mailbox import LoopbackMailbox
from lab.drivers.powershell_direct import GuestChannel
from lab.drivers.relay import GuestRelay
from lab.drivers.rha.commands import RhaCommands
from lab.drivers.rha.control_service import (
    ControlService,
    IntegrityTest,
    MaintenanceWizard,
    Properties,
    StatisticsPane,
    Wizard,
)
from lab.drivers.rha.notification import NotificationSettings
from lab.drivers.windows import WindowsHost, WindowsPower
from lab.drivers.winrm import WinRmSession
from lab.errors import OperationUnavailable, SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, GuestLogin, local_url
from lab.model.hosts import HYPERV_SERVICE, HostRole, RhaServices
from lab.model.hours import BusinessHours
from lab.model.limits import Limits
from lab.ports import (
    AssuredRecovery,
    CallObserver,
    Clock,
    EventLog,
    FaultInjection,
    Guests,
    HostMaintenance,
    HostPower,
    HostSession,
    HyperV,
    Mailbox,
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
    Outlook,
)
from lab.safety.lease import LeaseFile, SiteLease
from lab.safety.permissions import ChangeGuard, GuardedSession
from lab.site.discovery import usable_operations
from lab.site.file import RealAccess, SimulatedAccess, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """An open lab: its ports, by role where each host has one. What acts asks Kunren's interlocks first.

    `restoring` is the Control Service for putting the lab back, which is right at any hour. `services` are the names of
    the Windows services it lives on; what `may_differ` after a drill is named as a comparison of states prints it.
    A `disposable` lab was made for this run and is gone with it: there, premises may be brought about.
    """

    disposable: bool
    guard: ChangeGuard
    clock: Clock
    sessions: Mapping[HostRole, WinRmSession]
    windows: Mapping[HostRole, Windows]
    power: Mapping[HostRole, HostPower]
    hyperv: Mapping[HostRole, HyperV]
    guests: Mapping[HostRole, Guests]
    replication: Replication
    restoring: Replication
    wizard: ScenarioWizard
    properties: ScenarioProperties
    business_hours: BusinessHours | None
    lease: SiteLease | None
    """Absent in a disposable lab, which no other run can reach."""
    hours_to_avoid: BusinessHours | None
    """The same, unless the operator works in them on purpose."""
    services: Mapping[HostRole, tuple[str, ...]]
    rha_services: RhaServices
    may_differ: frozenset[str]
    statistics: Statistics
    notifications: Notifications
    event_logs: Mapping[HostRole, EventLog]
    maintenance: HostMaintenance
    assured_recovery: AssuredRecovery
    garoon: GaroonEndpoint
    logins: RefusedLogins
    channels: Mapping[HostRole, GuestChannel]
    browser_driver: BrowserDriver
    measurement: Measurement
    limits: Limits
    faults: FaultInjection | None
    """Absent on a real site: nobody cuts its power by a command."""
    mailbox: Mailbox | None
    """Absent on a real site: its hosts do not reach a mailbox on this machine's loopback."""
    resources: ExitStack
    secrets: tuple[str, ...] = ()
    """The passwords it is reached with, which no record may tell."""

    def garoon_browser(self) -> GaroonBrowser:
        """A visitor with a browser, which starts when it is first used and ends with the lab."""
        visitor = GaroonBrowser(self.garoon, driver=self.browser_driver, logins=self.logins)
        self.resources.callback(visitor.close)
        return visitor

    def guest_channel(self, role: HostRole) -> GuestChannel:
        """The way into Garoon's guest on that host; SiteError where the site file has no login for it."""
        if role not in self.channels:
            raise SiteError(
                "The site file has no login for the guest: write user and password_from in its table [guest]."
            )
        return self.channels[role]

    def garoon_in_guest(self, role: HostRole) -> GaroonBrowser:
        """A visitor inside the guest on that host, at the URL in use with localhost for its host (guide 6-1, step 6).

        The browser runs here; its requests are carried into the guest by a relay.
        """
        parts = urlsplit(self.garoon.url)
        if parts.scheme != "http":
            raise OperationUnavailable(f"Garoon inside the guest is reached over http only, not at {self.garoon.url}.")
        relay = GuestRelay(self.guest_channel(role), port=parts.port or 80)
        self.resources.callback(relay.close)
        endpoint = replace(self.garoon, url=local_url(self.garoon.url), connect=relay.address)
        visitor = GaroonBrowser(endpoint, driver=self.browser_driver, logins=self.logins)
        self.resources.callback(visitor.close)
        return visitor

    def garoon_http(self) -> GaroonHttp:
        """A visitor without a browser; its session ends with the lab."""
        visitor = GaroonHttp(self.garoon, self.clock, logins=self.logins)
        self.resources.callback(visitor.close)
        return visitor

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
    """What drivers are built from, and what only a simulated site offers."""

    clock: Clock
    endpoints: Mapping[HostRole, Endpoint]
    garoon: GaroonEndpoint
    guest: GuestLogin | None
    usable: frozenset[str]
    timetable: Callable[[int], Timetable]
    logins: RefusedLogins
    faults: FaultInjection | None = None
    mailbox: Mailbox | None = None

    def session(self, endpoint: Endpoint, observer: CallObserver | None = None) -> WinRmSession:
        """A line of its own to a host, which shares with all others what logins were refused."""
        return WinRmSession(endpoint, clock=self.clock, wall=SystemClock(), observer=observer, logins=self.logins)


def open_lab(
    site: Site,
    *,
    observer: CallObserver | None = None,
    in_business_hours: bool = False,
    browser_driver: BrowserDriver | None = None,
) -> Lab:
    """Nothing on a host is touched by opening; a simulated lab begins to exist. Close it in any case.

    `in_business_hours` is the operator's word that the guide's advice about them does not hold this time;
    `browser_driver` is shared with labs that are opened later.
    """
    with ExitStack() as resources:
        access = _access(site, resources)
        sessions = {role: access.session(endpoint, observer) for role, endpoint in access.endpoints.items()}
        for session in sessions.values():
            resources.callback(session.close)
        guard = ChangeGuard(permitted=site.permissions.changes, asked=True)
        lease = _lease(site, access, resources)
        if lease is not None:
            guard.require = lease.require
        permitted = {role: GuardedSession(session, guard) for role, session in sessions.items()}
        commands = RhaCommands(
            permitted[site.control_service],
            site.profile,
            usable=access.usable,
            snap_ins=() if site.discovery is None else site.discovery.snap_ins,
            limits=site.limits,
        )
        channels = _channels(site, access, observer, guard)
        for channel in channels.values():
            resources.callback(channel.close)
        hyperv: dict[HostRole, HyperV] = {
            role: PatientHyperV(HyperVHost(session, site.limits), access.clock) for role, session in permitted.items()
        }
        guests = {role: IntegrationServices(session, site.limits) for role, session in permitted.items()}
        control_service = ControlService(commands, _names_of_hosts(access.endpoints.values()))
        outlook = Outlook(
            subject=site.subject,
            profile=site.profile,
            replication=control_service,
            hyperv=hyperv,
            guests=guests,
            clock=access.clock,
            business_hours=None if in_business_hours else site.business_hours,
        )
        return Lab(
            disposable=site.simulated,
            guard=guard,
            clock=access.clock,
            sessions=MappingProxyType(sessions),
            windows={role: WindowsHost(session, site.limits) for role, session in permitted.items()},
            power={role: WindowsPower(session, site.limits) for role, session in permitted.items()},
            hyperv=hyperv,
            guests=guests,
            replication=InterlockedReplication(control_service, outlook),
            restoring=InterlockedReplication(control_service, outlook, to_restore=True),
            wizard=InterlockedWizard(Wizard(commands), outlook),
            properties=InterlockedProperties(Properties(commands), outlook),
            business_hours=site.business_hours,
            lease=lease,
            hours_to_avoid=outlook.business_hours,
            services={role: _services(site, role) for role in HostRole},
            rha_services=RhaServices(
                engine=site.profile.engine_service.name, control=site.profile.control_service.name
            ),
            may_differ=site.may_differ,
            statistics=StatisticsPane(commands),
            notifications=NotificationSettings(commands),
            event_logs={
                role: HostEventLog(session, site.profile.event_log, site.limits) for role, session in permitted.items()
            },
            faults=access.faults,
            mailbox=access.mailbox,
            maintenance=InterlockedMaintenance(MaintenanceWizard(commands, control_service), outlook),
            assured_recovery=InterlockedAssuredRecovery(IntegrityTest(commands), outlook),
            garoon=access.garoon,
            logins=access.logins,
            channels=MappingProxyType(channels),
            browser_driver=browser_driver or BrowserDriver(),
            measurement=_measurement(site, access, resources),
            limits=site.limits,
            resources=resources.pop_all(),
            secrets=_secrets(access),
        )


def _names_of_hosts(endpoints: Iterable[Endpoint]) -> Mapping[str, str]:
    """By every name or address that leads to one host alone, in small letters: its name in the site file."""
    hosts = [(urlsplit(each.url).hostname or "", each.host) for each in endpoints]
    reached_by = Counter(address for address, _ in hosts)
    return {address: host for address, host in hosts if address and reached_by[address] == 1}


def _lease(site: Site, access: _Access, resources: ExitStack) -> SiteLease | None:
    """Over a line of its own, since it is renewed while calls are under way on the others."""
    if site.simulated:
        return None
    session = access.session(access.endpoints[site.control_service])
    resources.callback(session.close)
    guard = ChangeGuard(permitted=site.permissions.changes, asked=True)
    lease = SiteLease(LeaseFile(GuardedSession(session, guard), site.limits), SystemClock())
    resources.callback(lease.abandon)
    return lease


def _measurement(site: Site, access: _Access, resources: ExitStack) -> LabMeasurement:
    """Over lines of its own to both hosts, of which the journal notes what the probes saw, not every call."""
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


def _access(site: Site, resources: ExitStack) -> _Access:
    match site.access:
        case RealAccess(endpoints, garoon, guest, logins):
            usable = usable_operations(site.profile, site.discovery)
            return _Access(
                clock=SystemClock(),
                endpoints=endpoints,
                garoon=garoon,
                guest=guest,
                usable=usable,
                timetable=SystemTimetable,
                logins=logins,
            )
        case SimulatedAccess(settings):
            return _simulated(site, settings, resources)


def _simulated(site: Site, settings: Mapping[str, Any], resources: ExitStack) -> _Access:
    from lab.simulator.serving import serve  # noqa: PLC0415  # a real site never loads the simulator

    lab = serve(settings)
    resources.callback(lab.close)
    # The simulator speaks the very profile the drivers read, so every operation is there.
    usable = frozenset(site.profile.operations)
    mailbox = LoopbackMailbox(lab.clock)
    resources.callback(mailbox.close)
    return _Access(
        clock=lab.clock,
        endpoints=lab.endpoints,
        garoon=lab.garoon,
        guest=lab.guest,
        usable=usable,
        timetable=lambda _: lab.timetable,
        logins=RefusedLogins(),
        faults=lab.faults,
        mailbox=mailbox,
    )


def _secrets(access: _Access) -> tuple[str, ...]:
    guest = () if access.guest is None else (access.guest.password,)
    return (*(endpoint.password for endpoint in access.endpoints.values()), access.garoon.password, *guest)


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
