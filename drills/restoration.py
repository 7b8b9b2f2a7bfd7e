"""Restoring the lab: what this drill has begun is undone, towards the state before it, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from drills.acts import Act, ActName, ActRunner
from drills.course import Course
from drills.interruption import Held
from drills.nouns.guest import Guest
from drills.nouns.scenario import Scenario
from drills.nouns.wizard import complete_plan
from drills.observation import Observation, Writes
from drills.vendor import REPLICA_HOST, TEST_ENDED
from drills.waits import RestorationWaits, ScenarioTest, ended
from drills.wording import host_role
from lab.errors import Contradicted, LabError, NoResult, OperationRefused
from lab.model.faults import Fault
from lab.model.hosts import HostFacts, HostRole, rebooted
from lab.model.limits import LongWait
from lab.model.machines import PowerState, StopMode, VirtualMachine
from lab.model.replication import Direction, ReplicationScenario, ScenarioState, SynchronizationMethod
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.model.whereabouts import Whereabouts
from lab.opening import Lab
from lab.ports import GaroonEntries
from lab.waiting import WhileBooting
from words import sentence

UNDER_WAY = {ScenarioState.RUNNING, ScenarioState.SYNCHRONIZING}
OF_SCENARIO = (
    Change.CREATE_SCENARIO,
    Change.RUN_SCENARIO,
    Change.STOP_SCENARIO,
    Change.SWITCH_OVER,
    Change.PREPARE_REBOOT,
    Change.RESTART_HOST,
    Change.START_TEST,
)
OF_GUEST = (Change.STOP_GUEST, Change.START_GUEST, Change.SWITCH_OVER, Change.PREPARE_REBOOT, Change.RESTART_HOST)
STOPS_OF_A_TEST = 12
AFTER_A_TEST = timedelta(seconds=5)
"""Until replication goes on after the test guest has gone, the product still takes the command to end the test."""
RESUMES_WITHIN = timedelta(minutes=5)
"""For people, as in the guide's own step."""
RESUMED = "replication_resumed"
"""The profile's name for the event that ends a replica integrity test."""


@dataclass(kw_only=True)
class Restoration:
    """The acts that undo what the drill has begun; each looks first, and none keeps the next from being tried.

    With `stay` a guest that the drill has moved, and that runs well where it is now, remains there.
    """

    lab: Lab
    subject: Subject
    before: LabState
    whereabouts: Whereabouts
    course: Course
    guests: Collection[Guest]
    """Garoon's virtual machine on either host."""
    scenario: Scenario
    """Commanded whatever the business hours."""
    garoon: GaroonEntries
    observation: Observation
    journal: Writes
    look_round: Callable[[], None]
    held: Held
    stay: bool = False
    stays: bool = field(default=False, init=False)
    """The guest remains where the drill has moved it."""
    defects: list[str] = field(default_factory=list, init=False)
    """Tracebacks of defects of Kunren's own."""

    def acts(self, *, certain: bool = False) -> tuple[Act, ...]:
        """Those that may have something to undo; `certain` if what may not have been begun is left out.

        None where the drill has only asked.
        """
        guard, course = self.lab.safety.guard, self.course
        begun = partial(guard.has_begun, certain=certain)
        faults = bool(course.faults) and not (certain and guard.doubts(Change.INJECT_FAULT))
        moves = faults or begun(Change.SWITCH_OVER)
        every = (
            Act(ActName.END_FAULTS, faults, self._end_faults),
            Act(ActName.AWAIT_HOSTS, faults or begun(Change.RESTART_HOST), self._await_hosts),
            Act(ActName.END_TEST, begun(Change.START_TEST), self._end_integrity_test),
            Act(ActName.SETTLE, faults or begun(*OF_SCENARIO), self._settle),
            Act(ActName.END_MAINTENANCE, begun(Change.PREPARE_REBOOT), self._end_maintenance),
            Act(ActName.SERVE_AWAY, moves, self._serve_away),
            Act(ActName.STOP_WATCHING, faults, self._stop_watching),
            Act(ActName.END_SPLIT_BRAIN, Fault.LINE_CUT in course.faults, self._end_split_brain),
            Act(ActName.SWITCH_BACK, moves, self._switch_back),
            Act(ActName.START_GUEST, faults or begun(*OF_GUEST), self._start_guest),
            Act(ActName.CLEAR_AWAY, moves, self._clear_away),
            Act(ActName.REMOVE_ENTRIES, course.entered, self._remove_entries),
            Act(ActName.RETURN_SCENARIO, faults or begun(*OF_SCENARIO), self._return),
        )
        return tuple(act for act in every if act.due)

    def run(self, acts: Sequence[Act]) -> None:
        runner = ActRunner(
            clock=self.lab.clock,
            observation=self.observation,
            journal=self.journal,
            held=self.held,
            defects=self.defects,
        )
        runner.run(acts)

    @property
    def _waits(self) -> RestorationWaits:
        return RestorationWaits(lab=self.lab, observation=self.observation, journal=self.journal, held=self.held)

    # -- hosts and faults ------------------------------------------------------------------------------------------

    def _end_faults(self) -> bool:
        """Those that no step has ended; then the master host answers again."""
        if self.lab.faults is None:
            return False
        for fault in self.course.faults:
            if fault not in self.course.faults_ended:
                self.lab.faults.end(fault)
        master = self._on(self.subject.master)
        self._waits.on(
            master,
            lambda machine: machine is None or not machine.running or machine.healthy,
            sentence("restoration.master_answers", host=master.host),
            LongWait.SWITCHOVER,
        )
        return True

    def _await_hosts(self) -> bool:
        """One that the drill has rebooted, or robbed of its power, may be on its way down or up."""
        reboot = self.course.reboot
        if reboot is not None and not reboot.over:
            self._await_answer(reboot.role, lambda facts: rebooted(reboot.before, facts) is True)
            return True
        down = [role for role in HostRole if not self._answers(role)]
        for role in down:
            self._await_answer(role, lambda _: True)
        return bool(down)

    def _answers(self, role: HostRole) -> bool:
        try:
            self.lab.hosts[role].windows.facts()
        except LabError:
            return False
        return True

    def _await_answer(self, role: HostRole, holds: Callable[[HostFacts], bool]) -> None:
        host = self.lab.hosts[role].windows
        self._waits.until(
            WhileBooting(host.facts, host.allow_login_again, self.lab.clock),
            holds,
            expected=sentence("restoration.host_of_role_answers", role=host_role(role)),
            seen=lambda facts: sentence("steps.host.started_at", boot_time=facts.boot_time),
            within=LongWait.REBOOT,
        )

    def _end_maintenance(self) -> bool:
        """The vendor's way out of a preparation that no reboot follows: stop the scenarios, and run them again."""
        maintenance = self.course.maintenance
        if maintenance is None or maintenance.completed:
            return False
        for name in maintenance.figures:
            scenario = self.lab.rha.replication.scenario(name)
            if scenario is not None and scenario.state is ScenarioState.RUNNING:
                self.lab.rha.restoring.stop(name)
                if name != self.subject.scenario:
                    self.lab.rha.restoring.run(name, SynchronizationMethod.BLOCK)
        return True

    # -- the replica integrity test --------------------------------------------------------------------------------

    def _end_integrity_test(self) -> bool:
        """The drill's own, to its very end: until replication goes on the scenario takes no command.

        A guest that is there although the drill's own test has ended, or although the scenario has turned, is no part
        of that test.
        """
        replica = self._on(self.subject.replica)
        there = replica.now()
        if self._turned() or (there is not None and not self.course.test_under_way):
            return False
        if there is None and self._replication_has_resumed():
            return False
        for _ in range(STOPS_OF_A_TEST):
            if self._no_test_to_stop():
                return True
            self._waits.on(
                replica,
                lambda machine: machine is None,
                sentence("restoration.no_test_guest", host=replica.host),
                LongWait.SWITCHOVER,
            )
            self.lab.clock.sleep(AFTER_A_TEST)
            if self._resumes():
                return True
        raise NoResult(sentence("errors.drill.test_goes_on", scenario=self.subject.scenario))

    def _replication_has_resumed(self) -> bool:
        """Since the drill has last started or stopped a test."""
        return any(event.kind == RESUMED for event in self.lab.rha.replication.events(self.course.commanded_after))

    def _resumes(self) -> bool:
        """People look for it once, rather than being asked again at every look to end a test that is over."""
        message = TEST_ENDED.replace(REPLICA_HOST, self.subject.replica)
        with self.observation.looking(sentence("steps.events.event", message=message), RESUMES_WITHIN):
            return self._replication_has_resumed()

    def _no_test_to_stop(self) -> bool:
        """Commands the end of the test; when that is refused, it has ended and replication goes on."""
        try:
            self.lab.rha.assured_recovery.stop(self.subject.scenario)
        except OperationRefused:
            return True
        return False

    # -- where the guest runs --------------------------------------------------------------------------------------

    @property
    def _home(self) -> Guest:
        """On the host it ran on before."""
        return self._on(self.whereabouts.home)

    @property
    def _away(self) -> Guest:
        """On the other host."""
        return next(each for each in self.guests if each.host != self.whereabouts.home)

    def _on(self, host: str) -> Guest:
        return next(each for each in self.guests if each.host == host)

    @property
    def _homeward(self) -> Direction:
        """The direction of the scenario while the guest runs at home."""
        return Direction.FORWARD if self.whereabouts.home == self.subject.master else Direction.BACKWARD

    def _both(self) -> tuple[VirtualMachine | None, VirtualMachine | None]:
        """The guest at home, and away."""
        return self._home.now(), self._away.now()

    def _turned(self) -> bool:
        scenario = self.scenario.now()
        return scenario is not None and scenario.direction is not self._homeward

    def _moved_by_drill(self) -> bool:
        return bool(self.course.faults) or self.whereabouts.moved_by_drill

    def _settle(self) -> bool:
        scenario = self.scenario.now()
        if scenario is None or scenario.settled:
            return False
        self._waits.on(
            self.scenario,
            lambda scenario: scenario is None or scenario.settled,
            sentence("restoration.scenario_settled"),
            LongWait.SYNCHRONIZATION,
        )
        self.look_round()
        return True

    def _serve_away(self) -> bool:
        """A switched-over guest has its newest disk on the other host, and starts nowhere else.

        One that boots is awaited, since a scenario is not run before its guest answers.
        """
        here, there = self._both()
        if (here and here.running) or there is None or not self._turned():
            return False
        if not there.running:
            if self.whereabouts.moved_by_others:
                return False
            self._away.start()
        elif there.healthy:
            return False
        self._waits.for_guest(self._away)
        self.look_round()
        return True

    def _stop_watching(self) -> bool:
        """A countdown that still runs would move the guest while it is being restored."""
        scenario = self.scenario.now()
        if scenario is None or scenario.state is not ScenarioState.RUNNING:
            return False
        self._stop()
        return True

    def _end_split_brain(self) -> bool:
        """Only one that the drill's own cut of the line has made: the guest at home stays, as users were there.

        The direction the scenario turned to is given up with the scenario itself; one that an earlier attempt has
        removed, and not created again, is created here.
        """
        here, there = self._both()
        removed = self._removed_by_drill()
        if not (removed or self._turned()) or not (here and here.running and there):
            return False
        if there.running:
            self._away.stop(StopMode.TURN_OFF)
        if not removed:
            self.lab.rha.wizard.remove(self.subject.scenario)
        plan = self.course.plan or complete_plan(self._on(self.subject.master).now(), self.subject)
        self.lab.rha.wizard.create(plan)
        self._run()
        return True

    def _removed_by_drill(self) -> bool:
        """The scenario was there before the drill, which has removed it."""
        was_there = self.before.scenario(self.subject.scenario) is not None
        return was_there and self.lab.safety.guard.has_begun(Change.REMOVE_SCENARIO) and self.scenario.now() is None

    def _switch_back(self) -> bool:
        """Guide 5-1 and 5-2: replicate in reverse, then switch over again. Only where the drill has moved the guest."""
        self._settle()
        here, there = self._both()
        if not self._moved_by_drill():
            self.look_round()  # the look that would have shown the move may have failed
        if not (there and there.running) or (here and here.running) or not self._moved_by_drill():
            return False
        if self.stay and there.healthy:
            self.stays = True
            return False
        self._waits.for_guest(self._away)
        scenario = self.scenario.now()
        if scenario is None or scenario.state not in UNDER_WAY:
            self.scenario.run()
        self._waits.for_replication(self.scenario)
        self.look_round()
        try:
            self.scenario.send_switchover()
        except Contradicted as begun:
            self.observation.note(begun)
        self._await_switchback()
        self._waits.for_state(
            self.scenario,
            ScenarioState.STOPPED,
            LongWait.SWITCHOVER,
            lost=lambda scenario: scenario is None or (scenario.state in UNDER_WAY and not self._turned()),
        )
        self.look_round()
        return True

    def _await_switchback(self) -> None:
        """Given up when the switchover has ended where it began; the scenario is asked while the guest is not home."""
        under_way = False

        def failed(_: VirtualMachine | None) -> bool:
            nonlocal under_way
            scenario = self.scenario.now()
            before, under_way = under_way, scenario is not None and scenario.state is ScenarioState.SWITCHING_OVER
            return before and not under_way and (scenario is None or scenario.direction is not self._homeward)

        self._waits.for_guest(self._home, failed)

    def _start_guest(self) -> bool:
        """Only where it runs nowhere, and not an old copy of one that was switched over; one that boots is awaited."""
        before = self.before.machine(self._home.host, self.subject.guest)
        here, there = self._both()
        if self.stays or not (before and before.running) or (there and there.running):
            return False
        if here and here.running:
            if here.healthy or not before.healthy:
                return False
            self._waits.for_guest(self._home)
            return True
        if self._turned() or self._last(*OF_GUEST) is Change.START_GUEST:
            return False
        self._await_end_of_shutdown()
        self._home.start()
        self._waits.for_guest(self._home)
        return True

    def _await_end_of_shutdown(self) -> None:
        """Host maintenance that has been called off leaves its guest on the way down."""
        self._waits.on(
            self._home,
            lambda machine: machine is None or machine.state is not PowerState.STOPPING,
            sentence("restoration.guest_off"),
            LongWait.SWITCHOVER,
        )

    def _clear_away(self) -> bool:
        """A switchback leaves the guest registered there, off; running the scenario clears it (5-1.N3b, mirrored)."""
        before = self.before.machine(self._away.host, self.subject.guest)
        here, there = self._both()
        if self.stays or before or there is None or there.running or not (here and here.running) or self._turned():
            return False
        if self.scenario.now() is None:
            return False
        self._run()
        return True

    # -- Garoon, and the scenario ----------------------------------------------------------------------------------

    def _remove_entries(self) -> bool:
        return self.course.remove_entries(self.garoon)

    def _return(self) -> bool:
        """To the state before, where the drill's own last command has left it; what others did since is theirs."""
        before, now = self.before.scenario(self.subject.scenario), self.scenario.now()
        created = self.lab.safety.guard.has_begun(Change.CREATE_SCENARIO, subject=self.subject.scenario)
        if self.stays or now is None or (before is None and not created) or self._is_still_away():
            return False
        if before and before.state is now.state and before.direction is now.direction:
            return False
        if before and before.state is ScenarioState.RUNNING:
            if now.state in UNDER_WAY or now.direction is not before.direction or self._stopped_by_others(now):
                return False
            self._run()
            return True
        return self._stop_or_remove(before, now)

    def _is_still_away(self) -> bool:
        """Where the guest could not be brought back, the scenario is its only way home."""
        here, there = self._both()
        return bool(there and there.running) and not (here and here.running) and self._moved_by_drill()

    def _stop_or_remove(self, before: ReplicationScenario | None, now: ReplicationScenario) -> bool:
        if now.state in UNDER_WAY:
            if before and self._last(*OF_SCENARIO) is Change.STOP_SCENARIO:
                return False
            self._stop()
        if before is None:
            self.lab.rha.wizard.remove(self.subject.scenario)
        return True

    def _stopped_by_others(self, now: ReplicationScenario) -> bool:
        return now.settled and self._last(*OF_SCENARIO) is Change.RUN_SCENARIO

    def _last(self, *changes: Change) -> Change | None:
        """The last of such changes that was begun; not what was in flight when the run died."""
        begun = (each for each in reversed(self.lab.safety.guard.begun) if each is not self.course.in_flight)
        return next((each.change for each in begun if each.change in changes), None)

    def _run(self) -> None:
        self.scenario.run()
        self._waits.for_replication(self.scenario)

    def _stop(self) -> None:
        """Running it again meanwhile would cause another synchronisation."""
        self.scenario.stop()
        ran: ScenarioTest = ended(lambda scenario: scenario is not None and scenario.state is ScenarioState.RUNNING)
        self._waits.for_state(
            self.scenario,
            ScenarioState.STOPPED,
            LongWait.SWITCHOVER,
            lost=lambda scenario: scenario is None or (ran(scenario) and scenario.state is ScenarioState.SYNCHRONIZING),
        )
