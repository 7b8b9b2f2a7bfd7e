"""Errors, exceptions, information records, script blocks, types and regular expressions as objects."""

from __future__ import annotations

from typing import Any, Final

from powershell.category_info import category_text, target_name, target_type
from powershell.dotnet.regex_text import Capture, CaptureList, Regex
from powershell.dotnet.tables import Table
from powershell.errors import ErrorRecord, ExceptionObject, PowerShellError, failure
from powershell.formatting.position import placed_message, position_message
from powershell.instances import GenericList, Instance, ScriptBlock
from powershell.type_names import enum


class CategoryInfo(Instance):
    __slots__ = ("record",)
    dotnet_name = "System.Management.Automation.ErrorCategoryInfo"

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__()
        self.record = record

    def text_value(self) -> str:
        return category_text(self.record)


class InvocationInfo(Instance):
    """Where a command was called, or where an error happened."""

    __slots__ = ("command", "extent", "name")
    dotnet_name = "System.Management.Automation.InvocationInfo"

    def __init__(self, extent: Any, name: str, command: Any = None) -> None:
        super().__init__()
        self.extent = extent
        self.name = name
        self.command = command


def _invocation(record: ErrorRecord) -> InvocationInfo | None:
    return None if record.extent is None else InvocationInfo(record.extent, getattr(record.command, "name", ""))


RECORD: Final = Table("System.Management.Automation.ErrorRecord")
CATEGORY: Final = Table("System.Management.Automation.ErrorCategoryInfo")
INVOCATION: Final = Table("System.Management.Automation.InvocationInfo")
EXCEPTION: Final = Table("System.Exception")
BLOCK: Final = Table("System.Management.Automation.ScriptBlock")
TYPE: Final = Table("System.Type")
REGEX: Final = Table("System.Text.RegularExpressions.Regex")
CAPTURE: Final = Table("System.Text.RegularExpressions.Group")
CAPTURES: Final = Table("System.Text.RegularExpressions.MatchCollection")
MESSAGE: Final = Table("System.Management.Automation.WarningRecord")
INFORMATION: Final = Table("System.Management.Automation.InformationRecord")
HOST_MESSAGE: Final = Table("System.Management.Automation.HostInformationMessage")
COMMAND: Final = Table("System.Management.Automation.CmdletInfo")


def _declare_errors() -> None:
    RECORD.property("Exception", lambda record: record.exception)
    RECORD.property("TargetObject", lambda record: record.target)
    RECORD.property("CategoryInfo", CategoryInfo)
    RECORD.property("FullyQualifiedErrorId", lambda record: record.fully_qualified_id)
    RECORD.property("InvocationInfo", _invocation)
    RECORD.method("ToString", ("", lambda record: record.message))
    CATEGORY.property("Category", lambda info: info.record.category)
    CATEGORY.property("Activity", lambda info: info.record.activity)
    CATEGORY.property("Reason", lambda info: info.record.category_reason)
    CATEGORY.property("TargetName", lambda info: target_name(info.record))
    CATEGORY.property("TargetType", lambda info: target_type(info.record))
    INVOCATION.property("ScriptLineNumber", lambda info: 0 if info.extent is None else info.extent.start_line)
    INVOCATION.property("OffsetInLine", lambda info: 0 if info.extent is None else info.extent.start_column)
    INVOCATION.property("Line", lambda info: "" if info.extent is None else info.extent.line)
    INVOCATION.property("PositionMessage", lambda info: "" if info.extent is None else position_message(info.extent))
    INVOCATION.property("InvocationName", lambda info: info.name)
    EXCEPTION.property("Message", lambda exception: exception.message)


def _created(interpreter: Any, text: str) -> ScriptBlock:
    try:
        block: ScriptBlock = interpreter.script_block(text)
    except PowerShellError as error:
        inner = error.record.exception
        raise failure(
            f'Exception calling "Create" with "1" argument(s): "{placed_message(error.record)}"',
            "ParseException",
            "NotSpecified",
            exception="System.Management.Automation.MethodInvocationException",
            inner=ExceptionObject("System.Management.Automation.ParseException", inner.message),
        ) from None
    return block


def _matches(regex: Regex, text: str) -> CaptureList:
    return CaptureList("MatchCollection", [Capture(regex, found) for found in regex.compiled.matches(text)])


def _match(regex: Regex, text: str) -> Capture:
    return Capture(regex, regex.compiled.search(text))


def _declare_regex() -> None:
    REGEX.method("IsMatch", ("string input", lambda regex, text: _match(regex, text).success))
    REGEX.method("Match", ("string input", _match))
    REGEX.method("Matches", ("string input", _matches))
    pattern = "string input, string pattern"
    REGEX.static("IsMatch", (pattern, lambda text, pattern: _match(Regex(pattern), text).success))
    REGEX.static("Match", (pattern, lambda text, pattern: _match(Regex(pattern), text)))
    REGEX.static("Matches", (pattern, lambda text, pattern: _matches(Regex(pattern), text)))
    CAPTURE.property("Groups", lambda match: CaptureList("GroupCollection", match.groups()))
    CAPTURE.property("Success", lambda match: match.success)
    CAPTURE.property("Name", lambda match: match.name)
    CAPTURE.property("Index", lambda match: match.index)
    CAPTURE.property("Length", lambda match: len(match.value))
    CAPTURE.property("Value", lambda match: match.value)
    CAPTURES.property("Count", lambda captures: len(captures.items))


def _declare_streams() -> None:
    MESSAGE.property("Message", lambda record: record.message)
    INFORMATION.property("MessageData", lambda record: record.data)
    INFORMATION.property("Source", lambda record: record.source)
    INFORMATION.property("TimeGenerated", lambda record: record.time)
    INFORMATION.property("Tags", lambda record: GenericList("System.String", record.tags))
    HOST_MESSAGE.property("Message", lambda message: message.message)
    kinds = enum("System.Management.Automation.CommandTypes")
    COMMAND.property("CommandType", lambda info: kinds.value(info.kind))
    COMMAND.property("Name", lambda info: info.name)
    COMMAND.property("Version", lambda info: info.version)
    COMMAND.property("Source", lambda info: info.module)
    COMMAND.properties["modulename"] = ("ModuleName", lambda info: info.module)
    COMMAND.properties["definition"] = ("Definition", lambda info: info.definition)


def _declare() -> tuple[Table, ...]:
    _declare_errors()
    BLOCK.static("Create", ("string script", _created), context=True)
    TYPE.property("Name", lambda kind: kind.short_name)
    TYPE.property("FullName", lambda kind: kind.name)
    _declare_regex()
    _declare_streams()
    tables = (RECORD, CATEGORY, INVOCATION, EXCEPTION, BLOCK, TYPE, REGEX, CAPTURE, CAPTURES)
    return (*tables, MESSAGE, INFORMATION, HOST_MESSAGE, COMMAND)


TABLES: Final = _declare()
