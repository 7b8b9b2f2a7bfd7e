"""What people were asked to do or to look up, and what they have answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, ClassVar

from journal.entry import Entry
from journal.form import IF_ANY, OUTSIDE, Named
from lab.model.scripts import JsonValue
from lab.model.tasks import Answer, Role, TaskAnswer
from words import Listed, Quoted, Term, Told, sentence

AT_ONCE = timedelta(seconds=1)
"""What took less is not told in figures: people do not answer in less."""
BETWEEN = "report.between_fields"
CHOSEN = {
    "direction": "operator.direction",
    "switchover": "operator.initiation",
    "reverse_replication": "operator.initiation",
    "method": "operator.synchronization",
    "synchronization": "operator.synchronization",
}
"""The group of words for what can be chosen in a field."""


class Asked(Enum):
    """Whether something was to be done, or to be looked up."""

    TASK = "task"
    QUESTION = "question"


class Answered(Enum):
    """What came of a request to people."""

    DONE = "done"
    NOT_POSSIBLE = "not possible"
    ABORTED = "aborted"
    TOLD = "told"
    NOT_KNOWN = "not known"
    NO_ANSWER = "no answer"


def outcome_of(answer: Answer) -> Answered:
    """What came of a request that was answered."""
    if isinstance(answer, TaskAnswer):
        return Answered(answer.outcome.value)
    if answer.aborted:
        return Answered.ABORTED
    return Answered.TOLD if answer.known else Answered.NOT_KNOWN


class PausePoint(Enum):
    """Where a drill was held."""

    STEP = "before the next step"
    FAULT = "after the fault"
    RESTORATION = "before the restoration"


class PauseEnding(Enum):
    """Why a drill went on."""

    CONTINUED = "continued"
    NOT_ENDED = "not ended"
    """Nobody had it go on within the limit."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAsked(Entry):
    """People were asked for something that Kunren cannot do or see itself."""

    what: ClassVar[str] = "person.asked"

    number: Annotated[int, "which its answer has as well"]
    kind: Asked
    operation: Annotated[str, "of the RHA profile, or a fault"]
    subject: Annotated[str, "scenario, guest or host", OUTSIDE]
    host: str
    values: Annotated[Mapping[str, JsonValue], "what is to be entered", OUTSIDE]
    awaited: Annotated[Told | None, "what is to be there before the answer", IF_ANY] = None
    limit: Annotated[timedelta, Named("limit_s")]
    of: Annotated[tuple[str, ...], "names of those who were there to answer", OUTSIDE, IF_ANY] = ()

    @property
    def text(self) -> Told:
        about = {"operation": sentence(f"operator.operation.{self.operation}"), "subject": self.subject}
        if self.awaited is not None:
            return sentence("operator.awaited", awaited=self.awaited, **about)
        return sentence(f"operator.{self.kind.value}", host=self.host, **about)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswered(Entry):
    """What a person has answered, which is attested by that person and not observed by Kunren."""

    what: ClassVar[str] = "person.answered"

    number: int
    outcome: Answered
    took: Annotated[timedelta, "from question to answer", Named("took_s")]
    by: Annotated[str, "the name as typed", OUTSIDE, IF_ANY] = ""
    role: Annotated[Role | None, IF_ANY] = None
    done: Annotated[datetime | None, "when, as the person says", IF_ANY] = None
    rows: Annotated[tuple[Mapping[str, JsonValue], ...], "what the window shows", OUTSIDE, IF_ANY] = ()
    remark: Annotated[str, "the reason, or what else was seen", OUTSIDE, IF_ANY] = ""

    @property
    def text(self) -> Told:
        answer = sentence(f"operator.{self.told}", by=self.by, after=self.after, took=self.took)
        if not self.said:
            return answer
        return sentence("operator.with_said", answer=answer, said=Listed(self.said, "report.between_statements"))

    @property
    def after(self) -> Told:
        """How long it took, as people count."""
        return sentence("operator.at_once") if self.took < AT_ONCE else sentence("operator.after", took=self.took)

    @property
    def told(self) -> str:
        """The outcome, by the last part of its words' keys."""
        return "told_none" if self.outcome is Answered.TOLD and not self.rows else self.outcome.name.lower()

    @property
    def said(self) -> tuple[Told, ...]:
        """What was typed: the lines of the window, each with its fields that are not empty, and what was remarked."""
        return said_of(self.rows, self.remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRelied(Entry, what="person.relied"):
    """A step rests on what people have said in an earlier one, or so long ago; it is attested by them as well."""

    by: Annotated[tuple[str, ...], "their names as typed", OUTSIDE]
    age: Annotated[timedelta | None, "of an answer that is used again", Named("age_s"), IF_ANY] = None

    @property
    def text(self) -> Told:
        if self.age is None:
            return sentence("people.relied", by=self.by)
        if self.age < AT_ONCE:
            return sentence("people.relied_just_now", by=self.by)
        return sentence("people.relied_on_answer", by=self.by, age=self.age)


# -- people in the room ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPerson(Entry):
    """An entry of a named person."""

    by: Annotated[str, "the name as typed", OUTSIDE]
    role: Role

    @property
    def person(self) -> Told:
        return sentence("people.person", name=self.by, role=sentence(f"people.{self.role.value}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLate(ByPerson, what="person.late"):
    """Somebody has answered what was answered, aborted or over by then: it is kept, and does not count."""

    number: Annotated[int, "of the request"]
    operation: Annotated[str, "of the RHA profile, or a fault"]
    outcome: Answered
    rows: Annotated[tuple[Mapping[str, JsonValue], ...], "what the window shows", OUTSIDE, IF_ANY] = ()
    remark: Annotated[str, "the reason, or what else was seen", OUTSIDE, IF_ANY] = ""

    @property
    def text(self) -> Told:
        return sentence(
            "people.late",
            person=self.person,
            operation=sentence(f"operator.operation.{self.operation}"),
            outcome=sentence(f"present.{self.outcome.name.lower()}"),
            said=Listed(said_of(self.rows, self.remark), "report.between_statements"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined(ByPerson, what="person.joined"):
    """Somebody has come to the drill board, or answers at the terminal."""

    terminal: Annotated[bool, "the terminal of the run, in place of a drill board", IF_ANY] = False

    @property
    def text(self) -> Told:
        return sentence("people.at_terminal" if self.terminal else "people.joined", person=self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNoted(ByPerson, what="person.noted"):
    """Somebody in the room has noted something."""

    said: Annotated[str, OUTSIDE]
    picture: Annotated[int, "the `id` of the evidence, where there is a picture", IF_ANY] = 0

    @property
    def text(self) -> Told:
        if self.picture:
            return sentence("people.noted_with_picture", person=self.person, said=self.said, picture=self.picture)
        return sentence("people.noted", person=self.person, said=self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAsked(ByPerson, what="person.stopped"):
    """Somebody has asked at the drill board that the drill be stopped."""

    because: Annotated[str, OUTSIDE, IF_ANY] = ""

    @property
    def text(self) -> Told:
        return sentence("people.stopped", person=self.person, because=self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAttested(ByPerson, what="person.attested"):
    """Somebody attests at the end what was seen."""

    said: Annotated[str, "the sentence that is attested", OUTSIDE]

    @property
    def text(self) -> Told:
        return sentence("people.attested", person=self.person, said=self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseBegan(Entry, what="pause.began"):
    """The drill is held until the lead has it go on."""

    point: PausePoint
    by: Annotated[str, "who asked for it; empty where `--pause` did", OUTSIDE, IF_ANY] = ""
    limit: Annotated[timedelta, Named("limit_s")]

    @property
    def text(self) -> Told:
        point = sentence(f"pause.{self.point.name.lower()}")
        if self.by:
            return sentence("pause.began_by", point=point, by=self.by, limit=self.limit)
        return sentence("pause.began", point=point, limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEnded(Entry, what="pause.ended"):
    """The drill goes on, or stops."""

    point: PausePoint
    ending: PauseEnding
    took: Annotated[timedelta, "on the wall", Named("took_s")]
    by: Annotated[str, "who had it go on", OUTSIDE, IF_ANY] = ""

    @property
    def text(self) -> Told:
        return sentence(f"pause.{self.ending.name.lower()}", by=self.by, took=self.took)


def said_of(rows: Sequence[Mapping[str, JsonValue]], remark: str) -> tuple[Told, ...]:
    lines = [Listed(tuple(_shown(*each) for each in row.items() if each[1]), BETWEEN) for row in rows]
    return (*lines, *([Quoted(remark)] if remark else []))


def _shown(name: str, value: JsonValue) -> Told:
    """A field of a window, and what it shows, in the reader's words where Kunren has them."""
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    shown = Term("operator", f"flag_{told}") if told in {"true", "false"} else Term(CHOSEN.get(name, ""), told)
    return sentence("operator.shown", field=Term("operator.field", name), value=shown)
