"""What is judged of the hosts themselves: PowerShell, time zone, disks, restarts, versions, and ports between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from drills.preflight.findings import Finding, error, warning
from journal.seen import HostSeen
from lab.errors import LabError
from lab.model.hosts import HostCondition, HostRole
from lab.model.zones import TimeZone, offset_name

if TYPE_CHECKING:
    from lab.opening import Lab

OLDEST_POWERSHELL = (3, 0)
INTENDED_POWERSHELL = ((4, 0), (5, 1))
GIB = 1 << 30
ENOUGH_GIB = 10
LEAST_SHARE = 1 / 10
"""Of a disk; a small one may have less than enough."""


def ask_conditions(
    lab: Lab, asked: Iterable[tuple[HostRole, str]], guest: str, failed: Callable[[str, LabError], None]
) -> Mapping[str, HostCondition]:
    """The condition of each host that tells it; of the others `failed` is told why not."""
    found: dict[str, HostCondition] = {}
    for role, host in asked:
        try:
            found[host] = lab.hosts[role].windows.condition(guest, lab.hosts[role].services)
        except LabError as error:  # which says nothing of the drill
            failed(host, error)
    return found


def conditions(found: Mapping[str, HostCondition], service: str, zone: TimeZone, now: datetime) -> Iterator[Finding]:
    """What is judged of all of them; `service` is the engine."""
    for host, each in found.items():
        yield from condition(host, each, zone, now)
    yield from engines(found, service)


def powershell(seen: HostSeen) -> Iterator[Finding]:
    parts = seen.powershell_version.split(".")[:2]
    version = tuple(int(part) for part in parts if part.isdecimal())
    about = {"version": seen.powershell_version, "os": seen.os}
    if version < OLDEST_POWERSHELL:
        yield error("powershell_old", host=seen.host, **about)
    elif version not in INTENDED_POWERSHELL:
        yield warning("powershell_untried", host=seen.host, **about)


def condition(host: str, found: HostCondition, zone: TimeZone, now: datetime) -> Iterator[Finding]:
    """Of one host; the guest's checkpoint and cluster are told where it is registered."""
    offset = zone.local(now).utcoffset()
    if offset != found.utc_offset:
        yield warning("time_zone", host=host, there=offset_name(found.utc_offset), site=zone.name)
    for disk in found.disks:
        if disk.free < ENOUGH_GIB * GIB and disk.free < disk.size * LEAST_SHARE:
            yield warning("disk", host=host, disk=disk.name, free=f"{disk.free / GIB:.1f}", enough=ENOUGH_GIB)
    if found.restart_pending:
        yield warning("restart_pending", host=host)
    if found.checkpoint:
        yield warning("checkpoint", host=host, checkpoint=found.checkpoint)
    if found.clustered:
        yield error("clustered", host=host)


def engines(conditions: Mapping[str, HostCondition], service: str) -> Iterator[Finding]:
    """The wizard refuses an engine that is older than the other (3.N6)."""
    versions = {
        host: version
        for host, found in conditions.items()
        for name, version in found.versions.items()
        if name.casefold() == service.casefold() and version
    }
    if len(set(versions.values())) > 1:
        yield warning("engine_versions", versions=tuple(f"{host} {version}" for host, version in versions.items()))
