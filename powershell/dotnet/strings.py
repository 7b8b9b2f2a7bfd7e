"""System.String, System.Char, StringBuilder and text encodings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from powershell import budget
from powershell.comparison import compare_strings
from powershell.conversion import object_text, to_text
from powershell.dotnet.composite_format import format_text
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import Char, EnumValue, Instance, TypedArray, byte_array, enumerate_value

STRING: Final = Table("System.String")
CHAR: Final = Table("System.Char")
BUILDER: Final = Table("System.Text.StringBuilder")
ENCODING: Final = Table("System.Text.Encoding")


class StringBuilder(Instance):
    __slots__ = ("parts",)
    dotnet_name = "System.Text.StringBuilder"

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.parts = [text]

    def text_value(self) -> str:
        self.parts = [budget.joined(self.parts)]
        return self.parts[0]


class Encoding(Instance):
    """`codec` is Python's name of it; `preamble` its byte order mark."""

    __slots__ = ("code_page", "codec", "name", "preamble", "web_name")

    def __init__(self, name: str, codec: str, web_name: str, code_page: int, preamble: bytes = b"") -> None:
        super().__init__()
        self.name = name
        self.codec = codec
        self.web_name = web_name
        self.code_page = code_page
        self.preamble = preamble

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # each encoding is a class of its own
        return self.name


def encoding(name: str) -> Encoding:
    """UTF8, Unicode, ASCII … by the name of the static property."""
    known = {
        "utf8": ("System.Text.UTF8Encoding+UTF8EncodingSealed", "utf-8", "utf-8", 65001, b"\xef\xbb\xbf"),
        "unicode": ("System.Text.UnicodeEncoding", "utf-16-le", "utf-16", 1200, b"\xff\xfe"),
        "bigendianunicode": ("System.Text.UnicodeEncoding", "utf-16-be", "utf-16BE", 1201, b"\xfe\xff"),
        "ascii": ("System.Text.ASCIIEncoding+ASCIIEncodingSealed", "ascii", "us-ascii", 20127, b""),
        "latin1": ("System.Text.Latin1Encoding+Latin1EncodingSealed", "latin-1", "iso-8859-1", 28591, b""),
        "utf32": ("System.Text.UTF32Encoding", "utf-32-le", "utf-32", 12000, b"\xff\xfe\0\0"),
    }
    names = {"utf-8": "utf8", "utf-16": "unicode", "us-ascii": "ascii", "iso-8859-1": "latin1", "latin1": "latin1"}
    key = names.get(name.lower(), name.lower())
    if key not in known:
        raise OutsideSubset(f"the encoding {name}")
    return Encoding(*known[key])


def _range_error(message: str, parameter: str, actual: int | None = None) -> DotNetError:
    shown = "" if actual is None else f"\nActual value was {actual}."
    return DotNetError("System.ArgumentOutOfRangeException", f"{message} (Parameter '{parameter}'){shown}")


def units(text: str) -> str:
    """The text by UTF-16 units, so that offsets count as .NET counts."""
    if text.isascii() or not any(unit > "\uffff" for unit in text):
        return text
    out: list[str] = []
    for unit in text:
        code = ord(unit)
        if code > 0xFFFF:
            code -= 0x10000
            out += [chr(0xD800 + (code >> 10)), chr(0xDC00 + (code & 0x3FF))]
        else:
            out.append(unit)
    return "".join(out)


def _joined(text: str) -> str:
    return re.sub(
        "[\ud800-\udbff][\udc00-\udfff]",
        lambda pair: chr(0x10000 + ((ord(pair.group()[0]) - 0xD800) << 10) + ord(pair.group()[1]) - 0xDC00),
        text,
    )


def upper(text: str) -> str:
    """Case mapping unit by unit, as .NET does it: ß stays ß."""
    return text.upper() if text.isascii() else "".join(_mapped(unit, unit.upper()) for unit in text)


def lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(_mapped(unit, unit.lower()) for unit in text)


def _mapped(unit: str, changed: str) -> str:
    return changed if len(changed) == 1 else unit


def length(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(1 for unit in text if unit > "\uffff")


def _negative(value: int, parameter: str) -> DotNetError:
    return _range_error(f"{parameter} ('{value}') must be a non-negative value.", parameter, value)


def _substring(text: str, start: int, count: int | None = None) -> str:
    whole = units(text)
    if start < 0:
        raise _negative(start, "startIndex")
    if start > len(whole):
        raise _range_error("startIndex cannot be larger than length of string.", "startIndex")
    if count is None:
        return _joined(whole[start:])
    if count < 0:
        raise _negative(count, "length")
    if start + count > len(whole):
        raise _range_error("Index and length must refer to a location within the string.", "length")
    return _joined(whole[start : start + count])


def _ignore_case(comparison: EnumValue) -> bool:
    return comparison.name.endswith("IgnoreCase")


def _fold(text: str, comparison: EnumValue) -> str:
    return text.lower() if _ignore_case(comparison) else text


def _index(text: str, wanted: Any, start: int = 0) -> int:
    whole = units(text)
    if not 0 <= start <= len(whole):
        raise _range_error(
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
            "startIndex",
        )
    return whole.find(units(to_text(wanted)), start)


def _trimmer(side: str) -> tuple[tuple[str, Callable[..., Any]], ...]:
    def strip(text: str, units_: Any = None) -> str:
        chars = None if units_ is None else "".join(unit.value for unit in units_)
        if chars is None or chars == "":
            chars = None
        return {"both": text.strip, "start": text.lstrip, "end": text.rstrip}[side](chars)

    return (("", strip), ("params char[] trimChars", strip))


def _split_chars(text: str, separators: Any, count: int | None = None, options: EnumValue | None = None) -> TypedArray:
    chars = [unit.value for unit in separators]
    return _split_on(text, chars, count, options)


def _split_string(text: str, separator: str, count: int | None = None, options: EnumValue | None = None) -> TypedArray:
    return _split_on(text, [separator] if separator else [], count, options)


def _split_counted(text: str, separator: str, count: str, options: Any = None) -> TypedArray:
    """Among several strings the second is the count, as .NET's overloads are chosen: Split('-', '_') fails."""
    if re.fullmatch(r"[0-9]+", count) and options is None:
        return _split_string(text, separator, int(count))
    raise OutsideSubset("String.Split with this count")


def _split_on(text: str, separators: list[str], count: int | None, options: EnumValue | None) -> TypedArray:
    number = 0 if options is None else options.number
    pattern = r"\s" if not separators else "|".join(re.escape(separator) for separator in separators if separator)
    if count is not None and count < 0:
        raise _negative(count, "count")
    if count is not None and number:
        raise OutsideSubset("String.Split with a count and options")
    if count == 0:
        return TypedArray("System.String")
    pieces = re.split(pattern, text, maxsplit=0 if count is None else count - 1) if pattern and count != 1 else [text]
    if number & 2:
        pieces = [piece.strip() for piece in pieces]
    if number & 1:
        pieces = [piece for piece in pieces if piece]
    return TypedArray("System.String", pieces)


def _pad(text: str, width: int, unit: Char | None, *, left: bool) -> str:
    if width < 0:
        raise _negative(width, "totalWidth")
    budget.text(width)
    fill = (unit.value if unit is not None else " ") * max(0, width - length(text))
    return fill + text if left else text + fill


def _from_within(*_: Any) -> int:
    raise OutsideSubset("LastIndexOf from within the string")


def _replace(text: str, old: str, new: str | None) -> str:
    if not old:
        raise DotNetError("System.ArgumentException", "The value cannot be an empty string. (Parameter 'oldValue')")
    budget.text(len(text) + text.count(old) * (len(new or "") - len(old)))
    return text.replace(old, new or "")


def _chars(text: str) -> TypedArray:
    budget.items(len(text))
    return TypedArray("System.Char", [Char(unit) for unit in units(text)])


def _compare(left: str | None, right: str | None, ignore: Any = None) -> int:
    fold = ignore if isinstance(ignore, bool) else ignore is not None and _ignore_case(ignore)
    if isinstance(ignore, EnumValue) and ignore.name.startswith("Ordinal"):
        raise OutsideSubset("an ordinal String.Compare")
    return compare_strings(left or "", right or "", ignore_case=fold)


def _join(separator: Any, values: Any) -> str:
    items = values if isinstance(values, list) else list(enumerate_value(values) or [values])
    if len(items) == 3 and all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        # Here PowerShell takes the overload with a start and a count, and fails in an array of one.
        raise OutsideSubset("String.Join of three numbers")
    if len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    return budget.joined([object_text(item) for item in items], to_text(separator))


def _format(interpreter: Any, template: str, values: Any) -> str:
    items = values
    if len(items) == 1 and isinstance(items[0], list):
        items = items[0]
    return format_text(template, items, interpreter.members.formatted)


def _declare_string() -> None:
    table = STRING
    table.property("Length", length)
    for suffix in ("", "Invariant"):
        table.method(f"ToUpper{suffix}", ("", upper))
        table.method(f"ToLower{suffix}", ("", lower))
    table.method("Trim", *_trimmer("both"))
    table.method("TrimStart", *_trimmer("start"))
    table.method("TrimEnd", *_trimmer("end"))
    table.method("Substring", ("int startIndex", _substring), ("int startIndex, int length", _substring))
    table.method(
        "Contains",
        ("string value", lambda text, value: value in text),
        ("char value", lambda text, value: value.value in text),
        (
            "string value, System.StringComparison comparisonType",
            lambda text, value, how: _fold(value, how) in _fold(text, how),
        ),
    )
    for name, test in (("StartsWith", str.startswith), ("EndsWith", str.endswith)):
        table.method(
            name,
            ("string value", test),
            ("char value", lambda text, value, test=test: test(text, value.value)),
            (
                "string value, System.StringComparison comparisonType",
                lambda text, value, how, test=test: test(_fold(text, how), _fold(value, how)),
            ),
            (
                "string value, bool ignoreCase, cultureinfo culture",
                lambda text, value, fold, _, test=test: (
                    test(text.lower(), value.lower()) if fold else test(text, value)
                ),
            ),
        )
    table.method(
        "IndexOf",
        ("string value", _index),
        ("char value", _index),
        (
            "string value, System.StringComparison comparisonType",
            lambda text, value, how: _fold(text, how).find(_fold(value, how)),
        ),
        ("string value, int startIndex", _index),
        ("char value, int startIndex", _index),
    )
    table.method(
        "LastIndexOf",
        ("string value", lambda text, value: units(text).rfind(units(value))),
        ("char value", lambda text, value: units(text).rfind(value.value)),
        ("string value, int startIndex", _from_within),
        ("char value, int startIndex", _from_within),
        (
            "string value, System.StringComparison comparisonType",
            lambda text, value, how: _fold(text, how).rfind(_fold(value, how)),
        ),
    )
    table.method(
        "Replace",
        ("string oldValue, string newValue", _replace),
        ("char oldChar, char newChar", lambda text, old, new: text.replace(old.value, new.value)),
    )
    table.method(
        "Split",
        ("string separator", _split_string),
        ("string separator, string count", _split_counted),
        ("string separator, string count, object options", _split_counted),
        ("char[] separator", _split_chars),
        ("object[] separator", lambda text, many: _split_string(text, " ".join(str(one) for one in many))),
        ("params char[] separator", _split_chars),
        (
            "string separator, System.StringSplitOptions options",
            lambda text, separator, options: _split_string(text, separator, None, options),
        ),
        (
            "char[] separator, System.StringSplitOptions options",
            lambda text, chars, options: _split_chars(text, chars, None, options),
        ),
        (
            "string[] separator, System.StringSplitOptions options",
            lambda text, many, options: _split_on(text, list(many), None, options),
        ),
        ("string separator, int count", _split_string),
        ("string separator, int count, System.StringSplitOptions options", _split_string),
        ("char[] separator, int count, System.StringSplitOptions options", _split_chars),
        ("char[] separator, int count", _split_chars),
    )
    table.method(
        "PadLeft",
        ("int totalWidth", lambda text, width: _pad(text, width, None, left=True)),
        ("int totalWidth, char paddingChar", lambda text, width, unit: _pad(text, width, unit, left=True)),
    )
    table.method(
        "PadRight",
        ("int totalWidth", lambda text, width: _pad(text, width, None, left=False)),
        ("int totalWidth, char paddingChar", lambda text, width, unit: _pad(text, width, unit, left=False)),
    )
    table.method("ToCharArray", ("", _chars))
    table.method("ToString", ("", str))
    table.method(
        "Equals",
        ("object value", lambda text, value: isinstance(value, str) and text == value),
        (
            "string value, System.StringComparison comparisonType",
            lambda text, value, how: _fold(text, how) == _fold(value, how),
        ),
    )
    table.method("CompareTo", ("string value", lambda text, value: compare_strings(text, value, ignore_case=False)))
    table.method("GetEnumerator", ("", lambda text: list(_chars(text))))
    table.method("Clone", ("", str))
    table.static("Join", ("string separator, params object[] value", _join))
    table.static("IsNullOrEmpty", ("string value", lambda value: not value))
    table.static("IsNullOrWhiteSpace", ("string value", lambda value: not (value or "").strip()))
    table.static("Format", ("string format, params object[] args", _format), context=True)
    table.static(
        "Concat",
        (
            "params object[] args",
            lambda values: "".join(
                object_text(value)
                for value in (values[0] if len(values) == 1 and isinstance(values[0], list) else values)
            ),
        ),
    )
    table.static(
        "Compare",
        ("string strA, string strB", _compare),
        ("string strA, string strB, bool ignoreCase", _compare),
        ("string strA, string strB, System.StringComparison comparisonType", _compare),
    )
    table.static(
        "Equals",
        ("string a, string b", lambda left, right: left == right),
        (
            "string a, string b, System.StringComparison comparisonType",
            lambda left, right, how: _fold(left, how) == _fold(right, how),
        ),
    )
    table.constant("Empty", lambda _: "")
    table.constructor(("char[] value", lambda chars: "".join(unit.value for unit in chars)))


def _declare_char() -> None:
    CHAR.method("ToString", ("", lambda char: char.value))
    CHAR.method("Equals", ("object obj", lambda char, other: char == other))
    CHAR.method("CompareTo", ("char value", lambda char, other: ord(char.value) - ord(other.value)))
    tests: dict[str, Callable[[str], bool]] = {
        "IsDigit": str.isdecimal,
        "IsLetter": str.isalpha,
        "IsLetterOrDigit": str.isalnum,
        "IsWhiteSpace": str.isspace,
        "IsUpper": str.isupper,
        "IsLower": str.islower,
        "IsPunctuation": lambda unit: unicodedata.category(unit).startswith("P"),
        "IsControl": lambda unit: unicodedata.category(unit) == "Cc",
    }
    for name, test in tests.items():
        CHAR.static(
            name,
            ("char c", lambda char, test=test: test(char.value)),
            ("string s, int index", lambda text, index, test=test: test(text[index])),
        )
    CHAR.static("ToUpper", ("char c", lambda char: Char(char.value.upper())))
    CHAR.static("ToLower", ("char c", lambda char: Char(char.value.lower())))
    CHAR.static("ToUpperInvariant", ("char c", lambda char: Char(char.value.upper())))
    CHAR.static("GetNumericValue", ("char c", lambda char: unicodedata.numeric(char.value, -1.0)))
    CHAR.static("ConvertFromUtf32", ("int utf32", chr))


def _append(builder: StringBuilder, value: Any) -> StringBuilder:
    builder.parts.append(object_text(value))
    return builder


def _append_line(builder: StringBuilder, value: str = "") -> StringBuilder:
    builder.parts += [value or "", "\n"]
    return builder


def _changed(builder: StringBuilder, text: str) -> StringBuilder:
    builder.parts = [text]
    return builder


def _append_format(interpreter: Any, builder: StringBuilder, template: str, values: Any) -> StringBuilder:
    return _append(builder, _format(interpreter, template, values))


def _declare_builder() -> None:
    table = BUILDER
    table.property("Length", lambda builder: length(builder.text_value()))
    table.method("Append", ("object value", _append))
    table.method("AppendLine", ("", _append_line), ("string value", _append_line))
    table.method("AppendFormat", ("string format, params object[] args", _append_format), context=True)
    table.method(
        "Replace",
        (
            "string oldValue, string newValue",
            lambda builder, old, new: _changed(builder, _replace(builder.text_value(), old, new)),
        ),
    )
    table.method("Clear", ("", lambda builder: _changed(builder, "")))
    table.method(
        "ToString",
        ("", StringBuilder.text_value),
        ("int startIndex, int length", lambda builder, start, count: _substring(builder.text_value(), start, count)),
    )
    table.constructor(
        ("", StringBuilder),
        ("string value", lambda text: StringBuilder(text or "")),
        ("int capacity", lambda _: StringBuilder()),
    )


def _decoded(coder: Encoding, data: Any) -> str:
    return bytes(data).decode(coder.codec, "replace")


def _standard_encoding(name: str) -> Callable[[Any], Encoding]:
    return lambda _: encoding("UTF8" if name == "Default" else name)


def _declare_encoding() -> None:
    table = ENCODING
    for name in ("UTF8", "Unicode", "BigEndianUnicode", "ASCII", "Latin1", "UTF32", "Default"):
        table.constant(name, _standard_encoding(name))
    table.method(
        "GetBytes",
        (
            "string s",
            lambda coder, text: byte_array(
                text.encode(coder.codec, "surrogatepass" if coder.codec.startswith("utf") else "replace")
            ),
        ),
    )
    table.method(
        "GetString",
        ("byte[] bytes", _decoded),
        (
            "byte[] bytes, int index, int count",
            lambda coder, data, start, count: _decoded(coder, data[start : start + count]),
        ),
    )
    table.method("GetByteCount", ("string chars", lambda coder, text: len(text.encode(coder.codec, "replace"))))
    table.method("GetPreamble", ("", lambda coder: byte_array(coder.preamble)))
    table.property("WebName", lambda coder: coder.web_name)
    table.property("CodePage", lambda coder: coder.code_page)
    table.static(
        "GetEncoding",
        (
            "int codepage",
            lambda number: encoding(
                {65001: "utf8", 1200: "unicode", 20127: "ascii", 28591: "latin1"}.get(number, str(number))
            ),
        ),
        ("string name", encoding),
    )


def _declare() -> tuple[Table, ...]:
    _declare_string()
    _declare_char()
    _declare_builder()
    _declare_encoding()
    return (STRING, CHAR, BUILDER, ENCODING)


def framework_strings(table: Table) -> Table:
    """System.String of .NET Framework, whose Split takes characters where it is given one string."""
    made = replace(table, methods=dict(table.methods))
    options = "System.StringSplitOptions options"
    made.method(
        "Split",
        ("string separator", _split_units),
        ("string separator, string second", lambda text, *many: _split_units(text, _single_units(many))),
        ("string separator, int count", _split_units),
        (f"string separator, {options}", lambda text, units, how: _split_units(text, units, None, how)),
        (f"string separator, int count, {options}", _split_units),
        ("object[] separator", lambda text, many: _split_units(text, _single_units(many))),
        ("params char[] separator", _split_chars),
        (f"char[] separator, {options}", lambda text, chars, how: _split_chars(text, chars, None, how)),
        (f"string[] separator, {options}", lambda text, many, how: _split_on(text, list(many), None, how)),
        (f"char[] separator, int count, {options}", _split_chars),
        ("char[] separator, int count", _split_chars),
    )
    made.method("Contains", ("string value", lambda text, value: value in text))
    return made


def _split_units(text: str, units: str, count: int | None = None, options: EnumValue | None = None) -> TypedArray:
    return _split_on(text, list(units), count, options)


def _single_units(many: Sequence[Any]) -> str:
    """The separators of `Split('-', '_')`, which have to be characters."""
    units = [to_text(one) for one in many]
    if any(len(unit) != 1 for unit in units):
        raise OutsideSubset("String.Split with several separators longer than a character, on .NET Framework")
    return "".join(units)


TABLES: Final = _declare()
UTF8_TABLE: Final = Table("System.Text.UTF8Encoding", base=ENCODING)
UTF8_TABLE.constructor(
    ("", lambda: encoding("utf8")), ("bool encoderShouldEmitUTF8Identifier", lambda _: encoding("utf8"))
)

__all__ = ["TABLES", "UTF8_TABLE", "Encoding", "StringBuilder", "encoding", "framework_strings", "length"]
