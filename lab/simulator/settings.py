"""What a simulated lab is told before it begins: its start, its pace, its ports and its mutations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from lab.errors import SiteError
from lab.simulator.hosts import HOST_NAMES
from lab.toml_table import Table

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
        table = Table(file, values, "simulation")
        default = cls()
        settings = cls(
            seed=_whole(table, "seed", "a whole number that chooses what is left to chance", default.seed),
            start=_start(table, default.start),
            lag=_seconds(table, "lag_seconds", "how far the replica trails behind", default.lag),
            nominal_disk_size=_whole(table, "disk_gib", "the size of a guest's disk in GiB", 36) * 1024 * MIB,
            synchronization_rate=_whole(
                table, "synchronization_mib_per_second", "what a synchronisation compares in a second, in MiB", 120
            )
            * MIB,
            power_on_time=_seconds(table, "power_on_seconds", "from Start-VM to Running", default.power_on_time),
            heartbeat_delay=_seconds(
                table, "heartbeat_seconds", "from Running to the guest's heartbeat", default.heartbeat_delay
            ),
            boot_time=_seconds(table, "boot_seconds", "from Running to the guest's application", default.boot_time),
            shutdown_time=_seconds(
                table, "shutdown_seconds", "how long a guest takes to shut down", default.shutdown_time
            ),
            host_shutdown_time=_seconds(
                table, "host_shutdown_seconds", "how long a host takes to go down", default.host_shutdown_time
            ),
            host_boot_time=_seconds(
                table, "host_boot_seconds", "how long a host takes to start", default.host_boot_time
            ),
            is_alive_delay=_seconds(
                table, "is_alive_seconds", "from replication to the first Is Alive check", default.is_alive_delay
            ),
            heartbeat_interval=_seconds(
                table, "heartbeat_interval_seconds", "from one Is Alive check to the next", default.heartbeat_interval
            ),
            timeout=_seconds(table, "timeout_seconds", "from a fault of the master to the switchover", default.timeout),
            guest_start_attempts=_whole(
                table, "guest_start_attempts", "how often a dead guest is started again", default.guest_start_attempts
            ),
            hyperv_trips=_length(
                table, "hyperv_trips_seconds", "for how long Get-VM trips over a guest that has just been registered"
            ),
            unprivileged=table.flag(
                "unprivileged", "a login without the right to manage Hyper-V", default.unprivileged
            ),
            one_network=table.flag("one_network", "one virtual network on either host", default.one_network),
            master_engine=table.text("master_engine", "the engine's version", default.master_engine),
            replica_engine=table.text("replica_engine", "the engine's version", default.replica_engine),
            mutations=table.texts("mutations", "the names of mutations", default.mutations),
            garoon_port=_port(table, "garoon_port"),
            winrm_ports=_winrm_ports(table),
            clock_skews=_clock_skews(table),
        )
        table.close()
        return settings


def _seconds(table: Table, key: str, what: str, default: timedelta) -> timedelta:
    return timedelta(seconds=table.positive(key, f"{what}, in seconds", default.total_seconds()))


def _length(table: Table, key: str, what: str) -> timedelta:
    return timedelta(seconds=table.positive(key, f"{what}, in seconds")) if key in table else timedelta()


def _whole(table: Table, key: str, what: str, default: int) -> int:
    value = table.positive(key, what, default)
    if value != int(value):
        table.refuse(key, f"is {value}, not a whole number", f"write {what}")
    return int(value)


def _port(table: Table, key: str) -> int:
    if key not in table:
        return 0
    port = _whole(table, key, "a port number up to 65535", 0)
    if port > 65535:
        table.refuse(key, f"is {port}, which is no port", "write a number up to 65535")
    return port


def _winrm_ports(table: Table) -> Mapping[str, int]:
    ports = table.table("winrm_ports", "a port for each host", {})
    chosen_ports = {host: _port(ports, host) for host in HOST_NAMES if host in ports}
    ports.close()
    return chosen_ports


def _clock_skews(table: Table) -> Mapping[str, timedelta]:
    skews = table.table("clock_skew_seconds", "a number of seconds for each host", {})
    found = {
        host: timedelta(seconds=skews.number(host, "by how many seconds its clock is ahead, or behind with a minus"))
        for host in HOST_NAMES
        if host in skews
    }
    skews.close()
    return found


def _start(table: Table, default: datetime) -> datetime:
    text = table.text("start", "the lab's first instant", default.isoformat())
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise SiteError(
            f'site file: simulation.start is "{text}", not an instant with an offset; '
            'write it like "2012-09-25T22:00:00+09:00".'
        )
    return start
