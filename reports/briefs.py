"""The answers of many drills, a line each: for the first page of a run of more than one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from journal.course import Outcome
from journal.record import Drill
from lab.model.objectives import Attained, Attainment
from lab.model.probing import Acknowledgement
from reports import judge
from reports.answers import Judged
from reports.findings import Findings, findings_of
from words import Told, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """`outage` is of the drill alone, the longest of several; what happened while putting back is told in its part."""

    title: Told
    outcome: Outcome
    outage: str
    lost: str
    objectives: tuple[Judged, ...]
    restored: Outcome


def brief(drill: Drill, words: Words) -> Brief:
    found = findings_of(drill)
    return Brief(
        title=drill.title,
        outcome=judge.drill(drill),
        outage=_outage(found, words) if found else words("brief.unmeasured"),
        lost=_lost(found, words) if found else "–",
        objectives=tuple(_objectives(found, words)) if found else (),
        restored=judge.restoration(drill),
    )


def _outage(found: Findings, words: Words) -> str:
    if found.during:
        lower, upper = found.rto.measured.lower, found.rto.measured.upper
        if any(outage.returned for outage in found.open):
            return words("length.cut", lower=words.at_least(lower))
        return words.between(lower, upper)
    if found.complete and found.users.unseen is not None:
        return words("brief.no_outage", unseen=words.at_most(found.users.unseen))
    return words("brief.unknown")


def _lost(found: Findings, words: Words) -> str:
    if found.loss.lost is None or not found.canaries:
        return words("brief.unknown")
    told = sum(canary.acknowledgement is Acknowledgement.ACKNOWLEDGED for canary in found.canaries)
    return words("brief.lost_of", lost=found.loss.lost, n=told)


def _objectives(found: Findings, words: Words) -> Iterator[Judged]:
    judged: dict[str, Attained] = {"rto": found.rto, "rpo": found.rpo}
    for name, attained in judged.items():
        if attained.attainment is not Attainment.NONE:
            word = words(f"attainment.{attained.attainment.value}")
            outcome = judge.OF_ATTAINMENT.get(attained.attainment, Outcome.PASSED)
            yield Judged(words(f"brief.{name}", attained=word), outcome)
