"""Is Alive (guide 1-3 and 4-2): the standby host watches the active one, and counts down while it is at fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from lab.model.hosts import HYPERV_SERVICE
from lab.model.machines import PowerState
from lab.model.replication import Initiation, ScenarioState
from lab.simulator import faults
from lab.simulator.hosts import Registration
from lab.simulator.hyperv import HyperV
from lab.simulator.scenarios import ScenarioRecord
from lab.simulator.timeline import Appointment
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from lab.simulator.world import World


class Fault(Enum):
    """What the watch looks at, outside in; the value is how the event view calls it."""

    MANAGEMENT_OS = "管理 OS"
    HYPERV_SERVICE = "Hyper-V サービス"
    GUEST = "ゲスト OS"


class Watch:
    """One scenario's Is Alive checks, a heartbeat apart, until `stop`. Called while the world is acting.

    `report` writes an event of the profile; `switch_over` is called when the countdown has run out and switchover
    starts by itself.
    """

    def __init__(
        self,
        world: World,
        record: ScenarioRecord,
        *,
        report: Callable[..., None],
        switch_over: Callable[[], None],
    ) -> None:
        self._world = world
        self._hyperv = HyperV(world)
        self._record = record
        self._report = report
        self._switch_over = switch_over
        self._deadline: datetime | None = None
        self._expired = False
        self._attempts = 0
        self._next: Appointment | None = None

    def begin(self) -> None:
        self._next = self._world.later(self._world.settings.heartbeat_interval, self._check)

    def stop(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    @property
    def alarmed(self) -> bool:
        """Whether it counts down, or has done so in vain."""
        return self._deadline is not None

    def _fault(self) -> Fault | None:
        """What is wrong with the active host; of several, the outermost."""
        active = self._record.active
        misbehaves = self._world.misbehaves
        if not active.powered or self._record.master.cut_off or self._record.replica.cut_off:
            return None if misbehaves(faults.HOST_NOT_WATCHED) else Fault.MANAGEMENT_OS
        if not active.service_runs(HYPERV_SERVICE):
            return None if misbehaves(faults.HYPERV_SERVICE_NOT_WATCHED) else Fault.HYPERV_SERVICE
        if not all(map(self._answers, self._guests())):
            return Fault.GUEST
        return None

    def _answers(self, registration: Registration) -> bool:
        if self._world.misbehaves(faults.GUEST_OS_NOT_WATCHED):
            return registration.state is PowerState.RUNNING
        return registration.healthy

    def _guests(self) -> list[Registration]:
        registrations = self._record.active.registrations
        return [registrations[guest] for guest in self._record.plan.guests if guest in registrations]

    # A heartbeat ----------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self.begin()
        if self._record.state is not ScenarioState.RUNNING or not self._record.standby.powered:
            return
        fault = self._fault()
        if fault is None:
            if self._deadline is not None and not self._goes_on_regardless():
                self._call_off()
                return
            if self._deadline is None:
                return
        elif self._deadline is None:
            self._count_down_from(fault)
        if fault is Fault.GUEST:
            self._try_to_start_guests()
        self._count()

    def _goes_on_regardless(self) -> bool:
        return self._world.misbehaves(faults.SWITCHOVER_NOT_CALLED_OFF) and not self._expired

    def _count_down_from(self, fault: Fault) -> None:
        self._deadline = self._world.now() + self._timeout()
        self._report("master_fault_detected", self._record.name, host=self._record.active.name, detail=fault.value)

    def _timeout(self) -> timedelta:
        settings = self._world.settings
        return settings.heartbeat_interval if self._world.misbehaves(faults.COUNTDOWN_CUT_SHORT) else settings.timeout

    def _count(self) -> None:
        if self._deadline is None or self._expired:
            return
        left = self._deadline - self._world.now()
        if left > timedelta():
            self._report("switchover_countdown", self._record.name, detail=f"残り {round(left.total_seconds())} 秒")
        else:
            self._expire()

    def _try_to_start_guests(self) -> None:
        """Neither the number of attempts nor the time between them is in any source."""
        manual = self._record.plan.switchover is Initiation.MANUAL
        if self._attempts >= self._world.settings.guest_start_attempts or self._expired:
            return
        if self._world.misbehaves(faults.GUEST_NOT_STARTED_AGAIN):
            return
        if manual and self._world.misbehaves(faults.NO_ATTEMPT_WHEN_MANUAL):
            return
        self._attempts += 1
        for registration in self._guests():
            if registration.healthy:
                continue
            self._report("guest_start_attempted", self._record.name, detail=registration.guest.name)
            try:
                self._hyperv.start(registration.guest.name, registration.host)
            except (AlreadyInState, HyperVRefusal) as refusal:
                self._report("guest_start_failed", self._record.name, detail=str(refusal))

    def _call_off(self) -> None:
        self._deadline = None
        self._expired = False
        self._attempts = 0
        self._report("switchover_called_off", self._record.name)
        if self._record.replication is not None:
            self._record.replication.catch_up()

    def _expire(self) -> None:
        self._expired = True
        fault = self._fault()
        if fault is Fault.GUEST and self._world.misbehaves(faults.DEAD_GUEST_STAYS):
            return
        if not self._switches_over_by_itself():
            if not self._world.misbehaves(faults.MANUAL_SAYS_NOTHING):
                self._report("master_not_responding", self._record.name)
            return
        self.stop()
        self._switch_over()

    def _switches_over_by_itself(self) -> bool:
        if self._record.plan.switchover is Initiation.AUTOMATIC:
            return True
        line_cut = self._record.master.cut_off or self._record.replica.cut_off
        mutation = faults.CUT_LINE_SWITCHES_OVER if line_cut else faults.MANUAL_SWITCHES_OVER
        return self._world.misbehaves(mutation)
