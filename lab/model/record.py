"""What a run left behind, as its journal tells it: the plan, what was done, what was seen; judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lab.model.activities import Activity, Error, HostSeen, Instant, in_order
from lab.model.measurement import Measurement
from lab.model.objectives import Objectives
from lab.model.scripts import JsonValue


class Outcome(Enum):
    """How a step, chapter, drill or run ended. Only PASSED is good; UNKNOWN is never taken for it."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


class Environment(Enum):
    SIMULATED = "simulated"
    REAL = "real"


class Ending(Enum):
    """Why a drill or a run came to its end; a journal that was cut short has none."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    NOT_READY = "not ready"


@dataclass(frozen=True, slots=True)
class Check:
    """What a step judged: what it expected and what was seen, whether or not the two agree."""

    expected: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """A step of the plan and what happened in it; `reported` is None when it never ended.

    `expected` and `seen` are of what it did not pass for, `checks` are all it judged.
    """

    number: int
    keyword: str
    text: str
    began: Instant | None
    ended: Instant | None
    reported: Outcome | None
    expected: str
    seen: str
    error: Error | None
    checks: tuple[Check, ...]
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
    """Putting the lab back after a drill; `restored` is None when that is not known.

    `permitted` are differences that the site file allows, `stays` those that the operator wanted to stay; the lab
    counts as restored with them.
    """

    began: Instant
    ended: Instant | None
    restored: bool | None
    differences: tuple[str, ...]
    permitted: tuple[str, ...]
    stays: tuple[str, ...] = ()
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A feature: the plan's file and digest, its chapters, and how it ended.

    `began` and `last` are its first and last entry on the clock of the lab it was given; `objectives` are the run's,
    which hold for each of its drills.
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
    objectives: Objectives
    restoration: Restoration | None
    measurement: Measurement | None
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
class Operator:
    """Who ran it: the login and the machine, how Kunren was called, and the word that confirmed a real site."""

    login: str
    controller: str
    command_line: tuple[str, ...]
    confirmed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of what the run was told by; `discovery_file` is empty where there was none."""

    site_file: str
    discovery_file: str
    scripts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeControls:
    """The last time before the run that drills were held against every mutation of the lab, and how many they caught.

    `sha256` is that of the result's file.
    """

    date: datetime
    sha256: str
    caught: int
    mutations: int


class Contradiction(Enum):
    """Why a journal cannot be taken for the run's own: what record.json beside it says, or the journal itself."""

    JOURNAL = "journal"
    ENVIRONMENT = "environment"
    SITE = "site"
    UNREADABLE = "unreadable"
    """There is a record.json, but what it says cannot be read."""
    CLOCKS = "clocks"
    """Real hosts are claimed, and the two clocks are as far apart as only a simulated lab's are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """The journal file the record was read from; `contradictions` are what shows that it is not the run's own."""

    sha256: str
    entries: int
    complete: bool
    unread: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRecord:
    """A run: one or more drills at one site, from first line to last.

    `time_zone` is the site's, by its name or as an offset. It is empty, and there are no operator and no digests, where
    the journal is of an older Kunren.
    """

    language: str
    environment: Environment
    site: Site
    time_zone: str
    operator: Operator | None
    digests: Digests | None
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
        """Also of a site that was said to be real, when one of its hosts says that it is not."""
        hosts = (each for each in self.everything if isinstance(each, HostSeen))
        return self.environment is Environment.SIMULATED or any(host.simulated for host in hosts)

    @property
    def disowned(self) -> bool:
        """Whether the record.json beside the journal is of another one."""
        return any(each is not Contradiction.CLOCKS for each in self.journal.contradictions)

    @property
    def everything(self) -> tuple[Activity, ...]:
        """All that was done and seen in the run, in the journal's order."""
        return in_order(self.activities, *(drill.everything for drill in self.drills))
