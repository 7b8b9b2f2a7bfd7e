"""The commands a simulated host has beyond PowerShell's own: Hyper-V's, Windows' and Arcserve RHA's."""

from __future__ import annotations

from lab.simulator.cmdlets.arcserve import arcserve_cmdlets
from lab.simulator.cmdlets.hyperv import hyperv_cmdlets
from lab.simulator.cmdlets.hyperv_network import network_cmdlets
from lab.simulator.cmdlets.lab_host import HostClock, LabHost
from lab.simulator.cmdlets.windows import windows_cmdlets
from lab.simulator.hyperv import HyperV
from lab.simulator.powershell.catalogue import with_windows_parameters
from lab.simulator.powershell.command import CommandTable
from lab.simulator.rha import ControlService
from lab.simulator.world import World


def commands_of(world: World, control_service: ControlService, host: str, clock: HostClock) -> CommandTable:
    """The lab's commands on one host; whatever their namesakes on Windows offer beyond them is refused by name."""
    here = LabHost(world, HyperV(world), control_service, host, clock)
    own = with_windows_parameters((*hyperv_cmdlets(here), *network_cmdlets(here), *windows_cmdlets(here)))
    return CommandTable.of((*own, *arcserve_cmdlets(here)))
