"""The WinRM listener of a simulated host: its port on 127.0.0.1, open, closed, or refusing while the host is off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from lab.simulator.hosts.exchange import Alarm
from lab.simulator.hosts.host import WINDOWS_2016, WindowsRelease
from lab.simulator.winrm.authentication import Account, AccountFile, Login
from lab.simulator.winrm.connection import PATH, Connection
from lab.simulator.winrm.service import WsManService
from lab.simulator.winrm.shells import Machine
from powershell import Clock, PowerShellEngine

_ADDRESS: Final = "127.0.0.1"
TIMEOUT: Final = 5.0
"""Wall seconds for a conversation to end when its host is closed."""


class WinRmListener:
    """WinRM of one host, a thread a connection. `alarm` is for a lab whose time passes by itself (`Timeline.after`).

    `folder` is where the account lies as a file while the listener is open; None: the folder for temporary files.
    """

    def __init__(
        self,
        engine: PowerShellEngine,
        host_name: str,
        account: Account,
        clock: Clock,
        *,
        port: int = 0,
        allow_unencrypted: bool = False,
        alarm: Alarm | None = None,
        folder: Path | None = None,
        windows: WindowsRelease = WINDOWS_2016,
        narrow: Callable[[], PowerShellEngine] | None = None,
    ) -> None:
        self._folder = folder
        self._machine = Machine(
            name=host_name, user=account.user, engine=engine, clock=clock, alarm=alarm, windows=windows, narrow=narrow
        )
        self._account = account
        self._allow_unencrypted = allow_unencrypted
        self._reserved: socket.socket | None = None
        self._serving: _Serving | None = None
        self.port = port
        """0 until it is first opened, if none was asked for; then the same for ever."""

    @property
    def url(self) -> str:
        return f"http://{_ADDRESS}:{self.port}{PATH}"

    def open(self) -> None:
        if self._serving is None:
            listening = self._reserved or _bound(self.port)
            self._reserved = None
            self.port = listening.getsockname()[1]
            accounts = AccountFile(self._account, self._machine.name, self._folder)
            self._serving = _Serving(
                listening, self._machine, self._account, accounts, allow_unencrypted=self._allow_unencrypted
            )

    def suspend(self) -> None:
        """Cuts every connection, ends every shell and refuses new ones, as a host that loses power; keeps the port."""
        if self._serving is not None:
            self._serving.close()
            self._serving = None
            self._reserved = _bound(self.port)

    def close(self) -> None:
        """Suspends, and gives the port back; opened again, the listener asks for the same one."""
        serving = self._serving
        self.suspend()
        if serving is not None:
            serving.join()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None


class _Serving:
    """Serves from one opening of the listener to its closing."""

    def __init__(
        self,
        listening: socket.socket,
        machine: Machine,
        account: Account,
        accounts: AccountFile,
        *,
        allow_unencrypted: bool,
    ) -> None:
        self._listening = listening
        self._service = WsManService(machine)
        self._account = account
        self._accounts = accounts
        self._allow_unencrypted = allow_unencrypted
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._closing = False
        listening.listen()
        self._acceptor = threading.Thread(target=self._accept, name=f"WinRM {machine.name}", daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        with self._lock:
            self._closing = True
            for connection in self._connections:
                with suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RDWR)
        with suppress(ConnectionError), socket.create_connection(self._listening.getsockname()):
            self._acceptor.join()  # the connection woke it
        self._listening.close()
        self._service.close()
        self._accounts.close()

    def join(self) -> None:
        """Returns, after `close`, when the last conversation has ended; not for a thread that is part of one."""
        with self._lock:
            conversations = tuple(self._connections.values())
        for conversation in conversations:
            conversation.join(TIMEOUT)

    def _accept(self) -> None:
        while True:
            connection, address = self._listening.accept()
            with self._lock:
                if self._closing:
                    connection.close()
                    return
                name = f"{self._acceptor.name} {address[1]}"
                conversation = threading.Thread(
                    target=self._converse, args=(connection, address), name=name, daemon=True
                )
                self._connections[connection] = conversation
                conversation.start()

    def _converse(self, connection: socket.socket, address: tuple[str, int]) -> None:
        login = Login(self._account, self._accounts, basic=self._allow_unencrypted)
        with connection:
            # Either side may cut the connection at any time.
            with suppress(ConnectionError):
                Connection(connection, address, self._service, login, allow_unencrypted=self._allow_unencrypted)
            with self._lock:
                self._connections.pop(connection, None)


def _bound(port: int) -> socket.socket:
    """A socket that holds the port without listening: connections to it are refused."""
    reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind((_ADDRESS, port))
    return reserved
