"""PowerShell's errors: exception objects, error records, and the Python exceptions that carry them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from powershell import outside
from powershell.declared import EnumType, EnumValue
from powershell.dialect import spoken
from powershell.facts import fact
from powershell.instances import Instance

if TYPE_CHECKING:
    from powershell.syntax import Extent

OutsideSubset = outside.OutsideSubset
_AUTOMATION: Final = "System.Management.Automation."
ERROR_CATEGORY: Final = EnumType(
    _AUTOMATION + "ErrorCategory",
    tuple((name, number) for number, name in enumerate(fact("names")["categories"].split())),
)
_RUNTIME: Final = _AUTOMATION + "RuntimeException"
EXCEPTION_BASES: Final[Mapping[str, str]] = fact("exceptions")
"""Each class of exceptions with its base."""


def exception_lineage(name: str) -> Iterator[str]:
    """The class and its bases up to System.Object."""
    current: str | None = name
    while current and current != "System.Exception":
        yield current
        current = EXCEPTION_BASES.get(current, "System.Exception")
    yield "System.Exception"
    yield "System.Object"


_PARAMETER: Final = re.compile(r" \(Parameter '(\w+)'\)")
"""How .NET names a refused argument; .NET Framework does so on a line of its own."""


class ExceptionObject(Instance):
    """A .NET exception as a value. `extra` holds what the class adds (ParamName, ErrorRecord …)."""

    __slots__ = ("extra", "inner", "message", "record", "type")

    def __init__(
        self, type_: str, message: str, inner: ExceptionObject | None = None, extra: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.type = type_
        if spoken().windows:
            message = _PARAMETER.sub(r"\r\nParameter name: \1", message)
        self.message = message
        self.inner = inner
        self.extra = extra or {}
        self.record: ErrorRecord | None = None

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # one Python class stands for every exception class
        return self.type

    @property
    def short_name(self) -> str:
        return self.type.rpartition(".")[2]


class ErrorRecord(Instance):
    """`error_id` is the first part of FullyQualifiedErrorId, `origin` the command's part after the comma."""

    __slots__ = (
        "activity",
        "category",
        "command",
        "details",
        "error_id",
        "exception",
        "extent",
        "origin",
        "reason",
        "stopped",
        "target",
        "target_name",
        "target_type",
    )
    dotnet_name = "System.Management.Automation.ErrorRecord"

    def __init__(
        self,
        exception: ExceptionObject,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        *,
        extent: Extent | None = None,
    ) -> None:
        super().__init__()
        self.exception = exception
        self.error_id = error_id
        self.category: EnumValue = ERROR_CATEGORY.value(category)
        self.target = target
        self.origin = ""
        self.activity = ""
        self.reason = ""
        self.target_name: str | None = None
        self.target_type: str | None = None
        self.details: str | None = None
        self.extent = extent
        self.command: Any = None
        self.stopped = False
        """Whether -ErrorAction Stop has made it a terminating error: a bare `throw` throws that one again."""

    @classmethod
    def of(
        cls,
        message: str,
        error_id: str,
        category: str = "InvalidOperation",
        *,
        exception: str = _RUNTIME,
        target: Any = None,
    ) -> ErrorRecord:
        """A record of an exception of that type."""
        return cls(ExceptionObject(exception, message), error_id, category, target)

    @property
    def message(self) -> str:
        """What "$_" shows: the details where there are some, else the exception's message."""
        return self.exception.message if self.details is None else self.details

    @property
    def fully_qualified_id(self) -> str:
        return f"{self.error_id},{self.origin}" if self.origin else self.error_id

    @property
    def category_reason(self) -> str:
        return self.reason or self.exception.short_name


def wrong_format(text: object) -> str:
    """What .NET says of a text that is not a number."""
    if spoken().windows:
        return "Input string was not in a correct format."
    return f"The input string '{text}' was not in a correct format."


def unknown_command(name: str) -> str:
    """What PowerShell says of a name that is none of a command."""
    kinds = "the name of a cmdlet, function, script file, or operable program. "
    if not spoken().windows:
        kinds = "a name of a cmdlet, function, script file, or executable program.\n"
    return (
        f"The term '{name}' is not recognized as {kinds}Check the spelling of the name, or if a path was included, "
        "verify that the path is correct and try again."
    )


class PowerShellError(Exception):
    """A terminating error on its way.

    `thrown` marks those no statement survives (throw, -ErrorAction Stop), `stopped` the latter, `parsing` a script
    that did not parse.
    """

    def __init__(
        self, record: ErrorRecord, *, thrown: bool = False, stopped: bool = False, parsing: bool = False
    ) -> None:
        super().__init__(record.message)
        self.record = record
        self.thrown = thrown
        self.stopped = stopped
        self.kept: list[Any] = []
        """What a $( ) had put out before."""
        self.parsing = parsing
        self.stopping = False
        """$ErrorActionPreference Stop ended a statement by it: the callers end too, up to a command that it leaves."""
        self.signed = False
        """It has left a cmdlet or an advanced function, whose name it bears."""


def refusal_record(refusal: OutsideSubset) -> ErrorRecord:
    line = refusal.extent.start_line if refusal.extent is not None else 0
    where = f"line {line}: " if line else ""
    return ErrorRecord(
        ExceptionObject("System.NotSupportedException", f"{where}{refusal.construct} is outside the simulated subset"),
        "OutsideSubset",
        "NotImplemented",
        extent=refusal.extent,
    )


class DotNetError(Exception):
    """A .NET method threw; the caller wraps it as PowerShell wraps exceptions of methods, casts and properties."""

    def __init__(self, type_: str, message: str, *, inner: ExceptionObject | None = None) -> None:
        super().__init__(message)
        self.exception = ExceptionObject(type_, message, inner)


class FlowControl(Exception):
    """Leaves a loop or a block. `kept` was being collected for a value, and is put out where it is left."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Any] = []


class BreakLoop(FlowControl):
    pass


class ContinueLoop(FlowControl):
    pass


class ReturnFromBlock(FlowControl):
    pass


class ExitScript(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class StopUpstream(Exception):
    """A command has what it needs; those before it in its pipeline end quietly."""

    def __init__(self, requester: object) -> None:
        super().__init__()
        self.requester = requester


class PipelineFailure(Exception):
    """A later command of a pipeline failed while an earlier one was writing to it."""

    def __init__(self, pipeline: object, error: PowerShellError) -> None:
        super().__init__()
        self.pipeline = pipeline
        self.error = error


class PipelineStopped(Exception):
    """Somebody outside stopped the pipeline (Ctrl-C, WinRM terminate)."""


def failure(
    message: str,
    error_id: str,
    category: str = "InvalidOperation",
    *,
    exception: str = _RUNTIME,
    target: Any = None,
    extent: Extent | None = None,
    inner: ExceptionObject | None = None,
    extra: dict[str, Any] | None = None,
) -> PowerShellError:
    """An error of the language itself, to raise."""
    return PowerShellError(
        ErrorRecord(ExceptionObject(exception, message, inner, extra), error_id, category, target, extent=extent)
    )


def method_failure(name: str, count: int, error: DotNetError) -> PowerShellError:
    """What a method's exception becomes."""
    inner = error.exception
    return failure(
        f'Exception calling "{name}" with "{count}" argument(s): "{inner.message}"',
        inner.short_name,
        "NotSpecified",
        exception="System.Management.Automation.MethodInvocationException",
        inner=inner,
    )
