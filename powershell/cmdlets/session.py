"""Commands and modules: Get-Command, Import-Module, Invoke-Expression, Invoke-Command."""

from __future__ import annotations

from typing import Any, Final

from powershell.catalogue import windows_commands
from powershell.command import Cmdlet, of_powershell
from powershell.engine_context import EngineBody
from powershell.errors import ErrorRecord, PowerShellError, unknown_command
from powershell.instances import CommandInfo
from powershell.wildcard import has_wildcard


class GetCommand(EngineBody):
    def process(self) -> None:
        names = self.context.get("Name")
        if names is None:
            self.context.outside_subset("Get-Command without a name")
        for name in names:
            if has_wildcard(name):
                self.context.outside_subset("Get-Command with a wildcard")
            found = self._found(name)
            if found is None:
                self._missing(name)
            else:
                self.context.write(found)

    def _found(self, name: str) -> CommandInfo | None:
        runspace = self.context.runspace
        alias = runspace.commands.aliases.get(name.lower())
        if alias is not None:
            return CommandInfo(name, "Alias", None, definition=alias)
        command = runspace.find_command(name, runspace.interpreter)
        return None if command is None else command_info(command)

    def _missing(self, name: str) -> None:
        self.context.write_error(
            self.context.error(
                unknown_command(name),
                error_id="CommandNotFoundException",
                category="ObjectNotFound",
                target=name,
                exception="System.Management.Automation.CommandNotFoundException",
            )
        )


def command_info(command: Any) -> CommandInfo:
    """A cmdlet or a function of the script as Get-Command shows it."""
    if isinstance(command, Cmdlet):
        return CommandInfo(command.name, command.kind, command, module=command.module, version=command.version)
    return CommandInfo(command.name, "Function", command)


class ImportModule(EngineBody):
    """Modules whose commands are here are loaded already; others are missing, as on a host without them."""

    def process(self) -> None:
        for name in self.context.get("Name"):
            modules = {cmdlet.module.lower() for cmdlet in self.context.runspace.commands.cmdlets.values()}
            if name.lower().startswith("microsoft.powershell."):
                self.context.outside_subset(f"Import-Module {name}")
            if name.lower() in modules:
                continue
            if any(command.module.lower() == name.lower() for command in windows_commands().values()):
                self.context.outside_subset(f"Import-Module {name}")
            self.context.write_error(self._missing(name))

    def _missing(self, name: str) -> ErrorRecord:
        return self.context.error(
            f"The specified module '{name}' was not loaded because no valid module file was found in any module "
            "directory.",
            error_id="Modules_ModuleNotFound",
            category="ResourceUnavailable",
            target=name,
            exception="System.IO.FileNotFoundException",
        )


class InvokeExpression(EngineBody):
    """In the scope of the caller; clients of PSRP run their scripts so."""

    def process(self) -> None:
        try:
            block = self.context.runspace.interpreter.script_block(self.context.get("Command"))
        except PowerShellError as error:
            self.context.outside_subset(f"Invoke-Expression of a text that is no script ({error.record.message})")
        self.context.invoke_streaming(block)


class InvokeCommand(EngineBody):
    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._input: list[Any] = []

    def process(self) -> None:
        if self.context.expecting_input and "InputObject" in self.context.parameters:
            self._input.append(self.context.get("InputObject"))

    def end(self) -> None:
        block = self.context.get("ScriptBlock")
        arguments = self.context.get("ArgumentList") or ()
        if self._input:
            self.context.outside_subset("Invoke-Command with pipeline input")
        self.context.invoke_streaming(block, arguments=arguments, new_scope=not self.context.get("NoNewScope"))


CMDLETS: Final = (
    of_powershell("Get-Command", GetCommand, "Name string[] 0 pipeline by-name"),
    of_powershell(
        "Import-Module",
        ImportModule,
        "Name string[] 0 mandatory pipeline, Global switch, Force switch, DisableNameChecking switch",
    ),
    of_powershell("Invoke-Expression", InvokeExpression, "Command string 0 mandatory pipeline"),
    of_powershell(
        "Invoke-Command",
        InvokeCommand,
        "ScriptBlock|Command scriptblock 0 mandatory, NoNewScope switch, InputObject psobject pipeline, "
        "ArgumentList|Args object[]",
    ),
)
