"""How the lab's own objects show in a console: the columns of Hyper-V's format file."""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.cmdlets.hyperv_types import NAMESPACE
from powershell.formatting.values import Objects
from powershell.formatting.views import Column, TableView, View, columns

MIB: Final = 1024 * 1024


def _memory(objects: Objects, machine: Any) -> int:
    return int(objects.get(machine, "MemoryAssigned")) // MIB


def _capacity(objects: Objects, host: Any) -> int:
    return int(objects.get(host, "MemoryCapacity")) // MIB


VIEWS: Final = (
    View(
        NAMESPACE + "VirtualMachine",
        TableView(
            columns=(
                *columns("Name", "State"),
                Column("CPUUsage", "CPUUsage(%)"),
                Column(_memory, "MemoryAssigned(M)"),
                *columns("Uptime", "Status", "Version"),
            )
        ),
    ),
    View(
        NAMESPACE + "VMNetworkAdapter",
        TableView(
            columns=columns("Name", "IsManagementOs", "VMName", "SwitchName", "MacAddress", "Status", "IPAddresses")
        ),
    ),
    View(NAMESPACE + "VMSwitch", TableView(columns=columns("Name", "SwitchType", "NetAdapterInterfaceDescription"))),
    View(
        NAMESPACE + "VMHost",
        TableView(
            columns=(
                *columns("Name", "LogicalProcessorCount"),
                Column(_capacity, "MemoryCapacity(M)"),
                *columns("VirtualMachineMigrationEnabled"),
            )
        ),
    ),
    View(
        NAMESPACE + "VMIntegrationComponent",
        TableView(
            columns=columns("VMName", "Name", "Enabled", "PrimaryStatusDescription", "SecondaryStatusDescription")
        ),
    ),
)
