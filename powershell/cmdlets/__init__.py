"""The general-purpose cmdlets, one module a family, and Windows PowerShell's aliases."""

from __future__ import annotations

from powershell.cmdlets.table import ALIASES, GENERAL_CMDLETS, command_table

__all__ = ["ALIASES", "GENERAL_CMDLETS", "command_table"]
