"""Recorders between the steps and the lab: what was asked of Garoon and of the hosts goes into the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from lab.errors import LabError
from lab.evidence import EvidenceStore, Moment
from lab.model.calls import CallRecord
from lab.model.garoon import Capture, Marker
from lab.model.replication import RhaEvent
from lab.ports import Garoon, GaroonEntries
from steps.course import Course
from steps.observation import Writes

T = TypeVar("T")


class RecordedEntries:
    """A `GaroonEntries` that notes every act before it hands on its result."""

    def __init__(self, garoon: GaroonEntries, by: str, url: str, journal: Writes) -> None:
        self._garoon = garoon
        self._by = by
        self._url = url
        self._journal = journal

    def log_in(self) -> None:
        self._noted("log in", "", self._garoon.log_in)

    def write_marker(self, title: str) -> Marker:
        return self._noted("write", title, lambda: self._garoon.write_marker(title))

    def find_marker(self, marker: Marker) -> str | None:
        return self._noted("find", marker.title, lambda: self._garoon.find_marker(marker), missing="no such entry")

    def remove_marker(self, marker: Marker) -> None:
        self._noted("remove", marker.title, lambda: self._garoon.remove_marker(marker))

    def close(self) -> None:
        self._garoon.close()

    def _noted(self, act: str, detail: str, do: Callable[[], T], *, missing: str = "ok") -> T:
        """`missing` is what a result of None means."""
        try:
            result = do()
        except LabError as error:
            self._journal.write("garoon", act=act, by=self._by, url=self._url, detail=detail, outcome=str(error))
            raise
        outcome = missing if result is None else "ok"
        self._journal.write("garoon", act=act, by=self._by, url=self._url, detail=detail, outcome=outcome)
        return result


class RecordedGaroon(RecordedEntries):
    """The same of a `Garoon`."""

    def __init__(self, garoon: Garoon, by: str, url: str, journal: Writes) -> None:
        super().__init__(garoon, by, url, journal)
        self._seen = garoon

    def capture(self) -> Capture:
        return self._seen.capture()


class Album:
    """Keeps pictures as evidence, told apart by whether the switchover had been commanded or a test was under way."""

    def __init__(self, evidence: EvidenceStore, course: Course) -> None:
        self._evidence = evidence
        self._course = course

    def keep(self, capture: Capture, caption: str) -> None:
        during: Moment = "during" if self._course.integrity_test.under_way else "before"
        moment: Moment = "after" if self._course.switched_over else during
        self._evidence.picture(capture.png, caption=caption, moment=moment, address=capture.url)


class NotedCalls:
    """Is told of every script call and notes it; counts those that were to change something, however they ended."""

    def __init__(self, journal: Writes) -> None:
        self._journal = journal
        self.actions = 0

    def called(self, record: CallRecord) -> None:
        self.actions += record.call.changes
        self._journal.write(
            "call",
            host=record.host,
            script=record.call.script,
            script_sha256=record.script_sha256,
            arguments=record.call.arguments,
            changes=record.call.changes,
            outcome=record.outcome.value,
            error=record.error,
            lab_ms=milliseconds(record.took),
            wall_ms=milliseconds(record.wall),
            round_trips=record.round_trips,
            answer=record.answer,
            stray=record.stray,
        )


def milliseconds(duration: timedelta) -> float:
    return round(duration.total_seconds() * 1000, 3)


def note_event(journal: Writes) -> Callable[[RhaEvent], None]:
    def note(event: RhaEvent) -> None:
        journal.write(
            "rha.event",
            id=event.code,
            sequence=event.sequence,
            severity=event.severity.value,
            source=event.source,
            time=event.time,
            message=event.message,
            kind=event.kind,
        )

    return note
