"""PowerShell inside a simulated guest: its name, and a TCP connection to what listens on its localhost."""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost
from lab.simulator.garoon.application import GaroonApplication
from lab.simulator.garoon.exchange import ApplicationClosed
from lab.simulator.garoon.front import answer_bytes
from lab.simulator.hosts import Registration, RunningGuest
from lab.simulator.matching import TimedMatcher
from powershell.cmdlets import command_table
from powershell.cmdlets.members import NEW_OBJECT, NewObject
from powershell.command import Cmdlet, CommandContext
from powershell.errors import DotNetError
from powershell.host import EmbeddedPowerShell
from powershell.values import (
    NOTHING,
    DotNetClass,
    DotNetObject,
    Method,
    Nothing,
    byte_array,
    stored,
)

WEB_PORT: Final = 80
REFUSED: Final = "No connection could be made because the target machine actively refused it"
RESET: Final = (
    "Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host."
)


def _write(stream: DotNetObject, data: Any, start: int, count: int) -> Nothing:
    stream.fields["sent"] += bytes(data[start : start + count])
    return NOTHING


def _copy_to(stream: DotNetObject, target: DotNetObject) -> Nothing:
    """Reads until the other side has ended the connection."""
    application: GaroonApplication = stream.fields["application"]
    try:
        target.fields["content"] += answer_bytes(application, bytes(stream.fields["sent"]))
    except ApplicationClosed:
        raise DotNetError("System.IO.IOException", RESET) from None
    return NOTHING


def _close(_: DotNetObject) -> Nothing:
    return NOTHING


MEMORY_STREAM: Final = DotNetClass(
    name="System.IO.MemoryStream",
    methods=(
        Method(
            name="ToArray", call=lambda made: byte_array(bytes(made.fields["content"])), definition="byte[] ToArray()"
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
TCP_CLIENT: Final = DotNetClass(
    name="System.Net.Sockets.TcpClient",
    properties=(stored("ReceiveTimeout", "System.Int32"), stored("SendTimeout", "System.Int32")),
    methods=(
        Method(
            name="GetStream",
            call=lambda client: client.fields["stream"],
            definition="System.Net.Sockets.NetworkStream GetStream()",
        ),
        Method(name="Close", call=_close, definition="void Close()"),
    ),
)
CLASSES: Final = (MEMORY_STREAM, NETWORK_STREAM, TCP_CLIENT)


def guest_powershell(host: LabHost, registration: Registration) -> EmbeddedPowerShell:
    """The engine of a booted guest; it knows nothing but the guest."""
    instance = registration.instance
    assert instance is not None, "only a booted guest has a PowerShell"
    name = registration.guest.computer_name.partition(".")[0]
    commands = command_table(
        (
            Cmdlet(
                name=NEW_OBJECT.name,
                error_id=NEW_OBJECT.error_id,
                body=lambda context: _NewConnection(context, instance),
                parameters=NEW_OBJECT.parameters,
            ),
        )
    )
    return EmbeddedPowerShell(commands, host.clock, name, classes=CLASSES, matcher=TimedMatcher())


class _NewConnection(NewObject):
    """New-Object, which also makes a connection to localhost and the memory its answer goes to."""

    def __init__(self, context: CommandContext, guest: RunningGuest) -> None:
        super().__init__(context)
        self._guest = guest

    def process(self) -> None:
        name = str(self.context.get("TypeName")).lower().removeprefix("system.")
        arguments = list(self.context.get("ArgumentList") or ())
        if name == "io.memorystream" and not arguments:
            self.context.write(DotNetObject(MEMORY_STREAM, {"content": bytearray()}))
        elif name == "net.sockets.tcpclient" and len(arguments) == 2:
            self.context.write(self._connected(*arguments))
        else:
            super().process()

    def _connected(self, address: Any, port: Any) -> DotNetObject:
        if address not in {"localhost", "127.0.0.1"}:
            self.context.outside_subset("a connection that leaves the guest")
        application = self._guest.application
        if port != WEB_PORT or not isinstance(application, GaroonApplication):
            self.context.throw(
                self.context.error(
                    f'Exception calling ".ctor" with "2" argument(s): "{REFUSED} 127.0.0.1:{port}"',
                    error_id="ConstructorInvokedThrowException",
                    category="InvalidOperation",
                    exception="System.Management.Automation.MethodInvocationException",
                )
            )
        stream = DotNetObject(NETWORK_STREAM, {"application": application, "sent": bytearray()})
        return DotNetObject(TCP_CLIENT, {"stream": stream, "ReceiveTimeout": 0, "SendTimeout": 0})
