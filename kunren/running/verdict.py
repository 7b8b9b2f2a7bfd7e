"""The verdict of a run in one line, and its exit code."""

from __future__ import annotations

from collections.abc import Iterator

from journal.course import Outcome
from journal.record import Contradiction
from kunren.exits import Exit
from reports.judge import Verdict
from words import Language, Told, sentence


def verdict_told(verdict: Verdict) -> Told:
    line = sentence("verdict_line.line", said=tuple(_parts(verdict)))
    return sentence("verdict_line.simulated", line=line) if verdict.simulated else line


def verdict_lines(verdict: Told, language: Language) -> tuple[str, ...]:
    """The last is the same in every language, for logs that are searched."""
    return tuple(verdict.in_(each) for each in dict.fromkeys((language, "en")))


def _parts(verdict: Verdict) -> Iterator[Told]:
    """Those about altered evidence and a journal of another run say why the record itself cannot be relied on."""
    yield sentence(f"verdict_line.{verdict.outcome.value}")
    if verdict.partial:
        yield sentence("verdict_line.partial")
    if verdict.attested:
        one = verdict.attested == 1
        yield sentence("verdict_line.attested_one" if one else "verdict_line.attested", n=verdict.attested)
    yield from dict.fromkeys(
        sentence(f"verdict_line.{each.subject.value}_{each.outcome.value}") for each in verdict.shortfalls
    )
    if verdict.altered:
        yield sentence("verdict_line.altered")
    if verdict.contradictions:
        sealed_otherwise = set(verdict.contradictions) == {Contradiction.SEAL}
        yield sentence("verdict_line.sealed_otherwise" if sealed_otherwise else "verdict_line.disowned")
    yield sentence(f"verdict_line.restoration_{verdict.restoration.value}")
    if verdict.stays:
        yield sentence("verdict_line.stays")
    if verdict.restoration_attested:
        yield sentence("verdict_line.restoration_attested")


def exit_of(verdict: Verdict, *, stopped: bool = False) -> Exit:
    """A lab that is not as it was, or not known to be, outranks everything else; *not ready* means none was touched."""
    if verdict.restoration in {Outcome.FAILED, Outcome.UNKNOWN}:
        return Exit.NOT_RESTORED
    if stopped:
        return Exit.STOPPED
    if verdict.not_ready and verdict.restoration is Outcome.NOT_RUN:
        return Exit.NOT_READY
    match verdict.outcome:
        case Outcome.FAILED:
            return Exit.FAILED
        case Outcome.PASSED:
            return Exit.PASSED if verdict.restoration is Outcome.PASSED else Exit.NOT_RESTORED
        case _:
            return Exit.UNKNOWN
