"""What the first page says of the verdict, before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from lab.model.record import DrillRecord, Ending, Outcome
from reports import judge
from reports.words import Words


def headline(record: DrillRecord, words: Words) -> str:
    if len(record.drills) == 1:
        return record.drills[0].title
    return words("verdict.many", n=len(record.drills))


def below_verdict(record: DrillRecord, verdict: judge.Verdict, words: Words) -> tuple[str, ...]:
    """What the first page says below the verdict, most telling first."""
    sentences = []
    if verdict.trouble:
        sentences.append(_trouble(verdict.trouble, words))
    elif record.drills and not verdict.partial:
        sentences.append(words("verdict.passed" if _ended(record, verdict) else "verdict.unended"))
    sentences += _shortfalls(record, words)
    if verdict.partial:
        sentences.append(words("verdict.partial"))
    sentences += [
        words("verdict.not_ready", text=drill.ending_text)
        for drill in record.drills
        if drill.ending is Ending.NOT_READY
    ]
    if not record.journal.complete:
        sentences.append(words("verdict.cut"))
    elif verdict.interrupted:
        sentences.append(words("verdict.interrupted"))
    if record.journal.unread:
        sentences.append(words("verdict.unread", kinds=", ".join(record.journal.unread)))
    return tuple(sentences)


def _trouble(trouble: judge.Trouble, words: Words) -> str:
    step = trouble.step
    place = {
        "number": step.number,
        "text": f"{step.keyword} {step.text}",
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
            sentence = words.together(short)
            yield sentence if len(record.drills) == 1 else f"{drill.title}: {sentence}"
