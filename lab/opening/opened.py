"""An open lab: its hosts, RHA, Garoon's clients, the measurement, and what keeps it safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from lab.drivers.garoon.browser import GaroonBrowser
from lab.drivers.garoon.browser_driver import BrowserDriver
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.garoon.remains import GaroonRemains
from lab.drivers.operator.operations import OperatorOperations
from lab.drivers.powershell_direct import GuestChannel
from lab.drivers.relay import GuestRelay
from lab.errors import OperationUnavailable, SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import GaroonEndpoint, local_url
from lab.model.hosts import HostRole, RhaServices
from lab.model.hours import BusinessHours
from lab.model.limits import Limits
from lab.ports import (
    AssuredRecovery,
    Clock,
    ControlHost,
    FaultInjection,
    Guests,
    HostMaintenance,
    HyperV,
    Mailbox,
    Manager,
    Measurement,
    Notifications,
    Replication,
    ScenarioProperties,
    ScenarioWizard,
    Statistics,
    Windows,
)
from lab.safety.lease import SiteLease
from lab.safety.permissions import ChangeGuard
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
    tells_of_windows: bool
    """Its hosts are asked what hosts of a real site are asked."""


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
