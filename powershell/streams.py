"""The streams besides output: the records they carry, and the set of sinks a piece of script writes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from powershell.errors import ErrorRecord
from powershell.instances import ArrayList, Instance
from powershell.values import DateTime

Sink = Callable[[Any], None]


class InformationalRecord(Instance):
    """A warning, verbose or debug message as an object."""

    __slots__ = ("kind", "message")

    def __init__(self, kind: str, message: str) -> None:
        super().__init__()
        self.kind = kind
        self.message = message

    @property
    def dotnet_name(self) -> str:  # type: ignore[override] # three record classes that differ in name only
        return f"System.Management.Automation.{self.kind}Record"


class HostInformationMessage(Instance):
    """What Write-Host puts into its information record."""

    __slots__ = ("message", "no_newline")
    dotnet_name = "System.Management.Automation.HostInformationMessage"

    def __init__(self, message: str, *, no_newline: bool = False) -> None:
        super().__init__()
        self.message = message
        self.no_newline = no_newline


class InformationRecord(Instance):
    __slots__ = ("data", "displayed", "source", "tags", "time")
    dotnet_name = "System.Management.Automation.InformationRecord"

    def __init__(self, data: Any, source: str, time: DateTime, tags: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.data = data
        self.source = source
        self.time = time
        self.tags = tags
        self.displayed = True
        """Whether a host shows it; $InformationPreference decides."""


@dataclass(slots=True)
class Streams:
    """Where errors, warnings and the rest of the running script go; redirections replace single sinks."""

    error: Callable[[ErrorRecord], None]
    warning: Sink
    verbose: Sink
    debug: Sink
    information: Sink
    error_variables: tuple[ArrayList, ...] = ()
    """The lists of the -ErrorVariable parameters in force."""

    def changed(self, **sinks: Any) -> Streams:
        return replace(self, **sinks)


def discard(_: Any) -> None:
    """The sink of `> $null`."""
