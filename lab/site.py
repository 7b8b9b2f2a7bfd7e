"""The site file: one TOML file says which hosts, guest, scenario and Garoon a drill is about, and what is permitted."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, timezone
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from lab.clock import SystemClock
from lab.errors import SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import Authentication, Endpoint, GaroonEndpoint, GuestLogin
from lab.model.hosts import HostRole
from lab.model.hours import BusinessHours
from lab.model.limits import Limits, LongWait
from lab.model.objectives import Objectives
from lab.model.probing import ProbeSchedule
from lab.model.replication import NetworkMapping
from lab.model.subject import Subject
from lab.model.zones import TimeZone, offset_name
from lab.profiles import RhaProfile, load_profile
from lab.profiles.discovery import Discovery, read_discovery
from lab.site_terms import may_differ, objectives, probing
from lab.tls import unusable_authority
from lab.toml_table import Table, read_toml

SIMULATED = Path(__file__).parent / "sites" / "simulated.toml"
_NO_WILDCARDS = re.compile(r"[^*?\[\]`]+")
_LONGEST_WAIT_MINUTES = 14 * 24 * 60
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Language(Enum):
    """The language of a run's words."""

    ENGLISH = "en"
    JAPANESE = "ja"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the owner of the site allows: any action at all, and drills."""

    changes: bool
    drills: bool


@dataclass(frozen=True, slots=True)
class RealAccess:
    """How a real site is reached, and which of its logins have been refused."""

    endpoints: Mapping[HostRole, Endpoint]
    garoon: GaroonEndpoint
    guest: GuestLogin | None
    logins: RefusedLogins = field(default_factory=RefusedLogins, compare=False)


@dataclass(frozen=True, slots=True)
class SimulatedAccess:
    """A site that exists only while it is open; `settings` are the simulator's to read."""

    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SiteDigests:
    """SHA-256 of the site file and of its discovery file, if it names one."""

    site_file: str
    discovery_file: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site file that has been read and found right; `digests` are the SHA-256 of the files it was read from."""

    file: Path
    digests: SiteDigests
    name: str
    language: Language
    time_zone: TimeZone
    subject: Subject
    control_service: HostRole
    profile: RhaProfile
    discovery: Discovery | None
    permissions: Permissions
    limits: Limits
    business_hours: BusinessHours | None
    objectives: Objectives
    probing: ProbeSchedule
    may_differ: frozenset[str]
    access: RealAccess | SimulatedAccess

    @property
    def simulated(self) -> bool:
        return isinstance(self.access, SimulatedAccess)

    @property
    def simulation(self) -> Mapping[str, Any]:
        """The simulator's settings; empty for a real site."""
        return self.access.settings if isinstance(self.access, SimulatedAccess) else {}

    @property
    def seed(self) -> int | None:
        seed = self.simulation.get("seed")
        return seed if isinstance(seed, int) else None

    def secrets(self) -> tuple[str, ...]:
        """Every password of the site, so that a journal can mask them."""
        if isinstance(self.access, SimulatedAccess):
            return ()
        guest = () if self.access.guest is None else (self.access.guest.password,)
        hosts = (endpoint.password for endpoint in self.access.endpoints.values())
        return (*hosts, self.access.garoon.password, *guest)


def load_site(path: Path, environment: Mapping[str, str] = os.environ) -> Site:
    """Reads a site file; passwords come from `environment`. Raises SiteError."""
    values = read_toml(path)
    top = Table(path.name, values)
    simulated = "simulation" in values
    hosts = _Hosts(top.table("hosts", "the tables master and replica"), path, environment)
    replication = top.table("replication", "the name of the scenario")
    garoon = top.table("garoon", "the URL in use")
    guest = top.table("guest", "the name of Garoon's virtual machine")
    discovery = replication.text("discovery", "the path of a discovery file", "")
    subject = Subject(
        master=hosts.name(HostRole.MASTER),
        replica=hosts.name(HostRole.REPLICA),
        guest=_literal(guest, "name", "the name of Garoon's virtual machine as Hyper-V Manager shows it"),
        scenario=_literal(replication, "scenario", "the name of the replication scenario"),
        garoon_url=_url(garoon, "url", "the URL in use, such as http://cybozu.ca.com/scripts/cbgrn/grn.exe"),
        network_mapping=_network_mapping(replication),
    )
    zone = _time_zone(top)
    site = Site(
        file=path,
        name=top.name("name", "a name for the site, as operators call it"),
        language=top.choice("language", '"ja" or "en"', Language, Language.JAPANESE),
        time_zone=zone,
        subject=subject,
        control_service=replication.choice("control_service", '"master" or "replica"', HostRole, HostRole.REPLICA),
        profile=load_profile(replication.text("profile", "the name of an RHA profile", "arcserve_rha")),
        discovery=read_discovery(path.parent / discovery) if discovery else None,
        permissions=_permissions(top, harmless=simulated),
        limits=_limits(top),
        business_hours=_business_hours(top, zone),
        objectives=objectives(top),
        probing=probing(top),
        may_differ=may_differ(top, subject),
        access=(
            SimulatedAccess(MappingProxyType(dict(top.mapping("simulation"))))
            if simulated
            else RealAccess(
                hosts.endpoints(), _garoon(garoon, path.parent, environment), _guest_login(guest, environment)
            )
        ),
        digests=SiteDigests(_digest(path), _digest(path.parent / discovery) if discovery else None),
    )
    for table in (guest, replication, garoon, *hosts.tables(), top):
        table.close()
    return site


def simulated_site() -> Site:
    """The site that comes with Kunren."""
    return load_site(SIMULATED)


class _Hosts:
    """The two tables of [hosts]."""

    def __init__(self, hosts: Table, path: Path, environment: Mapping[str, str]) -> None:
        self._hosts = hosts
        self._roles = {role: hosts.table(role.value, "the name of the host") for role in HostRole}
        self._folder = path.parent
        self._environment = environment
        names = [self.name(role).casefold() for role in HostRole]
        if names[0] == names[1]:
            hosts.refuse("replica.name", "is the name of the master too", "write the name of the replica host")

    def name(self, role: HostRole) -> str:
        return self._roles[role].name("name", "the computer name of the physical host, not of a guest")

    def endpoints(self) -> Mapping[HostRole, Endpoint]:
        return MappingProxyType({role: self._endpoint(role) for role in HostRole})

    def tables(self) -> tuple[Table, ...]:
        return (*self._roles.values(), self._hosts)

    def _endpoint(self, role: HostRole) -> Endpoint:
        table = self._roles[role]
        endpoint = Endpoint(
            host=self.name(role),
            url=_url(table, "winrm", "the address of its WinRM listener, such as https://master.example:5986/wsman"),
            user=table.text("user", 'the user to log in as, such as "EXAMPLE\\\\drill"'),
            password=_secret(table, self._environment),
            authentication=table.choice("authentication", "the login method", Authentication, Authentication.NTLM),
            certificate_authority=_authority(table, self._folder),
            table=f"hosts.{role.value}",
        )
        unsealed = table.flag("allow_unencrypted", "whether Basic may be used without encryption", default=False)
        plain = endpoint.url.lower().startswith("http:")
        if endpoint.authentication is Authentication.BASIC and plain and not unsealed:
            table.refuse(
                "authentication",
                "is basic over http, which sends the password unencrypted",
                "use https or ntlm, or write allow_unencrypted = true if that is meant",
            )
        return endpoint


def _authority(table: Table, folder: Path) -> str:
    """The path of a PEM file that can be used; empty where the table names none."""
    key = "certificate_authority"
    named = table.text(key, "the path of a PEM file", "")
    if not named:
        return ""
    if not (folder / named).is_file():
        table.refuse(key, f"names {named}, which is not there", "write the path of a PEM file")
    problem = unusable_authority(folder / named)
    if problem:
        table.refuse(key, f"names {named}, which {problem}", "write the path of a PEM file")
    return str(folder / named)


def _garoon(table: Table, folder: Path, environment: Mapping[str, str]) -> GaroonEndpoint:
    connect = table.text("connect", "address:port", "")
    if connect and not re.fullmatch(r"[^\s:/]+:\d{1,5}", connect):
        table.refuse("connect", f"is {connect!r}", 'write the address and port to connect to, such as "192.0.2.10:80"')
    return GaroonEndpoint(
        url=_url(table, "url", "the URL in use"),
        connect=connect,
        user=table.text("user", "the login name of the user that drills use"),
        password=_secret(table, environment),
        certificate_authority=_authority(table, folder),
    )


def _guest_login(table: Table, environment: Mapping[str, str]) -> GuestLogin | None:
    """Only drills that look inside the guest need one."""
    if "user" not in table and "password_from" not in table and "password" not in table:
        return None
    return GuestLogin(
        user=table.text("user", 'an administrator of the guest, such as "EXAMPLE\\\\drill"'),
        password=_secret(table, environment),
    )


def _secret(table: Table, environment: Mapping[str, str]) -> str:
    if "password" in table:
        table.refuse(
            "password", "does not belong in a file", "put it in an environment variable named by password_from"
        )
    variable = table.text("password_from", "the name of the environment variable that holds the password")
    password = environment.get(variable, "")
    if not password:
        table.refuse("password_from", f"names {variable}, which is not set", "set that environment variable")
    return password


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise SiteError(f"{path}: the file cannot be read ({error.strerror}); check the path.") from error


def _url(table: Table, key: str, what: str) -> str:
    value = table.text(key, what)
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        table.refuse(key, f"is {value!r}, not a web address", f"write {what}")
    if parts.username is not None or parts.password is not None:
        table.refuse(key, "has a login in it", "write the address alone")
    return value


def _literal(table: Table, key: str, what: str) -> str:
    value = table.name(key, what)
    if not _NO_WILDCARDS.fullmatch(value):
        table.refuse(key, f"is {value!r}, in which PowerShell sees a wildcard", f"write {what}, without * ? [ ] `")
    return value


def _network_mapping(replication: Table) -> tuple[NetworkMapping, ...]:
    table = replication.table("network_mapping", "the replica's network for each of the master's", {})
    return tuple(NetworkMapping(network, table.name(network, "a network of the replica")) for network in table)


def _permissions(top: Table, *, harmless: bool) -> Permissions:
    table = top.table("permissions", "changes and drills", {})
    changes = table.flag("changes", "whether Kunren may change anything here", default=harmless)
    drills = table.flag("drills", "whether drills may be performed here", default=harmless and changes)
    if drills and not changes:
        table.refuse("drills", "is true while changes is not", "permit changes too, or no drills")
    table.close()
    return Permissions(changes, drills)


def _limits(top: Table) -> Limits:
    table = top.table("limits", "seconds and minutes", {})
    default = Limits()

    def seconds(key: str, usual: timedelta) -> timedelta:
        return timedelta(seconds=table.positive(key, "a number of seconds", usual.total_seconds()))

    def minutes(key: str, usual: timedelta) -> timedelta:
        written = table.positive(key, "a number of minutes", usual.total_seconds() / 60)
        if written > _LONGEST_WAIT_MINUTES:
            table.refuse(key, f"is {written:g}", f"write at most {_LONGEST_WAIT_MINUTES} minutes")
        return timedelta(minutes=written)

    limits = Limits(
        question=seconds("question", default.question),
        start=seconds("start", default.start),
        stop=seconds("stop", default.stop),
        replication=seconds("replication", default.replication),
        synchronization=minutes("synchronization_minutes", default.synchronization),
        switchover=minutes("switchover_minutes", default.switchover),
        reboot=minutes("reboot_minutes", default.reboot),
        is_alive=minutes("is_alive_minutes", default.is_alive),
        stated=frozenset(kind for kind in LongWait if kind.value in table),
    )
    table.close()
    return limits


def _time_zone(top: Table) -> TimeZone:
    """The site's own; left out, that of its business hours, or else of this machine."""
    hours = top.table("business_hours", "days, begin, end and time_zone", {})
    for table in (top, hours):
        if "time_zone" in table:
            return _zone(table)
    offset = SystemClock().now().astimezone().utcoffset() or timedelta()
    return TimeZone(offset_name(offset), timezone(offset))


def _business_hours(top: Table, zone: TimeZone) -> BusinessHours | None:
    if "business_hours" not in top:
        return None
    table = top.table("business_hours", "days, begin, end and time_zone")
    days = table.texts("days", "days, such as monday", _DAYS[:5])
    if not days or not set(days) <= set(_DAYS):
        table.refuse("days", f"is {list(days)!r}", f"write some of {', '.join(_DAYS)}")
    hours = BusinessHours(
        days=tuple(_DAYS.index(day) for day in days),
        begin=_time_of_day(table, "begin"),
        end=_time_of_day(table, "end"),
        zone=_zone(table).rules if "time_zone" in table else zone.rules,
    )
    if hours.begin >= hours.end:
        table.refuse("end", "is not after begin", "write the later time")
    table.close()
    return hours


def _zone(table: Table) -> TimeZone:
    """A name, or an offset, which needs no time zone database on this machine."""
    zone = table.text("time_zone", 'a time zone, such as "Asia/Tokyo"')
    if offset := re.fullmatch(r"([+-])([01]\d|2[0-3]):([0-5]\d)", zone):
        sign, hours, minutes = offset.groups()
        rules = timezone((-1 if sign == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))
        return TimeZone(zone, rules)
    try:
        return TimeZone(zone, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(zone, available_timezones(), 1)
        example = near[0] if near else "Asia/Tokyo"
        table.refuse(
            "time_zone",
            f"is {zone!r}, which is not known to the time zone database",
            f'write a name of it, such as "{example}", or an offset, such as "+09:00"',
        )


def _time_of_day(table: Table, key: str) -> time:
    text = table.text(key, 'a time of day, such as "08:30"')
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        table.refuse(key, f"is {text!r}", 'write a time of day in quotes, such as "08:30"')
    return time.fromisoformat(text)
