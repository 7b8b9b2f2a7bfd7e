"""Requests to people: the first answer counts, and a request without an answer ends at its limit."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from lab.clock import SystemClock
from lab.drivers.operator.desk import Desk
from lab.model.tasks import (
    Accepted,
    Answer,
    ClosedRequest,
    OpenRequest,
    Person,
    Question,
    QuestionAnswer,
    Rows,
    Task,
    TaskAnswer,
    TaskOutcome,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TASK = Task(operation="run_scenario", subject="S", host="REPLICA", limit=timedelta(seconds=5))
QUESTION = Question(
    operation="statistics", subject="S", host="REPLICA", limit=timedelta(seconds=5), rows=Rows.ONE, fields=()
)


def done(by: str = "Sato") -> TaskAnswer:
    return TaskAnswer(outcome=TaskOutcome.DONE, by=Person(by), at=NOON)


class Later:
    """Answers from another thread when told to."""

    waits = True

    def __init__(self, desk: Desk, *answers: Answer) -> None:
        self._desk = desk
        self._answers = answers
        self.accepted: list[Accepted] = []
        self.closed_with: list[Answer | None] = []
        self._thread: threading.Thread | None = None

    def opened(self, request: OpenRequest) -> None:
        self._thread = threading.Thread(target=self._answer, args=(request.number,))
        self._thread.start()

    def _answer(self, number: int) -> None:
        self.accepted += [self._desk.answer(number, each) for each in self._answers]

    def closed(self, request: ClosedRequest) -> None:
        assert self._thread is not None
        self._thread.join()
        self.closed_with.append(request.answer)


def test_the_first_of_two_answers_counts_and_the_second_is_told_so() -> None:
    desk = Desk(SystemClock())
    people = Later(desk, done("Sato"), done("Suzuki"))
    desk.attend(people)
    answer = desk.perform(TASK)
    assert answer is not None
    assert answer.by == Person("Sato")
    assert people.accepted[0] is Accepted.YES
    assert people.accepted[1] in {Accepted.ANSWERED, Accepted.NOT_OPEN}


def test_a_question_is_not_answered_by_a_task_done() -> None:
    desk = Desk(SystemClock())
    told = QuestionAnswer(rows=(), by=Person("Sato"), at=NOON)
    people = Later(desk, done(), told)
    desk.attend(people)
    assert desk.ask(QUESTION) == told
    assert people.accepted == [Accepted.NOT_FITTING, Accepted.YES]


def test_a_request_without_an_answer_ends_at_its_limit() -> None:
    desk = Desk(SystemClock())
    people = Later(desk)
    desk.attend(people)
    short = Task(operation="run_scenario", subject="S", host="REPLICA", limit=timedelta(milliseconds=50))
    assert desk.perform(short) is None
    assert people.closed_with == [None]
    assert desk.answer(1, done()) is Accepted.NOT_OPEN


def test_requests_and_their_ends_are_told_to_listeners_in_order() -> None:
    desk = Desk(SystemClock())
    told: list[OpenRequest | ClosedRequest] = []
    desk.listen(told.append)
    desk.attend(Later(desk, done()))
    desk.perform(TASK)
    assert [type(each) for each in told] == [OpenRequest, ClosedRequest]
    assert [each.number for each in told] == [1, 1]
