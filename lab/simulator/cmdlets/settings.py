"""Get-HotFix, Get-ItemProperty, Get-MpPreference, Resolve-DnsName and WinRM's settings on the simulated hosts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from lab.simulator.cmdlets.lab_host import LabHost, outside
from lab.simulator.hosts.host import REPLICA
from powershell import Cmdlet, CommandContext, DateTime, DotNetClass, DotNetObject, EnumType, Property, TypedArray

HOTFIX_MS: Final = 1500
DEFENDER_MS: Final = 800
QUESTION_MS: Final = 30
WSMAN: Final = "wsman:\\localhost\\"
VERSION_KEY: Final = r"hklm:\software\microsoft\windows nt\currentversion"
RHA_FOLDER: Final = r"C:\Program Files\CA\ARCserve RHA"
QUOTAS: Final = {
    "Shell\\MaxMemoryPerShellMB": 1024,
    "Shell\\MaxShellsPerUser": 30,
    "Service\\MaxConcurrentOperationsPerUser": 1500,
}
"""As Windows Server 2012 and later come."""
LOW: Final = {"Shell\\MaxMemoryPerShellMB": 150, "Shell\\MaxShellsPerUser": 5}
"""As Windows Server 2008 R2 came."""
UPDATES: Final = (("KB3192137", timedelta(days=400)), ("KB5049993", timedelta(days=13)))
"""Each with its age at the first instant of the lab; a build that a simulation names has one more, of no real name."""
NEGLECTED: Final = timedelta(days=200)
TTL: Final = 300
LONG_TTL: Final = 86_400


def _class(name: str, given: str, others: str, text: str) -> DotNetClass:
    return DotNetClass(
        name=name,
        properties=tuple(Property.stored(each, "System.Object", read_only=True) for each in given.split()),
        outside=outside(others),
        text=lambda instance: str(instance.fields[text]),
    )


HOTFIX: Final = _class(
    "System.Management.ManagementObject",
    "HotFixID InstalledOn Description",
    "CSName Caption ClassPath Container FixComments InstallDate InstalledBy Name Options PSComputerName Path "
    "Properties Qualifiers Scope ServicePackInEffect Site Status SystemProperties",
    "HotFixID",
)
SETTING: Final = _class(
    "Microsoft.WSMan.Management.WSManConfigLeafElement", "Name Value", "SourceOfValue Type TypeNameOfElement", "Name"
)
REGISTRY_KEY: Final = _class(
    "System.Management.Automation.PSCustomObject",
    "CurrentBuild UBR",
    "BuildBranch BuildLab BuildLabEx CurrentBuildNumber CurrentMajorVersionNumber CurrentMinorVersionNumber "
    "CurrentType CurrentVersion EditionID InstallDate InstallationType PSChildName PSDrive PSParentPath PSPath "
    "PSProvider PathName ProductId ProductName RegisteredOwner ReleaseId SystemRoot",
    "CurrentBuild",
)
DEFENDER: Final = _class(
    "Microsoft.Management.Infrastructure.CimInstance",
    "DisableRealtimeMonitoring ExclusionPath ExclusionProcess",
    "CimClass CimInstanceProperties CimSystemProperties CheckForSignaturesBeforeRunningScan ComputerID "
    "DisableArchiveScanning DisableBehaviorMonitoring DisableIOAVProtection ExclusionExtension PSComputerName",
    "DisableRealtimeMonitoring",
)
RECORD_TYPE: Final = EnumType("Microsoft.DnsClient.Commands.RecordType", (("A", 1), ("CNAME", 5), ("AAAA", 28)))
DNS_RECORD: Final = _class(
    "Microsoft.DnsClient.Commands.DnsRecord_A",
    "Name Type TTL IPAddress",
    "Address CharacterSet DataLength IP4Address QueryType Section",
    "Name",
)
TYPES: Final = (HOTFIX, SETTING, DNS_RECORD, RECORD_TYPE)


def setting_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet("Get-HotFix", get_hotfix),
        host.cmdlet("Get-ItemProperty", get_item_property, "LiteralPath string mandatory"),
        *_defender(host),
        host.cmdlet(
            "Resolve-DnsName",
            resolve_dns_name,
            "Name string 0 mandatory, Type string mandatory one-of:A, DnsOnly switch, NoHostsFile switch, "
            "QuickTimeout switch",
            of="System.ComponentModel.Win32Exception,Microsoft.DnsClient.Commands.ResolveDnsName",
        ),
    )


def _defender(host: LabHost) -> Iterator[Cmdlet]:
    """Windows Server has had Microsoft Defender since 2016, with PowerShell 5.1."""
    if host.world.hosts[host.name].windows.powershell.startswith("5."):
        yield host.cmdlet("Get-MpPreference", get_mp_preference, of="HRESULT 0x800106ba,Get-MpPreference")


def get_hotfix(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(HOTFIX_MS)
    if _untold(host, context):
        return
    first = host.world.settings.start
    older = NEGLECTED if _unfit(host, "old-updates") else timedelta()
    named = host.world.settings.windows_build
    of_build = ((f"KB9{named.replace('.', '')}", timedelta()),) if named else ()
    for name, age in (*UPDATES, *of_build):
        installed = DateTime.of(first - age - older)
        yield DotNetObject(HOTFIX, {"HotFixID": name, "InstalledOn": installed, "Description": "Security Update"})


def get_item_property(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Of the key that has the build of Windows."""
    path = str(context.get("LiteralPath"))
    if path.casefold() != VERSION_KEY:
        context.outside_subset(f"Get-ItemProperty -LiteralPath {path}")
    host.spend(QUESTION_MS)
    windows = host.world.hosts[host.name].windows
    yield DotNetObject(REGISTRY_KEY, {"CurrentBuild": windows.build, "UBR": windows.revision})


def get_mp_preference(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    host.spend(DEFENDER_MS)
    if not _untold(host, context):
        excluded = () if _unfit(host, "no-exclusions") else (RHA_FOLDER,)
        fields = {"DisableRealtimeMonitoring": False, "ExclusionPath": TypedArray("System.String", excluded)}
        yield DotNetObject(DEFENDER, {**fields, "ExclusionProcess": None})


def resolve_dns_name(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Of names of guests."""
    host.spend(QUESTION_MS)
    name = str(context.get("Name"))
    guest = next((each for each in host.world.guests.values() if each.computer_name == name.casefold()), None)
    if guest is None or _unfit(host, "untold-settings"):
        said = f"{name} : DNS name does not exist"
        context.write_error(context.error(said, error_id="DNS_ERROR_RCODE_NAME_ERROR", category="ResourceUnavailable"))
        return
    fields = {"Name": name, "Type": RECORD_TYPE.value("A"), "IPAddress": guest.address}
    yield DotNetObject(DNS_RECORD, {**fields, "TTL": LONG_TTL if _unfit(host, "long-ttl") else TTL})


def setting_item(host: LabHost, context: CommandContext, path: str) -> Iterator[DotNetObject]:
    """A setting of WinRM."""
    name = next((each for each in QUOTAS if f"{WSMAN}{each}".casefold() == path.casefold()), None)
    if name is None:
        context.outside_subset(f"Get-Item -LiteralPath {path}")
    if not _untold(host, context):
        value = {**QUOTAS, **(LOW if _unfit(host, "low-quotas") else {})}[name]
        yield DotNetObject(SETTING, {"Name": name.rpartition("\\")[2], "Value": str(value)})


def _untold(host: LabHost, context: CommandContext) -> bool:
    """Whether the command is refused, as where the login may not read settings."""
    if not _unfit(host, "untold-settings"):
        return False
    context.write_error(context.error("Access is denied.", error_id="AccessDenied", category="PermissionDenied"))
    return True


def _unfit(host: LabHost, what: str) -> bool:
    """Of the replica, as a simulation is told to be."""
    return host.world.settings.unfit_for(what) and host.name == REPLICA
