"""Commands, aliases, modules and the evaluation of text: Get-Command, Get-Alias, Invoke-Expression, Set-StrictMode …"""

from __future__ import annotations

from typing import Any, Final

from lab.simulator.powershell.catalogue import windows_commands
from lab.simulator.powershell.command import Body, Cmdlet, parameter
from lab.simulator.powershell.conversion import to_text
from lab.simulator.powershell.errors import ErrorRecord
from lab.simulator.powershell.values import DotNetClass, DotNetObject, EnumType, Version, stored
from lab.simulator.powershell.wildcard import has_wildcard, matches

_ID: Final = "Microsoft.PowerShell.Commands."
_AUTOMATION: Final = "System.Management.Automation."
COMMAND_TYPES: Final = EnumType(
    _AUTOMATION + "CommandTypes",
    (
        ("Alias", 1),
        ("Function", 2),
        ("Filter", 4),
        ("Cmdlet", 8),
        ("ExternalScript", 16),
        ("Application", 32),
        ("Script", 64),
        ("Configuration", 256),
        ("All", 383),
    ),
    flags=True,
)
_OUTSIDE: Final = frozenset(
    {
        *("Parameters", "ParameterSets", "ScriptBlock", "Module", "Visibility", "OutputType", "HelpFile", "Verb"),
        *("Noun", "DLL", "ImplementingType", "PSSnapIn", "DefaultParameterSet", "Options", "RemotingCapability"),
        *("CmdletBinding", "Description", "ReferencedCommand", "ResolvedCommand", "ResolveParameter"),
    }
)
_COMMON: Final = ("Name", "ModuleName", "Source", "Version", "Definition", "CommandType")


def _command_class(name: str, *more: str) -> DotNetClass:
    names = (*_COMMON, *more)
    return DotNetClass(
        name=_AUTOMATION + name,
        base=_AUTOMATION + "CommandInfo",
        bases=(_AUTOMATION + "CommandInfo", "System.Object"),
        properties=tuple(stored(known, "System.Object", read_only=True) for known in names),
        outside=_OUTSIDE,
        text=lambda command: to_text(command.fields["Name"]),
    )


FUNCTION_INFO: Final = _command_class("FunctionInfo")
CMDLET_INFO: Final = _command_class("CmdletInfo")
ALIAS_INFO: Final = _command_class("AliasInfo", "DisplayName", "ResolvedCommandName")


def _version(text: str) -> Version | None:
    return Version(tuple(map(int, text.split(".")))) if text else None


def command_object(cmdlet: Cmdlet) -> DotNetObject:
    is_function = cmdlet.kind == "Function"
    return DotNetObject(
        FUNCTION_INFO if is_function else CMDLET_INFO,
        {
            "Name": cmdlet.name,
            "ModuleName": cmdlet.module,
            "Source": cmdlet.module,
            "Version": _version(cmdlet.version),
            "CommandType": COMMAND_TYPES.value(cmdlet.kind),
        },
    )


def alias_object(name: str, target: str) -> DotNetObject:
    return DotNetObject(
        ALIAS_INFO,
        {
            "Name": name,
            "ModuleName": "",
            "Source": "",
            "Version": None,
            "Definition": target,
            "DisplayName": f"{name} -> {target}",
            "ResolvedCommandName": target,
            "CommandType": COMMAND_TYPES.value("Alias"),
        },
    )


class GetAlias(Body):
    def process(self) -> None:
        aliases = self.context.runspace.all_aliases()
        definitions = self.context.get("Definition")
        if definitions is not None:
            for name in sorted(aliases):
                if any(matches(pattern, aliases[name]) for pattern in definitions):
                    self.context.write(alias_object(name, aliases[name]))
            return
        for pattern in self.context.get("Name") or ["*"]:
            found = [name for name in sorted(aliases) if matches(pattern, name)]
            for name in found:
                self.context.write(alias_object(name, aliases[name]))
            if not found and not has_wildcard(pattern):
                self._missing(pattern)

    def _missing(self, name: str) -> None:
        self.context.write_error(
            self.context.error(
                f"This command cannot find a matching alias because an alias with the name '{name}' does not exist.",
                error_id="ItemNotFoundException",
                category="ObjectNotFound",
                target=name,
                exception=_AUTOMATION + "ItemNotFoundException",
            )
        )


class SetAlias(Body):
    def process(self) -> None:
        name, target = self.context.get("Name"), self.context.get("Value")
        self.context.runspace.set_alias(name, target)
        if self.context.get("PassThru"):
            self.context.write(alias_object(name, target))


class ImportModule(Body):
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


class InvokeExpression(Body):
    def process(self) -> None:
        interpreter = self.context.runspace.interpreter
        self.context.invoke_streaming(interpreter.script_block(self.context.get("Command")))


class InvokeCommand(Body):
    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._input: list[Any] = []

    def process(self) -> None:
        if self.context.expecting_input and "InputObject" in self.context.parameters:
            self._input.append(self.context.get("InputObject"))

    def end(self) -> None:
        block = self.context.get("ScriptBlock")
        arguments = self.context.get("ArgumentList") or ()
        self.context.runspace.invoke_block(
            block,
            arguments=list(arguments),
            pipeline_input=self._input,
            new_scope=not self.context.get("NoNewScope"),
            write=self.context.write,
        )


class SetStrictMode(Body):
    def process(self) -> None:
        if self.context.get("Off"):
            self.context.runspace.interpreter.scope.strict = None
            return
        self.context.outside_subset("Set-StrictMode -Version")


_NAME: Final = parameter("Name", "string", position=0, mandatory=True, from_pipeline_by_property_name=True)
_VALUE: Final = parameter("Value", "string", position=1, mandatory=True, from_pipeline_by_property_name=True)

CMDLETS: Final = (
    Cmdlet(
        name="Get-Alias",
        error_id=_ID + "GetAliasCommand",
        body=GetAlias,
        default_set="Default",
        parameters=(
            parameter(
                "Name",
                "string[]",
                position=0,
                from_pipeline=True,
                from_pipeline_by_property_name=True,
                sets=("Default",),
            ),
            parameter("Definition", "string[]", sets=("Definition",)),
        ),
    ),
    Cmdlet(
        name="Set-Alias",
        error_id=_ID + "SetAliasCommand",
        body=SetAlias,
        parameters=(_NAME, _VALUE, parameter("PassThru", "switch")),
    ),
    Cmdlet(
        name="New-Alias",
        error_id=_ID + "NewAliasCommand",
        body=SetAlias,
        parameters=(_NAME, _VALUE, parameter("PassThru", "switch")),
    ),
    Cmdlet(
        name="Import-Module",
        error_id=_ID + "ImportModuleCommand",
        body=ImportModule,
        parameters=(
            parameter("Name", "string[]", position=0, mandatory=True, from_pipeline=True),
            parameter("Global", "switch"),
            parameter("Force", "switch"),
            parameter("DisableNameChecking", "switch"),
        ),
    ),
    Cmdlet(
        name="Invoke-Expression",
        error_id=_ID + "InvokeExpressionCommand",
        body=InvokeExpression,
        parameters=(parameter("Command", "string", position=0, mandatory=True, from_pipeline=True),),
    ),
    Cmdlet(
        name="Invoke-Command",
        error_id=_ID + "InvokeCommandCommand",
        body=InvokeCommand,
        parameters=(
            parameter("ScriptBlock", "scriptblock", aliases=("Command",), position=0, mandatory=True),
            parameter("NoNewScope", "switch"),
            parameter("InputObject", "psobject", from_pipeline=True),
            parameter("ArgumentList", "object[]", aliases=("Args",)),
        ),
    ),
    Cmdlet(
        name="Set-StrictMode",
        error_id=_ID + "SetStrictModeCommand",
        body=SetStrictMode,
        default_set="Version",
        parameters=(
            parameter("Off", "switch", mandatory=True, sets=("Off",)),
            parameter("Version", "string", mandatory=True, sets=("Version",)),
        ),
    ),
)
