"""Keys of a site file with their types, bounds and defaults. Editors get them as a JSON Schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, timezone
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticKnownError

from lab.model.endpoints import Authentication
from lab.model.limits import Limits as UsualLimits
from lab.model.state import may_name
from lab.model.zones import TimeZone
from lab.site.runbook_terms import Runbook
from lab.site.secrets import NoSecret, Secret, find
from lab.site.signing_key import SigningKey, find_key
from lab.site.simulation import SimulationSettings
from lab.site.toml_table import WHOLE, Count, Name, Positive, Table, Text, Texts, refused
from lab.site.windows_zones import iana_name
from lab.tls import unusable_authority
from words import Language, sentence

_USUAL = UsualLimits()
_REFERENCE = 'the environment variable of the password, "keyring:SERVICE/USER" or "command:PROGRAM ARGUMENT"'
_KEY_REFERENCE = 'the reference of a private key, "file:PATH", or as of a password'
_TIME = r"([01]\d|2[0-3]):[0-5]\d"
_LONGEST_WAIT_MINUTES = 14 * 24 * 60
_SLOWEST_PROBE = 300
_MOST_CONFIRMATIONS = 10
_LONGEST_INTERVAL_DAYS = 10_000


Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = get_args(Day)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """References of a site file: files beside it, environment variables, and passwords that were found already."""

    folder: Path
    environment: Mapping[str, str]
    found: dict[str, Secret] = field(default_factory=dict, repr=False)
    named: set[str] = field(default_factory=set)
    """References to passwords: a command that prints one password does not inherit the others."""

    def secret(self, reference: str) -> Secret:
        """Raises NoSecret. A command runs once, however many logins refer to it."""
        self.named.add(reference)
        if reference not in self.found:
            self.found[reference] = find(reference, self.environment, self.named)
        return self.found[reference]


def _literal(name: str) -> str:
    if re.search(r"[*?\[\]`]", name):
        raise refused("wildcard", "write_literal", name=repr(name))
    return name


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise refused("no_address", value=repr(value))
    if parts.username is not None or parts.password is not None:
        raise refused("address_login", "write_address")
    return value


def _secret(reference: Any, info: ValidationInfo[Surroundings]) -> Secret:
    text = _text(reference)
    if not text.strip():
        raise refused("empty")
    try:
        return info.context.secret(text)
    except NoSecret as error:
        raise refused(error.problem, error.remedy, **error.data) from None


def _signing_key(reference: Any, info: ValidationInfo[Surroundings]) -> SigningKey:
    text = _text(reference)
    if not text.strip():
        raise refused("empty")
    try:
        return find_key(text, info.context.folder, lambda each: info.context.secret(each).value)
    except NoSecret as error:
        raise refused(error.problem, error.remedy, **error.data) from None


def _authority(named: str, info: ValidationInfo[Surroundings]) -> str:
    """The path of a PEM file that can be used; empty where none is named."""
    if not named:
        return ""
    file = info.context.folder / named
    problem = unusable_authority(file) if file.is_file() else sentence("tls.no_file")
    if problem:
        raise refused("authority", "write_pem", file=named, problem=problem)
    return str(file)


def _address(value: str) -> str:
    if value and not re.fullmatch(r"[^\s:/]+:\d{1,5}", value):
        raise refused("is", "write_connect", value=repr(value))
    return value


def _zone(value: Any) -> TimeZone:
    """A name, or an offset, which needs no time zone database on this machine."""
    zone = _text(value)
    if offset := re.fullmatch(r"([+-])([01]\d|2[0-3]):([0-5]\d)", zone):
        sign, hours, minutes = offset.groups()
        rules = timezone((-1 if sign == "-" else 1) * timedelta(hours=int(hours), minutes=int(minutes)))
        return TimeZone(zone, rules)
    try:
        return TimeZone(zone, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if same := iana_name(zone):
            raise refused("zone_of_windows", "write_iana", zone=repr(zone), same=same) from None
        near = difflib.get_close_matches(zone, available_timezones(), 1)
        example = near[0] if near else "Asia/Tokyo"
        raise refused("zone", "write_zone", zone=repr(zone), example=example) from None


def _time_of_day(value: Any) -> time:
    text = _text(value)
    if not re.fullmatch(_TIME, text):
        raise refused("is", "write_time", value=repr(text))
    return time.fromisoformat(text)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    return value


Literally = Annotated[Name, AfterValidator(_literal)]
Url = Annotated[Text, AfterValidator(_url)]
PasswordFrom = Annotated[
    Secret,
    PlainValidator(_secret),
    WithJsonSchema({"type": "string", "minLength": 1}),
    Field(description=_REFERENCE),
]
Authority = Annotated[str, AfterValidator(_authority), Field(description="the path of a PEM file")]
Zone = Annotated[
    TimeZone,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string"}),
    Field(description='a time zone, such as "Asia/Tokyo"'),
]
TimeOfDay = Annotated[
    time,
    PlainValidator(_time_of_day),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME}$"}),
    Field(description='a time of day, such as "08:30"'),
]
Seconds = Annotated[Positive, Field(description="a number of seconds")]
ProbeSeconds = Annotated[Seconds, Field(le=_SLOWEST_PROBE)]
Minutes = Annotated[Positive, Field(le=_LONGEST_WAIT_MINUTES, description="a number of minutes")]
PASSWORD = {"password": ("misplaced_password", "write_variable")}
WHOLE_LOGIN = ConfigDict(
    json_schema_extra={"dependentRequired": {"user": ["password_from"], "password_from": ["user"]}}
)


class Host(Table):
    name: Name = Field(description="the computer name of the physical host, not of a guest")


class RealHost(Host):
    misplaced = PASSWORD
    winrm: Url = Field(description="the address of its WinRM listener, such as https://master.example:5986/wsman")
    user: Text = Field(description='the user to log in as, such as "EXAMPLE\\\\drill"')
    password_from: PasswordFrom
    authentication: Authentication = Field(default=Authentication.NTLM, strict=False, description="the login method")
    allow_unencrypted: bool = Field(default=False, description="whether Basic may be used without encryption")
    certificate_authority: Authority = ""

    @model_validator(mode="after")
    def _password_is_sealed(self) -> Self:
        plain = self.winrm.lower().startswith("http:") and not self.allow_unencrypted
        if plain and self.authentication is Authentication.BASIC:
            raise refused("basic", "write_https", key="authentication")
        return self


class Hosts(Table):
    """`control` is there only where the Control Service is on neither of the other two."""

    master: Host = Field(description="the name of the host")
    replica: Host = Field(description="the name of the host")
    control: Host | None = Field(default=None, description="the name of the host")

    @model_validator(mode="after")
    def _are_different(self) -> Self:
        master, replica = self.master.name.casefold(), self.replica.name.casefold()
        if master == replica:
            raise refused("same_name", "write_replica", key="replica.name")
        if self.control is not None and self.control.name.casefold() in (master, replica):
            raise refused("control_is_another", "write_control", key="control.name")
        return self


class RealHosts(Hosts):
    master: RealHost = Field(description="the name of the host")
    replica: RealHost = Field(description="the name of the host")
    control: RealHost | None = Field(default=None, description="the name of the host")

    @model_validator(mode="after")
    def _listeners_differ(self) -> Self:
        if self.replica.winrm.rstrip("/").casefold() == self.master.winrm.rstrip("/").casefold():
            raise refused("same_listener", "write_listener", key="replica.winrm")
        return self


class OptionalLogin(Table):
    """A login that is named whole or not at all."""

    model_config = WHOLE_LOGIN
    misplaced = PASSWORD
    user: Text | None = None
    password_from: PasswordFrom | None = Field(default=None, description=_REFERENCE)

    @model_validator(mode="after")
    def _login_is_whole(self) -> Self:
        if (self.user is None) is not (self.password_from is None):
            raise refused("missing", key="user" if self.user is None else "password_from")
        return self


class Guest(Table):
    name: Literally = Field(description="the name of Garoon's virtual machine as Hyper-V Manager shows it")


class RealGuest(Guest, OptionalLogin):
    """Only drills that look inside the guest need a login of it."""

    user: Text | None = Field(default=None, description='an administrator of the guest, such as "EXAMPLE\\\\drill"')


ControlServiceOn = Literal["master", "replica", "control"]


class Replication(Table):
    scenario: Literally = Field(description="the name of the replication scenario")
    control_service: ControlServiceOn | None = Field(default=None, description='"master", "replica" or "control"')
    profile: str = Field(
        default="arcserve_rha", description="the name of an RHA profile, or the path of a profile file (.toml)"
    )
    discovery: str = Field(default="", description="the path of a discovery file")
    network_mapping: Mapping[str, Name] = Field(
        default={}, description="the replica's network for each of the master's"
    )


class By(Enum):
    """Who performs operations of Arcserve RHA: commands, people, or each what it can."""

    POWERSHELL = "powershell"
    OPERATOR = "operator"
    MIXED = "mixed"


class Rha(Table):
    by: By = Field(default=By.MIXED, strict=False, description='"powershell", "operator" or "mixed"')


class RealRha(Rha, OptionalLogin):
    """The login of the profile's connection command; without one, that of the Control Service's host."""

    user: Text | None = Field(default=None, description='a user of RHA, such as "EXAMPLE\\\\drill"')


class SimulatedRha(Rha):
    by: By = Field(default=By.POWERSHELL, strict=False, description='"powershell", "operator" or "mixed"')


class Garoon(Table):
    url: Url = Field(description="the URL in use, such as http://cybozu.ca.com/scripts/cbgrn/grn.exe")


class RealGaroon(Garoon):
    misplaced = PASSWORD
    connect: Annotated[str, AfterValidator(_address)] = Field(default="", description="address:port")
    user: Text = Field(description="the login name of the user that drills use")
    password_from: PasswordFrom
    certificate_authority: Authority = ""


class Permissions(Table):
    changes: bool = Field(default=False, description="whether Kunren may change anything here")
    drills: bool = Field(default=False, description="whether drills may be performed here")
    faults: bool = Field(default=False, description="whether people may bring about faults here")

    @model_validator(mode="after")
    def _drills_change(self) -> Self:
        if self.drills and not self.changes:
            raise refused("drills_alone", "permit_changes", key="drills")
        if self.faults and not self.drills:
            raise refused("faults_alone", "permit_drills", key="faults")
        return self


class SimulatedPermissions(Permissions):
    changes: bool = Field(default=True, description="whether Kunren may change anything here")
    drills: bool = Field(
        default_factory=lambda before: bool(before.get("changes")), description="whether drills may be performed here"
    )
    faults: bool = Field(
        default_factory=lambda before: bool(before.get("drills")),
        description="whether people may bring about faults here",
    )


class Limits(Table):
    question: Seconds = _USUAL.question.total_seconds()
    start: Seconds = _USUAL.start.total_seconds()
    stop: Seconds = _USUAL.stop.total_seconds()
    replication: Seconds = _USUAL.replication.total_seconds()
    synchronization_minutes: Minutes = _USUAL.synchronization / timedelta(minutes=1)
    switchover_minutes: Minutes = _USUAL.switchover / timedelta(minutes=1)
    reboot_minutes: Minutes = _USUAL.reboot / timedelta(minutes=1)
    is_alive_minutes: Minutes = _USUAL.is_alive / timedelta(minutes=1)
    answer_minutes: Minutes = _USUAL.answer / timedelta(minutes=1)
    task_minutes: Minutes = _USUAL.task / timedelta(minutes=1)
    drill_minutes: Minutes | None = None


class Stop(Table):
    """When a drill is stopped and its lab restored."""

    garoon_unavailable_minutes: Minutes | None = None
    guest_silent_minutes: Minutes | None = None
    engine_stopped_minutes: Minutes | None = None
    spool_blocks: Count | None = Field(default=None, description="how many blocks may wait in the spool")


class BusinessHours(Table):
    days: Annotated[tuple[Day, ...], Field(strict=False, min_length=1, description="days, such as monday")] = DAYS[:5]
    begin: TimeOfDay
    end: TimeOfDay
    time_zone: Zone | None = Field(default=None, description='a time zone, such as "Asia/Tokyo"')

    @model_validator(mode="after")
    def _end_is_later(self) -> Self:
        if self.begin >= self.end:
            raise refused("not_after", "write_later", key="end")
        return self


class Objectives(Table):
    rto_seconds: Positive | None = Field(default=None, description="how long users may be without Garoon, in seconds")
    rpo_seconds: Positive | None = Field(
        default=None, description="of how long users' last work may be lost, in seconds"
    )


class Measurement(Table):
    interval_seconds: ProbeSeconds = 5
    timeout_seconds: ProbeSeconds = 5
    confirmations: Annotated[int, Field(ge=1, le=_MOST_CONFIRMATIONS), WHOLE] = Field(
        default=3, description=f"how many good answers in a row are a recovery, from 1 to {_MOST_CONFIRMATIONS}"
    )


class Restoration(Table):
    may_differ: Texts = Field(default=(), description="what may differ after a drill")


class History(Table):
    """How often drills are to be made; `drills` have intervals of their own, 0 for none."""

    every_days: Annotated[int, Field(ge=1, le=_LONGEST_INTERVAL_DAYS), WHOLE] | None = Field(
        default=None, description="every how many days each drill is to pass"
    )
    drills: Mapping[str, Annotated[int, Field(ge=0, le=_LONGEST_INTERVAL_DAYS), WHOLE]] = Field(
        default={}, description="the same for single drills by their names, 0 for none"
    )


class Seal(Table):
    """The key that seals the records of a real site."""

    private: Annotated[SigningKey, PlainValidator(_signing_key), WithJsonSchema({"type": "string", "minLength": 1})] = (
        Field(description=_KEY_REFERENCE)
    )
    public: str = Field(default="", description='the id of its public key, such as "SHA256:…"')

    @model_validator(mode="after")
    def _is_the_one(self) -> Self:
        found = self.private.key.public.id
        if self.public and self.public != found:
            raise refused("another_key", "write_public", key="public", found=found)
        return self


class UnusedSeal(Table):
    """In the file of a simulated site, whose records have another key: this one is not even looked for."""

    private: Text = Field(description=_KEY_REFERENCE)
    public: str = Field(default="", description='the id of its public key, such as "SHA256:…"')


class SiteTerms(Table):
    """A site file as far as real and simulated sites have it in common."""

    name: Name = Field(description="a name for the site, as operators call it")
    language: Language = Field(default="ja", description='"ja" or "en"')
    time_zone: Zone | None = Field(default=None, description='a time zone, such as "Asia/Tokyo"')
    hosts: Hosts = Field(description="the tables master and replica")
    guest: Guest = Field(description="the name of Garoon's virtual machine")
    replication: Replication = Field(description="the name of the scenario")
    garoon: Garoon = Field(description="the URL in use")
    permissions: Permissions = Field(default=Permissions(), description="changes and drills")
    limits: Limits = Field(default=Limits(), description="seconds and minutes")
    business_hours: BusinessHours | None = Field(default=None, description="days, begin, end and time_zone")
    objectives: Objectives = Field(default=Objectives(), description="rto_seconds and rpo_seconds")
    measurement: Measurement = Field(
        default=Measurement(), description="interval_seconds, timeout_seconds and confirmations"
    )
    restoration: Restoration = Field(default=Restoration(), description="may_differ")
    stop: Stop = Field(default=Stop(), description="minutes and blocks")
    rha: Rha = Field(default=Rha(), description="by")
    history: History = Field(default=History(), description="every_days and drills")
    runbook: Runbook = Field(default=Runbook(), description="id, revision, owner, approval, review and contacts")

    @model_validator(mode="after")
    def _control_service_is_somewhere(self) -> Self:
        own, named = self.hosts.control is not None, self.replication.control_service
        if named == "control" and not own:
            raise refused("missing", key="hosts.control")
        if own and named not in (None, "control"):
            raise refused("control_elsewhere", "write_control_service", key="replication.control_service", named=named)
        return self

    @property
    def control_service(self) -> ControlServiceOn:
        """The replica host, as the guide has it, where the file says nothing else."""
        return self.replication.control_service or ("replica" if self.hosts.control is None else "control")

    @model_validator(mode="after")
    def _differences_can_be(self) -> Self:
        hosts = (self.hosts.master.name, self.hosts.replica.name)
        own = () if self.hosts.control is None else (self.hosts.control.name,)
        for subject in self.restoration.may_differ:
            if not may_name(subject, (*hosts, *own)):
                forms = ", ".join(f'"{hosts[1]}{form}/NAME"' for form in ("", " switch", " service"))
                about = {"subject": repr(subject), "forms": forms}
                raise refused("may_differ", "write_subject", key="restoration.may_differ", **about)
        return self


class RealSiteTerms(SiteTerms):
    """A site of real hosts: how each is reached, and nothing is permitted that is not written."""

    hosts: RealHosts = Field(description="the tables master and replica")
    guest: RealGuest = Field(description="the name of Garoon's virtual machine")
    garoon: RealGaroon = Field(description="the URL in use")
    rha: RealRha = Field(default=RealRha(), description="by")
    seal: Seal | None = Field(default=None, description="private and public")


class SimulatedSiteTerms(SiteTerms):
    """A site that exists only while it is open."""

    permissions: SimulatedPermissions = Field(default=SimulatedPermissions(), description="changes and drills")
    rha: SimulatedRha = Field(default=SimulatedRha(), description="by")
    seal: UnusedSeal | None = Field(default=None, description="private and public")
    simulation: SimulationSettings = Field(description="the simulator's settings: the site is simulated")


class ReplicationInHistory(Table):
    model_config = ConfigDict(extra="ignore")
    profile: str = "arcserve_rha"
    discovery: str = ""


class SiteInHistory(Table):
    """What the history of a site's records wants of its file, for which no password is needed."""

    model_config = ConfigDict(extra="ignore")
    name: Name = Field(description="a name for the site, as operators call it")
    replication: ReplicationInHistory = Field(default=ReplicationInHistory(), description="the name of the scenario")
    history: History = Field(default=History(), description="every_days and drills")
