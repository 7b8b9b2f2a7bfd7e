"""The .NET classes of Hyper-V's module that the lab's cmdlets give, live as the real ones are: they read the world.

Numbers of the enumerations differ between Windows versions; these are Server 2016's as far as they are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

from lab.model.machines import Heartbeat, NetworkAdapter, PowerState, SwitchType, VirtualMachine, VirtualSwitch
from lab.simulator.cmdlets import hyperv_disks
from lab.simulator.cmdlets.hyperv_disks import HARD_DISK_DRIVE, drive_object
from lab.simulator.cmdlets.lab_host import outside
from lab.simulator.hosts.host import Guest
from lab.simulator.world import World
from powershell import DotNetClass, DotNetObject, EnumType, EnumValue, Guid, Int64, Property, TimeSpan, TypedArray

NAMESPACE: Final = "Microsoft.HyperV.PowerShell."
GIB: Final = 1024**3
HOST_GIB: Final = 64
PROCESSORS: Final = 16
"""Logical ones of a host."""
TICKS_PER_SECOND: Final = 10_000_000

VM_STATE: Final = EnumType(
    NAMESPACE + "VMState",
    (
        ("Other", 1),
        ("Running", 2),
        ("Off", 3),
        ("Stopping", 4),
        ("Saved", 6),
        ("Paused", 9),
        ("Starting", 10),
        ("Reset", 11),
        ("Saving", 32773),
        ("Pausing", 32776),
        ("Resuming", 32777),
        ("FastSaved", 32779),
        ("FastSaving", 32780),
        ("ForceShutdown", 32781),
        ("ForceReboot", 32782),
    ),
    outside=outside(
        "hibernated componentservicing runningcritical offcritical stoppingcritical savedcritical pausedcritical "
        "startingcritical resetcritical savingcritical pausingcritical resumingcritical fastsavedcritical "
        "fastsavingcritical"
    ),
)
"""The numbers of those outside differ between versions of Windows."""
VM_HEARTBEAT: Final = EnumType(
    NAMESPACE + "VMHeartbeatStatus",
    (
        ("Unknown", 0),
        ("Disabled", 1),
        ("NoContact", 2),
        ("Error", 3),
        ("LostCommunication", 4),
        ("OkApplicationsUnknown", 5),
        ("OkApplicationsHealthy", 6),
        ("OkApplicationsCritical", 7),
        ("Paused", 8),
    ),
)
VM_SWITCH_TYPE: Final = EnumType(NAMESPACE + "VMSwitchType", (("Private", 0), ("Internal", 1), ("External", 2)))
ADAPTER_STATUS: Final = EnumType(NAMESPACE + "VMNetworkAdapterOperationalStatus", (("Unknown", 0), ("Ok", 2)))
COMPONENT_STATUS: Final = EnumType(
    NAMESPACE + "VMIntegrationComponentOperationalStatus",
    (
        ("Ok", 2),
        ("Degraded", 3),
        ("Error", 6),
        ("NonRecoverableError", 7),
        ("NoContact", 12),
        ("LostCommunication", 13),
    ),
)
HEARTBEATS: Final = {
    Heartbeat.OK: "OkApplicationsUnknown",
    Heartbeat.NO_CONTACT: "NoContact",
    Heartbeat.LOST: "LostCommunication",
}


class LiveMachine:
    """One registration, read anew each time; once it is gone, what it was when it was last read."""

    def __init__(self, world: World, host: str, guest: Guest) -> None:
        self._world = world
        self._last: VirtualMachine | None = None
        self.host = host
        self.guest = guest

    def read(self) -> VirtualMachine:
        self._last = self._world.machine(self.guest.name, self.host) or self._last
        if self._last is None:
            raise LookupError(f"{self.guest.name} was never registered on {self.host}")
        return self._last

    def unfit(self, what: str) -> bool:
        """As the simulation is told to be."""
        return self._world.settings.unfit_for(what)

    def adapter(self, name: str) -> NetworkAdapter:
        return next(adapter for adapter in self.read().adapters if adapter.name == name)


def live(instance: DotNetObject) -> LiveMachine:
    machine = instance.fields["machine"]
    assert isinstance(machine, LiveMachine)
    return machine


def machine_object(machine: LiveMachine) -> DotNetObject:
    return DotNetObject(VIRTUAL_MACHINE, {"machine": machine})


def adapter_objects(machine: LiveMachine) -> list[DotNetObject]:
    return [
        DotNetObject(VM_NETWORK_ADAPTER, {"machine": machine, "Name": adapter.name})
        for adapter in machine.read().adapters
    ]


def switch_object(switch: VirtualSwitch, host: str) -> DotNetObject:
    return DotNetObject(VM_SWITCH, {"switch": switch, "host": host})


def component_objects(machine: LiveMachine) -> list[DotNetObject]:
    return [
        DotNetObject(VM_INTEGRATION_COMPONENT, {"machine": machine, "Name": name, "Guid": digits})
        for name, digits in COMPONENTS
    ]


COMPONENTS: Final = (
    ("Guest Service Interface", "6C09BB55-D683-4DA0-8931-C9BF705F6480"),
    ("Heartbeat", "84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47"),
    ("Key-Value Pair Exchange", "2A34B1C2-FD73-4043-8A5B-DD2159BC743F"),
    ("Shutdown", "9F8233AC-BE49-4C79-8EE3-E7E1985B2077"),
    ("Time Synchronization", "2497F4DE-E9FA-4204-80E4-4B75C46419C0"),
    ("VSS", "5CED1297-4598-4915-A5FC-AD21BB4D02A4"),
)
DISABLED_COMPONENT: Final = "Guest Service Interface"


def _of_machine(name: str, type_: str, get: Callable[[LiveMachine], Any]) -> Property:
    return Property(name=name, type=type_, get=lambda instance: get(live(instance)))


def _state(machine: LiveMachine) -> EnumValue:
    return VM_STATE.value(machine.read().state.value)


def _heartbeat(machine: LiveMachine) -> EnumValue | None:
    name = HEARTBEATS.get(machine.read().heartbeat)
    return VM_HEARTBEAT.value(name) if name is not None else None


def _powered(machine: LiveMachine) -> bool:
    return machine.read().state is not PowerState.OFF


def _id(machine: LiveMachine) -> Guid:
    return Guid.of(machine.guest.id)


def _network_adapters(machine: LiveMachine) -> TypedArray:
    return TypedArray(VM_NETWORK_ADAPTER.name, adapter_objects(machine))


def _hard_drives(machine: LiveMachine) -> TypedArray:
    """One disk, which was fixed in size when the guest was made."""
    return TypedArray(HARD_DISK_DRIVE.name, [drive_object(machine.guest.name)])


def _integration_services(machine: LiveMachine) -> TypedArray:
    return TypedArray(VM_INTEGRATION_COMPONENT.name, component_objects(machine))


def _derived_guid(*parts: str) -> Guid:
    """An id that is the same in every run."""
    return Guid(hashlib.blake2b("/".join(parts).encode(), digest_size=16).hexdigest())


VIRTUAL_MACHINE: Final = DotNetClass(
    name=NAMESPACE + "VirtualMachine",
    properties=(
        _of_machine("Name", "System.String", lambda machine: machine.guest.name),
        _of_machine("VMName", "System.String", lambda machine: machine.guest.name),
        _of_machine("State", VM_STATE.name, _state),
        _of_machine("CPUUsage", "System.Int32", lambda machine: 3 if _powered(machine) else 0),
        _of_machine("MemoryAssigned", "System.Int64", lambda machine: Int64(4 * GIB if _powered(machine) else 0)),
        _of_machine("Uptime", "System.TimeSpan", lambda machine: TimeSpan.of_seconds(machine.read().uptime_seconds)),
        _of_machine("Status", "System.String", lambda _: "Operating normally"),
        _of_machine("Version", "System.String", lambda _: "8.0"),
        _of_machine("Generation", "System.Int32", lambda _: 1),
        _of_machine("Id", "System.Guid", _id),
        _of_machine("VMId", "System.Guid", _id),
        _of_machine("ComputerName", "System.String", lambda machine: machine.host),
        _of_machine("Heartbeat", VM_HEARTBEAT.name, _heartbeat),
        _of_machine("IsClustered", "System.Boolean", lambda machine: machine.unfit("clustered")),
        _of_machine(
            "ParentSnapshotName", "System.String", lambda machine: "更新前" if machine.unfit("checkpoint") else None
        ),
        _of_machine("NetworkAdapters", f"{NAMESPACE}VMNetworkAdapter[]", _network_adapters),
        _of_machine("ProcessorCount", "System.Int64", lambda _: Int64(2)),
        _of_machine("MemoryStartup", "System.Int64", lambda _: Int64(4 * GIB)),
        _of_machine("HardDrives", f"{NAMESPACE}HardDiskDrive[]", _hard_drives),
        _of_machine("VMIntegrationService", f"{NAMESPACE}VMIntegrationComponent[]", _integration_services),
    ),
    outside=outside(
        "AutomaticCriticalErrorAction AutomaticStartAction AutomaticStartDelay AutomaticStopAction "
        "CheckpointFileLocation CheckpointType CimSession ComPort1 ComPort2 ConfigurationLocation CreationTime "
        "DVDDrives DynamicMemoryEnabled FibreChannelHostBusAdapters FloppyDrive IntegrationServicesState "
        "IntegrationServicesVersion IsDeleted Key MemoryDemand MemoryMaximum MemoryMinimum "
        "MemoryStatus Notes NumaAligned NumaNodesCount NumaSocketCount OperationalStatus ParentCheckpointId "
        "ParentCheckpointName ParentSnapshotId Path PrimaryOperationalStatus "
        "PrimaryStatusDescription RemoteFxAdapter ReplicationHealth ReplicationMode ReplicationState "
        "ResourceMeteringEnabled SecondaryOperationalStatus SizeOfSystemFiles SecondaryStatusDescription "
        "SmartPagingFileInUse SmartPagingFilePath SnapshotFileLocation StatusDescriptions "
        "VirtualMachineSubType"
    ),
    text=lambda instance: f"VirtualMachine (Name = '{live(instance).guest.name}') [Id = '{live(instance).guest.id}']",
)


def _of_adapter(name: str, type_: str, get: Callable[[LiveMachine, NetworkAdapter], Any]) -> Property:
    def read(instance: DotNetObject) -> Any:
        machine = live(instance)
        return get(machine, machine.adapter(instance.fields["Name"]))

    return Property(name=name, type=type_, get=read)


def _adapter_id(machine: LiveMachine, adapter: NetworkAdapter) -> str:
    part = str(_derived_guid(machine.guest.id, adapter.name)).upper()
    return f"Microsoft:{machine.guest.id.upper()}\\{part}"


def _adapter_text(instance: DotNetObject) -> str:
    machine = live(instance)
    adapter = machine.adapter(instance.fields["Name"])
    return (
        f"VMNetworkAdapter (Name = '{adapter.name}', VMName = '{machine.guest.name}') "
        f"[Id = '{_adapter_id(machine, adapter)}', VMId = '{machine.guest.id}']"
    )


def _adapter_status(machine: LiveMachine, _: NetworkAdapter) -> TypedArray:
    return TypedArray(ADAPTER_STATUS.name, [ADAPTER_STATUS.value("Ok")] if _powered(machine) else [])


VM_NETWORK_ADAPTER: Final = DotNetClass(
    name=NAMESPACE + "VMNetworkAdapter",
    properties=(
        _of_adapter("Name", "System.String", lambda _, adapter: adapter.name),
        _of_adapter("Id", "System.String", _adapter_id),
        _of_adapter("IsManagementOs", "System.Boolean", lambda *_: False),
        _of_adapter("IsLegacy", "System.Boolean", lambda *_: False),
        _of_adapter("VMName", "System.String", lambda machine, _: machine.guest.name),
        _of_adapter("VMId", "System.Guid", lambda machine, _: _id(machine)),
        _of_adapter("ComputerName", "System.String", lambda machine, _: machine.host),
        _of_adapter("SwitchName", "System.String", lambda _, adapter: adapter.switch or None),
        _of_adapter("Connected", "System.Boolean", lambda _, adapter: bool(adapter.switch)),
        _of_adapter("MacAddress", "System.String", lambda _, adapter: adapter.mac_address),
        _of_adapter("DynamicMacAddressEnabled", "System.Boolean", lambda *_: False),
        _of_adapter("Status", f"{ADAPTER_STATUS.name}[]", _adapter_status),
        _of_adapter(
            "IPAddresses", "System.String[]", lambda _, adapter: TypedArray("System.String", adapter.ip_addresses)
        ),
    ),
    outside=outside(
        "AclList AdapterId AllowTeaming BandwidthPercentage BandwidthSetting CimSession ClusterMonitored DeviceNaming "
        "DhcpGuard ExtendedAclList FeatureList IovWeight IPsecOffloadMaximumSA IsDeleted IsExternalAdapter "
        "IsolationSetting IsTemplate MacAddressSpoofing MonitorMode PortMirroringMode RouterGuard StatusDescription "
        "SwitchId TestReplicaPoolName TestReplicaSwitchName VirtualFunction VlanSetting VmqWeight"
    ),
    text=_adapter_text,
)


def _of_switch(name: str, type_: str, get: Callable[[VirtualSwitch, str], Any]) -> Property:
    return Property(name=name, type=type_, get=lambda instance: get(instance.fields["switch"], instance.fields["host"]))


def _switch_id(switch: VirtualSwitch, host: str) -> Guid:
    return _derived_guid(host, switch.name)


def _switch_card(switch: VirtualSwitch, _: str) -> str | None:
    return "Intel(R) Ethernet Connection" if switch.type is SwitchType.EXTERNAL else None


VM_SWITCH: Final = DotNetClass(
    name=NAMESPACE + "VMSwitch",
    properties=(
        _of_switch("Name", "System.String", lambda switch, _: switch.name),
        _of_switch("Id", "System.Guid", _switch_id),
        _of_switch("SwitchType", VM_SWITCH_TYPE.name, lambda switch, _: VM_SWITCH_TYPE.value(switch.type.value)),
        _of_switch("NetAdapterInterfaceDescription", "System.String", _switch_card),
        _of_switch("ComputerName", "System.String", lambda _, host: host),
    ),
    outside=outside(
        "AllowManagementOS AvailableIPSecSA AvailableVMQueues BandwidthPercentage BandwidthReservationMode CimSession "
        "DefaultFlowMinimumBandwidthAbsolute EmbeddedTeamingEnabled Extensions IovEnabled IovSupport IovSupportReasons "
        "IsDeleted Key Notes NetAdapterInterfaceDescriptions NumberVmqAllocated PacketDirectEnabled"
    ),
    text=lambda instance: (
        f"VMSwitch (Name = '{instance.fields['switch'].name}') "
        f"[Id = '{_switch_id(instance.fields['switch'], instance.fields['host'])}']"
    ),
)


def _component_status(instance: DotNetObject) -> EnumValue | None:
    heartbeat = live(instance).read().heartbeat
    if heartbeat is Heartbeat.NONE:
        return None
    if heartbeat is Heartbeat.OK or instance.fields["Name"] == DISABLED_COMPONENT:
        return COMPONENT_STATUS.value("Ok")
    return COMPONENT_STATUS.value("NoContact" if heartbeat is Heartbeat.NO_CONTACT else "LostCommunication")


def _component_description(instance: DotNetObject) -> str:
    status = _component_status(instance)
    return "" if status is None else {"Ok": "OK", "NoContact": "No Contact"}.get(status.name, "Lost Communication")


VM_INTEGRATION_COMPONENT: Final = DotNetClass(
    name=NAMESPACE + "VMIntegrationComponent",
    properties=(
        Property(name="VMName", type="System.String", get=lambda instance: live(instance).guest.name),
        Property(name="Name", type="System.String", get=lambda instance: instance.fields["Name"]),
        Property(
            name="Enabled", type="System.Boolean", get=lambda instance: instance.fields["Name"] != DISABLED_COMPONENT
        ),
        Property(name="PrimaryOperationalStatus", type=COMPONENT_STATUS.name, get=_component_status),
        Property(name="PrimaryStatusDescription", type="System.String", get=_component_description),
        Property(name="SecondaryStatusDescription", type="System.String", get=lambda _: ""),
        Property(
            name="Id",
            type="System.String",
            get=lambda instance: f"Microsoft:{live(instance).guest.id.upper()}\\{instance.fields['Guid']}",
        ),
    ),
    outside=outside(
        "CimSession ComputerName IsDeleted OperationalStatus SecondaryOperationalStatus StatusDescription "
        "VMCheckpointId VMCheckpointName VMId VMSnapshotId VMSnapshotName"
    ),
)

VM_HOST: Final = DotNetClass(
    name=NAMESPACE + "VMHost",
    properties=(
        Property.stored("Name", "System.String", read_only=True),
        Property.stored("ComputerName", "System.String", read_only=True),
        Property(name="LogicalProcessorCount", type="System.Int32", get=lambda _: PROCESSORS),
        Property(name="MemoryCapacity", type="System.Int64", get=lambda _: Int64(HOST_GIB * GIB)),
        Property(name="VirtualMachineMigrationEnabled", type="System.Boolean", get=lambda _: False),
    ),
    outside=outside(
        "CimSession EnableEnhancedSessionMode ExternalNetworkAdapters FibreChannelWwnn FibreChannelWwpnMaximum "
        "FibreChannelWwpnMinimum FullyQualifiedDomainName IovSupport HostNumaStatus InternalNetworkAdapters "
        "IovSupportReasons IsDeleted MacAddressMaximum MacAddressMinimum MaximumStorageMigrations "
        "MaximumVirtualMachineMigrations NumaSpanningEnabled NumaStatus ResourceMeteringSaveInterval "
        "SupportedVmVersions SwitchBandwidthReservationMode UseAnyNetworkForMigration VirtualHardDiskPath "
        "VirtualMachineMigrationAuthenticationType VirtualMachineMigrationPerformanceOption VirtualMachinePath"
    ),
)


def host_object(name: str) -> DotNetObject:
    return DotNetObject(VM_HOST, {"Name": name, "ComputerName": name})


TYPES: Final = (
    *hyperv_disks.TYPES,
    VIRTUAL_MACHINE,
    VM_NETWORK_ADAPTER,
    VM_SWITCH,
    VM_INTEGRATION_COMPONENT,
    VM_HOST,
    VM_STATE,
    VM_HEARTBEAT,
    VM_SWITCH_TYPE,
    ADAPTER_STATUS,
    COMPONENT_STATUS,
)
