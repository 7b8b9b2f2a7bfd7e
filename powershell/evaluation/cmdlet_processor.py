"""The cmdlets of a running pipeline, and what the engine offers to their bodies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from powershell.command import Body, Cmdlet
from powershell.conversion import to_bool
from powershell.declared import EnumValue
from powershell.errors import ErrorRecord, ExceptionObject, OutsideSubset, PowerShellError, StopUpstream
from powershell.evaluation.processors import Out, Processor
from powershell.instances import ScriptBlock
from powershell.signature import Argument, Signature
from powershell.streams import Streams, discard
from powershell.values import NOTHING, UNSET, Guid, SwitchParameter, enumerate_value
from powershell.wildcard import WILDCARD_EXCEPTION

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_REPORTING = frozenset({"ForEach-Object", "Where-Object", "Invoke-Command", "Measure-Command", "Invoke-Expression"})
"""Cmdlets whose script blocks report errors statement by statement; the blocks of all others raise them."""


class CmdletProcessor(Processor):
    """A cmdlet at work; it is the CommandContext of the cmdlet's body."""

    def __init__(
        self,
        interpreter: Interpreter,
        cmdlet: Cmdlet,
        signature: Signature,
        invoked_as: str,
        arguments: Sequence[Argument],
    ) -> None:
        super().__init__(interpreter, cmdlet.name, signature, arguments)
        self.cmdlet = cmdlet
        self.invoked_as = invoked_as
        self.runspace = interpreter.runspace
        self._body: Body | None = None
        self.of_scripts: Streams | None = None
        """The streams of its script blocks where these are not its own."""

    @property
    def parameters(self) -> dict[str, Any]:
        return self.binding.values

    def get(self, name: str, default: Any = None) -> Any:
        value = self.binding.values.get(name, NOTHING)
        if value is not NOTHING and not isinstance(value, SwitchParameter):
            return value
        known = self.signature.names.get(name.lower())
        switch = known is not None and known.is_switch
        if isinstance(value, SwitchParameter):
            return value.is_present if switch else value
        return False if switch and default is None else default

    def begin(self) -> None:
        self.begun = True
        self._body = self.cmdlet.body(self)
        self._guarded(self._body.begin)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Runs a step of the body in the caller's scope; its errors carry this command's name."""
        it = self.it
        old_scope, old_streams = it.scope, it.streams
        it.scope, it.streams = self.caller, self.streams
        try:
            step()
        except PowerShellError as error:
            if error.record.extent is None and error.record.exception.type == WILDCARD_EXCEPTION:
                self.complete(error.record)
                error.signed = True
            if not error.thrown:
                error.record.extent = self.extent
            if self.name in _REPORTING:
                self.sign(error)
            raise
        except OutsideSubset as refusal:
            refusal.extent = refusal.extent or self.extent
            raise
        finally:
            it.scope, it.streams = old_scope, old_streams

    def process(self, item: Any) -> None:
        assert self._body is not None
        self.it.checkpoint()
        if not self.binder.takes_pipeline():
            self.refuse_object(item)
            return
        try:
            if not self.binder.bind_object(item, self.binding, self.it.members.bindable_property):
                self.refuse_object(item)
                return
            self.set_name = self.binder.settle(self.binding, expecting_input=False)
        except PowerShellError as error:
            self.write_error(error.record)
            return
        self._guarded(self._body.process)

    def process_once(self) -> None:
        assert self._body is not None
        self._guarded(self._body.process)

    def end(self) -> None:
        if not self.begun:
            self.begin()
        assert self._body is not None
        self._guarded(self._body.end)

    def merge_errors(self) -> None:
        """Its errors go the way of its output, those of its script blocks are lost or stay where they went."""
        lost = self.name in _REPORTING
        self.of_scripts = self.streams.changed(error=discard if lost else self.it.streams.error)

    # --- CommandContext ---

    def write(self, value: Any, *, enumerate_items: bool = False) -> None:
        items = enumerate_value(value) if enumerate_items and not isinstance(value, str) and value is not None else None
        if items is None:
            super().write(value)
            return
        for item in list(items):
            super().write(item)

    def throw(self, record: ErrorRecord) -> NoReturn:
        error = PowerShellError(self.complete(record))
        error.signed = True
        raise error

    def _message_action(self, parameter: str, preference: str) -> str:
        chosen = self.binding.common.get(parameter)
        if isinstance(chosen, EnumValue):
            return chosen.name
        if chosen is not None:
            return "Continue" if to_bool(chosen) else "SilentlyContinue"
        with self.it.swapped(self.caller):
            return self.it.preference(preference)

    def write_warning(self, text: str) -> None:
        try:
            self.it.write_warning(text, self._message_action("WarningAction", "warningpreference"))
        except PowerShellError as error:
            self.complete(error.record)
            raise

    def write_verbose(self, text: str) -> None:
        self.it.write_verbose(text, self._message_action("Verbose", "verbosepreference"))

    def write_debug(self, text: str) -> None:
        self.it.write_debug(text, self._message_action("Debug", "debugpreference"))

    def write_information(self, record: Any) -> None:
        self.it.write_information(record, self._message_action("InformationAction", "informationpreference"))

    def error(
        self,
        message: str,
        *,
        error_id: str,
        category: str = "NotSpecified",
        target: Any = None,
        exception: str = "System.Exception",
    ) -> ErrorRecord:
        return ErrorRecord(ExceptionObject(exception, message), error_id, category, target)

    def invoke(
        self, block: ScriptBlock, *, underscore: Any = NOTHING, arguments: Sequence[Any] = (), new_scope: bool = False
    ) -> list[Any]:
        results: list[Any] = []
        self._call(block, results.append, underscore, arguments, new_scope=new_scope)
        return results

    def invoke_streaming(
        self, block: ScriptBlock, *, underscore: Any = NOTHING, arguments: Sequence[Any] = (), new_scope: bool = False
    ) -> None:
        self._call(block, self.write, underscore, arguments, new_scope=new_scope)

    def _call(
        self, block: ScriptBlock, out: Out, underscore: Any, arguments: Sequence[Any], *, new_scope: bool
    ) -> None:
        it = self.it
        raising = self.name not in _REPORTING
        it.guarded += raising
        it.borrowed += [self.caller] * (self.name == "Where-Object")
        try:
            with it.swapped(self.caller, self.of_scripts or self.streams):
                it.functions.invoke_block(
                    block,
                    arguments,
                    out,
                    underscore=UNSET if underscore is NOTHING else underscore,
                    new_scope=new_scope,
                )
        finally:
            it.guarded -= raising
            del it.borrowed[len(it.borrowed) - (self.name == "Where-Object") :]

    def should_process(self, target: str, action: str = "") -> bool:
        common = self.binding.common
        if "Confirm" in common and to_bool(common["Confirm"]):
            raise OutsideSubset("-Confirm", self.extent)
        what_if = to_bool(common["WhatIf"]) if "WhatIf" in common else to_bool(self.it.variable("whatifpreference"))
        if what_if:
            operation = action or self.name
            self.runspace.host_line(f'What if: Performing the operation "{operation}" on target "{target}".')
        return not what_if

    def new_guid(self) -> Guid:
        return self.runspace.new_guid()

    def stop_upstream(self) -> NoReturn:
        raise StopUpstream(self)

    def outside_subset(self, construct: str) -> NoReturn:
        raise OutsideSubset(construct, self.extent)

    def checkpoint(self) -> None:
        self.it.checkpoint()
