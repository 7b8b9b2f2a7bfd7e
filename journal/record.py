"""The record of a run as its journal tells it: plan, actions and observations; judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from journal.course import Check, Digests, Ending, Environment, NegativeControls, Operator, Outcome, Site
from journal.entries import Activity, in_order
from journal.entry import Error, Instant
from journal.exercise import ExercisePlan
from journal.measured import CanariesRead, CanariesRemoved, ClockCompared, Marked
from journal.seen import HostSeen
from lab.model.objectives import Objectives
from lab.model.probing import Probe, ProbeSchedule, Track
from lab.model.scripts import JsonValue
from words import Language, Told


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probing:
    """The seconds of probes, here by their track as they were due, count from `origin` on the lab's clock.

    Each track has an interval of its own, `every`. `ended` is None where the journal was cut before; `problem` says
    why it ended early, or is empty.
    """

    origin: datetime
    schedule: ProbeSchedule
    every: Mapping[Track, float]
    probes: Mapping[Track, tuple[Probe, ...]]
    ended: datetime | None
    problem: Told | None

    def at(self, seconds: float) -> datetime:
        return self.origin + timedelta(seconds=seconds)

    def seconds(self, moment: datetime) -> float:
        return (moment - self.origin).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measurement:
    """Everything measured in one drill; each part is absent where it was not measured.

    Canaries are read before the lab is restored, where users are served then, and once more after that.
    """

    probing: Probing | None
    marks: tuple[Marked, ...]
    readings: tuple[CanariesRead, ...]
    removed: CanariesRemoved | None
    clocks: tuple[ClockCompared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """A step of the plan and what happened in it; `reported` is None when it never ended.

    `expected` and `seen` are of what it did not pass for, `checks` are all it judged.
    """

    number: int
    keyword: Told
    text: Told
    began: Instant | None
    ended: Instant | None
    reported: Outcome | None
    expected: Told | None
    seen: Told | None
    error: Error | None
    checks: tuple[Check, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A Gherkin scenario of a drill. Not called that: a scenario is Arcserve's. `left_out` by the operator's choice."""

    name: Told
    guide: tuple[str, ...]
    left_out: bool
    steps: tuple[StepResult, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """Putting the lab back after a drill; `restored` is None when that is not known.

    `permitted` are differences that the site file allows, `stays` those that the operator wanted to stay; the lab
    counts as restored with them.
    """

    began: Instant
    ended: Instant | None
    restored: bool | None
    differences: tuple[Told, ...]
    permitted: tuple[Told, ...]
    stays: tuple[Told, ...] = ()
    by: tuple[str, ...] = ()
    """Names of people whose word the comparison rests on as well."""
    activities: tuple[Activity, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Drill:
    """A feature: the plan's file and digest, its chapters, and how it ended.

    `began` and `last` are its first and last entry on the clock of the lab it was given; `objectives` are the run's,
    which hold for each of its drills.
    """

    id: str
    title: Told
    file: str
    sha256: str
    guide: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    began: Instant | None
    last: Instant | None
    ending: Ending | None
    ending_text: Told | None
    objectives: Objectives
    restoration: Restoration | None
    measurement: Measurement | None
    activities: tuple[Activity, ...]

    @cached_property
    def steps(self) -> tuple[StepResult, ...]:
        return tuple(step for chapter in self.chapters for step in chapter.steps)

    @cached_property
    def everything(self) -> tuple[Activity, ...]:
        """All that was done and seen in the drill, in the journal's order."""
        inner = [chapter.activities for chapter in self.chapters] + [step.activities for step in self.steps]
        return in_order(self.activities, *inner, self.restoration.activities if self.restoration else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What ran the drills."""

    kunren: str
    python: str
    platform: str
    seed: int | None


class Contradiction(Enum):
    """Why a journal cannot be taken for the run's own: what record.json beside it says, or the journal itself."""

    JOURNAL = "journal"
    ENVIRONMENT = "environment"
    SITE = "site"
    UNREADABLE = "unreadable"
    """There is a record.json, but what it says cannot be read."""
    CHAIN = "chain"
    """A line of the journal does not follow from the one before it."""
    SEAL = "seal"
    """The seal of the record does not fit it, or was not made by its key."""
    CLOCKS = "clocks"
    """Real hosts are claimed, and the two clocks are as far apart as only a simulated lab's are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """The journal file the record was read from; `contradictions` are what shows that it is not the run's own.

    `head` is the SHA-256 of its last line; `broken` is the number of the line that breaks its chain; that of an older
    Kunren is not `chained`.
    """

    sha256: str
    head: str
    entries: int
    complete: bool
    chained: bool
    broken: int | None
    unread: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class DrillRecord:
    """A run: one or more drills at one site, from first line to last.

    `time_zone` is the site's, by its name or as an offset. It and the `id` are empty, and there are no operator and no
    digests, where the journal is of an older Kunren.
    """

    id: str
    language: Language
    environment: Environment
    site: Site
    time_zone: str
    operator: Operator | None
    digests: Digests | None
    tools: Tools
    objectives: Mapping[str, JsonValue]
    controls: NegativeControls | None
    plan: ExercisePlan | None = None
    drills: tuple[Drill, ...]
    activities: tuple[Activity, ...]
    began: Instant
    last: Instant
    ending: Ending | None
    journal: JournalFacts

    @cached_property
    def simulated(self) -> bool:
        """Also of a site that was said to be real, when one of its hosts says that it is not."""
        hosts = (each for each in self.everything if isinstance(each, HostSeen))
        return self.environment is Environment.SIMULATED or any(host.simulated for host in hosts)

    def local(self, moment: datetime) -> datetime:
        """In the site's time zone, as the journal names it; else in its lab clock's."""
        try:
            zone: tzinfo | None = ZoneInfo(self.time_zone) if self.time_zone else None
        except (ZoneInfoNotFoundError, ValueError, OSError):  # an offset, or no zone that this machine knows
            zone = _offset(self.time_zone)
        return moment.astimezone(zone or self.began.lab.tzinfo or UTC)

    @property
    def disowned(self) -> bool:
        """Whether the record.json beside the journal is of another one."""
        return any(each is not Contradiction.CLOCKS for each in self.journal.contradictions)

    @cached_property
    def everything(self) -> tuple[Activity, ...]:
        """All that was done and seen in the run, in the journal's order."""
        return in_order(self.activities, *(drill.everything for drill in self.drills))


def _offset(name: str) -> tzinfo | None:
    """Of a name such as +09:00."""
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00:00{name}").tzinfo
    except ValueError:
        return None
