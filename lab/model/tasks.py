"""What a person is asked to do or to look up in a window that Kunren cannot reach, and what the person answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lab.model.replication import Direction
from words import Told

Value = str | tuple[str, ...]
WAS_BEGUN = "was_begun"
"""The operation of a question: whether something was begun that nobody says was done."""
LONGEST_TEXT, LONGEST_ANSWER = 2000, 50_000
"""Characters of one text of an answer, and of all of them."""


class Role(Enum):
    """What a person has to do with a drill."""

    OPERATOR = "operator"
    WITNESS = "witness"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Person:
    """Who has answered; the name is as typed."""

    name: str
    role: Role = Role.OPERATOR


class FieldKind(Enum):
    """How a field of a question is filled in."""

    CHOICE = "choice"
    FLAG = "flag"
    NUMBER = "number"
    TIME = "time"
    """As the event view writes it."""

    TEXT = "text"
    LINES = "lines"


class Rows(Enum):
    """How many objects the window shows."""

    ONE = "one"
    ONE_OR_NONE = "one or none"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Choice:
    """A word of the product, and how a person is told of it."""

    word: str
    label: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a question. `name` is Kunren's for the property."""

    name: str
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something a person is asked to do.

    `operation` is one of the RHA profile, or a fault. `subject` is a scenario, guest or host; `values` are what is to
    be entered, by Kunren's names. `direction` chooses between procedures of the guide. A task that `strikes`
    production is confirmed a second time.
    """

    operation: str
    subject: str
    host: str
    limit: timedelta
    values: tuple[tuple[str, Value], ...] = ()
    direction: Direction = Direction.FORWARD
    strikes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something a person is asked to look up. `awaited` is what to wait for before answering, for `wait` at most."""

    operation: str
    subject: str
    host: str
    limit: timedelta
    rows: Rows
    fields: tuple[Field, ...]
    awaited: Told | None = None
    wait: timedelta = timedelta()
    direction: Direction = Direction.FORWARD


Request = Task | Question


class TaskOutcome(Enum):
    """What became of a task."""

    DONE = "done"
    NOT_POSSIBLE = "not possible"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswer:
    """`at` is when it was done, as the person says; `reason` says why it was not, or what the window showed."""

    outcome: TaskOutcome
    by: Person
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """`rows` are what the window shows, by the names of the question's fields; `text` is what else was remarked.

    It is not `known` where the person cannot tell what the window shows, or has `aborted` the drill; there are no
    rows then.
    """

    rows: tuple[Mapping[str, Value], ...]
    by: Person
    at: datetime
    text: str = ""
    known: bool = True
    aborted: bool = False


Answer = TaskAnswer | QuestionAnswer


def too_long(answer: Answer) -> bool:
    """Longer than a record can tell."""
    lengths = [len(text) for text in _texts(answer)]
    return max(lengths) > LONGEST_TEXT or sum(lengths) > LONGEST_ANSWER


def _texts(answer: Answer) -> Iterator[str]:
    yield answer.by.name
    if isinstance(answer, TaskAnswer):
        yield answer.reason
        return
    yield answer.text
    for row in answer.rows:
        for value in row.values():
            yield value if isinstance(value, str) else "".join(value)


@dataclass(slots=True)
class Awaited:
    """An observation that a step makes: what for, how long at most, and whether somebody has been asked."""

    expected: Told
    limit: timedelta
    asked: bool = False


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits for its answer; `number` counts from 1, and `of` names those who were there to answer."""

    number: int
    request: Request
    asked: datetime
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedRequest:
    """How a request ended; None is no answer within its limit."""

    number: int
    request: Request
    asked: datetime
    ended: datetime
    answer: Answer | None
    of: tuple[str, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """A task that nobody has answered may be done later: people have to hear that it is not to be done any more."""
        return self.answer is None and isinstance(self.request, Task)


class Accepted(Enum):
    """What became of an answer."""

    YES = "accepted"
    ANSWERED = "answered before"
    NOT_OPEN = "not open"
    NOT_FITTING = "not fitting"
    TOO_LONG = "too long"
