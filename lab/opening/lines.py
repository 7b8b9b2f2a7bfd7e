"""Connections of one run to the hosts of a site; what changes a host asks the guard of the run first."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.powershell_direct import GuestChannel
from lab.model.endpoints import Endpoint
from lab.model.hosts import HostRole
from lab.opening.access import Access
from lab.ports import CallObserver, HostSession
from lab.probes.canaries import GaroonCanaries
from lab.probes.measurement import LabMeasurement
from lab.safety.lease import LeaseFile, SiteLease
from lab.safety.permissions import ChangeGuard, GuardedSession
from lab.site.file import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """They end with `resources`."""

    site: Site
    access: Access
    guard: ChangeGuard
    resources: ExitStack
    observer: CallObserver | None

    def to(self, endpoint: Endpoint, bits: int = 64) -> GuardedSession:
        session = self.access.session(endpoint, self.observer, bits)
        self.resources.callback(session.close)
        return GuardedSession(session, self.guard)

    def channels(self) -> Mapping[HostRole, GuestChannel]:
        """Into the guest on each host, each call over a line of its own; none without a login for the guest."""
        guest, site = self.access.guest, self.site
        if guest is None:
            return {}
        channels = {
            role: GuestChannel(
                partial(self._apart, endpoint), site.subject.guest, guest, site.limits, self.access.logins
            )
            for role, endpoint in self.access.endpoints.items()
        }
        for channel in channels.values():
            self.resources.callback(channel.close)
        return channels

    def lease(self) -> SiteLease | None:
        """A lease over its own connection, since it is renewed while calls are under way on the others."""
        if self.site.simulated:
            return None
        session = self.access.session(self.access.control)
        self.resources.callback(session.close)
        guard = ChangeGuard(permitted=self.site.permissions.changes, asked=True)
        lease = SiteLease(LeaseFile(GuardedSession(session, guard), self.site.limits), SystemClock())
        self.resources.callback(lease.abandon)
        self.guard.require = lease.require
        return lease

    def measurement(self) -> LabMeasurement:
        """Over separate connections to both hosts; the journal records results of probes, not every call."""
        access = self.access
        garoon = GaroonHttp(access.garoon, access.clock, logins=access.logins)
        self.resources.callback(garoon.close)
        measurement = LabMeasurement(
            self.site.probing,
            clock=access.clock,
            timetable=access.timetable,
            hosts=tuple(access.endpoints.values()),
            sessions=[
                GuardedSession(access.session(endpoint), ChangeGuard(permitted=False))
                for endpoint in access.endpoints.values()
            ],
            guest=self.site.subject.guest,
            garoon=access.garoon,
            canaries=GaroonCanaries(garoon, access.clock.now()),
            logins=access.logins,
        )
        self.resources.callback(measurement.end)
        return measurement

    def _apart(self, endpoint: Endpoint) -> HostSession:
        return GuardedSession(self.access.session(endpoint, self.observer), self.guard)
