"""The commands Windows itself has, with their parameters: what is refused by name instead of being unknown."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from powershell.command import Cmdlet, CommandTable
from powershell.dialect import Dialect, lacking
from powershell.facts import fact

_VERSIONS: Final[Mapping[str, str]] = {
    "Microsoft.PowerShell.Core": "7.6.5.0",
    "Microsoft.PowerShell.Management": "7.0.0.0",
    "Microsoft.PowerShell.Utility": "7.0.0.0",
}
"""Of the modules of the dialect that the engine speaks."""


@dataclass(frozen=True, slots=True)
class WindowsCommand:
    name: str
    module: str
    parameters: tuple[str, ...]


@functools.cache
def windows_commands() -> Mapping[str, WindowsCommand]:
    """Commands of Windows PowerShell 4.0 and 5.1, of Hyper-V and of PowerShell 7, by lower-case name."""
    modules = fact("catalogue")["modules"]
    return {
        name.lower(): WindowsCommand(name, module, tuple(parameters.split()))
        for module, commands in modules.items()
        for name, parameters in commands.items()
    }


@functools.cache
def windows_aliases() -> frozenset[str]:
    return frozenset(alias.lower() for alias in str(fact("catalogue")["aliases"]).split())


@functools.cache
def refused_commands() -> Mapping[str, tuple[str, ...]]:
    """`CommandTable.windows`: names and aliases of Windows with their parameters."""
    known = {name: command.parameters for name, command in windows_commands().items()}
    return {**dict.fromkeys(windows_aliases(), ()), **known}


def with_windows_parameters(cmdlets: Iterable[Cmdlet]) -> tuple[Cmdlet, ...]:
    """The cmdlets, each refusing the parameters that its namesake on Windows has beyond those declared."""
    return tuple(_completed(cmdlet) for cmdlet in cmdlets)


def _completed(cmdlet: Cmdlet) -> Cmdlet:
    command = windows_commands().get(cmdlet.name.lower())
    if command is None:
        return cmdlet
    declared = {parameter.name.lower() for parameter in cmdlet.parameters}
    missing = frozenset(name for name in command.parameters if name.lower() not in declared)
    module = cmdlet.module or command.module
    return replace(
        cmdlet, outside=cmdlet.outside | missing, module=module, version=cmdlet.version or _VERSIONS.get(module, "")
    )


def in_dialect(commands: CommandTable, dialect: Dialect) -> CommandTable:
    """The commands as that version has them: what it lacks is unknown to it."""
    absent = lacking(dialect)
    spoken = {
        name: _without(cmdlet, absent.parameters.get(name, frozenset()))
        for name, cmdlet in commands.cmdlets.items()
        if name not in absent.commands
    }
    refused = {name: parameters for name, parameters in commands.windows.items() if name not in absent.commands}
    return CommandTable(spoken, dict(commands.aliases), refused)


def _without(cmdlet: Cmdlet, absent: frozenset[str]) -> Cmdlet:
    if not absent:
        return cmdlet
    return replace(
        cmdlet,
        parameters=tuple(known for known in cmdlet.parameters if known.name.lower() not in absent),
        outside=frozenset(name for name in cmdlet.outside if name.lower() not in absent),
    )
