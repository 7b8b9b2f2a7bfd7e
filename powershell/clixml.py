"""CLIXML: the streams of a process as PowerShell writes them to stderr.

Source: [MS-PSRP] 2.2.5 (serialization), and stderr of a real engine started with -EncodedCommand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

from powershell.conversion import to_text
from powershell.errors import OutsideSubset
from powershell.formatting.objects import RuntimeObjects
from powershell.instances import ArrayList
from powershell.jsontext import iso_text
from powershell.streams import HostInformationMessage, InformationRecord
from powershell.values import DateTime, enumerate_value, type_name

HEADER: Final = "#< CLIXML"
NAMESPACE: Final = "http://schemas.microsoft.com/powershell/2004/04"


def encoded(text: str) -> str:
    """XML text in which control characters, lone surrogates and look-alikes are written _xHHHH_."""
    guarded = re.sub(r"_(?=[xX])", "_x005F_", text)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", _hexadecimal, escape(guarded))


def _hexadecimal(match: re.Match[str]) -> str:
    return f"_x{ord(match[0]):04X}_"


_PRIMITIVES: Final[Mapping[type, tuple[str, Callable[[Any], str]]]] = {
    str: ("S", encoded),
    bool: ("B", lambda value: "true" if value else "false"),
    int: ("I32", str),
    DateTime: ("DT", iso_text),
}


class CliXml:
    """Writes texts and information records of one document; RefId numbers and known type lists run through it."""

    def __init__(self, objects: RuntimeObjects) -> None:
        self._objects = objects
        self._objects_written = 0
        self._types: dict[tuple[str, ...], int] = {}

    def write(self, value: Any, *, name: str = "", stream: str = "") -> str:
        """One element; `name` is the property it is the value of, `stream` the stream it came by."""
        mark = (f' S="{stream}"' if stream else "") + (f' N="{encoded(name)}"' if name else "")
        if value is None:
            return f"<Nil{mark} />"
        primitive = _PRIMITIVES.get(type(value))
        if primitive is not None and not getattr(value, "members", None):
            tag, text = primitive
            return f"<{tag}{mark}>{text(value)}</{tag}>"
        return self._object(value, mark)

    def _object(self, value: Any, mark: str) -> str:
        number = self._objects_written
        self._objects_written += 1
        return f'<Obj{mark} RefId="{number}">{self._type_names(value)}{self._body(value)}</Obj>'

    def _type_names(self, value: Any) -> str:
        names = tuple(self._objects.type_names(value))
        known = self._types.get(names)
        if known is not None:
            return f'<TNRef RefId="{known}" />'
        number = self._types[names] = len(self._types)
        return f'<TN RefId="{number}">' + "".join(f"<T>{encoded(name)}</T>" for name in names) + "</TN>"

    def _body(self, value: Any) -> str:
        match value:
            case InformationRecord():
                return self._information(value)
            case HostInformationMessage():
                return self._host_message(value)
            case ArrayList():
                inner = "".join(map(self.write, enumerate_value(value) or ()))
                return f"<LST>{inner}</LST>" if inner else "<LST />"
            case _:
                raise OutsideSubset(f"a {type_name(value)} in CLIXML")

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

    def __init__(self, objects: RuntimeObjects, newline: str = "\n") -> None:
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
