"""What the chapters before would have led to, where a drill was begun midway."""

from __future__ import annotations

from datetime import timedelta

from drills.nouns.garoon import GaroonService
from drills.nouns.guest import Guest
from drills.nouns.integrity_test import IntegrityTest
from drills.nouns.maintenance import Maintenance
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import Wizard
from drills.vendor import TEST_READY
from drills.wording import way
from lab.model.hosts import HostRole
from lab.model.limits import LongWait, at_least
from lab.model.machines import PowerState
from lab.model.replication import Direction, Initiation, ScenarioState
from words import sentence

CATCHING_UP = timedelta(minutes=1)


class EarlierChapters:
    """Each looks first, and acts only in a disposable lab: where `acts` is asked for, in a drill begun midway alone."""

    def __init__(
        self, scenario: Scenario, wizard: Wizard, master_guest: Guest, replica_guest: Guest, garoon: GaroonService
    ) -> None:
        self._scenario = scenario
        self._wizard = wizard
        self._master_guest = master_guest
        self._replica_guest = replica_guest
        self._garoon = garoon
        self._context = scenario.context
        self._course = scenario.context.course

    @property
    def acts(self) -> bool:
        """Chapters that would have brought something about were left out, and the lab is gone with the run."""
        return self._course.begun_midway and self._course.disposable

    def has_switched_over(self) -> bool:
        """In this drill, or before a drill begun midway."""
        on_replica = self._on_replica()
        self._context.observation.take_up("switchover")
        return self._course.switched_over or (self._course.begun_midway and on_replica)

    def create(self, switchover: Initiation = Initiation.AUTOMATIC) -> None:
        """Creates the scenario with the guide's choices where it is missing."""
        if self._course.disposable and self._scenario.now() is None:
            self._create(switchover)

    def run(self) -> None:
        """Creates the scenario where it is missing, and runs it unless it is under way."""
        if not self._course.disposable:
            return
        scenario = self._scenario.now()
        if scenario is None:
            self._create()
        if scenario is None or scenario.at_rest:
            self._scenario.run()

    def run_forward(self) -> None:
        self.run()
        running = self._scenario.await_state(ScenarioState.RUNNING)
        self._context.observation.expect(
            running.direction is Direction.FORWARD,
            expected=sentence("steps.scenario.replication", direction=way(Direction.FORWARD)),
            seen=self._scenario.told(running),
        )

    def replicate(self) -> None:
        if self.acts:
            self.run_forward()

    def enter(self) -> None:
        """What users have entered by then; the drill looks for it later."""
        if self.acts:
            self._garoon.await_response(LongWait.SWITCHOVER)
            self._garoon.log_in()
            self._garoon.marker = self._garoon.make_entry()

    def switch_over(self) -> None:
        if not self.acts or self._course.switched_over or self._on_replica():
            return
        self.replicate()
        self.enter()
        self._master_guest.expect_state(PowerState.RUNNING)
        self._scenario.switch_over()

    def work_on_replica(self) -> None:
        """The guest has been switched over, to the end, and users have gone on working."""
        if not self.acts or self._on_replica():
            return
        self.switch_over()
        self._replica_guest.await_state(PowerState.RUNNING, LongWait.SWITCHOVER)
        completed = sentence("steps.scenario.switchover_complete")
        self._scenario.event_view.await_kind("switchover_completed", completed, 15)
        self._garoon.await_response(LongWait.SWITCHOVER)
        self._garoon.make_entry()

    def run_again(self) -> None:
        scenario = self._scenario.now()
        if not self.acts or (scenario is not None and scenario.under_way(Direction.BACKWARD)):
            return
        self.work_on_replica()
        self._scenario.run()

    def replicate_in_reverse(self) -> None:
        if self.acts:
            self.run_again()
            self._scenario.await_state(ScenarioState.RUNNING)

    def switch_back(self) -> None:
        if self.acts and not self._course.switched_back:
            self.replicate_in_reverse()
            self._scenario.switch_over()
            self._course.switched_back = True

    def prepare_reboot(self, maintenance: Maintenance, role: HostRole) -> None:
        if self.acts and self._course.maintenance is None:
            self.replicate()
            self.enter()
            maintenance.begin(role)

    def start_test(self, test: IntegrityTest) -> None:
        """A manual one, once the replica host has what users have entered."""
        if self.acts and not test.under_way:
            self.replicate()
            self.enter()
            self._context.clock.sleep(CATCHING_UP)
            test.start(manual=True)
            self._scenario.event_view.await_message(TEST_READY, at_least(15, LongWait.SWITCHOVER))

    def _create(self, switchover: Initiation = Initiation.AUTOMATIC) -> None:
        self._wizard.plan = self._wizard.complete(switchover)
        self._wizard.create()

    def _on_replica(self) -> bool:
        there = self._replica_guest.now()
        return there is not None and there.running
