"""A lab is opened, for a drill or for a search, without a host being touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.drivers.guest import IntegrationServices
from lab.drivers.hyperv import HyperVHost
from lab.drivers.rha.control_service import (
    ControlService,
    IntegrityTest,
    MaintenanceWizard,
    NotificationSettings,
    Properties,
    StatisticsPane,
    Wizard,
)
from lab.drivers.rha.search import RhaSearch
from lab.drivers.windows import WindowsHost
from lab.model.endpoints import Endpoint
from lab.model.hosts import HYPERV_SERVICE, HostRole, RhaServices
from lab.model.hours import BusinessHours
from lab.opening.access import access_to
from lab.opening.control import Control, control_of, desk_of
from lab.opening.lines import Lines
from lab.opening.opened import GaroonClients, Lab, LabHost, Rha, Safeguards
from lab.ports import Attendant, CallObserver, HostSession
from lab.safety.interlocks import (
    InterlockedAssuredRecovery,
    InterlockedMaintenance,
    InterlockedProperties,
    InterlockedReplication,
    InterlockedWizard,
    RuleContext,
)
from lab.safety.permissions import ChangeGuard
from lab.site.file import Site


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
        access = access_to(site, resources, garoon_port=browser_driver.port)
        guard = ChangeGuard(permitted=site.permissions.changes, asked=True)
        lines = Lines(site=site, access=access, guard=guard, resources=resources, observer=observer)
        sessions = {role: lines.to(endpoint) for role, endpoint in access.endpoints.items()}
        lease = lines.lease()
        hosts = _hosts(lines, sessions)
        control = control_of(lines, sessions, hosts, desk_of(site, access, attendants))
        hours_to_avoid = None if in_business_hours else site.business_hours
        rha = _rha(lines, control, hosts, hours_to_avoid)
        measurement = lines.measurement()
        opened = resources.pop_all()
        return Lab(
            clock=access.clock,
            limits=site.limits,
            hosts=hosts,
            rha=rha,
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
                hours_to_avoid=hours_to_avoid,
                may_differ=site.may_differ,
            ),
            faults=control.faults(lines),
            mailbox=control.mailbox(access),
            people=control.people,
            simulated=access.simulated,
            resources=opened,
            secrets=access.secrets,
        )


@contextmanager
def searching(site: Site) -> Iterator[Mapping[str, RhaSearch]]:
    """Searches for Arcserve RHA on the hosts of a site, that of the Control Service first; they change nothing."""
    with ExitStack() as resources:
        access = access_to(site, resources)
        guard = ChangeGuard(permitted=False)
        lines = Lines(site=site, access=access, guard=guard, resources=resources, observer=None)
        endpoints = {each.host: each for each in (access.control, *access.endpoints.values())}
        sessions = {host: lines.to(endpoint) for host, endpoint in endpoints.items()}
        narrow = lines.to(access.control, 32)
        yield {host: RhaSearch(session, site.profile, site.limits, narrow=narrow) for host, session in sessions.items()}


def _hosts(lines: Lines, sessions: Mapping[HostRole, HostSession]) -> Mapping[HostRole, LabHost]:
    site, channels = lines.site, lines.channels()
    return {
        role: LabHost(
            windows=WindowsHost(session, site.profile.event_log, site.limits),
            hyperv=HyperVHost(session, site.limits, lines.access.clock),
            guests=IntegrationServices(session, site.limits),
            services=_services(site, role),
            channel=channels.get(role),
        )
        for role, session in sessions.items()
    }


def _rha(
    lines: Lines, control: Control, hosts: Mapping[HostRole, LabHost], hours_to_avoid: BusinessHours | None
) -> Rha:
    site, operations = lines.site, control.operations
    service = ControlService(operations, names_of_hosts(lines.access.endpoints.values()))
    rules = RuleContext(
        subject=site.subject,
        profile=site.profile,
        replication=service,
        hyperv={role: host.hyperv for role, host in hosts.items()},
        guests={role: host.guests for role, host in hosts.items()},
        clock=lines.access.clock,
        business_hours=hours_to_avoid,
    )
    return Rha(
        replication=InterlockedReplication(service, rules),
        restoring=InterlockedReplication(service, rules, to_restore=True),
        wizard=InterlockedWizard(Wizard(operations), rules),
        properties=InterlockedProperties(Properties(operations), rules),
        statistics=StatisticsPane(operations),
        notifications=NotificationSettings(operations),
        maintenance=InterlockedMaintenance(MaintenanceWizard(operations, service), rules),
        assured_recovery=InterlockedAssuredRecovery(IntegrityTest(operations), rules),
        services=RhaServices(engine=site.profile.engine_service.name, control=site.profile.control_service.name),
        home=control.home,
        by_commands=control.by_commands,
        searched=site.discovery.versions if site.discovery and control.by_commands else {},
    )


def names_of_hosts(endpoints: Iterable[Endpoint]) -> Mapping[str, str]:
    """Names of hosts in the site file, by each name or address, in small letters, that leads to one host alone."""
    hosts = [(urlsplit(each.url).hostname or "", each.host) for each in endpoints]
    reached_by = Counter(address for address, _ in hosts)
    return {address: host for address, host in hosts if address and reached_by[address] == 1}


def _services(site: Site, role: HostRole) -> tuple[str, ...]:
    control = (site.profile.control_service.name,) if role is site.control_service else ()
    return (HYPERV_SERVICE, site.profile.engine_service.name, *control)
