"""Test-Path of the registry, Get-Item of a service's file and Test-NetConnection of the simulated hosts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab.model.hosts import HYPERV_SERVICE, Service
from lab.simulator.cmdlets.lab_host import LabHost, outside
from lab.simulator.cmdlets.settings import RHA_FOLDER, WSMAN, setting_item
from lab.simulator.hosts.host import REPLICA, HyperVHost
from powershell import Cmdlet, CommandContext, DotNetClass, DotNetObject, Property

ITEM_MS: Final = 20
CONNECTION_MS: Final = 300
NO_CONNECTION_MS: Final = 21_000
ENGINE_PORT: Final = 25000
CONTROL_PORT: Final = 8088
PENDING: Final = (
    r"hklm:\software\microsoft\windows\currentversion\component based servicing\rebootpending",
    r"hklm:\software\microsoft\windows\currentversion\windowsupdate\auto update\rebootrequired",
)

VERSION_INFO: Final = DotNetClass(
    name="System.Diagnostics.FileVersionInfo",
    properties=(Property.stored("FileVersion", "System.String", read_only=True),),
    outside=outside(
        "Comments CompanyName FileBuildPart FileDescription FileMajorPart FileMinorPart FileName FilePrivatePart "
        "FileVersionRaw InternalName IsDebug IsPatched IsPreRelease IsPrivateBuild IsSpecialBuild Language "
        "LegalCopyright LegalTrademarks OriginalFilename PrivateBuild ProductBuildPart ProductMajorPart "
        "ProductMinorPart ProductName ProductPrivatePart ProductVersion ProductVersionRaw SpecialBuild"
    ),
    text=lambda instance: str(instance.fields["FileVersion"]),
)
FILE_INFO: Final = DotNetClass(
    name="System.IO.FileInfo",
    bases=("System.IO.FileSystemInfo", "System.Object"),
    properties=(
        Property.stored("FullName", "System.String", read_only=True),
        Property.stored("VersionInfo", VERSION_INFO.name, read_only=True),
    ),
    outside=outside(
        "Attributes BaseName CreationTime CreationTimeUtc Directory DirectoryName Exists Extension IsReadOnly "
        "LastAccessTime LastAccessTimeUtc LastWriteTime LastWriteTimeUtc Length LinkType Mode Name PSChildName "
        "PSDrive PSIsContainer PSParentPath PSPath PSProvider Target"
    ),
    text=lambda instance: str(instance.fields["FullName"]),
)
TYPES: Final = (VERSION_INFO, FILE_INFO)


def condition_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet("Test-Path", test_path, "LiteralPath string mandatory"),
        host.cmdlet("Get-Item", get_item, "LiteralPath string[] mandatory"),
        host.cmdlet(
            "Test-NetConnection",
            test_net_connection,
            "ComputerName string 0 mandatory, Port int mandatory, InformationLevel string mandatory",
            of="{}",
        ),
    )


def service_file(service: Service) -> str:
    """The file a service runs."""
    if service.name == HYPERV_SERVICE:
        return rf"C:\Windows\system32\{service.name}.exe"
    return rf"{RHA_FOLDER}\{service.name}.exe"


def test_path(host: LabHost, context: CommandContext) -> tuple[bool]:
    """Of the keys by which Windows remembers that it wants to be restarted."""
    path = str(context.get("LiteralPath"))
    if path.casefold() not in PENDING:
        context.outside_subset(f"Test-Path -LiteralPath {path}")
    host.spend(ITEM_MS)
    return (unfit(host, "pending-restart") and path.casefold() == PENDING[0],)


def get_item(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """Of WinRM's settings, and of the files that services run."""
    host.spend(ITEM_MS)
    for path in context.get("LiteralPath"):
        if path.casefold().startswith(WSMAN):
            yield from setting_item(host, context, path)
        else:
            yield _file(host, context, path)


def _file(host: LabHost, context: CommandContext, path: str) -> DotNetObject:
    here = host.world.hosts[host.name]
    service = next((each for each in here.services.values() if service_file(each).casefold() == path.casefold()), None)
    if service is None:
        context.outside_subset(f"Get-Item -LiteralPath {path}")
    of_rha = {host.control_service.profile.control_service.name: host.world.settings.rha_version}
    version = of_rha.get(service.name, here.engine_version)
    if service.name == HYPERV_SERVICE:
        version = here.windows.version
    information = DotNetObject(VERSION_INFO, {"FileVersion": version})
    return DotNetObject(FILE_INFO, {"FullName": service_file(service), "VersionInfo": information})


def test_net_connection(host: LabHost, context: CommandContext) -> tuple[bool]:
    """Of ports of RHA on the lab's hosts; a port that does not answer is waited for as Windows does."""
    if str(context.get("InformationLevel")).casefold() != "quiet":
        context.outside_subset("Test-NetConnection without -InformationLevel Quiet")
    wanted = str(context.get("ComputerName")).casefold()
    other = next((each for each in host.world.hosts.values() if wanted in {each.name.casefold(), each.address}), None)
    answers = other is not None and _listens(host, other, int(context.get("Port")))
    host.spend(CONNECTION_MS if answers else NO_CONNECTION_MS)
    return (answers,)


def _listens(host: LabHost, other: HyperVHost, port: int) -> bool:
    profile = host.control_service.profile
    service = {ENGINE_PORT: profile.engine_service.name, CONTROL_PORT: profile.control_service.name}.get(port, "")
    cut = host.world.hosts[host.name].cut_off or other.cut_off or host.world.settings.unfit_for("blocked-ports")
    return other.service_runs(service) and not cut


def unfit(host: LabHost, what: str) -> bool:
    """Of the replica, as a simulation is told to be."""
    return host.world.settings.unfit_for(what) and host.name == REPLICA
