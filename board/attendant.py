"""The board as a way to people: it holds the open request, and hands the first answer to the desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from board.answers import NotUsable
from board.picture import Open
from board.state import BoardState
from journal.people import Answered, outcome_of
from journal.writer import Journal
from lab.model.tasks import (
    LONGEST_ANSWER,
    Accepted,
    Answer,
    ClosedRequest,
    OpenRequest,
    Question,
    Request,
    Role,
    Task,
)
from lab.ports import Clock, Manager
from words import Told, sentence

GiveAnswer = Callable[[int, Answer], Accepted]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """The lab that people are asked about; `manager` is a simulated one's, for practice."""

    give: GiveAnswer
    clock: Clock
    manager: Manager | None = None


class Late(NotUsable):
    """An answer that does not count, because the request had ended by then."""

    def __init__(self, why: Told, request: OpenRequest, answer: Answer) -> None:
        super().__init__(why)
        self.request = request
        self.answer = answer


@dataclass(slots=True)
class BoardAttendant:
    """Requests count on over all drills of a run, so that an answer never meets a later drill's request."""

    state: BoardState
    journal: Journal
    waits: bool = True
    _lab: AtWork | None = None
    _serial: int = 0
    _task: Task | None = None
    """The open one as it was asked: nothing in it is masked."""
    _answering: threading.Lock = field(default_factory=threading.Lock)
    _closed: dict[int, Told] = field(default_factory=dict)
    _posed: dict[int, OpenRequest] = field(default_factory=dict)
    _answers: dict[int, Answer] = field(default_factory=dict)
    """Those that count."""

    def serve(self, lab: AtWork) -> None:
        """What is asked from now on is of this lab."""
        self._lab = lab

    @property
    def people(self) -> tuple[str, ...]:
        """Those who have come and may answer."""
        return tuple(each.name for each in self.state.picture.people if each.role != Role.WITNESS.value)

    @property
    def now(self) -> datetime:
        """In the lab, where a person's time of day belongs."""
        return datetime.now(UTC) if self._lab is None else self._lab.clock.now()

    def opened(self, request: OpenRequest) -> None:
        self._serial += 1
        self._task = request.request if isinstance(request.request, Task) else None
        manager = None if self._lab is None else self._lab.manager
        shown = posed(request, self._serial, manager, self.journal.masking.value)
        self._posed[self._serial] = shown.request
        asked = (request.request.operation, request.request.subject)
        withdrawn = self.state.picture.withdrawn
        still = tuple(each for each in withdrawn if (each.request.operation, each.request.subject) != asked)
        self.state.change(answered=None, open=shown, withdrawn=still)

    def closed(self, request: ClosedRequest) -> None:
        with self._answering:
            self._closed.setdefault(self._serial, _how_it_ended(request))
            self._task = None
        withdrawn = self.state.picture.withdrawn
        if request.withdrawn:
            withdrawn = (*withdrawn, replace(request, request=_masked(request.request, self.journal.masking.value)))
        self.state.change(open=None, withdrawn=withdrawn)

    def practise(self, serial: int) -> None:
        """Has the manager of a simulated lab do the open task, once."""
        with self._answering:
            open_one, task = self.state.picture.open, self._task
            if open_one is None or open_one.serial != serial or self._lab is None or task is None:
                raise NotUsable(sentence("board.refused.not_open"))
            if self._lab.manager is None or open_one.did is not None:
                raise NotUsable(sentence("board.refused.no_practice"))
            did = self._lab.manager.does(task)
            self.state.change(open=replace(open_one, did=replace(did, reason=self.journal.masking.text(did.reason))))

    def answer(self, serial: int, read: Callable[[Request], Answer]) -> None:
        """Raises NotUsable where it does not fit or is the same again, Late where another one counts or it is over."""
        open_one = self.state.picture.open
        with self._answering:
            if serial in self._closed:
                raise self._late(serial, read)
            if open_one is None or open_one.serial != serial or self._lab is None:
                raise NotUsable(sentence("board.refused.not_open"))
            answer = read(open_one.request.request)
            accepted = self._lab.give(open_one.request.number, answer)
            if accepted is Accepted.TOO_LONG:
                raise NotUsable(sentence("board.refused.too_long", most=LONGEST_ANSWER))
            if accepted is not Accepted.YES:
                raise Late(sentence("board.refused.not_open"), open_one.request, answer)
            self._answers[serial] = answer
            self._closed[serial] = _answered(answer, self.now)

    def _late(self, serial: int, read: Callable[[Request], Answer]) -> NotUsable:
        request, counts = self._posed[serial], self._answers.get(serial)
        answer = read(request.request)
        if counts is not None and replace(answer, at=counts.at) == counts:
            return NotUsable(sentence("board.refused.again", at=_clock(self.now)))
        return Late(self._closed[serial], request, answer)


def posed(request: OpenRequest, serial: int, manager: Manager | None, masked: Callable[[Any], Any]) -> Open:
    """A request as people may see it, with what the manager of a simulated lab shows for it."""
    asked = request.request
    shown = manager.shows(asked) if manager is not None and isinstance(asked, Question) else ()
    if asked.operation == "list_events":
        shown = shown[::-1]  # as the manager does, the newest at the top
    return Open(
        serial=serial,
        request=replace(request, request=_masked(asked, masked)),
        until=datetime.now(UTC) + asked.limit,
        shown=tuple(masked(dict(row)) for row in shown),
        practice=manager is not None,
    )


def _how_it_ended(request: ClosedRequest) -> Told:
    if request.answer is None:
        return sentence("board.refused.over", at=_clock(request.ended))
    return _answered(request.answer, request.ended)


def _answered(answer: Answer, at: datetime) -> Told:
    aborted = outcome_of(answer) is Answered.ABORTED
    return sentence(f"board.refused.{'aborted' if aborted else 'answered'}", by=answer.by.name, at=_clock(at))


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _masked(request: Request, masked: Callable[[Any], Any]) -> Request:
    """What is entered may hold what no page may show."""
    if isinstance(request, Task):
        values = tuple((name, masked(v) if isinstance(v, str) else tuple(map(masked, v))) for name, v in request.values)
        return replace(request, subject=masked(request.subject), values=values)
    return replace(request, subject=masked(request.subject))
