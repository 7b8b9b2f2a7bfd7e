"""Restoring the lab: what this drill has begun is undone, towards the state before it, and nothing else is touched."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from drills.course import Course
from drills.interruption import Held, UnderWay
from drills.nouns.guest import Guest
from drills.nouns.observed import Observed
from drills.nouns.scenario import Scenario
from drills.observation import Observation, Unmet, Writes
from drills.scenario_plan import complete_plan
from drills.telling import TELL_EVERY
from drills.wording import HOST_ROLE_TEXTS, SCENARIO_STATE_TEXTS, Text
from journal.entries import ActOutcome, Error, RestoreAct, RestoreWaiting
from lab.errors import Indeterminate, LabError, LeaseLost, NoResult, OperationRefused, Refused
from lab.model.faults import Fault
from lab.model.garoon import Marker
from lab.model.hosts import HostFacts, HostRole, rebooted
from lab.model.limits import LongWait, Within
from lab.model.machines import PowerState, StopMode, VirtualMachine
from lab.model.replication import Direction, ReplicationScenario, ScenarioState, SynchronizationMethod
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.model.undertakings import Change
from lab.model.whereabouts import Whereabouts
from lab.opening import Lab
from lab.ports import GaroonEntries
from lab.waiting import WhileBooting
from words import Explained, Term, Told, sentence, told

UNDER_WAY = {ScenarioState.RUNNING, ScenarioState.SYNCHRONIZING}
BEGINS_WITHIN = 600.0
"""Seconds after which a scenario that was run, and still is at rest, is not going to replicate by that command."""
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
RESUMED = "replication_resumed"
"""The profile's name for the event that ends a replica integrity test."""
MORE_ATTEMPTS = 2
BEFORE_ANOTHER_ATTEMPT = timedelta(seconds=15)
CUT_SHORT = Text("the operator cut the wait short", "運用担当者が待機を打ち切った")
NOT_BEGUN = Text("the operator asked a second time to stop", "運用担当者の再度の中止要求により未実行")
T = TypeVar("T")
MachineTest = Callable[[VirtualMachine | None], bool]
ScenarioTest = Callable[[ReplicationScenario | None], bool]


class CutShort(Exception):
    """The operator asked a second time to stop: waits end, and nothing more is begun."""


class Overtaken(Explained):
    """What is waited for can no longer come of what this drill has begun: others, or the product, went another way."""


class TakenOver(Explained):
    """Another run has taken the site over: what is left to undo is no longer this run's to undo."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the restoration: whether the drill has begun what it undoes, and what it does, if anything is left."""

    name: str
    due: bool
    do: Callable[[], bool]


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
    """Tracebacks of what was no error of the lab's, but of Kunren's own."""

    def acts(self) -> tuple[Act, ...]:
        """Those that may have something to undo; none where the drill has only asked."""
        guard, course = self.lab.safety.guard, self.course
        faults = bool(course.faults)
        moves = faults or guard.has_begun(Change.SWITCH_OVER)
        every = (
            Act("end the faults", faults, self._end_faults),
            Act("wait for the hosts to answer", faults or guard.has_begun(Change.RESTART_HOST), self._await_hosts),
            Act("end the replica integrity test", guard.has_begun(Change.START_TEST), self._end_integrity_test),
            Act("wait for the scenario to settle", faults or guard.has_begun(*OF_SCENARIO), self._settle),
            Act("end the host maintenance", guard.has_begun(Change.PREPARE_REBOOT), self._end_maintenance),
            Act("start the guest on the host it was moved to", moves, self._serve_away),
            Act("end the watch over the master host", faults, self._stop_watching),
            Act("end the split brain", Fault.LINE_CUT in course.faults, self._end_split_brain),
            Act("switch the guest back to the host it was on", moves, self._switch_back),
            Act("start the guest on the host it was on", faults or guard.has_begun(*OF_GUEST), self._start_guest),
            Act("take the guest off the other host's Hyper-V Manager", moves, self._clear_away),
            Act("remove the entries from Garoon", bool(course.markers), self._remove_entries),
            Act("return the replication scenario to its state", faults or guard.has_begun(*OF_SCENARIO), self._return),
        )
        return tuple(act for act in every if act.due)

    def run(self) -> None:
        """The proof is the comparison of states that follows, whatever came of the acts."""
        remaining = list(self.acts())
        while remaining:
            act = remaining.pop(0)
            if self.held.asked_again:
                self._leave([act, *remaining])
                return
            self.held.under_way = UnderWay(act.name, tuple(each.name for each in remaining))
            try:
                self._perform(act)
            except CutShort:
                self._leave(remaining)
                return
            except TakenOver as taken:
                leave_alone(remaining, taken, self.journal)
                return

    def _perform(self, act: Act) -> None:
        try:
            done = self._done(act)
        except CutShort:
            self._note(act, ActOutcome.FAILED, CUT_SHORT)
            raise
        except (LeaseLost, TakenOver) as error:
            self._note(act, ActOutcome.FAILED, error)
            raise TakenOver(error) from error
        except Overtaken as overtaken:
            leave_alone([act], overtaken, self.journal)
        except (LabError, Unmet) as error:
            self._note(act, ActOutcome.FAILED, error)
        except Exception as error:  # noqa: BLE001  # whatever broke, the acts after it are tried, and it is told
            self.defects.append(traceback.format_exc())
            self._note(act, ActOutcome.FAILED, sentence("errors.kunren", kind=type(error).__name__, error=told(error)))
        else:
            self._note(act, ActOutcome.DONE if done else ActOutcome.NEEDLESS)

    def _done(self, act: Act) -> bool:
        """Tries again where an answer could not be read or did not come: each act looks first at what is left."""
        for _ in range(MORE_ATTEMPTS):
            try:
                return act.do()
            except (LeaseLost, NoResult):
                raise
            except Indeterminate as error:
                if self.held.asked_again:
                    raise
                self.observation.note(sentence("restoration.again", act=Term("restore", act.name), error=error))
                self.lab.clock.sleep(BEFORE_ANOTHER_ATTEMPT)
        return act.do()

    def _leave(self, acts: Sequence[Act]) -> None:
        leave_alone(acts, NOT_BEGUN, self.journal)

    def _note(self, act: Act, outcome: ActOutcome, error: Told | None = None) -> None:
        self.journal.write(RestoreAct(act=act.name, outcome=outcome, error=Error("", error) if error else None))

    # -- hosts and faults ------------------------------------------------------------------------------------------

    def _end_faults(self) -> bool:
        """Also those a step has ended, which does no harm; then the master host answers again."""
        if self.lab.simulated is None:
            return False
        for fault in self.course.faults:
            self.lab.simulated.faults.end(fault)
        master = self._on(self.subject.master)
        self._await(
            master,
            lambda machine: machine is None or not machine.running or machine.healthy,
            Text(f"{master.host} answering, its guest at rest or well", f"{master.host} の応答とゲスト OS の正常化"),
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
        self._until(
            WhileBooting(host.facts, host.allow_login_again, self.lab.clock),
            holds,
            expected=Text(f"the {role.value} host up and answering", f"{HOST_ROLE_TEXTS[role].ja} ホストの応答"),
            seen=lambda facts: Text(f"started at {facts.boot_time}", f"起動時刻 {facts.boot_time}"),
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
            self._await(
                replica,
                lambda machine: machine is None,
                Text(f"no test guest on {replica.host}", f"{replica.host} にテスト用の仮想マシンがないこと"),
                LongWait.SWITCHOVER,
            )
            self.lab.clock.sleep(AFTER_A_TEST)
        raise NoResult(sentence("errors.drill.test_goes_on", scenario=self.subject.scenario))

    def _replication_has_resumed(self) -> bool:
        """Since the drill has last started or stopped a test."""
        return any(event.kind == RESUMED for event in self.lab.rha.replication.events(self.course.commanded_after))

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
        self._await(
            self.scenario,
            lambda scenario: scenario is None or scenario.settled,
            Text("the scenario at rest", "シナリオの処理の完了"),
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
        self._await_guest(self._away)
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

        The direction the scenario turned to is given up with the scenario itself.
        """
        here, there = self._both()
        if not self._turned() or not (here and here.running and there):
            return False
        if there.running:
            self._away.stop(StopMode.TURN_OFF)
        self.lab.rha.wizard.remove(self.subject.scenario)
        plan = self.course.plan or complete_plan(self._on(self.subject.master).now(), self.subject)
        self.lab.rha.wizard.create(plan)
        self._run()
        return True

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
        self._await_guest(self._away)
        scenario = self.scenario.now()
        if scenario is None or scenario.state not in UNDER_WAY:
            self.scenario.run()
        self._await_replication()
        self.look_round()
        self.scenario.send_switchover()
        self._await_switchback()
        self._await_state(
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

        self._await_guest(self._home, failed)

    def _start_guest(self) -> bool:
        """Only where it runs nowhere, and not an old copy of one that was switched over; one that boots is awaited."""
        before = self.before.machine(self._home.host, self.subject.guest)
        here, there = self._both()
        if self.stays or not (before and before.running) or (there and there.running):
            return False
        if here and here.running:
            if here.healthy or not before.healthy:
                return False
            self._await_guest(self._home)
            return True
        if self._turned() or self._last(*OF_GUEST) is Change.START_GUEST:
            return False
        self._await_end_of_shutdown()
        self._home.start()
        self._await_guest(self._home)
        return True

    def _await_end_of_shutdown(self) -> None:
        """Host maintenance that has been called off leaves its guest on the way down."""
        self._await(
            self._home,
            lambda machine: machine is None or machine.state is not PowerState.STOPPING,
            Text("a guest that has shut down", "仮想マシンのシャットダウンの完了"),
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
        return remove_entries(self.course, self.garoon)

    def _return(self) -> bool:
        """To the state before, where the drill's own last command has left it; what others did since is theirs."""
        before, now = self.before.scenario(self.subject.scenario), self.scenario.now()
        created = self.lab.safety.guard.has_begun(Change.CREATE_SCENARIO, subject=self.subject.scenario)
        if self.stays or now is None or (before is None and not created):
            return False
        if before and before.state is now.state and before.direction is now.direction:
            return False
        if before and before.state is ScenarioState.RUNNING:
            if now.state in UNDER_WAY or now.direction is not before.direction or self._stopped_by_others(now):
                return False
            self._run()
            return True
        return self._stop_or_remove(before, now)

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
        """The last of such changes that the drill or its restoration has begun."""
        return next((each.change for each in reversed(self.lab.safety.guard.begun) if each.change in changes), None)

    def _run(self) -> None:
        self.scenario.run()
        self._await_replication()

    def _stop(self) -> None:
        """Running it again meanwhile would cause another synchronisation."""
        self.scenario.stop()
        ran: ScenarioTest = _ended(lambda scenario: scenario is not None and scenario.state is ScenarioState.RUNNING)
        self._await_state(
            ScenarioState.STOPPED,
            LongWait.SWITCHOVER,
            lost=lambda scenario: scenario is None or (ran(scenario) and scenario.state is ScenarioState.SYNCHRONIZING),
        )

    # -- waiting ---------------------------------------------------------------------------------------------------

    def _await_replication(self) -> None:
        """Given up when it has been under way and is no more, such as after a stop by another person."""
        began = self.lab.clock.monotonic()
        over: ScenarioTest = _ended(lambda scenario: not _at_rest(scenario))
        self._await_state(
            ScenarioState.RUNNING,
            LongWait.SYNCHRONIZATION,
            lost=lambda scenario: (
                over(scenario) or (_at_rest(scenario) and self.lab.clock.monotonic() - began >= BEGINS_WITHIN)
            ),
        )

    def _await_guest(self, guest: Guest, lost: MachineTest = lambda _: False) -> None:
        """Given up also when it has run and runs no more, such as after a shutdown by another person."""
        ran: MachineTest = _ended(lambda machine: machine is not None and machine.running)
        self._await(
            guest,
            lambda machine: machine is not None and machine.healthy,
            Text(f"the guest running on {guest.host}", f"{guest.host} で仮想マシンが「実行中」"),
            LongWait.SWITCHOVER,
            lost=lambda machine: (ran(machine) and (machine is None or machine.at_rest)) or lost(machine),
        )

    def _await_state(self, state: ScenarioState, within: LongWait, *, lost: ScenarioTest) -> None:
        words = SCENARIO_STATE_TEXTS[state]
        self._await(
            self.scenario,
            lambda scenario: scenario is not None and scenario.state is state,
            Text(f"the scenario {words.en}", f"シナリオの状態が「{words.ja}」"),
            within,
            lost=lost,
        )

    def _await(
        self,
        noun: Observed[T],
        holds: Callable[[T], bool],
        expected: Text,
        within: Within,
        *,
        lost: Callable[[T], bool] = lambda _: False,
    ) -> None:
        self._until(noun.now, holds, expected=expected, seen=noun.told, within=within, lost=lost)

    def _until(
        self,
        look: Callable[[], T],
        holds: Callable[[T], bool],
        *,
        expected: Text,
        seen: Callable[[T], Text],
        within: Within,
        lost: Callable[[T], bool] = lambda _: False,
    ) -> T:
        """An observation that tells every 30 s what it waits for, and that a second request to stop ends.

        It ends at once, too, when what was looked at shows that it has been `lost`.
        """
        clock = self.lab.clock
        limit = self.observation.limits.resolve(within).total_seconds()
        began = told = clock.monotonic()
        doing = self.held.under_way or UnderWay("", ())
        doing.waits_for = expected

        def watched() -> T:
            nonlocal told
            if self.held.asked_again:
                raise CutShort
            if self.lab.safety.lease is not None and self.lab.safety.lease.lost:
                raise TakenOver(sentence("errors.lease.taken_over", lease=self.lab.safety.lease.lost))
            now = clock.monotonic()
            doing.left_s, doing.seen = round(max(0.0, began + limit - now)), time.monotonic()
            if now - told >= TELL_EVERY:
                told, doing.told = now, time.monotonic()
                left = timedelta(seconds=doing.left_s)
                self.journal.write(RestoreWaiting(act=doing.act, condition=doing.waits_for, left=left))
            found = look()
            if not holds(found) and lost(found):
                raise Overtaken(sentence("restoration.overtaken", expected=expected, seen=seen(found)))
            return found

        every = timedelta(seconds=15)
        try:
            return self.observation.until(watched, holds, expected=expected, seen=seen, within=within, every=every)
        finally:
            doing.waits_for = None


def _at_rest(scenario: ReplicationScenario | None) -> bool:
    return scenario is None or scenario.at_rest


def _ended(held: Callable[[T], bool]) -> Callable[[T], bool]:
    """Of looks in a row: whether what held at one of them holds no more."""
    before = False

    def ended(seen: T) -> bool:
        nonlocal before
        now = held(seen)
        over, before = before and not now, before or now
        return over

    return ended


def leave_alone(acts: Sequence[Act], because: Told, journal: Writes) -> None:
    for act in acts:
        journal.write(RestoreAct(act=act.name, outcome=ActOutcome.LEFT_ALONE, because=because))


def remove_entries(course: Course, garoon: GaroonEntries) -> bool:
    """Whether there were any. One that Garoon does not let go is no reason to leave the others."""
    refused: list[Refused] = []
    for marker in course.markers:
        try:
            garoon.remove_marker(marker)
        except Refused as error:
            refused.append(error)
    if refused:
        raise refused[0]
    return bool(course.markers)


def entries_left(course: Course, garoon: GaroonEntries) -> tuple[str, ...]:
    """Titles of what the drill has made, or may have, and what has not been seen to be gone."""
    return (*_not_gone(course, garoon), *course.unanswered)


def _not_gone(course: Course, garoon: GaroonEntries) -> Iterator[str]:
    for marker in course.markers:
        if not _seen_gone(marker, garoon):
            yield marker.title


def _seen_gone(marker: Marker, garoon: GaroonEntries) -> bool:
    try:
        return garoon.find_marker(marker) != marker.title
    except LabError:
        return False
