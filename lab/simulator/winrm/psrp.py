"""PSRP: a runspace pool over psrpcore, whose pipelines run in the host's PowerShell engine."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import psrpcore
from psrpcore.types import PipelineResultTypes, PipelineState, PSInvocationState, RunspacePoolState

from lab.simulator.hosts.exchange import Exchange, ProcessTerminated, Received
from lab.simulator.winrm.faults import BUSY, INVALID_PARAMETER, UNEXPECTED_SELECTORS, WsManFault
from lab.simulator.winrm.operations import Command, Create, Receive, Send, Signal
from lab.simulator.winrm.psrp_values import local_parameter, remote_error, remote_value
from lab.simulator.winrm.shells import Machine
from powershell import (
    ErrorRecord,
    ExitScript,
    InformationRecord,
    PipelineCommand,
    PipelineStopped,
    Runspace,
    TerminatingError,
)

_FRAGMENT: Final = 32_768
"""Bytes of one fragment, as Windows cuts them for an envelope of 150 KB."""
_FRAGMENT_HEADER: Final = 21
_OUTPUT: Final = "stdout"


class RunspacePoolShell:
    """The shell of PowerShell remoting."""

    streams: Final = ("stdin pr", _OUTPUT)

    def __init__(self, machine: Machine, create: Create, resource_uri: str) -> None:
        self.resource_uri = resource_uri
        self._machine = machine
        self._server = PoolServer()
        opening = self._server.take(create.creation or b"", None)
        if self._server.pool.state != RunspacePoolState.Opened:
            raise WsManFault(INVALID_PARAMETER)
        self._own = Exchange(machine.clock, machine.alarm)
        self._own.start(self._own.hang, name=f"{machine.name} runspace pool")
        self._post(opening)
        self._pipelines: dict[str, RunningPipeline] = {}
        self._idle: list[Runspace] = []

    def run(self, command: Command, options: Mapping[str, str]) -> str:  # noqa: ARG002 - PSRP's commands have none
        """Starts once the whole message is there; more of it may come by Send."""
        command_id = command.command_id or ""
        try:
            pipeline_id, first = uuid.UUID(command_id), base64.b64decode("".join(command.arguments), validate=True)
        except ValueError as error:
            raise WsManFault(INVALID_PARAMETER) from error
        unfinished = sum(pipeline.unfinished for pipeline in self._pipelines.values())
        if command_id in self._pipelines or unfinished >= self._server.pool.max_runspaces:
            raise WsManFault(BUSY)
        exchange = Exchange(self._machine.clock, self._machine.alarm)
        self._pipelines[command_id] = RunningPipeline(self._server, pipeline_id, exchange, self._idle, self._machine)
        self.send(Send(command_id, first, end=False))
        return command_id

    def receive(self, receive: Receive, within: timedelta, limit: int) -> Received | None:
        if receive.command_id is None:
            return self._own.receive(within, limit)
        return self._pipeline(receive.command_id).exchange.receive(within, limit)

    def send(self, send: Send) -> None:
        pipeline = None if send.command_id is None else self._pipeline(send.command_id)
        self._post(self._server.take(send.data, None if pipeline is None else pipeline.id))
        if pipeline is not None:
            pipeline.start_when_complete()

    def signal(self, signal: Signal) -> None:
        """Any signal stops the pipeline; the client learns of it by its next Receive."""
        self._pipeline(signal.command_id).stop()
        if signal.code == "terminate":
            self._pipelines.pop(signal.command_id or "", None)

    def close(self) -> None:
        for pipeline in list(self._pipelines.values()):
            pipeline.stop()
        self._own.terminate()

    def _pipeline(self, command_id: str | None) -> RunningPipeline:
        found = self._pipelines.get(command_id or "")
        if found is None:
            raise WsManFault(UNEXPECTED_SELECTORS)
        return found

    def _post(self, fragments: Iterable[bytes]) -> None:
        for fragment in fragments:
            self._own.post(_OUTPUT, fragment)


class PoolServer:
    """psrpcore's state of the pool, which knows nothing of threads, behind one lock."""

    def __init__(self) -> None:
        self.pool = psrpcore.ServerRunspacePool()
        self._lock = threading.Lock()

    def perform(self, action: Callable[[], None]) -> list[bytes]:
        """The fragments that come of an action on the pool or on one of its pipelines.

        One by one, since some clients read only the first of several in a Stream.
        """
        fragments: list[bytes] = []
        with self._lock:
            action()
            while (payload := self.pool.data_to_send(_FRAGMENT)) is not None:
                data = payload.data
                while data:
                    length = _FRAGMENT_HEADER + int.from_bytes(data[17:_FRAGMENT_HEADER], "big")
                    fragments.append(data[:length])
                    data = data[length:]
        return fragments

    def take(self, data: bytes, pipeline_id: uuid.UUID | None) -> list[bytes]:
        """Fragments from the client; what cannot be read is the client's fault."""

        def read() -> None:
            try:
                self.pool.receive_data(psrpcore.PSRPPayload(data, psrpcore.StreamType.default, pipeline_id))
                while (event := self.pool.next_event()) is not None:
                    self._react(event)
            except Exception as error:  # psrpcore raises whatever its unpacking meets first
                raise WsManFault(INVALID_PARAMETER) from error

        return self.perform(read)

    def _react(self, event: Any) -> None:
        if isinstance(event, psrpcore.GetAvailableRunspacesEvent):
            self.pool.runspace_availability_response(event.ci, self.pool.max_runspaces)
        elif isinstance(
            event, (psrpcore.SetMaxRunspacesEvent, psrpcore.SetMinRunspacesEvent, psrpcore.ResetRunspaceStateEvent)
        ):
            self.pool.runspace_availability_response(event.ci, response=True)


class RunningPipeline:
    """One pipeline of the pool: the thread its commands run in, and the streams they write to (PipelineStreams)."""

    def __init__(
        self, server: PoolServer, pipeline_id: uuid.UUID, exchange: Exchange, idle: list[Runspace], machine: Machine
    ) -> None:
        self.id = pipeline_id
        self.exchange = exchange
        self._server = server
        self._idle = idle
        self._machine = machine
        self._runspace: Runspace | None = None
        self._pipeline = psrpcore.ServerPipeline(server.pool, pipeline_id)

    @property
    def unfinished(self) -> bool:
        return self._pipeline.state in (PSInvocationState.NotStarted, PSInvocationState.Running)

    def start_when_complete(self) -> None:
        if self._runspace is None and self._pipeline.metadata is not None:
            runspace = self._idle.pop() if self._idle else self._machine.engine.open_runspace()
            self._runspace = runspace
            self.exchange.start(lambda: self._run(runspace), name=f"{self._machine.name} pipeline {self.id}")

    def stop(self) -> None:
        """Stops what still runs: a finished pipeline's runspace may be another's by now."""
        if self._runspace is not None and self.unfinished:
            self._runspace.stop()
        self.exchange.terminate()

        def announce() -> None:
            if self._pipeline.state == PSInvocationState.NotStarted:
                self._pipeline.state = PSInvocationState.Stopped
            elif self._pipeline.state == PSInvocationState.Running:
                self._pipeline.stop()

        for fragment in self._server.perform(announce):
            self.exchange.post(_OUTPUT, fragment)

    def output(self, value: Any) -> None:
        sent = remote_value(value)
        self._write(lambda: self._pipeline.write_output(sent))

    def error(self, record: ErrorRecord) -> None:
        sent = remote_error(record)
        self._write(
            lambda: self._pipeline.prepare_message(sent, message_type=psrpcore.types.PSRPMessageType.ErrorRecord)
        )

    def warning(self, text: str) -> None:
        self._write(lambda: self._pipeline.write_warning(text))

    def verbose(self, text: str) -> None:
        self._write(lambda: self._pipeline.write_verbose(text))

    def debug(self, text: str) -> None:
        self._write(lambda: self._pipeline.write_debug(text))

    def information(self, record: InformationRecord) -> None:
        sent = remote_value(record.data)
        self._write(
            lambda: self._pipeline.write_information(
                sent,
                record.source,
                time_generated=remote_value(record.time),
                tags=list(record.tags),
                user=self._machine.user,
                computer=self._machine.name,
                process_id=0,
                native_thread_id=0,
            )
        )

    def progress(self, activity: str, status: str, percent: int) -> None:
        self._write(lambda: self._pipeline.write_progress(activity, 0, status, percent_complete=percent))

    def _write(self, message: Callable[[], None]) -> None:
        self.exchange.checkpoint()

        def write() -> None:
            if self._pipeline.state != PSInvocationState.Running:
                raise ProcessTerminated
            message()

        self._put(write)

    def _put(self, action: Callable[[], None]) -> None:
        for fragment in self._server.perform(action):
            self.exchange.put(_OUTPUT, fragment)

    def _run(self, runspace: Runspace) -> int:
        self._put(self._pipeline.start)
        announce = self._pipeline.complete
        try:
            for statement in _statements(self._pipeline.metadata):
                runspace.invoke(statement, self)
        except ExitScript:
            pass  # ends the pipeline; a process to end there is none
        except TerminatingError as ended:
            announce = self._failed(ended.record)
        except PipelineStopped as stopped:
            raise ProcessTerminated from stopped
        except Exception:
            self._put(self._failed(ErrorRecord.of("The simulated PowerShell has an error of its own", "Simulator")))
            raise
        finally:
            self._idle.append(runspace)
        self._put(announce)
        return 0

    def _failed(self, record: ErrorRecord) -> Callable[[], None]:
        """Psrpcore's server side has no call of its own for a pipeline that failed."""
        state = PipelineState(PipelineState=int(PSInvocationState.Failed), ExceptionAsErrorRecord=remote_error(record))

        def announce() -> None:
            self._pipeline.prepare_message(state)
            self._pipeline.state = PSInvocationState.Failed

        return announce


def _statements(metadata: Any) -> Iterator[tuple[PipelineCommand, ...]]:
    """The commands the client sent, one tuple a statement."""
    if not isinstance(metadata, psrpcore.PowerShell):
        raise TerminatingError(
            ErrorRecord.of("Command metadata is outside the simulated subset", "OutsideSubset", "NotImplemented")
        )
    if not metadata.no_input:
        raise TerminatingError(
            ErrorRecord.of(
                "Pipeline input over PSRP is outside the simulated subset", "OutsideSubset", "NotImplemented"
            )
        )
    statement: list[PipelineCommand] = []
    for command in metadata.commands:
        parameters = tuple(local_parameter(name, value) for name, value in command.parameters)
        merged = PipelineResultTypes.Output in (command.merge_error, command.merge_to)
        statement.append(PipelineCommand(str(command.command_text), bool(command.is_script), parameters, merged))
        if command.end_of_statement:
            yield tuple(statement)
            statement = []
