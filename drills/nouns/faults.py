"""What is made to go wrong: by the simulator, or by people at the master host."""

from __future__ import annotations

from drills.nouns.event_view import EventView
from drills.nouns.observed import Context
from lab.errors import NotStarted, OperationUnavailable, Refused
from lab.model.faults import Fault
from lab.model.probing import Mark
from lab.ports import FaultInjection
from words import sentence


class Faults:
    """Fault injection; where there is none, each fault raises OperationUnavailable."""

    def __init__(self, injection: FaultInjection | None, event_view: EventView, context: Context) -> None:
        self._injection = injection
        self._event_view = event_view
        self._context = context

    def begin(self, fault: Fault) -> None:
        """From here on the event view's new lines count, and entries made before are those the fault may have cost."""
        injection, course = self._offered(), self._context.course
        self._event_view.count_anew()
        course.fault_at = self._context.clock.now()
        course.faults.append(fault)
        self._context.observation.mark(Mark.FAULT, sentence(f"fault.{fault.value}"))
        try:
            injection.begin(fault)
        except (NotStarted, Refused):
            course.faults.remove(fault)
            raise
        self._context.observation.leave("fault")

    def end(self, fault: Fault) -> None:
        injection = self._offered()
        self._context.observation.mark(Mark.FAULT_ENDED, sentence(f"fault.{fault.value}"))
        injection.end(fault)
        self._context.course.faults_ended.append(fault)

    def _offered(self) -> FaultInjection:
        if self._injection is None:
            raise OperationUnavailable(sentence("errors.drill.no_faults"))
        return self._injection
