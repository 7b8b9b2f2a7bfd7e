"""Commands, aliases, modules and the evaluation of text: Get-Command, Get-Alias, Invoke-Expression, Set-StrictMode."""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.catalogue import windows_commands
from powershell.cmdlets.comparing import ObjectComparer, sort_stably
from powershell.command import Cmdlet, of_powershell
from powershell.engine_context import EngineBody
from powershell.errors import ErrorRecord, PowerShellError, unknown_command
from powershell.evaluation.strictness import INDICES
from powershell.formatting.position import placed_message
from powershell.values import UNSET, CommandInfo
from powershell.wildcard import has_wildcard, matches

_ID: Final = "Microsoft.PowerShell.Commands."
_AUTOMATION: Final = "System.Management.Automation."


class GetCommand(EngineBody):
    def process(self) -> None:
        names = self.context.get("Name")
        if names is None:
            self.context.outside_subset("Get-Command without a name")
        for name in names:
            found = self._found(name)
            for command in found:
                self._show(command)
            if not found and not has_wildcard(name):
                self._missing(name)

    def _found(self, name: str) -> list[CommandInfo]:
        if has_wildcard(name):
            self.context.outside_subset("Get-Command with a wildcard")
        interpreter = self.context.runspace.interpreter
        alias = interpreter.scope.alias(name.lower()) or self.context.runspace.commands.aliases.get(name.lower())
        if alias is not None:
            return self._of_kind(CommandInfo(name, "Alias", None, definition=alias))
        command = self.context.runspace.find_command(name, interpreter)
        return [] if command is None else self._of_kind(command_info(command))

    def _of_kind(self, command: CommandInfo) -> list[CommandInfo]:
        wanted = self.context.get("CommandType")
        return [command] if wanted is None or command.kind.lower() in wanted.name.lower() else []

    def _show(self, command: CommandInfo) -> None:
        self.context.write(command)

    def _missing(self, name: str) -> None:
        self.context.write_error(
            self.context.error(
                unknown_command(name),
                error_id="CommandNotFoundException",
                category="ObjectNotFound",
                target=name,
                exception=_AUTOMATION + "CommandNotFoundException",
            )
        )


def command_info(command: Any) -> CommandInfo:
    """A cmdlet or a function of the script as Get-Command shows it."""
    if isinstance(command, Cmdlet):
        return CommandInfo(command.name, command.kind, command, module=command.module, version=command.version)
    return CommandInfo(command.name, "Function", command)


class GetAlias(EngineBody):
    def process(self) -> None:
        aliases = self._aliases()
        definitions = self.context.get("Definition")
        names = sort_stably(list(aliases), ObjectComparer(self.context).compare)
        if definitions is not None:
            for name in names:
                if any(matches(pattern, aliases[name]) for pattern in definitions):
                    self._write(name, aliases[name])
            return
        for pattern in self.context.get("Name") or ["*"]:
            found = [name for name in names if matches(pattern, name)]
            if has_wildcard(pattern):
                self.context.outside_subset(f"Get-Alias {pattern}: the aliases of commands that are not simulated")
            for name in found:
                self._write(name, aliases[name])
            if not found:
                self.context.outside_subset(f"Get-Alias {pattern}, which is no alias")

    def _write(self, name: str, target: str) -> None:
        self.context.write(CommandInfo(name, "Alias", None, definition=target))

    def _aliases(self) -> dict[str, str]:
        runspace = self.context.runspace
        known = dict(runspace.commands.aliases)
        for scope in reversed(list(runspace.interpreter.scope.chain())):
            known.update(scope.aliases)
        return known


class SetAlias(EngineBody):
    def process(self) -> None:
        name, target = self.context.get("Name"), self.context.get("Value")
        self.context.runspace.interpreter.scope.aliases[name.lower()] = target
        if self.context.get("PassThru"):
            self.context.write(CommandInfo(name, "Alias", None, definition=target))


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
    def process(self) -> None:
        interpreter = self.context.runspace.interpreter
        try:
            block = interpreter.script_block(self.context.get("Command"))
        except PowerShellError as error:
            self.context.throw(self._unparsed(error.record))
        self.context.invoke_streaming(block)

    def _unparsed(self, record: ErrorRecord) -> ErrorRecord:
        """The parse error as this command's own, with the place in the text in its message."""
        return self.context.error(
            placed_message(record),
            error_id=record.error_id,
            category="ParserError",
            exception=_AUTOMATION + "ParseException",
        )


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
        self.context.runspace.interpreter.functions.invoke_block(
            block, arguments, self.context.write, underscore=UNSET, new_scope=not self.context.get("NoNewScope")
        )


class SetStrictMode(EngineBody):
    """In the scope of the caller, and those it calls."""

    def process(self) -> None:
        strictness = 0 if self.context.get("Off") else self._strictness(self.context.get("Version"))
        self.context.runspace.interpreter.scope.strict_mode = strictness

    def _strictness(self, version: str) -> int:
        if version.lower() == "latest":
            return INDICES
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", version):
            self.context.outside_subset(f"Set-StrictMode -Version {version}")
        shown = version if "." in version else f"{version}.0"
        if shown not in _VERSIONS:
            self.context.outside_subset(f"Set-StrictMode -Version {version}")
        return min(int(float(shown)), INDICES)


_VERSIONS: Final = frozenset(
    ["1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "6.1", "6.2", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6"]
)

CMDLETS: Final = (
    of_powershell(
        "Get-Command",
        GetCommand,
        "Name string[] 0 pipeline by-name, CommandType|Type System.Management.Automation.CommandTypes",
    ),
    of_powershell(
        "Get-Alias",
        GetAlias,
        "Name string[] 0 pipeline by-name in:Default, Definition string[] in:Definition",
        default_set="Default",
    ),
    of_powershell(
        "Set-Alias", SetAlias, "Name string 0 mandatory by-name, Value string 1 mandatory by-name, PassThru switch"
    ),
    of_powershell(
        "New-Alias", SetAlias, "Name string 0 mandatory by-name, Value string 1 mandatory by-name, PassThru switch"
    ),
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
    of_powershell(
        "Set-StrictMode",
        SetStrictMode,
        "Off switch mandatory in:Off, Version string mandatory in:Version",
        default_set="Version",
    ),
)
