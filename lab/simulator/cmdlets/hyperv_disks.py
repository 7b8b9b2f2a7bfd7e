"""The disks of the simulated guests, as Hyper-V shows them: one each, fixed in size."""

from __future__ import annotations

from typing import Final

from lab.simulator.cmdlets.lab_host import outside
from powershell import DotNetClass, DotNetObject, EnumType, Int64, Property

CONTROLLER_TYPE: Final = EnumType("Microsoft.HyperV.PowerShell.ControllerType", (("IDE", 0), ("SCSI", 1)))
HARD_DISK_DRIVE: Final = DotNetClass(
    name="Microsoft.HyperV.PowerShell.HardDiskDrive",
    properties=(
        Property.stored("VMName", "System.String", read_only=True),
        Property.stored("Path", "System.String", read_only=True),
        Property(name="ControllerType", type=CONTROLLER_TYPE.name, get=lambda _: CONTROLLER_TYPE.value("IDE")),
        Property(name="ControllerNumber", type="System.Int32", get=lambda _: 0),
        Property(name="ControllerLocation", type="System.Int32", get=lambda _: 0),
    ),
    outside=outside(
        "CimSession ComputerName DiskNumber Id IsDeleted MaximumIOPS MinimumIOPS Name PoolName QoSPolicyID "
        "SupportPersistentReservations VMCheckpointId VMCheckpointName VMId VMSnapshotId VMSnapshotName"
    ),
    text=lambda instance: f"HardDiskDrive (VMName = '{instance.fields['VMName']}')",
)
VIRTUAL_HARD_DISK: Final = DotNetClass(
    name="Microsoft.Vhd.PowerShell.VirtualHardDisk",
    properties=(
        Property.stored("Path", "System.String", read_only=True),
        Property.stored("Size", "System.Object", read_only=True),
        Property.stored("FileSize", "System.Object", read_only=True),
    ),
    outside=outside(
        "Alignment Attached BlockSize CimSession ComputerName DiskIdentifier DiskNumber FragmentationPercentage "
        "IsDeleted IsPMEMCompatible AddressAbstractionType LogicalSectorSize MinimumSize Number ParentPath "
        "PhysicalSectorSize VhdFormat VhdType"
    ),
    text=lambda instance: str(instance.fields["Path"]),
)
TYPES: Final = (HARD_DISK_DRIVE, VIRTUAL_HARD_DISK, CONTROLLER_TYPE)


def disk_path(guest: str) -> str:
    return rf"C:\Hyper-V\{guest}\{guest}.vhdx"


def drive_object(guest: str) -> DotNetObject:
    return DotNetObject(HARD_DISK_DRIVE, {"VMName": guest, "Path": disk_path(guest)})


def disk_object(path: str, size: int) -> DotNetObject:
    return DotNetObject(VIRTUAL_HARD_DISK, {"Path": path, "Size": Int64(size), "FileSize": Int64(size)})
