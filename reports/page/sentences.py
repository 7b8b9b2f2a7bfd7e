"""What the first page says of the verdict, before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from journal.course import ActOutcome, Ending, Outcome, RestoreAct
from journal.people import AnswerLate, StopAsked
from journal.record import Drill, DrillRecord
from reports import judge
from reports.page.places import step_anchor
from words import Words


def headline(record: DrillRecord, words: Words) -> str:
    if len(record.drills) == 1:
        return words.value(record.drills[0].title)
    return words("verdict.many", n=len(record.drills))


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said, and the step it is about; no `anchor` where it is about none."""

    text: str
    anchor: str = ""


def anchored(record: DrillRecord) -> tuple[tuple[str, judge.Trouble], ...]:
    """The steps that the first page leads to, where they stand."""
    numbers = {id(drill): number for number, drill in enumerate(record.drills, 1)}
    return tuple(
        (step_anchor(numbers[id(trouble.drill)], trouble.step.number), trouble) for trouble in judge.troubles(record)
    )


def alarms(record: DrillRecord, verdict: judge.Verdict, words: Words) -> tuple[str, ...]:
    """What must not be overlooked: a record that is not as the run left it, and a lab that could not be restored."""
    told = [words(f"alarm.{each.value}") for each in verdict.contradictions]
    if verdict.altered:
        files = words("report.between_terms").join(
            f"{each.file} ({words(f'evidence.{each.condition.value}')})" for each in verdict.altered
        )
        told.append(words("alarm.altered", files=files))
    for drill in record.drills:
        told += [_titled(drill, record, sentence, words) for sentence in _not_put_back(drill, words)]
    return tuple(told)


def below_verdict(record: DrillRecord, verdict: judge.Verdict, words: Words) -> tuple[Sentence, ...]:
    """What the first page says below the verdict, most telling first."""
    sentences = []
    if verdict.trouble:
        sentences += [
            Sentence(_titled(trouble.drill, record, _trouble(trouble, words), words), anchor)
            for anchor, trouble in anchored(record)
        ]
    elif record.drills and not verdict.partial:
        sentences.append(Sentence(words("verdict.passed" if _ended(record, verdict) else "verdict.unended")))
    return (*sentences, *(Sentence(text) for text in _below_trouble(record, verdict, words)))


def _below_trouble(record: DrillRecord, verdict: judge.Verdict, words: Words) -> Iterator[str]:
    yield from _shortfalls(record, words)
    if verdict.attested:
        yield words("verdict.attested_one" if verdict.attested == 1 else "verdict.attested", n=verdict.attested)
    if verdict.partial:
        yield words("verdict.partial")
    for drill in record.drills:
        if drill.ending is Ending.NOT_READY:
            yield words("verdict.not_ready", text=drill.ending_text)
        elif drill.ending is Ending.NOT_BEGUN:
            yield words("verdict.not_begun", drill=drill.id, because=drill.ending_text)
        elif drill.ending is Ending.INTERRUPTED and drill.ending_text:
            yield _titled(drill, record, words("verdict.stopped", because=drill.ending_text), words)
    yield from (words.value(each.text) for each in record.everything if isinstance(each, StopAsked))
    late = sum(isinstance(each, AnswerLate) for each in record.everything)
    if late:
        yield words("verdict.late_one" if late == 1 else "verdict.late", n=late)
    if not record.journal.complete:
        yield words("verdict.cut")
    elif verdict.interrupted:
        yield words("verdict.interrupted")
    if record.journal.unread:
        yield words("verdict.unread", kinds=", ".join(record.journal.unread))


def _not_put_back(drill: Drill, words: Words) -> Iterator[str]:
    """Acts of the restoration that failed, with what is left of it."""
    if drill.restoration is None:
        return
    failed = [
        each
        for each in drill.restoration.activities
        if isinstance(each, RestoreAct) and each.outcome is ActOutcome.FAILED
    ]
    for act in failed:
        error = act.error.text if act.error else words("report.not_recorded")
        yield words("alarm.restoration", act=words.known("restore", act.act), error=error)
    if failed and drill.restoration.differences:
        yield words("alarm.left", differences="; ".join(map(words.value, drill.restoration.differences)))


def _titled(drill: Drill, record: DrillRecord, sentence: str, words: Words) -> str:
    return sentence if len(record.drills) == 1 else f"{words.value(drill.title)}: {sentence}"


def _trouble(trouble: judge.Trouble, words: Words) -> str:
    step = trouble.step
    place = {
        "number": step.number,
        "text": f"{words.value(step.keyword)} {words.value(step.text)}",
        "guide": ", ".join(trouble.guide) or words("report.none"),
    }
    error = step.error.text if step.error else ""
    match trouble.outcome:
        case Outcome.FAILED if step.expected or step.seen:
            return words("verdict.failed_step", expected=step.expected, seen=step.seen, **place)
        case Outcome.FAILED:
            return words("verdict.failed_error", error=error or words("report.not_recorded"), **place)
        case Outcome.UNKNOWN:
            return words("verdict.unknown_step", error=error or step.seen or words("step.unfinished"), **place)
        case _:
            return words("verdict.unreached", **place)


def _ended(record: DrillRecord, verdict: judge.Verdict) -> bool:
    return not verdict.interrupted and all(drill.ending is Ending.FINISHED for drill in record.drills)


def _shortfalls(record: DrillRecord, words: Words) -> Iterator[str]:
    """Those of one drill together, under its title where there are several."""
    for drill in record.drills:
        short = [words(f"shortfall.{each.subject.value}_{each.outcome.value}") for each in judge.shortfalls(drill)]
        if short:
            yield _titled(drill, record, words.together(short), words)
