"""Every kind of entry of the journal, each a dataclass that writes and reads itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias, TypeVar, get_args

from journal.codecs import NotAsPromised
from journal.course import (
    ActOutcome,
    ChapterBegan,
    ChapterEnded,
    ChapterPlan,
    Check,
    Digests,
    DrillBegan,
    DrillEnded,
    DrillPlan,
    Ending,
    Environment,
    NegativeControls,
    Operator,
    Outcome,
    Place,
    RestoreAct,
    RestoreBegan,
    RestoreEnded,
    RestoreWaiting,
    RunBegan,
    RunEnded,
    Site,
    StepBegan,
    StepEnded,
    StepPlan,
)
from journal.entry import SCHEMA, Entry, Error, Instant
from journal.measured import (
    CanariesRead,
    CanariesRemoved,
    ClockCompared,
    Marked,
    Probed,
    ProbingBegan,
    ProbingEnded,
    TrackPlanned,
)
from journal.seen import (
    NO_SUCH_ENTRY,
    AdapterSeen,
    Call,
    Condition,
    EventSeen,
    Evidence,
    GaroonAct,
    GuestAsked,
    HostSeen,
    LeaseNoted,
    LeaseStage,
    MachineSeen,
    Note,
    OperatorAnswer,
    Phase,
    ProductSeen,
    ScenarioAsked,
    ScenarioSeen,
    ServiceSeen,
    StateSeen,
    SwitchSeen,
    Undertaken,
    Wait,
)

Activity: TypeAlias = (
    Call
    | HostSeen
    | ProductSeen
    | GuestAsked
    | ScenarioAsked
    | GaroonAct
    | Wait
    | Evidence
    | StateSeen
    | EventSeen
    | OperatorAnswer
    | Note
    | RestoreAct
    | RestoreWaiting
    | Undertaken
    | LeaseNoted
)
"""What was done or seen, and is shown where it stands."""

Measured: TypeAlias = ProbingBegan | Probed | ProbingEnded | Marked | CanariesRead | CanariesRemoved | ClockCompared

COURSE: Sequence[type[Entry]] = (
    RunBegan,
    DrillBegan,
    ChapterBegan,
    StepBegan,
    StepEnded,
    ChapterEnded,
    RestoreBegan,
    RestoreAct,
    RestoreWaiting,
    RestoreEnded,
    DrillEnded,
    RunEnded,
)
SEEN: Sequence[type[Entry]] = (
    Call,
    HostSeen,
    ProductSeen,
    GuestAsked,
    ScenarioAsked,
    EventSeen,
    GaroonAct,
    Evidence,
    Wait,
    OperatorAnswer,
    Note,
    LeaseNoted,
    Undertaken,
    StateSeen,
)
MEASURED: Sequence[type[Entry]] = get_args(Measured)
KINDS: Mapping[str, type[Entry]] = {kind.what: kind for kind in (*COURSE, *SEEN, *MEASURED)}


def entry_of(fields: Mapping[str, Any]) -> Entry:
    """The entry of a line of the journal whose kind is among KINDS. Raises NotAsPromised."""
    return KINDS[fields["what"]].from_json(fields)


E = TypeVar("E", bound=Entry)


def in_order(*groups: Iterable[E]) -> tuple[E, ...]:
    return tuple(sorted(chain.from_iterable(groups), key=lambda each: each.n))


__all__ = [
    "COURSE",
    "KINDS",
    "MEASURED",
    "NO_SUCH_ENTRY",
    "SCHEMA",
    "SEEN",
    "ActOutcome",
    "Activity",
    "AdapterSeen",
    "Call",
    "CanariesRead",
    "CanariesRemoved",
    "ChapterBegan",
    "ChapterEnded",
    "ChapterPlan",
    "Check",
    "ClockCompared",
    "Condition",
    "Digests",
    "DrillBegan",
    "DrillEnded",
    "DrillPlan",
    "Ending",
    "Entry",
    "Environment",
    "Error",
    "EventSeen",
    "Evidence",
    "GaroonAct",
    "GuestAsked",
    "HostSeen",
    "Instant",
    "LeaseNoted",
    "LeaseStage",
    "MachineSeen",
    "Marked",
    "Measured",
    "NegativeControls",
    "NotAsPromised",
    "Note",
    "Operator",
    "OperatorAnswer",
    "Outcome",
    "Phase",
    "Place",
    "Probed",
    "ProbingBegan",
    "ProbingEnded",
    "ProductSeen",
    "RestoreAct",
    "RestoreBegan",
    "RestoreEnded",
    "RestoreWaiting",
    "RunBegan",
    "RunEnded",
    "ScenarioAsked",
    "ScenarioSeen",
    "ServiceSeen",
    "Site",
    "StateSeen",
    "StepBegan",
    "StepEnded",
    "StepPlan",
    "SwitchSeen",
    "TrackPlanned",
    "Undertaken",
    "Wait",
    "entry_of",
    "in_order",
]
