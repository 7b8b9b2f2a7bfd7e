"""The course of a run: what was planned, and how each part of it began and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, Literal, TypeAlias

from journal.entry import SCHEMA, Entry, Error
from journal.exercise import ExercisePlan
from journal.form import IF_ANY, NULL, OLDER, OUTSIDE, Empty, Named, Written
from lab.model.objectives import Objectives
from lab.model.scripts import JsonValue
from words import Language, Told, sentence

Place: TypeAlias = tuple[str | int, ...]
"""A drill by its name, and with numbers a chapter or a step of it; nothing for the run."""
RUN: Place = ()


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
    NOT_BEGUN = "not begun"
    """Of a drill that would have come after one that ended the run."""


Restoring: TypeAlias = Literal["auto", "ask", "never"]
"""What becomes of what a drill has begun: undone, or only if the operator says so, or left."""


class ActOutcome(Enum):
    """How an act of the restoration went."""

    DONE = "done"
    NEEDLESS = "nothing to do"
    LEFT_ALONE = "left alone"
    FAILED = "failed"


# -- the run -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Written):
    """Who ran it: the login and the machine, how Kunren was called, and the word that confirmed a real site."""

    login: str
    controller: Annotated[str, "the machine"]
    command_line: Annotated[tuple[str, ...], OUTSIDE]
    confirmed: Annotated[str, "the word that confirmed a real site", NULL]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Written):
    """Where it was run: the names a reader needs to follow the record."""

    name: str
    master: str
    replica: str
    garoon_url: str
    guest: str
    scenario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests(Written):
    """SHA-256 of what the run was told by; those of `discovery_file` and `plan` are empty where there was none."""

    site_file: Annotated[str, OLDER]
    discovery_file: Annotated[str, NULL]
    scripts: Annotated[Mapping[str, str], "by name"]
    plan: Annotated[str, "of plan.toml in the record", IF_ANY] = ""
    preregistration: Annotated[str, "of sources/preregistration.json, fixed before the run", IF_ANY] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeControls(Written):
    """The last controls before the run: how many mutations of the simulator the drills detected.

    `sha256` is that of the result's file.
    """

    date: datetime
    sha256: Annotated[str, "of the result's file"]
    caught: int
    mutations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan(Written):
    """A step of the plan, as the feature has it, and its twin in the other language."""

    keyword: Told
    text: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterPlan(Written):
    """A Gherkin scenario of the plan. Its steps end as `skipped`, by the operator's choice, where it is `left_out`."""

    name: Told
    guide: Annotated[tuple[str, ...], "identities of points of the guide"]
    left_out: Annotated[bool, OLDER]
    steps: tuple[StepPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPlan(Written):
    """A feature of the plan, with its file's name and SHA-256."""

    drill: Annotated[str, "its name"]
    title: Told
    file: str
    sha256: str
    guide: tuple[str, ...]
    chapters: tuple[ChapterPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan(Entry, what="run.began"):
    """A run begins, with the whole plan, so that what was not run can be said."""

    schema: Annotated[int, "1"] = SCHEMA
    record: Annotated[str, "the identity of the record, which its folder need not have as its name", OLDER] = ""
    kunren: Annotated[str, "its version"]
    language: Language
    operator: Annotated[Operator | None, "who ran it, and with which words"]
    environment: Environment
    site: Site
    time_zone: Annotated[str, "the site's, such as `Asia/Tokyo` or `+09:00`", OLDER]
    seed: Annotated[int | None, "of the simulated lab"]
    objectives: Annotated[
        Mapping[str, JsonValue],
        "`rto_s` and `rpo_s` (number or null), `sha256` of the two and of the digests of the plan",
    ]
    digests: Annotated[Digests | None, "SHA-256 of what the run was told by"]
    controls: Annotated[NegativeControls | None, "the last whole negative control beside the record"]
    python: str
    platform: str
    drills: Annotated[tuple[DrillPlan, ...], "the plan"]
    plan: Annotated[ExercisePlan | None, "the exercise plan, as people wrote it", IF_ANY] = None
    restores: Annotated[
        str, "the record of the dead run whose changes this one takes up (`kunren restore`, `kunren resume`)", IF_ANY
    ] = ""

    def flaw(self) -> Told | None:
        names = [drill.drill for drill in self.drills]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            return sentence("flaw.drill_twice", drill=twice)
        digest = self.objectives.get("sha256")
        if digest and digest != self.fixed.sha256([drill.sha256 for drill in self.drills]):
            return sentence("flaw.objectives")
        return None

    @property
    def fixed(self) -> Objectives:
        """The objectives in seconds; none of an older Kunren."""
        return Objectives(rto_s=_seconds(self.objectives.get("rto_s")), rpo_s=_seconds(self.objectives.get("rpo_s")))


def _seconds(value: JsonValue) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Entry, what="run.ended"):
    """A run ends."""

    reason: Ending

    @property
    def place(self) -> Place:
        return RUN


# -- drills ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDrill(Entry):
    """An entry at which a drill, or a part of it, begins or ends."""

    drill: str

    @property
    def place(self) -> Place:
        return (self.drill,)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillBegan(OfDrill, what="drill.began"):
    """A drill begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillEnded(OfDrill, what="drill.ended"):
    """A drill ends; one whose process was killed is closed as `interrupted` by the process that writes the journal.

    One that is `not begun` has no beginning.
    """

    reason: Ending
    text: Annotated[Told | None, "why, where that can be said", OUTSIDE, IF_ANY] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfChapter(OfDrill):
    """An entry at which a chapter, or a step of it, begins or ends."""

    chapter: Annotated[int, "from 0"]

    @property
    def place(self) -> Place:
        return (self.drill, self.chapter)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterBegan(OfChapter, what="chapter.began"):
    """A chapter begins: a Gherkin scenario; a *scenario* here is always Arcserve's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterEnded(OfChapter, what="chapter.ended"):
    """A chapter ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfStep(OfChapter):
    """An entry at which a step begins or ends."""

    step: Annotated[int, "from 0"]

    @property
    def place(self) -> Place:
        return (self.drill, self.chapter, self.step)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBegan(OfStep, what="step.began"):
    """A step begins."""


@dataclass(frozen=True, slots=True)
class Check(Written):
    """What a step judged: what it expected and what was seen, whether or not the two agree."""

    expected: Told
    seen: Annotated[Told, OUTSIDE]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnded(OfStep, what="step.ended"):
    """A step ends; a skipped one may end without having begun.

    One that began says in `error` what of a chapter that was left out it would have needed.
    """

    outcome: Outcome
    expected: Annotated[Told | None, "what it did not pass for", IF_ANY] = None
    seen: Annotated[Told | None, OUTSIDE, IF_ANY] = None
    error: Annotated[Error | None, IF_ANY, Empty("")] = None
    checks: Annotated[tuple[Check, ...], "all that the step judged, also where it passed"] = ()


# -- the restoration ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreBegan(Entry, what="restore.began"):
    """The restoration begins, inside its drill."""

    mode: Annotated[Restoring | None, "the operator's `--restore`", OLDER]
    acts: Annotated[tuple[str, ...], "the names of those that may have something to undo"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreAct(Entry, what="restore.act"):
    """One act of the restoration."""

    act: str
    outcome: ActOutcome
    error: Annotated[Error | None, OUTSIDE, IF_ANY, Empty("")] = None
    because: Annotated[Told | None, "why the lab was left alone", OUTSIDE, IF_ANY] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreWaiting(Entry, what="restore.waiting"):
    """What an act of the restoration waits for, told every 30 s, and for how much longer at most."""

    act: str
    condition: Annotated[Told | None, "what it waits for", Named("for"), Empty(""), OLDER]
    left: Annotated[timedelta, Named("left_s")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreEnded(Entry, what="restore.ended"):
    """The lab was compared with what it was before the drill."""

    restored: Annotated[bool | None, "null for not known"]
    differences: Annotated[tuple[Told, ...], OUTSIDE] = ()
    permitted: Annotated[tuple[Told, ...], "further ones, which the site file allows; they do not count", OUTSIDE] = ()
    stays: Annotated[tuple[Told, ...], "those that the operator wants to stay", OUTSIDE] = ()
    by: Annotated[tuple[str, ...], "names of people whose word the comparison rests on as well", OUTSIDE, IF_ANY] = ()
