"""Which cmdlets every simulated host has, and the aliases Windows PowerShell gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from powershell.catalogue import refused_commands, with_windows_parameters
from powershell.cmdlets import (
    csv,
    filtering,
    json,
    measuring,
    members,
    ordering,
    output,
    selecting,
    session,
    text,
    time,
)
from powershell.cmdlets import format as formats
from powershell.command import Cmdlet, CommandTable
from powershell.facts import fact

GENERAL_CMDLETS: Final[tuple[Cmdlet, ...]] = with_windows_parameters(
    (
        selecting.SELECT_OBJECT,
        filtering.WHERE_OBJECT,
        filtering.FOREACH_OBJECT,
        ordering.SORT_OBJECT,
        ordering.GROUP_OBJECT,
        ordering.COMPARE_OBJECT,
        measuring.MEASURE_OBJECT,
        measuring.MEASURE_COMMAND,
        members.ADD_MEMBER,
        members.NEW_OBJECT,
        *output.CMDLETS,
        *formats.CMDLETS,
        *json.CMDLETS,
        *csv.CMDLETS,
        *session.CMDLETS,
        *time.CMDLETS,
        *text.CMDLETS,
    )
)

ALIASES: Final[Mapping[str, str]] = {
    alias: command for command, aliases in fact("names")["aliases"].items() for alias in aliases.split()
}
"""Of commands that there are, here or on a host; the other aliases of Windows are refused."""


def command_table(cmdlets: Iterable[Cmdlet] = (), aliases: Mapping[str, str] | None = None) -> CommandTable:
    """The general cmdlets together with those of a host."""
    return CommandTable.of(
        (*GENERAL_CMDLETS, *with_windows_parameters(cmdlets)), {**ALIASES, **(aliases or {})}, refused_commands()
    )
