"""System.Xml: documents, elements and attributes, with the properties PowerShell gives them."""

from __future__ import annotations

from typing import Final

from lab.simulator.powershell.dotnet.tables import Table

TABLES: Final[tuple[Table, ...]] = ()
