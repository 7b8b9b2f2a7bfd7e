"""Get-VM, Start-VM, Stop-VM, Get-VMIntegrationService and Get-VMHost over the simulated world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from lab.model.hosts import HYPERV_SERVICE
from lab.simulator.cmdlets.hyperv_disks import disk_object, disk_path
from lab.simulator.cmdlets.hyperv_types import (
    GIB,
    LiveMachine,
    component_objects,
    host_object,
    live,
    machine_object,
)
from lab.simulator.cmdlets.lab_host import Act, LabHost, hyperv_error
from lab.simulator.hosts.hyperv import service_stopped
from lab.simulator.transitions import AlreadyInState, HyperVRefusal, unknown
from powershell import Cmdlet, CommandContext, DotNetObject, Guid, Wildcard

CONFIRM: Final = "Confirm|cf switch"
"""-WhatIf is left to the commands that are refused: no source shows how Hyper-V words what it would do."""
QUESTION_MS: Final = 80
TURN_OFF_MS: Final = 500
_VM: Final = "VM Microsoft.HyperV.PowerShell.VirtualMachine[] 0 mandatory pipeline in:VMObject"
_BY_NAME: Final = "Name|VMName string[] 0 mandatory pipeline in:Name"


def hyperv_cmdlet(host: LabHost, name: str, act: Act, given: str = "", *, default_set: str = "") -> Cmdlet:
    """A command of Hyper-V's module: it is refused while the Virtual Machine Management service does not run."""

    def served(here: LabHost, context: CommandContext) -> Iterable[Any] | None:
        if not here.world.hosts[here.name].service_runs(HYPERV_SERVICE):
            context.throw(hyperv_error(context, service_stopped(here.name)))
        return act(here, context)

    return host.cmdlet(name, served, given, of="Microsoft.HyperV.PowerShell.Commands.{}", default_set=default_set)


def hyperv_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    command = partial(hyperv_cmdlet, host)
    switches = f"Force switch, Passthru switch, {CONFIRM}"
    return (
        command(
            "Get-VM", get_vm, "Name|VMName string[] 0 pipeline in:Name, Id guid 0 pipeline in:Id", default_set="Name"
        ),
        command("Start-VM", start_vm, f"{_BY_NAME}, {_VM}, Passthru switch, {CONFIRM}", default_set="Name"),
        command("Stop-VM", stop_vm, f"{_BY_NAME}, {_VM}, TurnOff switch, {switches}", default_set="Name"),
        command(
            "Get-VMIntegrationService",
            get_integration_service,
            f"VMName string[] 0 mandatory pipeline in:VMName, {_VM}, Name string[] 1",
            default_set="VMName",
        ),
        command("Get-VMHost", get_vm_host),
        command("Get-VHD", get_vhd, "Path string[] 0 mandatory"),
    )


def get_vm(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    wanted = context.get("Id")
    if wanted is None and not context.get("Name"):
        for _ in tripped_over(host):
            context.write_error(hyperv_error(context, service_stopped(host.name)))
    if wanted is None:
        yield from map(machine_object, named_machines(host, context, context.get("Name")))
        return
    found = [machine for machine in all_machines(host) if Guid.of(machine.guest.id) == wanted]
    if not found:
        message = f'Hyper-V was unable to find a virtual machine with id "{wanted}".'
        refusal = HyperVRefusal(message, "InvalidParameter", "InvalidArgument")
        context.write_error(hyperv_error(context, refusal, wanted))
    yield from map(machine_object, found)


def get_integration_service(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    names = context.get("Name") or ["*"]
    for machine in bound_machines(host, context, "VMName"):
        found = [
            component
            for component in component_objects(machine)
            if any(Wildcard(name).matches(component.fields["Name"]) for name in names)
        ]
        if not found and all(Wildcard(each).is_literal for each in names):
            context.outside_subset("Get-VMIntegrationService for a service that is not there")
        yield from found


def get_vm_host(host: LabHost, _: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    yield host_object(host.name)


def get_vhd(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Of the disk that a guest of this host has."""
    host.spend(QUESTION_MS)
    for path in context.get("Path"):
        if path not in {disk_path(machine.guest.name) for machine in all_machines(host)}:
            context.outside_subset(f"Get-VHD -Path {path}")
        yield disk_object(path, host.world.settings.disk_gib * GIB)


def start_vm(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    return act_on_each(host, context, start)


def stop_vm(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    return act_on_each(host, context, stop)


def act_on_each(
    host: LabHost, context: CommandContext, act: Callable[[LabHost, CommandContext, LiveMachine], None]
) -> Iterator[DotNetObject]:
    """The action on each guest in turn; a refusal is an error for that guest, and the next one has its turn."""
    refuse_confirmation(context)
    for machine in bound_machines(host, context, "Name"):
        try:
            act(host, context, machine)
        except AlreadyInState as already:
            context.write_warning(str(already))
        except HyperVRefusal as refusal:
            context.write_error(hyperv_error(context, refusal))
            continue
        if context.get("Passthru"):
            yield machine_object(machine)


def refuse_confirmation(context: CommandContext) -> None:
    """-Confirm:$false is what scripts say; a question cannot be asked."""
    if context.get("Confirm"):
        context.outside_subset(f"{context.invoked_as} -Confirm")


def start(host: LabHost, _: CommandContext, machine: LiveMachine) -> None:
    host.spend_until(host.hyperv.start(machine.guest.name, machine.host))


def stop(host: LabHost, context: CommandContext, machine: LiveMachine) -> None:
    """Stops a guest; without a heartbeat Stop-VM would ask whether to turn it off, and -Force answers yes."""
    force = context.get("Force") and machine.read().running and not machine.read().healthy
    if context.get("TurnOff") or force:
        host.hyperv.turn_off(machine.guest.name, machine.host)
        host.spend(TURN_OFF_MS)
    else:
        host.spend_until(host.hyperv.shut_down(machine.guest.name, machine.host))


def tripped_over(host: LabHost) -> tuple[str, ...]:
    """Guests that Hyper-V is just registering or taking off, and cannot read meanwhile."""
    trips, moved = host.world.settings.hyperv_trips, host.world.hosts[host.name].moved
    return tuple(name for name, at in moved.items() if host.world.now() - at < trips)


def all_machines(host: LabHost) -> list[LiveMachine]:
    """The guests by name, as Hyper-V lists them; none to a login without rights."""
    if host.world.settings.unprivileged:
        return []
    tripped = tripped_over(host)
    machines = [machine for machine in host.world.machines(host.name) if machine.name not in tripped]
    found = [LiveMachine(host.world, host.name, host.world.guests[machine.name]) for machine in machines]
    for machine in found:
        machine.read()
    return sorted(found, key=lambda machine: machine.guest.name.casefold())


def named_machines(host: LabHost, context: CommandContext, names: Iterable[str] | None) -> Iterator[LiveMachine]:
    """The guests of these names or patterns; a name without a guest is an error, a pattern without one is not."""
    for name in names if names is not None else ["*"]:
        found = [machine for machine in all_machines(host) if Wildcard(name).matches(machine.guest.name)]
        if not found and Wildcard(name).is_literal:
            context.write_error(hyperv_error(context, unknown("machine", name), name))
        yield from found


def bound_machines(host: LabHost, context: CommandContext, name_parameter: str) -> Iterable[LiveMachine]:
    """The guests given as objects, or by name."""
    objects = context.get("VM")
    if objects is not None:
        return [live(each) for each in objects]
    return named_machines(host, context, context.get(name_parameter))
