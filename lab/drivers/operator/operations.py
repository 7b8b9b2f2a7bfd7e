"""Operations of the RHA profile, done and looked up by people: tasks for what changes something, questions else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from lab.drivers.operator.attention import Attention
from lab.drivers.operator.desk import Desk
from lab.drivers.operator.forms import Form, form_of
from lab.drivers.operator.outcomes import Guests, require_done, was_begun
from lab.drivers.rha.commands import CHANGES, Record
from lab.drivers.rows import Row, moment_of
from lab.errors import Contradicted, LabError, NoAnswer
from lab.model.hosts import HostRole
from lab.model.limits import Limits
from lab.model.replication import Direction, ScenarioState, event_time
from lab.model.scripts import JsonValue
from lab.model.subject import Subject
from lab.model.tasks import Field, FieldKind, Question, QuestionAnswer, Rows, Task, Value
from lab.model.undertakings import Undertaking
from lab.ports import Clock, HyperV, Windows
from lab.site.profile import RhaProfile
from words import sentence


@dataclass(frozen=True, slots=True)
class Said:
    """An object that a person has read off a window."""

    row: Mapping[str, Value]
    by: str


Answered = tuple[Said, ...]
UNFILLED = frozenset({"set_notification"})
"""What is left empty in these, people know."""
Undertake = Callable[[Undertaking, str, Callable[[], tuple[str, ...]]], tuple[str, ...]]
"""Permits and notes a change on a host before it is begun."""


@dataclass(slots=True, kw_only=True)
class OperatorOperations:
    """What `RhaCommands` does by commands, at the manager on `host`. `abort` asks the run to stop.

    What people say of where a scenario replicates to is compared with Hyper-V on both hosts.
    """

    desk: Desk
    profile: RhaProfile
    subject: Subject
    host: str
    limits: Limits
    undertake: Undertake
    hyperv: Mapping[HostRole, HyperV]
    windows: Windows
    """Of the host of the Control Service."""
    attention: Attention[Answered]
    clock: Clock
    abort: Callable[[], None] = lambda: None
    _as_created: Said | None = None
    _direction: Direction = Direction.FORWARD
    _events: list[Said] = field(default_factory=list)
    _since: datetime | None = None
    """When the last task was given, by the clock of the Control Service; lines from before it are not news."""

    def command(self, _: str) -> str:
        return ""

    def ask(self, name: str, values: Mapping[str, JsonValue]) -> tuple[Record, ...]:
        operation = self.profile.operations[name]
        if name == "list_events":
            found = self._new_events(int(str(values["after"])))
        elif name == "list_scenarios":
            found = self._scenario()
        else:
            answered = self.look_up(name, str(next(iter(values.values()), "")))
            found = tuple(replace(each, row={**_named(values), **each.row}) for each in answered)
        where = sentence("answers.of_people", operation=sentence(f"operator.operation.{name}"))
        names = operation.properties
        return tuple(
            Record(Row({names[key]: _json(value) for key, value in said.row.items()}, where), operation, said.by)
            for said in found
        )

    def look_up(self, name: str, subject: str) -> Answered:
        """What people read off of that subject, also where it is not of RHA."""
        return self._looked_up(name, subject, form_of(name))

    def act(self, name: str, values: Mapping[str, JsonValue]) -> tuple[str, ...]:
        subject = str(values.get("name") or values.get("host") or "")
        task = Task(
            operation=name,
            subject=subject,
            host=self.host,
            limit=self.limits.task,
            values=tuple((key, _value(value)) for key, value in values.items() if value != "" or name not in UNFILLED),
            direction=self._direction,
        )
        self.look_anew()
        return self.undertake(Undertaking(CHANGES[name], subject), self.host, lambda: self.perform(task))

    def look_anew(self) -> None:
        """Something is about to be done, by whomever: answers from before are of the past, and so are events."""
        self.attention.expire()
        self._as_created = None
        self._since = self._clock_of_events() or self._since

    def perform(self, task: Task, *, seen: bool = True) -> tuple[str, ...]:
        """`seen` tells whether a guest shows the effect of the task, if there is any."""
        guests = Guests(hyperv=self.hyperv, guest=self.subject.guest, clock=self.clock)
        before = guests.places() if seen else None
        answer = self.desk.perform(task)
        if answer is not None:
            self.attention.answered(answer.by.name)
        return require_done(task, answer, partial(guests.moved, before), self.abort)

    def was_begun(self, undertaking: Undertaking, host: str) -> bool | None:
        """As people say; None where they do not tell."""
        return was_begun(self.desk, undertaking, host, self.limits.answer)

    def _scenario(self) -> Answered:
        """Lasting properties are asked for once, until something is done to the scenario."""
        form = form_of("list_scenarios")
        lasting = () if self._as_created else form.lasting(self.profile)
        found = self._looked_up("list_scenarios", self.subject.scenario, form, lasting)
        if not found:
            return ()
        (said,) = found
        before = self._as_created
        if before is not None:
            self.attention.rely(before.by)
        row = {"name": self.subject.scenario, **(before.row if before else {}), **said.row}
        created = {each.name: row[each.name] for each in form.lasting(self.profile) if each.name in row}
        self._as_created = Said(created, before.by if before else said.by)
        self._compare_with_hyperv(row)
        return (replace(said, row=row),)

    def _new_events(self, after: int) -> Answered:
        """People read events only for a step that awaits one; a line that they read twice is one line."""
        if self.attention.awaited is not None:
            for said in _oldest_first(self._looked_up("list_events", self.subject.scenario, form_of("list_events"))):
                line = {"source": self.subject.scenario, "code": "", **said.row}
                if not self._is_old(str(said.row["time"])) and all(line != each.row for each in self._events):
                    self._events.append(replace(said, row=line))
        return tuple(
            replace(said, row={**said.row, "sequence": str(after + n)})
            for n, said in enumerate(self._events[after:], start=1)
        )

    def _is_old(self, time: str) -> bool:
        """Raises NoAnswer where the time cannot be read, so that its age is unknown."""
        stamped = event_time(time)
        if stamped is None:
            raise NoAnswer(sentence("errors.operator.time", time=time), operation="list_events")
        return self._since is not None and stamped < self._since

    def _clock_of_events(self) -> datetime | None:
        """As events are stamped, to the second; None where the host does not tell its time."""
        try:
            told = moment_of(self.windows.facts().clock)
        except LabError:
            return None
        return told and told.replace(tzinfo=UTC, microsecond=0)

    def _looked_up(self, name: str, subject: str, form: Form, further: Sequence[Field] = ()) -> Answered:
        awaited = self.attention.awaited
        key = (name, subject)
        known = self.attention.answer(key)
        if known is not None:
            return known
        question = Question(
            operation=name,
            subject=subject,
            host=self.host,
            limit=self.limits.answer if awaited is None else awaited.limit + self.limits.answer,
            rows=form.rows,
            fields=(*form.fields(self.profile), *further),
            awaited=None if awaited is None else awaited.expected,
            wait=timedelta() if awaited is None else awaited.limit,
            direction=self._direction,
        )
        if awaited is not None:
            awaited.asked = True
        answer = self.desk.ask(question)
        if answer is None:
            minutes = f"{question.limit / timedelta(minutes=1):g}"
            about = {"operation": sentence(f"operator.operation.{name}"), "subject": subject}
            raise NoAnswer(sentence("errors.operator.no_answer", minutes=minutes, **about), operation=name)
        found = tuple(Said(row, answer.by.name) for row in _fitting(question, answer))
        self.attention.keep(key, found, answer.by.name)
        return found

    def _compare_with_hyperv(self, row: Mapping[str, Value]) -> None:
        """A scenario that replicates does so from the host on which its guest runs."""
        words = self.profile.choices["direction"]
        direction = next((each for each in Direction if words[each.value] == row.get("direction")), None)
        if direction is None:
            return
        self._direction = direction
        if self.profile.state(str(row.get("state"))) not in {ScenarioState.RUNNING, ScenarioState.SYNCHRONIZING}:
            return
        forward = direction is Direction.FORWARD
        source, target = (HostRole.MASTER, HostRole.REPLICA) if forward else (HostRole.REPLICA, HostRole.MASTER)
        if self._runs_on(target) and self._runs_on(source) is False:
            raise Contradicted(
                sentence(
                    "errors.operator.contradicted",
                    scenario=self.subject.scenario,
                    source=self.subject.host(source),
                    guest=self.subject.guest,
                    target=self.subject.host(target),
                )
            )

    def _runs_on(self, role: HostRole) -> bool | None:
        """None where the host does not tell."""
        try:
            machine = self.hyperv[role].machine(self.subject.guest)
        except LabError:
            return None
        return machine is not None and machine.running


def _fitting(question: Question, answer: QuestionAnswer) -> tuple[Mapping[str, Value], ...]:
    """The rows of an answer, with what was left empty where that is allowed."""
    if not answer.known:
        about = {"operation": sentence(f"operator.operation.{question.operation}"), "subject": question.subject}
        by = answer.by.name
        aborted = sentence("errors.operator.aborted", by=by, **about)
        not_known = sentence("errors.operator.not_known", by=by, said=answer.text, **about)
        raise NoAnswer(aborted if answer.aborted else not_known, operation=question.operation)
    few = question.rows is not Rows.SEVERAL
    if (few and len(answer.rows) > 1) or (question.rows is Rows.ONE and not answer.rows):
        raise NoAnswer(sentence("errors.operator.rows", n=len(answer.rows)), operation=question.operation)
    return tuple({each.name: _filled(each, row) for each in question.fields} for row in answer.rows)


def _filled(asked: Field, row: Mapping[str, Value]) -> Value:
    empty: Value = () if asked.kind is FieldKind.LINES else ""
    value = row.get(asked.name, empty)
    if not value and not asked.optional:
        raise NoAnswer(sentence("errors.operator.field", field=sentence(f"operator.field.{asked.name}")))
    return value


def _named(values: Mapping[str, JsonValue]) -> dict[str, Value]:
    """A question about a host names it in its answer."""
    return {"host": str(values["host"])} if "host" in values else {}


def _value(value: JsonValue) -> Value:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(each) for each in value)
    return str(value)


def _json(value: Value) -> JsonValue:
    return value if isinstance(value, str) else list(value)


def _oldest_first(lines: Answered) -> Answered:
    """As the event view stamps them: the manager shows the newest at the top, and people read from there."""
    times = [stamped for each in lines if (stamped := event_time(str(each.row["time"]))) is not None]
    return lines[::-1] if times and times[0] > times[-1] else lines
