"""Values as text, as strings, string interpolation and ToString() show them, and as truth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from powershell.declared import DotNetObject, DotNetType, EnumValue
from powershell.dotnet.number_text import decimal_text, general_text, plain_text
from powershell.dotnet.regex_text import Capture, Regex
from powershell.dotnet.time_text import format_datetime, format_timespan, invariant_text
from powershell.errors import ErrorRecord, ExceptionObject, OutsideSubset
from powershell.instances import ArrayList, DictionaryEntry, GenericList, PSCustomObject, ScriptBlock
from powershell.streams import HostInformationMessage, InformationalRecord, InformationRecord
from powershell.type_names import accelerator_of
from powershell.values import (
    NOTHING,
    Char,
    DateTime,
    Guid,
    SwitchParameter,
    TimeSpan,
    Version,
    enumerate_value,
    type_name,
)


def to_text(value: Any, separator: str = " ") -> str:
    """What "$value" shows: numbers and dates in the invariant culture, items joined by $OFS."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return] # its class was just compared
    if value is None or value is NOTHING:
        return ""
    if kind is bool:
        return "True" if value else "False"
    if isinstance(value, int):
        return str(int(value))
    items = enumerate_value(value)
    if items is not None:
        return separator.join(item_text(item) for item in items)
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(value)
    if isinstance(value, PSCustomObject):
        return _bag_text(value, to_text)
    return object_text(value)


def item_text(value: Any) -> str:
    """An item among others: a collection inside a collection shows its type only, a custom object nothing."""
    if isinstance(value, PSCustomObject):
        return ""
    if enumerate_value(value) is not None and not isinstance(value, str):
        return type_name_text(value)
    return to_text(value)


def _bag_text(value: PSCustomObject, text_of: Callable[[Any], str]) -> str:
    parts = []
    for member in value.members.values():
        shown = getattr(member, "value", None)
        if isinstance(shown, PSCustomObject):
            text = ""
        elif enumerate_value(shown) is not None and not isinstance(shown, str):
            text = type_name_text(shown)
        else:
            text = text_of(shown)
        parts.append(f"{member.name}={text}")
    return "@{" + "; ".join(parts) + "}" if parts else ""


def type_name_text(value: Any) -> str:
    """Object.ToString() of a class that does not say more than its name."""
    if isinstance(value, GenericList):
        return f"{value.generic_name}[{value.element_type}]"
    return type_name(value)


def object_text(value: Any) -> str:
    """ToString() as .NET gives it, dates and numbers in the culture of the host."""
    match value:
        case None:
            return ""
        case bool():
            return "True" if value else "False"
        case float() | int() | Decimal():
            return plain_text(value)
        case str():
            return value
        case DateTime():
            return format_datetime(value, "G")
        case DotNetType():
            return value.name
        case DotNetObject():
            text = value.dotnet_class.text
            return text(value) if text is not None else value.dotnet_class.name
        case PSCustomObject():
            return _bag_text(value, object_text)
        case ExceptionObject():
            return exception_text(value)
        case _:
            writer = _WRITERS.get(type(value))
            if writer is not None:
                return writer(value)
            own = getattr(value, "text_value", None)
            return own() if own is not None else type_name_text(value)


def exception_text(value: ExceptionObject) -> str:
    if value.inner is not None:
        raise OutsideSubset("the text of an exception with an inner exception")
    return f"{value.type}: {value.message}" if value.message else value.type


def _type_text(value: DotNetType) -> str:
    if value.element is not None:
        return f"{_type_text(value.element)}[]"
    return accelerator_of(value.name) or value.name


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    float: general_text,
    Decimal: decimal_text,
    Char: lambda value: value.value,
    DateTime: invariant_text,
    TimeSpan: format_timespan,
    Guid: str,
    Version: str,
    EnumValue: str,
    SwitchParameter: lambda value: "True" if value.is_present else "False",
    ScriptBlock: lambda value: value.text,
    DotNetType: _type_text,
    ErrorRecord: lambda value: value.message,
    ExceptionObject: exception_text,
    Regex: lambda value: value.pattern,
    Capture: lambda value: value.value,
    InformationalRecord: lambda value: value.message,
    InformationRecord: lambda value: to_text(value.data),
    HostInformationMessage: lambda value: value.message,
    DictionaryEntry: lambda _: "System.Collections.DictionaryEntry",
}


def to_bool(value: Any) -> bool:
    if value is True or value is False:
        return bool(value)
    if value is None or value is NOTHING:
        return False
    if isinstance(value, str):
        return value != ""
    if isinstance(value, (int, float, Decimal)):
        return value != 0
    if isinstance(value, (list, ArrayList)):
        items = value if isinstance(value, list) else value.items
        if not items:
            return False
        if len(items) > 1:
            return True
        only = items[0]
        return any(True for _ in enumerate_value(only) or ()) if isinstance(only, (list, ArrayList)) else to_bool(only)
    if isinstance(value, SwitchParameter):
        return value.is_present
    if isinstance(value, EnumValue):
        return value.number != 0
    return not (isinstance(value, Char) and value.value == "\0")
