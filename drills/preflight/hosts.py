"""What is asked and judged of the hosts themselves: PowerShell, time zone, disks, restarts, versions, spools."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from drills.observation import Writes
from drills.preflight.findings import Finding, Severity, error, unknown, warning
from drills.preflight.settings import Judged, of_both
from drills.preflight.settings import settings as judged
from journal.checked import HostChecked
from journal.seen import HostSeen
from lab.errors import LabError
from lab.model.hosts import GuestSystem, HostCondition, HostRole, HostSettings, RhaServices
from lab.model.subject import Subject
from lab.model.zones import TimeZone, offset_name
from lab.ports import Windows

if TYPE_CHECKING:
    from lab.opening import Lab

OLDEST_POWERSHELL = (3, 0)
INTENDED_POWERSHELL = ((4, 0), (5, 1))
GIB = 1 << 30
ENOUGH_GIB = 10
LEAST_SHARE = 1 / 10
"""Of a disk; a small one may have less than enough."""
SPOOL_SHARE = 1 / 10
"""Arcserve's knowledge base: of what is replicated."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HostLook:
    """What one host told of itself and of the guest: questions of which each may have failed."""

    condition: HostCondition | None
    settings: HostSettings | None
    system: GuestSystem | None = None
    """Of the guest, where it is registered."""


UNTOLD = HostLook(None, None)


def look_at(
    lab: Lab, answering: Container[str], subject: Subject, journal: Writes, failed: Callable[[str, LabError], None]
) -> Mapping[str, HostLook]:
    """Asks each host that answers, notes what it told, and tells `failed` why a question has failed."""
    name = name_of(subject.garoon_url)

    def told(host: str, ask: Callable[[], T]) -> T | None:
        try:
            return ask()
        except LabError as error:  # which says nothing of the drill
            failed(host, error)
            return None

    found: dict[str, HostLook] = {}
    guests = {subject.host(role): host.guests for role, host in lab.hosts.items()}
    for host, windows, guest, services in _each(lab, subject):
        if host not in answering:
            continue
        found[host] = look = HostLook(
            condition=(condition := told(host, partial(windows.condition, guest, services))),
            settings=told(host, partial(windows.settings, name if guest else "")),
            system=told(host, partial(guests[host].system, guest)) if condition and condition.hardware else None,
        )
        if look != UNTOLD:
            journal.write(HostChecked.of(host, subject.guest, look.condition, look.settings, look.system))
    return found


def _each(lab: Lab, subject: Subject) -> Iterator[tuple[str, Windows, str, Sequence[str]]]:
    """Every host with the guest it may have and its services."""
    for role in HostRole:
        yield subject.host(role), lab.hosts[role].windows, subject.guest, lab.hosts[role].services
    if (apart := lab.rha.apart) is not None:
        yield apart.name, apart.windows, "", apart.services


def name_of(url: str) -> str:
    """The host of a URL as DNS is asked for it; empty for an address."""
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCheck:
    """Judges what hosts told of themselves."""

    subject: Subject
    services: RhaServices
    zone: TimeZone
    now: datetime
    searched: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The versions of the product's services by host, for which its commands were confirmed."""

    def judge(self, found: Mapping[str, HostLook]) -> Judged:
        conditions = {host: each.condition for host, each in found.items() if each.condition is not None}
        for host, each in conditions.items():
            yield from condition(host, each, self.zone, self.now)
        yield from disks(conditions)
        yield from engines(conditions, self.services)
        yield from spools(conditions, self.services.engine)
        yield from stale(conditions, self.searched)
        told = {host: each.settings for host, each in found.items() if each.settings is not None}
        for host, settings in told.items():
            there = conditions.get(host)
            engine = None if there is None else there.program(self.services.engine)
            yield from judged(host, settings, "" if engine is None else engine.folder)
        both = {host: each for host, each in told.items() if host in (self.subject.master, self.subject.replica)}
        yield from of_both(both, name_of(self.subject.garoon_url))


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


def engines(conditions: Mapping[str, HostCondition], services: RhaServices) -> Iterator[Finding]:
    """The wizard refuses an engine that is older than the other (3.N6); all of RHA is to be of one release."""
    versions = _versions(conditions, services.engine)
    if len(set(versions.values())) > 1:
        yield warning("engine_versions", versions=_listed(versions))
        return
    control = _versions(conditions, services.control)
    if len({_release(version) for version in (*versions.values(), *control.values())}) > 1:
        yield warning("releases", engines=_listed(versions), control=_listed(control))


def disks(conditions: Mapping[str, HostCondition]) -> Judged:
    """A disk of the guest without a file may be one of the host's; no source says what RHA does then."""
    for host, each in conditions.items():
        for disk in () if each.hardware is None else each.hardware.disks:
            if disk.path and disk.used is None:
                yield unknown("guest_disk", Severity.WARNING, host=host, place=disk.place, path=disk.path)


def stale(conditions: Mapping[str, HostCondition], searched: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """A product of another version than that which was searched may have other commands."""
    for host, known in searched.items():
        for service, was in known.items():
            program = conditions[host].program(service) if host in conditions else None
            if program is not None and program.version and program.version != was:
                yield error("discovery_stale", host=host, service=service, was=was, now=program.version)


def spools(conditions: Mapping[str, HostCondition], engine: str) -> Iterator[Finding]:
    """Where the spool lies in the engine's folder, it wants a tenth of what is replicated, of this guest at least."""
    hardware = next((each.hardware for each in conditions.values() if each.hardware is not None), None)
    if hardware is None:
        return
    wanted = sum(disk.used or 0 for disk in hardware.disks) * SPOOL_SHARE
    for host, each in conditions.items():
        program = each.program(engine)
        drive = "" if program is None else program.path[:2].upper()
        for disk in each.disks:
            if disk.name.upper() == drive and disk.free < wanted:
                about = {"free": f"{disk.free / GIB:.1f}", "wanted": f"{wanted / GIB:.1f}"}
                yield warning("spool", host=host, disk=disk.name, **about)


def _versions(conditions: Mapping[str, HostCondition], service: str) -> Mapping[str, str]:
    programs = ((host, each.program(service)) for host, each in conditions.items())
    return {host: program.version for host, program in programs if program is not None and program.version}


def _release(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _listed(versions: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{host} {version}" for host, version in versions.items())
