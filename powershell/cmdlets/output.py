"""Write-Output, -Host, -Error, -Warning and -Verbose; Out-Null, Out-String, Out-Default and Out-Host."""

from __future__ import annotations

import copy
import sys
from typing import Any, Final

from powershell.command import of_powershell
from powershell.conversion import object_text, to_text
from powershell.dialect import spoken
from powershell.dotnet.records import InvocationInfo
from powershell.engine_context import EngineBody, EngineContext
from powershell.errors import ErrorRecord, ExceptionObject
from powershell.formatting import cells
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.rendering import Renderer
from powershell.formatting.values import items_of
from powershell.instances import Hashtable, PSCustomObject
from powershell.streams import HostInformationMessage, InformationRecord
from powershell.values import DateTime

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
        value = context.get("Object")
        piped = isinstance(value, Hashtable) and context.expecting_input
        text = to_text(value) if piped else _host_text(value, separator)
        message = HostInformationMessage(text, no_newline=bool(context.get("NoNewline")))
        context.write_information(
            InformationRecord(message, "Write-Host", DateTime.of(context.runspace.clock.now()), ("PSHOST",))
        )


def _host_text(value: Any, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Hashtable) and not spoken().windows:
        return separator.join(f"[{to_text(key)}, {to_text(item)}]" for key, item in value.items())
    items = None if isinstance(value, str) else items_of(value)
    if items is not None:
        return separator.join(_host_text(item, separator) for item in items)
    return object_text(value) if isinstance(value, (DateTime, PSCustomObject)) else to_text(value)


class WriteError(EngineBody):
    def process(self) -> None:
        self.context.write_error(self._record())

    def _record(self) -> ErrorRecord:
        get = self.context.get
        given = get("ErrorRecord")
        if given is not None:
            record: ErrorRecord = copy.copy(given)
            record.origin, record.command = "", None
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
        record.activity = "Write-Error"
        self._place(record)
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


class OutNull(EngineBody):
    """Takes everything and keeps nothing."""


class OutString(EngineBody):
    def __init__(self, context: EngineContext) -> None:
        super().__init__(context)
        self._lines: list[str] = []
        hostless = context.runspace.console is None and "Width" not in context.parameters
        self._uncertain = hostless and context.runspace.dialect.windows
        width = context.get("Width", _HOSTLESS_WIDTH if hostless else _CONSOLE_WIDTH)
        lists = sys.maxsize if hostless else width
        views = context.runspace.views
        self._renderer = Renderer(RuntimeObjects(context), views, width, self._write, list_width=lists)

    def _write(self, line: str) -> None:
        if self._uncertain and cells.width(line) > _HOSTLESS_WIDTH:
            self.context.outside_subset(f"Out-String without -Width of more than {_HOSTLESS_WIDTH} columns")
        (self.context.write if self.context.get("Stream") else self._lines.append)(line)

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


CMDLETS: Final = (
    of_powershell(
        "Write-Output", WriteOutput, "InputObject psobject[] 0 mandatory pipeline rest null none, NoEnumerate switch"
    ),
    of_powershell(
        "Write-Host",
        WriteHost,
        "Object|Msg|Message object 0 pipeline rest, NoNewline switch, Separator object, "
        "ForegroundColor System.ConsoleColor, BackgroundColor System.ConsoleColor",
    ),
    of_powershell(
        "Write-Error",
        WriteError,
        "Exception System.Exception 0 mandatory in:WithException, "
        "Message|Msg string 0 mandatory pipeline in:NoException null empty, "
        "ErrorRecord System.Management.Automation.ErrorRecord 0 mandatory in:ErrorRecord, "
        "Category System.Management.Automation.ErrorCategory in:NoException|WithException, "
        "ErrorId string in:NoException|WithException, TargetObject object in:NoException|WithException",
        default_set="NoException",
    ),
    of_powershell("Write-Warning", WriteWarning, "Message|Msg string 0 mandatory pipeline empty"),
    of_powershell("Write-Verbose", WriteVerbose, "Message|Msg string 0 mandatory pipeline empty"),
    of_powershell("Out-Null", OutNull, "InputObject psobject 0 pipeline"),
    of_powershell(
        "Out-String", OutString, "Stream switch, Width int range:2..2147483647, InputObject psobject pipeline"
    ),
    of_powershell("Out-Default", OutDefault, "InputObject psobject pipeline"),
    of_powershell("Out-Host", OutDefault, "InputObject psobject pipeline"),
)
