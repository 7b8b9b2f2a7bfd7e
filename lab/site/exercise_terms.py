"""Keys of an exercise plan: what no machine knows of a drill. Whatever is left empty is missing, never refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lab.errors import SiteError
from lab.site.toml_table import WHOLE, Table, Texts, parsed_toml, read_table, refuse_hidden, refused
from words import Told

_LONGEST_RETENTION = 100

Type = Literal["", "readiness check", "test failover", "planned failover", "unplanned failover", "failback"]
Form = Literal["", "exercise", "test"]
Attendance = Literal["", "present", "on call", "absent", "absent on purpose"]


def _iso(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str) -> str:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise refused("no_day", value=repr(text)) from None


def _moment(text: str) -> str:
    try:
        return text and datetime.fromisoformat(text).isoformat(timespec="minutes")
    except ValueError:
        raise refused("no_moment", value=repr(text)) from None


def _one_line(text: str) -> str:
    return " ".join(text.split())


Said = Annotated[str, AfterValidator(_one_line)]
Day = Annotated[str, BeforeValidator(_iso), AfterValidator(_day)]
Moment = Annotated[str, BeforeValidator(_iso), AfterValidator(_moment)]
Listed = Annotated[Texts, AfterValidator(lambda texts: tuple(filter(None, map(_one_line, texts))))]


class Objective(Table):
    """What the exercise is to show, and by what that is judged."""

    text: Said = Field(default="", description="the objective in words")
    criterion: Said = Field(default="", description="by what it is judged")
    origin: Said = Field(default="", description="where the objective comes from")


class Participant(Table):
    name: Said = Field(default="", description="a person's name")
    role: Said = Field(default="", description="the role in the exercise")
    affiliation: Said = Field(default="", description="the organisation or department")
    attendance: Attendance = Field(default="", description="whether they take part")


class Approval(Table):
    """Who has agreed to the exercise, and where that can be seen."""

    name: Said = Field(default="", description="a person's name")
    role: Said = Field(default="", description="the role in the organisation")
    date: Day = Field(default="", description='a date, such as "2026-12-31"')
    evidence: Said = Field(default="", description="where the approval can be seen")


class ExerciseTerms(Table):
    """An exercise plan."""

    site: Said = Field(default="", description="the name of the site, as its file has it")
    drills: Listed = Field(default=(), description="names of drills, or paths of features")
    title: Said = Field(default="", description="the title of the exercise")
    type: Type = Field(default="", description="the type of exercise")
    form: Form = Field(default="", description='"exercise" or "test"')
    reason: Said = Field(default="", description="why it is held")
    change: Said = Field(default="", description="the number of a change request")
    retests: Said = Field(default="", description="the finding that is tested again")
    place: Said = Field(default="", description="where people are")
    window_begin: Moment = Field(default="", description='a date and time, such as "2026-12-31 22:00"')
    window_end: Moment = Field(default="", description='a date and time, such as "2026-12-31 22:00"')
    scope: Said = Field(default="", description="what is tested")
    excluded: Listed = Field(default=(), description="what is not tested")
    scenario: Said = Field(default="", description="the scenario in words")
    assumptions: Listed = Field(default=(), description="what is taken for granted")
    risk: Said = Field(default="", description="the risk that the scenario stands for")
    rto_origin: Said = Field(default="", description="where the RTO comes from")
    rpo_origin: Said = Field(default="", description="where the RPO comes from")
    procedure: Said = Field(default="", description="the id of the procedure")
    procedure_revision: Said = Field(default="", description="its revision")
    procedure_changes: Said = Field(default="", description="what has changed in it since the last drill")
    backups_confirmed_by: Said = Field(default="", description="who has confirmed the backups, and when")
    stop_criteria: Listed = Field(default=(), description="when the exercise is stopped")
    escalation: Said = Field(default="", description="whom to call")
    classification: Said = Field(default="", description="how the record is classified")
    distribution: Listed = Field(default=(), description="who gets the record")
    retention_years: Annotated[int, Field(ge=0, le=_LONGEST_RETENTION), WHOLE] = Field(
        default=0, description=f"whole years, from 0 to {_LONGEST_RETENTION}"
    )
    storage: Said = Field(default="", description="where the record is kept")
    objectives: Annotated[tuple[Objective, ...], Field(strict=False)] = Field(
        default=(), description="tables of text, criterion and origin"
    )
    participants: Annotated[tuple[Participant, ...], Field(strict=False)] = Field(
        default=(), description="tables of name, role, affiliation and attendance"
    )
    approvals: Annotated[tuple[Approval, ...], Field(strict=False)] = Field(
        default=(), description="tables of name, role, date and evidence"
    )

    @model_validator(mode="after")
    def _window_ends_later(self) -> Self:
        if not (self.window_begin and self.window_end):
            return self
        begin, end = datetime.fromisoformat(self.window_begin), datetime.fromisoformat(self.window_end)
        if (begin.tzinfo is None) != (end.tzinfo is None):
            raise refused("no_offset", key="window_end")
        if begin >= end:
            raise refused("not_after_window", "write_later", key="window_end")
        return self


def read_exercise(path: Path) -> ExerciseTerms:
    """Raises SiteError with one sentence for each mistake; a text may have several lines, which are told as one."""
    values = parsed_toml(path)
    mistakes: list[Told] = []
    found = None
    try:
        refuse_hidden(path, values, lines=True)
    except SiteError as error:
        mistakes += error.sentences
    try:
        found = read_table(ExerciseTerms, path.name, values)
    except SiteError as error:
        mistakes += error.sentences
    if mistakes or found is None:
        raise SiteError(*mistakes)
    return found
