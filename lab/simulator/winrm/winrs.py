"""WinRS: a shell that runs command lines as processes with a console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from lab.simulator.hosts.cmd import CommandInterpreter
from lab.simulator.hosts.console import Console, is_code_page
from lab.simulator.hosts.exchange import Chunk, Received
from lab.simulator.winrm.answers import COMMAND_SHELL
from lab.simulator.winrm.faults import (
    INVALID_OPTIONS,
    INVALID_PARAMETER,
    OPERATION_ABORTED,
    UNEXPECTED_SELECTORS,
    WsManFault,
)
from lab.simulator.winrm.operations import Command, Create, Receive, Send, Signal
from lab.simulator.winrm.shells import Machine, new_id

_DEFAULT_CODE_PAGE: Final = 437
_SIGNALS: Final = frozenset({"terminate", "ctrl_c", "ctrl_break"})


class CommandShell:
    """The shell of `winrs`, pywinrm and Ansible."""

    resource_uri: Final = COMMAND_SHELL
    streams: Final = ("stdin", "stdout stderr")

    def __init__(self, machine: Machine, create: Create, options: Mapping[str, str]) -> None:
        self._machine = machine
        self._environment = create.environment
        self._code_page = _code_page(options)
        self._interpreter = CommandInterpreter(
            machine.name, machine.user, machine.engine, machine.windows, machine.narrow
        )
        self._consoles: dict[str, Console] = {}
        self._closed = False

    def run(self, command: Command, options: Mapping[str, str]) -> str:
        command_id = command.command_id or new_id()
        if command_id in self._consoles:
            raise WsManFault(INVALID_PARAMETER)
        line = " ".join((command.line, *command.arguments))
        console = Console(
            self._machine.clock,
            code_page=self._code_page,
            environment=self._environment,
            alarm=self._machine.alarm,
        )
        direct = _is_true(options.get("WINRS_SKIP_CMD_SHELL", ""))
        run = self._interpreter.run_directly if direct else self._interpreter.run
        console.exchange.start(lambda: run(line, console), name=f"{self._machine.name} {command_id}")
        self._consoles[command_id] = console
        return command_id

    def receive(self, receive: Receive, within: timedelta, limit: int) -> Received | None:
        received = self._console(receive.command_id).exchange.receive(within, limit)
        if self._closed:
            raise WsManFault(OPERATION_ABORTED)
        return received and Received(_joined(received.chunks), received.exit_code)

    def send(self, send: Send) -> None:
        self._console(send.command_id).feed(send.data, end=send.end)

    def signal(self, signal: Signal) -> None:
        """Every signal ends the process; after `terminate` the command is forgotten."""
        if signal.code not in _SIGNALS:
            raise WsManFault(INVALID_PARAMETER)
        self._console(signal.command_id).exchange.terminate()
        if signal.code == "terminate":
            self._consoles.pop(signal.command_id or "", None)

    def close(self) -> None:
        self._closed = True
        for console in list(self._consoles.values()):
            console.exchange.terminate()

    def _console(self, command_id: str | None) -> Console:
        found = self._consoles.get(command_id or "")
        if found is None:
            raise WsManFault(UNEXPECTED_SELECTORS)
        return found


def _joined(chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Neighbours of one stream as one piece."""
    return tuple(
        Chunk(stream, b"".join(chunk.data for chunk in run))
        for stream, run in groupby(chunks, key=attrgetter("stream"))
    )


def _code_page(options: Mapping[str, str]) -> int:
    written = options.get("WINRS_CODEPAGE", str(_DEFAULT_CODE_PAGE))
    if not (written.isascii() and written.isdigit() and len(written) <= 5 and is_code_page(int(written))):
        raise WsManFault(INVALID_OPTIONS)
    return int(written)


def _is_true(text: str) -> bool:
    return text.strip().lower() in {"true", "1"}
