"""Console, Environment and addresses: what scripts ask the system for."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.conversion import object_text
from powershell.dotnet.tables import Table
from powershell.errors import OutsideSubset
from powershell.instances import Instance
from powershell.values import NOTHING

CONSOLE: Final = Table("System.Console")
READER: Final = Table("System.IO.TextReader")
WRITER: Final = Table("System.IO.TextWriter")
ENVIRONMENT: Final = Table("System.Environment")
ADDRESS: Final = Table("System.Net.IPAddress")


class ConsoleReader(Instance):
    __slots__ = ()
    dotnet_name = "System.IO.TextReader"


class ConsoleWriter(Instance):
    __slots__ = ("to_error",)
    dotnet_name = "System.IO.TextWriter"

    def __init__(self, *, to_error: bool) -> None:
        super().__init__()
        self.to_error = to_error


class IPAddress(Instance):
    __slots__ = ("text",)
    dotnet_name = "System.Net.IPAddress"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def text_value(self) -> str:
        return self.text


def address(text: str) -> IPAddress:
    parts = text.split(".")
    if len(parts) != 4 or not all(re.fullmatch(r"0|[1-9][0-9]{0,2}", part) and int(part) < 256 for part in parts):
        raise OutsideSubset(f"the address {text}")
    return IPAddress(text)


def _line(interpreter: Any, writer: ConsoleWriter, *values: Any) -> Any:
    text = object_text(values[0]) if values else ""
    return _write(interpreter, writer, text + interpreter.runspace.new_line)


def _write(interpreter: Any, writer: ConsoleWriter, value: Any) -> Any:
    interpreter.runspace.write_console(object_text(value), to_error=writer.to_error)
    return NOTHING


def _declare_console() -> None:
    out, error = ConsoleWriter(to_error=False), ConsoleWriter(to_error=True)
    CONSOLE.constant("In", lambda _: ConsoleReader())
    CONSOLE.constant("Out", lambda _: out)
    CONSOLE.constant("Error", lambda _: error)
    CONSOLE.constant("OutputEncoding", lambda it: it.runspace.console_encoding(output=True))
    CONSOLE.constant("InputEncoding", lambda it: it.runspace.console_encoding(output=False))
    CONSOLE.static_setters["outputencoding"] = lambda it, value: it.runspace.set_console_encoding(value, output=True)
    CONSOLE.static_setters["inputencoding"] = lambda it, value: it.runspace.set_console_encoding(value, output=False)
    CONSOLE.static(
        "WriteLine",
        ("", lambda it: _line(it, out)),
        ("object value", lambda it, value: _line(it, out, value)),
        context=True,
    )
    CONSOLE.static("Write", ("object value", lambda it, value: _write(it, out, value)), context=True)
    CONSOLE.static("ReadLine", ("", lambda it: it.runspace.read_console_line()), context=True)
    READER.method("ReadLine", ("", lambda it, _: it.runspace.read_console_line()), context=True)
    WRITER.method("WriteLine", ("", _line), ("object value", _line), context=True)
    WRITER.method("Write", ("object value", _write), context=True)
    WRITER.method("Flush", ("", lambda _: NOTHING))


def _declare_environment() -> None:
    ENVIRONMENT.constant("NewLine", lambda it: it.runspace.new_line)
    ENVIRONMENT.constant("MachineName", lambda it: it.runspace.host_name)
    ENVIRONMENT.static(
        "GetEnvironmentVariable",
        ("string variable", lambda it, name: it.runspace.environment_variable(name)),
        context=True,
    )
    ADDRESS.properties["ipaddresstostring"] = ("IPAddressToString", IPAddress.text_value)
    ADDRESS.method("ToString", ("", IPAddress.text_value))
    ADDRESS.static("Parse", ("string ipString", address))


_declare_console()
_declare_environment()
TABLES: Final = (CONSOLE, READER, WRITER, ENVIRONMENT, ADDRESS)
