"""What chapters that were left out would have left behind, brought about where that does no harm."""

from __future__ import annotations

from datetime import timedelta

from drills.course import Course
from drills.nouns.event_view import EventView
from drills.observation import Observation
from drills.wording import Text, machine_text
from lab.model.limits import LongWait
from lab.model.replication import Direction, ScenarioState, SynchronizationMethod
from lab.model.subject import Subject
from lab.ports import Clock, Garoon, GaroonHealth, HyperV, Replication, ScenarioWizard
from steps.garoon import await_garoon, make_entry
from steps.replication import (
    await_state,
    command_switchover,
    runs_forward,
    switch_over,
)
from steps.watching import await_event


class Premises:
    """Each looks first, and acts only in a drill `begun_midway` on a lab that is gone with the run."""

    def __init__(
        self,
        *,
        course: Course,
        replication: Replication,
        wizard: ScenarioWizard,
        master: HyperV,
        replica: HyperV,
        event_view: EventView,
        garoon: Garoon,
        garoon_health: GaroonHealth,
        clock: Clock,
        subject: Subject,
        observation: Observation,
    ) -> None:
        self._course = course
        self._replication = replication
        self._wizard = wizard
        self._master = master
        self._replica = replica
        self._event_view = event_view
        self._garoon = garoon
        self._garoon_health = garoon_health
        self._clock = clock
        self._subject = subject
        self._observation = observation

    @property
    def begun_midway(self) -> bool:
        return self._course.begun_midway

    @property
    def acts(self) -> bool:
        """What chapters that were left out would have led to is brought about."""
        return self._course.begun_midway and self._course.disposable

    def replicate(self) -> None:
        if self.acts:
            runs_forward(self._course, self._replication, self._wizard, self._master, self._subject, self._observation)

    def enter(self) -> None:
        """What users have entered by then; the drill looks for it later."""
        if self.acts:
            await_garoon(self._garoon_health, self._subject, self._observation, within=LongWait.SWITCHOVER)
            self._garoon.log_in()
            self._course.marker = make_entry(self._course, self._garoon, self._clock)

    def switch_over(self) -> None:
        if not self.acts or self._course.switched_over or self._on_replica():
            return
        self.replicate()
        self.enter()
        switch_over(self._course, self._replication, self._master, self._event_view, self._subject, self._observation)

    def work_on_replica(self) -> None:
        """The guest has been switched over, to the end, and users have gone on working."""
        if not self.acts or self._on_replica():
            return
        self.switch_over()
        host = self._replica.host
        self._observation.until(
            lambda: self._replica.machine(self._subject.guest),
            lambda machine: machine is not None and machine.healthy,
            expected=Text(f"{self._subject.guest} running on {host}", f"{host} で {self._subject.guest} が実行中"),
            seen=lambda machine: machine_text(machine, host),
            within=LongWait.SWITCHOVER,
        )
        completed = Text("a switchover that is complete", "スイッチオーバーの完了")
        await_event("switchover_completed", completed, 15, self._course, self._event_view, self._observation)
        await_garoon(self._garoon_health, self._subject, self._observation, within=LongWait.SWITCHOVER)
        make_entry(self._course, self._garoon, self._clock)

    def run_again(self) -> None:
        scenario = self._replication.scenario(self._subject.scenario)
        if not self.acts or (scenario is not None and scenario.under_way(Direction.BACKWARD)):
            return
        self.work_on_replica()
        self._replication.run(self._subject.scenario, SynchronizationMethod.BLOCK)

    def replicate_in_reverse(self) -> None:
        if self.acts:
            self.run_again()
            await_state(
                ScenarioState.RUNNING, self._replication, self._subject, self._observation, LongWait.SYNCHRONIZATION
            )

    def switch_back(self) -> None:
        if not self.acts or self._course.switched_back:
            return
        self.replicate_in_reverse()
        command_switchover(
            self._course, self._replication, self._event_view, self._subject, self._observation, run_reverse=False
        )
        self._course.switched_back = True

    def catch_up(self) -> None:
        """The replica host has what users have entered."""
        if self.acts:
            self._clock.sleep(timedelta(minutes=1))

    def _on_replica(self) -> bool:
        there = self._replica.machine(self._subject.guest)
        return there is not None and there.running
