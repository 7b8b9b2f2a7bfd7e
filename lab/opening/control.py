"""Who performs what is asked of RHA, and of what no driver reaches: commands, people, or the simulator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lab.drivers.operator.attention import Attention
from lab.drivers.operator.desk import Desk
from lab.drivers.operator.faults import OperatorFaults
from lab.drivers.operator.mail import OperatorMailbox
from lab.drivers.operator.operations import OperatorOperations
from lab.drivers.rha.commands import MixedOperations, RhaCommands, RhaOperations, Ways
from lab.drivers.rha.door import Door
from lab.drivers.windows import WindowsHost
from lab.model.hosts import HostRole
from lab.opening.access import Access
from lab.opening.lines import Lines
from lab.opening.opened import LabHost
from lab.ports import Attendant, ControlHost, FaultInjection, HostSession, Mailbox
from lab.site.file import Site
from lab.site.terms import By


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """The Control Service: the host it is on, and who performs its operations there."""

    home: ControlHost
    operations: RhaOperations
    by_commands: frozenset[str]
    people: OperatorOperations | None

    def faults(self, lines: Lines) -> FaultInjection | None:
        """By people where they attend, on a real site only if its file permits it."""
        if self.people is not None and lines.site.permissions.faults:
            return OperatorFaults(self.people)
        return lines.access.simulated.faults if lines.access.simulated is not None else None

    def mailbox(self, access: Access) -> Mailbox | None:
        if access.simulated is not None:
            return access.simulated.mailbox
        return None if self.people is None else OperatorMailbox(self.people)


def control_of(
    lines: Lines, sessions: Mapping[HostRole, HostSession], hosts: Mapping[HostRole, LabHost], desk: Desk | None
) -> Control:
    """Its host is one of the two, over the connection there is, or a third."""
    site, access = lines.site, lines.access
    session = lines.to(access.control) if site.control_service is None else sessions[site.control_service]
    usable = performed_by_commands(site, access.usable)
    narrow = site.discovery is not None and site.discovery.bits == 32
    operations: RhaOperations = RhaCommands(
        lines.to(access.control, 32) if narrow else session, site.profile, _ways(site, access, usable), site.limits
    )
    home = ControlHost(
        name=site.control_host,
        windows=WindowsHost(session, site.profile.event_log, site.limits),
        services=(site.profile.control_service.name,),
        apart=site.control_service is None,
    )
    people = None
    if desk is not None:
        people = OperatorOperations(
            desk=desk,
            profile=site.profile,
            subject=site.subject,
            host=site.control_host,
            limits=site.limits,
            undertake=partial(lines.guard.undertake, doubt=desk.doubt),
            hyperv={role: host.hyperv for role, host in hosts.items()},
            windows=home.windows,
            attention=Attention(access.clock),
            clock=access.clock,
        )
        operations = MixedOperations(usable, operations, people, people.look_anew)
    return Control(home=home, operations=operations, by_commands=usable, people=people)


def desk_of(site: Site, access: Access, attendants: Sequence[Attendant]) -> Desk | None:
    """Where people are asked to do and to look up what no command may be sent for; None without attendants."""
    present = attendants or (() if access.operator is None else (access.operator,))
    if site.by is By.POWERSHELL or not present:
        return None
    desk = Desk(access.clock)
    for attendant in present:
        desk.attend(attendant)
    return desk


def performed_by_commands(site: Site, usable: frozenset[str]) -> frozenset[str]:
    """The operations of RHA that commands are sent for; people do the others, or they are refused.

    Mail server and recipient of a real site are for people to know.
    """
    if site.by is By.OPERATOR:
        return frozenset()
    return usable if site.simulated else usable - {"set_notification"}


def _ways(site: Site, access: Access, usable: frozenset[str]) -> Ways:
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
