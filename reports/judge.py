"""The verdict: pure functions from what the journal says to what it proves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from journal.course import Ending, Outcome
from journal.entries import Activity
from journal.people import Answered, PersonAnswered, PersonRelied
from journal.record import Chapter, Contradiction, Drill, DrillRecord, StepResult
from journal.seen import Call, Condition, Evidence, GaroonAct, Undertaken
from lab.model.objectives import Attainment
from reports.findings import findings_of

CHANGING = frozenset({"write", "remove"})
"""What is done in Garoon and is there afterwards."""
SAYING = (PersonAnswered, PersonRelied)
OF_ATTAINMENT = {Attainment.MISSED: Outcome.FAILED, Attainment.UNPROVEN: Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Trouble:
    """The step that keeps a run from having passed."""

    drill: Drill
    chapter: Chapter
    step: StepResult
    outcome: Outcome

    @property
    def guide(self) -> tuple[str, ...]:
        return self.chapter.guide or self.drill.guide


class Subject(Enum):
    """What a measurement is held to."""

    RTO = "rto"
    RPO = "rpo"
    OUTAGE = "outage"
    """That every outage of the drill had ended before the lab began to be restored."""

    CANARIES = "canaries"
    """That they can be read back."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A measurement that keeps a drill from having passed.

    An objective missed or not proven, an outage not seen to end before the restoration, canaries not read back.
    """

    drill: Drill
    subject: Subject
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the run came to. Whether the lab was restored is a result of its own.

    `stays`: a guest has stayed where it was moved to, as the operator wanted it.
    `partial`: the operator left chapters out, so that no drill they belong to can have passed. `altered` is evidence
    that is not as it was kept, and `contradictions` show that the journal is not the run's own: such a run has never
    passed.
    """

    outcome: Outcome
    restoration: Outcome
    stays: bool
    simulated: bool
    not_ready: bool
    interrupted: bool
    partial: bool
    altered: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...]
    trouble: Trouble | None
    shortfalls: tuple[Shortfall, ...]
    restoration_attested: bool
    """Whether the lab is restored rests on what people have said as well."""
    attested: int
    """Of how many passed steps people have said what Kunren did not see."""


Judged = TypeVar("Judged")
Found = TypeVar("Found")


def once(judge: Callable[[Judged], Found]) -> Callable[[Judged], Found]:
    """What has been read never changes: it is judged once for all that ask, and forgotten with it."""
    known: WeakKeyDictionary[Judged, Found] = WeakKeyDictionary()

    @wraps(judge)
    def judged(of: Judged) -> Found:
        if of not in known:
            known[of] = judge(of)
        return known[of]

    return judged


@once
def verdict(record: DrillRecord) -> Verdict:
    """A run has passed only if each drill has, and the journal goes on to a finished end."""
    outcome = together(drill(each) for each in record.drills)
    interrupted = record.ending is not Ending.FINISHED or not record.journal.complete
    spoilt = altered(record.everything)
    if outcome is Outcome.PASSED and (interrupted or spoilt or record.journal.contradictions):
        outcome = Outcome.UNKNOWN
    return Verdict(
        outcome=outcome,
        restoration=_restorations(record),
        stays=any(each.restoration is not None and each.restoration.stays for each in record.drills),
        simulated=record.simulated,
        not_ready=any(each.ending is Ending.NOT_READY for each in record.drills),
        interrupted=interrupted,
        partial=any(part.left_out for each in record.drills for part in each.chapters),
        altered=spoilt,
        contradictions=record.journal.contradictions,
        trouble=_worst(each for drill in record.drills for each in _located(drill)),
        shortfalls=tuple(each for drill in record.drills for each in shortfalls(drill)),
        restoration_attested=any(each.restoration is not None and each.restoration.by for each in record.drills),
        attested=sum(bool(attested(each)) for drill in record.drills for each in drill.steps),
    )


def step(result: StepResult) -> Outcome:
    """What was reported; a step that began and was never heard of again may have done anything."""
    if result.reported is not None:
        return result.reported
    return Outcome.UNKNOWN if result.began else Outcome.NOT_RUN


def attested(result: StepResult) -> tuple[str, ...]:
    """Who has said what a passed step has judged or built on, or has done what it asked for.

    Empty where Kunren saw it itself.
    """
    if result.reported is not Outcome.PASSED:
        return ()
    said = [each for each in result.activities if isinstance(each, SAYING)]
    return tuple(dict.fromkeys(name for each in said for name in _attesting(each)))


class Fact(Enum):
    """How it is known that a step passed."""

    DONE = "done"
    """By Kunren, which has seen what came of it."""
    OBSERVED = "observed"
    ATTESTED = "attested"
    """People say so."""


def fact(result: StepResult) -> Fact | None:
    """None of a step that did not pass."""
    if result.reported is not Outcome.PASSED:
        return None
    if attested(result):
        return Fact.ATTESTED
    return Fact.DONE if any(map(_acts, result.activities)) else Fact.OBSERVED


def _acts(activity: Activity) -> bool:
    match activity:
        case Call(changes=changes):
            return changes
        case GaroonAct(act=act):
            return act in CHANGING
        case _:
            return isinstance(activity, Undertaken)


def _attesting(activity: Activity) -> tuple[str, ...]:
    match activity:
        case PersonAnswered(outcome=Answered.TOLD | Answered.DONE, by=by):
            return (by,)
        case PersonRelied(by=names):
            return names
        case _:
            return ()


def chapter(result: Chapter) -> Outcome:
    return together(step(each) for each in result.steps)


def shown(result: Chapter) -> Outcome:
    """What a chapter shows of the guide: nothing that people alone have said."""
    outcome = chapter(result)
    return Outcome.UNKNOWN if outcome is Outcome.PASSED and not _observed(result) else outcome


@once
def drill(result: Drill) -> Outcome:
    """A drill has passed only if every step of its plan has, it was ended in order, and what was measured suffices.

    What people attest is not seen: a drill of which nothing else was judged is not known to have passed.
    """
    outcome = together(step(each) for each in result.steps)
    short = {each.outcome for each in shortfalls(result)}
    if Outcome.FAILED in short:
        return Outcome.FAILED
    unproven = short or altered(result.everything) or result.ending is not Ending.FINISHED or not _observed(result)
    if outcome is Outcome.PASSED and unproven:
        return Outcome.UNKNOWN
    return outcome


def _observed(result: Drill | Chapter) -> bool:
    """Kunren itself has judged something, or nobody else has."""
    people = any(attested(each) for each in result.steps)
    return not people or any(each.checks and not attested(each) for each in result.steps)


def altered(activities: Iterable[Activity]) -> tuple[Evidence, ...]:
    """Evidence that is not as it was kept, so that what it should show is not known."""
    return tuple(each for each in activities if isinstance(each, Evidence) and each.condition is not Condition.VERIFIED)


def shortfalls(result: Drill) -> tuple[Shortfall, ...]:
    """None of a drill that was not probed: it is held to no objective."""
    found = findings_of(result)
    if found is None:
        return ()
    judged = {
        Subject.RTO: OF_ATTAINMENT.get(found.rto.attainment),
        Subject.RPO: OF_ATTAINMENT.get(found.rpo.attainment),
        Subject.OUTAGE: Outcome.UNKNOWN if found.open else None,
        Subject.CANARIES: Outcome.UNKNOWN if found.unread else None,
    }
    return tuple(Shortfall(result, subject, outcome) for subject, outcome in judged.items() if outcome)


def restoration(result: Drill) -> Outcome:
    """Whether the lab was restored. Where no step began there was nothing to restore."""
    if result.restoration is None:
        return Outcome.UNKNOWN if any(each.began for each in result.steps) else Outcome.NOT_RUN
    match result.restoration.restored:
        case True:
            return Outcome.PASSED
        case False:
            return Outcome.FAILED
        case None:
            return Outcome.UNKNOWN


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """One failure fails the whole; what agrees is that; anything else, and nothing at all, proves nothing."""
    found = set(outcomes)
    if Outcome.FAILED in found:
        return Outcome.FAILED
    return found.pop() if len(found) == 1 else Outcome.UNKNOWN


def unrun(record: DrillRecord) -> tuple[Trouble, ...]:
    """The steps of the plan that were skipped or never reached, in the order of the plan."""
    return tuple(
        each
        for drill in record.drills
        for each in _located(drill)
        if each.outcome in {Outcome.SKIPPED, Outcome.NOT_RUN}
    )


def _restorations(record: DrillRecord) -> Outcome:
    needed = [outcome for outcome in map(restoration, record.drills) if outcome is not Outcome.NOT_RUN]
    return together(needed) if needed else Outcome.NOT_RUN


def troubles(record: DrillRecord) -> tuple[Trouble, ...]:
    """Of each drill that was run and did not pass the step that kept it from it; of what was never reached the first.

    Where no drill was run, that is the plan's first step.
    """
    every = [trouble for drill in record.drills if (trouble := _worst(_located(drill)))]
    run = [each for each in every if each.outcome in {Outcome.FAILED, Outcome.UNKNOWN}]
    return tuple(run or every[:1])


def _worst(located: Iterable[Trouble]) -> Trouble | None:
    """The first step that failed or, where none did, the first that did not pass; what was left out is no trouble."""
    troubled = [each for each in located if not each.chapter.left_out and each.outcome is not Outcome.PASSED]
    failed = [each for each in troubled if each.outcome is Outcome.FAILED]
    return next(iter(failed or troubled), None)


def _located(drill: Drill) -> Iterator[Trouble]:
    for part in drill.chapters:
        for result in part.steps:
            yield Trouble(drill, part, result, step(result))
