"""PowerShell on a simulated host: its own commands, and with them Hyper-V's, Windows' and Arcserve RHA's."""

from __future__ import annotations

from lab.simulator.cmdlets import condition, event_log, hyperv_types, powershell_direct, settings, traces, windows
from lab.simulator.cmdlets.arcserve import arcserve_cmdlets
from lab.simulator.cmdlets.condition import condition_cmdlets
from lab.simulator.cmdlets.event_log import event_log_cmdlets
from lab.simulator.cmdlets.files import file_cmdlets
from lab.simulator.cmdlets.hyperv import hyperv_cmdlets
from lab.simulator.cmdlets.hyperv_network import network_cmdlets
from lab.simulator.cmdlets.lab_host import LabHost, SkewedClock
from lab.simulator.cmdlets.powershell_direct import direct_cmdlets
from lab.simulator.cmdlets.settings import setting_cmdlets
from lab.simulator.cmdlets.traces import trace_cmdlets
from lab.simulator.cmdlets.views import VIEWS
from lab.simulator.cmdlets.windows import windows_cmdlets
from lab.simulator.hosts.hyperv import HyperV
from lab.simulator.matching import TimedMatcher
from lab.simulator.rha.control_service import ControlService
from lab.simulator.world import World
from powershell import Clock, Cmdlet, PowerShell


def powershell_of(world: World, control_service: ControlService, host: str, clock: Clock, bits: int = 64) -> PowerShell:
    """The embedded engine of one host, with the lab's commands, types and views, on the host's own time."""
    clock = SkewedClock(clock, world.hosts[host].clock_skew)
    return PowerShell(
        cmdlets_of(world, control_service, host, clock, bits),
        clock,
        host,
        types=(
            *hyperv_types.TYPES,
            *windows.TYPES,
            *event_log.TYPES,
            *powershell_direct.TYPES,
            *condition.TYPES,
            *settings.TYPES,
            *traces.TYPES,
        ),
        views=VIEWS,
        matcher=TimedMatcher(),
        version=world.hosts[host].windows.powershell,
    )


def cmdlets_of(
    world: World, control_service: ControlService, host: str, clock: Clock, bits: int = 64
) -> tuple[Cmdlet, ...]:
    """The commands of one host beside the general ones; what their namesakes on Windows do beyond them is refused."""
    here = LabHost(world, HyperV(world), control_service, host, clock)
    of_hyperv = (*hyperv_cmdlets(here), *network_cmdlets(here), *direct_cmdlets(here))
    return (
        *(of_hyperv if world.hosts[host].role else ()),
        *windows_cmdlets(here),
        *event_log_cmdlets(here),
        *file_cmdlets(here),
        *condition_cmdlets(here),
        *setting_cmdlets(here),
        *arcserve_cmdlets(here, bits),
        *trace_cmdlets(here),
    )
