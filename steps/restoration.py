"""Putting the lab back: whatever a drill left, step by step from what is seen, never from what was intended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from lab.errors import ConnectionLost, HostUnreachable, LabError, OperationRefused, Refused, ScriptTimedOut
from lab.model.garoon import Marker
from lab.model.hosts import HostFacts, HostRole
from lab.model.incidents import Incident
from lab.model.machines import PowerState, StopMode
from lab.model.replication import Direction, ScenarioState, SynchronizationMethod
from lab.model.state import LabState
from lab.model.subject import Subject
from lab.ports import AssuredRecovery, GaroonEntries, HyperV, Incidents, Replication, ScenarioWizard, Windows
from steps.course import Course
from steps.observation import Observation, Unmet, Writes
from steps.rebooting import started
from steps.replication import SYNCHRONIZATION_LIMIT, await_state
from steps.wizard import complete_plan
from steps.wording import HOST_ROLE_TEXTS, Text, machine_text, scenario_text

SETTLED = {ScenarioState.EDITING, ScenarioState.RUNNING, ScenarioState.STOPPED}
REBOOT_LIMIT = timedelta(minutes=30)
SWITCHOVER_LIMIT = timedelta(minutes=25)


class Restoration:
    """The acts that lead back to `before`. Each looks first, and one that fails does not keep the next from trying."""

    def __init__(
        self,
        *,
        before: LabState,
        subject: Subject,
        windows: Mapping[HostRole, Windows],
        master: HyperV,
        replica: HyperV,
        replication: Replication,
        wizard: ScenarioWizard,
        incidents: Incidents | None,
        assured_recovery: AssuredRecovery,
        garoon: GaroonEntries,
        observation: Observation,
        journal: Writes,
        look_round: Callable[[], None],
    ) -> None:
        self._before = before
        self._subject = subject
        self._windows = windows
        self._master = master
        self._replica = replica
        self._replication = replication
        self._wizard = wizard
        self._incidents = incidents
        self._assured_recovery = assured_recovery
        self._garoon = garoon
        self._observation = observation
        self._journal = journal
        self._look_round = look_round

    def run(self, course: Course) -> bool:
        """Whether every act succeeded; the proof is the comparison of states that follows."""
        acts: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("end the incidents", lambda: self._end_incidents(course)),
            ("wait for both hosts to answer", lambda: self._await_hosts(course)),
            ("end the replica integrity test", lambda: self._end_integrity_test(course)),
            ("wait for the scenario to settle", self._settle),
            ("end the host maintenance that was begun", lambda: self._end_maintenance(course)),
            ("start the switched-over guest on the replica host", self._start_on_replica),
            ("end the watch over the master host", lambda: self._stop_watching(course)),
            ("end the split brain", lambda: self._end_split_brain(course)),
            ("switch the guest back to the master host", self._switch_back),
            ("start the guest on the master host", self._start_guest),
            ("take the guest off the replica's Hyper-V Manager", self._clear_replica),
            ("take the entries out of Garoon", lambda: remove_entries(course, self._garoon)),
            ("bring the replication scenario to its former state", self._restore_scenario),
        )
        outcomes = [self._act(name, act) for name, act in acts]
        return all(outcomes)

    def _act(self, name: str, act: Callable[[], bool]) -> bool:
        """Runs one act; `act` tells whether there was anything to do."""
        try:
            done = act()
        except (LabError, Unmet) as error:
            self._journal.write("restore.act", act=name, outcome="failed", error=str(error))
            return False
        self._journal.write("restore.act", act=name, outcome="done" if done else "nothing to do")
        return True

    def _end_incidents(self, course: Course) -> bool:
        """Also those a step has ended, which does no harm; then the master host answers again."""
        if self._incidents is None or not course.incidents:
            return False
        for incident in course.incidents:
            self._incidents.end(incident)
        host = self._subject.master
        self._observation.until(
            lambda: self._master.machine(self._subject.guest),
            lambda machine: machine is None or not machine.running or machine.healthy,
            expected=Text(f"{host} answering, its guest at rest or well", f"{host} の応答とゲスト OS の正常化"),
            seen=lambda machine: machine_text(machine, host),
            within=SWITCHOVER_LIMIT,
            every=timedelta(seconds=15),
        )
        return True

    def _stop_watching(self, course: Course) -> bool:
        """A countdown that still runs would move the guest while it is being put back."""
        scenario = self._replication.scenario(self._subject.scenario)
        if not course.incidents or scenario is None or scenario.state is not ScenarioState.RUNNING:
            return False
        self._replication.stop(self._subject.scenario)
        await_state(ScenarioState.STOPPED, self._replication, self._subject, self._observation, SWITCHOVER_LIMIT)
        return True

    def _end_split_brain(self, course: Course) -> bool:
        """Only one that the drill's own cut of the line has made: the guest on the master stays, as users were there.

        The direction the scenario turned to is given up with the scenario itself.
        """
        name = self._subject.guest
        scenario = self._replication.scenario(self._subject.scenario)
        here, there = (hyperv.machine(name) for hyperv in (self._master, self._replica))
        turned = scenario is not None and scenario.direction is Direction.BACKWARD
        if Incident.LINE_CUT not in course.incidents or not turned or not (here and here.running and there):
            return False
        if there.running:
            self._replica.stop(name, StopMode.TURN_OFF)
        self._wizard.remove(self._subject.scenario)
        self._wizard.create(course.plan or complete_plan(self._master, self._subject))
        self._run_forward()
        return True

    def _await_hosts(self, course: Course) -> bool:
        """A host may be on its way down or up: rebooted by the drill, or by itself."""
        reboot = course.reboot
        if reboot is not None and not reboot.over:
            self._await_answer(reboot.role, lambda facts: started(facts) > reboot.commanded_at)
            return True
        down = [role for role in HostRole if not self._answers(role)]
        for role in down:
            self._await_answer(role, lambda _: True)
        return bool(down)

    def _answers(self, role: HostRole) -> bool:
        try:
            self._windows[role].facts()
        except (HostUnreachable, ConnectionLost, ScriptTimedOut):
            return False
        return True

    def _await_answer(self, role: HostRole, holds: Callable[[HostFacts], bool]) -> None:
        self._observation.until(
            self._windows[role].facts,
            holds,
            expected=Text(f"the {role.value} host up and answering", f"{HOST_ROLE_TEXTS[role].ja} ホストの応答"),
            seen=lambda facts: Text(f"started at {facts.boot_time}", f"起動時刻 {facts.boot_time}"),
            within=REBOOT_LIMIT,
            every=timedelta(seconds=15),
        )

    def _end_maintenance(self, course: Course) -> bool:
        """The vendor's way out of a preparation that no reboot follows: stop the scenarios, and run them again."""
        maintenance = course.maintenance
        if maintenance is None or maintenance.completed:
            return False
        for name in maintenance.scenarios:
            scenario = self._replication.scenario(name)
            if scenario is not None and scenario.state is ScenarioState.RUNNING:
                self._replication.stop(name)
                if name != self._subject.scenario:
                    self._replication.run(name, SynchronizationMethod.BLOCK)
        return True

    def _end_integrity_test(self, course: Course) -> bool:
        """The drill's own, even where it has taken the guest on the master down; else what runs twice is a test's.

        A drill that has cut the line between the hosts has a guest on both of them without any test.
        """
        guest, host = self._subject.guest, self._subject.replica
        here, there = self._master.machine(guest), self._replica.machine(guest)
        twice = here is not None and here.running and there is not None and there.state is not PowerState.OFF
        tested = twice or (course.integrity_test.under_way and there is not None)
        if not tested or Incident.LINE_CUT in course.incidents or self._before.machine(host, guest):
            return False
        self._observation.until(
            lambda: (self._no_test_to_stop(), self._replica.machine(guest)),
            lambda seen: seen == (True, None),
            expected=Text(f"no test guest on {host}", f"{host} にテスト用の仮想マシンがないこと"),
            seen=lambda seen: machine_text(seen[1], host),
            within=SWITCHOVER_LIMIT,
        )
        return True

    def _no_test_to_stop(self) -> bool:
        """Asks for the end of the test; when that is refused, it has ended and replication goes on."""
        try:
            self._assured_recovery.stop(self._subject.scenario)
        except OperationRefused:
            return True
        return False

    def _settle(self) -> bool:
        scenario = self._replication.scenario(self._subject.scenario)
        if scenario is None or scenario.state in SETTLED:
            return False
        self._observation.until(
            lambda: self._replication.scenario(self._subject.scenario),
            lambda scenario: scenario is None or scenario.state in SETTLED,
            expected=Text("the scenario at rest", "シナリオの処理が落ち着いていること"),
            seen=scenario_text,
            within=SYNCHRONIZATION_LIMIT,
            every=timedelta(seconds=15),
        )
        return True

    def _switch_back(self) -> bool:
        """Guide 5-1 and 5-2: replicate in reverse, then switch over again."""
        if not self._moved_to_replica():
            return False
        name = self._subject.scenario
        scenario = self._replication.scenario(name)
        if scenario is None or scenario.state is not ScenarioState.RUNNING:
            self._replication.run(name, SynchronizationMethod.BLOCK)
        await_state(ScenarioState.RUNNING, self._replication, self._subject, self._observation, SYNCHRONIZATION_LIMIT)
        self._look_round()
        self._replication.switch_over(name, run_reverse=False)
        self._await_guest(self._master, SWITCHOVER_LIMIT)
        await_state(ScenarioState.STOPPED, self._replication, self._subject, self._observation, SWITCHOVER_LIMIT)
        self._look_round()
        return True

    def _switched_over(self) -> bool:
        scenario = self._replication.scenario(self._subject.scenario)
        return scenario is not None and scenario.direction is Direction.BACKWARD

    def _start_on_replica(self) -> bool:
        """A switched-over guest that is off has its newest disk on the replica host, and starts nowhere else."""
        name = self._subject.guest
        here, there = (hyperv.machine(name) for hyperv in (self._master, self._replica))
        if (here and here.running) or there is None or there.running or not self._switched_over():
            return False
        self._replica.start(name)
        self._await_guest(self._replica, SWITCHOVER_LIMIT)
        return True

    def _clear_replica(self) -> bool:
        """A switchback leaves the guest registered there, off; running forward takes it off (5-1.N3b, mirrored)."""
        name = self._subject.guest
        before, there = self._before.machine(self._subject.replica, name), self._replica.machine(name)
        here = self._master.machine(name)
        if before or there is None or there.running or not (here and here.running) or self._switched_over():
            return False
        if self._replication.scenario(self._subject.scenario) is None:
            return False
        self._run_forward()
        return True

    def _moved_to_replica(self) -> bool:
        here, there = (hyperv.machine(self._subject.guest) for hyperv in (self._master, self._replica))
        return bool(there and there.running) and not (here and here.running)

    def _start_guest(self) -> bool:
        """Only where it runs nowhere, and no old copy of one that was switched over; one that boots is waited for."""
        before = self._before.machine(self._subject.master, self._subject.guest)
        here, there = (hyperv.machine(self._subject.guest) for hyperv in (self._master, self._replica))
        if not (before and before.running) or (there and there.running):
            return False
        if here and here.running:
            if here.healthy or not before.healthy:
                return False
            self._await_guest(self._master, SWITCHOVER_LIMIT)
            return True
        if self._switched_over():
            return False
        self._await_end_of_shutdown()
        self._master.start(self._subject.guest)
        self._await_guest(self._master, SWITCHOVER_LIMIT)
        return True

    def _await_end_of_shutdown(self) -> None:
        """Host maintenance that has been called off leaves its guest on the way down."""
        self._observation.until(
            lambda: self._master.machine(self._subject.guest),
            lambda machine: machine is None or machine.state is not PowerState.STOPPING,
            expected=Text("a guest that has shut down", "仮想マシンのシャットダウンの完了"),
            seen=lambda machine: machine_text(machine, self._subject.master),
            within=SWITCHOVER_LIMIT,
        )

    def _restore_scenario(self) -> bool:
        before = self._before.scenario(self._subject.scenario)
        now = self._replication.scenario(self._subject.scenario)
        if now is None or (before and before.state is now.state and before.direction is now.direction):
            return False
        if before and before.state is ScenarioState.RUNNING and before.direction is Direction.FORWARD:
            self._run_forward()
            return True
        if now.state in {ScenarioState.RUNNING, ScenarioState.SYNCHRONIZING}:
            self._replication.stop(self._subject.scenario)
            await_state(ScenarioState.STOPPED, self._replication, self._subject, self._observation, SWITCHOVER_LIMIT)
        if before is None:
            self._wizard.remove(self._subject.scenario)
        return True

    def _run_forward(self) -> None:
        self._replication.run(self._subject.scenario, SynchronizationMethod.BLOCK)
        await_state(ScenarioState.RUNNING, self._replication, self._subject, self._observation, SYNCHRONIZATION_LIMIT)

    def _await_guest(self, hyperv: HyperV, within: timedelta) -> None:
        host = hyperv.host
        self._observation.until(
            lambda: hyperv.machine(self._subject.guest),
            lambda machine: machine is not None and machine.state is PowerState.RUNNING and machine.healthy,
            expected=Text(f"the guest running on {host}", f"{host} で仮想マシンが「実行中」"),
            seen=lambda machine: machine_text(machine, host),
            within=within,
            every=timedelta(seconds=15),
        )


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
    return (*(marker.title for marker in course.markers if not _seen_gone(marker, garoon)), *course.unanswered)


def _seen_gone(marker: Marker, garoon: GaroonEntries) -> bool:
    try:
        return garoon.find_marker(marker) != marker.title
    except LabError:
        return False
