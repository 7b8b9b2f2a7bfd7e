"""Write-*, Out-Null, Out-String, Out-Default, Out-Host, Tee-Object and the Format-* cmdlets."""

from __future__ import annotations

from typing import Any, Final

from powershell.command import Cmdlet, Validation, parameter
from powershell.conversion import object_text, to_text
from powershell.dotnet.records import InvocationInfo
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import ERROR_CATEGORY, ErrorRecord, ExceptionObject
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.rendering import Renderer
from powershell.streams import HostInformationMessage, InformationRecord
from powershell.values import (
    DateTime,
    Hashtable,
    enumerate_value,
    unwrap,
)

_UTILITY: Final = "Microsoft.PowerShell.Commands."
_WRITE_ERROR: Final = _UTILITY + "WriteErrorException"
_HOSTLESS_WIDTH: Final = 80
"""Out-String's width in a session without a console."""
_CONSOLE_WIDTH: Final = 120


class WriteOutput(EngineBody):
    def process(self) -> None:
        if self.context.expecting_input and "InputObject" not in self.context.parameters:
            return
        self.context.write(self.context.get("InputObject"), enumerate_items=not self.context.get("NoEnumerate"))


class WriteHost(EngineBody):
    def process(self) -> None:
        context = self.context
        separator = " " if "Separator" not in context.parameters else to_text(context.get("Separator"))
        text = _host_text(context.get("Object"), separator)
        message = HostInformationMessage(text, no_newline=bool(context.get("NoNewline")))
        context.write_information(
            InformationRecord(message, "Write-Host", DateTime.of(context.runspace.clock.now()), ("PSHOST",))
        )


def _host_text(value: Any, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Hashtable):
        return separator.join(f"[{to_text(key)}, {to_text(item)}]" for key, item in value.items())
    items = None if isinstance(value, str) else enumerate_value(value)
    if items is not None:
        return separator.join(_host_text(item, separator) for item in items)
    return object_text(value) if isinstance(value, DateTime) else to_text(value)


class WriteError(EngineBody):
    def process(self) -> None:
        self.context.write_error(self._record())

    def _record(self) -> ErrorRecord:
        get = self.context.get
        given = get("ErrorRecord")
        if given is not None:
            record: ErrorRecord = given
        else:
            exception = get("Exception") or ExceptionObject(_WRITE_ERROR, self._message())
            category = get("Category")
            record = ErrorRecord(
                exception,
                get("ErrorId") or exception.type,
                "NotSpecified" if category is None else category.name,
                get("TargetObject"),
            )
            message = get("Message")
            if message is not None and "Exception" in self.context.parameters:
                record.details = message
        record.activity = get("CategoryActivity") or "Write-Error"
        self._place(record)
        record.reason = get("CategoryReason") or record.reason
        if get("RecommendedAction"):
            record.recommended_action = get("RecommendedAction")
            record.details = record.message
        if "CategoryTargetName" in self.context.parameters:
            record.target_name = get("CategoryTargetName")
        if "CategoryTargetType" in self.context.parameters:
            record.target_type = get("CategoryTargetType")
        return record

    def _message(self) -> str:
        message = self.context.get("Message")
        return f"Exception of type '{_WRITE_ERROR}' was thrown." if message is None else message

    def _place(self, record: ErrorRecord) -> None:
        """The error happened where the calling function or script block was called."""
        found = self.context.runspace.interpreter.scope.find("myinvocation")
        info = None if found is None else found.value
        if isinstance(info, InvocationInfo):
            record.extent = info.extent


class WriteWarning(EngineBody):
    def process(self) -> None:
        self.context.write_warning(self.context.get("Message"))


class WriteVerbose(EngineBody):
    def process(self) -> None:
        self.context.write_verbose(self.context.get("Message"))


class WriteDebug(EngineBody):
    def process(self) -> None:
        self.context.write_debug(self.context.get("Message"))


class WriteInformation(EngineBody):
    def process(self) -> None:
        now = DateTime.of(self.context.runspace.clock.now())
        tags = tuple(self.context.get("Tags") or ())
        self.context.write_information(InformationRecord(self.context.get("MessageData"), "", now, tags))


class OutNull(EngineBody):
    """Takes everything and keeps nothing."""


class WriteProgress(EngineBody):
    """No console here shows progress."""

    def process(self) -> None:
        if not self.context.get("Activity"):
            self.context.throw(
                self.context.error(
                    "Missing value for mandatory parameter. (Parameter 'Activity')",
                    error_id="MissingActivity",
                    category="InvalidArgument",
                    exception="System.ArgumentException",
                )
            )


class TeeObject(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._items: list[Any] = []
        if "FilePath" in context.parameters:
            context.outside_subset("Tee-Object to a file")

    def process(self) -> None:
        value = self.context.get("InputObject")
        self._items.append(value)
        self.context.write(value)

    def end(self) -> None:
        name = self.context.get("Variable")
        self.context.runspace.interpreter.assign(name, unwrap(self._items))


class OutString(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._lines: list[str] = []
        usual = _HOSTLESS_WIDTH if context.runspace.console is None else _CONSOLE_WIDTH
        width = context.get("Width", usual)
        write = context.write if context.get("Stream") else self._lines.append
        self._renderer = Renderer(RuntimeObjects(context), context.runspace.views, width, write)

    def process(self) -> None:
        self._renderer.feed(self.context.get("InputObject"))

    def end(self) -> None:
        self._renderer.end()
        if not self.context.get("Stream"):
            self.context.write("".join(f"{line}\n" for line in self._lines))


class OutDefault(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._renderer = Renderer(
            RuntimeObjects(context), context.runspace.views, _CONSOLE_WIDTH, context.runspace.host_line
        )

    def process(self) -> None:
        self._renderer.feed(self.context.get("InputObject"))

    def end(self) -> None:
        self._renderer.end()


def _between(low: int, high: int) -> Validation:
    return Validation(kind="ValidateRange", arguments=(low, high))


_INPUT: Final = parameter("InputObject", "psobject", from_pipeline=True)
_PASSED: Final = parameter("InputObject", "psobject", position=0, from_pipeline=True)
_MESSAGE: Final = parameter(
    "Message", "string", aliases=("Msg",), position=0, mandatory=True, from_pipeline=True, allow_empty_string=True
)
_ERROR_SETS: Final = ("NoException", "WithException", "ErrorRecord")
_NOT_RECORD: Final = ("NoException", "WithException")

CMDLETS: Final = (
    Cmdlet(
        name="Write-Output",
        error_id=_UTILITY + "WriteOutputCommand",
        body=WriteOutput,
        parameters=(
            parameter(
                "InputObject",
                "psobject[]",
                position=0,
                mandatory=True,
                from_pipeline=True,
                remaining=True,
                allow_null=True,
                allow_empty_collection=True,
            ),
            parameter("NoEnumerate", "switch"),
        ),
    ),
    Cmdlet(
        name="Write-Host",
        error_id=_UTILITY + "WriteHostCommand",
        body=WriteHost,
        parameters=(
            parameter("Object", "object", aliases=("Msg", "Message"), position=0, from_pipeline=True, remaining=True),
            parameter("NoNewline", "switch"),
            parameter("Separator", "object"),
            parameter("ForegroundColor", "System.ConsoleColor"),
            parameter("BackgroundColor", "System.ConsoleColor"),
        ),
    ),
    Cmdlet(
        name="Write-Error",
        error_id=_UTILITY + "WriteErrorCommand",
        body=WriteError,
        default_set="NoException",
        parameters=(
            parameter("Exception", "System.Exception", position=0, mandatory=True, sets=("WithException",)),
            parameter(
                "Message",
                "string",
                aliases=("Msg",),
                position=0,
                mandatory=True,
                from_pipeline=True,
                allow_null=True,
                allow_empty_string=True,
                sets=("NoException",),
            ),
            parameter(
                "ErrorRecord",
                "System.Management.Automation.ErrorRecord",
                position=0,
                mandatory=True,
                sets=("ErrorRecord",),
            ),
            parameter("Category", ERROR_CATEGORY.name, sets=_NOT_RECORD),
            parameter("ErrorId", "string", sets=_NOT_RECORD),
            parameter("TargetObject", "object", sets=_NOT_RECORD),
            parameter("RecommendedAction", "string"),
            parameter("CategoryActivity", "string", aliases=("Activity",)),
            parameter("CategoryReason", "string", aliases=("Reason",)),
            parameter("CategoryTargetName", "string", aliases=("TargetName",)),
            parameter("CategoryTargetType", "string", aliases=("TargetType",)),
        ),
    ),
    Cmdlet(name="Write-Warning", error_id=_UTILITY + "WriteWarningCommand", body=WriteWarning, parameters=(_MESSAGE,)),
    Cmdlet(name="Write-Verbose", error_id=_UTILITY + "WriteVerboseCommand", body=WriteVerbose, parameters=(_MESSAGE,)),
    Cmdlet(name="Write-Debug", error_id=_UTILITY + "WriteDebugCommand", body=WriteDebug, parameters=(_MESSAGE,)),
    Cmdlet(
        name="Write-Information",
        error_id=_UTILITY + "WriteInformationCommand",
        body=WriteInformation,
        parameters=(
            parameter(
                "MessageData",
                "object",
                aliases=("Msg", "Message"),
                position=0,
                mandatory=True,
                from_pipeline=True,
                allow_null=True,
            ),
            parameter("Tags", "string[]", position=1),
        ),
    ),
    Cmdlet(
        name="Write-Progress",
        error_id=_UTILITY + "WriteProgressCommand",
        body=WriteProgress,
        parameters=(
            parameter("Activity", "string", position=0),
            parameter("Status", "string", position=1, validations=(Validation(kind="ValidateNotNullOrEmpty"),)),
            parameter("Id", "int", position=2, validations=(_between(0, 2**31 - 1),)),
            parameter("PercentComplete", "int", validations=(_between(-1, 100),)),
            parameter("SecondsRemaining", "int"),
            parameter("CurrentOperation", "string"),
            parameter("ParentId", "int", validations=(_between(-1, 2**31 - 1),)),
            parameter("Completed", "switch"),
            parameter("SourceId", "int"),
        ),
    ),
    Cmdlet(name="Out-Null", error_id=_UTILITY + "OutNullCommand", body=OutNull, parameters=(_PASSED,)),
    Cmdlet(
        name="Out-String",
        error_id=_UTILITY + "OutStringCommand",
        body=OutString,
        parameters=(
            parameter("Stream", "switch"),
            parameter("Width", "int", validations=(_between(2, 2**31 - 1),)),
            _INPUT,
        ),
    ),
    Cmdlet(name="Out-Default", error_id=_UTILITY + "OutDefaultCommand", body=OutDefault, parameters=(_INPUT,)),
    Cmdlet(
        name="Out-Host",
        error_id=_UTILITY + "OutHostCommand",
        body=OutDefault,
        parameters=(_INPUT,),
    ),
    Cmdlet(
        name="Tee-Object",
        error_id=_UTILITY + "TeeObjectCommand",
        body=TeeObject,
        default_set="File",
        parameters=(
            _INPUT,
            parameter("FilePath", "string", aliases=("Path",), position=0, mandatory=True, sets=("File",)),
            parameter("Variable", "string", mandatory=True, sets=("Variable",)),
            parameter("Append", "switch", sets=("File",)),
        ),
    ),
)
