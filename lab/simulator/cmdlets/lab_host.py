"""The host a cmdlet of the lab runs on, and what its cmdlets share: time, the world behind it, errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.control_service import ControlService
from lab.simulator.transitions import HyperVRefusal
from lab.simulator.world import World
from powershell import Clock, CommandContext, ErrorRecord


@dataclass(frozen=True, slots=True)
class SkewedClock:
    """The clock of a host that is set wrong: it tells another time, while the same time passes."""

    clock: Clock
    skew: timedelta

    def now(self) -> datetime:
        return self.clock.now() + self.skew

    def spend(self, duration: timedelta) -> None:
        self.clock.spend(duration)


@dataclass(frozen=True, slots=True)
class LabHost:
    """`name` is the host on which the commands run."""

    world: World
    hyperv: HyperV
    control_service: ControlService
    name: str
    clock: Clock

    def spend(self, milliseconds: int) -> None:
        """The command takes this long."""
        self.clock.spend(timedelta(milliseconds=milliseconds))

    def spend_until(self, instant: datetime) -> None:
        """`instant` is the world's, whatever time the host has."""
        self.clock.spend(max(instant - self.world.now(), timedelta()))


def hyperv_error(context: CommandContext, refusal: HyperVRefusal, target: Any = None) -> ErrorRecord:
    return context.error(
        str(refusal),
        error_id=refusal.error_id,
        category=refusal.category,
        target=target,
        exception="Microsoft.HyperV.PowerShell.VirtualizationException",
    )
