"""What was done and seen in a run: an entry of the journal each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain
from typing import TypeAlias

from lab.model.hosts import SIMULATED
from lab.model.scripts import JsonValue


class Effect(Enum):
    """What is known of something asked of the lab, in the terms of lab.errors."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_STARTED = "not started"
    INDETERMINATE = "indeterminate"


class ActOutcome(Enum):
    """How an act of the restoration went."""

    DONE = "done"
    NEEDLESS = "nothing to do"
    LEFT_ALONE = "left alone"
    FAILED = "failed"


class Phase(Enum):
    """When something was looked at, seen from the procedure."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on both clocks: the lab's, which is virtual in a simulated lab, and the wall's."""

    lab: datetime
    wall: datetime


@dataclass(frozen=True, slots=True)
class Error:
    """An error by its kind (a class name of lab.errors, or an exception's) and its sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the journal: its number, and when it was written."""

    n: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Entry):
    """A script sent to a host and what came of it; `at` is when the answer was in, `stray` what else it printed."""

    host: str
    script: str
    script_sha256: str
    arguments: Mapping[str, JsonValue]
    changes: bool
    effect: Effect
    error: Error | None
    lab_took: timedelta
    wall_took: timedelta
    round_trips: int
    answer: JsonValue
    stray: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSeen(Entry):
    """What a host says of itself when a drill begins."""

    host: str
    os: str
    os_version: str
    powershell_version: str
    boot_time: str

    @property
    def simulated(self) -> bool:
        return SIMULATED in self.os


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSeen(Entry):
    """A product that the drill is about, its version, and the host or guest it was found on."""

    name: str
    version: str
    host: str


NO_SUCH_ENTRY = "no such entry"
"""What Garoon is noted to say of an entry that it does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GaroonAct(Entry):
    """Something done in Garoon as a user does it; `problem` is empty when it went well.

    An entry that is `gone` is one that Garoon rightly does not have: after its removal, or in a step that passed.
    """

    act: str
    by: str
    url: str
    detail: str
    problem: str
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Entry):
    """A wait for a condition, whether it came true, and what was seen last.

    At `not_yet` the last look began that did not find it to hold; None where the journal does not tell.
    """

    condition: str
    limit: timedelta
    took: timedelta
    not_yet: timedelta | None
    met: bool
    seen: str


class Condition(Enum):
    """What became of a file of the record since it was kept; only VERIFIED proves anything."""

    VERIFIED = "verified"
    ALTERED = "altered"
    MISSING = "missing"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entry):
    """A file of the record, the digest it had when it was kept, and what became of it until it was read."""

    id: int
    kind: str
    moment: Phase | None
    host: str
    address: str
    caption: str
    file: str
    media_type: str
    sha256: str
    size: int
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAsked(Entry):
    """What a host was understood to say of a guest, in Hyper-V's words; `took` is from question to answer.

    `state` and `heartbeat` are empty where it is not registered.
    """

    host: str
    guest: str
    registered: bool
    state: str
    heartbeat: str
    networks: tuple[str, ...]
    took: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAsked(Entry):
    """What the Control Service on `host` was understood to say of a scenario, in the words of its manager's model."""

    host: str
    name: str
    found: bool
    state: str
    direction: str
    took: timedelta


@dataclass(frozen=True, slots=True)
class AdapterSeen:
    """The virtual switch an adapter is on (empty: none) and its addresses."""

    switch: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSeen:
    """A guest's registration on a host, in Hyper-V's words."""

    name: str
    state: str
    heartbeat: str
    adapters: tuple[AdapterSeen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSeen:
    """A replication scenario, in the words of the Control Service; an older journal lacks what follows its hosts."""

    name: str
    state: str
    direction: str
    master: str
    replica: str
    guests: tuple[str, ...]
    assured_recovery: bool | None
    switchover: str
    reverse_replication: str


@dataclass(frozen=True, slots=True)
class SwitchSeen:
    """A virtual switch of a host, and its type in Hyper-V's words."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ServiceSeen:
    name: str
    running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabState(Entry):
    """The whole lab at one moment: guests, virtual switches and services by host, and replication scenarios.

    A host that was not asked for its switches or services is not among them. `entries` are the drill's own that were
    not seen to be gone from Garoon.
    """

    moment: Phase
    machines: Mapping[str, tuple[MachineSeen, ...]]
    scenarios: tuple[ScenarioSeen, ...]
    switches: Mapping[str, tuple[SwitchSeen, ...]]
    services: Mapping[str, tuple[ServiceSeen, ...]]
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSeen(Entry):
    """A line of the RHA manager's event view; `time` is the Control Service's own text.

    `kind` is the profile's name for events of this message, empty where it has none.
    """

    code: str
    sequence: int
    severity: str
    source: str
    time: str
    message: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAnswer(Entry):
    """Something a person was asked to do or to say, and the answer."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Entry):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseNoted(Entry):
    """The lease of the site was taken by this run, or given back; `phase` says which."""

    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaken(Entry):
    """A change that the drill was about to begin, or after which nothing had begun; `phase` says which."""

    change: str
    subject: str
    host: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreAct(Entry):
    """One act of putting the lab back; `because` is why the lab was left alone."""

    act: str
    outcome: ActOutcome
    error: Error | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreWait(Entry):
    """What an act of putting the lab back waited for, and how much longer it would have."""

    act: str
    condition: str
    left: timedelta


Activity: TypeAlias = (
    Call
    | HostSeen
    | ProductSeen
    | GuestAsked
    | ScenarioAsked
    | GaroonAct
    | Wait
    | Evidence
    | LabState
    | EventSeen
    | OperatorAnswer
    | Note
    | RestoreAct
    | RestoreWait
    | Undertaken
    | LeaseNoted
)


def in_order(*groups: Sequence[Activity]) -> tuple[Activity, ...]:
    return tuple(sorted(chain.from_iterable(groups), key=lambda each: each.n))
