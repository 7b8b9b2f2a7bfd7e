"""Console, Environment, IO.Path, cultures, URIs, addresses: what scripts ask the system for."""

from __future__ import annotations

import posixpath
import re
from typing import Any, Final
from urllib.parse import quote, urlsplit

from powershell.conversion import object_text
from powershell.dotnet.strings import Encoding, encoding
from powershell.dotnet.tables import Table
from powershell.errors import DotNetError, OutsideSubset
from powershell.values import NOTHING, Char, Instance, byte_array

_TEMPORARY: Final = "/tmp/"  # noqa: S108 - the simulated host's; nothing is written there
CONSOLE: Final = Table("System.Console")
READER: Final = Table("System.IO.TextReader")
WRITER: Final = Table("System.IO.TextWriter")
ENVIRONMENT: Final = Table("System.Environment")
PATH: Final = Table("System.IO.Path")
CULTURE: Final = Table("System.Globalization.CultureInfo")
URI: Final = Table("System.Uri")
ADDRESS: Final = Table("System.Net.IPAddress")
THREAD: Final = Table("System.Threading.Thread")


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


class Uri(Instance):
    __slots__ = ("parts", "text")
    dotnet_name = "System.Uri"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.parts = urlsplit(text)

    def text_value(self) -> str:
        shown = self.text
        return shown + "/" if self.parts.netloc and not self.parts.path and "?" not in shown else shown

    def equals(self, other: Uri) -> bool:
        return self.text_value() == other.text_value()


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


def uri(text: str) -> Uri:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        raise OutsideSubset("a relative URI")
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:(//[a-z0-9:.-]*)?[A-Za-z0-9/?#&=,;:@+~_.-]*", text) or "/." in text:
        raise OutsideSubset("a URI that .NET does not leave as it is")
    return Uri(text)


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


def _file_name(path: str | None) -> str | None:
    return None if path is None else path.rpartition("/")[2]


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2] if "." in name and not name.endswith(".") else ""


def _directory(path: str) -> str | None:
    return None if path in {"", "/"} else posixpath.dirname(path)


def _combine(parts: list[Any]) -> str:
    result = ""
    for part in parts:
        text = object_text(part)
        if text.startswith("/") or not result:
            result = text
        elif text:
            result += text if result.endswith("/") else f"/{text}"
    return result


def _declare_path() -> None:
    table = PATH
    table.static("Combine", ("params string[] paths", _combine))
    table.static("GetFileName", ("string path", _file_name))
    table.static(
        "GetFileNameWithoutExtension",
        ("string path", lambda path: (_file_name(path) or "").removesuffix(_extension(path))),
    )
    table.static("GetExtension", ("string path", _extension))
    table.static("GetDirectoryName", ("string path", _directory))
    table.static(
        "ChangeExtension",
        (
            "string path, string extension",
            lambda path, extension: (
                path.removesuffix(_extension(path)) + ("" if extension.startswith(".") else ".") + extension
            ),
        ),
    )
    table.static("HasExtension", ("string path", lambda path: bool(_extension(path))))
    table.static("IsPathRooted", ("string path", lambda path: path.startswith("/")))
    table.static("GetTempPath", ("", lambda: _TEMPORARY))
    table.constant("DirectorySeparatorChar", lambda _: Char("/"))


def _declare_network() -> None:
    CULTURE.constant("InvariantCulture", lambda _: Culture(""))
    CULTURE.constant("CurrentCulture", lambda _: Culture("en-US"))
    CULTURE.constant("CurrentUICulture", lambda _: Culture("en-US"))
    CULTURE.property("Name", lambda value: value.name)
    CULTURE.method("ToString", ("", Culture.text_value))
    CULTURE.static("GetCultureInfo", ("string name", culture))
    CULTURE.constructor(("string name", culture))
    for name, get in (
        ("Host", lambda value: value.parts.hostname or ""),
        ("Port", lambda value: value.parts.port or {"http": 80, "https": 443, "ftp": 21}.get(value.parts.scheme, -1)),
        ("Scheme", lambda value: value.parts.scheme),
        ("AbsolutePath", lambda value: value.parts.path or "/"),
        ("AbsoluteUri", Uri.text_value),
        ("OriginalString", lambda value: value.text),
        ("Query", lambda value: f"?{value.parts.query}" if value.parts.query else ""),
        ("Fragment", lambda value: f"#{value.parts.fragment}" if value.parts.fragment else ""),
        ("LocalPath", lambda value: value.parts.path or "/"),
        (
            "PathAndQuery",
            lambda value: (value.parts.path or "/") + (f"?{value.parts.query}" if value.parts.query else ""),
        ),
        ("IsAbsoluteUri", lambda _: True),
    ):
        URI.properties[name.lower()] = (name, get)  # no default view: formatting one is refused
    URI.method("ToString", ("", Uri.text_value))
    URI.constructor(("string uriString", uri))
    URI.static("EscapeDataString", ("string stringToEscape", _escape_data))
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


def _escape_data(text: str) -> str:
    return quote(text, safe="-_.~")


def _try_address(text: str, result: Any) -> bool:
    try:
        result.set(address(text))
    except DotNetError:
        result.set(None)
        return False
    return True


def _sleep(interpreter: Any, milliseconds: int) -> Any:
    interpreter.runspace.spend_milliseconds(milliseconds)
    return NOTHING


def _declare() -> tuple[Table, ...]:
    _declare_console()
    _declare_environment()
    _declare_path()
    _declare_network()
    THREAD.static("Sleep", ("int millisecondsTimeout", _sleep), context=True)
    gc = Table("System.GC")
    gc.static("Collect", ("", lambda: NOTHING))
    return (CONSOLE, READER, WRITER, ENVIRONMENT, PATH, CULTURE, URI, ADDRESS, THREAD, gc)


TABLES: Final = _declare()
__all__ = ["TABLES", "Encoding", "address", "culture", "encoding", "uri"]
