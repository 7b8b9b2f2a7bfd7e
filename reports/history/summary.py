"""What the history keeps of a record: figures, points of the guide, circumstances, and how the record stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from journal.annotations import AnnotationsUnreadable, read_annotations
from journal.course import Ending, Environment, Outcome, RunBegan
from journal.entry import SCHEMA
from journal.files import read_file
from journal.form import IF_ANY, Written
from journal.reader import RecordUnreadable, first_line
from journal.record import Contradiction, Drill, DrillRecord
from journal.seal import JOURNAL, SEAL, SealUnreadable, content_of, is_sealed, read_seal
from lab.model.bounds import Length
from reports import judge
from reports.coverage import chapters_of
from reports.findings import findings_of
from reports.history import circumstances
from reports.load import load_record
from reports.owning import environment_of
from reports.page import figures
from words import Listed, Sentence, Told, sentence

NEWER_SEAL = "verify.newer_seal"


class Standing(Enum):
    """Whether a record counts, or why not."""

    COUNTED = "counted"
    COPY = "copy"
    ALTERED = "altered"
    VANISHED = "vanished"
    UNREADABLE = "unreadable"
    NEWER = "newer"
    """Of a Kunren that this one does not read."""
    FUTURE = "future"
    """It began after this machine's now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span(Written):
    """Seconds between two bounds; without `upper` nothing bounds them from above."""

    lower: float
    upper: float | None

    @property
    def length(self) -> Length:
        return Length(self.lower, self.upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Written):
    """Points of the guide that a chapter shows, and how it ended; `chapter` counts from 1."""

    chapter: int
    points: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSummary(Written):
    """A drill of a run; `whole` says that all of it was performed, so that its time can be compared."""

    drill: str
    title: Told
    sha256: str
    outcome: Outcome
    whole: bool
    took: float | None
    rto: Annotated[Span | None, IF_ANY] = None
    rpo: Annotated[Span | None, IF_ANY] = None
    rto_objective: Annotated[float | None, IF_ANY] = None
    rpo_objective: Annotated[float | None, IF_ANY] = None
    shows: str = "[]"
    """What its chapters show, as one text: thousands of runs show the same, which is read once."""

    @property
    def shown(self) -> tuple[Shown, ...]:
        return _shown(self.shows)

    def flaw(self) -> Told | None:
        try:
            _shown(self.shows)
        except (ValueError, TypeError, RecursionError):
            return sentence("flaw.list", field="shows")
        return None


@lru_cache(maxsize=1 << 14)
def _shown(shows: str) -> tuple[Shown, ...]:
    """Raises ValueError, TypeError, RecursionError or NotAsPromised."""
    return tuple(map(Shown.from_json, json.loads(shows)))


def _as_text(shown: Sequence[Shown]) -> str:
    return json.dumps([each.to_json() for each in shown])


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime(Written):
    """How long a step that passed took, on the lab's clock; `chapter` and `step` count from 1 in their drill."""

    drill: str
    sha256: str
    chapter: int
    step: int
    text: Told
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAction(Written):
    """A corrective action of a record that is not done."""

    id: str
    text: str
    owner: str
    due: str

    def flaw(self) -> Told | None:
        try:
            date.fromisoformat(self.due)
        except ValueError:
            return sentence("annotation.no_date", due=repr(self.due))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Written):
    """A record as it was read: by its digest, with what it says, or with the reason why it does not count."""

    standing: Standing
    reason: Told | None = None
    sha256: str = ""
    size: int = 0
    seal: Annotated[str, "the digest of seal.json"] = ""
    key: Annotated[str, "of the seal"] = ""
    record: str = ""
    site: str = ""
    environment: Environment | None = None
    began: datetime | None = None
    outcome: Outcome | None = None
    language: str = ""
    retention_years: int = 0
    drills: tuple[DrillSummary, ...] = ()
    told: Mapping[str, Mapping[str, str]]
    actions: tuple[OpenAction, ...] = ()
    remarks: tuple[Told, ...] = ()

    def flaw(self) -> Told | None:
        whole = self.began is not None and self.environment is not None
        return None if whole or self.standing is not Standing.COUNTED else sentence("flaw.object", field="began")


def read(folder: Path) -> tuple[Reading, tuple[StepTime, ...]]:
    """Reads a record whole: journal, evidence, seal and annotations."""
    identity, schema = _identity(folder)
    try:
        record = load_record(folder)
    except RecordUnreadable as error:
        if schema > SCHEMA:
            return replace(identity, standing=Standing.NEWER, reason=sentence("history.newer_journal")), ()
        return replace(identity, reason=error.why), ()
    actions, remarks = _added(folder, record)
    standing, reason = _standing(folder, record)
    reading = replace(
        identity,
        standing=standing,
        reason=reason,
        sha256=record.journal.sha256,
        site=record.site.name,
        environment=environment_of(record),
        record=record.id,
        began=record.local(record.began.wall),
        outcome=judge.verdict(record).outcome,
        language=record.language,
        retention_years=max(0, record.plan.retention_years) if record.plan else 0,
        drills=tuple(_drills(record)),
        told=circumstances.of_record(record, folder),
        actions=actions,
        remarks=remarks if record.journal.chained else (*remarks, sentence("verify.unchained")),
    )
    return reading, tuple(_steps(record))


def _identity(folder: Path) -> tuple[Reading, int]:
    """What can be told of a record also where the whole cannot be read, and the schema of its journal."""
    found, schema = Reading(standing=Standing.UNREADABLE, told={}), SCHEMA
    with suppress(OSError, RecordUnreadable):  # told by who reads the whole
        content = content_of(folder / JOURNAL)
        found = replace(found, sha256=content.sha256, size=content.size)
        line = first_line(folder / JOURNAL)
        told = line.fields.get("schema")
        schema = told if isinstance(told, int) else SCHEMA
        began = line.entry() if line.what == RunBegan.what else None
        if isinstance(began, RunBegan):
            found = replace(found, record=began.record, site=began.site.name)
            found = replace(found, environment=began.environment, began=began.at.wall)
    if is_sealed(folder):
        with suppress(OSError):
            found = replace(found, seal=hashlib.sha256(read_file(folder / SEAL)).hexdigest())
        with suppress(OSError, SealUnreadable):
            found = replace(found, key=read_seal(folder).seal.key.id)
    return found, schema


def _standing(folder: Path, record: DrillRecord) -> tuple[Standing, Told | None]:
    if told := _newer_seal(folder):
        return Standing.NEWER, told
    reasons: list[Told] = [_doubt(each, record) for each in record.journal.contradictions]
    reasons += [
        sentence("verify.evidence", file=each.file)
        for drill in record.drills
        for each in judge.altered(drill.everything)
    ]
    if reasons:
        return Standing.ALTERED, Listed(tuple(reasons), "report.between_sentences")
    return Standing.COUNTED, None


def _newer_seal(folder: Path) -> Told | None:
    if is_sealed(folder):
        with suppress(OSError):
            try:
                read_seal(folder)
            except SealUnreadable as error:
                return error.why if isinstance(error.why, Sentence) and error.why.key == NEWER_SEAL else None
    return None


def _doubt(contradiction: Contradiction, record: DrillRecord) -> Told:
    if contradiction is Contradiction.CHAIN:
        return sentence("verify.broken", line=record.journal.broken)
    return sentence(f"history.altered.{contradiction.value}")


def _drills(record: DrillRecord) -> Iterator[DrillSummary]:
    shown: dict[str, list[Shown]] = {}
    for each in chapters_of(record):
        outcome = each.outcome or Outcome.NOT_RUN
        shown.setdefault(each.drill, []).append(Shown(chapter=each.number, points=each.guide, outcome=outcome))
    for drill in record.drills:
        found, took = findings_of(drill), figures.took(drill).total_seconds()
        yield DrillSummary(
            drill=drill.id,
            title=drill.title,
            sha256=drill.sha256,
            outcome=judge.drill(drill),
            whole=_whole(drill),
            took=took if drill.began and took >= 0 else None,
            rto=_span(found.rto.measured) if found else None,
            rpo=_span(found.rpo.measured) if found else None,
            rto_objective=found.rto.objective if found else None,
            rpo_objective=found.rpo.objective if found else None,
            shows=_as_text(shown.get(drill.id, ())),
        )


def _whole(drill: Drill) -> bool:
    run = all(each.reported is Outcome.PASSED for each in drill.steps)
    return run and drill.ending is Ending.FINISHED and not any(part.left_out for part in drill.chapters)


def _span(length: Length) -> Span:
    lower = max(0.0, length.lower)
    return Span(lower=lower, upper=None if length.upper is None else max(lower, length.upper))


def _steps(record: DrillRecord) -> Iterator[StepTime]:
    for drill in record.drills:
        for number, chapter in enumerate(drill.chapters, 1):
            for place, step in enumerate(chapter.steps, 1):
                if step.reported is not Outcome.PASSED or step.began is None or step.ended is None:
                    continue
                took = (step.ended.lab - step.began.lab).total_seconds()
                yield StepTime(
                    drill=drill.id,
                    sha256=drill.sha256,
                    chapter=number,
                    step=place,
                    text=step.text,
                    took=max(0.0, took),
                )


def _added(folder: Path, record: DrillRecord) -> tuple[tuple[OpenAction, ...], tuple[Told, ...]]:
    """Open actions; where the annotations cannot be read, that is a remark."""
    try:
        found = read_annotations(folder, record.journal.head)
    except AnnotationsUnreadable as error:
        return (), (sentence("history.annotations", reason=error.why),)
    actions = (OpenAction(id=a.id, text=a.text, owner=a.owner, due=a.due) for a in found.open_actions)
    return tuple(actions), ()
