"""What the board shows: a picture of the drill that every entry of the journal replaces by the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import singledispatch

from journal.course import (
    ActOutcome,
    ChapterBegan,
    DrillBegan,
    DrillEnded,
    DrillPlan,
    Ending,
    Environment,
    Outcome,
    RestoreAct,
    RestoreBegan,
    RestoreEnded,
    RestoreWaiting,
    RunBegan,
    Site,
    StepBegan,
    StepEnded,
)
from journal.entry import Entry
from journal.measured import Marked, Probed, ProbingBegan, ProbingEnded
from journal.people import (
    AnswerLate,
    PauseBegan,
    PauseEnded,
    PersonAnswered,
    PersonAttested,
    PersonJoined,
    PersonNoted,
    StopAsked,
)
from journal.seen import EventSeen, GuestAsked, HostSeen, Note, ScenarioAsked
from lab.model.probing import Layer, Mark, Result
from lab.model.tasks import ClosedRequest, OpenRequest, TaskAnswer, Value
from words import Told, sentence

EVENTS, REMARKS = 12, 60
"""How many of the last events and remarks are shown."""


class Stage(Enum):
    """What the run is at."""

    BEFORE = "before"
    PERFORMING = "performing"
    RESTORING = "restoring"
    ATTESTING = "attesting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the probes of one track have found: the last result, since when in a row, and when last."""

    layer: Layer
    of: str
    result: Result = Result.UNKNOWN
    since: datetime | None = None
    last: datetime | None = None
    seen: Told | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A line of what was noted, with its time in the lab; `picture` is the number of its evidence, 0 for none."""

    at: datetime
    text: Told
    picture: int = 0
    late: bool = False
    """Of an answer that does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A request that waits for people, by a number of the board's own; `until` is of the wall.

    `shown` is what the manager of a simulated lab shows, for people who practise, and `did` what it made of the task.
    """

    serial: int
    request: OpenRequest
    until: datetime
    shown: tuple[Mapping[str, Value], ...] = ()
    practice: bool = False
    did: TaskAnswer | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who has come to the board, and whether a page is open."""

    name: str
    role: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How far the restoration is."""

    acts: tuple[str, ...]
    outcomes: Mapping[str, ActOutcome] = field(default_factory=dict)
    waits_for: Told | None = None
    ended: bool = False
    restored: bool | None = None
    differences: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything that is shown; times are the lab's, but for `until` of what runs out on the wall."""

    stage: Stage = Stage.BEFORE
    drills: tuple[DrillPlan, ...] = ()
    site: Site | None = None
    simulated: bool = False
    drill: int = -1
    at: tuple[int, int] = (-1, -1)
    step_began: datetime | None = None
    outcomes: Mapping[tuple[int, int], Outcome] = field(default_factory=dict)
    problem: Told | None = None
    ending: Ending | None = None
    tracks: Mapping[tuple[Layer, str], Looked] = field(default_factory=dict)
    origin: datetime | None = None
    faults: int = 0
    guests: Mapping[str, GuestAsked] = field(default_factory=dict)
    scenario: ScenarioAsked | None = None
    events: tuple[EventSeen, ...] = ()
    remarks: tuple[Remark, ...] = ()
    people: tuple[Present, ...] = ()
    open: Open | None = None
    answered: Told | None = None
    pause: PauseBegan | None = None
    pause_until: datetime | None = None
    pause_asked: str = ""
    stopped: Told | None = None
    withdrawn: tuple[ClosedRequest, ...] = ()
    """Tasks without an answer that are not to be done any more."""
    attested: frozenset[tuple[str, str]] = frozenset()
    """The names and roles of those who have attested."""
    restored: Restored | None = None
    attest_until: datetime | None = None
    verdict: tuple[Told, ...] = ()

    @property
    def plan(self) -> DrillPlan | None:
        return self.drills[self.drill] if 0 <= self.drill < len(self.drills) else None


def following(picture: Picture, entry: Entry) -> Picture:
    """The picture after an entry of the journal."""
    return _after(entry, picture)


@singledispatch
def _after(_: Entry, picture: Picture) -> Picture:
    """Another kind of entry shows nothing."""
    return picture


@_after.register
def _run(entry: RunBegan, picture: Picture) -> Picture:
    simulated = entry.environment is Environment.SIMULATED
    return replace(picture, drills=entry.drills, site=entry.site, simulated=simulated)


@_after.register
def _host(entry: HostSeen, picture: Picture) -> Picture:
    return replace(picture, simulated=picture.simulated or entry.simulated)


@_after.register
def _drill(entry: DrillBegan, picture: Picture) -> Picture:
    """What was of the drill before is gone; what people have said stays."""
    return Picture(
        stage=Stage.PERFORMING,
        drills=picture.drills,
        site=picture.site,
        simulated=picture.simulated,
        drill=next(n for n, each in enumerate(picture.drills) if each.drill == entry.drill),
        remarks=picture.remarks,
        people=picture.people,
        pause_asked=picture.pause_asked,
        faults=picture.faults,
    )


@_after.register
def _drill_ended(entry: DrillEnded, picture: Picture) -> Picture:
    if entry.reason is Ending.NOT_BEGUN:
        return picture
    return replace(picture, ending=entry.reason, problem=entry.text or picture.problem)


@_after.register
def _chapter(entry: ChapterBegan, picture: Picture) -> Picture:
    return replace(picture, at=(entry.chapter, -1))


@_after.register
def _step(entry: StepBegan, picture: Picture) -> Picture:
    return replace(picture, at=(entry.chapter, entry.step), step_began=entry.at.lab)


@_after.register
def _step_ended(entry: StepEnded, picture: Picture) -> Picture:
    place = (entry.chapter, entry.step)
    problem = picture.problem
    if entry.outcome in {Outcome.FAILED, Outcome.UNKNOWN}:
        problem = entry.seen or (entry.error.text if entry.error else None) or entry.expected or problem
    outcomes = {**picture.outcomes, place: entry.outcome}
    began = None if place == picture.at else picture.step_began
    return replace(picture, outcomes=outcomes, problem=problem, step_began=began)


@_after.register
def _restoring(entry: RestoreBegan, picture: Picture) -> Picture:
    return replace(picture, stage=Stage.RESTORING, step_began=None, restored=Restored(acts=entry.acts))


@_after.register
def _act(entry: RestoreAct, picture: Picture) -> Picture:
    done = picture.restored or Restored(acts=())
    outcomes = {**done.outcomes, entry.act: entry.outcome}
    return replace(picture, restored=replace(done, outcomes=outcomes, waits_for=None))


@_after.register
def _waits(entry: RestoreWaiting, picture: Picture) -> Picture:
    done = picture.restored or Restored(acts=())
    return replace(picture, restored=replace(done, waits_for=entry.condition))


@_after.register
def _restored(entry: RestoreEnded, picture: Picture) -> Picture:
    done = picture.restored or Restored(acts=())
    attested = (sentence("answer.compared_attested", by=entry.by),) if entry.by else ()
    found = (*entry.differences, *entry.stays, *attested)
    ended = replace(done, waits_for=None, ended=True, restored=entry.restored, differences=found)
    return replace(picture, restored=ended)


@_after.register
def _probing(entry: ProbingBegan, picture: Picture) -> Picture:
    tracks = {(each.layer, each.of): Looked(layer=each.layer, of=each.of) for each in entry.tracks}
    return replace(picture, origin=entry.origin, tracks=tracks)


@_after.register
def _probing_ended(_: ProbingEnded, picture: Picture) -> Picture:
    """What was found last holds no longer."""
    return replace(picture, tracks={})


@_after.register
def _probed(entry: Probed, picture: Picture) -> Picture:
    key = (entry.layer, entry.of)
    before = picture.tracks.get(key)
    if picture.origin is None or before is None:
        return picture
    at = picture.origin + timedelta(seconds=entry.due_s if entry.ended_s is None else entry.ended_s)
    if before.last is not None and at < before.last:
        return picture
    same = before.since is not None and before.result is entry.result
    looked = replace(before, result=entry.result, since=before.since if same else at, last=at, seen=entry.seen)
    return replace(picture, tracks={**picture.tracks, key: looked})


@_after.register
def _marked(entry: Marked, picture: Picture) -> Picture:
    return replace(picture, faults=picture.faults + (entry.mark is Mark.FAULT))


@_after.register
def _guest(entry: GuestAsked, picture: Picture) -> Picture:
    return replace(picture, guests={**picture.guests, entry.host: entry})


@_after.register
def _scenario(entry: ScenarioAsked, picture: Picture) -> Picture:
    return replace(picture, scenario=entry)


@_after.register
def _event(entry: EventSeen, picture: Picture) -> Picture:
    return replace(picture, events=(*picture.events, entry)[-EVENTS:])


@_after.register
def _noted(entry: Note | AnswerLate | PersonNoted | PersonJoined, picture: Picture) -> Picture:
    shown = entry.picture if isinstance(entry, PersonNoted) else 0
    return _remarked(picture, Remark(entry.at.lab, entry.text, shown, isinstance(entry, AnswerLate)))


@_after.register
def _attested(entry: PersonAttested, picture: Picture) -> Picture:
    attested = picture.attested | {(entry.by, entry.role.value)}
    return replace(_remarked(picture, Remark(entry.at.lab, entry.text)), attested=attested)


def _remarked(picture: Picture, remark: Remark) -> Picture:
    return replace(picture, remarks=(*picture.remarks, remark)[-REMARKS:])


@_after.register
def _answered(entry: PersonAnswered, picture: Picture) -> Picture:
    return replace(_remarked(picture, Remark(entry.at.lab, entry.text)), answered=entry.text)


@_after.register
def _paused(entry: PauseBegan, picture: Picture) -> Picture:
    return replace(picture, pause=entry, pause_until=entry.at.wall + entry.limit, pause_asked="")


@_after.register
def _resumed(entry: PauseEnded, picture: Picture) -> Picture:
    return replace(_remarked(picture, Remark(entry.at.lab, entry.text)), pause=None, pause_until=None)


@_after.register
def _stop(entry: StopAsked, picture: Picture) -> Picture:
    return replace(_remarked(picture, Remark(entry.at.lab, entry.text)), stopped=entry.text)


KINDS = tuple(kind for kind in _after.registry if issubclass(kind, Entry) and kind.what)
"""The kinds of entries that change the picture."""
