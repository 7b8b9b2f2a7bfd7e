"""A record as suites of cases, as tools of continuous integration have them: a drill is a suite, a chapter a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from journal.course import Outcome
from journal.entries import Activity
from journal.record import Chapter, Drill, DrillRecord, Restoration, StepResult
from journal.seen import Condition, Evidence
from reports import judge
from reports.findings import findings_of
from reports.page import sentences
from reports.page.answers import attained_sentences
from reports.page.figures import took
from words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A step; `began` is a moment of the lab's, where it began."""

    keyword: str
    text: str
    outcome: Outcome
    why: str = ""
    began: datetime | None = None
    seconds: float = 0.0
    files: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One result; `why` is empty where there is nothing to tell. Names are unique within a record."""

    name: str
    title: str
    """What it is about, without its place."""
    key: str
    """The same in each record of the site's, in any language."""
    outcome: Outcome
    why: str = ""
    began: datetime | None = None
    seconds: float = 0.0
    guide: tuple[str, ...] = ()
    files: tuple[Evidence, ...] = ()
    """Evidence of the record that is as it was kept."""
    own: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its steps and, where none of them tells its outcome, what does: readers take the worst for the whole."""
        if any(each.outcome is self.outcome for each in self.own):
            return self.own
        whole = Part(
            keyword="*",
            text=self.title,
            outcome=self.outcome,
            why=self.why,
            began=None if self.own else self.began,
            seconds=0.0 if self.own else self.seconds,
        )
        return (*self.own, whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A drill, with its restoration, objectives and verdict as cases of their own."""

    name: str
    id: str
    drill: Drill
    began: datetime
    """On the wall; of a drill that was not begun the whole run."""
    seconds: float
    cases: tuple[Case, ...]

    @property
    def wall_seconds(self) -> float:
        """Of the wall's clock, from the drill's first entry to its last."""
        began, last = self.drill.began, self.drill.last
        return (last.wall - began.wall).total_seconds() if began and last else 0.0

    def wall(self, moment: datetime | None) -> datetime:
        """A moment of the lab's, counted from where its first stands on the wall: a simulated lab has other years."""
        began = self.drill.began
        since = moment - began.lab if moment and began else timedelta()
        return self.began + max(since, timedelta())


def suites(record: DrillRecord, words: Words) -> Iterator[Suite]:
    for number, drill in enumerate(record.drills, 1):
        simulated = f"{words('report.simulated')} " if record.simulated else ""
        yield Suite(
            name=f"{simulated}{drill.id} {words.value(drill.title)}",
            id=f"{number}.{drill.id}",
            drill=drill,
            began=(drill.began or record.began).wall,
            seconds=took(drill).total_seconds(),
            cases=tuple(_Cases(record, words).of(drill, number)),
        )


class _Cases:
    def __init__(self, record: DrillRecord, words: Words) -> None:
        self._record, self._words = record, words

    def of(self, drill: Drill, number: int) -> Iterator[Case]:
        place = f"{drill.id} {number}"
        known: Counter[str] = Counter()
        for index, chapter in enumerate(drill.chapters, 1):
            key = chapter.name.in_("en")
            known[key] += 1
            yield self._chapter(f"{place}.{index}", f"{key} {known[key]}", chapter)
        yield self._restoration(place, drill)
        yield from self._objectives(place, drill)
        yield self._verdict(place, drill)

    def _chapter(self, place: str, key: str, chapter: Chapter) -> Case:
        outcome, title = judge.shown(chapter), self._words.value(chapter.name)
        why = "" if outcome is Outcome.PASSED else self._why(chapter, outcome)
        return Case(
            name=f"{place} {title}",
            title=title,
            key=f"chapter {key}",
            outcome=outcome,
            why=why,
            began=next((each.began.lab for each in chapter.steps if each.began), None),
            seconds=sum(map(seconds, chapter.steps)),
            guide=chapter.guide,
            files=_files(chapter.activities, *(each.activities for each in chapter.steps)),
            own=tuple(self._part(each) for each in chapter.steps),
        )

    def _part(self, result: StepResult) -> Part:
        outcome = judge.step(result)
        told = list(self._step(result))[1:]
        return Part(
            keyword=self._words.value(result.keyword),
            text=self._words.value(result.text),
            outcome=outcome,
            why="\n".join(line.strip() for line in told),
            began=result.began.lab if result.began else None,
            seconds=seconds(result),
            files=_files(result.activities),
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

    def _restoration(self, place: str, drill: Drill) -> Case:
        outcome = judge.restoration(drill)
        lines = [self._words(f"restoration.{outcome.value}_sentence")] if outcome is not Outcome.PASSED else []
        found = drill.restoration
        lines += [f"  {self._words.value(each)}" for each in (found.differences if found else ())]
        title = self._words("figure.restoration")
        return Case(
            name=f"{place} {title}",
            title=title,
            key="restoration",
            outcome=outcome,
            why="\n".join(lines),
            began=found.began.lab if found else None,
            seconds=_restoring(found),
            files=_files(found.activities) if found else (),
        )

    def _objectives(self, place: str, drill: Drill) -> Iterator[Case]:
        found = findings_of(drill)
        if found is None:
            return
        for name, told in attained_sentences(found, self._words).items():
            outcome = told.outcome or Outcome.NOT_RUN  # without an objective nothing is judged
            why = "" if outcome is Outcome.PASSED else told.text
            title = self._words(f"objective.{name}")
            yield Case(name=f"{place} {title}", title=title, key=name, outcome=outcome, why=why, began=_end(drill))

    def _verdict(self, place: str, drill: Drill) -> Case:
        outcome, title = proved(drill, self._record), self._words("exports.verdict")
        why = "" if outcome is Outcome.PASSED else self._below_verdict(outcome)
        return Case(name=f"{place} {title}", title=title, key="verdict", outcome=outcome, why=why, began=_end(drill))

    def _below_verdict(self, outcome: Outcome) -> str:
        whole = judge.verdict(self._record)
        told = (
            *sentences.alarms(self._record, whole, self._words),
            *(each.text for each in sentences.below_verdict(self._record, whole, self._words)),
        )
        return "\n".join(told) or self._words(f"outcome.{outcome.value}")


def proved(drill: Drill, record: DrillRecord) -> Outcome:
    """No better than what the whole record proves: one that was altered or broken off shows no passed drill."""
    outcome, whole = judge.drill(drill), judge.verdict(record)
    spoilt = whole.altered or whole.contradictions or whole.interrupted
    return Outcome.UNKNOWN if outcome is Outcome.PASSED and spoilt else outcome


def _end(drill: Drill) -> datetime | None:
    return drill.last.lab if drill.last else None


def seconds(result: StepResult) -> float:
    """On the lab's clock; none of a step that did not end."""
    return (result.ended.lab - result.began.lab).total_seconds() if result.began and result.ended else 0.0


def _restoring(found: Restoration | None) -> float:
    return (found.ended.lab - found.began.lab).total_seconds() if found and found.ended else 0.0


def _files(*activities: Iterable[Activity]) -> tuple[Evidence, ...]:
    """One of each file."""
    found = (each for some in activities for each in some if isinstance(each, Evidence))
    return tuple({each.file: each for each in found if each.condition is Condition.VERIFIED}.values())
