"""PowerShell's conversions of values to the types of the subset."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from powershell.dotnet.regex_text import Regex
from powershell.dotnet.time_text import parse_datetime
from powershell.errors import (
    EXCEPTION_BASES,
    DotNetError,
    ErrorRecord,
    ExceptionObject,
    OutsideSubset,
    PowerShellError,
    exception_lineage,
    wrong_format,
)
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
    ArrayList,
    Char,
    DateTime,
    DotNetClass,
    DotNetObject,
    DotNetType,
    Enumerator,
    EnumType,
    EnumValue,
    GenericList,
    Guid,
    Hashtable,
    KeyCollection,
    OrderedDictionary,
    PSCustomObject,
    PSReference,
    ScriptBlock,
    SwitchParameter,
    TimeSpan,
    TypedArray,
    Version,
    enumerate_value,
    type_name,
)

if TYPE_CHECKING:
    from datetime import date


def _invalid_cast(value: Any, target: str) -> PowerShellError:
    names = ("Boolean", "DateTime") if target == "System.DateTime" else ("System.Boolean", target)
    return cast_error_with_reason(
        value, target, f"Invalid cast from '{names[0]}' to '{names[1]}'.", "InvalidCastIConvertible"
    )


def _parsed(value: Any, target: str, parse: Callable[[str], Any], error_id: str) -> Any:
    if isinstance(value, bool):
        raise _invalid_cast(value, target)
    if isinstance(value, (int, float, Decimal)):
        value = to_text(value)
    if isinstance(value, EnumValue):
        raise OutsideSubset(f"the conversion of an enumeration to {target}")
    if not isinstance(value, str):
        raise no_conversion(value, target)
    try:
        return parse(value)
    except DotNetError as error:
        raise cast_error_with_reason(value, target, error.exception.message, error_id) from None


_WITH_PROVIDER: Final = "InvalidCastParseTargetInvocationWithFormatProvider"


def _to_datetime(value: Any, today: date) -> DateTime:
    if isinstance(value, DateTime):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return DateTime(int(value))
    result: DateTime = _parsed(value, "System.DateTime", lambda text: parse_datetime(text, today), _WITH_PROVIDER)
    return result


def _to_timespan(value: Any) -> TimeSpan:
    if isinstance(value, TimeSpan):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return TimeSpan(int(value))
    raise OutsideSubset(f"the conversion of {type_name(value)} to System.TimeSpan")


def parse_guid(text: str) -> Guid:
    digits = re.fullmatch(
        r"\s*(?:\{([0-9a-fA-F-]{36})\}|\(([0-9a-fA-F-]{36})\)|([0-9a-fA-F-]{36})|([0-9a-fA-F]{32}))\s*", text
    )
    body = next((group for group in digits.groups() if group), "") if digits else ""
    if len(body) == 36 and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", body):
        body = ""
    if not body:
        raise DotNetError("System.FormatException", "Unrecognized Guid format.")
    return Guid(body.replace("-", "").lower())


def parse_version(text: str) -> Version:
    parts = text.split(".")
    if not 2 <= len(parts) <= 4:
        raise DotNetError(
            "System.ArgumentException", "Version string portion was too short or too long. (Parameter 'input')"
        )
    if not all(re.fullmatch(r"\s*[0-9]+\s*", part) for part in parts):
        bad = next(part for part in parts if not re.fullmatch(r"\s*[0-9]+\s*", part))
        raise DotNetError("System.FormatException", wrong_format(bad))
    return Version(tuple(int(part) for part in parts))


def _to_version(value: Any) -> Version:
    if isinstance(value, Version):
        return value
    result: Version = _parsed(value, "System.Version", parse_version, "InvalidCastParseTargetInvocation")
    return result


def _to_regex(value: Any) -> Regex:
    if isinstance(value, Regex):
        return value
    try:
        return Regex(to_text(value))
    except DotNetError as error:
        raise cast_error_with_reason(
            value, "System.Text.RegularExpressions.Regex", error.exception.message, "InvalidCastFromStringToRegex"
        ) from None


def _to_switch(value: Any) -> SwitchParameter:
    if isinstance(value, SwitchParameter):
        return value
    if isinstance(value, bool):
        return SwitchParameter(value)
    if value is None:
        return SwitchParameter(is_present=False)
    raise no_conversion(value, "System.Management.Automation.SwitchParameter")


def _to_hashtable(value: Any) -> Hashtable | None:
    if value is None:
        return None
    if type(value) is Hashtable:
        return value
    if isinstance(value, Hashtable):
        return Hashtable(value.items())
    raise no_conversion(value, "System.Collections.Hashtable")


def items_of(value: Any) -> list[Any] | None:
    """The items of anything an array conversion takes apart; None for a single value."""
    if isinstance(value, list):
        return value
    if isinstance(value, (str, Enumerator)) or value is None:
        return None
    found = enumerate_value(value)
    return None if found is None else list(found)


class Conversion:
    """Converts to types by their full names.

    A host has one: dates without a year need its calendar, and strings name its types.
    """

    def __init__(self, find_type: Callable[[str], DotNetType | None], today: Callable[[], date]) -> None:
        self._find_type = find_type
        self._today = today
        self._simple: dict[str, Callable[[Any], Any]] = {
            "System.Object": lambda value: value,
            "System.Management.Automation.PSObject": lambda value: value,
            "System.String": lambda value: (
                to_text(value, self.separator()) if isinstance(value, list) else to_text(value)
            ),
            "System.Boolean": self._to_boolean,
            "System.Double": to_double,
            "System.Char": to_char,
            "System.DateTime": lambda value: self._not_null(
                value, "System.DateTime", lambda it: _to_datetime(it, self._today())
            ),
            "System.TimeSpan": lambda value: self._not_null(value, "System.TimeSpan", _to_timespan),
            "System.Guid": lambda value: self._not_null(value, "System.Guid", self._to_guid),
            "System.Version": lambda value: None if value is None else _to_version(value),
            "System.Text.RegularExpressions.Regex": lambda value: None if value is None else _to_regex(value),
            "System.Management.Automation.SwitchParameter": _to_switch,
            "System.Collections.Hashtable": _to_hashtable,
            "System.Collections.IDictionary": self._same(Hashtable, "System.Collections.IDictionary"),
            "System.Management.Automation.ScriptBlock": self._same(
                ScriptBlock, "System.Management.Automation.ScriptBlock"
            ),
            "System.Management.Automation.ErrorRecord": self._same(
                ErrorRecord, "System.Management.Automation.ErrorRecord"
            ),
            "System.Management.Automation.PSReference": self._to_reference,
            "System.Array": self._to_array,
            "System.Collections.ArrayList": self._to_array_list,
            "System.Collections.IEnumerable": self._to_array,
            "System.Collections.IList": self._to_array,
            "System.Collections.ICollection": self._to_array,
            "System.Type": self._to_type,
            "System.Void": lambda _: NOTHING,
            "System.Management.Automation.PSCustomObject": self._to_custom,
        }
        for name in INTEGER_CLASSES:
            self._simple[name] = self._integer(name)
        self.separator: Callable[[], str] = lambda: " "
        """$OFS of the running script."""
        self.extensions: dict[str, Callable[[Any], Any]] = {}
        """Conversions to types declared elsewhere (addresses, encodings)."""

    def convert(self, value: Any, target: DotNetType) -> Any:
        """The value as that type, or PowerShell's cast error."""
        if value is NOTHING:
            value = None
        simple = self._simple.get(target.name)
        if simple is not None:
            return simple(value)
        if target.element is not None:
            return self._to_typed_array(value, target)
        if isinstance(target.definition, EnumType):
            return to_enum(value, target.definition)
        if target.arguments:
            return self._to_generic(value, target)
        extension = self.extensions.get(target.name)
        if extension is not None:
            return extension(value)
        return self._to_other(value, target)

    def _integer(self, name: str) -> Callable[[Any], Any]:
        return lambda value: to_integer(value, name)

    def _not_null(self, value: Any, name: str, convert: Callable[[Any], Any]) -> Any:
        if value is None:
            raise no_conversion(None, name)
        return convert(value)

    def _to_guid(self, value: Any) -> Any:
        return value if isinstance(value, Guid) else _parsed(value, "System.Guid", parse_guid, _WITH_PROVIDER)

    def _same(self, kind: type, name: str) -> Callable[[Any], Any]:
        def check(value: Any) -> Any:
            if value is None or isinstance(value, kind):
                return value
            raise no_conversion(value, name)

        return check

    def _to_boolean(self, value: Any) -> bool:
        return to_bool(value)

    def _to_custom(self, value: Any) -> Any:
        return custom_object(value) if isinstance(value, Hashtable) else value

    def _to_reference(self, value: Any) -> Any:
        if isinstance(value, PSReference):
            return value
        raise OutsideSubset("[ref] of this value")

    def _to_array(self, value: Any) -> Any:
        if value is None or isinstance(value, (list, ArrayList, KeyCollection, Hashtable)):
            return value
        items = items_of(value)
        return [value] if items is None else items

    def _to_array_list(self, value: Any) -> Any:
        if value is None or type(value) is ArrayList:
            return value
        items = items_of(value)
        if isinstance(value, Hashtable):
            raise OutsideSubset("a dictionary as an ArrayList")
        if items is None:
            raise no_conversion(value, "System.Collections.ArrayList")
        return ArrayList(items)

    def _to_type(self, value: Any) -> Any:
        if value is None or isinstance(value, DotNetType):
            return value
        if isinstance(value, str):
            found = self._find_type(value)
            if found is not None:
                return found
            raise cast_error(
                f'Cannot convert the "{value}" value of type "System.String" to type "System.Type".',
                "InvalidCastFromStringToType",
            )
        raise no_conversion(value, "System.Type")

    def _to_typed_array(self, value: Any, target: DotNetType) -> Any:
        element = target.element
        assert element is not None
        if value is None:
            return None
        if isinstance(value, TypedArray) and value.element_type == element.name:
            return value
        if element.name in {"System.Object", "System.Management.Automation.PSObject"}:
            return value if type(value) is list else self._object_array(value)
        items = items_of(value)
        if items is None and element.name == "System.Char" and isinstance(value, str):
            return TypedArray("System.Char", [Char(unit) for unit in value])
        if items is None:
            return TypedArray(element.name, [self._scalar_item(value, element, target)])
        convert = self._simple.get(element.name)
        if convert is not None:
            return TypedArray(element.name, [convert(item) for item in items])
        return TypedArray(element.name, [self.convert(item, element) for item in items])

    def _object_array(self, value: Any) -> list[Any]:
        items = items_of(value)
        return [value] if items is None else list(items)

    def _scalar_item(self, value: Any, element: DotNetType, target: DotNetType) -> Any:
        try:
            return self.convert(value, element)
        except PowerShellError as error:
            raise cast_error_with_reason(
                value, target.name, error.record.message, "InvalidCastExceptionScalarToArray"
            ) from None

    def _to_generic(self, value: Any, target: DotNetType) -> Any:
        if target.name.startswith("System.Nullable`1"):
            return None if value is None else self.convert(value, target.arguments[0])
        if value is None:
            return None
        if type_name(value) == target.name:
            return value
        if target.name.startswith(("System.Collections.Generic.List`1", "System.Collections.Generic.IList`1")):
            items = items_of(value)
            converted = [self.convert(item, target.arguments[0]) for item in ([value] if items is None else items)]
            return GenericList(target.arguments[0].name, converted)
        if target.name.startswith("System.Collections.Generic.IEnumerable`1"):
            items = items_of(value)
            return [value] if items is None else items
        raise OutsideSubset(f"the conversion to {target.name}")

    def _to_other(self, value: Any, target: DotNetType) -> Any:
        if value is None:
            return None
        if type_name(value) == target.name:
            return value
        if target.name in EXCEPTION_BASES or target.name == "System.Exception":
            return self._to_exception(value, target)
        if isinstance(target.definition, DotNetClass):
            if isinstance(value, DotNetObject) and target.name in value.dotnet_class.bases:
                return value
            if isinstance(value, Hashtable | PSCustomObject):
                raise OutsideSubset(f"making a {target.name} from a hashtable")
            raise no_conversion(value, target.name)
        if target.name == "System.Collections.Specialized.OrderedDictionary" and isinstance(value, Hashtable):
            return OrderedDictionary(value.items())
        raise OutsideSubset(f"the conversion of {type_name(value)} to {target.name}")

    def _to_exception(self, value: Any, target: DotNetType) -> Any:
        if isinstance(value, ExceptionObject):
            if target.name in exception_lineage(value.type):
                return value
            raise no_conversion(value, target.name)
        if isinstance(value, str):
            return ExceptionObject(target.name, value)
        raise OutsideSubset(f"the conversion of {type_name(value)} to {target.name}")


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
    "parse_guid",
    "parse_number",
    "parse_version",
    "to_bool",
    "to_text",
]
