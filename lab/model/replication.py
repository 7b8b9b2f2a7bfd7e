"""Arcserve RHA's replication scenarios, in the words of its manager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

EVENT_TIME = "%Y/%m/%d %H:%M:%S"
"""How the manager writes the time of an event."""


def event_time(text: str) -> datetime | None:
    """A time of the event view, on the Control Service's clock as if that were UTC; None if not written as there."""
    try:
        return datetime.strptime(text, EVENT_TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


class ScenarioState(Enum):
    """States of a replication scenario; only RUNNING and its Japanese text are confirmed by a vendor source."""

    EDITING = "editing"
    SYNCHRONIZING = "synchronizing"
    RUNNING = "running"
    SWITCHING_OVER = "switching over"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class Direction(Enum):
    FORWARD = "forward"
    BACKWARD = "backward"


class Product(Enum):
    HIGH_AVAILABILITY = "HA"
    DISASTER_RECOVERY = "DR"


class Initiation(Enum):
    """The initiation of switchover or of reverse replication."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class SynchronizationMethod(Enum):
    BLOCK = "block"
    FILE = "file"
    SKIPPED = "skipped"


class Severity(Enum):
    """Severities of the event view; 重要 is the product's word for SIGNIFICANT."""

    INFORMATION = "information"
    SIGNIFICANT = "significant"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RhaEvent:
    """A line of the manager's event view; `code` is empty where no source tells it.

    `kind` is the profile's name for events of this message, empty where it has none. `by` is the person who has read it
    off, empty where Kunren has.
    """

    sequence: int
    code: str
    severity: Severity
    source: str
    time: str
    message: str
    kind: str = ""
    by: str = ""

    @property
    def stamped(self) -> datetime | None:
        return event_time(self.time)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicationScenario:
    """A replication scenario as the Control Service lists it."""

    name: str
    server_type: str
    product: str
    assured_recovery: bool
    master: str
    replica: str
    state: ScenarioState
    direction: Direction
    guests: tuple[str, ...]
    is_alive: bool
    switchover: Initiation
    reverse_replication: Initiation

    def involves(self, host: str) -> bool:
        """Whether the host is master or replica, by the name the scenario has for it."""
        return host.casefold() in {self.master.casefold(), self.replica.casefold()}

    @property
    def at_rest(self) -> bool:
        """Whether it has not been run, or has been stopped."""
        return self.state in {ScenarioState.EDITING, ScenarioState.STOPPED}

    @property
    def settled(self) -> bool:
        """At rest, or running: nothing that ends by itself is going on."""
        return self.at_rest or self.state is ScenarioState.RUNNING

    def runs(self, direction: Direction) -> bool:
        return self.state is ScenarioState.RUNNING and self.direction is direction

    def under_way(self, direction: Direction) -> bool:
        """Synchronising or running that way."""
        return self.direction is direction and self.state in {ScenarioState.SYNCHRONIZING, ScenarioState.RUNNING}


@dataclass(frozen=True, slots=True)
class NetworkMapping:
    """The virtual network of the replica that a guest uses after a switchover."""

    master_network: str
    replica_network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPlan:
    """The input of the wizard of guide section 3."""

    name: str
    master: str
    replica: str
    guests: tuple[str, ...]
    product: Product = Product.HIGH_AVAILABILITY
    assured_recovery: bool = True
    switchover: Initiation = Initiation.AUTOMATIC
    reverse_replication: Initiation = Initiation.MANUAL
    network_mapping: tuple[NetworkMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioProperty:
    """A property of a scenario, its master or its replica, with the product's default for it."""

    group: str
    name: str
    value: str
    default: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a verification: of an engine, of a scenario, or of the run that is about to start."""

    severity: Severity
    subject: str
    text: str

    @property
    def blocks(self) -> bool:
        return self.severity is not Severity.INFORMATION


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """The engine found on a host; `version` is empty when none is installed."""

    host: str
    version: str
    up_to_date: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredGuest:
    """A guest the wizard found on the master."""

    name: str
    computer_name: str
    state: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Traffic:
    """Blocks replicated since the last synchronisation, and blocks that wait in the spool."""

    replicated: int
    in_spool: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RebootPreparation:
    """A host's preparation as it was commanded: by which command, empty where people did it, and the answer to it."""

    host: str
    command: str
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Synchronization:
    """The figures of a synchronisation, as the statistics pane shows them."""

    method: SynchronizationMethod
    blocks_compared: int
    blocks_copied: int
    started: datetime | None
    ended: datetime | None
