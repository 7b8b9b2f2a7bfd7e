"""Settings of a simulated lab: its start, its pace, its ports and its mutations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from lab.site.toml_table import WHOLE, Count, Table, Texts, refused

JAPAN = timezone(timedelta(hours=9), "JST")
CURRENT_ENGINE = "16.0.2"
HOSTS = ["MASTER", "REPLICA", "CONTROL"]
WINDOWS_BUILDS = {"14393": "2016", "17763": "2019", "20348": "2022", "26100": "2025"}
"""Of Windows Server, by Microsoft's list of releases."""
_BUILD = rf"(?:{'|'.join(WINDOWS_BUILDS)})\.[1-9][0-9]{{0,4}}"
_BEYOND_REASON = timedelta(seconds=1e9)


def _seconds(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | timedelta):
        raise PydanticKnownError("float_type")
    return value


def _host(name: str) -> str:
    if name not in HOSTS:
        raise refused("no_host", "write_host")
    return name


def _instant(value: Any) -> datetime:
    if not isinstance(value, str | datetime):
        raise PydanticKnownError("string_type")
    try:
        start = datetime.fromisoformat(str(value))
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise refused("no_instant", "write_instant", value=value)
    return start


def _build(text: str) -> str:
    if not re.fullmatch(_BUILD, text):
        raise refused("no_build", "write_build", value=text)
    return text


Host = Annotated[str, AfterValidator(_host), WithJsonSchema({"type": "string", "enum": HOSTS})]
Instant = Annotated[datetime, PlainValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Build = Annotated[str, AfterValidator(_build), WithJsonSchema({"type": "string", "pattern": f"^{_BUILD}$"})]
Length = Annotated[
    timedelta,
    BeforeValidator(_seconds),
    Field(strict=False, ge=timedelta(milliseconds=1), lt=_BEYOND_REASON),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
Skew = Annotated[
    timedelta,
    BeforeValidator(_seconds),
    Field(strict=False, gt=-_BEYOND_REASON, lt=_BEYOND_REASON),
    WithJsonSchema({"type": "number"}),
]
Port = Annotated[int, Field(ge=1, le=65535), WHOLE]


Unfitness = Literal[
    "full-disk",
    "pending-restart",
    "checkpoint",
    "clustered",
    "blocked-ports",
    "low-quotas",
    "no-exclusions",
    "old-updates",
    "long-ttl",
    "untold-settings",
]


def _key(default: object, what: str, *, name: str | None = None) -> Any:
    """A key of a site file, where it has another name than the setting."""
    return Field(default=default, alias=name, description=what)


def _length(seconds: float, name: str, what: str) -> Any:
    return _key(timedelta(seconds=seconds), f"{what}, in seconds", name=name)


class SimulationSettings(Table):
    """The table [simulation]. An engine version is empty where no engine is installed; a port of 0 is any free one."""

    model_config = ConfigDict(validate_by_name=True)

    seed: Count = _key(1, "a whole number that chooses what is left to chance")
    start: Instant = _key(datetime(2012, 9, 25, 22, 0, tzinfo=JAPAN), "the lab's first instant")
    lag: Length = _length(2, "lag_seconds", "how far the replica trails behind")
    disk_gib: Count = _key(36, "the size of a guest's disk in GiB")
    synchronization_mib_per_second: Count = _key(120, "what a synchronisation compares in a second, in MiB")
    power_on_time: Length = _length(2, "power_on_seconds", "from Start-VM to Running")
    heartbeat_delay: Length = _length(30, "heartbeat_seconds", "from Running to the guest's heartbeat")
    boot_time: Length = _length(25, "boot_seconds", "from Running to the guest's application")
    shutdown_time: Length = _length(20, "shutdown_seconds", "how long a guest takes to shut down")
    host_shutdown_time: Length = _length(15, "host_shutdown_seconds", "how long a host takes to go down")
    host_boot_time: Length = _length(120, "host_boot_seconds", "how long a host takes to start")
    is_alive_delay: Length = _length(30, "is_alive_seconds", "from replication to the first Is Alive check")
    heartbeat_interval: Length = _length(30, "heartbeat_interval_seconds", "from one Is Alive check to the next")
    timeout: Length = _length(300, "timeout_seconds", "from a fault of the master to the switchover")
    guest_start_attempts: Count = _key(1, "how often a dead guest is started again")
    hyperv_trips: Length = _length(
        0, "hyperv_trips_seconds", "for how long Get-VM trips over a guest that has just been registered"
    )
    """So long after a guest was registered or taken off, Get-VM fails to read it, as Hyper-V may."""
    unprivileged: bool = _key(False, "a login without the right to manage Hyper-V")
    """Hyper-V's cmdlets then list nothing, and say nothing."""
    unfit: tuple[Unfitness, ...] = Field(default=(), strict=False, description="what is not as a drill needs it")
    windows_build: Build = _key("", "Windows of hosts and guests by build and revision; each host is then asked for it")
    event_texts: Mapping[str, str] = _key({}, "other texts of events of Arcserve RHA, by their names in the profile")
    one_network: bool = _key(False, "one virtual network on either host")
    master_engine: str = _key(CURRENT_ENGINE, "the engine's version")
    replica_engine: str = _key(CURRENT_ENGINE, "the engine's version")
    operator_thinks: Length = _length(20, "operator_seconds", "how long the simulated operator takes for an answer")
    operator_absent: bool = _key(False, "a simulated operator who never answers")
    operator_errs: bool = _key(False, "a simulated operator who takes each direction of replication for the other")
    operator_denies: bool = _key(False, "a simulated operator who calls each switchover not possible, and performs it")
    mutations: Texts = _key((), "the names of mutations")
    garoon_port: Port = _key(0, "a port number up to 65535")
    winrm_ports: Mapping[Host, Port] = _key({}, "a port for each host")
    clock_skews: Mapping[Host, Skew] = _key(
        {}, "by how many seconds each host's clock is ahead, or behind with a minus", name="clock_skew_seconds"
    )

    control_service: Literal["master", "replica", "control"] = _key(
        "replica", "the host of the Control Service; left out, as [replication] has it"
    )
    renamed_commands: Mapping[str, str] = _key({}, "other names for commands of Arcserve RHA")
    renamed_parameters: Mapping[str, str] = _key({}, 'other names for their parameters, each as "Command.Parameter"')
    missing_commands: Texts = _key((), "names of commands of Arcserve RHA that are not there")
    demanded_parameters: Mapping[str, str] = _key({}, "a further mandatory parameter for commands of Arcserve RHA")
    connection_command: str = _key("", "a command of Arcserve RHA that has to connect before all others")
    second_snap_in: Texts = _key((), "commands of Arcserve RHA that a second snap-in has too")
    half_registered: bool = _key(False, "a snap-in of Arcserve RHA that is registered and cannot be loaded")
    rha_version: str = _key(CURRENT_ENGINE, "the version of the Control Service")
    japanese: bool = _key(False, "Japanese names of Windows services and Japanese help")
    narrow_fails: bool = _key(False, "a PowerShell of 32 bits in which no other process starts")
    rha_bits: Literal[32, 64] = _key(64, "32 or 64: in which PowerShell the commands of Arcserve RHA are")

    @property
    def tells_of_windows(self) -> bool:
        """Whether its hosts are asked what hosts of a real site are asked."""
        return bool(self.windows_build)

    @property
    def synchronization_time(self) -> timedelta:
        """The time for the disk of one guest, independent of the size of its simulated folder."""
        return timedelta(seconds=self.disk_gib * 1024 / self.synchronization_mib_per_second)

    def unfit_for(self, what: str) -> bool:
        return what in self.unfit
