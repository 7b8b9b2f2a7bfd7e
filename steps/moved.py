"""Steps of a drill that goes on after a switchover: it was performed in an earlier chapter, or is performed here."""

from __future__ import annotations

from lab.model.machines import PowerState
from lab.model.subject import Subject
from lab.ports import Clock, Garoon, HyperV, Replication, ScenarioWizard
from steps.course import Course, EventView
from steps.garoon import make_entry
from steps.machines import expect_machine
from steps.observation import Observation
from steps.replication import runs_forward, switch_over
from steps.restoration import SWITCHOVER_LIMIT
from steps.vocabulary import given_
from steps.wording import Text, machine_text


@given_(en="the switchover has been performed", ja="スイッチオーバーが実行されている")
def switchover_performed(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    replica: HyperV,
    event_view: EventView,
    garoon: Garoon,
    clock: Clock,
    subject: Subject,
    observation: Observation,
) -> None:
    """Performs it, after an entry in Garoon, when the drill was begun midway and the guest is still on the master."""
    there = replica.machine(subject.guest)
    moved = course.begun_midway and there is not None and there.running
    if course.begun_midway and not course.switched_over and not moved:
        runs_forward(course, replication, wizard, master, subject, observation)
        garoon.log_in()
        course.marker = make_entry(course, garoon, clock)
        switch_over(course, replication, master, event_view, subject, observation)
    observation.expect(
        course.switched_over or moved,
        expected=Text("a switchover performed earlier in this drill", "この訓練でスイッチオーバーが実行済みであること"),
        seen=Text("none was performed", "実行されていない"),
    )


@given_(en="the virtual machine runs on the replica host", ja="仮想マシンがレプリカ ホストで実行中である")
def runs_on_replica(
    course: Course,
    replication: Replication,
    wizard: ScenarioWizard,
    master: HyperV,
    replica: HyperV,
    event_view: EventView,
    garoon: Garoon,
    clock: Clock,
    subject: Subject,
    observation: Observation,
) -> None:
    """Moves it there by a switchover when the drill was begun midway; else it is only looked at."""
    if course.begun_midway:
        switchover_performed(
            course, replication, wizard, master, replica, event_view, garoon, clock, subject, observation
        )
        observation.until(
            lambda: replica.machine(subject.guest),
            lambda machine: machine is not None and machine.healthy,
            expected=Text(
                f"{subject.guest} running on {subject.replica}", f"{subject.replica} で {subject.guest} が実行中"
            ),
            seen=lambda machine: machine_text(machine, subject.replica),
            within=SWITCHOVER_LIMIT,
        )
    expect_machine(replica, subject.guest, PowerState.RUNNING, observation)
