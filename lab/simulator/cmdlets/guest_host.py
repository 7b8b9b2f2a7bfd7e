"""PowerShell inside a simulated guest: its name, and a TCP connection to what listens on its localhost."""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.exchange import ApplicationClosed
from lab.simulator.garoon.front import answer_bytes
from lab.simulator.hosts.host import Registration, RunningGuest
from lab.simulator.matching import TimedMatcher
from powershell import (
    NOTHING,
    Byte,
    DotNetClass,
    DotNetError,
    DotNetObject,
    Method,
    OutsideSubset,
    PowerShell,
    Property,
    TypedArray,
)

WEB_PORT: Final = 80
REFUSED: Final = "No connection could be made because the target machine actively refused it"
RESET: Final = (
    "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host."
)


def _write(stream: DotNetObject, data: Any, start: int, count: int) -> object:
    stream.fields["sent"] += bytes(data[start : start + count])
    return NOTHING


def _copy_to(stream: DotNetObject, target: DotNetObject) -> object:
    """Reads until the other side has ended the connection."""
    application: GaroonApplication = stream.fields["application"]
    try:
        target.fields["content"] += answer_bytes(application, bytes(stream.fields["sent"]))
    except ApplicationClosed:
        raise DotNetError("System.IO.IOException", RESET) from None
    return NOTHING


def _close(_: DotNetObject) -> object:
    return NOTHING


MEMORY_STREAM: Final[DotNetClass] = DotNetClass(
    name="System.IO.MemoryStream",
    constructor=lambda arguments: None if arguments else DotNetObject(MEMORY_STREAM, {"content": bytearray()}),
    methods=(
        Method(
            name="ToArray",
            call=lambda made: TypedArray("System.Byte", map(Byte, made.fields["content"])),
            definition="byte[] ToArray()",
        ),
    ),
)
NETWORK_STREAM: Final = DotNetClass(
    name="System.Net.Sockets.NetworkStream",
    methods=(
        Method(name="Write", call=_write, definition="void Write(byte[] buffer, int offset, int count)", arity=(3,)),
        Method(name="CopyTo", call=_copy_to, definition="void CopyTo(System.IO.Stream destination)", arity=(1,)),
    ),
)


def tcp_client(guest: RunningGuest) -> DotNetClass:
    """TcpClient as it is in this guest: it connects to the guest itself."""

    def connect(arguments: list[Any]) -> DotNetObject | None:
        if len(arguments) != 2:
            return None
        address, port = arguments
        if address not in {"localhost", "127.0.0.1"}:
            raise OutsideSubset("a connection that leaves the guest")
        application = guest.application
        if port != WEB_PORT or not isinstance(application, GaroonApplication):
            raise DotNetError("System.Net.Sockets.SocketException", f"{REFUSED} 127.0.0.1:{port}")
        stream = DotNetObject(NETWORK_STREAM, {"application": application, "sent": bytearray()})
        return DotNetObject(made, {"stream": stream, "ReceiveTimeout": 0, "SendTimeout": 0})

    made = DotNetClass(
        name="System.Net.Sockets.TcpClient",
        constructor=connect,
        properties=(Property.stored("ReceiveTimeout", "System.Int32"), Property.stored("SendTimeout", "System.Int32")),
        methods=(
            Method(
                name="GetStream",
                call=lambda client: client.fields["stream"],
                definition="System.Net.Sockets.NetworkStream GetStream()",
            ),
            Method(name="Close", call=_close, definition="void Close()"),
        ),
    )
    return made


def guest_powershell(host: LabHost, registration: Registration) -> PowerShell:
    """The engine of a booted guest; it knows nothing but the guest."""
    guest = registration.instance
    assert guest is not None, "only a booted guest has a PowerShell"
    name = registration.guest.computer_name.partition(".")[0]
    types = (MEMORY_STREAM, NETWORK_STREAM, tcp_client(guest))
    return PowerShell((), host.clock, name, types=types, matcher=TimedMatcher())
