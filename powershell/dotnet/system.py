"""Console, Environment, cultures and addresses: what scripts ask the system for."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.conversion import object_text
from powershell.dotnet.strings import Encoding, encoding
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import NOTHING, Instance, byte_array

CONSOLE: Final = Table("System.Console")
READER: Final = Table("System.IO.TextReader")
WRITER: Final = Table("System.IO.TextWriter")
ENVIRONMENT: Final = Table("System.Environment")
CULTURE: Final = Table("System.Globalization.CultureInfo")
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


class Culture(Instance):
    """en-US, or the invariant culture (empty name)."""

    __slots__ = ("name",)
    dotnet_name = "System.Globalization.CultureInfo"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def text_value(self) -> str:
        return self.name


class IPAddress(Instance):
    __slots__ = ("text",)
    dotnet_name = "System.Net.IPAddress"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def text_value(self) -> str:
        return self.text

    def equals(self, other: IPAddress) -> bool:
        return self.text == other.text


def culture(name: str) -> Culture:
    known = {"": "", "en-us": "en-US"}
    if name.lower() not in known:
        raise OutsideSubset(f"the culture {name}")
    return Culture(known[name.lower()])


def address(text: str) -> IPAddress:
    parts = text.split(".")
    if len(parts) != 4 or not all(re.fullmatch(r"0|[1-9][0-9]{0,2}", part) and int(part) < 256 for part in parts):
        if re.fullmatch(r"[0-9a-fA-F:.]+", text):
            raise OutsideSubset(f"the address {text}")
        raise DotNetError("System.FormatException", "An invalid IP address was specified.")
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
    table = ENVIRONMENT
    table.constant("NewLine", lambda it: it.runspace.new_line)
    table.constant("MachineName", lambda it: it.runspace.host_name)
    table.constant("ExitCode", lambda _: 0)
    table.static(
        "GetEnvironmentVariable",
        ("string variable", lambda it, name: it.runspace.environment_variable(name)),
        context=True,
    )
    table.static(
        "SetEnvironmentVariable",
        ("string variable, string value", lambda it, name, value: it.runspace.set_environment(name, value)),
        context=True,
    )
    table.static(
        "ExpandEnvironmentVariables",
        (
            "string name",
            lambda it, text: re.sub(
                r"%(\w+)%", lambda found: it.runspace.environment_variable(found.group(1)) or found.group(), text
            ),
        ),
        context=True,
    )


def _declare_network() -> None:
    CULTURE.constant("InvariantCulture", lambda _: Culture(""))
    CULTURE.constant("CurrentCulture", lambda _: Culture("en-US"))
    CULTURE.constant("CurrentUICulture", lambda _: Culture("en-US"))
    CULTURE.property("Name", lambda value: value.name)
    CULTURE.method("ToString", ("", Culture.text_value))
    CULTURE.static("GetCultureInfo", ("string name", culture))
    CULTURE.constructor(("string name", culture))
    ADDRESS.property("Address", lambda _: NOTHING)
    ADDRESS.properties["ipaddresstostring"] = ("IPAddressToString", IPAddress.text_value)
    ADDRESS.method("ToString", ("", IPAddress.text_value))
    ADDRESS.method(
        "GetAddressBytes", ("", lambda value: byte_array(bytes(int(part) for part in value.text.split("."))))
    )
    ADDRESS.static("Parse", ("string ipString", address))
    ADDRESS.static("TryParse", ("string ipString, ref address", _try_address))
    ADDRESS.constant("Loopback", lambda _: IPAddress("127.0.0.1"))
    ADDRESS.constant("Any", lambda _: IPAddress("0.0.0.0"))  # noqa: S104 - a value, nothing listens
    del ADDRESS.properties["address"]


def _try_address(text: str, result: Any) -> bool:
    try:
        result.set(address(text))
    except DotNetError:
        result.set(None)
        return False
    return True


def _declare() -> tuple[Table, ...]:
    _declare_console()
    _declare_environment()
    _declare_network()
    gc = Table("System.GC")
    gc.static("Collect", ("", lambda: NOTHING))
    return (CONSOLE, READER, WRITER, ENVIRONMENT, CULTURE, ADDRESS, gc)


TABLES: Final = _declare()
__all__ = ["TABLES", "Encoding", "address", "culture", "encoding"]
