"""What a simulated lab is told before it begins: its start, its pace, its ports and its mutations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticKnownError

from lab.toml_table import WHOLE, Count, Table, Texts, read_table, refused

JAPAN = timezone(timedelta(hours=9), "JST")
CURRENT_ENGINE = "16.0.2"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSettings:
    """Durations are lab time; an engine version is empty where no engine is installed; a port of 0 is any free one."""

    seed: int = 1
    start: datetime = datetime(2012, 9, 25, 22, 0, tzinfo=JAPAN)
    lag: timedelta = timedelta(seconds=2)
    nominal_disk_size: int = 36 * 1024 * MIB
    synchronization_rate: int = 120 * MIB
    power_on_time: timedelta = timedelta(seconds=2)
    heartbeat_delay: timedelta = timedelta(seconds=30)
    boot_time: timedelta = timedelta(seconds=25)
    shutdown_time: timedelta = timedelta(seconds=20)
    host_shutdown_time: timedelta = timedelta(seconds=15)
    host_boot_time: timedelta = timedelta(seconds=120)
    is_alive_delay: timedelta = timedelta(seconds=30)
    heartbeat_interval: timedelta = timedelta(seconds=30)
    timeout: timedelta = timedelta(seconds=300)
    guest_start_attempts: int = 1
    one_network: bool = False
    master_engine: str = CURRENT_ENGINE
    replica_engine: str = CURRENT_ENGINE
    hyperv_trips: timedelta = timedelta()
    """So long after a guest was registered or taken off, Get-VM fails to read it, as Hyper-V may."""
    unprivileged: bool = False
    """The login has no right to manage Hyper-V, whose cmdlets then list nothing, and say nothing."""
    mutations: tuple[str, ...] = ()
    garoon_port: int = 0
    winrm_ports: Mapping[str, int] = field(default_factory=dict)
    clock_skews: Mapping[str, timedelta] = field(default_factory=dict)
    """By host, its clock less the lab's."""

    @property
    def synchronization_time(self) -> timedelta:
        """How long the disk of one guest takes, whatever the size of its simulated folder."""
        return timedelta(seconds=self.nominal_disk_size / self.synchronization_rate)

    @classmethod
    def from_toml(cls, values: Mapping[str, Any], file: str = "site file") -> SimulationSettings:
        """The table [simulation]; raises SiteError for an unknown key or a value that cannot be."""
        table = read_table(SimulationTable, file, values, path="simulation")
        return cls(**{setting: getattr(table, setting) for setting in table.model_fields_set})


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise PydanticKnownError("string_type")
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise refused(f'is "{value}", not an instant with an offset', 'write it like "2012-09-25T22:00:00+09:00"')
    return start


_BEYOND_REASON = timedelta(seconds=1e9)
Host = Literal["MASTER", "REPLICA"]
Instant = Annotated[datetime, PlainValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Length = Annotated[
    timedelta,
    BeforeValidator(_number),
    Field(strict=False, ge=timedelta(milliseconds=1), lt=_BEYOND_REASON),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
Skew = Annotated[
    timedelta,
    BeforeValidator(_number),
    Field(strict=False, gt=-_BEYOND_REASON, lt=_BEYOND_REASON),
    WithJsonSchema({"type": "number"}),
]
Gib = Annotated[Count, AfterValidator(lambda gib: gib * 1024 * MIB)]
Mib = Annotated[Count, AfterValidator(lambda mib: mib * MIB)]
Port = Annotated[int, Field(ge=1, le=65535), WHOLE]


def _key(name: str, what: str) -> Any:
    """A key that may be left out: the setting has its default then."""
    return Field(default=None, alias=name, description=what)


class SimulationTable(Table):
    """[simulation] as it is written: each key of a site file, and the setting that it is."""

    seed: Count = _key("seed", "a whole number that chooses what is left to chance")
    start: Instant = _key("start", "the lab's first instant")
    lag: Length = _key("lag_seconds", "how far the replica trails behind, in seconds")
    nominal_disk_size: Gib = _key("disk_gib", "the size of a guest's disk in GiB")
    synchronization_rate: Mib = _key(
        "synchronization_mib_per_second", "what a synchronisation compares in a second, in MiB"
    )
    power_on_time: Length = _key("power_on_seconds", "from Start-VM to Running, in seconds")
    heartbeat_delay: Length = _key("heartbeat_seconds", "from Running to the guest's heartbeat, in seconds")
    boot_time: Length = _key("boot_seconds", "from Running to the guest's application, in seconds")
    shutdown_time: Length = _key("shutdown_seconds", "how long a guest takes to shut down, in seconds")
    host_shutdown_time: Length = _key("host_shutdown_seconds", "how long a host takes to go down, in seconds")
    host_boot_time: Length = _key("host_boot_seconds", "how long a host takes to start, in seconds")
    is_alive_delay: Length = _key("is_alive_seconds", "from replication to the first Is Alive check, in seconds")
    heartbeat_interval: Length = _key("heartbeat_interval_seconds", "from one Is Alive check to the next, in seconds")
    timeout: Length = _key("timeout_seconds", "from a fault of the master to the switchover, in seconds")
    guest_start_attempts: Count = _key("guest_start_attempts", "how often a dead guest is started again")
    hyperv_trips: Length = _key(
        "hyperv_trips_seconds", "for how long Get-VM trips over a guest that has just been registered, in seconds"
    )
    unprivileged: bool = _key("unprivileged", "a login without the right to manage Hyper-V")
    one_network: bool = _key("one_network", "one virtual network on either host")
    master_engine: str = _key("master_engine", "the engine's version")
    replica_engine: str = _key("replica_engine", "the engine's version")
    mutations: Texts = _key("mutations", "the names of mutations")
    garoon_port: Port = _key("garoon_port", "a port number up to 65535")
    winrm_ports: Mapping[Host, Port] = _key("winrm_ports", "a port for each host")
    clock_skews: Mapping[Host, Skew] = _key(
        "clock_skew_seconds", "by how many seconds each host's clock is ahead, or behind with a minus"
    )
