"""PowerShell on one host: its commands, types and views, and the processes and runspaces it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from powershell.catalogue import in_dialect
from powershell.cmdlets import command_table
from powershell.command import Cmdlet
from powershell.declared import DotNetClass, EnumType
from powershell.dialect import Dialect
from powershell.engine import Clock, Console
from powershell.evaluation.runspace import EmbeddedRunspace
from powershell.formatting.views import BUILT_IN, View
from powershell.matching import Matcher, StandardMatcher
from powershell.process import run_process
from powershell.type_names import TypeRegistry


class PowerShell:
    """PowerShell on one simulated host: the general cmdlets, and those, the types and the views of this host.

    `cmdlets` replace general ones of the same name; `views` come before the built-in ones. Without a `matcher`, regular
    expressions have no time limit. `version` is that of PowerShell, and chooses the dialect.
    """

    def __init__(
        self,
        cmdlets: Iterable[Cmdlet],
        clock: Clock,
        host_name: str,
        *,
        types: Iterable[DotNetClass | EnumType] = (),
        views: Iterable[View] = (),
        matcher: Matcher | None = None,
        version: str = "7.6.5",
    ) -> None:
        self.version = version
        self.dialect = Dialect.of_version(version)
        self.commands = in_dialect(command_table(cmdlets), self.dialect)
        self.clock = clock
        self.host_name = host_name
        self.types = TypeRegistry(types)
        self.views: Sequence[View] = (*views, *BUILT_IN)
        self.environment: Mapping[str, str] = {
            "COMPUTERNAME": host_name.upper(),
            "OS": "Windows_NT",
            "SystemRoot": "C:\\Windows",
            "ProgramData": "C:\\ProgramData",
        }
        self.matcher: Matcher = matcher or StandardMatcher()
        self._numbers = count(1)

    def run(self, arguments: Sequence[str], console: Console) -> int:
        """What `powershell.exe ARGUMENTS` does; returns the exit code."""
        return run_process(self.open_runspace(console), arguments, console)

    def next_number(self) -> int:
        return next(self._numbers)

    def open_runspace(self, console: Console | None = None) -> EmbeddedRunspace:
        return EmbeddedRunspace(self, console)
