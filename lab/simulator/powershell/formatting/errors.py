"""Error records as text: NormalView, ConciseView and CategoryView of PowerShell 7."""

from __future__ import annotations

from lab.simulator.powershell.errors import ErrorRecord
from lab.simulator.powershell.formatting.position import marked_line, position_message
from lab.simulator.powershell.formatting.values import Objects


def error_text(objects: Objects, record: ErrorRecord) -> str:
    """The text of an error among output, as $ErrorView asks for it."""
    match objects.error_view.lower():
        case "normalview":
            return normal_view(record)
        case "conciseview":
            return concise_view(record)
        case "categoryview":
            return record.category_text
    raise objects.outside(f"$ErrorView {objects.error_view}")


def normal_view(record: ErrorRecord) -> str:
    command = command_name(record)
    lines = [(f"{command} : " if command else "") + record.message]
    if record.extent is not None:
        lines.append(position_message(record.extent))
    lines.append(f"+ CategoryInfo          : {record.category_text}")
    lines.append(f"+ FullyQualifiedErrorId : {record.fully_qualified_id}")
    return "\n".join(lines)


def command_name(record: ErrorRecord) -> str:
    """InvocationInfo.MyCommand: the command the error is reported by, empty for errors of the language."""
    command = record.command
    if command is None:
        return ""
    return command if isinstance(command, str) else str(getattr(command, "name", ""))


def concise_view(record: ErrorRecord) -> str:
    extent = record.extent
    reason = _reason(record)
    if record.category.name == "ParserError":
        message = record.message
        if "~\n" in message:
            message = message.split("~\n", 1)[1].split("\n\n", 1)[0]
        return f"{reason}: {message}\n"
    if extent is None or extent.start_line <= 1:
        return f"{reason}: {record.message}"
    source, mark = marked_line(extent).split("\n")
    number = str(extent.start_line)
    wide = " " * max(0, len(number) - 4)
    bar = f"{wide}     | "
    return "\n".join(
        [
            f"{reason}: ",
            f"{wide}Line |",
            f"{number.rjust(4)} |  {source}",
            f"{bar}{mark[1:]}",
            f"{bar}{record.message}",
        ]
    )


def _reason(record: ErrorRecord) -> str:
    if getattr(record, "thrown", False):
        return "Exception"
    return command_name(record) or record.activity or record.category_reason
