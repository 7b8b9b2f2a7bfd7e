"""The desk: what people are asked, one request at a time, until one of them answers or its limit is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from lab.errors import NoAnswer
from lab.model.tasks import (
    LONGEST_ANSWER,
    LONGEST_TEXT,
    Accepted,
    Answer,
    ClosedRequest,
    OpenRequest,
    Question,
    QuestionAnswer,
    Request,
    Task,
    TaskAnswer,
    too_long,
)
from lab.model.undertakings import Doubt, Undertaking
from lab.ports import Attendant, Clock
from words import sentence


@dataclass(slots=True)
class Desk:
    """Asks the attendants. `listen` is told of every request and its end, for the journal."""

    clock: Clock
    _attendants: list[Attendant] = field(default_factory=list)
    _listeners: list[Callable[[OpenRequest | ClosedRequest], None]] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _open: OpenRequest | None = None
    _answer: Answer | None = None
    _asked: int = 0
    _last: ClosedRequest | None = None

    @property
    def attended(self) -> bool:
        return bool(self._attendants)

    @property
    def open(self) -> OpenRequest | None:
        """What waits for an answer now."""
        return self._open if self._answer is None else None

    def attend(self, attendant: Attendant) -> None:
        self._attendants.append(attendant)

    def listen(self, listener: Callable[[OpenRequest | ClosedRequest], None]) -> None:
        self._listeners.append(listener)

    def doubt(self, undertaking: Undertaking, host: str) -> Doubt:
        """Of whom it was asked, and when; where the run was stopped before that, of nobody."""
        last = self._last
        if last is None or not isinstance(last.request, Task) or last.request.subject != undertaking.subject:
            return Doubt(undertaking, host, self.clock.now(), ())
        return Doubt(undertaking, host, last.asked, last.of)

    def perform(self, task: Task) -> TaskAnswer | None:
        answer = self._pose(task)
        assert answer is None or isinstance(answer, TaskAnswer)
        return answer

    def ask(self, question: Question) -> QuestionAnswer | None:
        answer = self._pose(question)
        assert answer is None or isinstance(answer, QuestionAnswer)
        return answer

    def answer(self, number: int, answer: Answer) -> Accepted:
        """Only the first answer counts."""
        with self._changed:
            if self._open is None or self._open.number != number:
                return Accepted.NOT_OPEN
            if self._answer is not None:
                return Accepted.ANSWERED
            if isinstance(answer, TaskAnswer) is not isinstance(self._open.request, Task):
                return Accepted.NOT_FITTING
            if too_long(answer):
                return Accepted.TOO_LONG
            self._answer = answer
            self._changed.notify_all()
            return Accepted.YES

    def _pose(self, request: Request) -> Answer | None:
        with self._changed:
            self._asked += 1
            of = tuple(name for attendant in self._attendants for name in attendant.people)
            opened = OpenRequest(self._asked, request, self.clock.now(), of)
            self._open, self._answer = opened, None
        until = time.monotonic() + request.limit.total_seconds()
        for listener in self._listeners:
            listener(opened)
        try:
            for attendant in self._attendants:
                if (at_once := attendant.opened(opened)) is not None:
                    self._take(opened, at_once)
            self._await(request, until)
        finally:
            answer = self._close(opened)
        return answer

    def _take(self, opened: OpenRequest, at_once: Answer) -> None:
        """One that is too long is not taken, and no other comes in its place."""
        if self.answer(opened.number, at_once) is Accepted.TOO_LONG:
            about = {
                "operation": sentence(f"operator.operation.{opened.request.operation}"),
                "subject": opened.request.subject,
                "by": at_once.by.name[:LONGEST_TEXT],
            }
            said = sentence("errors.operator.too_long", text=LONGEST_TEXT, whole=LONGEST_ANSWER, **about)
            raise NoAnswer(said, operation=opened.request.operation)

    def _close(self, opened: OpenRequest) -> Answer | None:
        """Also where a request to stop the run has ended the wait: later answers are refused."""
        with self._changed:
            answer, self._open = self._answer, None
        closed = ClosedRequest(opened.number, opened.request, opened.asked, self.clock.now(), answer, opened.of)
        self._last = closed
        for attendant in self._attendants:
            attendant.closed(closed)
        for listener in self._listeners:
            listener(closed)
        return answer

    def _await(self, request: Request, until: float) -> None:
        """People take their time by the wall's clock; where no answer can come later, the limit passes on the lab's."""
        if any(attendant.waits for attendant in self._attendants):
            with self._changed:
                self._changed.wait_for(lambda: self._answer is not None, max(0.0, until - time.monotonic()))
        elif self._answer is None:
            self.clock.sleep(request.limit)
