"""What people were asked to do or to look up, and what they have answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated, ClassVar

from journal.entry import Entry
from journal.form import IF_ANY, OUTSIDE, Named
from lab.model.scripts import JsonValue
from lab.model.tasks import Role
from words import Told, sentence


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
    NO_ANSWER = "no answer"


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
        shown = "; ".join(", ".join(f"{name}: {_shown(value)}" for name, value in row.items()) for row in self.rows)
        said = " ".join(filter(None, (shown, self.remark)))
        seconds = f"{self.took.total_seconds():.0f}"
        return sentence(f"operator.{self.outcome.name.lower()}", by=self.by, seconds=seconds, said=said)


def _shown(value: JsonValue) -> str:
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
