"""Views of the lab's own objects in a console: the columns of Hyper-V's format file."""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.cmdlets.hyperv_types import NAMESPACE
from powershell import Column, TableView, View

MIB: Final = 1024 * 1024


def _memory(objects: Any, machine: Any) -> int:
    return int(objects.get(machine, "MemoryAssigned")) // MIB


def _capacity(objects: Any, host: Any) -> int:
    return int(objects.get(host, "MemoryCapacity")) // MIB


VIEWS: Final = (
    View(
        NAMESPACE + "VirtualMachine",
        TableView.of(
            "Name",
            "State",
            Column("CPUUsage", "CPUUsage(%)"),
            Column(_memory, "MemoryAssigned(M)"),
            "Uptime",
            "Status",
            "Version",
        ),
    ),
    View(
        NAMESPACE + "VMNetworkAdapter",
        TableView.of("Name", "IsManagementOs", "VMName", "SwitchName", "MacAddress", "Status", "IPAddresses"),
    ),
    View(NAMESPACE + "VMSwitch", TableView.of("Name", "SwitchType", "NetAdapterInterfaceDescription")),
    View(
        NAMESPACE + "VMHost",
        TableView.of(
            "Name", "LogicalProcessorCount", Column(_capacity, "MemoryCapacity(M)"), "VirtualMachineMigrationEnabled"
        ),
    ),
    View(
        NAMESPACE + "VMIntegrationComponent",
        TableView.of("VMName", "Name", "Enabled", "PrimaryStatusDescription", "SecondaryStatusDescription"),
    ),
)
