"""Steps of a drill that goes on after a switchover: it was performed in an earlier chapter, or is performed here."""

from __future__ import annotations

from lab.model.machines import PowerState
from lab.model.replication import ScenarioState
from lab.model.subject import Subject
from lab.ports import Clock, Garoon, HyperV, Replication, ScenarioWizard
from steps.course import Course, EventView
from steps.garoon import make_entry
from steps.machines import expect_machine
from steps.observation import Observation
from steps.replication import await_state, runs_forward, switch_over
from steps.restoration import SWITCHOVER_LIMIT
from steps.vocabulary import given_


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
    """Performs it, after an entry in Garoon, when the drill was started here and the guest is still on the master."""
    there = replica.machine(subject.guest)
    if course.switched_over or (there is not None and there.running):
        return
    runs_forward(course, replication, wizard, master, subject, observation)
    garoon.log_in()
    course.marker = make_entry(course, garoon, clock)
    switch_over(course, replication, master, event_view, subject, observation)


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
    """Moves it there by a switchover when the drill was started here."""
    begun_here = not course.switched_over
    switchover_performed(course, replication, wizard, master, replica, event_view, garoon, clock, subject, observation)
    if begun_here and course.switched_over:
        await_state(ScenarioState.STOPPED, replication, subject, observation, SWITCHOVER_LIMIT)
    expect_machine(replica, subject.guest, PowerState.RUNNING, observation)
