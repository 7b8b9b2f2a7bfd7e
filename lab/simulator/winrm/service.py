"""The WS-Management service of one host: an envelope in, an answer or a fault out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lab.simulator.winrm import answers
from lab.simulator.winrm.answers import COMMAND_SHELL, CONFIG, POWERSHELL_SHELL, SHELL
from lab.simulator.winrm.faults import (
    INVALID_RESOURCE_URI,
    OPERATION_TIMED_OUT,
    WsManFault,
)
from lab.simulator.winrm.operations import Command, Create, Delete, Get, Identify, Receive, Request, Send, Signal
from lab.simulator.winrm.shells import Machine, Shell, Shells
from lab.simulator.winrm.winrs import CommandShell
from lab.simulator.winrm.wsman import MAX_ENVELOPE_SIZE, message_id, parse, read

_ENVELOPE_OVERHEAD: Final = 8192
"""Bytes of an answer that are not output, with room to spare."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: HTTP status and envelope."""

    status: int
    envelope: bytes


class WsManService:
    """Answers for one machine; used by every connection at once."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._shells = Shells(machine.clock)

    def answer(self, envelope: bytes) -> Answered:
        relates_to = ""
        try:
            root = read(envelope)
            relates_to = message_id(root)
            request = parse(root)
            return Answered(200, answers.envelope(_answer_action(request), relates_to, *self._perform(request)))
        except WsManFault as failure:
            return Answered(500, answers.fault(failure, relates_to, self._machine.name))

    def close(self) -> None:
        """Ends every shell with all that runs in it."""
        self._shells.close()

    def _perform(self, request: Request) -> tuple[str, ...]:
        operation = request.operation
        match operation:
            case Identify():
                return (answers.identity(self._machine.windows.product_version),)
            case Get():
                return self._get(request)
            case Create():
                return self._create(request, operation)
            case Delete():
                self._shells.delete(request.shell_id)
                return ()
        with self._shells.using(request.shell_id) as shell:
            match operation:
                case Command():
                    self._shells.count_operation(request.shell_id)
                    return (answers.command_response(shell.run(operation, request.options)),)
                case Receive():
                    return (self._receive(shell, request, operation),)
                case Send():
                    shell.send(operation)
                    return (answers.tag("rsp:SendResponse"),)
                case Signal():
                    shell.signal(operation)
                    return (answers.tag("rsp:SignalResponse"),)

    def _get(self, request: Request) -> tuple[str, ...]:
        if request.resource_uri == CONFIG:
            return (answers.configuration(MAX_ENVELOPE_SIZE // 1024),)
        if not request.resource_uri.startswith((SHELL, POWERSHELL_SHELL)):
            raise WsManFault(INVALID_RESOURCE_URI)
        with self._shells.using(request.shell_id) as shell:
            return (self._description(shell, request.shell_id or ""),)

    def _create(self, request: Request, create: Create) -> tuple[str, ...]:
        self._shells.check_room()
        shell: Shell
        if request.resource_uri == COMMAND_SHELL:
            shell = CommandShell(self._machine, create, request.options)
        elif request.resource_uri.startswith(POWERSHELL_SHELL):
            from lab.simulator.winrm.psrp import RunspacePoolShell  # noqa: PLC0415  # no drill speaks PSRP

            shell = RunspacePoolShell(self._machine, create, request.resource_uri)
        else:
            raise WsManFault(INVALID_RESOURCE_URI)
        shell_id = self._shells.add(shell, create.shell_id, create.idle_timeout)
        return (answers.created(shell.resource_uri, shell_id), self._description(shell, shell_id))

    def _description(self, shell: Shell, shell_id: str) -> str:
        return answers.shell(shell.resource_uri, shell_id, owner=self._machine.user, streams=shell.streams)

    def _receive(self, shell: Shell, request: Request, receive: Receive) -> str:
        limit = (request.max_envelope_size - _ENVELOPE_OVERHEAD) * 3 // 4
        received = shell.receive(receive, request.within, limit)
        if received is None:
            raise WsManFault(OPERATION_TIMED_OUT)
        return answers.receive_response(receive.command_id, received.chunks, received.exit_code)


def _answer_action(request: Request) -> str:
    if isinstance(request.operation, Identify):
        return ""
    return f"{request.action}Response"
