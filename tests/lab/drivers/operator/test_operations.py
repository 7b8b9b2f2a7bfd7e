"""What people have answered: it serves only until something is done, and lines of the event view only from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lab.drivers.operator.faults import OperatorFaults
from lab.drivers.rha.commands import MixedOperations
from lab.errors import NoAnswer
from lab.model.faults import Fault
from lab.model.tasks import Answer, ClosedRequest, OpenRequest, Person, QuestionAnswer, Task, TaskAnswer, TaskOutcome
from lab.opening import Lab, open_lab
from lab.ports import FaultInjection
from lab.site.built_in import SIMULATED
from lab.site.file import load_site
from words import sentence

AWAITED = sentence("steps.events.none")
LINE = {"message": "スイッチオーバーが完了しました。", "severity": "重要"}
SCENARIO = {
    "state": "停止",
    "direction": "forward",
    "is_alive": "false",
    "server_type": "Hyper-V",
    "product": "HA",
    "master": "MASTER",
    "replica": "REPLICA",
    "guests": ("Garoon",),
    "switchover": "automatic",
    "reverse_replication": "manual",
}


class Scripted:
    """Does each task, and reads one line of the event view, stamped as told; `asked` are the operations asked for."""

    waits = False
    people = ()

    def __init__(self) -> None:
        self.lab: Lab | None = None
        self.stamped = ""
        self.newer: tuple[dict[str, str], ...] = ()
        self.asked: list[str] = []

    def opened(self, request: OpenRequest) -> Answer:
        assert self.lab is not None
        by, at = Person("Sato"), self.lab.clock.now()
        self.asked.append(request.request.operation)
        if isinstance(request.request, Task):
            return TaskAnswer(outcome=TaskOutcome.DONE, by=by, at=at)
        if request.request.operation != "list_events":
            return QuestionAnswer(rows=(SCENARIO,), by=by, at=at)
        return QuestionAnswer(rows=(*self.newer, LINE | {"time": self.stamped}), by=by, at=at)

    def closed(self, request: ClosedRequest) -> None:
        """Nothing is left to do."""


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "site.toml"
    file.write_text('rha.by = "operator"\n' + SIMULATED.read_text(encoding="utf-8"), encoding="utf-8")
    scripted = Scripted()
    with open_lab(load_site(file), attendants=(scripted,)) as lab:
        scripted.lab = lab
        yield scripted


def faults_of(lab: Lab) -> FaultInjection:
    assert isinstance(lab.faults, OperatorFaults)
    return lab.faults


def lines(lab: Lab) -> list[str]:
    assert lab.people is not None
    with lab.people.attention.on(AWAITED, timedelta(minutes=1)):
        return [each.message for each in lab.rha.replication.events(0)]


def clock_of(lab: Lab, offset: timedelta) -> str:
    assert lab.people is not None
    now = lab.people._clock_of_events()
    assert now is not None
    return f"{now + offset:%Y/%m/%d %H:%M:%S}"


def test_a_line_of_before_a_fault_is_no_line_of_the_fault(people: Any) -> None:
    people.stamped = clock_of(people.lab, -timedelta(minutes=3))
    faults_of(people.lab).begin(Fault.LINE_CUT)
    assert lines(people.lab) == []
    people.stamped = clock_of(people.lab, timedelta(seconds=5))
    assert lines(people.lab) == [LINE["message"]]


def test_lines_that_are_read_from_the_newest_down_come_in_the_order_of_their_times(people: Any) -> None:
    faults_of(people.lab).begin(Fault.LINE_CUT)
    people.stamped = clock_of(people.lab, timedelta(seconds=5))
    people.newer = (LINE | {"time": clock_of(people.lab, timedelta(seconds=9)), "message": "newest"},)
    assert lines(people.lab) == [LINE["message"], "newest"]


def test_a_line_whose_time_cannot_be_read_is_not_known_to_be_new(people: Any) -> None:
    people.stamped = "22:05"
    with pytest.raises(NoAnswer, match="«22:05», is not written as the event view does"):
        lines(people.lab)


@pytest.mark.parametrize("doing", ["fault", "end", "command"])
def test_an_answer_serves_until_something_is_done_by_whomever(people: Any, doing: str) -> None:
    lab, name = people.lab, "CybozuGaroonHyper-V"
    lab.rha.replication.scenario(name)
    lab.rha.replication.scenario(name)
    assert people.asked.count("list_scenarios") == 1
    if doing == "command":
        lab.people.look_anew()
    elif doing == "fault":
        faults_of(lab).begin(Fault.LINE_CUT)
    else:
        faults_of(lab).end(Fault.LINE_CUT)
    lab.rha.replication.scenario(name)
    assert people.asked.count("list_scenarios") == 2


def test_a_command_of_a_mixed_site_is_told_to_people_before_it_is_sent(people: Any) -> None:
    told: list[str] = []
    operations = people.lab.people
    mixed = MixedOperations({"stop_scenario"}, operations, operations, lambda: told.append(people.asked[-1]))
    mixed.ask("list_scenarios", {})
    mixed.act("stop_scenario", {"name": "S"})
    assert told == ["list_scenarios"]
    mixed.act("run_scenario", {"name": "S"})
    assert told == ["list_scenarios"], "a task makes answers stale by itself"


@pytest.mark.parametrize(
    ("operation", "told"), [("create_scenario", ["name", "master"]), ("set_notification", ["name"])]
)
def test_only_what_people_know_is_left_for_them_to_fill_in(people: Any, operation: str, told: list[str]) -> None:
    tasks: list[Task] = []
    opened = people.opened
    people.opened = lambda request: (tasks.append(request.request), opened(request))[1]
    people.lab.people.act(operation, {"name": "S", "master": ""})
    assert [name for name, _ in tasks[0].values] == told
