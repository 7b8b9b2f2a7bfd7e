"""Mutations of guests and the network in front of them, on either host (guide 3, 4-1 and 6-1)."""

from __future__ import annotations

from collections.abc import Iterable

from lab.model.hosts import HostRole
from lab.simulator.hosts.host import HyperVHost, Registration, RunningGuest
from lab.simulator.mutations.declaration import mutation
from lab.simulator.world import World


@mutation("4-1.S5")
class DatabaseReadOnly(World):
    """The disk of the guest is write-protected on any host but its original one."""

    def boot(self, registration: Registration) -> None:
        if registration.host != registration.guest.home:
            registration.write_protected = True
        super().boot(registration)


@mutation("4-1.S5")
class UrlStillPointsToMaster(World):
    """The production address leads to the master host, even if the guest runs on the replica."""

    def _reachable(self) -> Iterable[HyperVHost]:
        return (host for host in super()._reachable() if host.role is HostRole.MASTER)


@mutation("6-1.S5")
class GuestChannelClosed(World):
    """PowerShell Direct does not connect to a guest."""

    def directly(self, registration: Registration) -> RunningGuest | None:  # noqa: ARG002  # to none
        return None


@mutation("3.N5")
class GuestNameUntold(World):
    """The hosts do not pass on the computer names of their guests."""

    def guest_name(self, registration: Registration) -> str:  # noqa: ARG002  # of no guest
        return ""
