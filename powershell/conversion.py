"""PowerShell's conversions of values to the types of the subset."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from powershell.declared import DotNetClass, DotNetObject, DotNetType, EnumType, EnumValue
from powershell.dialect import spoken
from powershell.dotnet.regex_text import Regex
from powershell.dotnet.time_text import parse_datetime
from powershell.errors import DotNetError, ErrorRecord, OutsideSubset, PowerShellError
from powershell.instances import ArrayList, Enumerator, Hashtable, Instance, KeyCollection, PSCustomObject, ScriptBlock
from powershell.number_conversion import (
    INTEGER_CLASSES,
    cast_error,
    cast_error_with_reason,
    no_conversion,
    parse_number,
    to_char,
    to_double,
    to_enum,
    to_integer,
)
from powershell.text_conversion import item_text, object_text, to_bool, to_text
from powershell.values import (
    NOTHING,
    Char,
    DateTime,
    Guid,
    SwitchParameter,
    TimeSpan,
    TypedArray,
    Version,
    enumerate_value,
    type_name,
)

if TYPE_CHECKING:
    from datetime import date

_AUTOMATION: Final = "System.Management.Automation."
_WITH_PROVIDER: Final = "InvalidCastParseTargetInvocationWithFormatProvider"
_VERSION: Final = re.compile(r"\s*[0-9]+\s*(\.\s*[0-9]+\s*){1,3}")
_HEX: Final = "[0-9a-fA-F]"
_HYPHENED: Final = f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"
_GUID: Final = re.compile(rf"\s*(?:\{{{_HYPHENED}\}}|\({_HYPHENED}\)|{_HYPHENED}|{_HEX}{{32}})\s*")


def _refused(value: Any, target: str) -> OutsideSubset:
    return OutsideSubset(f"the conversion of {type_name(value)} to {target}")


def _of_text(value: Any, target: str, parse: Callable[[str], Any]) -> Any:
    """What is read from text, where .NET's own refusal is told with the cast's."""
    if isinstance(value, Hashtable) or (not isinstance(value, (str, Instance)) and value is not None):
        raise _refused(value, target)
    if not isinstance(value, str):
        raise _no_cast(value, target)
    try:
        return parse(value)
    except DotNetError as error:
        raise cast_error_with_reason(value, target, error.exception.message, _WITH_PROVIDER) from None


def _no_cast(value: Any, target: str) -> Exception:
    """What .NET converts by ways of its own, which fail in words of their own, is refused."""
    peculiar = isinstance(value, (bool, DateTime, EnumValue, Char, PSCustomObject))
    return _refused(value, target) if peculiar else no_conversion(value, target)


def _to_timespan(value: Any) -> TimeSpan:
    if isinstance(value, TimeSpan):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return TimeSpan(int(value))
    raise no_conversion(value, "System.TimeSpan") if value is None else _refused(value, "System.TimeSpan")


def _parse_guid(text: str) -> Guid:
    if _GUID.fullmatch(text) is None:
        if spoken().windows:
            raise OutsideSubset("the wording for what is no GUID")
        raise DotNetError("System.FormatException", "Unrecognized Guid format.")
    return Guid(re.sub("[^0-9a-fA-F]", "", text).lower())


def _to_version(value: Any) -> Version | None:
    if value is None or isinstance(value, Version):
        return value
    if not isinstance(value, str) or _VERSION.fullmatch(value) is None:
        raise _refused(value, "System.Version")
    return Version(tuple(int(part) for part in value.split(".")))


def _to_regex(value: Any) -> Regex | None:
    return value if value is None or isinstance(value, Regex) else Regex(to_text(value))


def _to_switch(value: Any) -> SwitchParameter:
    if isinstance(value, SwitchParameter):
        return value
    if isinstance(value, bool):
        return SwitchParameter(value)
    raise _no_cast(value, "System.Management.Automation.SwitchParameter")


def _to_hashtable(value: Any) -> Hashtable | None:
    if value is None or type(value) is Hashtable:
        return value
    if isinstance(value, Hashtable):
        return Hashtable(value.items())
    raise _no_cast(value, "System.Collections.Hashtable")


def _same(kind: type, name: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value is None or isinstance(value, kind):
            return value
        raise _no_cast(value, name)

    return check


def items_of(value: Any) -> list[Any] | None:
    """The items of anything an array conversion takes apart; None for a single value."""
    if isinstance(value, list):
        return value
    if isinstance(value, (str, Enumerator)) or value is None:
        return None
    found = enumerate_value(value)
    return None if found is None else list(found)


def _to_array(value: Any) -> Any:
    if value is None or isinstance(value, (list, ArrayList, KeyCollection, Hashtable)):
        return value
    items = items_of(value)
    return [value] if items is None else items


def _object_array(value: Any) -> list[Any]:
    items = items_of(value)
    return [value] if items is None else list(items)


_SIMPLE: Final[Mapping[str, Callable[[Any], Any]]] = {
    "System.Object": lambda value: value,
    f"{_AUTOMATION}PSObject": lambda value: value,
    "System.Boolean": to_bool,
    "System.Double": to_double,
    "System.Char": to_char,
    "System.TimeSpan": _to_timespan,
    "System.Guid": lambda value: value if isinstance(value, Guid) else _of_text(value, "System.Guid", _parse_guid),
    "System.Version": _to_version,
    "System.Text.RegularExpressions.Regex": _to_regex,
    f"{_AUTOMATION}SwitchParameter": _to_switch,
    "System.Collections.Hashtable": _to_hashtable,
    "System.Collections.IDictionary": _same(Hashtable, "System.Collections.IDictionary"),
    f"{_AUTOMATION}ScriptBlock": _same(ScriptBlock, f"{_AUTOMATION}ScriptBlock"),
    f"{_AUTOMATION}ErrorRecord": _same(ErrorRecord, f"{_AUTOMATION}ErrorRecord"),
    "System.Array": _to_array,
    "System.Collections.IEnumerable": _to_array,
    "System.Collections.IList": _to_array,
    "System.Collections.ICollection": _to_array,
    "System.Void": lambda _: NOTHING,
    f"{_AUTOMATION}PSCustomObject": lambda value: custom_object(value) if isinstance(value, Hashtable) else value,
    **{name: partial(to_integer, target=name) for name in INTEGER_CLASSES},
}


class Conversion:
    """Converts to types by their full names.

    A host has one: dates without a year need its calendar, and strings name its types.
    """

    def __init__(self, find_type: Callable[[str], DotNetType | None], today: Callable[[], date]) -> None:
        self._find_type = find_type
        self._today = today
        self._simple: dict[str, Callable[[Any], Any]] = {
            **_SIMPLE,
            "System.String": self._to_string,
            "System.DateTime": self._to_datetime,
            "System.Type": self._to_type,
        }
        self.separator: Callable[[], str] = lambda: " "
        """$OFS of the running script."""
        self.extensions: dict[str, Callable[[Any], Any]] = {}
        """Conversions to types declared elsewhere (addresses)."""

    def convert(self, value: Any, target: DotNetType) -> Any:
        """The value as that type, or PowerShell's cast error."""
        if value is NOTHING:
            value = None
        simple = self._simple.get(target.name) or self.extensions.get(target.name)
        if simple is not None:
            return simple(value)
        if target.element is not None:
            return self._to_typed_array(value, target, target.element)
        if isinstance(target.definition, EnumType):
            return to_enum(value, target.definition)
        if value is None or type_name(value) == target.name:
            return value
        if isinstance(value, DotNetObject) and target.name in value.dotnet_class.bases:
            return value
        if isinstance(target.definition, DotNetClass) and not isinstance(value, Hashtable | PSCustomObject):
            raise no_conversion(value, target.name)
        raise _refused(value, target.name)

    def _to_string(self, value: Any) -> str:
        return to_text(value, self.separator()) if isinstance(value, list) else to_text(value)

    def _to_datetime(self, value: Any) -> DateTime:
        if isinstance(value, DateTime):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            if value < 0:
                raise OutsideSubset("a date of negative ticks")
            return DateTime(int(value))
        made: DateTime = _of_text(value, "System.DateTime", lambda text: parse_datetime(text, self._today()))
        return made

    def _to_type(self, value: Any) -> Any:
        if value is None or isinstance(value, DotNetType):
            return value
        found = self._find_type(value) if isinstance(value, str) else None
        if found is None:
            raise _refused(value, "System.Type")
        return found

    def _to_typed_array(self, value: Any, target: DotNetType, element: DotNetType) -> Any:
        if value is None or (isinstance(value, TypedArray) and value.element_type == element.name):
            return value
        if element.name in {"System.Object", "System.Management.Automation.PSObject"}:
            return value if type(value) is list else _object_array(value)
        items = items_of(value)
        if items is None and element.name == "System.Char" and isinstance(value, str):
            return TypedArray("System.Char", [Char(unit) for unit in value])
        if items is None:
            return TypedArray(element.name, [self._scalar_item(value, element, target)])
        return TypedArray(element.name, [self.convert(item, element) for item in items])

    def _scalar_item(self, value: Any, element: DotNetType, target: DotNetType) -> Any:
        try:
            return self.convert(value, element)
        except PowerShellError as error:
            if error.record.error_id == "ConvertToFinalInvalidCastException":
                raise no_conversion(value, target.name) from None
            message, error_id = error.record.message, "InvalidCastExceptionScalarToArray"
            raise cast_error_with_reason(value, target.name, message, error_id) from None


def custom_object(source: Hashtable) -> PSCustomObject:
    """[pscustomobject]@{…}; a PSTypeName entry becomes its type name."""
    bag = PSCustomObject()
    for key, value in source.items():
        name = to_text(key)
        if name.lower() == "pstypename":
            bag.type_names = [to_text(value), PSCustomObject.dotnet_name, "System.Object"]
        else:
            bag.set(name, value)
    return bag


__all__ = [
    "INTEGER_CLASSES",
    "Conversion",
    "cast_error",
    "custom_object",
    "item_text",
    "items_of",
    "object_text",
    "parse_number",
    "to_bool",
    "to_text",
]
