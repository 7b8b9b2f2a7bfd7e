"""Keys of a site file with their types, bounds and defaults. Editors get them as a JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

from lab.model.endpoints import Authentication
from lab.model.limits import Limits as UsualLimits
from lab.model.state import may_name
from lab.site.kinds import (
    KEY_REFERENCE,
    PASSWORD,
    Authority,
    Literally,
    Minutes,
    OptionalLogin,
    PasswordFrom,
    ProbeSeconds,
    Seconds,
    TimeOfDay,
    Url,
    Zone,
    address,
    signing_key,
)
from lab.site.outgoing import Mail, TimeStamp
from lab.site.runbook_terms import Runbook
from lab.site.signing_key import SigningKey
from lab.site.simulation import SimulationSettings
from lab.site.toml_table import WHOLE, Count, Name, Positive, Table, Text, Texts, refused
from words import Language

_USUAL = UsualLimits()
_MOST_CONFIRMATIONS = 10
_LONGEST_INTERVAL_DAYS = 10_000


Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = get_args(Day)


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
    connect: Annotated[str, AfterValidator(address)] = Field(default="", description="address:port")
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

    private: Annotated[SigningKey, PlainValidator(signing_key), WithJsonSchema({"type": "string", "minLength": 1})] = (
        Field(description=KEY_REFERENCE)
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

    private: Text = Field(description=KEY_REFERENCE)
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
    mail: Mail | None = Field(default=None, description="host and sender")

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
    timestamp: TimeStamp | None = Field(default=None, description="url and roots")


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
