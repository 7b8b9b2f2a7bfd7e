"""What a run left behind, as its journal tells it: the plan, what was done, what was seen; judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain
from typing import TypeAlias

from lab.model.scripts import JsonValue


class Outcome(Enum):
    """How a step, chapter, drill or run ended. Only PASSED is good; UNKNOWN is never taken for it."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


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
    FAILED = "failed"


class Environment(Enum):
    SIMULATED = "simulated"
    REAL = "real"


class Ending(Enum):
    """Why a drill or a run came to its end; a journal that was cut short has none."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    NOT_READY = "not ready"


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
class GaroonAct(Entry):
    """Something done in Garoon as a user does it; `problem` is empty when it went well."""

    act: str
    by: str
    url: str
    detail: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Entry):
    """A wait for a condition, whether it came true, and what was seen last."""

    condition: str
    limit: timedelta
    took: timedelta
    met: bool
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Entry):
    """A file of the record and the digest it had when it was kept."""

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
    """A replication scenario, in the words of the Control Service."""

    name: str
    state: str
    direction: str
    master: str
    replica: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabState(Entry):
    """The whole lab at one moment: guests by host, and replication scenarios."""

    moment: Phase
    machines: Mapping[str, tuple[MachineSeen, ...]]
    scenarios: tuple[ScenarioSeen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSeen(Entry):
    """A line of the RHA manager's event view; `time` is the Control Service's own text."""

    code: str
    sequence: int
    severity: str
    source: str
    time: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorAnswer(Entry):
    """Something a person was asked to do or to say, and the answer."""

    asked: str
    answered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Entry):
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreAct(Entry):
    """One act of putting the lab back."""

    act: str
    outcome: ActOutcome
    error: Error | None


Activity: TypeAlias = Call | GaroonAct | Wait | Evidence | LabState | EventSeen | OperatorAnswer | Note | RestoreAct


def in_order(*groups: Sequence[Activity]) -> tuple[Activity, ...]:
    return tuple(sorted(chain.from_iterable(groups), key=lambda each: each.n))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """A step of the plan and what happened in it; `reported` is None when it never ended."""

    number: int
    keyword: str
    text: str
    began: Instant | None
    ended: Instant | None
    reported: Outcome | None
    expected: str
    seen: str
    error: Error | None
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A Gherkin scenario of a drill. Not called that: a scenario is Arcserve's. `left_out` by the operator's choice."""

    name: str
    guide: tuple[str, ...]
    left_out: bool
    steps: tuple[StepResult, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """Putting the lab back after a drill; `restored` is None when that is not known."""

    began: Instant
    ended: Instant | None
    restored: bool | None
    differences: tuple[str, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A feature: the plan's file and digest, its chapters, and how it ended.

    `began` and `last` are its first and last entry on the clock of the lab it was given.
    """

    id: str
    title: str
    file: str
    sha256: str
    guide: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    began: Instant | None
    last: Instant | None
    ending: Ending | None
    ending_text: str
    restoration: Restoration | None
    activities: tuple[Activity, ...]

    @property
    def steps(self) -> tuple[StepResult, ...]:
        return tuple(step for chapter in self.chapters for step in chapter.steps)

    @property
    def everything(self) -> tuple[Activity, ...]:
        """All that was done and seen in the drill, in the journal's order."""
        inner = [chapter.activities for chapter in self.chapters] + [step.activities for step in self.steps]
        return in_order(self.activities, *inner, self.restoration.activities if self.restoration else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where it was run: the names a reader needs to follow the record."""

    name: str
    master: str
    replica: str
    garoon_url: str
    guest: str
    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What ran the drills."""

    kunren: str
    python: str
    platform: str
    seed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeControls:
    """The last time before the run that drills were held against every mutation of the lab, and how many they caught.

    `sha256` is that of the result's file.
    """

    date: datetime
    sha256: str
    caught: int
    mutations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """The journal file the record was read from."""

    sha256: str
    entries: int
    complete: bool
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRecord:
    """A run: one or more drills at one site, from first line to last."""

    language: str
    environment: Environment
    site: Site
    tools: Tools
    objectives: Mapping[str, JsonValue]
    controls: NegativeControls | None
    drills: tuple[Drill, ...]
    activities: tuple[Activity, ...]
    began: Instant
    last: Instant
    ending: Ending | None
    journal: JournalFacts

    @property
    def simulated(self) -> bool:
        return self.environment is Environment.SIMULATED

    @property
    def everything(self) -> tuple[Activity, ...]:
        """All that was done and seen in the run, in the journal's order."""
        return in_order(self.activities, *(drill.everything for drill in self.drills))
