"""Get-Service, Get-CimInstance, whoami and Restart-Computer of the simulated hosts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

from lab.model.hosts import SIMULATED, Service
from lab.simulator.cmdlets.condition import service_file, unfit
from lab.simulator.cmdlets.hyperv_types import GIB, HOST_GIB, PROCESSORS
from lab.simulator.cmdlets.lab_host import LabHost, outside
from lab.simulator.hosts.host import WindowsRelease
from lab.simulator.hosts.restart import Restart, ShutdownInProgress
from powershell import (
    Cmdlet,
    CommandContext,
    DateTime,
    DotNetClass,
    DotNetObject,
    EnumType,
    Int64,
    Property,
    TypedArray,
    UInt32,
    Wildcard,
)

SERVICE_MS: Final = 40
CIM_MS: Final = 150
WHOAMI_MS: Final = 60
RESTART_MS: Final = 300
MODEL: Final = "Rack server"
CIMV2: Final = "root/cimv2"
VIRTUALIZATION: Final = "root/virtualization/v2"
CIM_CLASS: Final = "Microsoft.Management.Infrastructure.CimInstance"

SERVICE_STATUS: Final = EnumType(
    "System.ServiceProcess.ServiceControllerStatus",
    (
        ("Stopped", 1),
        ("StartPending", 2),
        ("StopPending", 3),
        ("Running", 4),
        ("ContinuePending", 5),
        ("PausePending", 6),
        ("Paused", 7),
    ),
)
SERVICE_CONTROLLER: Final = DotNetClass(
    name="System.ServiceProcess.ServiceController",
    properties=(
        Property.stored("Name", "System.String", read_only=True),
        Property.stored("ServiceName", "System.String", read_only=True),
        Property.stored("DisplayName", "System.String", read_only=True),
        Property.stored("Status", SERVICE_STATUS.name, read_only=True),
        Property.stored("MachineName", "System.String", read_only=True),
    ),
    outside=outside(
        "CanPauseAndContinue CanShutdown CanStop Container DependentServices RequiredServices ServiceHandle "
        "ServicesDependedOn ServiceType Site StartType"
    ),
    text=lambda instance: str(instance.fields["Name"]),
)


def _cim_class(name: str, given: tuple[str, ...], others: str, namespace: str = CIMV2) -> DotNetClass:
    def of(key: str) -> Property:
        return Property(name=key, type="System.Object", get=lambda instance: instance.fields[key])

    return DotNetClass(
        name=CIM_CLASS,
        bases=(f"{CIM_CLASS}#{namespace}/{name}", "System.Object"),
        properties=tuple(map(of, given)),
        outside=outside(others),
        text=lambda instance: f'{name} (Name = "{instance.fields["Name"]}")',
    )


OPERATING_SYSTEM: Final = _cim_class(
    "Win32_OperatingSystem",
    (
        *("Caption", "Version", "BuildNumber", "CSName", "LastBootUpTime", "LocalDateTime", "OSArchitecture"),
        "CurrentTimeZone",
    ),
    "BootDevice BuildType CSCreationClassName CSDVersion CimClass CimInstanceProperties CimSystemProperties CodeSet "
    "CountryCode CreationClassName Debug Description Distributed EncryptionLevel "
    "FreePhysicalMemory FreeSpaceInPagingFiles FreeVirtualMemory InstallDate LargeSystemCache Locale MUILanguages "
    "Manufacturer MaxNumberOfProcesses MaxProcessMemorySize Name NumberOfLicensedUsers NumberOfProcesses NumberOfUsers "
    "OSLanguage OSProductSuite OSType OperatingSystemSKU Organization OtherTypeDescription PAEEnabled PSComputerName "
    "PlusProductID PlusVersionNumber PortableOperatingSystem Primary ProductType RegisteredUser SerialNumber "
    "ServicePackMajorVersion ServicePackMinorVersion SizeStoredInPagingFiles Status SuiteMask SystemDevice "
    "SystemDirectory SystemDrive TotalSwapSpaceSize TotalVirtualMemorySize TotalVisibleMemorySize WindowsDirectory",
)
SERVICE: Final = _cim_class(
    "Win32_Service",
    ("Name", "DisplayName", "State", "StartName", "Started", "PathName"),
    "AcceptPause AcceptStop Caption CheckPoint CimClass CimInstanceProperties CimSystemProperties CreationClassName "
    "DelayedAutoStart Description DesktopInteract ErrorControl ExitCode InstallDate PSComputerName ProcessId "
    "ServiceSpecificExitCode ServiceType StartMode Status SystemCreationClassName SystemName TagId WaitHint",
)
LOGICAL_DISK: Final = _cim_class(
    "Win32_LogicalDisk",
    ("Name", "DeviceID", "DriveType", "Size", "FreeSpace"),
    "Access Availability BlockSize Caption CimClass CimInstanceProperties CimSystemProperties Compressed "
    "ConfigManagerErrorCode ConfigManagerUserConfig CreationClassName Description ErrorCleared ErrorDescription "
    "ErrorMethodology FileSystem InstallDate LastErrorCode MaximumComponentLength MediaType NumberOfBlocks "
    "PNPDeviceID PSComputerName PowerManagementCapabilities PowerManagementSupported ProviderName Purpose "
    "QuotasDisabled QuotasIncomplete QuotasRebuilding Status StatusInfo SupportsDiskQuotas "
    "SupportsFileBasedCompression SystemCreationClassName SystemName VolumeDirty VolumeName VolumeSerialNumber",
)
COMPUTER_SYSTEM: Final = _cim_class(
    "Win32_ComputerSystem",
    ("Name", "Manufacturer", "Model", "NumberOfLogicalProcessors", "TotalPhysicalMemory"),
    "AdminPasswordStatus AutomaticManagedPagefile AutomaticResetBootOption AutomaticResetCapability BootOptionOnLimit "
    "BootOptionOnWatchDog BootROMSupported BootStatus BootupState CSCreationClassName Caption ChassisBootupState "
    "ChassisSKUNumber CimClass CimInstanceProperties CimSystemProperties CreationClassName CurrentTimeZone "
    "DNSHostName DaylightInEffect Description Domain DomainRole EnableDaylightSavingsTime FrontPanelResetStatus "
    "HypervisorPresent InfraredSupported InitialLoadInfo InstallDate KeyboardPasswordStatus LastLoadInfo NameFormat "
    "NetworkServerModeEnabled NumberOfProcessors OEMLogoBitmap OEMStringArray PCSystemType PCSystemTypeEx "
    "PSComputerName PartOfDomain PauseAfterReset PowerManagementCapabilities PowerManagementSupported "
    "PowerOnPasswordStatus PowerState PowerSupplyState PrimaryOwnerContact PrimaryOwnerName ResetCapability ResetCount "
    "ResetLimit Roles Status SupportContactDescription SystemFamily SystemSKUNumber SystemStartupDelay "
    "SystemStartupOptions SystemStartupSetting SystemType ThermalState UserName WakeUpType Workgroup",
)
PROCESS: Final = _cim_class(
    "Win32_Process",
    ("Name", "ProcessId", "CreationDate"),
    "CSCreationClassName CSName Caption CimClass CimInstanceProperties CimSystemProperties CommandLine "
    "CreationClassName Description ExecutablePath ExecutionState Handle HandleCount InstallDate KernelModeTime "
    "MaximumWorkingSetSize MinimumWorkingSetSize OSCreationClassName OSName OtherOperationCount OtherTransferCount "
    "PSComputerName PageFaults PageFileUsage ParentProcessId Path PeakPageFileUsage PeakVirtualSize PeakWorkingSetSize "
    "Priority PrivatePageCount QuotaNonPagedPoolUsage QuotaPagedPoolUsage QuotaPeakNonPagedPoolUsage "
    "QuotaPeakPagedPoolUsage ReadOperationCount ReadTransferCount SessionId Status TerminationDate ThreadCount "
    "UserModeTime VM VirtualSize WS WindowsVersion WorkingSetSize WriteOperationCount WriteTransferCount",
)
KVP_EXCHANGE: Final = _cim_class(
    "Msvm_KvpExchangeComponent",
    ("Name", "SystemName", "ElementName", "GuestIntrinsicExchangeItems"),
    "AvailableRequestedStates Caption CimClass CimInstanceProperties CimSystemProperties CommunicationStatus "
    "CreationClassName Description DetailedStatus DeviceID EnabledDefault EnabledState ErrorCleared ErrorDescription "
    "GuestExchangeItems HealthState InstallDate InstanceID LastErrorCode OperatingStatus OperationalStatus "
    "OtherEnabledState OtherIdentifyingInfo PSComputerName PowerOnHours PrimaryStatus RequestedState Status StatusInfo "
    "StatusDescriptions SystemCreationClassName TimeOfLastStateChange TotalPowerOnHours TransitioningToState",
    VIRTUALIZATION,
)
TYPES: Final = (SERVICE_CONTROLLER, SERVICE_STATUS)


def windows_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet(
            "Get-Service",
            get_service,
            "Name|ServiceName string[] 0 pipeline by-name in:Default, DisplayName string[] mandatory in:DisplayName",
            default_set="Default",
        ),
        host.cmdlet(
            "Get-CimInstance",
            get_cim_instance,
            "ClassName string 0 mandatory, Namespace string, Filter string",
            of="Microsoft.Management.Infrastructure.CimCmdlets.{}Command",
        ),
        host.cmdlet("whoami.exe", who_am_i, "Argument string[] 0 rest", of=""),
        host.cmdlet("Restart-Computer", restart_computer, "Force switch, Confirm|cf switch"),
    )


def get_service(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(SERVICE_MS)
    asked = context.get("DisplayName")
    by_name = asked is None
    names = (context.get("Name") if by_name else asked) or ["*"]
    for name in names:
        found = [
            each for each in _services(host) if Wildcard(name).matches(each.name if by_name else each.display_name)
        ]
        if not found and Wildcard(name).is_literal:
            context.write_error(
                context.error(
                    f"Cannot find any service with {'service' if by_name else 'display'} name '{name}'.",
                    error_id="NoServiceFoundForGivenName" if by_name else "NoServiceFoundForGivenDisplayName",
                    category="ObjectNotFound",
                    target=name,
                    exception="Microsoft.PowerShell.Commands.ServiceCommandException",
                )
            )
        yield from map(_service_controller, found)


def get_cim_instance(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    namespace = (context.get("Namespace") or CIMV2).replace("\\", "/").lower()
    instances = CIM_CLASSES.get((namespace, context.get("ClassName").lower()))
    if instances is None:
        context.outside_subset(f"Get-CimInstance {context.get('ClassName')}")
    wanted = _wanted_name(context)
    host.spend(CIM_MS)
    yield from (each for each in instances(host) if wanted in {None, str(each.fields["Name"]).casefold()})


def _wanted_name(context: CommandContext) -> str | None:
    """The name that -Filter asks for; of WQL nothing else is understood, nor of any class but processes."""
    text = context.get("Filter")
    if text is None:
        return None
    found = re.fullmatch(r"\s*Name\s*=\s*'([^'\\%_\[]*)'\s*", str(text), re.IGNORECASE)
    if found is None or str(context.get("ClassName")).lower() != "win32_process":
        context.outside_subset(f"Get-CimInstance -Filter {text}")
    return found[1].casefold()


def who_am_i(host: LabHost, context: CommandContext) -> Iterator[str]:
    """The groups of the logon, as CSV without a header."""
    if [str(each).lower() for each in context.get("Argument") or ()] != ["/groups", "/fo", "csv", "/nh"]:
        context.outside_subset("whoami.exe with other arguments than /groups /fo csv /nh")
    host.spend(WHOAMI_MS)
    privileged = not host.world.settings.unprivileged
    denied = "Group used for deny only" if not privileged else "Mandatory group, Enabled by default, Enabled group"
    yield '"Everyone","Well-known group","S-1-1-0","Mandatory group, Enabled by default, Enabled group"'
    yield f'"BUILTIN\\Administrators","Alias","S-1-5-32-544","{denied}"'
    level = ("High", "S-1-16-12288") if privileged else ("Medium", "S-1-16-8192")
    yield f'"Mandatory Label\\{level[0]} Mandatory Level","Label","{level[1]}",""'


def restart_computer(host: LabHost, context: CommandContext) -> None:
    """Returns before the host goes down; as no other user is logged on, -Force makes no difference."""
    host.spend(RESTART_MS)
    try:
        Restart(host.world, host.name).begin()
    except ShutdownInProgress as refusal:
        context.write_error(
            context.error(
                f"Failed to restart the computer {host.name} with the following error message: {refusal}",
                error_id="RestartcomputerFailed",
                category="OperationStopped",
                target=host.name,
                exception="System.InvalidOperationException",
            )
        )


def _operating_systems(host: LabHost) -> Iterator[DotNetObject]:
    here = host.world.hosts[host.name]
    yield DotNetObject(
        OPERATING_SYSTEM,
        {
            "Name": here.windows.caption,
            "Caption": here.windows.caption,
            "Version": here.windows.version,
            "BuildNumber": here.windows.build,
            "CSName": here.name,
            "LastBootUpTime": DateTime.of(here.booted + here.clock_skew),
            "LocalDateTime": DateTime.of(host.clock.now()),
            "OSArchitecture": "64-bit",
            "CurrentTimeZone": _minutes_ahead(host),
        },
    )


def _computer_systems(host: LabHost) -> Iterator[DotNetObject]:
    yield DotNetObject(
        COMPUTER_SYSTEM,
        {
            "Name": host.name,
            "Manufacturer": SIMULATED,
            "Model": MODEL,
            "NumberOfLogicalProcessors": UInt32(PROCESSORS),
            "TotalPhysicalMemory": Int64(HOST_GIB * GIB),
        },
    )


def _minutes_ahead(host: LabHost) -> int:
    """Of UTC, as the simulation's first instant is."""
    return round((host.world.settings.start.utcoffset() or timedelta()) / timedelta(minutes=1))


def _logical_disks(host: LabHost) -> Iterator[DotNetObject]:
    """A disk in use, and a drive without one."""
    free = 1 if unfit(host, "full-disk") else 400
    yield DotNetObject(
        LOGICAL_DISK,
        {
            "Name": "C:",
            "DeviceID": "C:",
            "DriveType": UInt32(3),
            "Size": Int64(600 * GIB),
            "FreeSpace": Int64(free * GIB),
        },
    )
    yield DotNetObject(
        LOGICAL_DISK, {"Name": "D:", "DeviceID": "D:", "DriveType": UInt32(5), "Size": None, "FreeSpace": None}
    )


def _processes(host: LabHost) -> Iterator[DotNetObject]:
    """The one that each boot begins with, and no other."""
    here = host.world.hosts[host.name]
    stamped = here.first_process or here.booted + here.clock_skew
    fields: dict[str, Any] = {
        "Name": "wininit.exe",
        "ProcessId": UInt32(500 + 4 * here.boots),
        "CreationDate": DateTime.of(stamped),
    }
    yield DotNetObject(PROCESS, fields)


def _win32_services(host: LabHost) -> Iterator[DotNetObject]:
    for service in _services(host):
        fields: dict[str, Any] = {
            "Name": service.name,
            "DisplayName": service.display_name,
            "State": "Running" if service.running else "Stopped",
            "StartName": service.account,
            "Started": service.running,
            "PathName": f'"{service_file(service)}"',
        }
        yield DotNetObject(SERVICE, fields)


def _kvp_exchange_components(host: LabHost) -> Iterator[DotNetObject]:
    """One for each running guest; without the guest's heartbeat its items are not there."""
    for registration in host.world.hosts[host.name].registrations.values():
        if not registration.off:
            fields: dict[str, Any] = {
                "Name": "Microsoft:KvpExchange",
                "SystemName": registration.guest.id.upper(),
                "ElementName": "Key-Value Pair Exchange",
                "GuestIntrinsicExchangeItems": TypedArray(
                    "System.String", _kvp_items(host.world.guest_name(registration), host.world.guest_windows)
                ),
            }
            yield DotNetObject(KVP_EXCHANGE, fields)


def _kvp_items(told_name: str, windows: WindowsRelease) -> Iterator[str]:
    """What a guest that is up says of itself."""
    if told_name:
        yield _kvp_item("FullyQualifiedDomainName", told_name)
        yield _kvp_item("OSName", windows.caption)
        yield _kvp_item("OSVersion", windows.version)
        yield _kvp_item("CSDVersion", "")
        yield _kvp_item("IntegrationServicesVersion", f"{windows.version}.{windows.revision}")


def _kvp_item(name: str, data: str) -> str:
    """Hyper-V WMI provider: Msvm_KvpExchangeDataItem as a CIM-XML instance."""
    properties = "".join(
        f'<PROPERTY NAME="{key}" TYPE="string"><VALUE>{escape(value)}</VALUE></PROPERTY>'
        for key, value in (("Data", data), ("Name", name))
    )
    return f'<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">{properties}</INSTANCE>'


CIM_CLASSES: Final[dict[tuple[str, str], Callable[[LabHost], Iterator[DotNetObject]]]] = {
    (CIMV2, "win32_computersystem"): _computer_systems,
    (CIMV2, "win32_logicaldisk"): _logical_disks,
    (CIMV2, "win32_operatingsystem"): _operating_systems,
    (CIMV2, "win32_process"): _processes,
    (CIMV2, "win32_service"): _win32_services,
    (VIRTUALIZATION, "msvm_kvpexchangecomponent"): _kvp_exchange_components,
}


def _services(host: LabHost) -> list[Service]:
    return sorted(host.world.hosts[host.name].services.values(), key=lambda service: service.name.casefold())


def _service_controller(service: Service) -> DotNetObject:
    return DotNetObject(
        SERVICE_CONTROLLER,
        {
            "Name": service.name,
            "ServiceName": service.name,
            "DisplayName": service.display_name,
            "Status": SERVICE_STATUS.value("Running" if service.running else "Stopped"),
            "MachineName": ".",
        },
    )
