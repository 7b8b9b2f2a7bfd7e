"""Get-VMSwitch, Get-VMNetworkAdapter, Connect- and Disconnect-VMNetworkAdapter over the simulated world."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from lab.simulator.cmdlets.hyperv import CONFIRM, QUESTION_MS, bound_machines, hyperv_cmdlet, refuse_confirmation
from lab.simulator.cmdlets.hyperv_types import adapter_objects, live, switch_object
from lab.simulator.cmdlets.lab_host import LabHost, hyperv_error
from lab.simulator.transitions import HyperVRefusal, unknown
from powershell import Cmdlet, CommandContext, DotNetObject, Wildcard

CHANGE_MS: Final = 300
NAMED: Final = "Name_SwitchName"
OBJECTS: Final = "Object_SwitchName"
ADAPTERS: Final = (
    f"VMName string[] 0 mandatory in:{NAMED}, Name|VMNetworkAdapterName string[] 1 in:{NAMED}, "
    f"VMNetworkAdapter Microsoft.HyperV.PowerShell.VMNetworkAdapter[] 0 mandatory pipeline in:{OBJECTS}"
)


def network_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    command = partial(hyperv_cmdlet, host)
    switches = f"Passthru switch, {CONFIRM}"
    return (
        command(
            "Get-VMSwitch",
            get_switch,
            "Name|SwitchName string 0, SwitchType Microsoft.HyperV.PowerShell.VMSwitchType[]",
        ),
        command(
            "Get-VMNetworkAdapter",
            get_adapter,
            "VMName string[] 0 mandatory in:VMName, "
            "VM Microsoft.HyperV.PowerShell.VirtualMachine[] 0 mandatory pipeline in:VMObject, "
            "Name|VMNetworkAdapterName string 1",
            default_set="VMName",
        ),
        command(
            "Connect-VMNetworkAdapter",
            connect,
            f"{ADAPTERS}, SwitchName string in:{NAMED} 2 mandatory in:{OBJECTS} 1 mandatory, {switches}",
            default_set=NAMED,
        ),
        command("Disconnect-VMNetworkAdapter", connect, f"{ADAPTERS}, {switches}", default_set=NAMED),
    )


def get_switch(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    name = context.get("Name")
    types = {str(each) for each in context.get("SwitchType") or ()}
    switches = [each.switch for each in host.world.hosts[host.name].switches.values()]
    found = [switch for switch in switches if name is None or Wildcard(name).matches(switch.name)]
    if not found and name is not None and Wildcard(name).is_literal:
        context.write_error(hyperv_error(context, unknown("switch", name), name))
    for switch in sorted(found, key=lambda each: each.name):
        if not types or switch.type.value in types:
            yield switch_object(switch, host.name)


def get_adapter(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    yield from _adapters(host, context)


def connect(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Connects each adapter to the switch; without one, disconnects it."""
    refuse_confirmation(context)
    host.spend(CHANGE_MS)
    for adapter in context.get("VMNetworkAdapter") or list(_adapters(host, context)):
        machine = live(adapter)
        try:
            host.hyperv.connect(
                machine.guest.name, machine.host, adapter.fields["Name"], context.get("SwitchName") or ""
            )
        except HyperVRefusal as refusal:
            context.write_error(hyperv_error(context, refusal))
            continue
        if context.get("Passthru"):
            yield adapter


def _adapters(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    name = context.get("Name") or ["*"]
    names = [name] if isinstance(name, str) else name
    for machine in bound_machines(host, context, "VMName"):
        found = [
            adapter
            for adapter in adapter_objects(machine)
            if any(Wildcard(each).matches(adapter.fields["Name"]) for each in names)
        ]
        if not found and all(Wildcard(each).is_literal for each in names):
            context.outside_subset(f"{context.invoked_as} for an adapter that is not there")
        yield from found
