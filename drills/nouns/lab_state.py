"""Where the virtual machine is and what the scenario does, to be found again later in a drill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from drills.nouns.observed import Context
from drills.wording import several
from lab.model.state import LabState, differences
from lab.ports import HyperV, ScenarioList
from words import sentence

if TYPE_CHECKING:
    from lab.opening import Lab


NO_DIFFERENCE = sentence("steps.no_difference")


class RecordedState:
    """A state that is recorded, and compared with the one that is there later."""

    def __init__(self, lab: Lab, context: Context) -> None:
        self._lab = lab
        self._context = context
        self._recorded: LabState | None = None

    def record(self) -> None:
        self._recorded = self._now()
        self._context.observation.leave("state")

    def expect_again(self) -> None:
        self._context.observation.take_up("state")
        before = self._context.kept(self._recorded, sentence("errors.drill.no_state"))
        left = differences(before, self._now())
        self._context.observation.expect(
            not left,
            expected=NO_DIFFERENCE,
            seen=several(left, NO_DIFFERENCE),
        )

    def _now(self) -> LabState:
        return capture_state((host.hyperv for host in self._lab.hosts.values()), self._lab.rha.replication)


def capture_state(hosts: Iterable[HyperV], replication: ScenarioList) -> LabState:
    """As much of it as a drill changes on its way: guests and replication scenarios."""
    return LabState(
        machines={each.host: each.machines() for each in hosts},
        scenarios=replication.scenarios(),
    )
