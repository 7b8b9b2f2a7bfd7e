"""Error records as text, in NormalView."""

from __future__ import annotations

from powershell.category_info import category_text
from powershell.dialect import spoken
from powershell.errors import ErrorRecord, OutsideSubset
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.position import position_message


def error_text(objects: RuntimeObjects, record: ErrorRecord) -> str:
    """The text of an error among output, as $ErrorView asks for it."""
    if objects.error_view.lower() != "normalview":
        raise OutsideSubset(f"$ErrorView {objects.error_view}")
    return windows_view(record) if spoken().windows else normal_view(record)


def normal_view(record: ErrorRecord) -> str:
    script = _script_text(record)
    command = command_name(record) or script
    lines = [(f"{command} : " if command else "") + record.message]
    if record.extent is not None and not script:
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
    if record.activity != "Write-Error" or record.command is not None or extent is None:
        return ""
    if extent.text[:1] in {"&", "."}:
        raise OutsideSubset("the text of an error from a script block", extent)
    return extent.source.text
