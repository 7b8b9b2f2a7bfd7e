"""What the engine's own cmdlets see beyond `CommandContext`: the runspace they run in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from powershell.command import Body, CommandContext

if TYPE_CHECKING:
    from powershell.evaluation.runspace import EmbeddedRunspace


class EngineContext(CommandContext, Protocol):
    @property
    def runspace(self) -> EmbeddedRunspace:
        """Variables, functions, commands, clock, console and the formatting of this runspace."""


class EngineBody(Body):
    """One invocation of a cmdlet of the engine's own."""

    context: EngineContext
