"""JSON as PowerShell reads and writes it: ConvertTo-Json's layout and types, ConvertFrom-Json's values."""

from __future__ import annotations

import decimal
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from powershell import budget
from powershell.conversion import to_text
from powershell.declared import DotNetObject, EnumValue
from powershell.dotnet.number_text import double_text, round_trip_text
from powershell.dotnet.time_text import format_datetime
from powershell.errors import OutsideSubset
from powershell.formatting.objects import RuntimeObjects
from powershell.formatting.property_names import ADAPTED
from powershell.instances import DictionaryEntry, Hashtable, PSCustomObject
from powershell.values import (
    LOCAL,
    UTC,
    Char,
    DateTime,
    Guid,
    Int64,
    SwitchParameter,
    TimeSpan,
    Version,
    enumerate_value,
    type_name,
)

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*|/Date\(.*\)/", re.ASCII | re.DOTALL)
_FRAMEWORK_TIME_SPAN: Final = tuple(
    name for name in ADAPTED[TimeSpan] if not name.endswith(("icroseconds", "anoseconds"))
)
_DECIMAL_LIMIT: Final = 2**96
_DIGITS: Final = 28
_UNIX_EPOCH: Final = 621_355_968_000_000_000
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

_PLAIN: Final = re.compile(r"[A-Za-z0-9 _.,:;/()\[\]{}*+=?!@#$%^|~-]*", re.ASCII)
"""What no way of escaping touches."""


# -- writing -----------------------------------------------------------------------------------------------------

_ITEMS_A_NODE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonOptions:
    """`framework`: as the JavaScriptSerializer of .NET Framework writes values, laid out as in Windows PowerShell."""

    depth: int = 2
    compress: bool = False
    framework: bool = False


Node = str | list[Any] | dict[str, Any]
"""Written text of a leaf, or the members of an array or object."""


class JsonWriter:
    """Writes one value; `truncated` tells afterwards whether the depth cut something off."""

    def __init__(self, objects: RuntimeObjects, options: JsonOptions) -> None:
        self._objects = objects
        self._options = options
        self.truncated = False
        self._nodes = 0

    def write(self, value: Any) -> str:
        node = self._node(value, 0)
        return budget.joined(list(self._lay_out(node, "")))

    def _node(self, value: Any, depth: int) -> Node:
        self._nodes += 1
        if self._nodes % 1000 == 0:
            budget.items(_ITEMS_A_NODE * self._nodes)
        if isinstance(value, DateTime) and value.has_display_hint and self._options.framework:
            return self._of_get_date(value)
        leaf = self._leaf(value)
        if leaf is not None:
            return leaf
        if depth > self._options.depth:
            self.truncated = True
            return self._quoted(to_text(value) if isinstance(value, PSCustomObject) else self._objects.text(value))
        if isinstance(value, Hashtable):
            if not all(type(key) is str for key, _ in value.items()):
                raise OutsideSubset(f"ConvertTo-Json of a {type_name(value)} whose keys are not all texts")
            return {self._objects.text(key): self._node(item, depth + 1) for key, item in value.items()}
        items = enumerate_value(value)
        if items is not None:
            return [self._node(item, depth + 1) for item in items]
        return {name: self._node(self._objects.get(value, name), depth + 1) for name in self._names(value)}

    def _of_get_date(self, value: DateTime) -> Node:
        """Windows PowerShell writes the properties that it attaches to a date of Get-Date's, too."""
        shown = self._objects.text(self._objects.get(value, "DateTime"))
        return {"value": _date_call(value.ticks), "DisplayHint": "2", "DateTime": self._quoted(shown)}

    def _names(self, value: Any) -> tuple[str, ...]:
        match value:
            case TimeSpan():
                return _FRAMEWORK_TIME_SPAN if self._options.framework else tuple(ADAPTED[TimeSpan])
            case Version() if not value.semantic:
                return tuple(ADAPTED[Version])
            case SwitchParameter():
                return ("IsPresent",)
            case PSCustomObject() | DotNetObject():
                return tuple(self._objects.properties(value))
        raise OutsideSubset(f"ConvertTo-Json of {type_name(value)}")

    def _leaf(self, value: Any) -> str | None:
        match value:
            case None:
                return "null"
            case bool():
                return "true" if value else "false"
            case str() | Char() | Guid():
                return self._quoted(str(value))
            case float():
                return _framework_double(value) if self._options.framework else _double(value)
            case int() | decimal.Decimal():
                return f"{value:f}" if isinstance(value, decimal.Decimal) else str(int(value))
            case EnumValue():
                return str(value.number)
            case DateTime() if self._options.framework:
                return _date_call(value.ticks)
            case DateTime():
                return f'"{iso_text(value)}"'
            case DictionaryEntry():
                raise OutsideSubset("ConvertTo-Json of System.Collections.DictionaryEntry")
        return None

    def _quoted(self, text: str) -> str:
        if _PLAIN.fullmatch(text):
            return f'"{text}"'
        return '"' + "".join(self._escaped(character) for character in text) + '"'

    def _escaped(self, character: str) -> str:
        known = _ESCAPES.get(character)
        if known is not None:
            return known
        html = self._options.framework and character in "<>&'"
        if html or character < " " or character in "\x85\u2028\u2029":
            return f"\\u{ord(character):04x}"
        return character

    def _lay_out(self, node: Node, indent: str) -> Iterator[str]:
        """In Windows PowerShell's layout what is nested begins at the column of its own bracket."""
        if isinstance(node, str):
            yield node
            return
        compress, wide = self._options.compress, self._options.framework and not self._options.compress
        opening, closing = ("[", "]") if isinstance(node, list) else ("{", "}")
        if not node and not wide:
            yield opening + closing
            return
        newline, step, colon = ("", "", ":") if compress else ("\r\n", "    ", ":  ") if wide else ("\n", "  ", ": ")
        inner = indent + step
        if isinstance(node, list):
            labelled = [("", item) for item in node]
        else:
            labelled = [(self._quoted(name) + colon, item) for name, item in node.items()]
        yield opening + newline
        for index, (label, item) in enumerate(labelled):
            yield ("," + newline if index else "") + inner + label
            column = len(label.encode("utf-16-le", "surrogatepass")) // 2 if wide else 0
            yield from self._lay_out(item, inner + " " * column)
        yield newline + indent + closing


def _framework_double(value: float) -> str:
    """A number without a point where it is whole; NaN and infinities go unquoted."""
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else f"{'-' if value < 0 else ''}Infinity"
    return round_trip_text(value)


def _date_call(ticks: int) -> str:
    """The hosts' zone is UTC, so a local time is its own universal time."""
    return f'"\\/Date({(ticks - _UNIX_EPOCH) // 10_000})\\/"'


def _double(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return '"NaN"' if math.isnan(value) else f'"{"-" if value < 0 else ""}Infinity"'
    text = double_text(value)
    return text if "." in text or "E" in text else text + ".0"


def iso_text(value: DateTime) -> str:
    """The round-trip form of a date: Z for UTC, +00:00 for local time (the hosts' zone is UTC), nothing else."""
    text = format_datetime(value, "yyyy-MM-ddTHH:mm:ss.fffffff").rstrip("0").removesuffix(".")
    return text + {UTC: "Z", LOCAL: "+00:00"}.get(value.kind, "")


# -- reading -----------------------------------------------------------------------------------------------------


class UnsupportedJson(Exception):
    """Text that the real reader may accept or refuse in its own words: comments, bare names, broken structure."""


_DEEPEST: Final = {False: 1024, True: 100}
_LONGEST_OF_FRAMEWORK: Final = 2_097_152
_ESCAPED_DATE: Final = re.compile(r'"\\/Date\((-?\d{1,18})(?:[+-]\d{4})?\)\\/"', re.ASCII)
_MARK: Final = "\ue000"


def read_json(text: str, *, framework: bool = False) -> Any:
    """The values ConvertFrom-Json gives; of Windows PowerShell those of .NET Framework's JavaScriptSerializer."""
    stripped = text.strip(" \t\r\n")
    if not stripped:
        return None
    if framework and (len(text) > _LONGEST_OF_FRAMEWORK or _MARK in text):
        raise UnsupportedJson(f"JSON of more than {_LONGEST_OF_FRAMEWORK:,} characters, or with U+E000")
    decoder = json.JSONDecoder(
        object_pairs_hook=lambda pairs: _object(pairs, framework=framework),
        parse_int=_framework_number if framework else _integer,
        parse_float=_framework_number if framework else float,
        parse_constant=_constant,
    )
    try:
        value = decoder.decode(_ESCAPED_DATE.sub(rf'"{_MARK}\1"', stripped) if framework else stripped)
    except json.JSONDecodeError as error:
        raise UnsupportedJson(f"the wording for broken JSON ({error.msg})") from error
    if stripped.count("[") + stripped.count("{") > _DEEPEST[framework] < _nesting(stripped):
        raise UnsupportedJson("the wording for JSON nested this deep")
    return _dated(value, framework=framework)


def _framework_number(text: str) -> Any:
    """Int32, Int64 or Decimal, whichever first holds it; with an exponent a Double."""
    if "e" in text.lower():
        return float(text)
    number = decimal.Decimal(text)
    if "." not in text:
        whole = int(text)
        if -(2**31) <= whole < 2**31:
            return whole
        if -(2**63) <= whole < 2**63:
            return Int64(whole)
    return number if abs(number) < _DECIMAL_LIMIT and len(number.as_tuple().digits) <= _DIGITS else float(text)


def _constant(name: str) -> Any:
    raise UnsupportedJson(f"{name} in JSON")


def _integer(digits: str) -> int:
    number = int(digits)
    if not -(2**63) <= number < 2**63:
        raise UnsupportedJson("an integer of more than 64 bits")
    return Int64(number)


def _object(pairs: list[tuple[str, Any]], *, framework: bool) -> PSCustomObject:
    made = PSCustomObject()
    for name, value in pairs:
        if not name or name.lower() in made.members:
            raise UnsupportedJson("the wording for an empty or repeated key in JSON")
        made.set(name, _dated(value, framework=framework))
    return made


def _dated(value: Any, *, framework: bool) -> Any:
    """Of .NET Framework only /Date(…)/ with escaped slashes is a date, in universal time; version 7's are refused.

    Arrays are looked into, objects already were.
    """
    if isinstance(value, list):
        return [_dated(item, framework=framework) for item in value]
    if framework and type(value) is str and value.startswith(_MARK):
        return DateTime(_UNIX_EPOCH + int(value[1:]) * 10_000, UTC)
    if not framework and type(value) is str and _DATE.fullmatch(value):
        raise UnsupportedJson(f"{value}, which may be a date, in JSON")
    return value


def _nesting(text: str) -> int:
    depth = deepest = 0
    for mark in re.findall(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{\]}]', text):
        if mark in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif mark in "]}":
            depth -= 1
    return deepest
