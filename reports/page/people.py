"""Who took part in a run, what they were asked and answered, what they noted, and where the drill was held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from journal.entries import Activity
from journal.entry import Instant
from journal.people import (
    AnswerLate,
    PauseBegan,
    PauseEnded,
    PauseEnding,
    PausePoint,
    PersonAnswered,
    PersonAsked,
    PersonAttested,
    PersonJoined,
    PersonNoted,
    StopAsked,
)
from journal.record import Drill, DrillRecord
from journal.seen import Evidence
from lab.model.tasks import Role
from reports import judge

PHOTO = "photo"
Key: TypeAlias = tuple[str, Role | None]


@dataclass(slots=True, kw_only=True)
class Participant:
    """Somebody who took part, by name and role as typed; who only answered was never noted as having come."""

    name: str
    role: Role | None
    terminal: bool = False
    joined: Instant | None = None
    answered: int = 0
    noted: int = 0
    attested: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOfPeople:
    """A task or a question; `step` is the number of the step, None outside the steps."""

    drill: str
    step: int | None
    asked: PersonAsked
    reply: PersonAnswered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was attached, and the digest that it was kept with."""

    id: int
    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOfPerson:
    at: Instant
    by: str
    role: Role
    said: str
    picture: Picture | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseOfDrill:
    """`by` asked for it, or `--pause` did; `went_on` is who had the drill go on."""

    point: PausePoint
    by: str
    began: Instant
    ended: Instant | None = None
    took: timedelta | None = None
    ending: PauseEnding | None = None
    went_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOfPerson:
    at: Instant
    by: str
    role: Role
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    participants: tuple[Participant, ...]
    requests: tuple[AskedOfPeople, ...]
    notes: tuple[NoteOfPerson, ...]
    late: tuple[AnswerLate, ...]
    """Answers that did not count."""
    pauses: tuple[PauseOfDrill, ...]
    stops: tuple[StopOfPerson, ...]

    @property
    def any(self) -> bool:
        return bool(self.participants or self.requests or self.pauses)


@judge.once
def people_of(record: DrillRecord) -> People:
    everything = record.everything
    photos = {
        each.id: Picture(id=each.id, file=each.file, sha256=each.sha256)
        for each in everything
        if isinstance(each, Evidence) and each.kind == PHOTO
    }
    return People(
        participants=tuple(_participants(everything)),
        requests=tuple(request for drill in record.drills for request in _requests(drill)),
        notes=tuple(
            NoteOfPerson(at=each.at, by=each.by, role=each.role, said=each.said, picture=photos.get(each.picture))
            for each in everything
            if isinstance(each, PersonNoted)
        ),
        late=tuple(each for each in everything if isinstance(each, AnswerLate)),
        pauses=tuple(_pauses(everything)),
        stops=tuple(
            StopOfPerson(at=each.at, by=each.by, role=each.role, because=each.because)
            for each in everything
            if isinstance(each, StopAsked)
        ),
    )


def _participants(everything: Iterable[Activity]) -> Iterable[Participant]:
    found: dict[Key, Participant] = {}

    def of(name: str, role: Role | None) -> Participant:
        return found.setdefault((name, role), Participant(name=name, role=role))

    for each in everything:
        match each:
            case PersonJoined():
                person = of(each.by, each.role)
                person.joined = person.joined or each.at
                person.terminal = each.terminal
            case PersonAnswered() if each.by:
                of(each.by, each.role).answered += 1
            case PersonNoted():
                of(each.by, each.role).noted += 1
            case PersonAttested():
                of(each.by, each.role).attested.append(each.said)
            case StopAsked():
                of(each.by, each.role)
    return found.values()


def _requests(drill: Drill) -> Iterator[AskedOfPeople]:
    """Each with its answer, in the order of the journal."""
    steps = {each.n: step.number for step in drill.steps for each in step.activities}
    answers = {each.number: each for each in drill.everything if isinstance(each, PersonAnswered)}
    for asked in drill.everything:
        if not isinstance(asked, PersonAsked):
            continue
        yield AskedOfPeople(drill=drill.id, step=steps.get(asked.n), asked=asked, reply=answers.get(asked.number))


def _pauses(everything: Iterable[Activity]) -> Iterator[PauseOfDrill]:
    """One at a time; of the last the end may be missing."""
    began: PauseBegan | None = None
    for each in everything:
        if isinstance(each, PauseBegan):
            began = each
        elif isinstance(each, PauseEnded) and began is not None:
            yield PauseOfDrill(
                point=began.point,
                by=began.by,
                began=began.at,
                ended=each.at,
                took=each.took,
                ending=each.ending,
                went_on=each.by,
            )
            began = None
    if began is not None:
        yield PauseOfDrill(point=began.point, by=began.by, began=began.at)
