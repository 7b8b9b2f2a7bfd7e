"""The seam between a simulated host and its PowerShell: what the WinRM server asks of whichever engine stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from powershell.errors import ErrorRecord


class Clock(Protocol):
    """The host's time: Get-Date asks for it, Start-Sleep and long loops spend it."""

    def now(self) -> datetime: ...

    def spend(self, duration: timedelta) -> None: ...


class Console(Protocol):
    """The console of a process: where it reads and writes text, each in a code page that a script can set."""

    input_code_page: int
    output_code_page: int

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables of this process beside those of the host."""

    def read_line(self) -> str | None:
        """The next line of stdin without its end; blocks; None at the end of input."""

    def write(self, text: str) -> None: ...

    def write_error(self, text: str) -> None: ...

    def checkpoint(self) -> None:
        """Called between statements; ends the process by an exception of the console's own."""


@dataclass(frozen=True, slots=True)
class PipelineCommand:
    """One command of a PSRP pipeline: a script, or a command name with its parameters (None names a positional)."""

    text: str
    is_script: bool
    parameters: tuple[tuple[str | None, object], ...] = ()
    merge_error: bool = False


class PipelineStreams(Protocol):
    """Where the output of a PSRP pipeline goes, object by object."""

    def output(self, value: Any) -> None: ...

    def error(self, record: ErrorRecord) -> None: ...

    def warning(self, text: str) -> None: ...

    def verbose(self, text: str) -> None: ...

    def debug(self, text: str) -> None: ...

    def information(self, record: Any) -> None: ...

    def progress(self, activity: str, status: str, percent: int) -> None: ...


class TerminatingError(Exception):
    """A script ended by an error; the record says which."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


class Runspace(Protocol):
    def invoke(self, commands: Sequence[PipelineCommand], streams: PipelineStreams) -> None:
        """Runs the pipeline and blocks until it has ended; raises TerminatingError."""

    def stop(self) -> None:
        """Ends what is running; called from another thread."""


class PowerShellEngine(Protocol):
    """The PowerShell of one simulated host."""

    def run(self, arguments: Sequence[str], console: Console) -> int:
        """What `powershell.exe ARGUMENTS` does; returns the exit code."""

    def open_runspace(self) -> Runspace: ...
