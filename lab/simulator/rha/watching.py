"""Is Alive (guide 1-3 and 4-2): the standby host watches the active one, and counts down while it is at fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from lab.model.hosts import HYPERV_SERVICE
from lab.model.replication import Initiation, ScenarioState
from lab.simulator.hosts.host import Registration
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.scenarios import ScenarioRecord
from lab.simulator.timeline import Appointment
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from lab.simulator.world import World


class Trouble(Enum):
    """Objects of the watch, outside in; the value is the event view's word."""

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

    def _trouble(self) -> Trouble | None:
        """The trouble of the active host; of several, the outermost."""
        active = self._record.active
        if not active.powered or self._line_is_cut():
            return Trouble.MANAGEMENT_OS
        if not active.service_runs(HYPERV_SERVICE):
            return Trouble.HYPERV_SERVICE
        if not all(map(self._answers, self._guests())):
            return Trouble.GUEST
        return None

    def _line_is_cut(self) -> bool:
        return self._record.master.cut_off or self._record.replica.cut_off

    def _answers(self, registration: Registration) -> bool:
        return registration.healthy

    def _guests(self) -> list[Registration]:
        registrations = self._record.active.registrations
        return [registrations[guest] for guest in self._record.plan.guests if guest in registrations]

    # A heartbeat ----------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self.begin()
        if self._record.state is not ScenarioState.RUNNING or not self._record.standby.powered:
            return
        trouble = self._trouble()
        if trouble is None:
            if self._deadline is not None:
                self._call_off()
            return
        if self._deadline is None:
            self._count_down_from(trouble)
        if trouble is Trouble.GUEST:
            self._try_to_start_guests()
        self._count()

    def _count_down_from(self, trouble: Trouble) -> None:
        self._deadline = self._world.now() + self._timeout()
        self._report("master_fault_detected", self._record.name, host=self._record.active.name, detail=trouble.value)

    def _timeout(self) -> timedelta:
        return self._world.settings.timeout

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
        if self._attempts >= self._world.settings.guest_start_attempts or self._expired:
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
        if self._switches_over_by_itself():
            self.stop()
            self._switch_over()
        else:
            self._call_operator()

    def _switches_over_by_itself(self) -> bool:
        return self._record.plan.switchover is Initiation.AUTOMATIC

    def _call_operator(self) -> None:
        self._report("master_not_responding", self._record.name)
