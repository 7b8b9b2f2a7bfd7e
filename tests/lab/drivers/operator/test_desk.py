"""Requests to people: the first answer counts, and a request without an answer ends at its limit."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from lab.clock import SystemClock
from lab.drivers.operator.desk import Desk
from lab.errors import NoAnswer
from lab.model.tasks import (
    LONGEST_TEXT,
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
    Value,
)
from lab.model.undertakings import Change, Undertaking

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
    people = ("佐藤",)

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
    doubt = desk.doubt(Undertaking(Change.RUN_SCENARIO, "S"), "REPLICA")
    assert (doubt.of, doubt.asked < desk.clock.now()) == (("佐藤",), True)
    assert desk.doubt(Undertaking(Change.RUN_SCENARIO, "another"), "REPLICA").of == ()


def test_requests_and_their_ends_are_told_to_listeners_in_order() -> None:
    desk = Desk(SystemClock())
    told: list[OpenRequest | ClosedRequest] = []
    desk.listen(told.append)
    desk.attend(Later(desk, done()))
    desk.perform(TASK)
    assert [type(each) for each in told] == [OpenRequest, ClosedRequest]
    assert [each.number for each in told] == [1, 1]


class AtOnce:
    """Answers as soon as it is asked."""

    waits = False
    people = ("佐藤",)

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.closed_with: list[Answer | None] = []

    def opened(self, _: OpenRequest) -> Answer:
        return self._answer

    def closed(self, request: ClosedRequest) -> None:
        self.closed_with.append(request.answer)


def told(*rows: Mapping[str, Value], by: str = "Sato", text: str = "") -> QuestionAnswer:
    return QuestionAnswer(rows=rows, by=Person(by), at=NOON, text=text)


@pytest.mark.parametrize(
    "answer",
    [
        told(text="x" * (LONGEST_TEXT + 1)),
        told({"version": "x" * (LONGEST_TEXT + 1)}),
        told({"guests": ("x" * LONGEST_TEXT, "y")}),
        told(*[{"version": "x" * LONGEST_TEXT}] * 26),
        told(by="x" * (LONGEST_TEXT + 1)),
    ],
)
def test_an_answer_that_is_too_long_is_not_taken_and_that_is_said(answer: QuestionAnswer) -> None:
    desk, people = Desk(SystemClock()), AtOnce(answer)
    desk.attend(people)
    with pytest.raises(NoAnswer, match="was not taken, since a text in it is longer than 2000 characters"):
        desk.ask(QUESTION)
    assert people.closed_with == [None]


def test_an_answer_as_long_as_it_may_be_is_taken() -> None:
    desk, answer = Desk(SystemClock()), told(*[{"version": "x" * LONGEST_TEXT}] * 24, text="x" * (LONGEST_TEXT - 4))
    desk.attend(AtOnce(answer))
    assert desk.ask(QUESTION) == answer


def test_who_has_answered_at_too_great_a_length_may_answer_again() -> None:
    desk = Desk(SystemClock())
    long = TaskAnswer(outcome=TaskOutcome.DONE, by=Person("Sato"), at=NOON, reason="x" * (LONGEST_TEXT + 1))
    people = Later(desk, long, done())
    desk.attend(people)
    assert desk.perform(TASK) == done()
    assert people.accepted == [Accepted.TOO_LONG, Accepted.YES]
