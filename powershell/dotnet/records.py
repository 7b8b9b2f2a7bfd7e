"""Errors, exceptions, information records, script blocks, types and regular expressions as objects."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.category_info import category_text, target_name, target_type
from powershell.conversion import to_text
from powershell.dotnet import scalars
from powershell.dotnet.regex_text import Capture, CaptureList, Regex, expand_replacement, pieces
from powershell.dotnet.tables import Table
from powershell.errors import WITH_UNKNOWN_INNER, ErrorRecord, ExceptionObject, OutsideSubset, PowerShellError, failure
from powershell.formatting.position import placed_message, position_message
from powershell.scope import Variable
from powershell.type_names import enum, fact
from powershell.values import (
    NOTHING,
    VALUE_TYPES,
    DotNetClass,
    DotNetObject,
    DotNetType,
    EnumType,
    GenericList,
    Instance,
    ScriptBlock,
    TypedArray,
    unwrap,
)


class CategoryInfo(Instance):
    __slots__ = ("record",)
    dotnet_name = "System.Management.Automation.ErrorCategoryInfo"

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__()
        self.record = record

    def text_value(self) -> str:
        return category_text(self.record)


def _details(record: ErrorRecord) -> None:
    if record.details is not None:
        raise OutsideSubset("the details of an error record")


class InvocationInfo(Instance):
    """Where a command was called, or where an error happened."""

    __slots__ = ("bound", "command", "expecting_input", "extent", "name", "unbound")
    dotnet_name = "System.Management.Automation.InvocationInfo"

    def __init__(self, extent: Any, name: str, command: Any = None, *, expecting_input: bool = False) -> None:
        super().__init__()
        self.extent = extent
        self.name = name
        self.command = command
        self.expecting_input = expecting_input
        self.bound: Any = None
        self.unbound: list[Any] = []


def _invocation(record: ErrorRecord) -> InvocationInfo | None:
    if record.extent is None:
        return None
    command = record.command
    name = getattr(command, "name", "") if command is not None else ""
    return InvocationInfo(record.extent, name, command)


def _my_command(info: InvocationInfo) -> Any:
    if info.command is None or not info.name:
        return None
    return info.command.it.runspace.command_info(info.command)


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
REFERENCE: Final = Table("System.Management.Automation.PSReference")


def _declare_errors() -> None:
    RECORD.property("Exception", lambda record: record.exception)
    RECORD.property("TargetObject", lambda record: record.target)
    RECORD.property("CategoryInfo", CategoryInfo)
    RECORD.property("FullyQualifiedErrorId", lambda record: record.fully_qualified_id)
    RECORD.property("ErrorDetails", _details)
    RECORD.property("InvocationInfo", _invocation)
    RECORD.property("ScriptStackTrace", _stack_trace)
    RECORD.property("PipelineIterationInfo", lambda _: TypedArray("System.Int32"))
    RECORD.properties["psmessagedetails"] = ("PSMessageDetails", lambda _: None)
    RECORD.method("ToString", ("", lambda record: record.message))
    RECORD.constructor(
        (
            "object exception, string errorId, System.Management.Automation.ErrorCategory category, object target",
            _error_record,
        ),
        context=True,
    )
    CATEGORY.property("Category", lambda info: info.record.category)
    CATEGORY.property(
        "Activity", lambda info: info.record.activity, lambda info, text: setattr(info.record, "activity", text)
    )
    CATEGORY.property(
        "Reason", lambda info: info.record.category_reason, lambda info, text: setattr(info.record, "reason", text)
    )
    CATEGORY.property("TargetName", lambda info: target_name(info.record))
    CATEGORY.property("TargetType", lambda info: target_type(info.record))
    CATEGORY.method("ToString", ("", CategoryInfo.text_value))
    CATEGORY.method("GetMessage", ("", CategoryInfo.text_value))
    INVOCATION.property("MyCommand", _my_command)
    INVOCATION.property("ScriptLineNumber", lambda info: 0 if info.extent is None else info.extent.start_line)
    INVOCATION.property("OffsetInLine", lambda info: 0 if info.extent is None else info.extent.start_column)
    INVOCATION.property("ScriptName", lambda _: "")
    INVOCATION.property("Line", lambda info: "" if info.extent is None else info.extent.line)
    INVOCATION.property("PositionMessage", lambda info: "" if info.extent is None else position_message(info.extent))
    INVOCATION.property("InvocationName", lambda info: info.name)
    INVOCATION.property("ExpectingInput", lambda info: info.expecting_input)
    INVOCATION.property("BoundParameters", lambda info: info.bound)
    INVOCATION.property("UnboundArguments", lambda info: GenericList("System.Object", info.unbound))
    EXCEPTION.property("Message", lambda exception: exception.message)
    EXCEPTION.property("InnerException", _inner_exception)
    EXCEPTION.properties["paramname"] = ("ParamName", _parameter_name)
    EXCEPTION.properties["commandname"] = ("CommandName", lambda exception: exception.extra.get("CommandName", NOTHING))
    EXCEPTION.method("ToString", ("", to_text))
    EXCEPTION.method("GetBaseException", ("", _base_exception))
    EXCEPTION.constructor()


def _stack_trace(_: ErrorRecord) -> str:
    raise OutsideSubset("ScriptStackTrace")


def _parameter_name(exception: ExceptionObject) -> Any:
    """As it was given, else as .NET writes it at the end of the message."""
    written = re.search(r" \(Parameter '(\w+)'\)$", exception.message)
    return exception.extra.get("ParamName", written[1] if written is not None else NOTHING)


def _inner_exception(exception: ExceptionObject) -> ExceptionObject | None:
    if exception.inner is None and exception.type in WITH_UNKNOWN_INNER:
        raise OutsideSubset(f"the InnerException of a {exception.short_name}")
    return exception.inner


def _base_exception(exception: ExceptionObject) -> ExceptionObject:
    inner = _inner_exception(exception)
    return exception if inner is None else _base_exception(inner)


def _error_record(interpreter: Any, exception: Any, error_id: str, category: Any, target: Any) -> ErrorRecord:
    thrown = interpreter.conversion.convert(exception, DotNetType("System.Exception"))
    record = ErrorRecord(thrown, error_id, "NotSpecified", target)
    record.category = category
    return record


def make_exception(name: str, arguments: list[Any]) -> ExceptionObject | None:
    """`New-Object System.X.YException …`: the constructors all exceptions share; None when these are others."""
    if not arguments:
        return ExceptionObject(name, f"Exception of type '{name}' was thrown.") if name == "System.Exception" else None
    message = arguments[0]
    if not isinstance(message, str):
        return None
    if name == "System.ArgumentException" and len(arguments) == 2 and isinstance(arguments[1], str):
        return ExceptionObject(name, f"{message} (Parameter '{arguments[1]}')", extra={"ParamName": arguments[1]})
    if name in {"System.ArgumentNullException", "System.ArgumentOutOfRangeException"}:
        return None
    if len(arguments) == 1:
        return ExceptionObject(name, message)
    if len(arguments) == 2 and (arguments[1] is None or isinstance(arguments[1], ExceptionObject)):
        return ExceptionObject(name, message, arguments[1])
    return None


def _declare_blocks() -> None:
    BLOCK.method("ToString", ("", lambda block: block.text))
    BLOCK.method("GetNewClosure", ("", _closure), context=True)
    BLOCK.method("Invoke", ("params object[] args", _invoked), context=True)
    BLOCK.method(
        "InvokeReturnAsIs",
        (
            "params object[] args",
            lambda it, block, arguments: unwrap(_results(it, block, arguments, "InvokeReturnAsIs")),
        ),
        context=True,
    )
    BLOCK.static("Create", ("string script", _created), context=True)


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


def _invoked(interpreter: Any, block: ScriptBlock, arguments: list[Any]) -> GenericList:
    return _collection(_results(interpreter, block, arguments, "Invoke"))


def _results(interpreter: Any, block: ScriptBlock, arguments: list[Any], method: str) -> list[Any]:
    try:
        results: list[Any] = interpreter.call_strictly(block, arguments)
    except PowerShellError as error:
        record = error.record
        raise failure(
            f'Exception calling "{method}" with "{len(arguments)}" argument(s): "{record.message}"',
            record.exception.short_name,
            "NotSpecified",
            exception="System.Management.Automation.MethodInvocationException",
            inner=record.exception,
        ) from None
    return results


def _collection(items: list[Any]) -> GenericList:
    return GenericList(
        "System.Management.Automation.PSObject", items, generic_name="System.Collections.ObjectModel.Collection`1"
    )


def _closure(interpreter: Any, block: ScriptBlock) -> ScriptBlock:
    captured = {name: Variable(variable.name, variable.value) for name, variable in interpreter.scope.variables.items()}
    return ScriptBlock(block.ast, block.text, {**(block.closure or {}), **captured})


def _declare_types() -> None:
    TYPE.property("Name", _reflected)
    TYPE.property("FullName", _full_name)
    TYPE.property("Namespace", lambda kind: kind.name.partition("`")[0].partition("[")[0].rpartition(".")[0])
    TYPE.property("IsEnum", lambda kind: isinstance(kind.definition, EnumType))
    TYPE.property("IsArray", lambda kind: kind.element is not None)
    TYPE.property("IsValueType", _is_value_type)
    TYPE.property("BaseType", _base_type)
    TYPE.property("IsPublic", _is_public)
    TYPE.property("IsSerializable", _is_serializable)
    TYPE.method("ToString", ("", _type_text))
    TYPE.method("GetElementType", ("", lambda kind: kind.element))
    TYPE.method("Equals", ("object o", lambda kind, other: kind == other))
    TYPE.method(
        "GetEnumNames", ("", lambda kind: TypedArray("System.String", [name for name, _ in scalars.members_of(kind)]))
    )


def _type_text(kind: DotNetType) -> str:
    """Type.ToString(): a generic type has its arguments in single brackets."""
    if not kind.arguments:
        return kind.name
    return f"{kind.name.partition('[[')[0]}[{','.join(map(_type_text, kind.arguments))}]"


def _reflected(kind: DotNetType) -> str:
    return kind.short_name


def _full_name(kind: DotNetType) -> str:
    if kind.arguments:
        raise OutsideSubset("the full name of a generic type")
    return kind.name


def _is_value_type(kind: DotNetType) -> bool:
    return kind.name in VALUE_TYPES or isinstance(kind.definition, EnumType)


def _base_type(kind: DotNetType) -> DotNetType:
    if kind.element is not None:
        return DotNetType("System.Array")
    if isinstance(kind.definition, EnumType):
        return DotNetType("System.Enum")
    if isinstance(kind.definition, DotNetClass):
        return DotNetType(kind.definition.base)
    return DotNetType(_shape(kind)[1])


def _is_serializable(kind: DotNetType) -> bool:
    if kind.element is not None or isinstance(kind.definition, EnumType):
        return True
    return not isinstance(kind.definition, DotNetClass) and _shape(kind)[0]


def _shape(kind: DotNetType) -> tuple[bool, str]:
    """Whether the type is serializable, and its base: what a real engine answered."""
    known = fact("type_shapes").get(kind.name.partition("[[")[0])
    if known is None:
        raise OutsideSubset(f"the base type of {kind.name}")
    serializable, base = known
    return serializable, base


def _is_public(kind: DotNetType) -> bool:
    return bool(_base_type(kind).name)


def _matches(regex: Regex, text: str) -> CaptureList:
    return CaptureList("MatchCollection", [Capture(regex, found) for found in regex.compiled.matches(text)])


def _match(regex: Regex, text: str) -> Capture:
    return Capture(regex, regex.compiled.search(text))


def _regex_replace(interpreter: Any, regex: Regex, text: str, replacement: Any, count: int = 0) -> str:
    if isinstance(replacement, ScriptBlock):
        if count:
            raise OutsideSubset("Regex.Replace by a script block with a count")
        return str(interpreter.text.replace_by(regex, text, replacement))
    template = to_text(replacement)
    return regex.compiled.replaced(text, lambda found: expand_replacement(regex, found, template), count)


def _regex_split(regex: Regex, text: str, count: int = 0) -> TypedArray:
    return TypedArray("System.String", pieces(regex, text, count))


def _escaped(text: str) -> str:
    marks = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", " ": "\\ "}
    return re.sub(r"[\\*+?|{\[()^$.#\s]", lambda found: marks.get(found.group(), "\\" + found.group()), text)


def _with(pattern: str, options: Any = None) -> Regex:
    return Regex(pattern, 0 if options is None else options.number)


def _declare_regex() -> None:
    how = "System.Text.RegularExpressions.RegexOptions options"
    table = REGEX
    table.method("IsMatch", ("string input", lambda regex, text: _match(regex, text).success))
    table.method("Match", ("string input", _match))
    table.method("Matches", ("string input", _matches))
    table.method(
        "Replace",
        ("string input, object replacement", _regex_replace),
        ("string input, object replacement, int count", _regex_replace),
        context=True,
    )
    table.method("Split", ("string input", _regex_split), ("string input, int count", _regex_split))
    table.method("ToString", ("", lambda regex: regex.pattern))
    table.static(
        "IsMatch",
        ("string input, string pattern", lambda text, pattern: _match(_with(pattern), text).success),
        (
            f"string input, string pattern, {how}",
            lambda text, pattern, options: _match(_with(pattern, options), text).success,
        ),
    )
    table.static(
        "Match",
        ("string input, string pattern", lambda text, pattern: _match(_with(pattern), text)),
        (f"string input, string pattern, {how}", lambda text, pattern, options: _match(_with(pattern, options), text)),
    )
    table.static(
        "Matches",
        ("string input, string pattern", lambda text, pattern: _matches(_with(pattern), text)),
        (
            f"string input, string pattern, {how}",
            lambda text, pattern, options: _matches(_with(pattern, options), text),
        ),
    )
    table.static(
        "Replace",
        (
            "string input, string pattern, object replacement",
            lambda it, text, pattern, new: _regex_replace(it, _with(pattern), text, new),
        ),
        (
            f"string input, string pattern, object replacement, {how}",
            lambda it, text, pattern, new, options: _regex_replace(it, _with(pattern, options), text, new),
        ),
        context=True,
    )
    table.static(
        "Split",
        ("string input, string pattern", lambda text, pattern: _regex_split(_with(pattern), text)),
        (
            f"string input, string pattern, {how}",
            lambda text, pattern, options: _regex_split(_with(pattern, options), text),
        ),
    )
    table.static("Escape", ("string str", _escaped))
    table.constructor(("string pattern", _with), (f"string pattern, {how}", _with))
    capture = CAPTURE
    capture.property("Groups", lambda match: CaptureList("GroupCollection", match.groups()))
    capture.property("Success", lambda match: match.success)
    capture.property("Name", lambda match: match.name)
    capture.property("Captures", lambda match: CaptureList("CaptureCollection", [match] if match.success else []))
    capture.property("Index", lambda match: match.index)
    capture.property("Length", lambda match: len(match.value))
    capture.property("Value", lambda match: match.value)
    capture.method("ToString", ("", lambda match: match.value))
    CAPTURES.property("Count", lambda captures: len(captures.items))
    CAPTURES.method("Item", ("int index", lambda captures, index: captures.items[index]))
    CAPTURES.method("get_Item", ("int index", lambda captures, index: captures.items[index]))
    CAPTURES.method("GetEnumerator", ("", lambda captures: list(captures.items)))


def _declare_streams() -> None:
    MESSAGE.property("Message", lambda record: record.message)
    MESSAGE.method("ToString", ("", lambda record: record.message))
    INFORMATION.property("MessageData", lambda record: record.data)
    INFORMATION.property("Source", lambda record: record.source)
    INFORMATION.property("TimeGenerated", lambda record: record.time)
    INFORMATION.property("Tags", lambda record: GenericList("System.String", record.tags))
    INFORMATION.method("ToString", ("", to_text))
    HOST_MESSAGE.property("Message", lambda message: message.message)
    HOST_MESSAGE.property("NoNewLine", lambda message: message.no_newline)
    HOST_MESSAGE.method("ToString", ("", lambda message: message.message))
    kinds = enum("System.Management.Automation.CommandTypes")
    COMMAND.property("CommandType", lambda info: kinds.value("Function" if info.kind == "Function" else info.kind))
    COMMAND.property("Name", lambda info: info.name)
    COMMAND.property("Version", lambda info: info.version)
    COMMAND.property("Source", lambda info: info.module)
    COMMAND.properties["modulename"] = ("ModuleName", lambda info: info.module)
    COMMAND.properties["definition"] = ("Definition", lambda info: info.definition)
    COMMAND.properties["scriptblock"] = ("ScriptBlock", lambda info: info.command.block)
    COMMAND.method("ToString", ("", lambda info: info.name))
    REFERENCE.property("Value", lambda reference: reference.get(), lambda reference, value: reference.set(value))


def _declare() -> tuple[Table, ...]:
    _declare_errors()
    _declare_blocks()
    _declare_types()
    _declare_regex()
    _declare_streams()
    return (
        RECORD,
        CATEGORY,
        INVOCATION,
        EXCEPTION,
        BLOCK,
        TYPE,
        REGEX,
        CAPTURE,
        CAPTURES,
        MESSAGE,
        INFORMATION,
        HOST_MESSAGE,
        COMMAND,
        REFERENCE,
    )


TABLES: Final = _declare()
__all__ = ["TABLES", "DotNetObject", "InvocationInfo", "make_exception"]
