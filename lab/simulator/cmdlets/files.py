"""Get-ChildItem, Get-Content, New-Item and Remove-Item on a simulated host, over the few texts under ProgramData."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost, outside
from powershell import Cmdlet, CommandContext, DotNetClass, DotNetObject, Property, Wildcard

FILE_MS: Final = 20
ROOT: Final = "c:\\programdata\\"
FILE: Final = DotNetClass(
    name="System.IO.FileInfo",
    properties=tuple(
        Property.stored(each, "System.String", read_only=True) for each in ("Name", "BaseName", "FullName")
    ),
    outside=outside(
        "Attributes CreationTime CreationTimeUtc Directory DirectoryName Exists Extension IsReadOnly LastAccessTime "
        "LastAccessTimeUtc LastWriteTime LastWriteTimeUtc Length LinkType Mode PSChildName PSDrive PSIsContainer "
        "PSParentPath PSPath PSProvider Target VersionInfo"
    ),
    text=lambda file: str(file.fields["Name"]),
)


def file_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet("Get-ChildItem", get_child_items, "LiteralPath string mandatory, Filter string"),
        host.cmdlet("Get-Content", get_content, "LiteralPath string mandatory, Raw switch"),
        host.cmdlet("New-Item", new_item, "Path string 0 mandatory, ItemType|Type string, Value string, Force switch"),
        host.cmdlet("Remove-Item", remove_item, "LiteralPath string mandatory"),
    )


def get_child_items(host: LabHost, context: CommandContext) -> Iterator[DotNetObject]:
    """The files of a folder, as the file system has them: by name."""
    host.spend(FILE_MS)
    folder = _path(context, "LiteralPath") + "\\"
    wanted = Wildcard(str(context.get("Filter") or "*"))
    files = _files(host)
    if folder.casefold() not in files:
        context.throw(_not_found(context, folder.rstrip("\\")))
    for path in sorted(files):
        name = path.removeprefix(folder.casefold())
        if name and name != path and "\\" not in name and wanted.matches(name):
            yield DotNetObject(FILE, {"Name": name, "BaseName": name.rpartition(".")[0], "FullName": folder + name})


def get_content(host: LabHost, context: CommandContext) -> tuple[str]:
    """Whole, as -Raw gives it: what reads a file line by line is refused."""
    if not context.get("Raw"):
        context.outside_subset("Get-Content without -Raw")
    host.spend(FILE_MS)
    path = _path(context, "LiteralPath")
    text = _files(host).get(path.casefold())
    if text is None:
        context.throw(_not_found(context, path))
    return (text,)


def new_item(host: LabHost, context: CommandContext) -> None:
    """A file that is there already is an error; what the real one answers with is not part of the subset."""
    host.spend(FILE_MS)
    path, kind = _path(context, "Path"), str(context.get("ItemType") or "File").casefold()
    files = _files(host)
    if kind == "directory" and context.get("Force"):
        files[path.casefold() + "\\"] = ""
        return
    if kind != "file" or context.get("Force"):
        context.outside_subset(f"New-Item -ItemType {context.get('ItemType')}")
    if path.casefold() in files:
        context.throw(
            context.error(
                f"The file '{path}' already exists.",
                error_id="NewItemIOError",
                category="WriteError",
                target=path,
                exception="System.IO.IOException",
            )
        )
    files[path.casefold()] = str(context.get("Value") or "")


def remove_item(host: LabHost, context: CommandContext) -> None:
    host.spend(FILE_MS)
    path = _path(context, "LiteralPath")
    if _files(host).pop(path.casefold(), None) is None:
        context.throw(_not_found(context, path))


def _files(host: LabHost) -> dict[str, str]:
    return host.world.hosts[host.name].files


def _path(context: CommandContext, name: str) -> str:
    path = str(context.get(name)).replace("/", "\\")
    if not path.casefold().startswith(ROOT) or ".." in path:
        context.outside_subset(f"the path {path}")
    return path


def _not_found(context: CommandContext, path: str) -> Any:
    return context.error(
        f"Cannot find path '{path}' because it does not exist.",
        error_id="PathNotFound",
        category="ObjectNotFound",
        target=path,
        exception="System.Management.Automation.ItemNotFoundException",
    )
