"""What was done and seen in a run: entries that belong to whatever is under way when they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Annotated, Protocol, Self, TypeVar

from journal.entry import Entry, Error
from journal.form import ALONE, ASIDE, CUT, IF_ANY, NULL, OLDER, OUTSIDE, Empty, Named, Outside, Written
from lab.model.calls import CallOutcome
from lab.model.hosts import SIMULATED, Service
from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, SwitchType, VirtualMachine, VirtualSwitch
from lab.model.replication import Direction, Initiation, ReplicationScenario, ScenarioState
from lab.model.scripts import JsonValue
from lab.model.state import LabState
from lab.model.undertakings import Change, ChangeStage
from words import Quoted, Told, sentence


class Phase(Enum):
    """When something was looked at, seen from the procedure."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"
    RESTORED = "restored"


# -- hosts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Entry, what="call"):
    """A script was sent to a host, and its answer was in; long parts of the answer are cut."""

    host: str
    script: str
    script_sha256: Annotated[str, OLDER]
    arguments: Annotated[Mapping[str, JsonValue], OUTSIDE]
    changes: Annotated[bool, "it acts, rather than asks"]
    effect: Annotated[CallOutcome, Named("outcome")]
    error: Annotated[Error | None, OUTSIDE, Empty("")]
    lab_took: Annotated[timedelta, Named("lab_ms")]
    wall_took: Annotated[timedelta, Named("wall_ms")]
    round_trips: int
    answer: Annotated[JsonValue, "cut", OUTSIDE, CUT]
    stray: Annotated[tuple[str, ...], "what else it printed", OUTSIDE]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostSeen(Entry, what="host"):
    """What a host says of itself when a drill begins.

    A simulated one says SIMULATED in `os`, and makes the whole run simulated whatever `environment` says.
    """

    host: str
    os: Annotated[str, OUTSIDE]
    os_version: Annotated[str, OUTSIDE]
    powershell_version: Annotated[str, OUTSIDE]
    boot_time: Annotated[str, OUTSIDE]

    @property
    def simulated(self) -> bool:
        return SIMULATED in self.os


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSeen(Entry, what="product"):
    """A product that the drill is about, once a drill, where its version could be asked for; else a note says so."""

    name: Annotated[str, "`Arcserve RHA engine`, `Garoon`"]
    version: Annotated[str, OUTSIDE]
    host: Annotated[str, "or the name at which it answers", OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestAsked(Entry, what="guest"):
    """What a host was understood to say each time it was asked for the drill's guest.

    Reports read this and no `answer`, which may be cut. The state `Other` says neither that it runs nor that it does
    not.
    """

    host: str
    guest: str
    registered: bool
    state: Annotated[str, "in Hyper-V's words; null where it is not registered", NULL]
    heartbeat: Annotated[str, "as `state`", NULL]
    networks: Annotated[tuple[str, ...], "its virtual switches, empty for none", OUTSIDE]
    took: Annotated[timedelta, "from question to answer", Named("took_s")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioAsked(Entry, what="scenario"):
    """What the Control Service was understood to say each time it was asked for the replication scenario."""

    host: Annotated[str, "the Control Service's"]
    name: str
    found: bool
    state: Annotated[str, "null where there is none", NULL]
    direction: Annotated[str, "as `state`", NULL]
    took: Annotated[timedelta, Named("took_s")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSeen(Entry, what="rha.event"):
    """A line of the RHA manager's event view."""

    code: Annotated[str, "empty where unknown", Named("id"), OUTSIDE, OLDER]
    sequence: int
    severity: str
    source: Annotated[str, OUTSIDE, OLDER]
    time: Annotated[str, "the Control Service's own text", OUTSIDE, OLDER]
    message: Annotated[str, OUTSIDE]
    kind: Annotated[str, "the profile's name for events of this message, empty where it has none", OLDER]
    by: Annotated[str, "the person who has read it off, where Kunren has not", OUTSIDE, IF_ANY] = ""


# -- Garoon ------------------------------------------------------------------------------------------------------------

NO_SUCH_ENTRY = Quoted("no such entry")
"""What Garoon is noted to say of an entry that it does not have."""
GAROON_OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class GaroonAct(Entry, what="garoon"):
    """Something done in Garoon as a user does it.

    An entry that is `gone` is one that Garoon rightly does not have: after its removal, or in a step that passed.
    """

    act: str
    by: Annotated[str, "`browser`, `http`"]
    url: Annotated[str, OLDER]
    detail: Annotated[str, OLDER]
    problem: Annotated[
        Told | None,
        "`ok`, or a sentence that says what went wrong",
        Named("outcome"),
        Outside(own=frozenset({GAROON_OK, NO_SUCH_ENTRY.text})),
        Empty(GAROON_OK),
    ]
    gone: Annotated[bool, ASIDE] = False


class Condition(Enum):
    """What became of a file of the record since it was kept; only VERIFIED proves anything."""

    VERIFIED = "verified"
    ALTERED = "altered"
    MISSING = "missing"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entry, what="evidence"):
    """A file of the record, and the digest it had when it was kept; who reads it adds what became of it since."""

    id: int
    kind: str
    moment: Annotated[Phase | None, OLDER]
    host: Annotated[str, IF_ANY] = ""
    address: Annotated[str, OUTSIDE, OLDER]
    caption: Annotated[str, OUTSIDE]
    file: Annotated[str, "below `evidence/`"]
    media_type: str
    sha256: str
    size: Annotated[int, Named("bytes")]
    condition: Annotated[Condition, ASIDE] = Condition.UNREADABLE


# -- waits, people, notes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Entry, what="wait"):
    """A wait for a condition, whether it came true, and what was seen last.

    A condition that was met came true between `not_yet` and the end of the wait.
    """

    condition: Told
    limit: Annotated[timedelta, Named("limit_s")]
    took: Annotated[timedelta, Named("took_s")]
    not_yet: Annotated[
        timedelta | None, "when the last look began that saw that it did not hold, 0 if none", Named("not_yet_s")
    ]
    met: bool
    seen: Annotated[Told | None, OUTSIDE, Empty(""), OLDER]
    limit_from: Annotated[str, "the key of the site file whose limit extended the one in the step's text", IF_ANY] = ""
    without_result: Annotated[int, "how many looks failed", IF_ANY] = 0
    cause: Annotated[Told | None, "of the last failure", OUTSIDE, IF_ANY] = None

    def flaw(self) -> Told | None:
        late = self.not_yet is not None and self.not_yet > self.took
        return sentence("flaw.late_look") if late else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAnswer(Entry, what="operator"):
    """Something a person was asked to do or to say, and the answer."""

    asked: Told
    answered: Annotated[str, OUTSIDE, OLDER]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Entry, what="note"):
    """Something a reader of the journal should find."""

    text: Annotated[Told, OUTSIDE]


# -- what this run holds and has begun ---------------------------------------------------------------------------------


class LeaseStage(Enum):
    """What became of the lease of the site."""

    CLAIMED = "claimed"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseNoted(Entry, what="lease"):
    """The lease of the site was taken by this run, or given back."""

    phase: LeaseStage


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaken(Entry, what="undertaking"):
    """A change that the drill is about to begin, noted before its call is sent, or that turned out not to have begun.

    The restoration undoes only what stands here as begun. What stands here as doubtful as well, people may not have
    begun: it is undone only if they say that they have.
    """

    change: Change
    subject: Annotated[str, "scenario, guest or host", OLDER]
    host: Annotated[str, OLDER]
    phase: ChangeStage


# -- the whole lab -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdapterSeen(Written):
    """The virtual switch an adapter is on (empty: none) and its addresses."""

    switch: Annotated[str, OUTSIDE, OLDER]
    addresses: Annotated[tuple[str, ...], Named("ip"), OUTSIDE, ALONE]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSeen(Written):
    """A guest's registration on a host, in Hyper-V's words."""

    name: Annotated[str, OUTSIDE]
    state: str
    heartbeat: Annotated[str, OLDER]
    adapters: tuple[AdapterSeen, ...]

    @classmethod
    def of(cls, machine: VirtualMachine) -> Self:
        return cls(
            name=machine.name,
            state=machine.state.value,
            heartbeat=machine.heartbeat.value,
            adapters=tuple(AdapterSeen(adapter.switch, adapter.ip_addresses) for adapter in machine.adapters),
        )

    def machine(self, host: str) -> VirtualMachine:
        return VirtualMachine(
            name=self.name,
            host=host,
            state=PowerState(self.state),
            heartbeat=Heartbeat(self.heartbeat),
            adapters=tuple(NetworkAdapter("", each.switch, "", each.addresses) for each in self.adapters),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSeen(Written):
    """A replication scenario, in the words of the Control Service."""

    name: Annotated[str, OUTSIDE]
    state: str
    direction: Annotated[str, OLDER]
    master: Annotated[str, OUTSIDE, OLDER]
    replica: Annotated[str, OUTSIDE, OLDER]
    guests: Annotated[tuple[str, ...], OUTSIDE]
    assured_recovery: Annotated[bool | None, OLDER]
    switchover: Annotated[str, OLDER]
    reverse_replication: Annotated[str, OLDER]

    @classmethod
    def of(cls, scenario: ReplicationScenario) -> Self:
        return cls(
            name=scenario.name,
            state=scenario.state.value,
            direction=scenario.direction.value,
            master=scenario.master,
            replica=scenario.replica,
            guests=tuple(sorted(scenario.guests)),
            assured_recovery=scenario.assured_recovery,
            switchover=scenario.switchover.value,
            reverse_replication=scenario.reverse_replication.value,
        )

    @property
    def scenario(self) -> ReplicationScenario:
        """As far as states are compared; the rest is empty."""
        return ReplicationScenario(
            name=self.name,
            server_type="",
            product="",
            assured_recovery=bool(self.assured_recovery),
            master=self.master,
            replica=self.replica,
            state=ScenarioState(self.state),
            direction=Direction(self.direction),
            guests=self.guests,
            is_alive=False,
            switchover=Initiation(self.switchover),
            reverse_replication=Initiation(self.reverse_replication),
        )


@dataclass(frozen=True, slots=True)
class SwitchSeen(Written):
    """A virtual switch of a host, and its type in Hyper-V's words."""

    name: Annotated[str, OUTSIDE]
    type: str

    @classmethod
    def of(cls, switch: VirtualSwitch) -> Self:
        return cls(switch.name, switch.type.value)


@dataclass(frozen=True, slots=True)
class ServiceSeen(Written):
    """A Windows service of a host."""

    name: Annotated[str, OUTSIDE]
    running: bool

    @classmethod
    def of(cls, service: Service) -> Self:
        return cls(service.name, service.running)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSeen(Entry, what="state"):
    """The whole lab at one moment: guests, virtual switches and services by host, and replication scenarios.

    A host that was not asked for its switches or services is not among them; it is at `before` and `restored`.
    """

    moment: Phase
    machines: Annotated[Mapping[str, tuple[MachineSeen, ...]], "by host"]
    scenarios: tuple[ScenarioSeen, ...]
    switches: Annotated[Mapping[str, tuple[SwitchSeen, ...]], "by host"]
    services: Annotated[Mapping[str, tuple[ServiceSeen, ...]], "by host"]
    entries: Annotated[
        tuple[str, ...],
        "titles of the drill's own that have not been seen to be gone from Garoon, asked for at `restored`",
    ]

    @classmethod
    def of(cls, moment: Phase, state: LabState) -> Self:
        return cls(
            moment=moment,
            machines={host: tuple(map(MachineSeen.of, _sorted(each))) for host, each in state.machines.items()},
            scenarios=tuple(map(ScenarioSeen.of, _sorted(state.scenarios))),
            switches={host: tuple(map(SwitchSeen.of, _sorted(each))) for host, each in state.switches.items()},
            services={host: tuple(map(ServiceSeen.of, _sorted(each))) for host, each in state.services.items()},
            entries=state.entries,
        )

    @property
    def state(self) -> LabState:
        """What it was taken of, as far as states are compared. Raises ValueError for a term of another Kunren."""
        return LabState(
            machines={host: tuple(each.machine(host) for each in found) for host, found in self.machines.items()},
            scenarios=tuple(each.scenario for each in self.scenarios),
            switches={
                host: tuple(VirtualSwitch(each.name, SwitchType(each.type)) for each in found)
                for host, found in self.switches.items()
            },
            services={
                host: tuple(Service(each.name, each.name, each.running) for each in found)
                for host, found in self.services.items()
            },
            entries=self.entries,
        )


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def _sorted(things: Iterable[N]) -> list[N]:
    return sorted(things, key=lambda thing: thing.name)
