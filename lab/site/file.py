"""The site file: one TOML file says which hosts, guest, scenario and Garoon a drill is about, and what is permitted."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lab.clock import SystemClock
from lab.errors import SiteError
from lab.logins import RefusedLogins
from lab.model.endpoints import Endpoint, GaroonEndpoint, Login, MailServer, StampAuthority
from lab.model.hosts import HostRole
from lab.model.hours import BusinessHours
from lab.model.limits import Limits, LongWait
from lab.model.objectives import Objectives
from lab.model.probing import ProbeSchedule
from lab.model.replication import NetworkMapping
from lab.model.stopping import StopCriteria
from lab.model.subject import Subject
from lab.model.zones import TimeZone, offset_name
from lab.site import terms as site_terms
from lab.site.built_in import SIMULATED
from lab.site.discovery import Discovery, read_discovery
from lab.site.kinds import Surroundings
from lab.site.outgoing import USUAL_PORTS, Mail, TimeStamp
from lab.site.profile import RhaProfile, load_profile, profile_path
from lab.site.signing_key import SigningKey
from lab.site.simulation import SimulationSettings
from lab.site.terms import DAYS, By, Permissions, RealHost, RealSiteTerms, SimulatedSiteTerms, SiteTerms
from lab.site.toml_table import read_table, read_toml
from words import Language, reason, sentence

if TYPE_CHECKING:
    from lab.model.signing import PrivateKey

__all__ = [
    "SIMULATED",
    "RealAccess",
    "Site",
    "load_site",
    "simulated_site",
]


@dataclass(frozen=True, slots=True)
class RealAccess:
    """Access to a real site, and its logins that have been refused."""

    endpoints: Mapping[HostRole, Endpoint]
    control: Endpoint
    """The Control Service's host, which may be one of the others."""
    rha: Login
    """The login of the connection command."""
    garoon: GaroonEndpoint
    guest: Login | None
    logins: RefusedLogins = field(default_factory=RefusedLogins, compare=False)


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
    control_service: HostRole | None
    """None where it is on a host of its own."""
    control_host: str
    """The name of the Control Service's host."""
    profile: RhaProfile
    profile_file: Path
    by: By
    discovery: Discovery | None
    named_discovery: str
    """The path of its discovery file, as the site file has it; empty where it names none."""
    permissions: Permissions
    limits: Limits
    stop: StopCriteria
    business_hours: BusinessHours | None
    objectives: Objectives
    probing: ProbeSchedule
    may_differ: frozenset[str]
    access: RealAccess | SimulationSettings
    seal: SigningKey | None = None
    """What signs the records of a real site, if it has a key."""

    stamps: StampAuthority | None = None
    """Who time-stamps the records of a real site; simulated ones are not stamped."""
    mail: MailServer | None = None
    """The server that mail is sent through, if it names one."""

    @property
    def key(self) -> PrivateKey | None:
        return None if self.seal is None else self.seal.key

    @property
    def simulated(self) -> bool:
        return isinstance(self.access, SimulationSettings)

    @property
    def simulation(self) -> SimulationSettings | None:
        """The simulator's settings; None for a real site."""
        return self.access if isinstance(self.access, SimulationSettings) else None

    @property
    def seed(self) -> int | None:
        """The simulator's seed; None where the site file does not set it."""
        settings = self.simulation
        return settings.seed if settings is not None and "seed" in settings.model_fields_set else None

    def secrets(self) -> tuple[str, ...]:
        """Every password of the site, so that a journal can mask them."""
        mail = () if self.mail is None or self.mail.login is None else (self.mail.login.password,)
        if isinstance(self.access, SimulationSettings):
            return mail
        access = self.access
        guest = () if access.guest is None else (access.guest.password,)
        key = () if self.seal is None else self.seal.secrets
        known = (*(each.password for each in access.endpoints.values()), access.garoon.password, *guest, *key)
        of_rha = dict.fromkeys((access.control.password, access.rha.password, *mail))
        return (*known, *(each for each in of_rha if each not in known))


def load_site(path: Path, environment: Mapping[str, str] = os.environ, *, to_discover: bool = False) -> Site:
    """Reads a site file; passwords come from where it says, such as `environment`. Raises SiteError.

    `to_discover` leaves its discovery file unread, which need not be there yet.
    """
    terms = _terms(path, environment)
    zone = _time_zone(terms)
    named = terms.replication.discovery
    discovery = path.parent / named if named and not to_discover else None
    return Site(
        file=path,
        name=terms.name,
        language=terms.language,
        time_zone=zone,
        subject=_subject(terms),
        control_service=_control_service(terms),
        control_host=_control_host(terms),
        profile=load_profile(terms.replication.profile, path.parent),
        profile_file=profile_path(terms.replication.profile, path.parent),
        by=terms.rha.by,
        discovery=_discovery(discovery, terms) if discovery else None,
        named_discovery=named,
        permissions=terms.permissions,
        limits=_limits(terms.limits),
        stop=_stop(terms.stop),
        business_hours=_business_hours(terms.business_hours, zone) if terms.business_hours else None,
        objectives=Objectives(rto_s=terms.objectives.rto_seconds, rpo_s=terms.objectives.rpo_seconds),
        probing=ProbeSchedule(
            interval=terms.measurement.interval_seconds,
            timeout=terms.measurement.timeout_seconds,
            confirmations=terms.measurement.confirmations,
        ),
        may_differ=frozenset(terms.restoration.may_differ),
        access=_access(terms),
        seal=terms.seal.private if isinstance(terms, RealSiteTerms) and terms.seal else None,
        stamps=_stamps(terms.timestamp) if isinstance(terms, RealSiteTerms) and terms.timestamp else None,
        mail=_mail(terms.mail) if terms.mail else None,
        digests=SiteDigests(_digest(path), _digest(discovery) if discovery else None),
    )


def simulated_site() -> Site:
    """The site that comes with Kunren."""
    return load_site(SIMULATED)


def _terms(path: Path, environment: Mapping[str, str]) -> RealSiteTerms | SimulatedSiteTerms:
    values = read_toml(path)
    context = Surroundings(path.parent, environment, named=set(_references(values)))
    if "simulation" in values:
        return read_table(SimulatedSiteTerms, path.name, values, context=context)
    return read_table(RealSiteTerms, path.name, values, context=context)


_REFERENCES = ("password_from", "private")


def _references(values: Mapping[str, Any]) -> Iterator[str]:
    """All that a file writes as the reference of a password, at any depth."""
    tables = [values]
    while tables:
        for name, value in tables.pop().items():
            if isinstance(value, Mapping):
                tables.append(value)
            elif name in _REFERENCES and isinstance(value, str):
                yield value


def _subject(terms: SiteTerms) -> Subject:
    return Subject(
        master=terms.hosts.master.name,
        replica=terms.hosts.replica.name,
        guest=terms.guest.name,
        scenario=terms.replication.scenario,
        garoon_url=terms.garoon.url,
        network_mapping=tuple(NetworkMapping(*pair) for pair in terms.replication.network_mapping.items()),
    )


def _discovery(path: Path, terms: SiteTerms) -> Discovery:
    """The site's own: that of another site confirms nothing here."""
    found = read_discovery(path)
    host = _control_host(terms)
    if found.host and found.host.casefold() != host.casefold():
        raise SiteError(sentence("site.other_discovery", path=path, found=found.host, host=host))
    hosts = tuple(each.name for each in (terms.hosts.master, terms.hosts.replica, terms.hosts.control) if each)
    if found.hosts and {each.casefold() for each in found.hosts} != {each.casefold() for each in hosts}:
        raise SiteError(sentence("site.other_hosts", path=path, found=found.hosts, hosts=hosts))
    return found


def _control_service(terms: SiteTerms) -> HostRole | None:
    return None if terms.control_service == "control" else HostRole(terms.control_service)


def _control_host(terms: SiteTerms) -> str:
    hosts = {"master": terms.hosts.master, "replica": terms.hosts.replica, "control": terms.hosts.control}
    found = hosts[terms.control_service]
    assert found is not None, "terms without it are refused"
    return found.name


def _access(terms: RealSiteTerms | SimulatedSiteTerms) -> RealAccess | SimulationSettings:
    if isinstance(terms, SimulatedSiteTerms):
        told = "control_service" in terms.simulation.model_fields_set
        where = {} if told else {"control_service": terms.control_service}
        return terms.simulation.model_copy(update=where)
    garoon, guest = terms.garoon, terms.guest
    login = guest.user and guest.password_from and Login(guest.user, guest.password_from.value)
    endpoints = {
        HostRole.MASTER: _endpoint("master", terms.hosts.master),
        HostRole.REPLICA: _endpoint("replica", terms.hosts.replica),
    }
    role = _control_service(terms)
    control = endpoints[role] if role else _endpoint("control", terms.hosts.control)
    of_rha = terms.rha.user and terms.rha.password_from and Login(terms.rha.user, terms.rha.password_from.value)
    return RealAccess(
        endpoints=MappingProxyType(endpoints),
        control=control,
        rha=of_rha or Login(control.user, control.password),
        garoon=GaroonEndpoint(
            url=garoon.url,
            connect=garoon.connect,
            user=garoon.user,
            password=garoon.password_from.value,
            certificate_authority=garoon.certificate_authority,
        ),
        guest=login or None,
    )


def _endpoint(table: str, host: RealHost | None) -> Endpoint:
    assert host is not None, "terms without it are refused"
    return Endpoint(
        host=host.name,
        url=host.winrm,
        user=host.user,
        password=host.password_from.value,
        authentication=host.authentication,
        certificate_authority=host.certificate_authority,
        table=f"hosts.{table}",
    )


def _stamps(named: TimeStamp) -> StampAuthority:
    return StampAuthority(
        url=named.url,
        roots=named.roots,
        certificate_authority=named.certificate_authority,
        seconds=named.timeout_seconds,
    )


def _mail(mail: Mail) -> MailServer:
    login = mail.user and mail.password_from and Login(mail.user, mail.password_from.value)
    return MailServer(
        host=mail.host,
        port=mail.port or USUAL_PORTS[mail.encryption],
        encryption=mail.encryption,
        sender=mail.sender,
        to=mail.to,
        login=login or None,
        certificate_authority=mail.certificate_authority,
    )


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        what = sentence("site.file")
        raise SiteError(sentence("site.unreadable", path=path, what=what, reason=reason(error))) from error


def _limits(limits: site_terms.Limits) -> Limits:
    return Limits(
        question=timedelta(seconds=limits.question),
        start=timedelta(seconds=limits.start),
        stop=timedelta(seconds=limits.stop),
        replication=timedelta(seconds=limits.replication),
        synchronization=timedelta(minutes=limits.synchronization_minutes),
        switchover=timedelta(minutes=limits.switchover_minutes),
        reboot=timedelta(minutes=limits.reboot_minutes),
        is_alive=timedelta(minutes=limits.is_alive_minutes),
        answer=timedelta(minutes=limits.answer_minutes),
        task=timedelta(minutes=limits.task_minutes),
        drill=_minutes(limits.drill_minutes),
        stated=frozenset(kind for kind in LongWait if kind.value in limits.model_fields_set),
    )


def _stop(stop: site_terms.Stop) -> StopCriteria:
    return StopCriteria(
        garoon_unavailable=_minutes(stop.garoon_unavailable_minutes),
        guest_silent=_minutes(stop.guest_silent_minutes),
        engine_stopped=_minutes(stop.engine_stopped_minutes),
        spool_blocks=stop.spool_blocks,
    )


def _minutes(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def _time_zone(terms: SiteTerms) -> TimeZone:
    """The site's own; left out, that of its business hours, or else of this machine."""
    hours = terms.business_hours
    if zone := terms.time_zone or (hours and hours.time_zone):
        return zone
    offset = SystemClock().now().astimezone().utcoffset() or timedelta()
    return TimeZone(offset_name(offset), timezone(offset))


def _business_hours(hours: site_terms.BusinessHours, zone: TimeZone) -> BusinessHours:
    return BusinessHours(
        days=tuple(DAYS.index(day) for day in hours.days),
        begin=hours.begin,
        end=hours.end,
        zone=(hours.time_zone or zone).rules,
    )
