"""PowerShell's conversions: anything to text, to bool, to a number, and to a type of the subset."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from lab.simulator.powershell.dotnet.number_text import decimal_text, double_text, general_text, plain_text
from lab.simulator.powershell.dotnet.regex_text import Capture, Regex
from lab.simulator.powershell.dotnet.time_text import (
    format_datetime,
    format_timespan,
    invariant_text,
    parse_datetime,
    parse_timespan,
)
from lab.simulator.powershell.errors import (
    EXCEPTION_BASES,
    DotNetError,
    ErrorRecord,
    ExceptionObject,
    OutsideSubset,
    PowerShellError,
    exception_lineage,
    failure,
)
from lab.simulator.powershell.streams import HostInformationMessage, InformationalRecord, InformationRecord
from lab.simulator.powershell.type_names import accelerator_of
from lab.simulator.powershell.values import (
    INTEGER_RANGES,
    NOTHING,
    ArrayList,
    BigInteger,
    Byte,
    Char,
    DateTime,
    DateTimeOffset,
    DictionaryEntry,
    DotNetClass,
    DotNetObject,
    DotNetType,
    Enumerator,
    EnumType,
    EnumValue,
    GenericDictionary,
    GenericList,
    Guid,
    Hashtable,
    Int16,
    Int64,
    KeyCollection,
    OrderedDictionary,
    PSCustomObject,
    PSReference,
    SByte,
    ScriptBlock,
    ScriptMethod,
    Single,
    SwitchParameter,
    TimeSpan,
    TypedArray,
    UInt16,
    UInt32,
    UInt64,
    Version,
    enumerate_value,
    type_name,
)

if TYPE_CHECKING:
    from datetime import date

INTEGER_CLASSES: Final[Mapping[str, type[int]]] = {
    "System.Int32": int,
    "System.Int64": Int64,
    "System.Byte": Byte,
    "System.SByte": SByte,
    "System.Int16": Int16,
    "System.UInt16": UInt16,
    "System.UInt32": UInt32,
    "System.UInt64": UInt64,
}
_RANGE_NAMES: Final = {
    "System.Byte": "an unsigned byte",
    "System.SByte": "a signed byte",
    "System.Int16": "an Int16",
    "System.UInt16": "a UInt16",
    "System.Int32": "an Int32",
    "System.UInt32": "a UInt32",
    "System.Int64": "an Int64",
    "System.UInt64": "a UInt64",
    "System.Char": "a character",
    "System.Decimal": "a Decimal",
}


# --- to text --------------------------------------------------------------------------------------------------------


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
        return _bag_text(value)
    return object_text(value)


def item_text(value: Any) -> str:
    """An item among others: a collection inside a collection shows its type only."""
    if enumerate_value(value) is not None and not isinstance(value, str):
        return type_name_text(value)
    return to_text(value)


def _bag_text(value: PSCustomObject) -> str:
    method = value.members.get("tostring")
    if isinstance(method, ScriptMethod):
        raise OutsideSubset("a ToString method attached to an object")
    parts = []
    for member in value.members.values():
        shown = getattr(member, "value", None)
        if isinstance(shown, PSCustomObject):
            text = ""
        elif enumerate_value(shown) is not None and not isinstance(shown, str):
            text = type_name_text(shown)
        else:
            text = to_text(shown)
        parts.append(f"{member.name}={text}")
    return "@{" + "; ".join(parts) + "}" if parts else ""


def type_name_text(value: Any) -> str:
    """Object.ToString() of a class that does not say more than its name."""
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
            return _bag_text(value)
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


def _error_text(value: ErrorRecord) -> str:
    return value.message


def _type_text(value: DotNetType) -> str:
    if value.element is not None:
        return f"{_type_text(value.element)}[]"
    if value.arguments:
        head = value.name.partition("`")[0]
        return f"{head}[{','.join(_type_text(argument) for argument in value.arguments)}]"
    return accelerator_of(value.name) or value.name


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    float: general_text,
    Single: lambda value: general_text(value, 7),
    Decimal: decimal_text,
    Char: lambda value: value.value,
    DateTime: invariant_text,
    DateTimeOffset: lambda value: invariant_text(DateTime(value.ticks)) + " +00:00",
    TimeSpan: format_timespan,
    Guid: str,
    Version: str,
    EnumValue: str,
    SwitchParameter: lambda value: "True" if value.is_present else "False",
    ScriptBlock: lambda value: value.text,
    DotNetType: _type_text,
    ErrorRecord: _error_text,
    ExceptionObject: exception_text,
    Regex: lambda value: value.pattern,
    Capture: lambda value: value.value,
    InformationalRecord: lambda value: value.message,
    InformationRecord: lambda value: to_text(value.data),
    HostInformationMessage: lambda value: value.message,
    DictionaryEntry: lambda _: "System.Collections.DictionaryEntry",
}


# --- to bool --------------------------------------------------------------------------------------------------------


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
        return to_bool(items[0]) if len(items) == 1 and not isinstance(items[0], list) else True
    if isinstance(value, SwitchParameter):
        return value.is_present
    if isinstance(value, EnumValue):
        return value.number != 0
    return not (isinstance(value, Char) and value.value == "\0")


# --- casts ----------------------------------------------------------------------------------------------------------


def cast_error(message: str, error_id: str, inner: ExceptionObject | None = None) -> PowerShellError:
    return failure(
        message,
        error_id,
        "InvalidArgument",
        inner=ExceptionObject("System.Management.Automation.PSInvalidCastException", message, inner),
    )


def _with_reason(value: Any, target: str, reason: str, error_id: str) -> PowerShellError:
    return cast_error(f'Cannot convert value "{_shown(value)}" to type "{target}". Error: "{reason}"', error_id)


def _shown(value: Any) -> str:
    return object_text(value) if isinstance(value, DateTime) else to_text(value)


def no_conversion(value: Any, target: str) -> PowerShellError:
    if value is None:
        return cast_error(f'Cannot convert null to type "{target}".', "nullToObjectInvalidCast")
    shown = type_name(value) if enumerate_value(value) is not None else _shown(value)
    return cast_error(
        f'Cannot convert the "{shown}" value of type "{type_name(value)}" to type "{target}".',
        "ConvertToFinalInvalidCastException",
    )


_DECIMAL_NUMBER: Final = re.compile(r"\s*([+-]?)(\d[\d,]*\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?\s*")
_SUFFIXED: Final = re.compile(
    r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)(kb|mb|gb|tb|pb)?\s*", re.IGNORECASE
)
_MULTIPLIERS: Final = {"kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40, "pb": 1 << 50}


def parse_number(text: str) -> int | Decimal | None:
    """A number as a script may write it inside a string: decimal, hexadecimal, with kb … pb; None when it is none."""
    found = _SUFFIXED.fullmatch(text)
    if found is None:
        return None
    sign = -1 if found.group(1) == "-" else 1
    body = found.group(2)
    scale = _MULTIPLIERS.get((found.group(3) or "").lower(), 1)
    if body[:2].lower() == "0x":
        return sign * int(body, 16) * scale
    if body[:2].lower() == "0b":
        return sign * int(body, 2) * scale
    if body.isdigit():
        return sign * int(body) * scale
    return sign * Decimal(body) * scale


def _string_to_integer(text: str, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    low, high = INTEGER_RANGES[kind]
    stripped = text.strip(" \t\r\n\v\f")
    if not stripped:
        if text and target != "System.Int32":
            pass
        return kind(0)
    plain = re.fullmatch(r"[+-]?\d+", stripped)
    number: int | Decimal | None = int(stripped) if plain else parse_number(stripped)
    if number is None and re.fullmatch(r"[+-]?\d[\d,]*(\.\d+)?", stripped):
        number = Decimal(stripped.replace(",", ""))
    if number is None:
        raise _with_reason(
            text, target, f"The input string '{text}' was not in a correct format.", "InvalidCastFromStringToInteger"
        )
    whole = int(Decimal(number).to_integral_value(ROUND_HALF_EVEN))
    if not low <= whole <= high:
        raise _with_reason(
            text,
            target,
            f"Value was either too large or too small for {_RANGE_NAMES[target]}.",
            "InvalidCastFromStringToInteger",
        )
    return kind(whole)


def _to_integer(value: Any, target: str) -> int:
    kind = INTEGER_CLASSES[target]
    if type(value) is kind:
        return value
    if value is None:
        return kind(0)
    if isinstance(value, str):
        return _string_to_integer(value, target)
    if isinstance(value, bool):
        return kind(int(value))
    if isinstance(value, EnumValue):
        number: int = value.number
    elif isinstance(value, Char):
        number = ord(value.value)
    elif isinstance(value, int):
        number = int(value)
    elif isinstance(value, (float, Decimal)):
        if isinstance(value, float) and not math.isfinite(value):
            raise _out_of_range(value, target)
        number = int(Decimal(value).to_integral_value(ROUND_HALF_EVEN))
    elif isinstance(value, SwitchParameter) and target == "System.Int32":
        raise no_conversion(value, target)
    elif isinstance(value, DateTime):
        raise _with_reason(value, target, f"Invalid cast from 'DateTime' to '{target[7:]}'.", "InvalidCastIConvertible")
    else:
        raise no_conversion(value, target)
    low, high = INTEGER_RANGES[kind]
    if not low <= number <= high:
        raise _out_of_range(value, target)
    return kind(number)


def _out_of_range(value: Any, target: str) -> PowerShellError:
    return _with_reason(
        value,
        target,
        f"Value was either too large or too small for {_RANGE_NAMES[target]}.",
        "InvalidCastIConvertible",
    )


def _to_real(value: Any, target: str) -> float:
    kind = Single if target == "System.Single" else float
    if value is None:
        return kind(0.0)
    if isinstance(value, str):
        stripped = value.strip()
        if not stripped:
            return kind(0.0)
        if re.fullmatch(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?", stripped):
            return kind(stripped.replace(",", ""))
        special = {"nan": math.nan, "infinity": math.inf, "-infinity": -math.inf, "∞": math.inf, "-∞": -math.inf}
        if stripped.lower() in special:
            return kind(special[stripped.lower()])
        number = parse_number(stripped)
        if number is None:
            raise _with_reason(
                value,
                target,
                f"The input string '{value}' was not in a correct format.",
                "InvalidCastFromStringToDoubleOrSingle",
            )
        return kind(number)
    if isinstance(value, (int, float, Decimal)):
        if kind is Single:
            return Single(struct.unpack("f", struct.pack("f", float(value)))[0])
        return kind(value)
    if isinstance(value, EnumValue):
        return kind(value.number)
    if isinstance(value, Char):
        raise _with_reason(value, target, f"Invalid cast from 'Char' to '{target[7:]}'.", "InvalidCastIConvertible")
    raise no_conversion(value, target)


def _to_decimal(value: Any) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, str):
        stripped = value.strip()
        if not stripped:
            return Decimal(0)
        try:
            if re.fullmatch(r"[+-]?(\d[\d,]*\.?\d*|\.\d+)", stripped):
                plain = Decimal(stripped.replace(",", "")).normalize()
                return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
            number = parse_number(stripped)
        except InvalidOperation:
            number = None
        if number is None:
            raise _with_reason(
                value,
                "System.Decimal",
                f"The input string '{value}' was not in a correct format.",
                "InvalidCastFromStringToDecimal",
            )
        return Decimal(number)
    if isinstance(value, float):
        if not math.isfinite(value) or abs(value) > 7.9e28:
            raise _out_of_range(value, "System.Decimal")
        number = Decimal(f"{value:.14e}").normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, EnumValue):
        return Decimal(value.number)
    raise no_conversion(value, "System.Decimal")


def _to_char(value: Any) -> Char:
    if isinstance(value, Char):
        return value
    if isinstance(value, str):
        if len(value) == 1:
            return Char(value)
        raise _with_reason(
            value, "System.Char", "String must be exactly one character long.", "InvalidCastParseTargetInvocation"
        )
    if value is None:
        return Char("\0")
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= 0xFFFF:
            raise _out_of_range(value, "System.Char")
        return Char(chr(value))
    if isinstance(value, float):
        raise _with_reason(value, "System.Char", "Invalid cast from 'Double' to 'Char'.", "InvalidCastIConvertible")
    raise no_conversion(value, "System.Char")


def to_enum(value: Any, enum: EnumType) -> EnumValue:
    if isinstance(value, EnumValue) and value.type is enum:
        return value
    if isinstance(value, str):
        return _enum_from_text(value, enum)
    if isinstance(value, EnumValue):
        value = value.number
    if isinstance(value, float):
        value = _to_integer(value, "System.Int32")
    if isinstance(value, int) and not isinstance(value, bool):
        known = [number for _, number in enum.members]
        mask = 0
        for number in known:
            mask |= number
        if int(value) in known or (enum.flags and not int(value) & ~mask):
            return EnumValue(enum, int(value))
        raise cast_error(_undefined(str(int(value)), enum), "UndefinedIntegerToEnum")
    if isinstance(value, list) and enum.flags:
        number = 0
        for item in value:
            number |= to_enum(item, enum).number
        return EnumValue(enum, number)
    if value is None:
        raise cast_error(
            f'Cannot convert null to type "{enum.name}" due to enumeration values that are not valid. Specify one of '
            "the following enumeration values and try again. The possible enumeration values are "
            f'"{",".join(name for name, _ in enum.members)}".',
            "nullToEnumInvalidCast",
        )
    raise no_conversion(value, enum.name)


def _enum_from_text(text: str, enum: EnumType) -> EnumValue:
    number = 0
    parts = [part.strip() for part in text.split(",")] if enum.flags else [text.strip()]
    for part in parts:
        lowered = part.lower()
        exact = [known for name, known in enum.members if name.lower() == lowered]
        prefixed = [known for name, known in enum.members if name.lower().startswith(lowered)] if lowered else []
        if exact:
            number |= exact[0]
        elif re.fullmatch(r"[+-]?\d+", part):
            return to_enum(int(part), enum) if len(parts) == 1 else _refuse_enum(text)
        elif len(prefixed) == 1:
            number |= prefixed[0]
        elif prefixed or not part:
            raise OutsideSubset(f"the ambiguous value '{text}' of the enumeration {enum.name}")
        else:
            names = ", ".join(name for name, _ in enum.members)
            if enum.name == "System.Management.Automation.PSMemberTypes":
                raise _with_reason(text, enum.name, _undefined(text, enum), "InvalidCastFromStringToEnum")
            reason = (
                f"Unable to match the identifier name {part} to a valid enumerator name. Specify one of the following "
                f"enumerator names and try again:\n{names}"
            )
            raise cast_error(
                f'Cannot convert value "{text}" to type "{enum.name}". Error: "{reason}"',
                "SubstringDisambiguationEnumParseThrewAnException",
            )
    return EnumValue(enum, number)


def _undefined(text: str, enum: EnumType) -> str:
    names = ",".join(name for name, _ in enum.members)
    return (
        f'Cannot convert value "{text}" to type "{enum.name}" due to enumeration values that are not valid. '
        "Specify one of the following enumeration values and try again. The possible enumeration values are "
        f'"{names}".'
    )


def _refuse_enum(text: str) -> EnumValue:
    raise OutsideSubset(f"'{text}' as a value of an enumeration")


def _parsed(value: Any, target: str, parse: Callable[[str], Any], error_id: str) -> Any:
    if not isinstance(value, str):
        raise no_conversion(value, target)
    try:
        return parse(value)
    except DotNetError as error:
        raise _with_reason(value, target, error.exception.message, error_id) from None


_WITH_PROVIDER: Final = "InvalidCastParseTargetInvocationWithFormatProvider"


def _to_datetime(value: Any, today: date | None) -> DateTime:
    if isinstance(value, DateTime):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return DateTime(int(value))
    if isinstance(value, DateTimeOffset):
        return DateTime(value.ticks)
    result: DateTime = _parsed(value, "System.DateTime", lambda text: parse_datetime(text, today), _WITH_PROVIDER)
    return result


def _to_timespan(value: Any) -> TimeSpan:
    if isinstance(value, TimeSpan):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return TimeSpan(int(value))
    result: TimeSpan = _parsed(value, "System.TimeSpan", parse_timespan, _WITH_PROVIDER)
    return result


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
    if not all(re.fullmatch(r"\s*\d+\s*", part) for part in parts):
        bad = next(part for part in parts if not re.fullmatch(r"\s*\d+\s*", part))
        raise DotNetError("System.FormatException", f"The input string '{bad}' was not in a correct format.")
    return Version(tuple(int(part) for part in parts))


def _to_version(value: Any) -> Version:
    if isinstance(value, Version):
        return value
    if isinstance(value, (float, Decimal)):
        value = to_text(value)
    result: Version = _parsed(value, "System.Version", parse_version, "InvalidCastParseTargetInvocation")
    return result


def _to_regex(value: Any) -> Regex:
    if isinstance(value, Regex):
        return value
    try:
        return Regex(to_text(value))
    except DotNetError as error:
        raise _with_reason(
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
            "System.Double": lambda value: _to_real(value, "System.Double"),
            "System.Single": lambda value: _to_real(value, "System.Single"),
            "System.Decimal": _to_decimal,
            "System.Char": _to_char,
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
            "System.Numerics.BigInteger": self._to_big,
            "System.Management.Automation.PSCustomObject": self._to_custom,
        }
        for name in INTEGER_CLASSES:
            self._simple[name] = self._integer(name)
        self.separator: Callable[[], str] = lambda: " "
        """$OFS of the running script."""
        self.extensions: dict[str, Callable[[Any], Any]] = {}
        """Conversions to types declared elsewhere (XML, URI, addresses, encodings)."""

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
        return lambda value: _to_integer(value, name)

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

    def _to_big(self, value: Any) -> BigInteger:
        if isinstance(value, (int, float, Decimal)):
            return BigInteger(int(value))
        if isinstance(value, str) and re.fullmatch(r"\s*-?\d+\s*", value):
            return BigInteger(int(value))
        raise OutsideSubset("this conversion to System.Numerics.BigInteger")

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
        return ArrayList([value] if items is None else items)

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
            raise _with_reason(value, target.name, error.record.message, "InvalidCastExceptionScalarToArray") from None

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


def round_trip_text(value: float) -> str:
    """The text of a double for JSON: shortest, always recognisable as a real number."""
    return double_text(value)


__all__ = ["Conversion", "GenericDictionary", "to_bool", "to_text"]
