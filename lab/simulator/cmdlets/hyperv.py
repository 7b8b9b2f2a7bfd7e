"""Get-VM, Start-VM, Stop-VM, Get-VMIntegrationService and Get-VMHost over the simulated world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lab.simulator.cmdlets.hyperv_types import LiveMachine, component_objects, host_object, live, machine_object
from lab.simulator.cmdlets.lab_host import LabHost, hyperv_error
from lab.simulator.hosts.hyperv import service_stopped
from lab.simulator.transitions import AlreadyInState, HyperVRefusal
from powershell import Body, Cmdlet, CommandContext, DotNetObject, Guid, Wildcard, parameters

COMMANDS: Final = "Microsoft.HyperV.PowerShell.Commands."
CONFIRM: Final = "Confirm|cf switch"
"""-WhatIf is left to the commands that are refused: no source shows how Hyper-V words what it would do."""
QUESTION_MS: Final = 80
TURN_OFF_MS: Final = 500


def hyperv_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        Cmdlet(
            name="Get-VM",
            error_id=COMMANDS + "GetVM",
            body=Body.of(lambda context: get_vm(host, context)),
            default_set="Name",
            parameters=parameters("Name|VMName string[] 0 pipeline in:Name, Id guid 0 pipeline in:Id"),
        ),
        Cmdlet(
            name="Start-VM",
            error_id=COMMANDS + "StartVM",
            body=Body.of(lambda context: act_on_each(host, context, start)),
            default_set="Name",
            parameters=parameters(
                "Name|VMName string[] 0 mandatory pipeline in:Name, "
                "VM Microsoft.HyperV.PowerShell.VirtualMachine[] 0 mandatory pipeline in:VMObject, Passthru switch, "
                "Confirm|cf switch"
            ),
        ),
        Cmdlet(
            name="Stop-VM",
            error_id=COMMANDS + "StopVM",
            body=Body.of(lambda context: act_on_each(host, context, stop)),
            default_set="Name",
            parameters=parameters(
                "Name|VMName string[] 0 mandatory pipeline in:Name, "
                "VM Microsoft.HyperV.PowerShell.VirtualMachine[] 0 mandatory pipeline in:VMObject, TurnOff switch, "
                f"Force switch, Passthru switch, {CONFIRM}"
            ),
        ),
        Cmdlet(
            name="Get-VMIntegrationService",
            error_id=COMMANDS + "GetVMIntegrationService",
            body=Body.of(lambda context: get_integration_service(host, context)),
            default_set="VMName",
            parameters=parameters(
                "VMName string[] 0 mandatory pipeline in:VMName, "
                "VM Microsoft.HyperV.PowerShell.VirtualMachine[] 0 mandatory pipeline in:VMObject, Name string[] 1"
            ),
        ),
        Cmdlet(name="Get-VMHost", error_id=COMMANDS + "GetVMHost", body=Body.of(lambda _: get_vm_host(host))),
    )


def get_vm(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    wanted = context.get("Id")
    if wanted is None and not context.get("Name"):
        for _ in tripped_over(host):
            refusal = HyperVRefusal(service_stopped(host.name), "ObjectNotFound", "ObjectNotFound")
            context.write_error(hyperv_error(context, refusal))
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


def get_vm_host(host: LabHost) -> Iterator[DotNetObject]:
    host.spend(QUESTION_MS)
    yield host_object(host.name)


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
    """Without a heartbeat Stop-VM would ask whether to turn the guest off; -Force is the yes to that."""
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
    """In the order of their names, as Hyper-V lists them; to a login without rights it lists none."""
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
            message = f'Hyper-V was unable to find a virtual machine with name "{name}".'
            refusal = HyperVRefusal(message, "InvalidParameter", "InvalidArgument")
            context.write_error(hyperv_error(context, refusal, name))
        yield from found


def bound_machines(host: LabHost, context: CommandContext, name_parameter: str) -> Iterable[LiveMachine]:
    """The guests given as objects, or by name."""
    objects = context.get("VM")
    if objects is not None:
        return [live(each) for each in objects]
    return named_machines(host, context, context.get(name_parameter))
