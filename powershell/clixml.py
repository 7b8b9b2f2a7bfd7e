"""CLIXML: the streams of a process as PowerShell writes them to stderr, and object graphs as PSRP carries them.

Source: [MS-PSRP] 2.2.5 (serialization), and stderr of a real engine started with -EncodedCommand.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape

from powershell.conversion import to_text
from powershell.dotnet.number_text import round_trip_text
from powershell.errors import ErrorRecord
from powershell.formatting.values import Objects
from powershell.jsontext import iso_text
from powershell.streams import HostInformationMessage, InformationRecord
from powershell.values import (
    ArrayList,
    BigInteger,
    Byte,
    Char,
    DateTime,
    EnumValue,
    Guid,
    Hashtable,
    Int16,
    Int64,
    PSCustomObject,
    SByte,
    ScriptBlock,
    Single,
    SwitchParameter,
    TimeSpan,
    TypedArray,
    UInt16,
    UInt32,
    UInt64,
    Version,
    enumerate_value,
)

HEADER: Final = "#< CLIXML"
NAMESPACE: Final = "http://schemas.microsoft.com/powershell/2004/04"
_DEFAULT_DEPTH: Final = 1
_TICKS: Final = 10_000_000


def encoded(text: str) -> str:
    """XML text in which control characters, lone surrogates and look-alikes are written _xHHHH_."""
    guarded = re.sub(r"_(?=[xX])", "_x005F_", text)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", _hexadecimal, escape(guarded))


def _hexadecimal(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


def duration_text(value: TimeSpan) -> str:
    """An XML Schema duration, e.g. P1DT2H3M4S."""
    ticks = abs(value.ticks)
    seconds, fraction = divmod(ticks, _TICKS)
    days, hours, minutes, rest = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    part = f".{fraction:07}".rstrip("0") if fraction else ""
    clock = (
        (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{rest}{part}S" if rest or part else "")
    )
    day = f"{days}D" if days else ""
    body = day + (f"T{clock}" if clock else "") or "T0S"
    return ("-" if value.ticks < 0 else "") + "P" + body


_PRIMITIVES: Final[Mapping[type, tuple[str, Callable[[Any], str]]]] = {
    str: ("S", encoded),
    bool: ("B", lambda value: "true" if value else "false"),
    Char: ("C", lambda value: str(ord(value.value))),
    int: ("I32", str),
    Int64: ("I64", str),
    Int16: ("I16", str),
    UInt16: ("U16", str),
    UInt32: ("U32", str),
    UInt64: ("U64", str),
    Byte: ("By", str),
    SByte: ("SB", str),
    float: ("Db", round_trip_text),
    Single: ("Sg", round_trip_text),
    Decimal: ("D", lambda value: f"{value:f}"),
    DateTime: ("DT", iso_text),
    TimeSpan: ("TS", duration_text),
    Guid: ("G", str),
    Version: ("Version", str),
    ScriptBlock: ("SBK", lambda value: encoded(value.text)),
}


class CliXml:
    """Writes values of one document; RefId numbers and known type lists run through it."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._objects_written = 0
        self._types: dict[tuple[str, ...], int] = {}

    def write(self, value: Any, *, depth: int = _DEFAULT_DEPTH, name: str = "", stream: str = "") -> str:
        """One element; `name` is the property it is the value of, `stream` the stream it came by."""
        mark = (f' S="{stream}"' if stream else "") + (f' N="{encoded(name)}"' if name else "")
        if value is None:
            return f"<Nil{mark} />"
        primitive = _PRIMITIVES.get(type(value))
        if primitive is not None and not getattr(value, "members", None):
            tag, text = primitive
            return f"<{tag}{mark}>{text(value)}</{tag}>"
        if isinstance(value, TypedArray) and value.element_type == "System.Byte":
            return f"<BA{mark}>{base64.b64encode(bytes(value)).decode('ascii')}</BA>"
        if isinstance(value, BigInteger):
            raise self._objects.outside("a BigInteger in CLIXML")
        return self._object(value, depth, mark)

    def _object(self, value: Any, depth: int, mark: str) -> str:
        number = self._objects_written
        self._objects_written += 1
        return f'<Obj{mark} RefId="{number}">{self._type_names(value)}{self._body(value, depth)}</Obj>'

    def _type_names(self, value: Any) -> str:
        names = tuple(self._objects.type_names(value))
        known = self._types.get(names)
        if known is not None:
            return f'<TNRef RefId="{known}" />'
        number = self._types[names] = len(self._types)
        return f'<TN RefId="{number}">' + "".join(f"<T>{encoded(name)}</T>" for name in names) + "</TN>"

    def _body(self, value: Any, depth: int) -> str:
        match value:
            case EnumValue():
                return f"<ToString>{encoded(value.name)}</ToString><I32>{value.number}</I32>"
            case SwitchParameter():
                present = "true" if value.is_present else "false"
                text = "True" if value.is_present else "False"
                return f'<ToString>{text}</ToString><Props><B N="IsPresent">{present}</B></Props>'
            case Hashtable():
                return "<DCT>" + "".join(self._entry(key, item, depth) for key, item in value.items()) + "</DCT>"
            case InformationRecord():
                return self._information(value)
            case HostInformationMessage():
                return self._host_message(value)
            case ErrorRecord():
                raise self._objects.outside("an error record as an object in CLIXML")
        items = enumerate_value(value)
        if items is not None:
            inner = "".join(self.write(item, depth=depth - 1) for item in items)
            tag = "LST" if isinstance(value, (list, ArrayList)) else "IE"
            return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag} />"
        return self._properties(value, depth)

    def _entry(self, key: Any, value: Any, depth: int) -> str:
        return f"<En>{self.write(key, name='Key')}{self.write(value, depth=depth - 1, name='Value')}</En>"

    def _properties(self, value: Any, depth: int) -> str:
        tag = "MS" if isinstance(value, PSCustomObject) else "Props"
        text = "" if isinstance(value, PSCustomObject) else f"<ToString>{encoded(to_text(value))}</ToString>"
        members = "".join(self._member(value, name, depth) for name in self._objects.properties(value))
        return f"{text}<{tag}>{members}</{tag}>" if members else text

    def _member(self, value: Any, name: str, depth: int) -> str:
        shown = self._objects.get(value, name)
        if depth <= 0 and type(shown) not in _PRIMITIVES and shown is not None:
            return self.write(to_text(shown), name=name)
        return self.write(shown, depth=depth - 1, name=name)

    def _information(self, record: InformationRecord) -> str:
        """Without the user, computer and process of the host, which the simulation has none of."""
        parts = [
            f"<ToString>{encoded(to_text(record))}</ToString><Props>",
            self.write(record.data, name="MessageData"),
            self.write(record.source, name="Source"),
            self.write(record.time, name="TimeGenerated"),
            self.write(ArrayList(record.tags), name="Tags"),
            "</Props>",
        ]
        return "".join(parts)

    def _host_message(self, message: HostInformationMessage) -> str:
        fields = {"Message": message.message, "NoNewLine": message.no_newline}
        colours = {"ForegroundColor": "-1", "BackgroundColor": "-1"}
        inner = "".join(self.write(value, name=name) for name, value in {**fields, **colours}.items())
        return f"<ToString>{encoded(message.message)}</ToString><Props>{inner}</Props>"


class StreamDocument:
    """What a process writes to stderr in place of its errors and warnings: one CLIXML document, empty without any."""

    def __init__(self, objects: Objects, newline: str = "\n") -> None:
        self._writer = CliXml(objects)
        self._newline = newline
        self._elements: list[str] = []

    def error(self, text: str) -> None:
        """The text of an error record, line by line, as its view shows it."""
        for line in text.split("\n"):
            self._elements.append(self._writer.write(line + self._newline, stream="Error"))

    def message(self, stream: str, text: str) -> None:
        """A line of the warning, verbose or debug stream."""
        self._elements.append(self._writer.write(text, stream=stream))

    def information(self, record: InformationRecord) -> None:
        self._elements.append(self._writer.write(record, stream="information"))

    def text(self) -> str:
        if not self._elements:
            return ""
        return f'{HEADER}{self._newline}<Objs Version="1.1.0.1" xmlns="{NAMESPACE}">{"".join(self._elements)}</Objs>'
