"""System.String, System.Char and text encodings."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from powershell import budget
from powershell.conversion import object_text
from powershell.declared import EnumValue
from powershell.dialect import spoken
from powershell.dotnet.number_text import format_text
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.instances import Instance
from powershell.values import Char, TypedArray, byte_array, enumerate_value

STRING: Final = Table("System.String")
CHAR: Final = Table("System.Char")
ENCODING: Final = Table("System.Text.Encoding")
UTF8_ENCODING: Final = Table("System.Text.UTF8Encoding", base=ENCODING)


class Encoding(Instance):
    """`codec` is Python's name of it."""

    __slots__ = ("code_page", "codec", "name")

    def __init__(self, name: str, codec: str, code_page: int) -> None:
        super().__init__()
        self.name = name
        self.codec = codec
        self.code_page = code_page

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # each encoding is a class of its own
        return self.name


_ENCODINGS: Final = {
    "UTF8": ("System.Text.UTF8Encoding+UTF8EncodingSealed", "utf-8", 65001),
    "Unicode": ("System.Text.UnicodeEncoding", "utf-16-le", 1200),
    "ASCII": ("System.Text.ASCIIEncoding+ASCIIEncodingSealed", "ascii", 20127),
}


def encoding(name: str) -> Encoding:
    """UTF8, Unicode or ASCII, by the name of the static property."""
    return Encoding(*_ENCODINGS[name])


def units(text: str) -> str:
    """The text by UTF-16 units, so that offsets count as .NET counts."""
    if text.isascii() or not any(unit > "\uffff" for unit in text):
        return text
    coded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(coded[at] | coded[at + 1] << 8) for at in range(0, len(coded), 2))


def _joined(text: str) -> str:
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(1 for unit in text if unit > "\uffff")


def _upper(text: str) -> str:
    """Case mapping unit by unit, as .NET does it: ß stays ß."""
    return text.upper() if text.isascii() else "".join(_mapped(unit, unit.upper()) for unit in text)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(_mapped(unit, unit.lower()) for unit in text)


def _mapped(unit: str, changed: str) -> str:
    return changed if len(changed) == 1 else unit


def _range_error(message: str, parameter: str) -> DotNetError:
    return DotNetError("System.ArgumentOutOfRangeException", f"{message} (Parameter '{parameter}')")


def _substring(text: str, start: int, count: int | None = None) -> str:
    whole = units(text)
    if start > len(whole):
        raise _range_error("startIndex cannot be larger than length of string.", "startIndex")
    if start < 0 or (count is not None and count < 0):
        raise OutsideSubset("String.Substring with a negative number")
    if count is not None and start + count > len(whole):
        raise _range_error("Index and length must refer to a location within the string.", "length")
    return _joined(whole[start:] if count is None else whole[start : start + count])


def _trimming(strip: Callable[..., str]) -> tuple[tuple[str, Callable[..., str]], ...]:
    return (("", strip), ("string trimChars", lambda text, units: strip(text, units or None)))


def _split(text: str, separator: str, options: EnumValue | None = None) -> TypedArray:
    """.NET Framework splits at each character of the separator."""
    number = 0 if options is None else options.number
    if number > 1 or not separator:
        raise OutsideSubset("String.Split with this separator or these options")
    pattern = "|".join(map(re.escape, separator)) if spoken().windows else re.escape(separator)
    pieces = re.split(pattern, text)
    return TypedArray("System.String", [piece for piece in pieces if piece] if number else pieces)


def _pad(text: str, width: int, unit: Char | None) -> str:
    if width < 0:
        raise OutsideSubset("padding a text to a negative width")
    budget.text(width)
    return (unit.value if unit is not None else " ") * max(0, width - length(text))


def _replace(text: str, old: str, new: str) -> str:
    if not old:
        raise OutsideSubset("String.Replace of an empty text")
    budget.text(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _chars(text: str) -> TypedArray:
    budget.items(len(text))
    return TypedArray("System.Char", [Char(unit) for unit in units(text)])


def _join(separator: str, values: list[Any]) -> str:
    if len(values) == 3 and all(isinstance(item, int) and not isinstance(item, bool) for item in values):
        # Here PowerShell takes the overload with a start and a count, and fails in an array of one.
        raise OutsideSubset("String.Join of three numbers")
    if len(values) == 1 and not isinstance(values[0], str):
        values = list(enumerate_value(values[0]) or values)
    return budget.joined([object_text(item) for item in values], separator)


def _format(interpreter: Any, template: str, values: list[Any]) -> str:
    if len(values) == 1 and isinstance(values[0], list):
        values = values[0]
    return format_text(template, values, interpreter.members.formatted)


def _declare_string() -> None:
    table = STRING
    table.property("Length", length)
    table.method("ToUpper", ("", _upper))
    table.method("ToLower", ("", _lower))
    table.method("Trim", *_trimming(str.strip))
    table.method("TrimStart", *_trimming(str.lstrip))
    table.method("TrimEnd", *_trimming(str.rstrip))
    table.method("Substring", ("int startIndex", _substring), ("int startIndex, int length", _substring))
    table.method("Contains", ("string value", lambda text, value: value in text))
    table.method("StartsWith", ("string value", str.startswith))
    table.method("EndsWith", ("string value", str.endswith))
    table.method("IndexOf", ("string value", lambda text, value: units(text).find(units(value))))
    table.method("LastIndexOf", ("string value", lambda text, value: units(text).rfind(units(value))))
    table.method("Replace", ("string oldValue, string newValue", _replace))
    table.method("Split", ("string separator", _split), ("string separator, System.StringSplitOptions options", _split))
    width, unit = "int totalWidth", "char paddingChar"
    table.method(
        "PadLeft",
        (width, lambda text, count: _pad(text, count, None) + text),
        (f"{width}, {unit}", lambda text, count, fill: _pad(text, count, fill) + text),
    )
    table.method(
        "PadRight",
        (width, lambda text, count: text + _pad(text, count, None)),
        (f"{width}, {unit}", lambda text, count, fill: text + _pad(text, count, fill)),
    )
    table.method("ToCharArray", ("", _chars))
    table.method("ToString", ("", str))
    table.static("Join", ("string separator, params object[] value", _join))
    table.static("IsNullOrEmpty", ("string value", lambda value: not value))
    table.static("IsNullOrWhiteSpace", ("string value", lambda value: not value.strip()))
    table.static("Format", ("string format, params object[] args", _format), context=True)
    table.constant("Empty", lambda _: "")
    CHAR.method("ToString", ("", lambda char: char.value))


def _bytes(coder: Encoding, text: str) -> TypedArray:
    return byte_array(text.encode(coder.codec, "surrogatepass" if coder.codec.startswith("utf") else "replace"))


def _decoded(coder: Encoding, data: Any, start: int = 0, count: int | None = None) -> str:
    return bytes(data if count is None else data[start : start + count]).decode(coder.codec, "replace")


def _standard(name: str) -> Callable[[Any], Encoding]:
    return lambda _: encoding(name)


def _declare_encoding() -> None:
    for name in _ENCODINGS:
        ENCODING.constant(name, _standard(name))
    ENCODING.method("GetBytes", ("string s", _bytes))
    ENCODING.method("GetString", ("byte[] bytes", _decoded), ("byte[] bytes, int index, int count", _decoded))
    UTF8_ENCODING.constructor(
        ("", lambda: encoding("UTF8")), ("bool encoderShouldEmitUTF8Identifier", lambda _: encoding("UTF8"))
    )


_declare_string()
_declare_encoding()
TABLES: Final = (STRING, CHAR, ENCODING, UTF8_ENCODING)
