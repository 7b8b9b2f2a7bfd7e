"""Restart-Computer, as far as it restarts the simulated host it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lab.simulator.cmdlets.lab_host import LabHost
from lab.simulator.hosts.restart import Restart, ShutdownInProgress
from powershell import Body, Cmdlet, CommandContext, parameters

RESTART_MS: Final = 300


def restart_cmdlets(host: LabHost) -> tuple[Cmdlet, ...]:
    return (
        Cmdlet(
            name="Restart-Computer",
            error_id="Microsoft.PowerShell.Commands.RestartComputerCommand",
            body=Body.of(lambda context: restart_computer(host, context)),
            parameters=parameters("Force switch, Confirm|cf switch"),
        ),
    )


def restart_computer(host: LabHost, context: CommandContext) -> Iterator[Any]:
    """Returns before the host goes down. That nobody else is logged on makes -Force without effect here."""
    host.spend(RESTART_MS)
    try:
        Restart(host.world, host.name).begin()
    except ShutdownInProgress as refusal:
        context.write_error(
            context.error(
                f"Failed to restart the computer {host.name} with the following error message: {refusal}",
                error_id="RestartcomputerFailed",
                category="OperationStopped",
                target=host.name,
                exception="System.InvalidOperationException",
            )
        )
    yield from ()
