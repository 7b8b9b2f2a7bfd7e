"""What came of a task that people do not say is done: both hosts are looked at, and people are asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from lab.drivers.operator.desk import Desk
from lab.errors import Contradicted, LabError, NoAnswer, OperationRefused
from lab.model.hosts import HostRole
from lab.model.machines import PowerState
from lab.model.tasks import WAS_BEGUN, Choice, Field, FieldKind, Question, Rows, Task, TaskAnswer, TaskOutcome
from lab.model.undertakings import Undertaking
from lab.ports import Clock, HyperV
from lab.waiting import wait_until
from words import Term, Told, sentence

WATCHED = timedelta(minutes=2)
"""For so long a switchover that was begun may leave no trace at the guests."""
BETWEEN_LOOKS = timedelta(seconds=5)
MOVING = frozenset({"switch_over", "start_integrity_test", "stop_integrity_test", "prepare_reboot"})
"""Operations of which the guests show whether they were begun, as they do of faults."""
Places = Mapping[HostRole, PowerState | None]
"""The state of the guest on each host; None where it is not registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """The guest on both hosts, as the hosts themselves tell."""

    hyperv: Mapping[HostRole, HyperV]
    guest: str
    clock: Clock

    def places(self) -> Places | None:
        """None where a host does not tell."""
        try:
            found = {role: host.machine(self.guest) for role, host in self.hyperv.items()}
        except LabError:
            return None
        return {role: None if machine is None else machine.state for role, machine in found.items()}

    def moved(self, before: Places | None, within: timedelta) -> bool | None:
        """Since `before`, watched until it moves or the time is over; None where that cannot be seen."""
        if before is None:
            return None
        looked = wait_until(
            self.places,
            lambda now: now is not None and now != before,
            clock=self.clock,
            within=within,
            every=BETWEEN_LOOKS,
        )
        now = looked.result()
        return None if now is None else now != before


def require_done(
    task: Task, answer: TaskAnswer | None, moved: Callable[[timedelta], bool | None], abort: Callable[[], None]
) -> tuple[str, ...]:
    """What the window has shown.

    Raises OperationRefused where nothing was begun, Contradicted where it was begun all the same, as the hosts show,
    and NoAnswer where that is not known. `moved` is asked whether a guest has moved meanwhile.
    """
    if not (task.strikes or task.operation in MOVING):
        moved = _never
    about = {"operation": sentence(f"operator.operation.{task.operation}"), "subject": task.subject}
    if answer is None:
        minutes = f"{task.limit / timedelta(minutes=1):g}"
        said = sentence("errors.operator.no_answer", minutes=minutes, **about)
        raise NoAnswer(said, operation=task.operation, begun=moved(timedelta()) is True)
    match answer.outcome:
        case TaskOutcome.DONE:
            return (answer.reason,) if answer.reason else ()
        case TaskOutcome.ABORTED:
            begun = moved(timedelta()) is True
            abort()
            said = sentence("errors.operator.aborted", by=answer.by.name, **about)
            raise NoAnswer(said, operation=task.operation, begun=begun)
        case TaskOutcome.NOT_POSSIBLE:
            said = sentence("errors.operator.not_possible", by=answer.by.name, reason=answer.reason, **about)
            raise _not_possible(task, said, moved(WATCHED))


def _never(_: timedelta) -> bool:
    return False


def _not_possible(task: Task, said: Told, moved: bool | None) -> LabError:  # noqa: FBT001
    match moved:
        case True:
            return Contradicted(sentence("errors.operator.begun", said=said), operation=task.operation)
        case False:
            return OperationRefused(said, operation=task.operation)
        case None:
            return NoAnswer(sentence("errors.operator.perhaps_begun", said=said), operation=task.operation)


def was_begun(desk: Desk, undertaking: Undertaking, host: str, limit: timedelta) -> bool | None:
    """Asks people whether it was begun, or will be; None where they do not tell."""
    about = {"change": Term("change", undertaking.change.value), "subject": undertaking.subject}
    answers = {word: sentence(f"operator.{WAS_BEGUN}.{word}", **about) for word in ("true", "false")}
    choices = tuple(Choice(word, told) for word, told in answers.items())
    question = Question(
        operation=WAS_BEGUN,
        subject=undertaking.subject,
        host=host,
        limit=limit,
        rows=Rows.ONE,
        fields=(Field(name="begun", kind=FieldKind.CHOICE, choices=choices),),
    )
    try:
        answer = desk.ask(question)
    except NoAnswer:
        return None
    said = [row.get("begun") for row in answer.rows] if answer is not None and answer.known else []
    return {"true": True, "false": False}.get(str(said[0])) if len(said) == 1 else None
