"""The `FaultInjection` port by people: they pull the cable, cut the power, stop the service, and put it right again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from lab.drivers.operator.operations import OperatorOperations
from lab.model.faults import END_FAULT, Fault
from lab.model.replication import Direction
from lab.model.tasks import Task
from lab.model.undertakings import Change, Undertaking

OF_GUEST = frozenset({Fault.GUEST_CRASH, Fault.GUEST_DAMAGE, Fault.GUEST_HANG})


@dataclass(frozen=True, slots=True)
class OperatorFaults:
    """Each fault strikes the master host or its guest, so that its task is confirmed twice; ending one is not."""

    people: OperatorOperations

    def begin(self, fault: Fault) -> None:
        task = self._task(fault, fault.name.lower(), strikes=True)
        self.people.look_anew()
        seen = fault is not Fault.LINE_CUT  # which shows at the guests only when a countdown has ended
        act = partial(self.people.perform, task, seen=seen)
        self.people.undertake(Undertaking(Change.INJECT_FAULT, task.subject), task.host, act)

    def end(self, fault: Fault) -> None:
        self.people.attention.expire()
        self.people.perform(self._task(fault, f"{END_FAULT}{fault.name.lower()}", strikes=False))

    def _task(self, fault: Fault, operation: str, *, strikes: bool) -> Task:
        subject = self.people.subject.guest if fault in OF_GUEST else self.people.subject.master
        return Task(
            operation=operation,
            subject=subject,
            host=self.people.subject.master,
            limit=self.people.limits.task,
            direction=Direction.FORWARD,
            strikes=strikes,
        )
