"""A task that nobody says is done: what the guests on both hosts show decides, and what they do not show is unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lab.clock import SystemClock
from lab.drivers.operator.desk import Desk
from lab.drivers.operator.outcomes import WATCHED, Guests, require_done, was_begun
from lab.errors import Contradicted, HostUnreachable, LabError, NoAnswer, OperationRefused
from lab.model.hosts import HostRole
from lab.model.machines import PowerState
from lab.model.tasks import Answer, OpenRequest, Person, QuestionAnswer, Task, TaskAnswer, TaskOutcome
from lab.model.undertakings import Change, Undertaking
from words import Quoted

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SATO = Person("Sato")
SWITCH = Undertaking(Change.SWITCH_OVER, "S")


def task(operation: str = "switch_over", *, strikes: bool = False) -> Task:
    return Task(operation=operation, subject="S", host="REPLICA", limit=timedelta(minutes=5), strikes=strikes)


def ended(outcome: TaskOutcome | None) -> TaskAnswer | None:
    return None if outcome is None else TaskAnswer(outcome=outcome, by=SATO, at=NOON, reason="no")


@pytest.mark.parametrize(
    ("outcome", "moved", "error", "begun"),
    [
        (TaskOutcome.NOT_POSSIBLE, True, Contradicted, None),
        (TaskOutcome.NOT_POSSIBLE, False, OperationRefused, None),
        (TaskOutcome.NOT_POSSIBLE, None, NoAnswer, False),
        (TaskOutcome.ABORTED, True, NoAnswer, True),
        (TaskOutcome.ABORTED, False, NoAnswer, False),
        (None, True, NoAnswer, True),
        (None, None, NoAnswer, False),
    ],
)
def test_what_the_guests_show_decides(
    outcome: TaskOutcome | None, moved: bool | None, error: type[LabError], begun: bool | None
) -> None:
    with pytest.raises(error) as raised:
        require_done(task(), ended(outcome), lambda _: moved, lambda: None)
    assert type(raised.value) is error
    assert getattr(raised.value, "begun", None) is begun


@pytest.mark.parametrize(
    ("asked", "waited"),
    [(task(), [WATCHED]), (task("power_cut", strikes=True), [WATCHED]), (task("run_scenario"), [])],
)
def test_only_what_a_guest_would_show_is_watched_for(asked: Task, waited: list[timedelta]) -> None:
    asked_for: list[timedelta] = []

    def moved(within: timedelta) -> bool:
        asked_for.append(within)
        return False

    with pytest.raises(OperationRefused):
        require_done(asked, ended(TaskOutcome.NOT_POSSIBLE), moved, lambda: None)
    assert asked_for == waited


class Clock:
    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, duration: timedelta) -> None:
        self.passed += duration.total_seconds()


def guests(clock: Any, look: Callable[[], PowerState | None]) -> Guests:
    def machine(_: str) -> Any:
        state = look()
        return state and SimpleNamespace(state=state)

    hosts: Any = {HostRole.MASTER: SimpleNamespace(machine=machine)}
    return Guests(hyperv=hosts, guest="Garoon", clock=clock)


def test_a_guest_that_moves_a_minute_later_has_moved() -> None:
    clock = Clock()
    seen = guests(clock, lambda: PowerState.RUNNING if clock.passed < 60 else PowerState.STOPPING)
    assert seen.moved(seen.places(), WATCHED) is True
    assert 60 <= clock.passed < 70
    assert seen.moved(seen.places(), timedelta()) is False


def test_a_host_that_does_not_tell_leaves_it_unknown() -> None:
    def silent() -> PowerState:
        raise HostUnreachable(Quoted("MASTER does not respond."))

    clock = Clock()
    assert guests(clock, silent).moved({HostRole.MASTER: PowerState.RUNNING}, WATCHED) is None
    assert guests(clock, lambda: PowerState.RUNNING).moved(None, WATCHED) is None


class Telling:
    waits = False
    people = ()

    def __init__(self, *rows: dict[str, str], known: bool = True) -> None:
        self._answer = QuestionAnswer(rows=rows, by=SATO, at=NOON, known=known)
        self.labels: list[str] = []

    def opened(self, request: OpenRequest) -> Answer:
        (field,) = request.request.fields  # type: ignore[union-attr]
        self.labels = [str(choice.label) for choice in field.choices]
        return self._answer

    def closed(self, _: object) -> None:
        """Nothing is left to do."""


@pytest.mark.parametrize(
    ("telling", "begun"),
    [
        (Telling({"begun": "true"}), True),
        (Telling({"begun": "false"}), False),
        (Telling({"begun": "perhaps"}), None),
        (Telling(), None),
        (Telling({"begun": "true"}, known=False), None),
        (Telling({"begun": "x" * 3000}), None),
    ],
)
def test_people_tell_whether_it_was_begun(telling: Telling, begun: bool | None) -> None:
    desk = Desk(SystemClock())
    desk.attend(telling)
    assert was_begun(desk, SWITCH, "REPLICA", timedelta(seconds=1)) is begun
    assert telling.labels[0] == "switch over, S: begun, or done"
