"""Error records as text: NormalView, ConciseView and CategoryView."""

from __future__ import annotations

import re

from powershell.category_info import category_text
from powershell.dialect import spoken
from powershell.errors import ErrorRecord, OutsideSubset
from powershell.formatting.position import position_message
from powershell.formatting.values import Objects
from powershell.syntax import Extent


def error_text(objects: Objects, record: ErrorRecord) -> str:
    """The text of an error among output, as $ErrorView asks for it."""
    match objects.error_view.lower():
        case "normalview":
            return windows_view(record) if spoken().windows else normal_view(record)
        case "categoryview":
            return category_text(record)
    raise objects.outside(f"$ErrorView {objects.error_view}")


def normal_view(record: ErrorRecord) -> str:
    command = command_name(record) or _script_text(record) or _block_text(record)
    lines = [(f"{command} : " if command else "") + record.message]
    if record.extent is not None and not _script_text(record):
        lines.append(position_message(record.extent))
    lines.append(f"+ CategoryInfo          : {category_text(record)}")
    lines.append(f"+ FullyQualifiedErrorId : {record.fully_qualified_id}")
    return "\n".join(lines)


def windows_view(record: ErrorRecord) -> str:
    """NormalView of Windows PowerShell: the category and the id are indented, and a line with one blank ends it."""
    *told, category, identity = normal_view(record).split("\n")
    return "\n".join([*told, f"    {category}", f"    {identity}", " "])


def command_name(record: ErrorRecord) -> str:
    """InvocationInfo.MyCommand: the command the error is reported by, empty for errors of the language."""
    command = record.command
    if command is None:
        unknown = record.error_id == "CommandNotFoundException" and isinstance(record.target, str)
        return str(record.target) if unknown else ""
    return command if isinstance(command, str) else str(getattr(command, "name", ""))


def _script_text(record: ErrorRecord) -> str:
    """The script that itself called Write-Error: that script is the command, and it has no place."""
    extent = record.extent
    if record.activity != "Write-Error" or record.command is not None or extent is None or _is_block_call(extent):
        return ""
    return extent.source.text


def _is_block_call(extent: Extent) -> bool:
    return extent.text[:1] in {"&", "."}


def _block_text(record: ErrorRecord) -> str:
    """The script block that called Write-Error, where the call itself spells it out."""
    extent = record.extent
    if record.activity != "Write-Error" or record.command is not None or extent is None or not _is_block_call(extent):
        return ""
    block = re.match(r"[&.]\s*\{(.*)\}", extent.text, re.DOTALL)
    if block is None:
        raise OutsideSubset("the text of an error from a script block in a variable", extent)
    return block[1]
