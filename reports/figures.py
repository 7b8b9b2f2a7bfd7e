"""The few numbers of a run, counted from its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from lab.model.record import Call, DrillRecord, Evidence, Outcome
from reports import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`actions` are those of the calls that change something on a host."""

    lab_took: timedelta
    wall_took: timedelta
    drills: Mapping[Outcome, int]
    steps: Mapping[Outcome, int]
    calls: int
    actions: int
    round_trips: int
    evidence: int


def count(record: DrillRecord) -> Figures:
    everything = record.everything
    calls = [each for each in everything if isinstance(each, Call)]
    return Figures(
        lab_took=record.last.lab - record.began.lab,
        wall_took=record.last.wall - record.began.wall,
        drills=Counter(judge.drill(drill) for drill in record.drills),
        steps=Counter(judge.step(step) for drill in record.drills for step in drill.steps),
        calls=len(calls),
        actions=sum(call.changes for call in calls),
        round_trips=sum(call.round_trips for call in calls),
        evidence=sum(isinstance(each, Evidence) for each in everything),
    )
