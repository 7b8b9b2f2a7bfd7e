"""The host a cmdlet of the lab runs on, and what its cmdlets share: time, the world behind it, errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeAlias

from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.rha.control_service import ControlService
from lab.simulator.transitions import HyperVRefusal
from lab.simulator.world import World
from powershell import Body, Clock, Cmdlet, CommandContext, ErrorRecord, parameters

POWERSHELL: Final = "Microsoft.PowerShell.Commands.{}Command"
"""The class of a cmdlet of PowerShell's own, by its name without the hyphen."""


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

    def cmdlet(self, name: str, act: Act, given: str = "", *, of: str = POWERSHELL, default_set: str = "") -> Cmdlet:
        """A command of this host; `given` declares its parameters, `of` is the pattern of its class."""
        return Cmdlet(
            name=name,
            error_id=of.format(name.replace("-", "")),
            body=Body.of(partial(act, self)),
            default_set=default_set,
            parameters=parameters(given) if given else (),
        )

    def spend(self, milliseconds: int) -> None:
        """The command takes this long."""
        self.clock.spend(timedelta(milliseconds=milliseconds))

    def spend_until(self, instant: datetime) -> None:
        """Spends the time until an instant of the world, which may differ from the host's clock."""
        self.clock.spend(max(instant - self.world.now(), timedelta()))


def outside(names: str) -> frozenset[str]:
    """Members that Windows' class has and the simulated one refuses."""
    return frozenset(names.split())


Act: TypeAlias = Callable[[LabHost, CommandContext], Iterable[Any] | None]
"""What a command does on its host, and puts out."""


def hyperv_error(context: CommandContext, refusal: HyperVRefusal, target: Any = None) -> ErrorRecord:
    return context.error(
        str(refusal),
        error_id=refusal.error_id,
        category=refusal.category,
        target=target,
        exception="Microsoft.HyperV.PowerShell.VirtualizationException",
    )
