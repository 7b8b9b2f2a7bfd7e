"""The few numbers of a run, counted from its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from journal.course import Outcome
from journal.record import Drill, DrillRecord
from journal.seen import Call, Evidence
from reports import judge

MOST_CALLS, MOST_STEPS = 20_000, 5_000


@judge.once
def detailed(record: DrillRecord) -> bool:
    """Whether every call is told; of a larger run the journal alone has those of steps that passed."""
    calls = sum(isinstance(each, Call) for each in record.everything)
    return calls <= MOST_CALLS and sum(len(drill.steps) for drill in record.drills) <= MOST_STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`lab_took` adds up the drills, each on its own lab's clock; `actions` are calls that change something."""

    lab_took: timedelta
    wall_took: timedelta
    drills: Mapping[Outcome, int]
    steps: Mapping[Outcome, int]
    attested: int
    """Of the steps that passed."""
    calls: int
    actions: int
    round_trips: int
    evidence: int


@judge.once
def count(record: DrillRecord) -> Figures:
    everything = record.everything
    calls = [each for each in everything if isinstance(each, Call)]
    return Figures(
        lab_took=sum((took(drill) for drill in record.drills), timedelta()),
        wall_took=record.last.wall - record.began.wall,
        drills=Counter(judge.drill(drill) for drill in record.drills),
        steps=Counter(judge.step(step) for drill in record.drills for step in drill.steps),
        attested=sum(judge.fact(step) is judge.Fact.ATTESTED for drill in record.drills for step in drill.steps),
        calls=len(calls),
        actions=sum(call.changes for call in calls),
        round_trips=sum(call.round_trips for call in calls),
        evidence=sum(isinstance(each, Evidence) for each in everything),
    )


def took(drill: Drill) -> timedelta:
    """Lab time from the first to the last entry of a drill, its restoration included."""
    return drill.last.lab - drill.began.lab if drill.began and drill.last else timedelta()
