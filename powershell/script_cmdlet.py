"""$PSCmdlet: what an advanced function says through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from powershell.conversion import to_bool, to_text
from powershell.declared import EnumValue
from powershell.errors import ErrorRecord, OutsideSubset, PowerShellError
from powershell.instances import Instance
from powershell.values import NOTHING, enumerate_value

if TYPE_CHECKING:
    from powershell.evaluation.processors import ScriptProcessor

_IMPACTS: Final = ("None", "Low", "Medium", "High")


class ScriptCmdlet(Instance):
    __slots__ = ("_processor",)
    dotnet_name = "System.Management.Automation.PSScriptCmdlet"

    def __init__(self, processor: ScriptProcessor) -> None:
        super().__init__()
        self._processor = processor

    def member(self, name: str) -> Any:
        match name.lower():
            case "parametersetname":
                return self._processor.set_name
            case "myinvocation" if self._processor.name:
                return self._processor.it.runspace.invocation_info(self._processor)
            case _:
                raise OutsideSubset(f"$PSCmdlet.{name}")

    def call(self, name: str, arguments: list[Any] | None) -> Any:
        if arguments is None:
            return True
        it = self._processor.it
        match name.lower():
            case "throwterminatingerror":
                error = PowerShellError(self._processor.complete(self._record(arguments)))
                if not self._processor.name:
                    error.record.origin = ""
                error.leaving = self._processor
                raise error
            case "writeerror":
                self._processor.write_error(self._record(arguments))
            case "writewarning":
                it.write_warning(to_text(arguments[0]), it.preference("warningpreference"))
            case "writeverbose":
                it.write_verbose(to_text(arguments[0]), it.preference("verbosepreference"))
            case "writedebug":
                it.write_debug(to_text(arguments[0]), it.preference("debugpreference"))
            case "writeobject":
                self._write(arguments)
            case "shouldprocess":
                return self._should_process(arguments)
            case _:
                raise OutsideSubset(f"$PSCmdlet.{name}()")
        return NOTHING

    def _record(self, arguments: list[Any]) -> ErrorRecord:
        if len(arguments) != 1 or not isinstance(arguments[0], ErrorRecord):
            raise OutsideSubset("an error that is no ErrorRecord")
        return arguments[0]

    def _write(self, arguments: list[Any]) -> None:
        items = enumerate_value(arguments[0]) if len(arguments) == 2 and to_bool(arguments[1]) else None
        for each in [arguments[0]] if items is None or isinstance(arguments[0], str) else list(items):
            self._processor.write(each)

    def _should_process(self, arguments: list[Any]) -> bool:
        it = self._processor.it
        if to_bool(it.variable("whatifpreference")):
            if len(arguments) == 1:
                operation, target = self._processor.name, arguments[0]
            elif len(arguments) == 2:
                target, operation = arguments
            else:
                raise OutsideSubset("ShouldProcess with three arguments")
            it.runspace.host_line(
                f'What if: Performing the operation "{to_text(operation)}" on target "{to_text(target)}".'
            )
            return False
        if self._asks(it.variable("confirmpreference")):
            raise OutsideSubset("confirmation")
        return True

    def _asks(self, preference: Any) -> bool:
        """Whether the impact is one that $ConfirmPreference wants confirmed."""
        declined = "Confirm" in self._processor.binding.common  # -Confirm itself is refused before
        if declined or not isinstance(preference, EnumValue) or preference.name == "None":
            return False
        return _IMPACTS.index(self._processor.signature.confirm_impact) >= _IMPACTS.index(preference.name)
