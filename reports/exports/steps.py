"""The steps of a record as CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from journal.entry import Instant
from journal.record import DrillRecord
from reports import judge
from reports.exports.cases import seconds
from reports.history.rows import BOM, cell, line
from words import Words

COLUMNS = (
    "environment", "record", "drill", "chapter", "step", "text", "outcome",
    "began", "ended", "seconds", "expected", "seen", "error",
)  # fmt: skip


def stream(record: DrillRecord, words: Words) -> Iterator[str]:
    """Moments are the lab's."""
    yield header(words)
    for cells in _rows(record, words):
        yield line([cell(each) for each in cells])


def header(words: Words) -> str:
    """By which a file is known for one that Kunren has written."""
    return BOM + line([words(f"exports.head.{name}") for name in COLUMNS])


def _rows(record: DrillRecord, words: Words) -> Iterator[tuple[object, ...]]:
    environment = words("report.simulated") if record.simulated else record.environment.value
    for drill in record.drills:
        for chapter in drill.chapters:
            for step in chapter.steps:
                yield (
                    environment,
                    record.id,
                    drill.id,
                    words.value(chapter.name),
                    step.number,
                    f"{words.value(step.keyword)} {words.value(step.text)}",
                    words(f"outcome.{judge.step(step).value}"),
                    _moment(step.began),
                    _moment(step.ended),
                    seconds(step) if step.ended else None,
                    step.expected and words.value(step.expected),
                    step.seen and words.value(step.seen),
                    step.error and words.value(step.error.text),
                )


def _moment(at: Instant | None) -> str:
    return at.lab.isoformat(timespec="milliseconds") if at else ""
