"""A Hyper-V host with two guests, Garoon running and DC1 off, as the corpus was recorded with."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from typing import Any, Final

from powershell.command import Body, Cmdlet, parameters
from powershell.declared import DotNetClass, DotNetObject, EnumType, Property
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.views import Column, TableView, View
from powershell.values import Guid, Int64, TimeSpan, TypedArray

HYPERV: Final = "Microsoft.HyperV.PowerShell."
VM_STATE: Final = EnumType(
    HYPERV + "VMState",
    (
        ("Other", 1),
        ("Running", 2),
        ("Off", 3),
        ("Stopping", 4),
        ("Saved", 6),
        ("Paused", 9),
        ("Starting", 10),
    ),
)
SERVICE_STATUS: Final = EnumType("Kunren.ServiceControllerStatus", (("Stopped", 1), ("Running", 4)))
VIRTUAL_MACHINE: Final = DotNetClass(
    name=HYPERV + "VirtualMachine",
    properties=(
        Property.stored("Name", "System.String"),
        Property.stored("State", VM_STATE.name),
        Property.stored("CPUUsage", "System.Int32"),
        Property.stored("MemoryAssigned", "System.Int64"),
        Property.stored("Uptime", "System.TimeSpan"),
        Property.stored("Status", "System.String"),
        Property.stored("Version", "System.String"),
        Property.stored("Id", "System.Guid"),
    ),
)
VM_SWITCH: Final = DotNetClass(
    name=HYPERV + "VMSwitch",
    properties=tuple(
        Property.stored(name, "System.String") for name in ("Name", "SwitchType", "NetAdapterInterfaceDescription")
    ),
)
VM_NETWORK_ADAPTER: Final = DotNetClass(
    name=HYPERV + "VMNetworkAdapter",
    properties=(
        Property.stored("Name", "System.String"),
        Property.stored("IsManagementOs", "System.Boolean"),
        Property.stored("VMName", "System.String"),
        Property.stored("SwitchName", "System.String"),
        Property.stored("MacAddress", "System.String"),
        Property.stored("Status", "System.String"),
        Property.stored("IPAddresses", "System.String[]"),
    ),
)
SERVICE: Final = DotNetClass(
    name="Kunren.ServiceController",
    properties=(
        Property.stored("Status", SERVICE_STATUS.name),
        Property.stored("Name", "System.String"),
        Property.stored("DisplayName", "System.String"),
    ),
)
TYPES: Final = (VIRTUAL_MACHINE, VM_SWITCH, VM_NETWORK_ADAPTER, SERVICE, VM_STATE, SERVICE_STATUS)


def _megabytes(objects: RuntimeObjects, vm: Any) -> Any:
    amount = objects.get(vm, "MemoryAssigned")
    return amount // 2**20 if amount % 2**20 == 0 else amount / 2**20


VIEWS: Final = (
    View(
        VIRTUAL_MACHINE.name,
        TableView(
            columns=(
                Column("Name"),
                Column("State"),
                Column("CPUUsage", "CPUUsage(%)"),
                Column(_megabytes, "MemoryAssigned(M)"),
                Column("Uptime"),
                Column("Status"),
                Column("Version"),
            )
        ),
    ),
)


def guests() -> list[DotNetObject]:
    def guest(name: str, state: str, digit: str, **more: Any) -> DotNetObject:
        fields = {"Name": name, "State": VM_STATE.value(state), "Status": "Operating normally", "Version": "9.0"}
        return DotNetObject(VIRTUAL_MACHINE, {**fields, "Id": Guid(digit * 32), **more})

    uptime = ((26 * 60 + 3) * 60 + 4) * 10_000_000
    return [
        guest("Garoon", "Running", "1", CPUUsage=3, MemoryAssigned=Int64(4 * 2**30), Uptime=TimeSpan(uptime)),
        guest("DC1", "Off", "2", CPUUsage=0, MemoryAssigned=Int64(0), Uptime=TimeSpan(0)),
    ]


def cmdlets() -> Sequence[Cmdlet]:
    """The stand-ins over two guests of their own."""
    machines = guests()

    def chosen(body: Body, names: Sequence[str] | None) -> list[DotNetObject]:
        if not names:
            return list(machines)
        found: list[DotNetObject] = []
        for name in names:
            pattern = name.lower()
            own = [vm for vm in machines if fnmatch.fnmatchcase(vm.fields["Name"].lower(), pattern)]
            if not own and not any(mark in name for mark in "*?"):
                body.context.write_error(
                    body.context.error(
                        f"Hyper-V was unable to find a virtual machine with name \"{name}\". (Parameter 'Name')",
                        error_id="InvalidParameter",
                        category="InvalidArgument",
                        target=name,
                        exception="System.ArgumentException",
                    )
                )
            found.extend(own)
        return found

    class GetVM(Body):
        def process(self) -> None:
            for vm in chosen(self, self.context.get("Name")):
                self.context.write(vm)

    class StartVM(Body):
        def end(self) -> None:
            for vm in chosen(self, self.context.get("Name")):
                vm.fields["State"] = VM_STATE.value("Running")

    class StopVM(Body):
        def end(self) -> None:
            for vm in chosen(self, self.context.get("Name")):
                vm.fields["State"] = VM_STATE.value("Off")

    class GetVMSwitch(Body):
        def process(self) -> None:
            fields = {"Name": "External", "SwitchType": "External"}
            self.context.write(
                DotNetObject(VM_SWITCH, {**fields, "NetAdapterInterfaceDescription": "Intel(R) Ethernet"})
            )

    class GetVMNetworkAdapter(Body):
        def process(self) -> None:
            fields = {
                "Name": "Network Adapter",
                "IsManagementOs": False,
                "VMName": self.context.get("VMName") or "",
                "SwitchName": "External",
                "MacAddress": "00155D010203",
                "Status": "Ok",
                "IPAddresses": TypedArray("System.String", ["192.0.2.10"]),
            }
            self.context.write(DotNetObject(VM_NETWORK_ADAPTER, fields))

    class GetService(Body):
        def process(self) -> None:
            for name in self.context.get("Name") or ():
                fields = {"Status": SERVICE_STATUS.value("Running"), "Name": name, "DisplayName": f"{name} service"}
                self.context.write(DotNetObject(SERVICE, fields))

    name = "Name string[] 0"
    return (
        _function("Get-VM", GetVM, "Name string[] 0 pipeline"),
        _function("Start-VM", StartVM, name),
        _function("Stop-VM", StopVM, f"{name}, TurnOff switch, Force switch"),
        _function("Get-VMSwitch", GetVMSwitch),
        _function("Get-VMNetworkAdapter", GetVMNetworkAdapter, "VMName string 0"),
        _function("Get-Service", GetService, name),
    )


def _function(name: str, body: Any, declared: str = "") -> Cmdlet:
    taken = parameters(declared) if declared else ()
    return Cmdlet(name=name, body=body, error_id=name, parameters=taken, kind="Function")
