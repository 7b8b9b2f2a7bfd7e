"""What a comparison comes to: verdicts, and runs, drills, chapters and steps in pairs with what was found of each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Generic, TypeVar

from journal.course import Outcome
from journal.record import DrillRecord
from lab.model.bounds import Length
from reports.page.figures import Figures

T = TypeVar("T")


class Verdict(Enum):
    """How a record stands to its baseline; in this order, the first that a part has is that of the whole."""

    DIFFERENT = "behaves differently"
    SLOWER = "slower"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted with remarks"
    """Of a whole only: what differs is what a file of acceptances expects."""
    FASTER = "faster"
    SAME = "same"
    """No difference could be told: beyond the tolerance, and beyond what intervals of looking leave open."""


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """What is known of a part stands, whatever is unknown of another; nothing at all proves nothing."""
    found = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in found), Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A difference counts beyond both: `share` of the baseline, and `seconds`."""

    share: float = 0.10
    seconds: float = 5.0

    def of(self, baseline: float) -> float:
        return max(self.share * baseline, self.seconds)


def pace(baseline: Length, record: Length, tolerance: Tolerance) -> Verdict:
    """Slower where even the least the record can have taken is too much for the most the baseline can have taken."""
    if baseline.upper is not None and record.lower > baseline.upper + tolerance.of(baseline.upper):
        return Verdict.SLOWER
    if record.upper is not None and record.upper < baseline.lower - tolerance.of(baseline.lower):
        return Verdict.FASTER
    return Verdict.UNKNOWN if baseline.upper is None or record.upper is None else Verdict.SAME


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """The same thing of both runs."""

    baseline: T
    record: T


class Surrounding(Enum):
    """What is compared of the environment; SCRIPTS are those that Kunren sends to hosts."""

    WINDOWS = "windows"
    BUILD = "build"
    UPDATES = "updates"
    """Those that only one of the runs was made with."""
    PROGRAMS = "programs"
    COMPUTER = "computer"
    """The host itself."""
    HARDWARE = "hardware"
    """What Hyper-V gives the drill's guest."""
    COMPONENTS = "components"
    """Of the integration services, as Hyper-V offers them to the guest."""
    GUEST = "guest"
    """Its Windows, as it said itself."""
    INTEGRATION = "integration services"
    """As the guest has them."""
    POWERSHELL = "powershell"
    PRODUCT = "product"
    PRODUCTS = "products"
    """Which products there were, where neither record tells of any."""
    KUNREN = "kunren"
    SCRIPTS = "scripts"
    SITE_FILE = "site file"
    DISCOVERY_FILE = "discovery file"


@dataclass(frozen=True, slots=True)
class ComparedSurrounding:
    """`of` are a product's name and the place it was found at, or a host's role; a value that is not known is empty."""

    what: Surrounding
    of: tuple[str, ...]
    told: Pair[str]

    @property
    def differs(self) -> bool | None:
        """None where one of the records does not tell."""
        if not (self.told.baseline and self.told.record):
            return None
        return self.told.baseline != self.told.record


class Topic(Enum):
    """What a finding is about."""

    MISSING = "missing"
    NEW = "new"
    NOT_RUN = "not run"
    OUTCOME = "outcome"
    FAILURE = "failure"
    ACTIONS = "actions"
    GAROON = "garoon"
    OPERATOR = "operator"
    EVENTS = "events"
    OFTEN = "often"
    RESTORATION = "restoration"
    QUESTIONS = "questions"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Finding:
    """What only the one and only the other has; one without a verdict is said, and weighs nothing."""

    topic: Topic
    baseline: tuple[str, ...]
    record: tuple[str, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """How much was sent to hosts; `actions` are calls that change something."""

    calls: int
    actions: int
    round_trips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedStep:
    """`numbers` are those of the steps in their drills; None, as all of that side, where only the other run has it."""

    step: str
    numbers: Pair[int | None]
    verdict: Verdict
    outcomes: Pair[Outcome | None]
    seconds: Pair[Length | None]
    sent: Pair[Sent | None]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedChapter:
    """`chapter` is its name in the record, or in the baseline where only that has it."""

    chapter: str
    verdict: Verdict
    steps: tuple[ComparedStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRestoration:
    verdict: Verdict
    outcomes: Pair[Outcome]
    seconds: Pair[Length | None]
    findings: tuple[Finding, ...]


class Measure(Enum):
    """What was measured of users while a drill ran."""

    PROBING = "probing"
    OUTAGE = "outage"
    OUTAGES = "outages"
    STRETCH = "stretch"
    HUMAN = "human"
    MACHINE = "machine"
    LOST = "lost"
    LOSS = "loss"
    DUPLICATED = "duplicated"
    RTO = "rto"
    RPO = "rpo"
    RESPONSE = "response"
    """Of Garoon to good probes of one layer, in the middle and of the slowest of twenty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedMeasure:
    """Lengths of time are in `seconds`, everything else in `told`, empty where unknown.

    `ends` are the milestones of a stretch. One without a verdict is said, and weighs nothing. `open`: an outage had not
    ended when the restoration began.
    """

    measure: Measure
    ends: tuple[str, str] | None
    seconds: Pair[Length | None]
    open: Pair[bool] = Pair(baseline=False, record=False)
    told: Pair[str]
    verdict: Verdict | None
    layer: str = ""
    """Of a response time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedDrill:
    """`seconds`: from the beginning of its first step to the end of its last; `changed`: its feature is another text.

    `pace` is that of all steps together, None where not all were run in both. Not
    `finished`: one was not ended in order.
    """

    drill: str
    verdict: Verdict
    changed: bool
    seconds: Pair[Length | None]
    pace: Verdict | None
    measures: tuple[ComparedMeasure, ...]
    chapters: tuple[ComparedChapter, ...]
    restoration: ComparedRestoration | None
    findings: tuple[Finding, ...]
    finished: bool = True


class Remark(Enum):
    """What a reader has to know of the two records before reading on."""

    BASELINE_NOT_PASSED = "baseline not passed"
    BASELINE_LATER = "baseline later"
    BASELINE_CUT = "baseline cut"
    RECORD_CUT = "record cut"
    PARTIAL = "partial"
    EVIDENCE = "evidence"
    DISOWNED = "disowned"
    SITES = "sites"
    LANGUAGES = "languages"
    VERSIONS = "versions"
    SEEDS = "seeds"
    SCRIPTS = "scripts"
    OBJECTIVES = "objectives"
    FUTURE = "future"
    """By the clock of this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """`remarks` come with what is to be named in them; a drill of one run alone is in `missing` or `added`.

    Not `settled`: it is not known how one of the runs ended. Not `owned`: a journal is not that of its run, so that
    nothing is known of the run, whatever the journal says.
    """

    runs: Pair[DrillRecord]
    tolerance: Tolerance
    surroundings: tuple[ComparedSurrounding, ...]
    remarks: Mapping[Remark, Pair[str]]
    figures: Pair[Figures]
    drills: tuple[ComparedDrill, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    verdict: Verdict
    settled: bool = True
    owned: bool = True
    among: int = 1
    """Of how many runs with its text the times of the baseline are, from the shortest to the longest."""


# -- which belongs to which ------------------------------------------------------------------------------------------


def aligned(
    baseline: Sequence[T], record: Sequence[T], of_baseline: Sequence[Hashable], of_record: Sequence[Hashable]
) -> Iterator[tuple[T | None, T | None]]:
    """In order, those whose keys agree side by side; what only one has stands alone."""
    matcher = SequenceMatcher(None, of_baseline, of_record, autojunk=False)
    for tag, begin, end, other_begin, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(baseline[begin:end], record[other_begin:other_end], strict=True)
        else:
            yield from ((each, None) for each in baseline[begin:end])
            yield from ((None, each) for each in record[other_begin:other_end])


def only_in(baseline: Sequence[str], record: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the one and only the other has, in order; the same things in another order differ."""
    pairs = list(aligned(baseline, record, baseline, record))
    return (
        tuple(one for one, other in pairs if one is not None and other is None),
        tuple(other for one, other in pairs if other is not None and one is None),
    )
