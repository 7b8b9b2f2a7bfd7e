"""Get-Content, New-Item and Remove-Item over the few files of a simulated host: text under ProgramData."""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost
from powershell import Cmdlet, CommandContext

FILE_MS: Final = 20
ROOT: Final = "c:\\programdata\\"


def file_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        host.cmdlet("Get-Content", get_content, "LiteralPath string mandatory, Raw switch"),
        host.cmdlet("New-Item", new_item, "Path string 0 mandatory, ItemType|Type string, Value string, Force switch"),
        host.cmdlet("Remove-Item", remove_item, "LiteralPath string mandatory"),
    )


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
    if kind == "directory" and context.get("Force"):
        return
    if kind != "file" or context.get("Force"):
        context.outside_subset(f"New-Item -ItemType {context.get('ItemType')}")
    files = _files(host)
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
