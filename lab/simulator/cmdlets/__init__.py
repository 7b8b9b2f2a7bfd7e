"""PowerShell on a simulated host: its own commands, and with them Hyper-V's, Windows' and Arcserve RHA's."""

from __future__ import annotations

from lab.simulator.cmdlets import event_log, hyperv_types, powershell_direct, windows
from lab.simulator.cmdlets.arcserve import arcserve_cmdlets
from lab.simulator.cmdlets.event_log import event_log_cmdlets
from lab.simulator.cmdlets.files import file_cmdlets
from lab.simulator.cmdlets.hyperv import hyperv_cmdlets
from lab.simulator.cmdlets.hyperv_network import network_cmdlets
from lab.simulator.cmdlets.hyperv_service import needing_the_service
from lab.simulator.cmdlets.lab_host import LabHost, SkewedClock
from lab.simulator.cmdlets.powershell_direct import direct_cmdlets
from lab.simulator.cmdlets.restart import restart_cmdlets
from lab.simulator.cmdlets.views import VIEWS
from lab.simulator.cmdlets.windows import windows_cmdlets
from lab.simulator.hyperv import HyperV
from lab.simulator.matching import TimedMatcher
from lab.simulator.rha import ControlService
from lab.simulator.world import World
from powershell.cmdlets import command_table
from powershell.command import CommandTable
from powershell.engine import Clock
from powershell.host import EmbeddedPowerShell


def powershell_of(world: World, control_service: ControlService, host: str, clock: Clock) -> EmbeddedPowerShell:
    """The embedded engine of one host, with the lab's commands, types and views, on the host's own time."""
    clock = SkewedClock(clock, world.hosts[host].clock_skew)
    return EmbeddedPowerShell(
        commands_of(world, control_service, host, clock),
        clock,
        host,
        classes=(*hyperv_types.CLASSES, *windows.CLASSES, *event_log.CLASSES, *powershell_direct.CLASSES),
        enums=(*hyperv_types.ENUMS, *windows.ENUMS),
        views=VIEWS,
        matcher=TimedMatcher(),
    )


def commands_of(world: World, control_service: ControlService, host: str, clock: Clock) -> CommandTable:
    """All commands of one host; what their namesakes on Windows offer beyond them is refused by name."""
    here = LabHost(world, HyperV(world), control_service, host, clock)
    return command_table(
        (
            *needing_the_service(here, (*hyperv_cmdlets(here), *network_cmdlets(here))),
            *windows_cmdlets(here),
            *event_log_cmdlets(here),
            *restart_cmdlets(here),
            *direct_cmdlets(here),
            *file_cmdlets(here),
            *arcserve_cmdlets(here),
        )
    )
