"""A record as suites of cases, as tools of continuous integration have them: a drill is a suite, a chapter a case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from journal.course import Outcome
from journal.record import Chapter, Drill, DrillRecord, Restoration, StepResult
from journal.seen import Condition, Evidence
from reports import judge
from reports.findings import findings_of
from reports.page import sentences
from reports.page.answers import attained_sentences
from reports.page.figures import took
from words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One result; `why` is empty where there is nothing to tell. Names are unique within a record."""

    name: str
    outcome: Outcome
    why: str = ""
    seconds: float = 0.0
    files: tuple[str, ...] = ()
    """Evidence of the record that is as it was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A drill, with its restoration, objectives and verdict as cases of their own."""

    name: str
    id: str
    drill: Drill
    seconds: float
    cases: tuple[Case, ...]


def suites(record: DrillRecord, words: Words) -> Iterator[Suite]:
    for number, drill in enumerate(record.drills, 1):
        simulated = f"{words('report.simulated')} " if record.simulated else ""
        yield Suite(
            name=f"{simulated}{drill.id} {words.value(drill.title)}",
            id=f"{number}.{drill.id}",
            drill=drill,
            seconds=took(drill).total_seconds(),
            cases=tuple(_Cases(record, words).of(drill, number)),
        )


class _Cases:
    def __init__(self, record: DrillRecord, words: Words) -> None:
        self._record, self._words = record, words

    def of(self, drill: Drill, number: int) -> Iterator[Case]:
        place = f"{drill.id} {number}"
        for index, chapter in enumerate(drill.chapters, 1):
            yield self._chapter(f"{place}.{index} {self._words.value(chapter.name)}", chapter)
        yield self._restoration(f"{place} {self._words('figure.restoration')}", drill)
        yield from self._objectives(place, drill)
        yield self._verdict(f"{place} {self._words('exports.verdict')}", drill)

    def _chapter(self, name: str, chapter: Chapter) -> Case:
        outcome = judge.shown(chapter)
        return Case(
            name=name,
            outcome=outcome,
            why="" if outcome is Outcome.PASSED else self._why(chapter, outcome),
            seconds=sum(map(seconds, chapter.steps)),
            files=tuple(dict.fromkeys(_files(chapter))),
        )

    def _why(self, chapter: Chapter, outcome: Outcome) -> str:
        if chapter.left_out:
            return self._words("exports.left_out")
        if outcome in {Outcome.SKIPPED, Outcome.NOT_RUN}:
            return self._words("exports.not_run")
        told = [line for each in chapter.steps for line in self._step(each)]
        return "\n".join(told) or self._words("exports.attested")

    def _step(self, result: StepResult) -> Iterator[str]:
        """Of a step that did not pass."""
        outcome = judge.step(result)
        if outcome is Outcome.PASSED:
            return
        value = self._words.value
        yield f"{value(result.keyword)} {value(result.text)}: {self._words(f'outcome.{outcome.value}')}"
        for name, told in (("expected", result.expected), ("seen", result.seen)):
            if told is not None:
                yield f"  {self._words(f'exports.{name}')}: {value(told)}"
        if result.error is not None:
            yield f"  {value(result.error.text)}"

    def _restoration(self, name: str, drill: Drill) -> Case:
        outcome = judge.restoration(drill)
        lines = [self._words(f"restoration.{outcome.value}_sentence")] if outcome is not Outcome.PASSED else []
        found = drill.restoration
        lines += [f"  {self._words.value(each)}" for each in (found.differences if found else ())]
        return Case(name=name, outcome=outcome, why="\n".join(lines), seconds=_restoring(found))

    def _objectives(self, place: str, drill: Drill) -> Iterator[Case]:
        found = findings_of(drill)
        if found is None:
            return
        for name, told in attained_sentences(found, self._words).items():
            outcome = told.outcome or Outcome.NOT_RUN  # without an objective nothing is judged
            why = "" if outcome is Outcome.PASSED else told.text
            yield Case(name=f"{place} {self._words(f'objective.{name}')}", outcome=outcome, why=why)

    def _verdict(self, name: str, drill: Drill) -> Case:
        """No better than what the whole record proves: one that was altered or broken off shows no passed drill."""
        outcome, whole = judge.drill(drill), judge.verdict(self._record)
        spoilt = whole.altered or whole.contradictions or whole.interrupted
        if outcome is Outcome.PASSED and spoilt:
            outcome = Outcome.UNKNOWN
        if outcome is Outcome.PASSED:
            return Case(name=name, outcome=outcome)
        told = (
            *sentences.alarms(self._record, whole, self._words),
            *(each.text for each in sentences.below_verdict(self._record, whole, self._words)),
        )
        return Case(name=name, outcome=outcome, why="\n".join(told) or self._words(f"outcome.{outcome.value}"))


def seconds(result: StepResult) -> float:
    """On the lab's clock; none of a step that did not end."""
    return (result.ended.lab - result.began.lab).total_seconds() if result.began and result.ended else 0.0


def _restoring(found: Restoration | None) -> float:
    return (found.ended.lab - found.began.lab).total_seconds() if found and found.ended else 0.0


def _files(chapter: Chapter) -> Iterator[str]:
    for activities in (chapter.activities, *(each.activities for each in chapter.steps)):
        for each in activities:
            if isinstance(each, Evidence) and each.condition is Condition.VERIFIED:
                yield each.file
