"""Two more tables for spreadsheets: the probes of a record, and the events of the RHA manager."""

from __future__ import annotations

from collections.abc import Iterator

from journal.record import Drill, DrillRecord
from journal.seen import EventSeen
from lab.model.probing import Probe
from reports.history.rows import BOM, cell, line
from words import Words

PROBES = (
    "environment", "record", "drill", "layer", "host", "number", "due", "sent", "ended", "outcome", "seen", "entry",
    "acknowledgement",
)  # fmt: skip
EVENTS = ("environment", "record", "drill", "noted", "time", "severity", "code", "sequence", "source", "message", "by")

Row = tuple[object, ...]


def probes(record: DrillRecord, words: Words) -> Iterator[str]:
    """As they were due; moments are the lab's. A probe that was due and not sent is unknown."""
    yield header(PROBES, words)
    for drill in record.drills:
        for row in _probes(drill, words):
            yield _line((*_place(record, words), drill.id, *row))


def events(record: DrillRecord, words: Words) -> Iterator[str]:
    """As the journal has them, each as often as it was seen; `time` is the Control Service's own text."""
    yield header(EVENTS, words)
    of_drills = [(drill.id, each) for drill in record.drills for each in drill.everything]
    for drill, each in [("", each) for each in record.activities] + of_drills:
        if isinstance(each, EventSeen):
            told = (each.time, each.severity, each.code, each.sequence, each.source, each.message, each.by)
            yield _line((*_place(record, words), drill, each.at.lab.isoformat(timespec="milliseconds"), *told))


def header(columns: tuple[str, ...], words: Words) -> str:
    """By which a file is known for one that Kunren has written."""
    return BOM + line([words(f"exports.head.{name}") for name in columns])


def _place(record: DrillRecord, words: Words) -> Row:
    return (words("report.simulated") if record.simulated else record.environment.value, record.id)


def _line(row: Row) -> str:
    return line([cell(each) for each in row])


def _probes(drill: Drill, words: Words) -> Iterator[Row]:
    probing = drill.measurement.probing if drill.measurement else None
    if probing is None:
        return

    def moment(seconds: float | None) -> str:
        return "" if seconds is None else probing.at(seconds).isoformat(timespec="milliseconds")

    for track, found in probing.probes.items():
        for each in found:
            times = (moment(each.due), moment(each.sent), moment(each.ended))
            yield (words(f"layer.{track.layer.value}"), track.of, each.number, *times, *_result(each, words))


def _result(probe: Probe, words: Words) -> Row:
    canary = probe.canary
    written = (canary.title, words(f"exports.acknowledgement.{canary.acknowledgement.value}")) if canary else ("", "")
    return (words(f"tables.{probe.result.value}"), words.value(probe.seen), *written)
